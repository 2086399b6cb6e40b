//! Macros among items that declare types and names: what they write is told from how their bodies look.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Lit, Path};

use super::lowering::{Lowering, join, word};
use super::macros::is_separator;
use crate::model::fact::{Anchor, DefinitionKind, ExprId, ExprKind, Import, Visibility};

impl Lowering<'_> {
    /// `name (key) { column -> Type, .. }` inside a macro declares a type `name` with fields, which has the macro as
    /// its base. Such macros write modules: `name::table` is a value of the type, and `name::dsl` has the type under its
    /// own name, for globs.
    pub(super) fn declaration(&mut self, found: &Declaration, base: ExprId) {
        let name = word(&found.name);
        let at = self.at(found.name.span());
        let end = self.end_line(found.body.span_close());
        let path = self.path_of(&name);
        let id = self.define(name.clone(), path.clone(), DefinitionKind::Type, at.line, end);
        let mut attributes = Vec::new();
        for meta in &found.attributes {
            attributes.extend(self.meta_tokens(meta));
        }
        let value = self.push(ExprKind::Text(found.written.as_str().into()), at, at.line);
        let definition = self.definition(id);
        definition.visibility = Visibility::Public;
        definition.bases.push(base);
        definition.attributes = attributes;
        definition.value = Some(value);
        self.inside(id, |lowering| {
            let own = lowering.name(name.clone(), at);
            for column in columns(found.body.stream()) {
                let line = lowering.at(column.name.span()).line;
                let field = lowering.define(
                    word(&column.name),
                    join(&path, &word(&column.name)),
                    DefinitionKind::Field,
                    line,
                    line,
                );
                let mut attributes = Vec::new();
                for meta in &column.attributes {
                    attributes.extend(lowering.meta_tokens(meta));
                }
                if found.key.contains(&column.name) {
                    let at = lowering.at(column.name.span());
                    attributes.push(lowering.name("#key", at));
                }
                let declared = syn::parse2::<syn::Type>(column.ty).ok().map(|ty| lowering.ty(&ty));
                let definition = lowering.definition(field);
                definition.visibility = Visibility::Public;
                definition.attributes = attributes;
                definition.declared = declared;
            }
            let table =
                lowering.define("table".into(), join(&path, "table"), DefinitionKind::Variable, at.line, at.line);
            let definition = lowering.definition(table);
            definition.visibility = Visibility::Public;
            definition.declared = Some(own);
            let dsl = lowering.define("dsl".into(), join(&path, "dsl"), DefinitionKind::Module, at.line, end);
            lowering.definition(dsl).visibility = Visibility::Public;
            // Two levels up is the scope around the macro.
            lowering.facts.imports.push(Import {
                scope: dsl,
                anchor: Anchor::Up(2),
                path: Vec::new(),
                name: Some(name.clone()),
                alias: Some(name.clone()),
                glob: false,
                reexport: true,
                types_only: false,
                line: at.line,
            });
        });
    }
}

/// `path as name: Type, ..` among items: each `name` is a constant that the macro makes of the path.
pub(super) fn renamed(tokens: TokenStream) -> Vec<(Path, proc_macro2::Ident)> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for piece in trees.split(is_separator).filter(|piece| !piece.is_empty()) {
        let at = piece.iter().position(|tree| matches!(tree, TokenTree::Ident(word) if word == "as"));
        let Some((of, [_, TokenTree::Ident(name), TokenTree::Punct(colon), TokenTree::Ident(_)])) =
            at.map(|at| piece.split_at(at))
        else {
            return Vec::new();
        };
        match syn::parse2::<Path>(of.iter().cloned().collect()) {
            Ok(of) if colon.as_char() == ':' => found.push((of, name.clone())),
            _ => return Vec::new(),
        }
    }
    found
}

/// `#[..] schema.name (key) { .. }` inside a macro.
pub(super) struct Declaration {
    name: proc_macro2::Ident,
    /// As the outside world knows it: with its schema, and as a `name` attribute says.
    written: String,
    key: Vec<proc_macro2::Ident>,
    attributes: Vec<Vec<TokenTree>>,
    body: proc_macro2::Group,
}

/// `#[..] name -> Type` inside a declaration.
struct ColumnDeclaration {
    name: proc_macro2::Ident,
    attributes: Vec<Vec<TokenTree>>,
    ty: TokenStream,
}

