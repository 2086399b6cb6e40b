//! Types: type expressions, parameter lists, and the declarations of structs, interfaces and their kin.

use crate::frontend::go::grammar::{Field, Kind};
use crate::frontend::go::lower::{Lowering, visibility};
use crate::frontend::go::strings::tag_parts;
use crate::model::fact::{
    Argument, DefId, Definition, DefinitionKind, ExprId, ExprKind, Param, ParamKind, Text, Visibility,
};

/// Type expressions.
impl Lowering<'_> {
    /// The type under the cursor; pointers and parentheses are dropped.
    pub(super) fn type_expr(&mut self) -> ExprId {
        self.deeper(Self::type_inner).unwrap_or(self.unknown)
    }

    fn type_inner(&mut self) -> ExprId {
        match self.kind() {
            Kind::TypeIdentifier | Kind::Identifier | Kind::FieldIdentifier => {
                let name = self.text();
                self.type_name(name)
            }
            Kind::QualifiedType => {
                let (mut base, mut name) = (self.unknown, Text::default());
                self.children(|walk, kind| match kind {
                    Kind::PackageIdentifier => {
                        let package = walk.text();
                        base = walk.type_name(package);
                    }
                    Kind::TypeIdentifier => name = walk.text().into(),
                    _ => {}
                });
                self.push(ExprKind::Member { base, name })
            }
            Kind::TypeConstraint if self.text().contains('|') => self.unknown,
            Kind::PointerType | Kind::ParenthesizedType | Kind::NegatedType | Kind::TypeElem | Kind::TypeConstraint => {
                self.only_type()
            }
            Kind::ArrayType | Kind::SliceType | Kind::ImplicitLengthArrayType => {
                let mut element = self.unknown;
                self.children(|walk, _| {
                    if walk.field() == Field::Element {
                        element = walk.type_expr();
                    }
                });
                self.applied("[]", element)
            }
            Kind::MapType => {
                let mut parts = Vec::with_capacity(2);
                self.children(|walk, kind| {
                    if kind != Kind::Comment {
                        parts.push(walk.type_expr());
                    }
                });
                let both = self.push(ExprKind::Sequence(parts));
                self.applied("map", both)
            }
            Kind::ChannelType => {
                let element = self.only_type();
                self.applied("chan", element)
            }
            Kind::FunctionType => {
                let mut results = Vec::new();
                self.children(|walk, kind| {
                    if walk.field() == Field::Result {
                        walk.results(kind, &mut results);
                    }
                });
                let results = self.push(ExprKind::Sequence(results.into_iter().map(|(_, of)| of).collect()));
                self.applied("func", results)
            }
            Kind::GenericType => {
                let (mut base, mut arguments) = (self.unknown, Vec::new());
                self.children(|walk, kind| match kind {
                    Kind::TypeArguments => walk.type_arguments(&mut arguments),
                    Kind::Comment => {}
                    _ => base = walk.type_expr(),
                });
                self.instantiated(base, arguments)
            }
            Kind::InterfaceType if self.text().ends_with("{}") => self.type_name("any"),
            Kind::StructType => self.struct_without_name(),
            _ => self.unknown,
        }
    }

    /// `struct { .. }` in the place of a type: a type that no source can name.
    fn struct_without_name(&mut self) -> ExprId {
        let (line, end_line) = (self.line(), self.end_line());
        let name = compact_str::format_compact!("struct·{}", self.facts.definitions.len());
        let id = self.define(Definition::new(name.clone(), "", DefinitionKind::Type, self.owner, line, end_line));
        if let Some(definition) = self.definition_mut(id) {
            definition.visibility = Visibility::Private;
        }
        self.struct_fields(id);
        self.push(ExprKind::Name(name))
    }

    /// The one type below the node under the cursor.
    fn only_type(&mut self) -> ExprId {
        let mut found = None;
        self.children(|walk, kind| {
            if kind != Kind::Comment && found.is_none() {
                found = Some(walk.type_expr());
            }
        });
        found.unwrap_or(self.unknown)
    }

    fn applied(&mut self, generic: &'static str, index: ExprId) -> ExprId {
        let base = self.type_name(generic);
        self.push(ExprKind::Index { base, index })
    }

    /// A generic type or function with its arguments.
    pub(super) fn instantiated(&mut self, base: ExprId, mut arguments: Vec<ExprId>) -> ExprId {
        let index = match arguments.len() {
            0 => return base,
            1 => arguments.remove(0),
            _ => self.push(ExprKind::Sequence(arguments)),
        };
        self.push(ExprKind::Index { base, index })
    }

    pub(super) fn type_arguments(&mut self, arguments: &mut Vec<ExprId>) {
        self.children(|walk, kind| {
            if kind != Kind::Comment {
                arguments.push(walk.type_expr());
            }
        });
    }

    /// `Repo` of `Repo[T]`.
    pub(super) fn without_arguments(&self, of: ExprId) -> ExprId {
        match self.expr_kind(of) {
            ExprKind::Index { base, .. } => *base,
            _ => of,
        }
    }

    pub(super) fn note_type_params(&mut self, id: DefId, params: Vec<(Text, Option<ExprId>)>) {
        if let Some(definition) = self.definition_mut(id) {
            definition.type_params = params;
        }
    }

    /// `T` of `Repo[T]`.
    pub(super) fn argument_names(&self, of: ExprId) -> Vec<(Text, Option<ExprId>)> {
        let ExprKind::Index { index, .. } = self.expr_kind(of) else { return Vec::new() };
        let items = match self.expr_kind(*index) {
            ExprKind::Sequence(items) => items.clone(),
            _ => vec![*index],
        };
        items.into_iter().map(|it| (self.name_of(it).cloned().unwrap_or_default(), None)).collect()
    }

    /// Type parameters are dropped; inside the function each stands for its constraint when that is one named type.
    pub(super) fn type_parameters(&mut self) -> Vec<(Text, Option<ExprId>)> {
        let mut params: Vec<(Text, Option<ExprId>)> = Vec::new();
        self.children(|walk, _| {
            let (mut names, mut constraint) = (Vec::new(), None);
            walk.children(|walk, _| match walk.field() {
                Field::Name => names.push(Text::from(walk.text())),
                Field::Type => constraint = Some(walk.type_expr()),
                _ => {}
            });
            let named = constraint.filter(|of| match walk.expr_kind(*of) {
                ExprKind::Name(name) => !matches!(name.as_str(), "any" | "comparable"),
                ExprKind::Member { .. } => true,
                _ => false,
            });
            params.extend(names.into_iter().map(|name| (name, named)));
        });
        self.scope.type_params.extend(params.iter().filter_map(|(name, of)| Some((name.clone(), (*of)?))));
        params
    }

    /// Adds the parameters of the list under the cursor.
    pub(super) fn parameters(&mut self, params: &mut Vec<Param>) {
        self.children(|walk, kind| {
            let rest = kind == Kind::VariadicParameter;
            if !rest && kind != Kind::ParameterDeclaration {
                return;
            }
            let (mut names, mut declared) = (Vec::new(), None);
            walk.children(|walk, _| match walk.field() {
                Field::Name => names.push(walk.text()),
                Field::Type => declared = Some(walk.type_expr()),
                _ => {}
            });
            if let Some(of) = declared {
                walk.note_channels(of, names.iter().copied());
            }
            if names.is_empty() {
                names.push("");
            }
            let kind = if rest { ParamKind::Rest } else { ParamKind::Plain };
            params.extend(names.into_iter().map(|name| {
                // `user *user.User`: in the body the name is the parameter, in its type the package.
                let is_package = walk.facts.imports.iter().any(|import| import.alias.as_deref() == Some(name));
                let name = if is_package { compact_str::format_compact!("{name}·1") } else { name.into() };
                Param { name, kind, declared, default: None }
            }));
        });
    }

    /// Adds the results under the cursor, each with its name or without one.
    pub(super) fn results(&mut self, kind: Kind, results: &mut Vec<(Text, ExprId)>) {
        if kind == Kind::ParameterList {
            let mut params = Vec::new();
            self.parameters(&mut params);
            results.extend(params.into_iter().filter_map(|param| Some((param.name, param.declared?))));
        } else if kind != Kind::Comment {
            let of = self.type_expr();
            results.push((Text::default(), of));
        }
    }

    /// One type, or a tuple of several.
    pub(super) fn result_type(&mut self, results: &[(Text, ExprId)]) -> Option<ExprId> {
        match results {
            [] => None,
            [(_, of)] => Some(*of),
            _ => Some(self.push(ExprKind::Sequence(results.iter().map(|(_, of)| *of).collect()))),
        }
    }
}

