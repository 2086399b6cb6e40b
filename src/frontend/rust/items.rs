//! Items: modules, functions, types, traits, impls, constants and imports become definitions and imports.

use proc_macro2::Span;
use rustc_hash::FxHashMap;
use syn::ext::IdentExt as _;
use syn::{
    Attribute, Block, Expr, ExprLit, Fields, FnArg, ForeignItem, GenericArgument, GenericParam, Generics, Ident,
    ImplItem, Item, ItemImpl, ItemMod, ItemTrait, ItemUse, Lit, Meta, MetaNameValue, Pat, PathArguments, ReceiverKind,
    Signature, TraitItem, Type, UseTree, Visibility as Written,
};

use super::lowering::{Lowering, join, word};
use super::macros::is_for_tests;
use crate::model::fact::{
    Anchor, DefId, DefinitionKind, ExprId, ExprKind, Import, Param, ParamKind, StepKind, Text, Visibility,
};

/// Where a function stands, besides its signature.
struct Place {
    kind: DefinitionKind,
    path: Text,
    visibility: Visibility,
    receiver: Option<ExprId>,
    implements: Option<ExprId>,
}

impl Lowering<'_> {
    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item, items);
        }
    }

    /// `siblings` are the items around it, among which are the impls of a generic struct.
    pub(super) fn item(&mut self, item: &Item, siblings: &[Item]) {
        match item {
            Item::Const(item) => {
                let id = self.constant(&item.ident, item.semi_token.span, &item.vis, &item.attrs);
                let declared = self.ty(&item.ty);
                let value = self.value_opt(&item.expr);
                let definition = self.definition(id);
                definition.declared = Some(declared);
                definition.value = value;
            }
            Item::Static(item) => {
                let id = self.constant(&item.ident, item.semi_token.span, &item.vis, &item.attrs);
                let declared = self.ty(&item.ty);
                let value = self.value_opt(&item.expr);
                let definition = self.definition(id);
                definition.declared = Some(declared);
                definition.value = value;
            }
            Item::Enum(item) => {
                let id = self.type_definition(&item.ident, item.brace_token.span.close(), &item.vis, &item.attrs);
                let params = self.type_params.len();
                self.enter_generics(&item.generics);
                for variant in &item.variants {
                    self.variant(id, variant);
                }
                self.type_params.truncate(params);
            }
            Item::Struct(item) => {
                let end = match &item.fields {
                    Fields::Named(fields) => fields.brace_token.span.close(),
                    _ => item.semi_token.map_or(item.ident.span(), |semi| semi.span),
                };
                let id = self.type_definition(&item.ident, end, &item.vis, &item.attrs);
                let params = self.type_params.len();
                self.enter_generics(&item.generics);
                self.bounds_from_impls(params, &item.ident, &item.generics, siblings);
                self.fields(id, &item.fields, None);
                self.type_params.truncate(params);
                self.derived(&item.ident, &item.attrs, siblings);
            }
            Item::Union(item) => {
                let end = item.fields.brace_token.span.close();
                let id = self.type_definition(&item.ident, end, &item.vis, &item.attrs);
                self.fields(id, &Fields::Named(item.fields.clone()), None);
            }
            Item::ExternCrate(item) => {
                let name = word(&item.ident);
                let alias = item.rename.as_ref().map_or_else(|| name.clone(), |(_, alias)| word(alias));
                let line = self.at(item.ident.span()).line;
                let (anchor, path) =
                    if name == "self" { (Anchor::Package, Vec::new()) } else { (Anchor::Absolute, vec![name]) };
                let reexport = visibility(&item.vis) != Visibility::Private;
                self.import(anchor, path, None, Some(alias), reexport, line);
            }
            Item::Fn(item) => {
                let place = Place {
                    kind: DefinitionKind::Function,
                    path: self.path_of(&word(&item.sig.ident)),
                    visibility: visibility(&item.vis),
                    receiver: None,
                    implements: None,
                };
                let end = item.block.brace_token.span.close();
                self.function(&item.attrs, &item.sig, Some(&item.block), end, place);
                self.written_derive(item, siblings);
            }
            Item::ForeignMod(item) => {
                for foreign in &item.items {
                    let ForeignItem::Fn(function) = foreign else { continue };
                    let place = Place {
                        kind: DefinitionKind::Function,
                        path: self.path_of(&word(&function.sig.ident)),
                        visibility: visibility(&function.vis),
                        receiver: None,
                        implements: None,
                    };
                    self.function(&function.attrs, &function.sig, None, function.semi_token.span, place);
                }
            }
            Item::Impl(item) => self.implementation(item),
            Item::Macro(item) => self.item_macro(item),
            Item::Mod(item) => self.module(item),
            Item::Trait(item) => self.interface(item),
            Item::TraitAlias(item) => {
                let (at, path) = (self.at(item.ident.span()), self.path_of(&word(&item.ident)));
                let id = self.define(word(&item.ident), path, DefinitionKind::Alias, at.line, at.line);
                let base = self.first_bound(&item.bounds);
                self.definition(id).bases.extend(base);
            }
            Item::Type(item) => {
                let (at, path) = (self.at(item.ident.span()), self.path_of(&word(&item.ident)));
                let end = self.end_line(item.semi_token.span);
                let id = self.define(word(&item.ident), path, DefinitionKind::Alias, at.line, end);
                let params = self.type_params.len();
                self.enter_generics(&item.generics);
                let mut base = self.ty(&item.ty);
                self.type_params.truncate(params);
                if passes_parameters(&item.generics, &item.ty) {
                    base = self.without_arguments(base);
                }
                let definition = self.definition(id);
                definition.bases.push(base);
                definition.visibility = visibility(&item.vis);
            }
            Item::Use(item) => self.uses(item),
            _ => {}
        }
    }

    fn constant(&mut self, ident: &Ident, end: Span, vis: &Written, attrs: &[Attribute]) -> DefId {
        let (line, end, path) = (self.at(ident.span()).line, self.end_line(end), self.path_of(&word(ident)));
        let id = self.define(word(ident), path, DefinitionKind::Constant, line, end);
        self.definition(id).visibility = visibility(vis);
        self.attach(id, attrs);
        id
    }

    fn type_definition(&mut self, ident: &Ident, end: Span, vis: &Written, attrs: &[Attribute]) -> DefId {
        let (line, end, path) = (self.at(ident.span()).line, self.end_line(end), self.path_of(&word(ident)));
        let id = self.define(word(ident), path, DefinitionKind::Type, line, end);
        self.definition(id).visibility = visibility(vis);
        self.attach(id, attrs);
        id
    }

    /// Lowers attributes onto a definition; marks it as a test where one of them says so.
    fn attach(&mut self, id: DefId, attrs: &[Attribute]) {
        let (attributes, test) = self.attributes(attrs);
        let definition = self.definition(id);
        definition.attributes = attributes;
        definition.traits.is_test |= test;
    }

    fn module(&mut self, item: &ItemMod) {
        let Some((brace, items)) = &item.content else {
            self.file_module(item);
            return;
        };
        let (line, path) = (self.at(item.ident.span()).line, self.path_of(&word(&item.ident)));
        let end = self.end_line(brace.span.close());
        let id = self.define(word(&item.ident), path, DefinitionKind::Module, line, end);
        self.definition(id).visibility = visibility(&item.vis);
        self.attach(id, &item.attrs);
        let own = self.self_type.take();
        if self.descend(line) {
            self.inside(id, |lowering| lowering.items(items));
        }
        self.ascend();
        self.self_type = own;
    }

    /// `mod lite;`, and `#[path = "tables/lite.rs"] mod lite;`
    fn file_module(&mut self, item: &ItemMod) {
        let is_test = self.in_test || item.attrs.iter().any(is_for_tests);
        let path = item.attrs.iter().filter(|it| it.path().is_ident("path")).find_map(|it| match &it.meta {
            Meta::NameValue(MetaNameValue { value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), .. }) => {
                Some(text.value())
            }
            _ => None,
        });
        self.submodule(path.clone().map_or_else(|| word(&item.ident), Text::from), is_test);
        let Some(path) = path.filter(|it| !it.split('/').any(|part| part == "..")) else { return };
        let stem = path.strip_suffix(".rs").unwrap_or(&path);
        let parts = stem.split('/').filter(|part| !matches!(*part, "" | "." | "mod"));
        let parts: Vec<Text> = parts.map(|part| part.replace('-', "_").into()).collect();
        let line = self.at(item.ident.span()).line;
        let reexport = !matches!(item.vis, Written::Inherited);
        self.import(Anchor::Folder, parts, None, Some(word(&item.ident)), reexport, line);
    }

    fn variant(&mut self, of: DefId, variant: &syn::Variant) {
        let (line, name) = (self.at(variant.ident.span()).line, word(&variant.ident));
        let path = join(&self.facts.definition(of).path, &name);
        let id = self.inside(of, |lowering| lowering.define(name, path, DefinitionKind::Field, line, line));
        self.definition(id).visibility = Visibility::Public;
        self.attach(id, &variant.attrs);
        match &variant.fields {
            // What a variant carries is its declared type: `Created(Order)`.
            Fields::Unnamed(fields) => {
                let mut types: Vec<ExprId> = fields.unnamed.iter().map(|field| self.ty(&field.ty)).collect();
                let declared = if types.len() == 1 {
                    types.pop()
                } else {
                    let at = self.at(variant.ident.span());
                    Some(self.push(ExprKind::Sequence(types), at, line))
                };
                self.definition(id).declared = declared;
            }
            Fields::Named(_) => self.fields(id, &variant.fields, Some(Visibility::Public)),
            Fields::Unit => {}
        }
        let value = variant.discriminant.as_ref().and_then(|(_, value)| self.value_opt(value));
        self.definition(id).value = value;
    }

    fn fields(&mut self, of: DefId, fields: &Fields, forced: Option<Visibility>) {
        let outer = self.facts.definition(of).path.clone();
        for (index, field) in fields.iter().enumerate() {
            let (name, line) = match &field.ident {
                Some(ident) => (word(ident), self.at(ident.span()).line),
                None => (compact_str::format_compact!("{index}"), self.type_start(&field.ty).line),
            };
            let path = join(&outer, &name);
            let id = self.inside(of, |lowering| lowering.define(name, path, DefinitionKind::Field, line, line));
            self.definition(id).visibility = forced.unwrap_or_else(|| visibility(&field.vis));
            self.attach(id, &field.attrs);
            let declared = self.ty(&field.ty);
            self.definition(id).declared = Some(declared);
        }
    }

    /// `struct Service<R> { .. }` with `impl<R: Repository> Service<R>`: the bound stands only on the impl.
    fn bounds_from_impls(&mut self, from: usize, ident: &Ident, generics: &Generics, siblings: &[Item]) {
        let mut place = 0;
        let mut next = from;
        for param in &generics.params {
            if let GenericParam::Const(_) = param {
                place += 1;
            }
            let GenericParam::Type(_) = param else { continue };
            if self.type_params[next].1.is_none() {
                let bound = siblings.iter().find_map(|item| match item {
                    Item::Impl(implementation) => self.impl_bound(implementation, ident, place),
                    _ => None,
                });
                self.type_params[next].1 = bound;
            }
            next += 1;
            place += 1;
        }
    }

    fn impl_bound(&mut self, item: &ItemImpl, ident: &Ident, place: usize) -> Option<ExprId> {
        let Type::Path(own) = item.self_ty.as_ref() else { return None };
        let segment = own.path.segments.last().filter(|segment| segment.ident == *ident)?;
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        let mut types = arguments.args.iter().filter(|argument| !matches!(argument, GenericArgument::Lifetime(_)));
        let Some(GenericArgument::Type(Type::Path(argument))) = types.nth(place) else { return None };
        let name = word(argument.path.get_ident()?);
        let params = self.type_params.len();
        self.enter_generics(&item.generics);
        let bound = self.type_params[params..].iter().find(|(param, _)| *param == name).and_then(|(_, bound)| *bound);
        self.type_params.truncate(params);
        bound
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let params = self.type_params.len();
        self.enter_generics(&item.generics);
        let receiver = self.ty(&item.self_ty);
        let implements = item.trait_.as_ref().map(|(path, _)| self.type_path(None, path));
        let Some(type_name) = Self::last_name(&item.self_ty) else {
            self.type_params.truncate(params);
            return;
        };
        if let Some(implements) = implements {
            self.late_bases.push((self.owner, type_name.clone(), implements));
        }
        let outer_self = self.self_type.replace(receiver);
        let (attributes, test) = self.attributes(&item.attrs);
        let was_test = self.in_test;
        self.in_test |= test;
        let first = self.facts.definitions.len();
        self.members(&item.items, &type_name, receiver, implements);
        if !attributes.is_empty() {
            // What stands on the impl is said of each of its methods.
            for definition in &mut self.facts.definitions[first..] {
                if definition.kind == DefinitionKind::Method && definition.receiver == Some(receiver) {
                    definition.attributes.extend(attributes.iter().copied());
                }
            }
        }
        self.in_test = was_test;
        self.self_type = outer_self;
        self.type_params.truncate(params);
    }

    /// Members of an impl, and those that macros among them stand for.
    fn members(&mut self, members: &[ImplItem], type_name: &Text, receiver: ExprId, implements: Option<ExprId>) {
        let outer = self.path_of(type_name);
        let seen = |vis: &Written| if implements.is_some() { Visibility::Public } else { visibility(vis) };
        for member in members {
            match member {
                ImplItem::Const(constant) => {
                    let id = self.constant(&constant.ident, constant.semi_token.span, &constant.vis, &constant.attrs);
                    let declared = self.ty(&constant.ty);
                    let value = self.value_opt(&constant.expr);
                    let path = join(&outer, &word(&constant.ident));
                    let visible = seen(&constant.vis);
                    let definition = self.definition(id);
                    definition.path = path;
                    definition.visibility = visible;
                    definition.receiver = Some(receiver);
                    definition.implements = implements;
                    definition.declared = Some(declared);
                    definition.value = value;
                    self.late_constants.push((self.owner, type_name.clone(), id));
                }
                ImplItem::Fn(function) => {
                    let place = Place {
                        kind: DefinitionKind::Method,
                        path: join(&outer, &word(&function.sig.ident)),
                        visibility: seen(&function.vis),
                        receiver: Some(receiver),
                        implements,
                    };
                    let end = function.block.brace_token.span.close();
                    self.function(&function.attrs, &function.sig, Some(&function.block), end, place);
                }
                ImplItem::Type(alias) => {
                    let line = self.at(alias.ident.span()).line;
                    let path = join(&outer, &word(&alias.ident));
                    let id = self.define(word(&alias.ident), path, DefinitionKind::Alias, line, line);
                    let base = self.ty(&alias.ty);
                    let definition = self.definition(id);
                    definition.receiver = Some(receiver);
                    definition.implements = implements;
                    definition.bases.push(base);
                }
                ImplItem::Macro(call) => match self.impl_expansion(&call.mac) {
                    Some(members) => {
                        self.members(&members, type_name, receiver, implements);
                        self.leave_expansion();
                    }
                    None => {
                        self.macro_value(&call.mac);
                    }
                },
                _ => {}
            }
        }
    }

    /// `impl Trait for Type` makes the trait a base of a type of the same scope, above or below; for a type of another
    /// file only the methods say so.
    pub(super) fn settle_bases(&mut self) {
        let types: FxHashMap<(u32, Text), usize> = self
            .facts
            .definitions
            .iter()
            .enumerate()
            .filter(|(_, definition)| definition.kind == DefinitionKind::Type)
            .map(|(index, definition)| ((definition.parent.0, definition.name.clone()), index))
            .collect();
        for (owner, type_name, base) in std::mem::take(&mut self.late_bases) {
            if let Some(index) = types.get(&(owner.0, type_name)) {
                self.facts.definitions[*index].bases.push(base);
            }
        }
        // An associated constant stands inside its type where that is known.
        for (owner, type_name, constant) in std::mem::take(&mut self.late_constants) {
            if let Some(index) = types.get(&(owner.0, type_name)) {
                let definition = self.definition(constant);
                definition.parent = DefId(*index as u32);
                definition.receiver = None;
            }
        }
    }

    fn interface(&mut self, item: &ItemTrait) {
        let (at, path) = (self.at(item.ident.span()), self.path_of(&word(&item.ident)));
        let end = self.end_line(item.brace_token.span.close());
        let name = word(&item.ident);
        let id = self.define(name.clone(), path.clone(), DefinitionKind::Interface, at.line, end);
        self.definition(id).visibility = visibility(&item.vis);
        self.attach(id, &item.attrs);
        let params = self.type_params.len();
        self.enter_generics(&item.generics);
        for bound in &item.supertraits {
            if let syn::TypeParamBound::Trait(bound) = bound {
                let base = self.type_path(None, &bound.path);
                self.definition(id).bases.push(base);
            }
        }
        let own = self.name(name, at);
        let outer_self = self.self_type.replace(own);
        self.inside(id, |lowering| {
            for member in &item.items {
                lowering.trait_item(member, &path);
            }
        });
        self.self_type = outer_self;
        self.type_params.truncate(params);
    }

    fn trait_item(&mut self, member: &TraitItem, outer: &str) {
        match member {
            TraitItem::Fn(function) => {
                let end = match (&function.default, &function.semi_token) {
                    (Some(block), _) => block.brace_token.span.close(),
                    (None, Some(semi)) => semi.span,
                    (None, None) => function.sig.ident.span(),
                };
                let place = Place {
                    kind: DefinitionKind::Method,
                    path: join(outer, &word(&function.sig.ident)),
                    visibility: Visibility::Public,
                    receiver: None,
                    implements: None,
                };
                self.function(&function.attrs, &function.sig, function.default.as_ref(), end, place);
            }
            TraitItem::Const(constant) => {
                let line = self.at(constant.ident.span()).line;
                let path = join(outer, &word(&constant.ident));
                let id = self.define(word(&constant.ident), path, DefinitionKind::Constant, line, line);
                let declared = self.ty(&constant.ty);
                let value = constant.default.as_ref().and_then(|(_, value)| self.value_opt(value));
                let definition = self.definition(id);
                definition.visibility = Visibility::Public;
                definition.declared = Some(declared);
                definition.value = value;
            }
            TraitItem::Type(alias) => {
                let line = self.at(alias.ident.span()).line;
                let path = join(outer, &word(&alias.ident));
                let id = self.define(word(&alias.ident), path, DefinitionKind::Alias, line, line);
                let base = match &alias.default {
                    Some((_, ty)) => Some(self.ty(ty)),
                    None => self.first_bound(&alias.bounds),
                };
                let definition = self.definition(id);
                definition.visibility = Visibility::Public;
                definition.bases.extend(base);
            }
            _ => {}
        }
    }

    fn function(&mut self, attrs: &[Attribute], sig: &Signature, block: Option<&Block>, end: Span, place: Place) {
        let line = self.at(sig.ident.span()).line;
        let end = self.end_line(end);
        let params_before = self.type_params.len();
        let (heads, bound) = (self.path_heads.len(), self.bound.len());
        // A function inside another sees none of its variables.
        let renamed = std::mem::take(&mut self.renamed);
        self.enter_generics(&sig.generics);
        let id = self.define(word(&sig.ident), place.path, place.kind, line, end);
        self.attach(id, attrs);
        let mut params = Vec::with_capacity(sig.inputs.len());
        let mut unpacked: Vec<(&Pat, ExprId)> = Vec::new();
        for (index, input) in sig.inputs.iter().enumerate() {
            match input {
                FnArg::Receiver(receiver) => {
                    let declared = match &receiver.kind {
                        ReceiverKind::Typed(_, ty) => Some(self.ty(ty)),
                        _ => self.self_type,
                    };
                    params.push(Param { name: "self".into(), kind: ParamKind::Receiver, declared, default: None });
                }
                FnArg::Typed(typed) => {
                    let declared = self.ty(&typed.ty);
                    params.push(self.parameter(&typed.pat, Some(declared), index, &mut unpacked));
                }
            }
        }
        let result = self.result(&sig.output);
        let definition = self.definition(id);
        definition.visibility = place.visibility;
        definition.receiver = place.receiver;
        definition.implements = place.implements;
        definition.traits.is_static =
            place.kind == DefinitionKind::Method && !params.iter().any(|param| param.kind == ParamKind::Receiver);
        definition.traits.is_abstract = block.is_none();
        definition.params = params;
        definition.result = result;
        if let Some(block) = block {
            self.inside(id, |lowering| {
                for (pattern, value) in unpacked {
                    lowering.bind(pattern, value);
                }
                lowering.body(block);
            });
        }
        self.settle_paths(heads, bound);
        self.renamed = renamed;
        self.type_params.truncate(params_before);
    }

    /// One parameter. A pattern that is no plain name is bound inside the body: it is queued with the value it takes
    /// apart, a name that no source can hold.
    pub(super) fn parameter<'p>(
        &mut self,
        pattern: &'p Pat,
        declared: Option<ExprId>,
        index: usize,
        unpacked: &mut Vec<(&'p Pat, ExprId)>,
    ) -> Param {
        let mut pattern = pattern;
        let mut declared = declared;
        loop {
            match pattern {
                Pat::Reference(reference) => pattern = &reference.pat,
                Pat::Paren(paren) => pattern = &paren.pat,
                Pat::Type(typed) => {
                    declared = Some(self.ty(&typed.ty));
                    pattern = &typed.pat;
                }
                // `State(pool): State<PgPool>`: the wrapper around the declared type comes off with the pattern.
                Pat::TupleStruct(wrapper) if wrapper.elems.len() == 1 && self.is_applied(declared) => {
                    pattern = &wrapper.elems[0];
                }
                _ => break,
            }
        }
        let name: Text = match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let name = word(&ident.ident);
                self.named_anew(&name);
                self.bound.push(name.clone());
                name
            }
            Pat::Wild(_) => "_".into(),
            _ => {
                let name = compact_str::format_compact!("#{index}");
                let at = self.pattern_start(pattern);
                let value = self.name(name.clone(), at);
                unpacked.push((pattern, value));
                name
            }
        };
        Param { name, kind: ParamKind::Plain, declared, default: None }
    }

    fn is_applied(&self, declared: Option<ExprId>) -> bool {
        declared.is_some_and(|id| matches!(self.facts.expr(id).kind, ExprKind::Index { .. }))
    }

    /// The value of a body is returned.
    pub(super) fn body(&mut self, block: &Block) {
        let value = self.block(block, true);
        self.returned(value);
    }

    pub(super) fn returned(&mut self, value: Option<ExprId>) {
        if let Some(value) = value
            && self.facts.expr(value).kind != ExprKind::Unknown
        {
            let line = self.position(value).line;
            self.step(StepKind::Return(value), line);
        }
    }

    // Imports.

    fn uses(&mut self, item: &ItemUse) {
        let reexport = visibility(&item.vis) != Visibility::Private;
        self.use_tree(&item.tree, None, &mut Vec::new(), reexport);
    }

    fn use_tree(&mut self, tree: &UseTree, anchor: Option<Anchor>, path: &mut Vec<Text>, reexport: bool) {
        match tree {
            UseTree::Path(segment) => {
                let name = word(&segment.ident.unraw());
                match (name.as_str(), anchor) {
                    ("crate", None) => self.use_tree(&segment.tree, Some(Anchor::Package), path, reexport),
                    ("self", None) => self.use_tree(&segment.tree, Some(Anchor::Up(0)), path, reexport),
                    ("super", None) => self.use_tree(&segment.tree, Some(Anchor::Up(1)), path, reexport),
                    ("super", Some(Anchor::Up(n))) if path.is_empty() => {
                        self.use_tree(&segment.tree, Some(Anchor::Up(n + 1)), path, reexport);
                    }
                    _ => {
                        path.push(name);
                        self.use_tree(&segment.tree, Some(anchor.unwrap_or(Anchor::Absolute)), path, reexport);
                        path.pop();
                    }
                }
            }
            UseTree::Name(leaf) => {
                self.use_leaf(&leaf.ident, None, anchor, path, reexport);
            }
            UseTree::Rename(leaf) => {
                self.use_leaf(&leaf.ident, Some(&leaf.rename), anchor, path, reexport);
            }
            UseTree::Glob(glob) => {
                let line = self.at(glob.star_token.span).line;
                self.import(anchor.unwrap_or(Anchor::Absolute), path.clone(), None, None, reexport, line);
            }
            UseTree::Group(group) => {
                for item in &group.items {
                    self.use_tree(item, anchor, path, reexport);
                }
            }
        }
    }

    fn use_leaf(
        &mut self,
        ident: &Ident,
        rename: Option<&Ident>,
        anchor: Option<Anchor>,
        path: &[Text],
        reexport: bool,
    ) {
        let line = self.at(ident.span()).line;
        let mut path = path.to_vec();
        let (anchor, name) = match (word(ident).as_str(), anchor) {
            // `use a::{self as b}` is `use a as b`, `use a::b::{self}` is `use a::b`.
            ("self", Some(Anchor::Absolute)) if path.len() == 1 => (Anchor::Absolute, None),
            ("self", Some(anchor)) => (anchor, path.pop()),
            ("crate", None) => (Anchor::Package, None),
            ("super", None) => (Anchor::Up(1), None),
            (name, Some(anchor)) => (anchor, Some(name.into())),
            (name, None) => {
                path.push(name.into());
                (Anchor::Absolute, None)
            }
        };
        let own = name.clone().or_else(|| path.last().cloned());
        let alias = rename.map(word).or(own);
        let Some(alias) = alias else { return };
        self.import(anchor, path, name, Some(alias), reexport, line);
    }

    fn import(
        &mut self,
        anchor: Anchor,
        path: Vec<Text>,
        name: Option<Text>,
        alias: Option<Text>,
        reexport: bool,
        line: u32,
    ) {
        let glob = alias.is_none();
        let scope = self.owner;
        self.facts.imports.push(Import { scope, anchor, path, name, alias, glob, reexport, types_only: false, line });
    }
}

fn visibility(written: &Written) -> Visibility {
    match written {
        Written::Public(_) => Visibility::Public,
        Written::Restricted(_) => Visibility::Package,
        Written::Inherited => Visibility::Private,
    }
}

/// Whether an alias hands its parameters on in their order: `type Result<T> = std::result::Result<T, Error>`. Then the
/// alias is the generic itself, to be applied where the alias is.
fn passes_parameters(generics: &Generics, ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(PathArguments::AngleBracketed(arguments)) = path.path.segments.last().map(|last| &last.arguments) else {
        return false;
    };
    let params: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let mut given = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(Type::Path(argument)) => argument.path.get_ident(),
        _ => None,
    });
    !params.is_empty()
        && given.next() == params.first().copied()
        && params.iter().skip(1).all(|param| given.next().is_none_or(|given| given == *param))
}
