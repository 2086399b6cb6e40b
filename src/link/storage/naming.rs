//! Naming rules of patterns: `{module[-2]|lower}_{name|snake|plural}`.

/// Applies a naming rule to a type's name and its module's parts. Unknown parts are left out.
pub(crate) fn store_name(rule: &str, type_name: &str, module: &str) -> String {
    let parts: Vec<&str> = module.split(['.', '/']).flat_map(|it| it.split("::")).filter(|it| !it.is_empty()).collect();
    let mut name = String::new();
    let mut rest = rule;
    while let Some(open) = rest.find('{') {
        name.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        let mut words = rest[open + 1..open + close].split('|');
        let source = words.next().unwrap_or_default().trim();
        let mut value = match source {
            "name" => type_name.to_owned(),
            _ => source
                .strip_prefix("module[-")
                .and_then(|it| it.strip_suffix(']'))
                .and_then(|it| it.parse::<usize>().ok())
                .and_then(|back| parts.len().checked_sub(back))
                .and_then(|at| parts.get(at))
                .map(|it| (*it).to_owned())
                .or_else(|| named_part(source, &parts))
                .unwrap_or_default(),
        };
        for filter in words {
            value = match filter.trim() {
                "initials" => initials(&value),
                "snake" => snake(&value),
                "lower" => value.to_lowercase(),
                "plural" => plural(&value),
                other => without_ending(value, other),
            };
        }
        name.push_str(&value);
        rest = &rest[open + close + 1..];
    }
    name.push_str(rest);
    name
}

/// The filter `-Model`: takes that ending off, unless nothing else is there. Other filters that nobody knows change nothing.
fn without_ending(value: String, filter: &str) -> String {
    let rest = filter.strip_prefix('-').and_then(|ending| value.strip_suffix(ending)).filter(|rest| !rest.is_empty());
    rest.map(str::to_owned).unwrap_or(value)
}

/// A rule with the name of a part of the program in the place of the word that it takes from the module's name.
pub(crate) fn in_part(rule: &str, part: &str) -> String {
    let Some(open) = rule.find("{module[") else { return rule.to_owned() };
    match rule[open..].find('}') {
        Some(close) => format!("{}{part}{}", &rule[..open], &rule[open + close + 1..]),
        None => rule.to_owned(),
    }
}

/// `module[models]`: the part before the last part of that name, or the last but one.
fn named_part(source: &str, parts: &[&str]) -> Option<String> {
    let word = source.strip_prefix("module[")?.strip_suffix(']')?;
    let at = parts.iter().rposition(|it| *it == word).unwrap_or(parts.len().saturating_sub(1));
    at.checked_sub(1).and_then(|it| parts.get(it)).map(|it| (*it).to_owned())
}

/// `HTTPRoute` to `http_route`, `OrderItem` to `order_item`, `UserID` to `user_id`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, it) in chars.iter().enumerate() {
        if it.is_uppercase() {
            let after_lower = index > 0 && (chars[index - 1].is_lowercase() || chars[index - 1].is_ascii_digit());
            let before_lower = index > 0
                && chars[index - 1].is_uppercase()
                && chars.get(index + 1).is_some_and(|next| next.is_lowercase());
            if after_lower || before_lower {
                out.push('_');
            }
            out.extend(it.to_lowercase());
        } else {
            out.push(*it);
        }
    }
    out
}

/// Abbreviations that are one word each: Go's common initialisms (golint's `commonInitialisms`), in the order of those mappers
/// that replace them one after the other.
const INITIALS: &[&str] = &[
    "API", "ASCII", "CPU", "CSS", "DNS", "EOF", "GUID", "HTML", "HTTP", "HTTPS", "ID", "IP", "JSON", "LHS", "QPS",
    "RAM", "RHS", "RPC", "SLA", "SMTP", "SSH", "TLS", "TTL", "UID", "UI", "UUID", "URI", "URL", "UTF8", "VM", "XML",
    "XSRF", "XSS",
];

