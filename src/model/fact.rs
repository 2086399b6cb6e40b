//! What one file states, in a small form that all languages share.
//!
//! A frontend lowers a syntax tree to this form in one walk; nothing here depends on another file.
//! Expressions live in one arena per file. Pointers, references, `await`, `?`, parentheses and
//! casts are dropped; what has no bearing on names, types, strings and calls is [`ExprKind::Unknown`].
//!
//! # Type expressions
//! Types use the same arena: a name is [`ExprKind::Name`] or [`ExprKind::Member`], and every applied
//! generic is [`ExprKind::Index`] whose index is the argument, or a [`ExprKind::Sequence`] of them
//! (`List[Order]`, `Arc<Repo>`, `Result<T, E>`). Go's `[]T` is `Index{Name("[]"), T}`, `map[K]V` is
//! `Index{Name("map"), Sequence[K, V]}`, `chan T` is `Index{Name("chan"), T}`, a function type is
//! `Index{Name("func"), Sequence[result]}`, and where what it takes is told
//! `Index{Index{Name("func"), Sequence[input]}, Sequence[result]}`. `*T`, `&T`, `dyn T`, `impl T` are just `T`.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::model::diagnostic::Diagnostic;
use crate::model::sql::SqlStatement;

/// Short string; up to 24 bytes are stored in place.
pub type Text = CompactString;

/// Index into [`FileFacts::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// Index into [`FileFacts::definitions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DefId(pub u32);

impl DefId {
    /// The file's own module, always the first definition.
    pub const MODULE: Self = Self(0);
}

/// Lines and columns count from 1; columns are bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// All facts of one file. Serialized into the cache, keyed by content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Lines of the file.
    pub lines: u32,
    /// What stands between a module and its members in qualified names: `.` or `::`.
    pub separator: Text,
    /// How types of this language relate.
    pub typing: Typing,
    /// `definitions[0]` is the module itself.
    pub definitions: Vec<Definition>,
    pub exprs: Vec<Expr>,
    pub imports: Vec<Import>,
    /// Assignments, returns and calls in source order (inner calls before the outer one).
    pub steps: Vec<Step>,
    /// Blocks that matter: `with`, loops.
    pub regions: Vec<Region>,
    /// Uses of a variable with several values that only one assignment can have given its value, in the order of the uses: the
    /// use, and what that assignment gives a value to.
    pub settled: Vec<(ExprId, ExprId)>,
    /// Calls that stand as a statement: nothing takes what they give.
    pub unused: Vec<ExprId>,
    /// Names the module declares as its public ones (`__all__`), when it does.
    pub exports: Option<Vec<Text>>,
    /// What the patterns (`queries/**/*.scm`) found, filled by `extract` after the frontend.
    pub matches: Vec<Match>,
    /// Statements of an `.sql` file.
    pub sql: Vec<SqlStatement>,
    /// An `.sql` file as it is written, where it is short and holds one statement: other texts may go on with it.
    pub written: String,
    /// Macros that the file writes and runs.
    pub macros: Macros,
    /// Files that this one makes part of its package, where a language has a file compiled only if another says so (Rust's
    /// `mod orders;`); none elsewhere.
    pub submodules: Option<Vec<Submodule>>,
    /// No build holds the file but one that names a tag of the program's own (Go's `//go:build wireinject`).
    pub is_tagged: bool,
    /// Line from which code runs only where the file is started as a program (Python's `if __name__ == "__main__":`).
    pub starts_at: Option<u32>,
    /// Problems of this file; `file` is left empty, `extract` fills it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that another one names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submodule {
    /// The module's name, or what a macro's call has in its place: any of its words, a path.
    pub name: Text,
    /// It is compiled for tests only.
    pub is_test: bool,
}

/// Macros by example that a file writes, and those that it runs: what they stand for may be written in another file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Macros {
    pub written: Vec<WrittenMacro>,
    /// As they are called, each once, sorted: `query`, or `store::query` with the first part of the path.
    pub run: Vec<Text>,
    /// Calls of the project's own macros that were not expanded.
    pub opaque: Vec<OpaqueCall>,
}

