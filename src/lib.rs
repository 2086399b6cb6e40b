//! Seamline reads a monolith's checkout and says where it wants to split.
