//! Macro calls and attributes: read as arguments where they parse as such, else token by token.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Block, Expr, Item, ItemMacro, Lit, Macro, Meta, Path, Token};

use super::declared::{declarations, renamed};
use super::lowering::{Lowering, named, positional, word};
use crate::model::fact::{Argument, DefinitionKind, ExprId, ExprKind, Piece, Position, Text, Visibility};

/// Attributes of the language that say nothing about names, types or storage.
const SILENT: &[&str] = &[
    "allow",
    "automatically_derived",
    "cfg",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "global_allocator",
    "inline",
    "macro_export",
    "macro_use",
    "must_use",
    "no_mangle",
    "non_exhaustive",
    "repr",
    "rustfmt",
    "track_caller",
    "warn",
];
/// Macros of the standard library that only look at their arguments.
const LOOKS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "compile_error",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "matches",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
];
/// Macros whose body is a template of code that runs elsewhere.
const QUOTES: &[&str] = &["macro_rules", "parse_quote", "quote", "quote_spanned"];
/// Token trees nested deeper than this are not looked into.
const MAX_TREES: u32 = 24;

impl Lowering<'_> {
    /// The value of a macro call.
    pub(super) fn macro_value(&mut self, call: &Macro) -> Option<ExprId> {
        let name = call.path.segments.last().map(|segment| word(&segment.ident)).unwrap_or_default();
        let at = self.path_start(&call.path);
        let end = self.end_line(call.delimiter.span().close());
        if QUOTES.contains(&name.as_str()) {
            return None;
        }
        if name == "include" {
            let mut words = Vec::new();
            words_of(call.tokens.clone(), &mut words);
            words.into_iter().for_each(|it| self.submodule(it, false));
        }
        if let Some(stmts) = self.expansion(call, |stream| Block::parse_within.parse2(stream).ok()) {
            let block = Block { brace_token: syn::token::Brace::default(), stmts };
            let value = self.block(&block, true);
            self.leave_expansion();
            return value;
        }
        let bare = call.path.segments.len() == 1 || call.path.segments.first().is_some_and(|root| root.ident == "std");
        let args = self.macro_arguments(&call.tokens, 0);
        if bare {
            match name.as_str() {
                "format" | "format_args" => {
                    let pieces = self.format_pieces(&args);
                    return Some(self.template(pieces, at, end));
                }
                "write" | "writeln" => {
                    let (target, rest) = args.split_first()?;
                    let pieces = self.format_pieces(rest);
                    self.append_pieces(target.value, pieces, at, end);
                    return None;
                }
                "concat" => {
                    let pieces = args.iter().flat_map(|argument| self.constant_pieces(argument.value)).collect();
                    return Some(self.template(pieces, at, end));
                }
                "vec" => {
                    let items = args.into_iter().map(|argument| argument.value).collect();
                    return Some(self.push(ExprKind::Sequence(items), at, end));
                }
                "stringify" => {
                    let text = call.tokens.to_string();
                    return Some(self.push(ExprKind::Text(text.into()), at, end));
                }
                "dbg" | "try" => return args.first().map(|argument| argument.value),
                name if LOOKS.contains(&name) => return None,
                _ => {}
            }
        }
        if let Some(pieces) = self.library_text(&name, &args) {
            return Some(self.template(pieces, at, end));
        }
        let callee = self.macro_name(&call.path);
        Some(self.call(callee, args, at, end))
    }

    /// What a library's macro makes of texts that is called after one of the language's own: `formatcp!("DELETE FROM {ORDERS}")`,
    /// `concatcp!("DELETE FROM ", ORDERS)`. What ends in `err` makes an error.
    fn library_text(&mut self, name: &str, args: &[Argument]) -> Option<Vec<Piece>> {
        let first = args.first().filter(|it| it.name.is_none())?;
        let is_literal = matches!(self.facts.expr(first.value).kind, ExprKind::Text(_));
        if name.starts_with("format") && !name.ends_with("err") && is_literal {
            return Some(self.format_pieces(args));
        }
        let is_joined = name.starts_with("concat") && !name.ends_with("bytes") && !name.ends_with("idents");
        is_joined.then(|| args.iter().flat_map(|argument| self.constant_pieces(argument.value)).collect())
    }

    /// `a::b!` as a member of `a`.
    fn macro_name(&mut self, path: &Path) -> ExprId {
        let callee = self.value_path(None, path);
        if let ExprKind::Name(name) | ExprKind::Member { name, .. } = &mut self.facts.exprs[callee.0 as usize].kind {
            name.push('!');
        }
        callee
    }

    fn macro_arguments(&mut self, tokens: &TokenStream, depth: u32) -> Vec<Argument> {
        if tokens.is_empty() {
            return Vec::new();
        }
        match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            Ok(list) => list.iter().map(|argument| self.macro_argument(argument)).collect(),
            Err(_) => self.loose(tokens.clone(), depth),
        }
    }

    /// `name = value` is a keyword.
    fn macro_argument(&mut self, argument: &Expr) -> Argument {
        if let Expr::Assign(assign) = argument
            && let Expr::Path(path) = assign.left.as_ref()
            && let Some(name) = path.path.get_ident()
        {
            let value = self.value(&assign.right);
            return named(word(name), value);
        }
        positional(self.value(argument))
    }

    // Format strings.

    /// Pieces of `"..{}..", args`; without a literal the first argument is a hole.
    fn format_pieces(&mut self, args: &[Argument]) -> Vec<Piece> {
        let Some((first, rest)) = args.split_first() else { return Vec::new() };
        let at = self.position(first.value);
        let pattern = match &self.facts.expr(first.value).kind {
            ExprKind::Text(text) => text.clone(),
            _ => return self.pieces(first.value),
        };
        let mut pieces = Vec::new();
        let mut text = Text::default();
        let mut next = 0;
        let mut letters = pattern.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' if letters.peek() == Some(&'{') => {
                    letters.next();
                    text.push('{');
                }
                '}' => {
                    if letters.peek() == Some(&'}') {
                        letters.next();
                    }
                    text.push('}');
                }
                '{' => {
                    let hole: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                    let key = hole.split(':').next().unwrap_or_default().trim();
                    let value =
                        if key.is_empty() {
                            let found = rest.iter().filter(|argument| argument.name.is_none()).nth(next);
                            next += 1;
                            found.map(|argument| argument.value)
                        } else if let Ok(index) = key.parse::<usize>() {
                            rest.get(index).map(|argument| argument.value)
                        } else {
                            let found = rest.iter().find(|argument| argument.name.as_deref() == Some(key));
                            Some(found.map_or_else(
                                || self.name(self.current_name(key.into()), at),
                                |argument| argument.value,
                            ))
                        };
                    let value = value.unwrap_or_else(|| self.unknown(at));
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.extend(self.pieces(value));
                }
                other => text.push(other),
            }
        }
        pieces.push(Piece::Text(text));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        pieces
    }

    /// Numbers are text inside `concat!`.
    fn constant_pieces(&self, id: ExprId) -> Vec<Piece> {
        match &self.facts.expr(id).kind {
            ExprKind::Constant(text) => vec![Piece::Text(text.clone())],
            _ => self.pieces(id),
        }
    }

    // Tokens.

    /// Arguments of tokens that are no list of expressions.
    fn loose(&mut self, tokens: TokenStream, depth: u32) -> Vec<Argument> {
        if depth > MAX_TREES {
            return Vec::new();
        }
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut args: Vec<Argument> = Vec::new();
        let mut entries: Vec<(Option<ExprId>, ExprId)> = Vec::new();
        for piece in trees.split(is_separator) {
            let piece = without_attributes(piece);
            if piece.is_empty() || matches!(&piece[0], TokenTree::Ident(word) if word == "use") {
                continue;
            }
            if let Some((key, value)) = split_entry(piece) {
                let points = matches!(piece.get(key.len()), Some(TokenTree::Punct(dash)) if dash.as_char() == '-');
                let key = self.loose_value(key, depth);
                let value = self.loose_value(value, depth);
                if points {
                    // `orders -> users (user_id)` relates two things of one kind.
                    self.flush(&mut entries, &mut args);
                    args.extend([key, value].map(|value| Argument { name: None, value, spread: false }));
                } else {
                    entries.push((Some(key), value));
                }
                continue;
            }
            self.flush(&mut entries, &mut args);
            let stream: TokenStream = piece.iter().cloned().collect();
            match syn::parse2::<Expr>(stream) {
                Ok(Expr::Verbatim(_)) => {}
                Ok(expr) => args.push(self.macro_argument(&expr)),
                Err(_) => self.words(piece, depth, &mut args),
            }
        }
        self.flush(&mut entries, &mut args);
        args
    }

    /// Entries seen so far become one mapping.
    fn flush(&mut self, entries: &mut Vec<(Option<ExprId>, ExprId)>, args: &mut Vec<Argument>) {
        let Some((first, last)) = entries.first().zip(entries.last()) else { return };
        let at = self.position(first.0.unwrap_or(first.1));
        let end = self.facts.expr(last.1).end_line;
        let entries = std::mem::take(entries);
        args.push(positional(self.push(ExprKind::Mapping(entries), at, end)));
    }

    /// Words, literals and groups that stand side by side, each an argument.
    fn words(&mut self, piece: &[TokenTree], depth: u32, args: &mut Vec<Argument>) {
        let mut index = 0;
        while let Some(tree) = piece.get(index) {
            index += 1;
            match tree {
                TokenTree::Ident(ident) => {
                    let at = self.at(ident.span());
                    let mut id = self.name(word(ident), at);
                    while let [TokenTree::Punct(colon), TokenTree::Punct(_), TokenTree::Ident(next), ..] =
                        &piece[index..]
                        && colon.as_char() == ':'
                        && colon.spacing() == Spacing::Joint
                    {
                        id = self.member(id, word(next), at.line);
                        index += 3;
                    }
                    args.push(positional(id));
                }
                TokenTree::Literal(literal) => {
                    if let Ok(literal) = syn::parse2::<Lit>(TokenStream::from(TokenTree::Literal(literal.clone()))) {
                        args.push(positional(self.literal(&literal)));
                    }
                }
                TokenTree::Group(_) => {
                    let value = self.loose_value(std::slice::from_ref(tree), depth);
                    args.push(positional(value));
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// One value out of tokens.
    fn loose_value(&mut self, trees: &[TokenTree], depth: u32) -> ExprId {
        if let [TokenTree::Group(group)] = trees {
            let (at, end) = (self.at(group.span_open()), self.end_line(group.span_close()));
            if group.delimiter() == Delimiter::Brace {
                return self.loose_block(group.stream(), at, end, depth);
            }
            let items = self.macro_arguments(&group.stream(), depth + 1);
            let items = items.into_iter().map(|argument| argument.value).collect();
            return self.push(ExprKind::Sequence(items), at, end);
        }
        let stream: TokenStream = trees.iter().cloned().collect();
        if let Ok(expr) = syn::parse2::<Expr>(stream.clone()) {
            return self.value(&expr);
        }
        if let Ok(ty) = syn::parse2::<syn::Type>(stream) {
            return self.ty(&ty);
        }
        let mut args = Vec::new();
        self.words(trees, depth + 1, &mut args);
        let at = args.first().map_or_else(|| self.here(), |argument| self.position(argument.value));
        if let [only] = args.as_slice() {
            return only.value;
        }
        let items = args.into_iter().map(|argument| argument.value).collect();
        self.push(ExprKind::Sequence(items), at, at.line)
    }

    /// `{ .. }`: statements where they parse, else a mapping or a list.
    fn loose_block(&mut self, tokens: TokenStream, at: Position, end: u32, depth: u32) -> ExprId {
        if let Ok(stmts) = Block::parse_within.parse2(tokens.clone()) {
            let block = Block { brace_token: syn::token::Brace::default(), stmts };
            return match self.block(&block, true) {
                Some(value) => value,
                None => self.unknown(at),
            };
        }
        let mut args = self.loose(tokens, depth + 1);
        if let [only] = args.as_mut_slice()
            && matches!(self.facts.expr(only.value).kind, ExprKind::Mapping(_))
        {
            return only.value;
        }
        let items = args.into_iter().map(|argument| argument.value).collect();
        self.push(ExprKind::Sequence(items), at, end)
    }

    // Macros among items.

    pub(super) fn item_macro(&mut self, item: &ItemMacro) {
        let mut words = Vec::new();
        words_of(item.mac.tokens.clone(), &mut words);
        words.into_iter().for_each(|it| self.submodule(it, false));
        if let Some(ident) = &item.ident {
            let (line, path) = (self.at(ident.span()).line, self.path_of(&word(ident)));
            let end = self.end_line(item.mac.delimiter.span().close());
            let id = self.define(word(ident), path, DefinitionKind::Macro, line, end);
            let exported = item.attrs.iter().any(|attr| attr.path().is_ident("macro_export"));
            self.definition(id).visibility = if exported { Visibility::Public } else { Visibility::Package };
            self.written_macro(word(ident), exported, &item.mac);
            return;
        }
        let name = item.mac.path.segments.last().map(|segment| word(&segment.ident)).unwrap_or_default();
        if QUOTES.contains(&name.as_str()) {
            return;
        }
        if let Some(file) = self.expansion(&item.mac, |stream| syn::parse2::<syn::File>(stream).ok()) {
            self.items(&file.items);
            self.leave_expansion();
            return;
        }
        let declarations = declarations(item.mac.tokens.clone());
        if !declarations.is_empty() {
            let callee = self.macro_name(&item.mac.path);
            for declaration in declarations {
                self.declaration(&declaration, callee);
            }
            return;
        }
        let renamed = renamed(item.mac.tokens.clone());
        if !renamed.is_empty() {
            for (of, name) in renamed {
                let at = self.at(name.span());
                let callee = self.macro_name(&item.mac.path);
                let of = self.value_path(None, &of);
                let value = self.call(callee, vec![positional(of)], at, at.line);
                let path = self.path_of(&word(&name));
                let id = self.define(word(&name), path, DefinitionKind::Constant, at.line, at.line);
                let definition = self.definition(id);
                definition.visibility = Visibility::Public;
                definition.value = Some(value);
            }
            return;
        }
        if let Some(items) = items_of(item.mac.tokens.clone()) {
            self.items(&items);
            return;
        }
        self.macro_value(&item.mac);
    }

    // Attributes.

    /// Attributes as expressions, and whether one of them makes a test of what it stands on.
    pub(super) fn attributes(&mut self, attrs: &[Attribute]) -> (Vec<ExprId>, bool) {
        let mut found = Vec::new();
        let mut test = false;
        for attr in attrs {
            let path = attr.path();
            let last = path.segments.last().map(|segment| word(&segment.ident)).unwrap_or_default();
            test |= matches!(last.as_str(), "test" | "rstest" | "bench") || is_for_tests(attr);
            if SILENT.contains(&last.as_str()) {
                continue;
            }
            if last == "cfg_attr" {
                if let Meta::List(list) = &attr.meta {
                    let trees: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
                    for piece in trees.split(is_separator).skip(1) {
                        found.extend(self.meta_tokens(piece));
                    }
                }
                continue;
            }
            found.push(self.meta(&attr.meta));
        }
        (found, test)
    }

    fn meta(&mut self, meta: &Meta) -> ExprId {
        match meta {
            Meta::Path(path) => self.value_path(None, path),
            Meta::List(list) => {
                let callee = self.value_path(None, &list.path);
                let args = self.meta_arguments(list.tokens.clone(), 0);
                let (at, end) = (self.position(callee), self.end_line(list.delimiter.span().close()));
                self.push(ExprKind::Call { callee, args }, at, end)
            }
            Meta::NameValue(pair) => {
                let callee = self.value_path(None, &pair.path);
                let value = self.value(&pair.value);
                let at = self.position(callee);
                self.push(ExprKind::Call { callee, args: vec![positional(value)] }, at, at.line)
            }
        }
    }

    fn meta_arguments(&mut self, tokens: TokenStream, depth: u32) -> Vec<Argument> {
        if depth > MAX_TREES {
            return Vec::new();
        }
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        trees
            .split(is_separator)
            .filter(|piece| !piece.is_empty())
            .map(|piece| match piece {
                [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..]
                    if equals.as_char() == '=' && equals.spacing() == Spacing::Alone && !value.is_empty() =>
                {
                    let value = self.meta_value(value);
                    named(word(key), value)
                }
                [path @ .., TokenTree::Group(group)]
                    if group.delimiter() == Delimiter::Parenthesis && is_path(path) =>
                {
                    let callee = self.meta_value(path);
                    let args = self.meta_arguments(group.stream(), depth + 1);
                    let (at, end) = (self.position(callee), self.end_line(group.span_close()));
                    positional(self.push(ExprKind::Call { callee, args }, at, end))
                }
                other => positional(self.meta_value(other)),
            })
            .collect()
    }

    /// One meta item as an expression.
    pub(super) fn meta_tokens(&mut self, trees: &[TokenTree]) -> Option<ExprId> {
        match trees {
            [TokenTree::Ident(key), TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
                if SILENT.contains(&key.to_string().as_str()) {
                    return None;
                }
                let at = self.at(key.span());
                let callee = self.name(word(key), at);
                let value = self.meta_value(value);
                Some(self.push(ExprKind::Call { callee, args: vec![positional(value)] }, at, at.line))
            }
            [] => None,
            trees => {
                let args = self.meta_arguments(trees.iter().cloned().collect(), 0);
                args.first().map(|argument| argument.value)
            }
        }
    }

    fn meta_value(&mut self, trees: &[TokenTree]) -> ExprId {
        if let [TokenTree::Ident(ident)] = trees {
            let at = self.at(ident.span());
            return self.name(word(ident), at);
        }
        if let [TokenTree::Literal(literal)] = trees
            && let Some(value) = self.quoted_member(literal)
        {
            return value;
        }
        self.loose_value(trees, 1)
    }

    /// `"crate::ROUTES.orders.list"`: a member of a constant, written as a text because attributes once took nothing else.
    fn quoted_member(&mut self, literal: &proc_macro2::Literal) -> Option<ExprId> {
        let text = literal.to_string();
        let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | ':' | '.' | '(' | ')');
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        let (of, _) = inner.split_once('.').filter(|_| inner.chars().all(is_plain))?;
        let is_constant =
            of.len() > 1 && of.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
        if !is_constant && !of.contains("::") {
            return None;
        }
        let Lit::Str(text) = syn::parse2(TokenStream::from(TokenTree::Literal(literal.clone()))).ok()? else {
            return None;
        };
        let member = text.parse::<Expr>().ok().filter(|it| matches!(it, Expr::Field(_) | Expr::MethodCall(_)))?;
        Some(self.value(&member))
    }
}

pub(super) fn is_separator(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';'))
}