/// A macro with its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrittenMacro {
    pub name: Text,
    /// Its rules as they are written.
    pub rules: String,
    /// Other packages see it.
    pub is_exported: bool,
    /// Macros that its rules run, as in [`Macros::run`].
    pub runs: Vec<Text>,
}

/// A call of a macro that nobody looked into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpaqueCall {
    pub owner: DefId,
    pub line: u32,
    pub name: Text,
    /// Names and texts among its arguments and in its rules, each once, sorted.
    pub words: Vec<Text>,
}

/// What a macro of the project stands for, for the files that run it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownMacro {
    /// As in [`Macros::run`].
    pub name: Text,
    /// Rules in their order, of all its definitions; none where it is not clear which of several it is.
    pub rules: Vec<String>,
    /// Namespace of the package that writes it; empty for the file's own.
    pub namespace: Text,
}

/// How types of a language relate to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// A type satisfies an interface by its methods alone, without saying so.
    pub is_structural: bool,
    /// What stands among a type's bases is a part of it, not what it inherits from.
    pub embeds_parts: bool,
    /// A method of a type may use members that only types below it have.
    pub looks_below: bool,
    /// Members of a type are no names within it: `Store *Store` is of the type, not of the field.
    pub hides_members: bool,
}

/// What a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefinitionKind {
    /// A file's module or an inline `mod`.
    Module,
    /// Free function, also a nested one.
    Function,
    /// Function that belongs to a type.
    Method,
    /// Class, struct, enum.
    Type,
    /// Go interface, Rust trait, Python `Protocol`: satisfied by others.
    Interface,
    /// Another name for a type (`type X = Y`, `X: TypeAlias`).
    Alias,
    /// Struct field, class attribute, enum variant.
    Field,
    Constant,
    /// Module variable.
    Variable,
    /// Lambda, closure, function literal; its accesses belong to the function around it.
    Closure,
    /// `macro_rules!` and the like.
    Macro,
}

/// Who can see a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    #[default]
    Public,
    /// `pub(crate)`, or an exported name in a Go `internal` package is still [`Visibility::Public`].
    Package,
    Private,
}

/// One thing with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Simple name; empty for a closure.
    pub name: Text,
    /// Name inside the module as qualified names write it: `Order.save`, `(*Service).Create`, `Service::create`,
    /// `outer.inner`. Empty for the module itself.
    pub path: Text,
    pub kind: DefinitionKind,
    /// Enclosing definition; the module's parent is itself.
    pub parent: DefId,
    pub line: u32,
    pub end_line: u32,
    pub visibility: Visibility,
    /// For a method written outside its type: the type (Go receiver, Rust `impl` self type).
    pub receiver: Option<ExprId>,
    /// For a method in `impl Trait for Type`: the trait.
    pub implements: Option<ExprId>,
    /// Superclasses, embedded structs and interfaces, supertraits. For an alias: the aliased type.
    pub bases: Vec<ExprId>,
    /// Decorators and attributes in source order; a Go struct tag `row:"column:x;unique"` is
    /// `Call{Name("row"), [column = "x", "unique"]}`, the tag of an embedded type is an attribute of the struct,
    /// Rust's `#[row(table_name = users)]` is `Call{Name("row"), [table_name = Name("users")]}`.
    pub attributes: Vec<ExprId>,
    pub params: Vec<Param>,
    /// Type parameters of a function, those of its receiver's type for a method, each with the constraint that stands for
    /// it in the body, if one does.
    pub type_params: Vec<(Text, Option<ExprId>)>,
    /// Declared result type; several results are a tuple.
    pub result: Option<ExprId>,
    /// Declared type of a field, variable or constant.
    pub declared: Option<ExprId>,
    /// Initial value of a field, variable or constant.
    pub value: Option<ExprId>,
    /// Names of the scopes around that the body assigns instead of own ones (Python's `global`, `nonlocal`).
    pub rebinds: Vec<Text>,
    pub traits: DefinitionTraits,
}

