//! Texts: what a string may be, followed through constants, fields, formats and pieces.

pub(crate) mod accumulated;
pub(crate) mod class_texts;
pub(crate) mod dispatched;
pub(crate) mod holes;
pub(crate) mod keyed;
pub(crate) mod listed;
pub(crate) mod numbered;
pub(crate) mod printf;
pub(crate) mod texts;
