//! Skeletons in Python.

use crate::scaffold::{Route, Target};

/// a `FastAPI` service in Python.
pub(crate) struct Python;

impl Target for Python {
    fn language(&self) -> &'static str {
        "python"
    }

    fn summary(&self) -> &'static str {
        "a FastAPI service in Python"
    }

    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("SERVICE/__init__.py", include_str!("templates/python/__init__.py.j2")),
            ("SERVICE/main.py", include_str!("templates/python/main.py.j2")),
            ("tests/test_service.py", include_str!("templates/python/test_service.py.j2")),
            ("requirements.txt", include_str!("templates/python/requirements.txt.j2")),
            ("requirements-dev.txt", include_str!("templates/python/requirements-dev.txt.j2")),
            ("Dockerfile", include_str!("templates/python/Dockerfile.j2")),
        ]
    }

    fn path(&self, route: &Route) -> String {
        route.braces()
    }
}