/// Yes-or-no properties of a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property of a definition")]
pub struct DefinitionTraits {
    /// Takes no instance (`@staticmethod`, associated function without `self`).
    pub is_static: bool,
    /// Takes the type itself (`@classmethod`).
    pub is_class: bool,
    /// Read like a field (`@property`).
    pub is_property: bool,
    /// A test function, or inside `#[cfg(test)]`.
    pub is_test: bool,
    /// Has no body (interface method, abstract method).
    pub is_abstract: bool,
    /// Produces its values one by one (a generator).
    pub is_generator: bool,
    /// Only type checkers see it (`if TYPE_CHECKING:`).
    pub is_types_only: bool,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    #[default]
    Plain,
    /// `self`, `cls`, the Go receiver.
    Receiver,
    /// `*args`, `...T`.
    Rest,
    /// `**kwargs`.
    Keywords,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub name: Text,
    pub kind: ParamKind,
    pub declared: Option<ExprId>,
    pub default: Option<ExprId>,
}

/// One expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expr {
    pub kind: ExprKind,
    /// Where it starts; for a method call in a chain, where the method's name stands.
    pub at: Position,
    pub end_line: u32,
}

/// The name that is written where an item is meant beside a variable of the same name (`::query` for the call in
/// `let query = query(..)`).
pub fn written_name(name: &str) -> &str {
    name.strip_prefix("::").unwrap_or(name)
}

/// The shapes of expressions that matter to names, types, strings and calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExprKind {
    Name(Text),
    /// `base.name`, `base::name`.
    Member {
        base: ExprId,
        name: Text,
    },
    Call {
        callee: ExprId,
        args: Vec<Argument>,
    },
    /// `base[index]`; also an applied generic.
    Index {
        base: ExprId,
        index: ExprId,
    },
    /// String literal, unescaped.
    Text(Text),
    /// Text with holes: f-strings, concatenation, `fmt.Sprintf`, `format!`, `%`, `.format`.
    Template(Vec<Piece>),
    /// Number, boolean, null as written.
    Constant(Text),
    /// List, tuple, set, array, slice.
    Sequence(Vec<ExprId>),
    /// Dictionary or map literal; a key of `None` is a spread.
    Mapping(Vec<(Option<ExprId>, ExprId)>),
    /// Composite literal with a type: `User{Name: n}`, `User { name }`.
    Construct {
        of: ExprId,
        fields: Vec<Argument>,
    },
    /// One element of what is iterated (`for x in xs`, comprehension, channel receive).
    Element(ExprId),
    /// What a context manager hands out (`with f() as x`).
    Entered(ExprId),
    /// Either of these: `a or b`, conditional expression, `match` arms.
    Choice(Vec<ExprId>),
    /// Sides of a comparison or a condition (`Order.customer_id == Customer.id`): a truth value, or a part of a statement.
    Compared(Vec<ExprId>),
    /// Function literal.
    Function(DefId),
    /// Call of a macro whose arguments could be read (`sqlx::query!(..)` is a Call on `Name("query!")`).
    Unknown,
}

/// One argument of a call or one field of a composite literal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    /// Keyword or field name.
    pub name: Option<Text>,
    pub value: ExprId,
    /// `*xs`, `xs...`, `**kw`.
    pub spread: bool,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    Text(Text),
    Hole(ExprId),
}

/// Where the path of an import starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Anchor {
    /// The path is complete (`import a.b`, Go import paths), or names a sibling or an external package (Rust 2018 paths).
    Absolute,
    /// Root of the own package (`crate::`).
    Package,
    /// So many levels above the own module; 0 is the own module (`self::`), and for Python 1 is the own package (`from . import`).
    Up(u32),
    /// The folder of the file, for a module that a declaration finds by its path (Rust's `#[path = ".."] mod`).
    Folder,
}

