//! Derives that a project writes itself: what one makes of a type is read from the `quote!` of the function that writes it,
//! and kept as rules like those of a macro by example.
//!
//! Only derives whose statements name a table by the type are kept: texts that the function puts together stand where `quote!` names them, the
//! table's name is what the type says in an attribute that the derive owns, else the type's name in the form that the function
//! gives it. What a repetition writes (`#(..)*`, one for each field) is left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, FnArg, Item, ItemFn, Lit, Macro, Meta, Pat, Stmt, Token, Type};

use super::lowering::{Lowering, word};
use crate::model::fact::{Text, WrittenMacro};

/// Functions that hand on to each other, and pieces of code put into each other, so deep.
const MOST_DEPTH: u32 = 4;
/// What the rules of a derive are called by, in front of its name: no other macro can be called so.
const MARK: &str = "#";
/// Derives of the language and of what nearly every program uses; nobody writes these.
const KNOWN: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Error",
    "Hash",
    "Ord",
    "Parser",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];

/// What a name in the function stands for.
#[derive(Clone)]
enum Known {
    /// What was handed in.
    Input,
    /// The type's name.
    Type,
    /// The table's name.
    Store,
    Text(Vec<Part>),
    Code(TokenStream),
    /// Parameters of the type, which say nothing here.
    Nothing,
}

#[derive(Clone)]
enum Part {
    Text(String),
    Store,
    Hole,
}

/// One function that writes a derive, or a part of it.
struct Maker<'i> {
    siblings: &'i [Item],
    names: BTreeMap<String, Known>,
    depth: u32,
    names_store: bool,
}

/// Whether a macro is known by this name as a derive.
pub(super) fn is_derive(name: &str) -> bool {
    name.contains(MARK)
}

impl Lowering<'_> {
    /// Keeps what a derive makes of a type for the files that use it.
    pub(super) fn written_derive(&mut self, function: &ItemFn, siblings: &[Item]) {
        let Some((name, owned)) = derive_of(&function.attrs) else { return };
        let mut maker = Maker { siblings, names: BTreeMap::new(), depth: 0, names_store: false };
        let Some(body) = maker.code_of(function) else { return };
        if !maker.names_store {
            return;
        }
        let mut called = Called::default();
        called.reach(function, siblings);
        let mut rules = String::new();
        for owned in &owned {
            rules.push_str(&format!("($name:ident attribute {owned} $store:literal) => {{{body}}};"));
        }
        rules.push_str(&format!("($name:ident {} $store:literal) => {{{body}}};", called.form()));
        let name: Text = format!("{MARK}{name}").into();
        self.facts.macros.written.push(WrittenMacro { name, rules, is_exported: true, runs: Vec::new() });
    }

    /// What derives of the project make of a type.
    pub(super) fn derived(&mut self, ident: &Ident, attributes: &[Attribute], siblings: &[Item]) {
        for path in derives(attributes) {
            let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else { continue };
            let (first, last) = (word(&first.ident), word(&last.ident));
            if KNOWN.contains(&last.as_str()) {
                continue;
            }
            let name =
                if path.segments.len() == 1 { format!("{MARK}{last}") } else { format!("{first}::{MARK}{last}") };
            let span = path.segments.last().map_or_else(Span::call_site, |it| it.ident.span());
            let calls = calls(ident, attributes, span);
            let read = |stream: TokenStream| syn::parse2::<syn::File>(stream).ok();
            if let Some(file) = self.expansion_of(&name, &last, span, &calls, read) {
                for item in &file.items {
                    self.item(item, siblings);
                }
                self.leave_expansion();
            }
        }
    }
}

/// `#[proc_macro_derive(Record, attributes(record))]`: its name and the attributes it owns.
fn derive_of(attributes: &[Attribute]) -> Option<(Text, Vec<Text>)> {
    let Meta::List(list) = &attributes.iter().find(|it| it.path().is_ident("proc_macro_derive"))?.meta else {
        return None;
    };
    let parts = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()?;
    let mut name = None;
    let mut owned = Vec::new();
    for part in &parts {
        match part {
            Meta::Path(path) => name = name.or(path.get_ident().map(word)),
            Meta::List(list) => {
                let names = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()?;
                owned.extend(names.iter().map(word));
            }
            Meta::NameValue(_) => {}
        }
    }
    Some((name?, owned))
}

fn derives(attributes: &[Attribute]) -> Vec<syn::Path> {
    let lists = attributes.iter().filter(|it| it.path().is_ident("derive"));
    let paths = lists.filter_map(|it| it.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok());
    paths.flatten().collect()
}

