//! Entities: which types have rows, and how rows belong to rows of other entities.

pub(crate) mod abroad;
pub(crate) mod alongside;
pub(crate) mod arrived;
pub(crate) mod asked;
pub(crate) mod exposed;
pub(crate) mod histories;
pub(crate) mod kept;
pub(crate) mod named;
pub(crate) mod pointing;
pub(crate) mod preloads;
pub(crate) mod proxied;
pub(crate) mod relations;
pub(crate) mod replaced;
pub(crate) mod wholes;
