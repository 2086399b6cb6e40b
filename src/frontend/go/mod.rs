//! Go: read by tree-sitter, lowered in one walk.

mod constraints;
mod expressions;
mod grammar;
mod layout;
mod lower;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
mod types;
mod values;

use crate::frontend::{Frontend, Layout, Manifest, Placement, query};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};

/// The Go frontend.
pub struct Go;

impl Frontend for Go {
    fn id(&self) -> &'static str {
        "go"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["go"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &["go.mod", "go.work"]
    }

    fn packages(&self, manifests: &[Manifest]) -> Vec<Package> {
        layout::packages(manifests)
    }

    fn place(&self, path: &str, layout: Layout<'_>) -> Placement {
        layout::place(path, layout)
    }

    fn role(&self, path: &str, head: &str) -> Role {
        layout::role(path, head)
    }

    fn facts(&self, source: &str) -> FileFacts {
        lower::lower(source)
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[
            query!("go/amqp"),
            query!("go/arangodb"),
            query!("go/bbolt"),
            query!("go/beego"),
            query!("go/beego-web"),
            query!("go/bun"),
            query!("go/chi"),
            query!("go/couchbase"),
            query!("go/database-sql"),
            query!("go/dbr"),
            query!("go/dbx"),
            query!("go/dynamodb"),
            query!("go/echo"),
            query!("go/ent"),
            query!("go/fiber"),
            query!("go/fizz"),
            query!("go/flamego"),
            query!("go/gin"),
            query!("go/go-redis"),
            query!("go/go-restful"),
            query!("go/go-sqlbuilder"),
            query!("go/go-swagger"),
            query!("go/go-zero"),
            query!("go/goqu"),
            query!("go/gorilla-mux"),
            query!("go/gorm"),
            query!("go/gorm-gen"),
            query!("go/gorp"),
            query!("go/graphql"),
            query!("go/grpc"),
            query!("go/http-routers"),
            query!("go/kafka"),
            query!("go/kratos"),
            query!("go/macaron"),
            query!("go/migrators"),
            query!("go/mgm"),
            query!("go/mgo"),
            query!("go/mongo"),
            query!("go/nats"),
            query!("go/net-http"),
            query!("go/pgx"),
            query!("go/pocketbase"),
            query!("go/pop"),
            query!("go/query-files"),
            query!("go/redigo"),
            query!("go/rethinkdb"),
            query!("go/route-shapes"),
            query!("go/route-tables"),
            query!("go/sql-clients"),
            query!("go/sqlboiler"),
            query!("go/sqlx"),
            query!("go/squirrel"),
            query!("go/stdlib"),
            query!("go/storm"),
            query!("go/walletdb"),
            query!("go/xorm"),
            query!("go/xorm-builder"),
            query!("go/zdb"),
        ]
    }
}