/// What a derive may be given of a type, in the order in which it is tried: a name that an attribute states, then its own name.
fn calls(ident: &Ident, attributes: &[Attribute], span: Span) -> Vec<TokenStream> {
    let literal = |text: &str| {
        let mut literal = Literal::string(text);
        literal.set_span(span);
        TokenTree::Literal(literal)
    };
    let mark = |text: &str| TokenTree::Ident(Ident::new(text, span));
    let mut calls = Vec::new();
    for attribute in attributes {
        let (Some(owned), Some(said)) = (attribute.path().get_ident(), name_said(attribute)) else { continue };
        let call =
            [TokenTree::Ident(ident.clone()), mark("attribute"), TokenTree::Ident(owned.clone()), literal(&said)];
        calls.push(call.into_iter().collect());
    }
    let name = word(ident);
    for (form, text) in [("plain", name.to_string()), ("lower", name.as_str().to_lowercase()), ("snake", snake(&name))]
    {
        calls.push([TokenTree::Ident(ident.clone()), mark(form), literal(&text)].into_iter().collect());
    }
    calls
}

/// The one name in an attribute: `#[table(orders)]`, `#[table = "orders"]`, `#[record(table = "orders")]`.
fn name_said(attribute: &Attribute) -> Option<String> {
    let text = |value: &Expr| match value {
        Expr::Lit(it) => match &it.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    match &attribute.meta {
        Meta::NameValue(it) => text(&it.value),
        Meta::List(list) => {
            let parts = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()?;
            let named = parts.iter().find_map(|part| match part {
                Expr::Assign(assign) => match assign.left.as_ref() {
                    Expr::Path(path) if matches!(word(path.path.get_ident()?).as_str(), "table" | "table_name") => {
                        text(&assign.right)
                    }
                    _ => None,
                },
                _ => None,
            });
            named.or_else(|| match parts.first() {
                Some(Expr::Path(path)) if parts.len() == 1 => path.path.get_ident().map(|it| word(it).to_string()),
                Some(only) if parts.len() == 1 => text(only),
                _ => None,
            })
        }
        Meta::Path(_) => None,
    }
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

impl Maker<'_> {
    /// The code that a function makes: the last `quote!` of items, in it or in a function beside it that it calls.
    fn code_of(&mut self, function: &ItemFn) -> Option<TokenStream> {
        if self.depth > MOST_DEPTH {
            return None;
        }
        self.depth += 1;
        for input in &function.sig.inputs {
            if let FnArg::Typed(typed) = input
                && let Pat::Ident(name) = typed.pat.as_ref()
                && is_input(&typed.ty)
            {
                self.names.insert(word(&name.ident).to_string(), Known::Input);
            }
        }
        let mut code = None;
        for stmt in &function.block.stmts {
            let mut quoted = Quoted::default();
            quoted.visit_stmt(stmt);
            for tokens in quoted.found {
                let tokens = self.written(tokens, 0);
                if makes_items(&tokens) {
                    code = Some(tokens);
                }
            }
            if let Stmt::Local(local) = stmt
                && let Some(init) = &local.init
            {
                self.bind(&local.pat, &init.expr);
            }
        }
        if code.is_none() {
            let mut called = Called::default();
            called.visit_block(&function.block);
            for name in called.names {
                let beside = self.siblings.iter().find_map(|it| match it {
                    Item::Fn(it) if word(&it.sig.ident) == name && it.sig.ident != function.sig.ident => Some(it),
                    _ => None,
                });
                if let Some(beside) = beside {
                    code = code.or_else(|| self.code_of(beside));
                }
            }
        }
        self.depth -= 1;
        code
    }

    fn bind(&mut self, pat: &Pat, value: &Expr) {
        match pat {
            Pat::Ident(name) => {
                let known = self.value(value);
                let name = word(&name.ident).to_string();
                match known {
                    Some(known) => self.names.insert(name, known),
                    None => self.names.remove(&name),
                };
            }
            Pat::Type(typed) => {
                if let (Pat::Ident(name), true) = (typed.pat.as_ref(), is_input(&typed.ty)) {
                    self.names.insert(word(&name.ident).to_string(), Known::Input);
                } else {
                    self.bind(&typed.pat, value);
                }
            }
            // `let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();`
            Pat::Tuple(tuple) if matches!(value, Expr::MethodCall(call) if call.method == "split_for_impl") => {
                for part in &tuple.elems {
                    if let Pat::Ident(name) = part {
                        self.names.insert(word(&name.ident).to_string(), Known::Nothing);
                    }
                }
            }
            // `let DeriveInput { ident, .. } = parse_macro_input!(input);`
            Pat::Struct(fields) if fields.path.segments.last().is_some_and(|it| it.ident == "DeriveInput") => {
                for field in &fields.fields {
                    if let (syn::Member::Named(member), Pat::Ident(name)) = (&field.member, field.pat.as_ref())
                        && member == "ident"
                    {
                        self.names.insert(word(&name.ident).to_string(), Known::Type);
                    }
                }
            }
            _ => {}
        }
    }

    fn value(&self, expr: &Expr) -> Option<Known> {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(Known::Text(vec![Part::Text(text.value())])),
                _ => None,
            },
            Expr::Path(path) => self.names.get(word(path.path.get_ident()?).as_str()).cloned(),
            Expr::Reference(it) => self.value(&it.expr),
            Expr::Paren(it) => self.value(&it.expr),
            Expr::Group(it) => self.value(&it.expr),
            Expr::Try(it) => self.value(&it.expr),
            Expr::Field(field) => match (self.value(&field.base)?, &field.member) {
                (Known::Input, syn::Member::Named(name)) if name == "ident" => Some(Known::Type),
                _ => None,
            },
            Expr::MethodCall(call) => {
                let value = self.value(&call.receiver)?;
                let method = word(&call.method);
                match (value, method.as_str()) {
                    (Known::Type, "clone") => Some(Known::Type),
                    (Known::Type, "to_string") => Some(Known::Store),
                    (Known::Store, method) if Form::of(method).is_some() => Some(Known::Store),
                    (known, "clone" | "to_owned" | "to_string" | "as_str" | "into" | "unwrap" | "as_ref") => {
                        Some(known)
                    }
                    _ => None,
                }
            }
            Expr::Binary(it) if matches!(it.op, syn::BinOp::Add(_)) => {
                let mut parts = self.parts(&it.left);
                parts.extend(self.parts(&it.right));
                Some(Known::Text(settled(parts)))
            }
            Expr::Macro(it) => {
                let name = it.mac.path.segments.last().map(|it| word(&it.ident))?;
                match name.as_str() {
                    "parse_macro_input" => Some(Known::Input),
                    "quote" => Some(Known::Code(it.mac.tokens.clone())),
                    "format" => self.formatted(&it.mac),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn parts(&self, expr: &Expr) -> Vec<Part> {
        match self.value(expr) {
            Some(Known::Text(parts)) => parts,
            Some(Known::Store) => vec![Part::Store],
            _ => vec![Part::Hole],
        }
    }

    fn formatted(&self, call: &Macro) -> Option<Known> {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone()).ok()?;
        let mut arguments = arguments.iter();
        let Some(Known::Text(format)) = self.value(arguments.next()?) else { return None };
        let [Part::Text(format)] = format.as_slice() else { return None };
        let mut parts = Vec::new();
        let mut rest = format.as_str();
        while let Some(open) = rest.find('{') {
            parts.push(Part::Text(rest[..open].to_owned()));
            rest = &rest[open + 1..];
            if let Some(after) = rest.strip_prefix('{') {
                parts.push(Part::Text("{".to_owned()));
                rest = after;
                continue;
            }
            let close = rest.find('}')?;
            let name = rest[..close].split(':').next().unwrap_or_default();
            rest = &rest[close + 1..];
            let by_name = |known: Option<&Known>| match known {
                Some(Known::Text(parts)) => parts.clone(),
                Some(Known::Store) => vec![Part::Store],
                _ => vec![Part::Hole],
            };
            if name.is_empty() {
                parts.extend(arguments.next().map_or_else(|| vec![Part::Hole], |it| self.parts(it)));
            } else {
                parts.extend(by_name(self.names.get(name)));
            }
        }
        parts.push(Part::Text(rest.to_owned()));
        Some(Known::Text(settled(parts)))
    }

    /// Code of a `quote!` as the body of a rule.
    fn written(&mut self, tokens: TokenStream, depth: u32) -> TokenStream {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out: Vec<TokenTree> = Vec::new();
        let mut rest = trees.as_slice();
        while let Some((tree, after)) = rest.split_first() {
            rest = after;
            match (tree, after) {
                (TokenTree::Punct(hash), [TokenTree::Ident(name), after @ ..]) if hash.as_char() == '#' => {
                    rest = after;
                    match self.names.get(word(name).as_str()).cloned() {
                        Some(Known::Type) => out.extend(variable("name")),
                        Some(Known::Store) => {
                            self.names_store = true;
                            out.extend(variable("store"));
                        }
                        Some(Known::Text(parts)) => out.extend(self.text(&parts)),
                        Some(Known::Code(code)) if depth < MOST_DEPTH => out.extend(self.written(code, depth + 1)),
                        Some(Known::Nothing) => {}
                        _ => out.push(TokenTree::Group(Group::new(Delimiter::Parenthesis, TokenStream::new()))),
                    }
                }
                // One for each field: `#(#fields),*`
                (TokenTree::Punct(hash), [TokenTree::Group(each), after @ ..])
                    if hash.as_char() == '#' && each.delimiter() == Delimiter::Parenthesis =>
                {
                    let star = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == '*');
                    let end = after.iter().take(3).position(star).map_or(0, |at| at + 1);
                    rest = &after[end..];
                }
                (TokenTree::Group(group), _) => {
                    let inner = self.written(group.stream(), depth);
                    out.push(TokenTree::Group(Group::new(group.delimiter(), inner)));
                }
                _ => out.push(tree.clone()),
            }
        }
        out.into_iter().collect()
    }

    /// A text as the rules write it: `concat!("SELECT id FROM ", $store)`.
    fn text(&mut self, parts: &[Part]) -> Vec<TokenTree> {
        let mut inside: Vec<TokenTree> = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => inside.push(TokenTree::Literal(Literal::string(text))),
                Part::Hole => inside.push(TokenTree::Literal(Literal::string("{hole}"))),
                Part::Store => {
                    self.names_store = true;
                    inside.extend(variable("store"));
                }
            }
            inside.push(TokenTree::Punct(Punct::new(',', Spacing::Alone)));
        }
        let group = Group::new(Delimiter::Parenthesis, inside.into_iter().collect());
        let name = TokenTree::Ident(Ident::new("concat", Span::call_site()));
        vec![name, TokenTree::Punct(Punct::new('!', Spacing::Alone)), TokenTree::Group(group)]
    }
}

