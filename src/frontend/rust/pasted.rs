//! Names put together from parts: `[<__ sqlite _schema>]` among the tokens of a macro is the one name `__sqlite_schema`, the form
//! that macros for it share.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::Lit;

/// Tokens with their names put together; nothing where there is nothing to put together.
pub(super) fn pasted(tokens: TokenStream) -> Option<TokenStream> {
    let mut found = false;
    let tokens = with_names(tokens, &mut found);
    found.then_some(tokens)
}

fn with_names(tokens: TokenStream, found: &mut bool) -> TokenStream {
    let tree = |tree: TokenTree| {
        let TokenTree::Group(group) = tree else { return tree };
        if let Some(name) = name_of(&group) {
            *found = true;
            return name.into();
        }
        let mut inner = Group::new(group.delimiter(), with_names(group.stream(), found));
        inner.set_span(group.span());
        inner.into()
    };
    tokens.into_iter().map(tree).collect()
}

/// The name that `[<a b:camel "c">]` stands for.
fn name_of(group: &Group) -> Option<Ident> {
    let trees: Vec<TokenTree> = group.stream().into_iter().collect();
    let [TokenTree::Punct(open), parts @ .., TokenTree::Punct(close)] = trees.as_slice() else { return None };
    if group.delimiter() != Delimiter::Bracket || open.as_char() != '<' || close.as_char() != '>' {
        return None;
    }
    let mut name = String::new();
    let mut span = None;
    let mut rest = parts;
    while let [first, after @ ..] = rest {
        rest = after;
        let mut part = match first {
            TokenTree::Ident(it) => it.to_string(),
            TokenTree::Literal(it) => match syn::parse2::<Lit>(TokenTree::Literal(it.clone()).into()).ok()? {
                Lit::Str(text) => text.value(),
                Lit::Int(number) => number.to_string(),
                _ => return None,
            },
            _ => return None,
        };
        span = span.or(Some(first.span()));
        while let [TokenTree::Punct(colon), TokenTree::Ident(form), after @ ..] = rest {
            if colon.as_char() != ':' {
                return None;
            }
            part = in_form(&part, &form.to_string())?;
            rest = after;
        }
        name.push_str(part.strip_prefix("r#").unwrap_or(&part));
    }
    syn::parse_str::<Ident>(&name).ok().map(|it| Ident::new(&it.to_string(), span.unwrap_or_else(|| group.span())))
}

/// A part as a modifier writes it.
fn in_form(part: &str, form: &str) -> Option<String> {
    Some(match form {
        "lower" => part.to_lowercase(),
        "upper" => part.to_uppercase(),
        "camel" => part.split('_').map(capitalized).collect(),
        "snake" => {
            let mut res = String::new();
            for letter in part.chars() {
                if letter.is_uppercase() && !res.is_empty() && !res.ends_with('_') {
                    res.push('_');
                }
                res.extend(letter.to_lowercase());
            }
            res
        }
        _ => return None,
    })
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn names_are_put_together() {
        for (given, wanted) in [
            ("use crate :: [<__ sqlite _schema>] :: *;", Some("use crate :: __sqlite_schema :: * ;")),
            ("struct [<Folder Db>] { a : [u8; 4] }", Some("struct FolderDb { a : [u8 ; 4] }")),
            ("[<DbConn postgre_sql:camel 2>]", Some("DbConnPostgreSql2")),
            ("fn [<\"get_\" UserName:snake:upper>]() {}", Some("fn get_USER_NAME () { }")),
            ("a [< b > 3]", None),
            ("[<a . b>]", None),
            ("let x = [1, 2];", None),
        ] {
            let found = pasted(TokenStream::from_str(given).unwrap());
            let spaceless = |it: &str| it.replace(' ', "");
            assert_eq!(found.map(|it| spaceless(&it.to_string())), wanted.map(spaceless), "{given}");
        }
    }
}
