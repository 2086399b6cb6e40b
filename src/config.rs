//! `seamline.toml` to one plain settings struct per stage.
