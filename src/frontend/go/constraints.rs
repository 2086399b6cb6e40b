//! Build constraints (`//go:build linux && !cgo`): whether a build that names no tags of its own may hold the file.
//!
//! Grammar and meaning: `go help buildconstraint`.

/// Tags that some platform or toolchain sets by itself: the systems and architectures of `go tool dist list`, and what stands for
/// several of them.
const SET_BY_ITSELF: &[&str] = &[
    "386",
    "aix",
    "amd64",
    "android",
    "arm",
    "arm64",
    "cgo",
    "darwin",
    "dragonfly",
    "freebsd",
    "gc",
    "gccgo",
    "illumos",
    "ios",
    "js",
    "linux",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "msan",
    "netbsd",
    "openbsd",
    "plan9",
    "ppc64",
    "ppc64le",
    "race",
    "riscv64",
    "s390x",
    "solaris",
    "unix",
    "wasip1",
    "wasm",
    "windows",
];

/// Whether no build holds the file but one that names a tag of the program's own (`wireinject`, `ignore`, `integration`).
pub(super) fn needs_a_tag(source: &str) -> bool {
    let mut lines = source.lines().map(str::trim).take_while(|it| !it.starts_with("package "));
    let written = lines.find_map(|it| it.strip_prefix("//go:build "));
    written.is_some_and(|it| Reader { rest: it }.either() == Some(false))
}

/// Reads an expression from the left; what depends on the platform is neither true nor false.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn either(&mut self) -> Option<bool> {
        let mut found = self.both();
        while self.takes("||") {
            found = match (found, self.both()) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        found
    }

    fn both(&mut self) -> Option<bool> {
        let mut found = self.one();
        while self.takes("&&") {
            found = match (found, self.one()) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        found
    }

    fn one(&mut self) -> Option<bool> {
        if self.takes("!") {
            return self.one().map(|it| !it);
        }
        if self.takes("(") {
            let found = self.either();
            self.takes(")");
            return found;
        }
        let end = self.rest.find([' ', '\t', '(', ')', '!', '&', '|']).unwrap_or(self.rest.len());
        let (tag, rest) = self.rest.split_at(end);
        self.rest = rest;
        let is_release = tag.strip_prefix("go1.").is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
        if is_release || tag.is_empty() || SET_BY_ITSELF.contains(&tag) { None } else { Some(false) }
    }

    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let taken = rest.strip_prefix(token);
        self.rest = taken.unwrap_or(rest);
        taken.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_the_program_keep_a_file_out() {
        for (constraint, needs) in [
            ("wireinject", true),
            ("!wireinject", false),
            ("linux", false),
            ("!linux", false),
            ("linux && integration", true),
            ("linux || integration", false),
            ("!(linux || wireinject)", false),
            ("!(linux && wireinject)", false),
            ("(e2e || integration) && !windows", true),
            ("go1.22", false),
            ("((", false),
        ] {
            let source = format!("// Code of ours.\n\n//go:build {constraint}\n\npackage orders\n");
            assert_eq!(needs_a_tag(&source), needs, "{constraint}");
        }
        assert!(!needs_a_tag("package orders\n\n//go:build ignore\n"));
    }
}
