//! All facts to one `SystemGraph`.