fn variable(name: &str) -> [TokenTree; 2] {
    [TokenTree::Punct(Punct::new('$', Spacing::Alone)), TokenTree::Ident(Ident::new(name, Span::call_site()))]
}

/// A hole where a statement names its table is the table.
fn settled(parts: Vec<Part>) -> Vec<Part> {
    let mut before = String::new();
    let each = parts.into_iter().map(|part| {
        let names_table = |text: &str| {
            let text = text.trim_end_matches(['"', '`', '[']).trim_end();
            let last = text.rsplit(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
            matches!(last.to_ascii_uppercase().as_str(), "FROM" | "INTO" | "UPDATE" | "JOIN")
        };
        match part {
            Part::Hole if names_table(&before) => Part::Store,
            Part::Text(text) => {
                before.clone_from(&text);
                Part::Text(text)
            }
            other => {
                before.clear();
                other
            }
        }
    });
    each.collect()
}

fn is_input(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|it| it.ident == "DeriveInput"),
        Type::Reference(it) => is_input(&it.elem),
        _ => false,
    }
}

fn makes_items(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|it| matches!(it, TokenTree::Ident(word) if word == "impl"))
}

/// `quote!`s of a statement, in their order.
#[derive(Default)]
struct Quoted {
    found: Vec<TokenStream>,
}

