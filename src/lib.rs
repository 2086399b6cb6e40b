//! Seamline reads a monolith's checkout and says where it wants to split.
//!
//! Data flows one way: `Project -> FileFacts -> SystemGraph -> Partition -> Plan -> Report -> Artifact`.

pub mod cli;
pub mod config;
pub mod discover;
pub mod extract;
pub mod frontend;
pub mod link;
pub mod measure;
pub mod model;
pub mod partition;
pub mod plan;
pub mod render;
pub mod scaffold;
pub mod track;
