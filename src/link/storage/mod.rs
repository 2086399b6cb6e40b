//! Stores: tables from DDL, migrations and entities, and what they are called.

pub(crate) mod catalogs;
pub(crate) mod column_types;
pub(crate) mod computed_names;
pub(crate) mod conventions;
pub(crate) mod field_columns;
pub(crate) mod foreign_keys;
mod mapped_rows;
pub mod migrations;
pub(crate) mod naming;
pub(crate) mod parts;
pub(crate) mod routines;
pub(crate) mod said;
pub mod schema;
pub(crate) mod store_names;
pub(crate) mod stores;
