//! The SQL frontend: `.sql` files and SQL text found in other languages.

use crate::frontend::{Frontend, Layout, Manifest, Placement};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};
use crate::model::sql::{ReadSql, SqlStatement};

/// The Sql frontend.
pub struct Sql;

impl Frontend for Sql {
    fn id(&self) -> &'static str {
        "sql"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["sql"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[]
    }

    fn packages(&self, _manifests: &[Manifest]) -> Vec<Package> {
        Vec::new()
    }

    fn place(&self, path: &str, _layout: Layout<'_>) -> Placement {
        Placement { module: path.to_owned(), package: String::new(), is_package: false }
    }

    fn role(&self, _path: &str, _head: &str) -> Role {
        Role::Production
    }

    fn facts(&self, _source: &str) -> FileFacts {
        FileFacts::default()
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// Reads SQL text of any dialect.
pub struct Reader;

impl ReadSql for Reader {
    fn read(&self, _text: &str, _dialect: &str) -> Vec<SqlStatement> {
        Vec::new()
    }

    fn read_fragment(&self, _text: &str, _dialect: &str) -> Vec<SqlStatement> {
        Vec::new()
    }

    fn looks_like_sql(&self, _text: &str) -> bool {
        false
    }
}