/// Type declarations.
impl Lowering<'_> {
    /// One `type_spec` or `type_alias`, in a package or in a function.
    pub(super) fn type_definition(&mut self, kind: Kind) {
        let (line, end_line) = (self.line(), self.end_line());
        let id = self.define(Definition::new("", "", DefinitionKind::Type, self.owner, line, end_line));
        let outer_params = self.scope.type_params.len();
        self.children(|walk, child| match walk.field() {
            Field::Name => {
                let name = walk.text();
                let path = walk.path_inside(walk.owner, name);
                let at_module = walk.owner == DefId::MODULE;
                if let Some(definition) = walk.definition_mut(id) {
                    definition.name = name.into();
                    definition.path = path;
                    definition.visibility = if at_module { visibility(name) } else { Visibility::Private };
                }
            }
            Field::TypeParameters => {
                walk.type_parameters();
            }
            Field::Type => match child {
                Kind::StructType => walk.struct_fields(id),
                Kind::InterfaceType => {
                    if let Some(definition) = walk.definition_mut(id) {
                        definition.kind = DefinitionKind::Interface;
                    }
                    walk.interface_elements(id);
                }
                _ => {
                    let of = walk.type_expr();
                    let unknown = walk.unknown;
                    if let Some(definition) = walk.definition_mut(id) {
                        if kind == Kind::TypeAlias {
                            definition.kind = DefinitionKind::Alias;
                        }
                        definition.bases.extend((of != unknown).then_some(of));
                    }
                }
            },
            _ => {}
        });
        self.scope.type_params.truncate(outer_params);
    }

    fn struct_fields(&mut self, of: DefId) {
        self.children(|walk, _| {
            walk.children(|walk, kind| {
                if kind == Kind::FieldDeclaration {
                    walk.struct_field(of);
                }
            });
        });
    }

    /// A field, or an embedded type: its tag belongs to the struct itself.
    fn struct_field(&mut self, of: DefId) {
        let (line, end_line) = (self.line(), self.end_line());
        let (mut names, mut declared, mut attributes) = (Vec::new(), None, Vec::new());
        self.children(|walk, _| match walk.field() {
            Field::Name => names.push(walk.text()),
            Field::Type => declared = Some(walk.type_expr()),
            Field::Tag => walk.tag(&mut attributes),
            _ => {}
        });
        let Some(declared) = declared else { return };
        if names.is_empty() {
            if let Some(definition) = self.definition_mut(of) {
                definition.bases.push(declared);
                definition.attributes.append(&mut attributes);
            }
            return;
        }
        self.note_channel_fields(declared, names.iter().copied());
        for name in names {
            let hidden = of != DefId::MODULE && self.facts.definition(of).path.is_empty();
            let path = if hidden { Text::default() } else { self.path_inside(of, name) };
            let mut field = Definition::new(name, path, DefinitionKind::Field, of, line, end_line);
            field.visibility = visibility(name);
            field.declared = Some(declared);
            field.attributes.clone_from(&attributes);
            self.define(field);
        }
    }

    /// Each `key:"value"` of a struct tag becomes a call of that name.
    fn tag(&mut self, attributes: &mut Vec<ExprId>) {
        let text = self.literal_text();
        for (key, parts) in tag_parts(&text) {
            let callee = self.type_name_owned(key);
            let args = parts
                .into_iter()
                .map(|(name, value)| Argument { name, value: self.push(ExprKind::Text(value)), spread: false })
                .collect();
            attributes.push(self.push(ExprKind::Call { callee, args }));
        }
    }

    fn type_name_owned(&mut self, name: &str) -> ExprId {
        self.push(ExprKind::Name(name.into()))
    }

    fn interface_elements(&mut self, of: DefId) {
        self.children(|walk, kind| match kind {
            Kind::MethodElem => walk.interface_method(of),
            Kind::TypeElem if !walk.text().contains(['~', '|']) => {
                let base = walk.type_expr();
                let unknown = walk.unknown;
                if let Some(definition) = walk.definition_mut(of) {
                    definition.bases.extend((base != unknown).then_some(base));
                }
            }
            _ => {}
        });
    }

    fn interface_method(&mut self, of: DefId) {
        let (line, end_line) = (self.line(), self.end_line());
        let (mut name, mut params, mut results) = ("", Vec::new(), Vec::new());
        self.children(|walk, kind| match walk.field() {
            Field::Name => name = walk.text(),
            Field::Parameters => walk.parameters(&mut params),
            Field::Result => walk.results(kind, &mut results),
            _ => {}
        });
        let path = self.path_inside(of, name);
        let mut method = Definition::new(name, path, DefinitionKind::Method, of, line, end_line);
        method.visibility = visibility(name);
        method.traits.is_abstract = true;
        let id = self.define(method);
        self.describe(id, &mut params, &results);
    }
}
