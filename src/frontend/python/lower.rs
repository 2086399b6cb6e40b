//! Statements and definitions: one walk over a file's tree that writes its facts.
//!
//! Expressions are lowered in `expression`, targets and patterns in `target`, imports in `import`,
//! types in `types`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::frontend::python::narrowed::Narrowed;
use crate::frontend::python::syntax::{Field, Id, Syntax, Tree};
use crate::frontend::python::webs::{Webs, tell_apart};
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{
    DefId, Definition, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, Param, ParamKind, Position, Region,
    RegionKind, Step, StepKind, Text, Typing, Visibility,
};

/// How deep statements and expressions may nest before the rest is skipped. Chains of calls,
/// sums and parentheses do not count: they are walked in loops.
const MAX_DEPTH: u32 = 150;

/// What is known while the walk is inside one definition.
pub(super) struct Scope<'s> {
    pub(super) def: DefId,
    pub(super) kind: ScopeKind,
    /// Names that the scope assigned so far, and the definitions of those that have one.
    pub(super) assigned: FxHashMap<&'s str, Option<DefId>>,
    /// The same for variables that are not the first of their name.
    pub(super) reassigned: FxHashSet<(&'s str, u16)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
}

/// The state of one walk.
pub(super) struct Lowering<'s> {
    pub(super) tree: Tree<'s>,
    pub(super) facts: FileFacts,
    pub(super) scopes: Vec<Scope<'s>>,
    pub(super) depth: u32,
    pub(super) limit: u32,
    /// Number of steps when the current block began.
    pub(super) block_start: usize,
    /// Inside `if TYPE_CHECKING:`.
    pub(super) types_only: bool,
    pub(super) exports: Exports,
    /// Variables that are not the first of their name in their function.
    pub(super) webs: Webs,
    pub(super) narrowed: Vec<Narrowed<'s>>,
    unknown: Option<ExprId>,
    reported_depth: bool,
}

/// What is known of `__all__`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Exports {
    #[default]
    Undeclared,
    Known(Vec<Text>),
    /// Computed in a way that cannot be followed.
    Computed,
}

/// Lowers one parsed file.
pub(super) fn lower(tree: Tree<'_>) -> FileFacts {
    let lines = tree.lines();
    let typing = Typing { looks_below: true, ..Typing::default() };
    let mut facts = FileFacts { lines, separator: ".".into(), typing, ..FileFacts::default() };
    facts.definitions.push(Definition::new("", "", DefinitionKind::Module, DefId::MODULE, 1, lines.max(1)));
    if let Some(row) = tree.first_error {
        facts.diagnostics.push(Diagnostic::warning(
            "syntax-error",
            "",
            row + 1,
            "not valid Python from here on; what could be read around it is used",
        ));
    }
    let root = tree.root();
    let mut lowering = Lowering {
        tree,
        facts,
        scopes: vec![Scope {
            def: DefId::MODULE,
            kind: ScopeKind::Module,
            assigned: FxHashMap::default(),
            reassigned: FxHashSet::default(),
        }],
        depth: 0,
        limit: MAX_DEPTH,
        block_start: 0,
        types_only: false,
        exports: Exports::default(),
        webs: Webs::default(),
        narrowed: Vec::new(),
        unknown: None,
        reported_depth: false,
    };
    if let Some(root) = root {
        lowering.block(root);
    }
    let Lowering { mut facts, exports, .. } = lowering;
    if let Exports::Known(names) = exports {
        facts.exports = Some(names);
    }
    facts
}

impl<'s> Lowering<'s> {
    // ------------------------------------------------------------ the arena

    pub(super) fn position(&self, id: Id) -> Position {
        Position { line: self.tree.line(id), column: self.tree.column(id) }
    }

    pub(super) fn push(&mut self, id: Id, kind: ExprKind) -> ExprId {
        let (at, end) = (self.position(id), self.tree.end_line(id));
        self.push_at(kind, at, end)
    }

    pub(super) fn push_at(&mut self, kind: ExprKind, at: Position, end_line: u32) -> ExprId {
        let id = ExprId(self.facts.exprs.len() as u32);
        self.facts.exprs.push(Expr { kind, at, end_line });
        id
    }

