//! Types, paths and generics.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::token::Plus;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, GenericParam, Generics, Path, PathArguments, QSelf, ReturnType,
    Type, TypeParamBound, WherePredicate,
};

use super::lowering::{Lowering, word};
use crate::model::fact::{ExprId, ExprKind, Position, Text};

/// Traits that say nothing of what a value does.
const MARKERS: &[&str] = &["Clone", "Copy", "Debug", "Default", "Send", "Sized", "Sync", "Unpin"];

impl Lowering<'_> {
    pub(super) fn ty(&mut self, ty: &Type) -> ExprId {
        if !self.descend(self.origin.line + 1) {
            self.ascend();
            return self.unknown(self.here());
        }
        let id = match ty {
            Type::Array(array) => {
                let at = self.at(array.bracket_token.span.open());
                self.list_of(&array.elem, at)
            }
            Type::Slice(slice) => {
                let at = self.at(slice.bracket_token.span.open());
                self.list_of(&slice.elem, at)
            }
            Type::FnPtr(pointer) => {
                let at = self.at(pointer.fn_token.span);
                let inputs: Vec<&Type> = pointer.inputs.iter().map(|it| &it.ty).collect();
                self.function_type(&inputs, &pointer.output, at)
            }
            Type::Group(group) => self.ty(&group.elem),
            Type::Paren(paren) => self.ty(&paren.elem),
            Type::Ptr(pointer) => self.ty(&pointer.elem),
            Type::Reference(reference) => self.ty(&reference.elem),
            Type::ImplTrait(bounds) => {
                let at = self.at(bounds.impl_token.span);
                self.first_bound(&bounds.bounds).unwrap_or_else(|| self.unknown(at))
            }
            Type::TraitObject(object) => {
                let bound = self.first_bound(&object.bounds);
                bound.unwrap_or_else(|| self.unknown(self.here()))
            }
            Type::Path(path) => self.type_path(path.qself.as_ref(), &path.path),
            Type::Tuple(tuple) => {
                let span = tuple.paren_token.span;
                let items = tuple.elems.iter().map(|item| self.ty(item)).collect();
                let (at, end) = (self.at(span.open()), self.end_line(span.close()));
                self.push(ExprKind::Sequence(items), at, end)
            }
            Type::Infer(infer) => {
                let at = self.at(infer.underscore_token.span);
                self.unknown(at)
            }
            Type::Never(never) => {
                let at = self.at(never.bang_token.span);
                self.unknown(at)
            }
            Type::Macro(call) => {
                let at = self.path_start(&call.mac.path);
                self.unknown(at)
            }
            _ => self.unknown(self.here()),
        };
        self.ascend();
        id
    }

    fn list_of(&mut self, element: &Type, at: Position) -> ExprId {
        let base = self.name("[]", at);
        let element = self.ty(element);
        self.applied(base, vec![element])
    }

    fn function_type(&mut self, inputs: &[&Type], output: &ReturnType, at: Position) -> ExprId {
        let mut base = self.name("func", at);
        if !inputs.is_empty() {
            let inputs = inputs.iter().map(|it| self.ty(it)).collect();
            let index = self.push(ExprKind::Sequence(inputs), at, at.line);
            base = self.push(ExprKind::Index { base, index }, at, at.line);
        }
        let results = self.result(output).into_iter().collect();
        let index = self.push(ExprKind::Sequence(results), at, at.line);
        self.push(ExprKind::Index { base, index }, at, at.line)
    }

    /// Declared result; `()` is none.
    pub(super) fn result(&mut self, output: &ReturnType) -> Option<ExprId> {
        match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => match ty.as_ref() {
                Type::Tuple(tuple) if tuple.elems.is_empty() => None,
                Type::Never(_) => None,
                ty => Some(self.ty(ty)),
            },
        }
    }

    /// The first trait among bounds; one that only marks what a value may be used for counts where there is no other.
    pub(super) fn first_bound(&mut self, bounds: &Punctuated<TypeParamBound, Plus>) -> Option<ExprId> {
        let paths = || {
            bounds.iter().filter_map(|bound| match bound {
                TypeParamBound::Trait(bound) if bound.maybe.is_none() => Some(&bound.path),
                _ => None,
            })
        };
        let marks = |path: &&Path| path.get_ident().is_some_and(|it| MARKERS.contains(&word(it).as_str()));
        let path = paths().find(|it| !marks(it)).or_else(|| paths().next())?;
        Some(self.type_path(None, path))
    }

    /// A path in the place of a type, with its type arguments.
    pub(super) fn type_path(&mut self, qself: Option<&QSelf>, path: &Path) -> ExprId {
        self.walk_path(qself, path, false)
    }

    /// A path in the place of a value.
    pub(super) fn value_path(&mut self, qself: Option<&QSelf>, path: &Path) -> ExprId {
        self.walk_path(qself, path, true)
    }

    pub(super) fn path_start(&self, path: &Path) -> Position {
        path.segments.first().map_or_else(|| self.here(), |segment| self.at(segment.ident.span()))
    }

    /// `a::b::<T>::c` as members of members. `Self` becomes the type it stands for, a type parameter the trait that
    /// bounds it; a leading `self::` is dropped.
    fn walk_path(&mut self, qself: Option<&QSelf>, path: &Path, value: bool) -> ExprId {
        let mut base: Option<ExprId> = None;
        let mut skip = 0;
        if let Some(qself) = qself {
            base = Some(self.ty(&qself.ty));
            skip = qself.position;
        }
        let count = path.segments.len();
        for (index, segment) in path.segments.iter().enumerate().skip(skip) {
            let at = self.at(segment.ident.span());
            let name = word(&segment.ident);
            let mut id = match base {
                Some(base) => self.member(base, name, at.line),
                None if name == "self" && count > 1 && index == 0 => continue,
                None if name == "Self" => match self.self_type {
                    Some(own) if value || count > 1 => {
                        // The type stands where it is named, not where its `impl` does.
                        let own = self.without_arguments(own);
                        let kind = self.facts.expr(own).kind.clone();
                        self.push(kind, at, at.line)
                    }
                    Some(own) => own,
                    None => self.name(name, at),
                },
                None => {
                    match self.type_params.iter().rev().find(|(param, _)| *param == name).map(|(_, bound)| *bound) {
                        Some(Some(bound)) => bound,
                        Some(None) => self.unknown(at),
                        None => {
                            let name = if count == 1 && value { self.current_name(name) } else { name };
                            let id = self.name(name, at);
                            if count > 1 {
                                self.path_heads.push(id);
                            }
                            id
                        }
                    }
                }
            };
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(arguments) => id = self.generic(id, arguments),
                PathArguments::Parenthesized(arguments) => {
                    // `Fn(A) -> B` is a function type, whatever the trait is called.
                    let inputs: Vec<&Type> = arguments.inputs.iter().map(|it| &it.ty).collect();
                    id = self.function_type(&inputs, &arguments.output, at);
                }
            }
            base = Some(id);
        }
        base.unwrap_or_else(|| self.unknown(self.here()))
    }

    /// A generic applied to its types; lifetimes and constants are no types.
    pub(super) fn generic(&mut self, base: ExprId, arguments: &AngleBracketedGenericArguments) -> ExprId {
        let mut types = Vec::new();
        for argument in &arguments.args {
            match argument {
                GenericArgument::Type(ty) => types.push(self.ty(ty)),
                GenericArgument::AssocType(assoc) => types.push(self.ty(&assoc.ty)),
                _ => {}
            }
        }
        self.applied(base, types)
    }

    /// `Service` of `Service<R>`.
    pub(super) fn without_arguments(&self, id: ExprId) -> ExprId {
        match self.facts.expr(id).kind {
            ExprKind::Index { base, .. } => base,
            _ => id,
        }
    }

    /// Brings type parameters into scope, each with its first trait, inline or in the `where` clause. The caller
    /// truncates [`Lowering::type_params`] to the length it had.
    pub(super) fn enter_generics(&mut self, generics: &Generics) {
        for param in &generics.params {
            let GenericParam::Type(param) = param else { continue };
            let name = word(&param.ident);
            let bound = self.first_bound(&param.bounds).or_else(|| self.where_bound(generics, &name));
            self.type_params.push((name, bound));
        }
    }

    fn where_bound(&mut self, generics: &Generics, name: &str) -> Option<ExprId> {
        let clause = generics.where_clause.as_ref()?;
        clause.predicates.iter().find_map(|predicate| {
            let WherePredicate::Type(predicate) = predicate else { return None };
            let Type::Path(bounded) = &predicate.bounded_ty else { return None };
            if bounded.path.is_ident(name) { self.first_bound(&predicate.bounds) } else { None }
        })
    }

    /// Last name of a type's path: `Service` of `crate::a::Service<R>`.
    pub(super) fn last_name(ty: &Type) -> Option<Text> {
        match ty {
            Type::Path(path) => path.path.segments.last().map(|segment| word(&segment.ident)),
            Type::Reference(reference) => Self::last_name(&reference.elem),
            Type::Paren(paren) => Self::last_name(&paren.elem),
            Type::Group(group) => Self::last_name(&group.elem),
            Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
                TypeParamBound::Trait(bound) => bound.path.segments.last().map(|segment| word(&segment.ident)),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Start of a type, for definitions without a better token.
    pub(super) fn type_start(&self, ty: &Type) -> Position {
        match ty {
            Type::Path(path) => self.path_start(&path.path),
            other => self.at(other.span()),
        }
    }
}
