//! Paths of routes: how they are joined, and one notation for their parameters.

use crate::link::endpoints::HTTP_METHODS;

/// The parts of a path that several begin with.
pub(super) fn begins_with(paths: &[String]) -> String {
    let Some((first, rest)) = paths.split_first() else { return String::new() };
    let mut shared: Vec<&str> = first.split('/').collect();
    for path in rest {
        let same = shared.iter().zip(path.split('/')).take_while(|(one, other)| **one == *other).count();
        shared.truncate(same);
    }
    shared.join("/")
}

/// `GET /x` to its method and path.
pub(super) fn split_method(route: &str) -> (Option<&str>, &str) {
    if let Some((method, path)) = route.split_once(' ')
        && HTTP_METHODS.contains(&method)
    {
        return (Some(method), path.trim_start());
    }
    (None, route)
}

pub(super) fn join_paths(base: &str, path: &str) -> String {
    if base.is_empty() {
        return path.to_owned();
    }
    if path.is_empty() {
        return base.to_owned();
    }
    format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// What frameworks call the types of a route's parameters.
const CONVERTERS: &[&str] =
    &["alpha", "any", "float", "int", "number", "path", "re", "regex", "slug", "str", "string", "uuid", "ymd"];

/// One notation for parameters: `{name}`. Knows `:name`, `<name>`, `<int:name>`, `<name:int>`, `{name:regex}`, `*name`, `(?P<name>..)`.
pub(crate) fn normalize(route: &str) -> String {
    let mut path = String::with_capacity(route.len() + 1);
    if !route.starts_with('/') {
        path.push('/');
    }
    let cleaned = route.trim_start_matches('^').trim_end_matches('$');
    // What is asked for behind the path is no part of it (`/orders?<page>`); `{id:a?}` and `(?P<id>..)` are.
    let cleaned = cleaned.split_once("?<").filter(|(path, _)| !path.ends_with('(')).map_or(cleaned, |(path, _)| path);
    let bytes: Vec<char> = cleaned.chars().collect();
    let mut at = 0;
    while at < bytes.len() {
        let it = bytes[at];
        let segment_start = at == 0 || bytes[at - 1] == '/';
        match it {
            '(' if bytes.get(at + 1) == Some(&'?') && matches!(bytes.get(at + 2), Some('P' | '<')) => {
                let close = matching(&bytes, at, '(', ')');
                let inner: String = bytes[at..close].iter().collect();
                let name =
                    inner.split_once('<').and_then(|(_, it)| it.split_once('>')).map_or("param", |(name, _)| name);
                path.push_str(&format!("{{{name}}}"));
                at = close + 1;
            }
            '{' => {
                let close = matching(&bytes, at, '{', '}');
                let inner: String = bytes[at + 1..close.min(bytes.len())].iter().collect();
                let name = inner.split(':').next().unwrap_or("").trim_start_matches('*').trim_end_matches("...");
                if name != "$" {
                    path.push_str(&format!("{{{name}}}"));
                }
                at = close + 1;
            }
            '<' => {
                let close = (at..bytes.len()).find(|it| bytes[*it] == '>').unwrap_or(bytes.len());
                let inner: String = bytes[at + 1..close].iter().collect();
                let name = if let Some((first, second)) = inner.split_once(':') {
                    // `<int:id>` names the type first, `<id:int>` last.
                    let is_type = CONVERTERS.contains(&second) && !CONVERTERS.contains(&first);
                    let is_name = second.chars().all(|it| it.is_alphanumeric() || it == '_');
                    if is_name && !is_type { second } else { first }
                } else {
                    inner.trim_end_matches("..")
                };
                path.push_str(&format!("{{{name}}}"));
                at = close + 1;
            }
            ':' | '*' if segment_start && bytes.get(at + 1).is_some_and(|it| it.is_alphabetic() || *it == '_') => {
                let end = (at + 1..bytes.len())
                    .find(|it| !(bytes[*it].is_alphanumeric() || bytes[*it] == '_'))
                    .unwrap_or(bytes.len());
                let name: String = bytes[at + 1..end].iter().collect();
                path.push_str(&format!("{{{name}}}"));
                at = end;
                // `:id<int>` says what it takes, `:id?` that it may be missing.
                if bytes.get(at) == Some(&'<') {
                    at = (at..bytes.len()).find(|it| bytes[*it] == '>').map_or(bytes.len(), |it| it + 1);
                }
                if bytes.get(at) == Some(&'?') {
                    at += 1;
                }
            }
            // A letter that a regular expression takes as it is.
            '\\' if bytes.get(at + 1).is_some_and(|it| !it.is_alphanumeric()) => {
                path.push(bytes[at + 1]);
                at += 2;
            }
            // A part that is hung below another begins anew.
            '^' if segment_start => at += 1,
            // What is put together from parts may have a slash twice.
            '/' if path.ends_with('/') && !path.contains(':') => at += 1,
            _ => {
                path.push(it);
                at += 1;
            }
        }
    }
    path
}

fn matching(chars: &[char], open_at: usize, open: char, close: char) -> usize {
    let mut depth = 0;
    for (index, it) in chars.iter().enumerate().skip(open_at) {
        if *it == open {
            depth += 1;
        } else if *it == close {
            depth -= 1;
            if depth == 0 {
                return index;
            }
        }
    }
    chars.len()
}

/// What of a text stands outside its braces.
pub(super) fn outside_holes(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_u32;
    text.chars().filter(move |it| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    pub(crate) fn parameters_have_one_notation() {
        for (route, path) in [
            ("/orders/:id", "/orders/{id}"),
            ("orders/<int:pk>/", "/orders/{pk}/"),
            ("/orders/<id>", "/orders/{id}"),
            ("/orders/{id:[0-9]+}", "/orders/{id}"),
            (r"^orders/(?P<pk>\d+)/$", "/orders/{pk}/"),
            ("/files/*path", "/files/{path}"),
            ("/files/{path...}", "/files/{path}"),
            ("/exact/{$}", "/exact/"),
            ("//web//users/", "/web/users/"),
            ("/api/^orders/^/{id}", "/api/orders/{id}"),
            ("/orders/<id>?<page>&<size>", "/orders/{id}"),
            ("/orders/:id<int>/:name?", "/orders/{id}/{name}"),
            ("/files/(?P<name>x)/(?<rest>y)", "/files/{name}/{rest}"),
            (r"^icons/site\.ico$", "/icons/site.ico"),
            ("", "/"),
        ] {
            assert_eq!(normalize(route), path, "{route}");
        }
    }

    #[test]
    pub(crate) fn paths_join_with_one_slash() {
        assert_eq!(join_paths("/api/", "/x"), "/api/x");
        assert_eq!(join_paths("/api", ""), "/api");
        assert_eq!(join_paths("", "/x"), "/x");
    }
}