    /// The one expression that stands for everything that leads nowhere.
    pub(super) fn unknown(&mut self, id: Id) -> ExprId {
        if let Some(unknown) = self.unknown {
            return unknown;
        }
        let unknown = self.push(id, ExprKind::Unknown);
        self.unknown = Some(unknown);
        unknown
    }

    pub(super) fn or_unknown(&mut self, value: Option<ExprId>, id: Id) -> ExprId {
        match value {
            Some(value) => value,
            None => self.unknown(id),
        }
    }

    pub(super) fn kind(&self, id: ExprId) -> &ExprKind {
        &self.facts.expr(id).kind
    }

    pub(super) fn is_constant(&self, id: ExprId) -> bool {
        matches!(self.kind(id), ExprKind::Constant(_) | ExprKind::Unknown)
    }

    /// Lowers for the sake of the calls and member reads inside: the value itself is thrown away.
    pub(super) fn discard(&mut self, id: Id) {
        let mark = self.mark();
        match self.value(id) {
            Some(value) if self.reads_member(value) => self.step(StepKind::Read(value), self.tree.line(id)),
            _ => {
                self.forget(mark);
            }
        }
    }

    pub(super) fn reads_member(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Member { .. } => true,
            ExprKind::Mapping(entries) => entries.iter().any(|(_, value)| self.reads_member(*value)),
            ExprKind::Index { base, .. } => self.reads_member(*base),
            ExprKind::Sequence(items) | ExprKind::Choice(items) | ExprKind::Compared(items) => {
                items.iter().any(|it| self.reads_member(*it))
            }
            _ => false,
        }
    }

    /// Sizes of everything that may point into the arena.
    pub(super) fn mark(&self) -> [usize; 3] {
        [self.facts.exprs.len(), self.facts.steps.len(), self.facts.definitions.len()]
    }

    /// Takes back what was lowered since the mark, when nothing points to it. True when it did.
    pub(super) fn forget(&mut self, [exprs, steps, definitions]: [usize; 3]) -> bool {
        if self.facts.steps.len() != steps || self.facts.definitions.len() != definitions {
            return false;
        }
        self.facts.exprs.truncate(exprs);
        self.webs.forget(exprs, &mut self.facts.settled);
        if self.unknown.is_some_and(|unknown| unknown.0 as usize >= exprs) {
            self.unknown = None;
        }
        true
    }

    pub(super) fn step(&mut self, kind: StepKind, line: u32) {
        let owner = self.owner();
        self.facts.steps.push(Step { owner, kind, line });
    }

    pub(super) fn too_deep(&mut self, id: Id) {
        if !self.reported_depth {
            self.reported_depth = true;
            self.facts.diagnostics.push(Diagnostic::warning(
                "nesting-too-deep",
                "",
                self.tree.line(id),
                format!("nested more than {MAX_DEPTH} levels; the inner part is not read"),
            ));
        }
    }

    // ------------------------------------------------------------ scopes

    pub(super) fn scope(&mut self) -> &mut Scope<'s> {
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    pub(super) fn scope_kind(&self) -> ScopeKind {
        self.scopes[self.scopes.len() - 1].kind
    }

    pub(super) fn owner(&self) -> DefId {
        self.scopes[self.scopes.len() - 1].def
    }

    /// Adds a definition below the current scope.
    pub(super) fn define(&mut self, name: &str, kind: DefinitionKind, line: u32, end_line: u32) -> DefId {
        let parent = self.owner();
        let around = &self.facts.definition(parent).path;
        let mut path = Text::with_capacity(around.len() + 1 + name.len());
        path.push_str(around);
        if !around.is_empty() && !name.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        let mut definition = Definition::new(name, path, kind, parent, line, end_line);
        if name.starts_with('_') && !(name.len() > 4 && name.starts_with("__") && name.ends_with("__")) {
            definition.visibility = Visibility::Private;
        }
        let id = DefId(self.facts.definitions.len() as u32);
        self.facts.definitions.push(definition);
        id
    }

    pub(super) fn definition(&mut self, id: DefId) -> &mut Definition {
        &mut self.facts.definitions[id.0 as usize]
    }

    pub(super) fn enter(&mut self, def: DefId, kind: ScopeKind) {
        self.scopes.push(Scope { def, kind, assigned: FxHashMap::default(), reassigned: FxHashSet::default() });
    }

    pub(super) fn leave(&mut self) {
        if self.scopes.len() > 1 {
            self.scopes.pop();
        }
    }

    // ------------------------------------------------------------ children

    pub(super) fn all_children(&self, id: Id) -> Vec<Id> {
        let mut children = self.tree.children(id);
        let mut list = Vec::new();
        while let Some(child) = children.next(&self.tree) {
            list.push(child);
        }
        list
    }

    pub(super) fn fields(&self, id: Id, field: Field) -> Vec<Id> {
        let mut list = self.all_children(id);
        list.retain(|child| self.tree.field(*child) == field);
        list
    }

    pub(super) fn members(&self, id: Id, syntax: Syntax) -> Vec<Id> {
        let mut list = self.all_children(id);
        list.retain(|child| self.tree.syntax(*child) == syntax);
        list
    }

    // ------------------------------------------------------------ statements

    pub(super) fn block(&mut self, id: Id) {
        if self.depth >= self.limit {
            self.too_deep(id);
            return;
        }
        self.depth += 1;
        let around = std::mem::replace(&mut self.block_start, self.facts.steps.len());
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            self.statement(child);
        }
        self.block_start = around;
        self.depth -= 1;
    }

    fn field_block(&mut self, id: Id, field: Field) {
        if let Some(block) = self.tree.child(id, field) {
            self.block(block);
        }
    }

    /// A block that does not always run.
    pub(super) fn branch(&mut self, block: Id) {
        self.block(block);
        let mut last = None;
        let mut children = self.tree.children(block);
        while let Some(child) = children.next(&self.tree) {
            last = Some(self.tree.syntax(child));
        }
        if matches!(last, Some(Syntax::ReturnStatement | Syntax::Raise)) {
            self.region(RegionKind::Leaving, Some(block), block);
        }
    }

    fn statement(&mut self, id: Id) {
        match self.tree.syntax(id) {
            Syntax::ExpressionStatement => self.expression_statement(id),
            Syntax::Assignment | Syntax::AugmentedAssignment => self.assignment(id),
            Syntax::ReturnStatement => self.return_statement(id),
            Syntax::IfStatement | Syntax::ElifClause => self.if_statement(id),
            Syntax::ForStatement => self.for_statement(id),
            Syntax::WhileStatement => self.while_statement(id),
            Syntax::WithStatement => self.with_statement(id),
            Syntax::ExceptClause => self.except_clause(id),
            Syntax::MatchStatement => self.match_statement(id),
            Syntax::Import | Syntax::ImportFrom => self.import(id),
            Syntax::Global => self.outer_names(id),
            Syntax::TypeAlias => self.type_alias(id),
            Syntax::Decorated => self.decorated(id),
            Syntax::Class => self.class(id, Vec::new()),
            Syntax::Function => self.function(id, Vec::new()),
            Syntax::Module
            | Syntax::Error
            | Syntax::Block
            | Syntax::TryStatement
            | Syntax::FinallyClause
            | Syntax::ElseClause => self.block(id),
            Syntax::Raise => self.raise(id),
            Syntax::OtherStatement => {
                let mut children = self.tree.children(id);
                while let Some(child) = children.next(&self.tree) {
                    self.discard(child);
                }
            }
            _ => self.discard(id),
        }
    }

    fn expression_statement(&mut self, id: Id) {
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            match self.tree.syntax(child) {
                Syntax::Assignment | Syntax::AugmentedAssignment => self.assignment(child),
                // Docstrings and names standing alone.
                Syntax::Str | Syntax::Identifier | Syntax::Ellipsis => {}
                Syntax::Call if self.extends_exports(child) => {}
                Syntax::Call => self.call_statement(child),
                _ => self.discard(child),
            }
        }
    }

    /// `raise Failure` makes a `Failure` as `raise Failure()` does.
    fn raise(&mut self, id: Id) {
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            let is_name = matches!(self.tree.syntax(child), Syntax::Identifier | Syntax::Attribute);
            let word = self.tree.text(child).rsplit('.').next().unwrap_or_default();
            if !is_name || !word.starts_with(|c: char| c.is_ascii_uppercase()) {
                self.discard(child);
            } else if let Some(callee) = self.value(child) {
                let call = self.push(child, ExprKind::Call { callee, args: Vec::new() });
                self.step(StepKind::Call(call), self.tree.line(child));
            }
        }
    }

    fn return_statement(&mut self, id: Id) {
        let Some(value) = self.tree.first(id) else { return };
        let mark = self.mark();
        match self.value(value) {
            Some(value) if !self.is_constant(value) => self.step(StepKind::Return(value), self.tree.line(id)),
            _ => {
                self.forget(mark);
            }
        }
    }

    fn if_statement(&mut self, id: Id) {
        let outer = self.types_only;
        if let Some(condition) = self.tree.child(id, Field::Condition) {
            let text = self.tree.text(condition);
            self.types_only |= text == "TYPE_CHECKING" || text.ends_with(".TYPE_CHECKING");
            self.discard(condition);
        }
        if let Some(block) = self.tree.child(id, Field::Consequence) {
            if self.types_only && !outer && !self.members(id, Syntax::ElseClause).is_empty() {
                self.imports_only(block);
            } else {
                self.narrowed_branch(self.tree.child(id, Field::Condition), block);
            }
        }
        self.types_only = outer;
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(&self.tree) {
            match self.tree.syntax(child) {
                Syntax::ElifClause | Syntax::ElseClause | Syntax::Error => self.statement(child),
                _ => {}
            }
        }
    }

    /// What only type checkers see (`if TYPE_CHECKING: class User(Base): .. else: User = Base`) is nothing of the program where another
    /// branch runs in its place.
    fn imports_only(&mut self, block: Id) {
        for statement in self.all_children(block) {
            if matches!(self.tree.syntax(statement), Syntax::Import | Syntax::ImportFrom) {
                self.statement(statement);
            }
        }
    }

    fn for_statement(&mut self, id: Id) {
        let iterated = self.tree.child(id, Field::Right);
        let value = iterated.and_then(|iterated| self.value(iterated).map(|value| (iterated, value)));
        let element = value.map(|(iterated, value)| self.push(iterated, ExprKind::Element(value)));
        if let Some(target) = self.tree.child(id, Field::Left) {
            self.assign(target, element);
        }
        self.region(RegionKind::Loop, self.tree.child(id, Field::Body), id);
        self.field_block(id, Field::Body);
        self.field_block(id, Field::Alternative);
    }

    fn while_statement(&mut self, id: Id) {
        self.region(RegionKind::Loop, Some(id), id);
        if let Some(condition) = self.tree.child(id, Field::Condition) {
            self.discard(condition);
        }
        self.field_block(id, Field::Body);
        self.field_block(id, Field::Alternative);
    }

    fn region(&mut self, kind: RegionKind, first: Option<Id>, whole: Id) {
        let owner = self.owner();
        let first_line = self.tree.line(first.unwrap_or(whole));
        self.facts.regions.push(Region { owner, kind, first_line, last_line: self.tree.end_line(whole) });
    }

    fn with_statement(&mut self, id: Id) {
        for clause in self.members(id, Syntax::WithClause) {
            for item in self.members(clause, Syntax::WithItem) {
                if let Some(value) = self.tree.child(item, Field::Value) {
                    self.with_item(value, id);
                }
            }
        }
        self.field_block(id, Field::Body);
    }

    fn with_item(&mut self, item: Id, statement: Id) {
        let (expression, target) = match self.tree.syntax(item) {
            // `with (a as b, c as d):` in one of its readings.
            Syntax::List | Syntax::Parenthesized if !self.members(item, Syntax::AsPattern).is_empty() => {
                for inner in self.all_children(item) {
                    self.with_item(inner, statement);
                }
                return;
            }
            Syntax::AsPattern => {
                let target = self.tree.child(item, Field::Alias).and_then(|alias| self.tree.first(alias));
                (self.tree.first(item).unwrap_or(item), target)
            }
            _ => (item, None),
        };
        let value = self.value(expression);
        if let Some(value) = value {
            self.region(RegionKind::With(value), Some(statement), statement);
        }
        if let Some(target) = target {
            let entered = value.map(|value| self.push(expression, ExprKind::Entered(value)));
            self.assign(target, entered);
        }
    }

    fn except_clause(&mut self, id: Id) {
        for child in self.all_children(id) {
            match self.tree.syntax(child) {
                Syntax::Block => self.branch(child),
                Syntax::AsPattern => {
                    let target = self.tree.child(child, Field::Alias).and_then(|alias| self.tree.first(alias));
                    let caught = self.tree.first(child);
                    if let (Some(target), Some(caught)) = (target, caught) {
                        self.caught(target, caught);
                    }
                }
                _ if self.tree.field(child) == Field::Value => {
                    if let Some(target) = self.tree.child(id, Field::Alias) {
                        self.caught(target, child);
                    }
                }
                _ => {}
            }
        }
    }

    /// `except caught as target`.
    fn caught(&mut self, target: Id, caught: Id) {
        if self.tree.syntax(target) != Syntax::Identifier {
            return;
        }
        let types: Vec<Id> = match self.tree.syntax(caught) {
            Syntax::List => self.all_children(caught),
            Syntax::Parenthesized => self.tree.first(caught).into_iter().collect(),
            _ => vec![caught],
        };
        let mut options: Vec<ExprId> = types.into_iter().filter_map(|option| self.value(option)).collect();
        let declared = match options.len() {
            0 => return,
            1 => options.swap_remove(0),
            _ => self.push(caught, ExprKind::Choice(options)),
        };
        let line = self.tree.line(target);
        let target = self.name(target);
        self.step(StepKind::Declare { target, declared }, line);
    }

    fn outer_names(&mut self, id: Id) {
        let names: Vec<&'s str> =
            self.members(id, Syntax::Identifier).into_iter().map(|name| self.tree.text(name)).collect();
        if self.scope_kind() != ScopeKind::Function {
            return;
        }
        let owner = self.owner();
        let is_global = self.tree.text(id).starts_with("global");
        for name in names {
            self.definition(owner).rebinds.push(name.into());
            self.scope().assigned.insert(name, None);
            if is_global && !self.scopes[0].assigned.contains_key(name) {
                let line = self.tree.line(id);
                let around = std::mem::take(&mut self.scopes);
                self.scopes = vec![Scope {
                    def: DefId::MODULE,
                    kind: ScopeKind::Module,
                    assigned: FxHashMap::default(),
                    reassigned: FxHashSet::default(),
                }];
                let def = self.define(name, variable_kind(name), line, line);
                self.scopes = around;
                self.scopes[0].assigned.insert(name, Some(def));
            }
        }
    }

    fn type_alias(&mut self, id: Id) {
        let (Some(left), Some(right)) = (self.tree.child(id, Field::Left), self.tree.child(id, Field::Right)) else {
            return;
        };
        let name = self.tree.text(left).split('[').next().unwrap_or_default().trim();
        let aliased = self.annotation(right);
        let def = self.define(name, DefinitionKind::Alias, self.tree.line(id), self.tree.end_line(id));
        self.definition(def).bases = aliased.into_iter().collect();
    }

    // ------------------------------------------------------------ definitions

    fn decorated(&mut self, id: Id) {
        let mut attributes = Vec::new();
        for decorator in self.members(id, Syntax::Decorator) {
            if let Some(expression) = self.tree.first(decorator) {
                let value = self.value(expression);
                attributes.push((self.or_unknown(value, expression), expression));
            }
        }
        let Some(definition) = self.tree.child(id, Field::Definition) else { return };
        let list: Vec<ExprId> = attributes.iter().map(|(attribute, _)| *attribute).collect();
        match self.tree.syntax(definition) {
            Syntax::Class => self.class(definition, list),
            _ => self.function(definition, list),
        }
        // What a call gives that stands as decorator is called in turn, the innermost first.
        for (attribute, expression) in attributes.into_iter().rev() {
            if matches!(self.kind(attribute), ExprKind::Call { .. }) {
                let call = self.push(expression, ExprKind::Call { callee: attribute, args: Vec::new() });
                self.step(StepKind::Call(call), self.tree.line(expression));
            }
        }
    }

    /// Last name of `a.b.c` or of the callee of a call.
    fn last_word(&self, id: ExprId) -> &str {
        match self.kind(id) {
            ExprKind::Name(name) | ExprKind::Member { name, .. } => name,
            ExprKind::Call { callee, .. } => match self.kind(*callee) {
                ExprKind::Name(name) | ExprKind::Member { name, .. } => name,
                _ => "",
            },
            ExprKind::Index { base, .. } => match self.kind(*base) {
                ExprKind::Name(name) | ExprKind::Member { name, .. } => name,
                _ => "",
            },
            _ => "",
        }
    }

    fn class(&mut self, id: Id, mut attributes: Vec<ExprId>) {
        let Some(name) = self.tree.child(id, Field::Name) else { return };
        let (mut bases, mut keywords) = (Vec::new(), Vec::new());
        if let Some(list) = self.tree.child(id, Field::Superclasses) {
            for base in self.all_children(list) {
                match self.tree.syntax(base) {
                    Syntax::KeywordArgument => keywords.extend(self.keyword(base)),
                    Syntax::Splat | Syntax::KeywordSplat => self.discard(base),
                    Syntax::Subscript => bases.extend(self.annotation(base)),
                    _ => bases.extend(self.value(base)),
                }
            }
            if !keywords.is_empty() {
                // `class Hero(Base, table=True)`: keywords of the class statement stand as an attribute.
                let callee = self.push(list, ExprKind::Name("class".into()));
                attributes.push(self.push(list, ExprKind::Call { callee, args: keywords }));
            }
        }
        let is_protocol = bases.iter().any(|base| self.last_word(*base) == "Protocol");
        let kind = if is_protocol { DefinitionKind::Interface } else { DefinitionKind::Type };
        let def = self.define(self.tree.text(name), kind, self.tree.line(id), self.tree.end_line(id));
        let definition = self.definition(def);
        definition.bases = bases;
        definition.attributes = attributes;
        let [exprs, _, definitions] = self.mark();
        self.enter(def, ScopeKind::Class);
        self.field_block(id, Field::Body);
        self.leave();
        self.plain_functions(def, exprs, definitions);
    }

    /// A function that the class hands on by its bare name (`run(forward)`) gets whatever its caller passes, no instance,
    /// unless its first parameter is called like one.
    fn plain_functions(&mut self, class: DefId, exprs: usize, definitions: usize) {
        let FileFacts { definitions: all, exprs: arena, .. } = &mut self.facts;
        for method in all[definitions..].iter_mut().filter(|it| it.parent == class) {
            let Some(first) = method.params.first_mut() else { continue };
            let is_receiver = matches!(first.name.as_str(), "self" | "cls" | "mcs" | "mcls" | "klass" | "this" | "_");
            if first.kind == ParamKind::Receiver
                && !is_receiver
                && method.attributes.is_empty()
                && arena[exprs..].iter().any(|it| matches!(&it.kind, ExprKind::Name(name) if *name == method.name))
            {
                first.kind = ParamKind::Plain;
                method.traits.is_static = true;
            }
        }
    }

    fn function(&mut self, id: Id, attributes: Vec<ExprId>) {
        let Some(name) = self.tree.child(id, Field::Name) else { return };
        let in_class = self.scope_kind() == ScopeKind::Class;
        let kind = if in_class { DefinitionKind::Method } else { DefinitionKind::Function };
        let mut is_static = false;
        let (mut is_class, mut is_property, mut is_abstract) = (false, false, false);
        for attribute in &attributes {
            let word = self.last_word(*attribute);
            is_static |= word == "staticmethod";
            is_class |= word == "classmethod";
            is_property |= word.ends_with("property");
            is_abstract |= matches!(word, "abstractmethod" | "overload");
        }
        let takes_receiver = in_class && !is_static;
        let mut params = match self.tree.child(id, Field::Parameters) {
            Some(list) => self.parameters(list),
            None => Vec::new(),
        };
        if takes_receiver
            && let Some(first) = params.first_mut()
            && first.kind == ParamKind::Plain
        {
            first.kind = ParamKind::Receiver;
        }
        let result = self.tree.child(id, Field::ReturnType).and_then(|result| self.annotation(result));
        let in_interface = in_class && self.facts.definition(self.owner()).kind == DefinitionKind::Interface;
        let def = self.define(self.tree.text(name), kind, self.tree.line(id), self.tree.end_line(id));
        let body = self.tree.child(id, Field::Body);
        let definition = self.definition(def);
        definition.attributes = attributes;
        definition.params = params;
        definition.result = result;
        definition.traits.is_static = is_static;
        definition.traits.is_class =
            is_class || (in_class && matches!(definition.name.as_str(), "__new__" | "__init_subclass__"));
        definition.traits.is_property = in_class && is_property;
        let is_open = in_class && body.is_some_and(|it| self.tree.is_left_open(it));
        self.definition(def).traits.is_abstract = is_abstract || in_interface || is_open;
        self.enter(def, ScopeKind::Function);
        if let Some(body) = body {
            tell_apart(&self.tree, self.tree.child(id, Field::Parameters), body, &mut self.webs);
            self.block(body);
        }
        self.leave();
    }

    pub(super) fn parameters(&mut self, list: Id) -> Vec<Param> {
        let mut params = Vec::new();
        for id in self.all_children(list) {
            let (name, declared, default) = match self.tree.syntax(id) {
                Syntax::Identifier | Syntax::Splat | Syntax::KeywordSplat => (Some(id), None, None),
                Syntax::TypedParameter => (self.tree.first(id), self.tree.child(id, Field::Type), None),
                Syntax::DefaultParameter | Syntax::TypedDefaultParameter => (
                    self.tree.child(id, Field::Name),
                    self.tree.child(id, Field::Type),
                    self.tree.child(id, Field::Value),
                ),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let (kind, name) = match self.tree.syntax(name) {
                Syntax::Splat => (ParamKind::Rest, self.tree.first(name)),
                Syntax::KeywordSplat => (ParamKind::Keywords, self.tree.first(name)),
                Syntax::Identifier => (ParamKind::Plain, Some(name)),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let declared = declared.and_then(|declared| self.annotation(declared));
            let default = default.and_then(|default| self.value(default));
            let default = default.or_else(|| self.annotated_call(declared));
            params.push(Param { name: self.tree.text(name).into(), kind, declared, default });
        }
        params
    }

    /// `Annotated[T, f(x)]`: what the call says about the parameter counts as its default.
    fn annotated_call(&self, declared: Option<ExprId>) -> Option<ExprId> {
        let ExprKind::Index { base, index } = self.kind(declared?) else { return None };
        if self.last_word(*base) != "Annotated" {
            return None;
        }
        let ExprKind::Sequence(items) = self.kind(*index) else { return None };
        items.iter().skip(1).copied().find(|item| matches!(self.kind(*item), ExprKind::Call { .. }))
    }

    // ------------------------------------------------------------ __all__

    /// `__all__ = value` and `__all__ += value`.
    pub(super) fn declare_exports(&mut self, value: Option<ExprId>, adds: bool) {
        let names = match value.map(|value| self.kind(value)) {
            Some(ExprKind::Sequence(items)) => items
                .iter()
                .map(|item| match self.kind(*item) {
                    ExprKind::Text(name) => Some(name.clone()),
                    _ => None,
                })
                .collect::<Option<Vec<Text>>>(),
            _ => None,
        };
        let known = std::mem::take(&mut self.exports);
        self.exports = match (known, names) {
            (Exports::Known(mut known), Some(names)) if adds => {
                known.extend(names);
                Exports::Known(known)
            }
            (Exports::Undeclared, Some(names)) => Exports::Known(names),
            (Exports::Known(_), Some(names)) if !adds => Exports::Known(names),
            _ => Exports::Computed,
        };
    }

    /// `__all__.extend([..])` and `__all__.append(".."`) at module level.
    fn extends_exports(&mut self, call: Id) -> bool {
        if self.scope_kind() != ScopeKind::Module {
            return false;
        }
        let Some(callee) = self.tree.child(call, Field::Function) else { return false };
        let one = match self.tree.text(callee) {
            "__all__.extend" => false,
            "__all__.append" => true,
            _ => return false,
        };
        let argument = self.tree.child(call, Field::Arguments).and_then(|list| self.tree.first(list));
        let value = argument.and_then(|argument| self.value(argument));
        let value = match (one, value, argument) {
            (true, Some(value), Some(argument)) => Some(self.push(argument, ExprKind::Sequence(vec![value]))),
            (_, value, _) => value,
        };
        self.declare_exports(value, true);
        true
    }
}

/// `LIMIT` is a constant, `limit` a variable.
pub(super) fn variable_kind(name: &str) -> DefinitionKind {
    let shouts =
        name.bytes().any(|byte| byte.is_ascii_uppercase()) && !name.bytes().any(|byte| byte.is_ascii_lowercase());
    if shouts { DefinitionKind::Constant } else { DefinitionKind::Variable }
}
