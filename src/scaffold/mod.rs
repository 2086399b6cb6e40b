//! A plan to trees of files: service skeletons.