/// `a::b`.
fn is_path(trees: &[TokenTree]) -> bool {
    !trees.is_empty()
        && trees.iter().all(|tree| match tree {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(punct) => punct.as_char() == ':',
            _ => false,
        })
}

/// Leading `#[..]` dropped.
fn without_attributes(mut piece: &[TokenTree]) -> &[TokenTree] {
    while let [TokenTree::Punct(pound), TokenTree::Group(group), rest @ ..] = piece {
        if pound.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
            break;
        }
        piece = rest;
    }
    piece
}

/// Splits `a -> b`, `a => b` and `a : b`.
fn split_entry(piece: &[TokenTree]) -> Option<(&[TokenTree], &[TokenTree])> {
    let mut index = 0;
    while index < piece.len() {
        if let TokenTree::Punct(first) = &piece[index] {
            let joined = first.spacing() == Spacing::Joint;
            let second = match piece.get(index + 1) {
                Some(TokenTree::Punct(second)) if joined => Some(second.as_char()),
                _ => None,
            };
            let width = match (first.as_char(), second) {
                ('-' | '=', Some('>')) => 2,
                (':', None) => 1,
                (_, Some(_)) => {
                    index += 2;
                    continue;
                }
                _ => {
                    index += 1;
                    continue;
                }
            };
            let (key, value) = (&piece[..index], &piece[index + width..]);
            return (!key.is_empty() && !value.is_empty()).then_some((key, value));
        }
        index += 1;
    }
    None
}