impl Visit<'_> for Quoted {
    fn visit_macro(&mut self, call: &Macro) {
        if call.path.segments.last().is_some_and(|it| it.ident == "quote") {
            self.found.push(call.tokens.clone());
        }
    }
}

/// The forms in which functions may write a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Lower,
    Snake,
}

impl Form {
    fn of(method: &str) -> Option<Self> {
        match method {
            "to_lowercase" | "to_ascii_lowercase" => Some(Self::Lower),
            "to_snake_case" | "to_snek_case" => Some(Self::Snake),
            _ => None,
        }
    }
}

/// Functions that a body calls, and the forms it gives names.
#[derive(Default)]
struct Called {
    names: BTreeSet<Text>,
    forms: BTreeSet<Form>,
}

impl Called {
    /// With functions beside it that it calls.
    fn reach(&mut self, function: &ItemFn, siblings: &[Item]) {
        self.visit_block(&function.block);
        let mut seen = BTreeSet::new();
        while let Some(name) = self.names.iter().find(|it| !seen.contains(*it)).cloned() {
            for item in siblings {
                if let Item::Fn(beside) = item
                    && word(&beside.sig.ident) == name
                {
                    self.visit_block(&beside.block);
                }
            }
            seen.insert(name);
        }
    }

    fn form(&self) -> &'static str {
        match self.forms.last() {
            None => "plain",
            Some(Form::Lower) => "lower",
            Some(Form::Snake) => "snake",
        }
    }
}

impl Visit<'_> for Called {
    fn visit_expr_call(&mut self, call: &syn::ExprCall) {
        if let Expr::Path(path) = call.func.as_ref()
            && let Some(name) = path.path.get_ident()
        {
            self.names.insert(word(name));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        self.forms.extend(Form::of(&word(&call.method)));
        visit::visit_expr_method_call(self, call);
    }
}