/// `UserIDs` to `UserIds`, `APIURL` to `ApiUrl`: an abbreviation is a word of its own, wherever it stands.
fn initials(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        if let Some(found) = INITIALS.iter().find(|it| rest.starts_with(**it)) {
            out.push(first);
            out.push_str(&found[1..].to_lowercase());
            rest = &rest[found.len()..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// English plural of the last word, as the common mappers form it.
pub(crate) fn plural(name: &str) -> String {
    const SAME: &[&str] =
        &["equipment", "information", "money", "species", "series", "fish", "sheep", "news", "data", "metadata"];
    const IRREGULAR: &[(&str, &str)] = &[
        ("person", "people"),
        ("child", "children"),
        ("man", "men"),
        ("woman", "women"),
        ("mouse", "mice"),
        ("quiz", "quizzes"),
        ("index", "indices"),
        ("matrix", "matrices"),
        ("vertex", "vertices"),
        ("analysis", "analyses"),
        ("criterion", "criteria"),
    ];
    let (head, last) = name.rfind('_').map_or(("", name), |at| name.split_at(at + 1));
    let lower = last.to_lowercase();
    if SAME.contains(&lower.as_str()) {
        return name.to_owned();
    }
    if let Some((_, plural)) = IRREGULAR.iter().find(|(it, _)| *it == lower) {
        return format!("{head}{plural}");
    }
    let ends = |it: &str| lower.ends_with(it);
    let vowel_y = ["ay", "ey", "iy", "oy", "uy"].iter().any(|it| ends(it));
    if ends("y") && !vowel_y {
        return format!("{}ies", &name[..name.len() - 1]);
    }
    if ends("s") && !ends("ss") && !ends("us") && !ends("is") {
        return name.to_owned();
    }
    if ends("is") {
        return format!("{}es", &name[..name.len() - 2]);
    }
    if ends("lf") || ends("rf") {
        return format!("{}ves", &name[..name.len() - 1]);
    }
    if ends("fe") && !ends("ffe") {
        return format!("{}ves", &name[..name.len() - 2]);
    }
    if ends("s") || ends("x") || ends("z") || ends("ch") || ends("sh") {
        return format!("{name}es");
    }
    format!("{name}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rule() {
        assert_eq!(store_name("{module[-2]|lower}_{name|lower}", "OrderItem", "shop.models"), "shop_orderitem");
        assert_eq!(store_name("{name|snake|plural}", "OrderItem", "example.com/app/internal/models"), "order_items");
        assert_eq!(store_name("{name}", "orders", "x"), "orders");
        assert_eq!(store_name("{module[models]}_{name|lower}", "Order", "app.shop.models.order"), "shop_order");
        assert_eq!(store_name("{module[models]}_{name|lower}", "Order", "shop.entities"), "shop_order");
        assert_eq!(in_part("{module[models]}_{name|lower}", "store"), "store_{name|lower}");
    }

    #[test]
    fn abbreviations_are_words_where_a_mapper_says_so() {
        for (name, table) in [
            ("SAMLIDPKey", "saml_id_p_keys"),
            ("APIURL", "api_urls"),
            ("UserIDs", "user_ids"),
            ("OrderItem", "order_items"),
        ] {
            assert_eq!(store_name("{name|initials|snake|plural}", name, ""), table);
        }
    }

    #[test]
    fn plurals_and_snakes() {
        for (one, many) in [
            ("category", "categories"),
            ("user", "users"),
            ("address", "addresses"),
            ("key", "keys"),
            ("status", "statuses"),
            ("order_status", "order_statuses"),
            ("book_shelf", "book_shelves"),
            ("knife", "knives"),
            ("tariff", "tariffs"),
        ] {
            assert_eq!(plural(one), many);
        }
        for (camel, word) in
            [("HTTPRoute", "http_route"), ("UserID", "user_id"), ("OAuth2Token", "o_auth2_token"), ("orders", "orders")]
        {
            assert_eq!(snake(camel), word);
        }
    }
}