/// The declarations of a macro's body; none unless all of it reads so.
pub(super) fn declarations(tokens: TokenStream) -> Vec<Declaration> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = trees.as_slice();
    let mut found = Vec::new();
    loop {
        let attributes = take_attributes(&mut rest);
        match rest {
            [] => return found,
            [TokenTree::Ident(word), ..] if word == "use" => {
                let end = rest.iter().position(is_separator).map_or(rest.len(), |index| index + 1);
                rest = &rest[end..];
            }
            [TokenTree::Ident(_), ..] => {
                let Some((declaration, after)) = declaration_of(rest, attributes) else { return Vec::new() };
                found.push(declaration);
                rest = after;
            }
            _ => return Vec::new(),
        }
    }
}

fn declaration_of(trees: &[TokenTree], attributes: Vec<Vec<TokenTree>>) -> Option<(Declaration, &[TokenTree])> {
    let (mut name, mut rest) = match trees {
        [TokenTree::Ident(name), rest @ ..] => (name.clone(), rest),
        _ => return None,
    };
    let mut written = word(&name).to_string();
    let mut prefix = String::new();
    while let [TokenTree::Punct(dot), TokenTree::Ident(next), after @ ..] = rest {
        if dot.as_char() != '.' {
            return None;
        }
        name = next.clone();
        prefix = format!("{written}.");
        written.push('.');
        written.push_str(&word(&name));
        rest = after;
    }
    if let Some(outside) = attributes.iter().find_map(|attribute| outside_name(attribute)) {
        written = prefix + &outside;
    }
    let mut key = Vec::new();
    if let [TokenTree::Group(group), after @ ..] = rest
        && group.delimiter() == Delimiter::Parenthesis
    {
        key.extend(group.stream().into_iter().filter_map(|tree| match tree {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        }));
        rest = after;
    }
    let [TokenTree::Group(body), after @ ..] = rest else { return None };
    let arrow = |trees: &[TokenTree]| {
        trees.windows(2).any(|pair| match pair {
            [TokenTree::Punct(dash), TokenTree::Punct(tip)] => dash.as_char() == '-' && tip.as_char() == '>',
            _ => false,
        })
    };
    let inner: Vec<TokenTree> = body.stream().into_iter().collect();
    (body.delimiter() == Delimiter::Brace && arrow(&inner))
        .then(|| (Declaration { name, written, key, attributes, body: body.clone() }, after))
}

/// `x` of `#[.._name = "x"]`.
fn outside_name(attribute: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(key), TokenTree::Punct(_), TokenTree::Literal(text)] = attribute else { return None };
    if !key.to_string().ends_with("_name") {
        return None;
    }
    match syn::parse2::<Lit>(TokenStream::from(TokenTree::Literal(text.clone()))).ok()? {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

fn columns(tokens: TokenStream) -> Vec<ColumnDeclaration> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    // A type may hold commas only inside angle brackets, which are no groups.
    let mut rest = trees.as_slice();
    while !rest.is_empty() {
        let attributes = take_attributes(&mut rest);
        let mut angles = 0i32;
        let end = rest
            .iter()
            .enumerate()
            .find(|(index, tree)| {
                let TokenTree::Punct(punct) = tree else { return false };
                match punct.as_char() {
                    '<' => angles += 1,
                    '>' if *index > 0
                        && !matches!(&rest[index - 1], TokenTree::Punct(dash) if dash.as_char() == '-') =>
                    {
                        angles -= 1;
                    }
                    ',' => return angles <= 0,
                    _ => {}
                }
                false
            })
            .map_or(rest.len(), |(index, _)| index);
        if let [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Punct(_), ty @ ..] = &rest[..end] {
            found.push(ColumnDeclaration { name: name.clone(), attributes, ty: ty.iter().cloned().collect() });
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    found
}

fn take_attributes(rest: &mut &[TokenTree]) -> Vec<Vec<TokenTree>> {
    let mut attributes = Vec::new();
    while let [TokenTree::Punct(pound), TokenTree::Group(group), after @ ..] = *rest {
        if pound.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
            break;
        }
        attributes.push(group.stream().into_iter().collect());
        *rest = after;
    }
    attributes
}
