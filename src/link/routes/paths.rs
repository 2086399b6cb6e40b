//! Paths of routes: how they are joined, and one notation for their parameters.

use crate::link::routes::endpoints::HTTP_METHODS;

/// The parts of a path that several begin with.
pub(in crate::link) fn begins_with(paths: &[String]) -> String {
    let Some((first, rest)) = paths.split_first() else { return String::new() };
    let mut shared: Vec<&str> = first.split('/').collect();
    for path in rest {
        let same = shared.iter().zip(path.split('/')).take_while(|(one, other)| **one == *other).count();
        shared.truncate(same);
    }
    shared.join("/")
}

/// `say_hello` to `SayHello`.
pub(in crate::link) fn upper_camel(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    for part in name.split('_') {
        let mut letters = part.chars();
        made.extend(letters.next().map(|it| it.to_ascii_uppercase()));
        made.push_str(letters.as_str());
    }
    made
}

/// `GET /x` to its method and path.
pub(in crate::link) fn split_method(route: &str) -> (Option<&str>, &str) {
    if let Some((method, path)) = route.split_once(' ')
        && HTTP_METHODS.contains(&method)
    {
        return (Some(method), path.trim_start());
    }
    (None, route)
}

pub(in crate::link) fn join_paths(base: &str, path: &str) -> String {
    // The group `.` stands where the router above it does.
    let [base, path] = [base, path].map(|it| if matches!(it, "." | "./" | "/.") { "" } else { it });
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
    let spelled = if is_expression(route) { spelled_out(&route.chars().collect::<Vec<char>>()) } else { None };
    let route = spelled.as_deref().unwrap_or(route);
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

/// Whether a route is a regular expression: what stands in brackets of parameters may be one in any notation.
fn is_expression(route: &str) -> bool {
    let mut depth = 0_u32;
    let outside: String = route
        .chars()
        .filter(|it| {
            match it {
                '{' | '<' => depth += 1,
                '}' | '>' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect();
    let has = |it: &str| outside.contains(it);
    let begins = outside.starts_with('^') || has("/^");
    begins || outside.ends_with('$') || outside.ends_with("/?") || [".*", ".+", "(", "[", "\\"].into_iter().any(has)
}

/// A regular expression as a path: groups and classes of letters are parameters, what may be missing without a name is left
/// out, and anchors are no letters. None where it offers several paths.
fn spelled_out(letters: &[char]) -> Option<String> {
    let mut path = String::new();
    let mut at = 0;
    while let Some(it) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied();
        match it {
            '|' => return None,
            '^' | '$' => at += 1,
            '{' | '<' => {
                let close = matching(letters, at, it, if it == '{' { '}' } else { '>' });
                path.extend(letters.iter().take(close + 1).skip(at));
                at = close + 1;
            }
            '\\' => {
                at += 2;
                match next {
                    Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => at = parameter(letters, at, &mut path),
                    Some('A' | 'Z' | 'b' | 'B' | 'z') | None => {}
                    Some(letter) => path.push(letter),
                }
            }
            '[' => {
                let close = (at + 2..letters.len()).find(|it| letters[*it] == ']' && letters[*it - 1] != '\\');
                at = parameter(letters, close.unwrap_or(letters.len()) + 1, &mut path);
            }
            '.' if matches!(next, Some('*' | '+' | '{')) => at = parameter(letters, at + 1, &mut path),
            '?' | '*' | '+' => {
                // How often the letter before it stands there; a star after a slash stands for the rest.
                if it == '*' && path.ends_with('/') {
                    path.push(it);
                }
                at += 1;
            }
            '(' => {
                let close = matching(letters, at, '(', ')');
                let inner = &letters[at + 1..close.min(letters.len())];
                let may_miss = matches!(letters.get(close + 1), Some('?' | '*'));
                let text: String = inner.iter().collect();
                at = close + 1;
                let name = text
                    .strip_prefix("?P<")
                    .or_else(|| text.strip_prefix("?<").filter(|it| !it.starts_with(['=', '!'])));
                if let Some((name, _)) = name.and_then(|it| it.split_once('>')) {
                    path.push_str(&format!("{{{name}}}"));
                } else if text.starts_with("?=") || text.starts_with("?!") || text.starts_with("?<") {
                } else if let Some(rest) = text.strip_prefix("?:") {
                    let rest: Vec<char> = rest.chars().collect();
                    match spelled_out(&rest) {
                        _ if may_miss => {}
                        Some(inner) => path.push_str(&inner),
                        None => at = parameter(letters, at, &mut path),
                    }
                } else if text.starts_with('?') || may_miss || is_named(&path) {
                    // Flags, what may be missing, and what a named parameter takes (`:id([0-9]+)`).
                } else {
                    at = parameter(letters, at, &mut path);
                }
                at = repeated(letters, at);
            }
            _ => {
                path.push(it);
                at += 1;
            }
        }
    }
    Some(path)
}

/// Whether a path ends in a parameter that is written with a colon.
fn is_named(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|it| it.starts_with(':'))
}

/// Adds a parameter without a name, one for what goes on without a letter between; gives the place behind it.
fn parameter(letters: &[char], at: usize, path: &mut String) -> usize {
    if !path.ends_with('}') {
        path.push_str("{param}");
    }
    repeated(letters, at)
}

/// The place behind what says how often something stands there.
fn repeated(letters: &[char], mut at: usize) -> usize {
    while let Some(it) = letters.get(at) {
        let counts = *it == '{' && letters.get(at + 1).is_some_and(char::is_ascii_digit);
        match it {
            '?' | '*' | '+' => at += 1,
            '{' if counts => at = matching(letters, at, '{', '}') + 1,
            _ => break,
        }
    }
    at
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
pub(in crate::link) fn outside_holes(text: &str) -> impl Iterator<Item = char> {
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
            (r"^(?P<locale>[A-Za-z\-]+)/repair/?$", "/{locale}/repair/"),
            (r"^.*/$", "/{param}/"),
            (r"^favicon.ico", "/favicon.ico"),
            (r"/icons/(?P<generation>v[0-9]):(?P<seed>.{1,64})\.svg", "/icons/{generation}:{seed}.svg"),
            (r"^api/v1(/.*)?$", "/api/v1"),
            (r"^orders/(\d{4})/([a-z][a-z0-9_]*)/$", "/orders/{param}/{param}/"),
            (r"^orders/(?:by-day/)(\d+)(?:\.(?P<format>json))?$", "/orders/by-day/{param}"),
            (r"^(?!api|admin).*$", "/{param}"),
            (r"/files/:id([0-9]+)", "/files/{id}"),
            (r"^orders|parcels$", "/orders|parcels"),
            ("/v1/*", "/v1/*"),
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
