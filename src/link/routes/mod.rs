//! Endpoints, messages and calls to other services: registrations, their paths and their handlers.

pub(crate) mod acts;
pub(crate) mod along;
pub(crate) mod coded;
pub(crate) mod endpoints;
pub(crate) mod handlers;
pub(crate) mod idle;
pub(crate) mod kept_prefixes;
pub(crate) mod listed;
pub(crate) mod nesting;
pub(crate) mod paths;
pub(crate) mod products;
pub(crate) mod registrations;
pub(crate) mod remotes;
pub(crate) mod root_lists;
pub(crate) mod roots;
pub(crate) mod route_names;
pub(crate) mod route_objects;
pub(crate) mod route_tables;
pub(crate) mod routers;
pub(crate) mod served;
pub(crate) mod unheard;
pub(crate) mod unread;
pub(crate) mod unserved;
pub(crate) mod wired;
pub(crate) mod wrapped_groups;
pub(crate) mod wrapped_handlers;
