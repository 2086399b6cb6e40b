//! All facts to one `SystemGraph`.

mod accesses;
mod eval;
mod infer;
mod naming;
mod program;
mod stores;
mod stubs;
mod texts;
mod value;