/// Whether an attribute is a `#[cfg(..)]` that holds in tests only.
pub(super) fn is_for_tests(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") && matches!(&attr.meta, Meta::List(list) if requires_test(list.tokens.clone()))
}

/// Whether a condition holds in tests only: `test`, a feature called after tests, and what is made of them.
fn requires_test(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut pieces = trees.split(is_separator).filter(|it| !it.is_empty());
    pieces.any(|piece| match piece {
        [TokenTree::Ident(name)] => name == "test",
        [TokenTree::Ident(name), TokenTree::Group(group)] if name == "all" => requires_test(group.stream()),
        [TokenTree::Ident(name), TokenTree::Group(group)] if name == "any" => {
            let trees: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut pieces = trees.split(is_separator).filter(|it| !it.is_empty()).peekable();
            pieces.peek().is_some() && pieces.all(|it| requires_test(it.iter().cloned().collect()))
        }
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(value)] => {
            let value = value.to_string();
            let mut words = value.trim_matches('"').split(['-', '_']);
            name == "feature" && words.any(|it| matches!(it, "test" | "tests" | "testing" | "mock" | "mocks"))
        }
        _ => false,
    })
}

/// Every word and text of a macro's call: it may declare modules by them.
fn words_of(tokens: TokenStream, into: &mut Vec<Text>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(name) => into.push(name.to_string().into()),
            TokenTree::Literal(value) => into.push(value.to_string().trim_matches('"').into()),
            TokenTree::Group(group) => words_of(group.stream(), into),
            TokenTree::Punct(_) => {}
        }
    }
}

/// Items inside a macro's braces, such as the statics of `thread_local!`; a `ref` after `static` is dropped.
fn items_of(tokens: TokenStream) -> Option<Vec<Item>> {
    let mut cleaned: Vec<TokenTree> = Vec::new();
    for tree in tokens {
        let after_static = matches!(cleaned.last(), Some(TokenTree::Ident(word)) if word == "static");
        if after_static && matches!(&tree, TokenTree::Ident(word) if word == "ref") {
            continue;
        }
        cleaned.push(tree);
    }
    let list = |input: syn::parse::ParseStream| {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse::<Item>()?);
        }
        Ok(items)
    };
    let items = list.parse2(cleaned.into_iter().collect()).ok()?;
    let known = |item: &Item| !matches!(item, Item::Macro(_) | Item::Verbatim(_));
    (!items.is_empty() && items.iter().all(known)).then_some(items)
}
