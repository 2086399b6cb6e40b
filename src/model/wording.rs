//! Numbers, lists and names as people say them, the same in every output.

/// `a, b and c`; `a, b and 4 more` beyond `limit`.
pub fn enumerate<S: AsRef<str>>(items: &[S], limit: usize) -> String {
    let shown: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match shown.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        many if many.len() <= limit => format!("{} and {}", many[..many.len() - 1].join(", "), many[many.len() - 1]),
        many => format!("{} and {} more", many[..limit - 1].join(", "), many.len() - (limit - 1)),
    }
}

/// `1 table`, `2 tables`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{number} {stem}ies"),
        _ if noun.ends_with('s') || noun.ends_with("ch") => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// Last part of a qualified name: `Create` of `a.b.(*Service).Create`.
pub fn last_part(name: &str) -> &str {
    name.rsplit(['.', ':', '/']).next().unwrap_or(name)
}

/// Last part of a qualified name, with the type of a method.
pub fn short_name(name: &str) -> String {
    let tail = name.rsplit('/').next().unwrap_or(name);
    let parts: Vec<&str> = tail.split("::").collect();
    if parts.len() > 1 {
        let from = if parts.len() > 2 && parts[parts.len() - 2].starts_with(char::is_uppercase) { 2 } else { 1 };
        return parts[parts.len() - from..].join("::");
    }
    let parts: Vec<&str> = tail.split('.').collect();
    let is_type = |it: &str| it.starts_with("(*") || it.starts_with(char::is_uppercase);
    let from = if parts.len() > 1 && is_type(parts[parts.len() - 2]) { 2 } else { 1 };
    parts[parts.len() - from.min(parts.len())..].join(".").replace("(*", "").replace(')', "")
}

/// Whether a qualified name ends in what a user writes: its last parts, with or without Go's marks of a receiver
/// (`Service.Add` for `orders.(*Service).Add`).
pub fn ends_in(name: &str, wanted: &str) -> bool {
    let plain = |it: &str| it.replace("(*", "").replace(['(', ')'], "");
    let (name, wanted) = (plain(name), plain(wanted));
    !wanted.is_empty() && name.strip_suffix(&wanted).is_some_and(|it| it.is_empty() || it.ends_with(['.', ':', '/']))
}

/// Levenshtein distance, for the nearest names of a misspelled one.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let next = (diagonal + usize::from(left != *right)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_parts() {
        assert_eq!(last_part("a.b.(*Service).Create"), "Create");
        assert_eq!(last_part("app::orders::create"), "create");
    }

    #[test]
    fn short_names() {
        assert_eq!(short_name("example.com/app/internal/orders.(*Service).Create"), "Service.Create");
        assert_eq!(short_name("example.com/app/internal/orders.New"), "New");
        assert_eq!(short_name("shop.models.Order.save"), "Order.save");
        assert_eq!(short_name("shop.views.order_list"), "order_list");
        assert_eq!(short_name("app::orders::Service::create"), "Service::create");
        assert_eq!(short_name("app::orders::list"), "list");
        assert_eq!(short_name("main"), "main");
    }

    #[test]
    fn words() {
        assert_eq!(enumerate(&["a"], 3), "a");
        assert_eq!(enumerate(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(enumerate(&["a", "b", "c", "d"], 3), "a, b and 2 more");
        assert_eq!(count(1, "table"), "1 table");
        assert_eq!(count(2, "foreign key"), "2 foreign keys");
        assert_eq!(count(3, "query"), "3 queries");
        assert_eq!(count(0, "access"), "0 accesses");
        assert_eq!(count(2, "switch"), "2 switches");
    }

    #[test]
    fn names_end_in_what_users_write() {
        let name = "example.com/shop/orders.(*Service).Add";
        assert!(ends_in(name, "Service.Add") && ends_in(name, "(*Service).Add") && ends_in(name, "Add"));
        assert!(ends_in(name, "orders.Service.Add") && ends_in(name, name));
        assert!(!ends_in(name, "dd") && !ends_in(name, "vice.Add") && !ends_in(name, ""));
    }
}