/// One imported name, or a glob.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Definition whose scope sees the name (the module, or a function for a lazy import).
    pub scope: DefId,
    pub anchor: Anchor,
    /// The module's path, and for Rust every segment but the last; Go's whole path is one segment.
    pub path: Vec<Text>,
    /// The member imported from it; `None` when the module itself is imported.
    pub name: Option<Text>,
    /// The name it gets in this scope; `None` for a glob. `import a.b` binds `a`, so its alias is `a`.
    pub alias: Option<Text>,
    /// Everything public of the module (`*`, Go dot imports).
    pub glob: bool,
    /// Visible to importers of this module (`pub use`, any Python import).
    pub reexport: bool,
    /// Only for type checkers (`if TYPE_CHECKING:`).
    pub types_only: bool,
    pub line: u32,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepKind {
    /// `target` is a name, a member, an index, or a sequence of these (unpacking).
    Assign {
        target: ExprId,
        value: ExprId,
    },
    /// `target: Type` with or without a value.
    Declare {
        target: ExprId,
        declared: ExprId,
    },
    Return(ExprId),
    /// Value of a generator.
    Yield(ExprId),
    /// A call; its expression is [`ExprKind::Call`].
    Call(ExprId),
    /// A call started on another thread of control (`go f()`, `tokio::spawn`), besides its [`StepKind::Call`].
    Spawn(ExprId),
    /// A member read whose value goes nowhere else: a condition, an operand. It may run a property or load a relation.
    Read(ExprId),
}

/// One step of a definition's body.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub owner: DefId,
    pub kind: StepKind,
    pub line: u32,
}

/// Kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum RegionKind {
    /// `with expr:`; `async with`.
    With(ExprId),
    Loop,
    /// A branch that ends by leaving the function: what stands below it does not follow it.
    Leaving,
}

/// A block of lines inside a definition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub owner: DefId,
    pub kind: RegionKind,
    pub first_line: u32,
    pub last_line: u32,
}

/// What a capture of a pattern stands on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Captured {
    Expr(ExprId),
    Definition(DefId),
    /// A bare name inside a node: a method's name, a keyword.
    Word(Text),
}

/// One hit of a pattern in a file. `link` decides what it means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Index into the rule set the facts were made with.
    pub rule: u32,
    /// Definition around the hit; for a hit on a definition, the definition itself.
    pub owner: DefId,
    pub line: u32,
    /// Captures in the order of the pattern; names are captures by index into the rule.
    pub captures: Vec<(u8, Captured)>,
}

impl FileFacts {
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    pub fn definition(&self, id: DefId) -> &Definition {
        &self.definitions[id.0 as usize]
    }

    /// What a variable holds at a use that only one assignment can have given its value.
    pub fn settled_value(&self, used: ExprId) -> Option<ExprId> {
        let at = self.settled.binary_search_by_key(&used, |it| it.0).ok()?;
        let given = self.settled[at].1;
        self.steps.iter().find_map(|step| match step.kind {
            StepKind::Assign { target, value } if target == given => Some(value),
            _ => None,
        })
    }

    pub fn def_ids(&self) -> impl Iterator<Item = DefId> + use<> {
        (0..self.definitions.len() as u32).map(DefId)
    }
}

impl Definition {
    /// Whether its body gives values to names that others see as soon as they are loaded: a module's, a type's, and that of a
    /// function that fills variables around it (`global db`).
    pub fn fills_names(&self) -> bool {
        matches!(self.kind, DefinitionKind::Module | DefinitionKind::Type) || !self.rebinds.is_empty()
    }

    /// A definition with nothing but its name and place.
    pub fn new(
        name: impl Into<Text>,
        path: impl Into<Text>,
        kind: DefinitionKind,
        parent: DefId,
        line: u32,
        end_line: u32,
    ) -> Self {
        Self {
            name: name.into(),
            path: path.into(),
            kind,
            parent,
            line,
            end_line,
            visibility: Visibility::Public,
            receiver: None,
            implements: None,
            bases: Vec::new(),
            attributes: Vec::new(),
            params: Vec::new(),
            type_params: Vec::new(),
            result: None,
            declared: None,
            value: None,
            rebinds: Vec::new(),
            traits: DefinitionTraits::default(),
        }
    }
}

/// The name that a variable has in the source: of several in one function, frontends number all but the first (`row·2`).
pub fn plain_name(numbered: &str) -> &str {
    numbered.split('·').next().unwrap_or(numbered)
}
