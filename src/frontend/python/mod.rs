//! Python.

mod expression;
mod import;
mod literal;
mod lower;
mod narrowed;
mod place;
mod spelled;
mod syntax;
mod target;
mod types;
mod webs;

#[cfg(test)]
mod tests;

use crate::frontend::{Frontend, Layout, Manifest, Placement, query};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::fact::FileFacts;
use crate::model::source::{Package, Role};

/// The Python frontend.
pub struct Python;

impl Frontend for Python {
    fn id(&self) -> &'static str {
        "python"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py", "pyi", "pyw"]
    }

    fn interpreters(&self) -> &'static [&'static str] {
        &["python"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        place::MANIFESTS
    }

    fn packages(&self, manifests: &[Manifest]) -> Vec<Package> {
        place::packages(manifests)
    }

    fn place(&self, path: &str, layout: Layout<'_>) -> Placement {
        place::place(path, layout)
    }

    fn role(&self, path: &str, head: &str) -> Role {
        place::role(path, head)
    }

    fn role_among(&self, path: &str, head: &str, layout: Layout<'_>) -> Role {
        place::role(&place::without_models(path, layout), head)
    }

    fn judges_whole(&self, path: &str) -> bool {
        place::is_told_by_text(path)
    }

    fn facts(&self, source: &str) -> FileFacts {
        let tree = u32::try_from(source.len()).ok().and_then(|_| syntax::Tree::parse(source));
        match tree {
            Some(tree) => FileFacts { starts_at: starts_at(source), ..lower::lower(tree) },
            None => FileFacts {
                separator: ".".into(),
                diagnostics: vec![Diagnostic::new(Severity::Warning, "unreadable", "", 0, "the Python parser gave up")],
                ..FileFacts::default()
            },
        }
    }

    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[
            query!("python/advanced_alchemy"),
            query!("python/aiohttp"),
            query!("python/airflow"),
            query!("python/alembic"),
            query!("python/beanie"),
            query!("python/boto3"),
            query!("python/bottle"),
            query!("python/celery"),
            query!("python/dbapi"),
            query!("python/django"),
            query!("python/django_cleaned"),
            query!("python/django_views"),
            query!("python/dynamic_preferences"),
            query!("python/falcon"),
            query!("python/fastapi"),
            query!("python/fastapi_users"),
            query!("python/fastcrud"),
            query!("python/flask"),
            query!("python/flask_rest_jsonapi"),
            query!("python/graphql"),
            query!("python/guardian"),
            query!("python/hosted_stores"),
            query!("python/http_clients"),
            query!("python/litestar"),
            query!("python/marshmallow"),
            query!("python/marshmallow_sqlalchemy"),
            query!("python/messaging"),
            query!("python/mongoengine"),
            query!("python/ninja"),
            query!("python/odmantic"),
            query!("python/ormar"),
            query!("python/oslo_db"),
            query!("python/pecan"),
            query!("python/peewee"),
            query!("python/piccolo"),
            query!("python/pydantic"),
            query!("python/pymongo"),
            query!("python/pynamodb"),
            query!("python/pyramid"),
            query!("python/redis"),
            query!("python/rest_framework"),
            query!("python/route_shapes"),
            query!("python/routes"),
            query!("python/sanic"),
            query!("python/sql_clients"),
            query!("python/sqlalchemy"),
            query!("python/sqlalchemy_bases"),
            query!("python/sqlmodel"),
            query!("python/starlette"),
            query!("python/tornado"),
            query!("python/tortoise"),
            query!("python/typing"),
            query!("python/webpy"),
        ]
    }
}

/// Line of `if __name__ == "__main__":` at the level of the module.
fn starts_at(source: &str) -> Option<u32> {
    let compared = |line: &str| {
        let condition = line.strip_prefix("if ")?.replace(['"', '\'', ' ', '(', ')'], "");
        condition.starts_with("__name__==__main__").then_some(())
    };
    let at = source.lines().position(|it| compared(it).is_some())?;
    u32::try_from(at + 1).ok()
}
