//! Rules as data: what a `.scm` pattern file says once it is loaded. `docs/patterns.md` is its manual.
//!
//! A rule has a pattern over facts (matched by `extract`, one file at a time), guards that need the
//! whole program (checked by `link`), and settings. A stub tells `link` what a call into, or a
//! member of, code outside the project hands back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::fact::Text;

/// The closed capture vocabulary. An unknown name in a `.scm` file is a load error.
pub const CAPTURES: &[&str] = &[
    "access",
    "access.receiver",
    "access.target",
    "access.hook",
    "access.verb",
    "access.settle",
    "access.column",
    "access.applied",
    "access.described",
    "access.filter",
    "access.row",
    "access.stranger",
    "call",
    "call.signal",
    "column.name",
    "column.type",
    "definition.entity",
    "definition.naming",
    "definition.repository",
    "definition.store",
    "embedded.name",
    "embedded.prose",
    "embedded.sql",
    "endpoint",
    "endpoint.action",
    "endpoint.answers",
    "endpoint.body",
    "endpoint.coded",
    "endpoint.described",
    "endpoint.group",
    "endpoint.handler",
    "endpoint.hint",
    "endpoint.list",
    "endpoint.lookup",
    "endpoint.map",
    "endpoint.method",
    "endpoint.mount",
    "endpoint.name",
    "endpoint.parts",
    "endpoint.prefix",
    "endpoint.root",
    "endpoint.route",
    "endpoint.router",
    "endpoint.table",
    "endpoint.view",
    "entity.along",
    "entity.column",
    "entity.far",
    "entity.history",
    "entity.inverse",
    "entity.link",
    "entity.manager",
    "entity.of",
    "entity.maker",
    "entity.relation",
    "entity.schema",
    "entity.store",
    "message.handler",
    "message.publish",
    "message.subscribe",
    "message.topic",
    "naming.label",
    "naming.module",
    "naming.part",
    "naming.prefix",
    "naming.replacer",
    "parameter",
    "parameter.asked",
    "parameter.type",
    "provides",
    "provides.key",
    "relation",
    "relation.of",
    "remote",
    "remote.address",
    "repository.entity",
    "transaction",
    "transaction.after",
    "transaction.body",
];

const FLAG: &[&str] = &["true", "false"];
const ANY: &[&str] = &[];

/// The closed vocabulary of `(#set! key "value")`, with the values a key accepts; none listed means any text.
/// An unknown key or value in a `.scm` file is a load error.
pub const SETTINGS: &[(&str, &[&str])] = &[
    ("access.along", ANY),
    ("access.ahead", ANY),
    ("access.also", &["relation", "path", "instead"]),
    ("access.answers", ANY),
    ("access.asks", ANY),
    ("access.assumes", ANY),
    ("access.bare", ANY),
    ("access.between", ANY),
    ("access.cascade", &["row", "query"]),
    ("access.changes", ANY),
    ("access.chosen", ANY),
    ("access.compared", FLAG),
    ("access.confidence", &["likely", "guess"]),
    ("access.configured", ANY),
    ("access.ddl", ANY),
    ("access.delete", ANY),
    ("access.elsewhere", FLAG),
    ("access.fields", ANY),
    ("access.foreign", FLAG),
    ("access.through", ANY),
    ("access.told", FLAG),
    ("access.unanswered", ANY),
    ("access.given", ANY),
    ("access.handed", ANY),
    ("access.handle", &["any"]),
    ("access.hook", ANY),
    ("access.insert", ANY),
    ("access.inside", &["function"]),
    ("access.instead", ANY),
    ("access.join", &["true", "loads"]),
    ("access.keeper", ANY),
    ("access.kept", ANY),
    ("access.lazy", ANY),
    ("access.link", ANY),
    ("access.loaded", ANY),
    ("access.lookups", ANY),
    ("access.made", FLAG),
    ("access.of", ANY),
    ("access.origin", ANY),
    ("access.outermost", ANY),
    ("access.pending", &["true", "only", "own"]),
    ("access.reads", ANY),
    ("access.recorded", ANY),
    ("access.relations", ANY),
    ("access.replaced", &["elsewhere", "read", "read-keys", "write"]),
    ("access.returns", ANY),
    ("access.runs", &["migrations"]),
    ("access.select", ANY),
    ("access.shown", ANY),
    ("access.shows", ANY),
    ("access.store", ANY),
    ("access.subject", &["first", "target"]),
    ("access.target", &["entity", "name", "key"]),
    ("access.under", ANY),
    ("access.unknown", FLAG),
    ("access.unless", ANY),
    ("access.unmade", FLAG),
    ("access.untyped", &["likely", "guess"]),
    ("access.update", ANY),
    ("access.upsert", ANY),
    ("access.within", FLAG),
    ("call.runs", ANY),
    ("cascade.watched", FLAG),
    ("column.called", ANY),
    ("column.key", ANY),
    ("column.more", ANY),
    ("column.none", FLAG),
    ("column.nullable", ANY),
    ("column.optional", ANY),
    ("column.own", ANY),
    ("column.primary", FLAG),
    ("column.types", ANY),
    ("column.unique", FLAG),
    ("endpoint.above", ANY),
    ("endpoint.actions", ANY),
    ("endpoint.bare", FLAG),
    ("endpoint.acts", ANY),
    ("endpoint.allowed", ANY),
    ("endpoint.along", ANY),
    ("endpoint.brings", ANY),
    ("endpoint.fields", FLAG),
    ("endpoint.framework", ANY),
    ("endpoint.handler", ANY),
    ("endpoint.joined", FLAG),
    ("endpoint.key", ANY),
    ("endpoint.method", ANY),
    ("endpoint.methods", ANY),
    ("endpoint.more", ANY),
    ("endpoint.mounted", FLAG),
    ("endpoint.named", &["own", "around"]),
    ("endpoint.nested", FLAG),
    ("endpoint.own", FLAG),
    ("endpoint.part", FLAG),
    ("endpoint.qualified", FLAG),
    ("endpoint.quoted", FLAG),
    ("endpoint.replaces", FLAG),
    ("endpoint.root", ANY),
    ("endpoint.rooted", FLAG),
    ("endpoint.service", FLAG),
    ("endpoint.slash", ANY),
    ("endpoint.strip", ANY),
    ("endpoint.suffix", ANY),
    ("endpoint.under", ANY),
    ("entity.abstract", &["true", "false", "embedded", "bare"]),
    ("entity.adds", ANY),
    ("entity.beside", ANY),
    ("entity.brings", ANY),
    ("entity.columns", &["fields"]),
    ("entity.existing", FLAG),
    ("entity.extends", ANY),
    ("entity.foreign", ANY),
    ("entity.joined", FLAG),
    ("entity.key", ANY),
    ("entity.named_by", ANY),
    ("entity.part", ANY),
    ("entity.proxy", &["true", "maker", "made"]),
    ("entity.shape", FLAG),
    ("entity.single", FLAG),
    ("entity.store", ANY),
    ("entity.whole", FLAG),
    ("history.store", ANY),
    ("history.type", ANY),
    ("inverse.name", ANY),
    ("inverse.part", ANY),
    ("inverse.query", ANY),
    ("inverse.single", FLAG),
    ("inverse.type", ANY),
    ("inverse.words", ANY),
    ("manager.extends", ANY),
    ("manager.made", FLAG),
    ("manager.name", ANY),
    ("message.broker", ANY),
    ("message.heard", FLAG),
    ("naming.above", ANY),
    ("naming.without", &["plural", "snake", "lower"]),
    (
        "operation",
        &[
            "select", "insert", "update", "delete", "upsert", "ddl", "unknown", "target", "columns", "kept", "shown",
            "filled",
        ],
    ),
    ("parameter.agrees", ANY),
    ("parameter.at", ANY),
    ("parameter.is", ANY),
    ("parameter.keywords", FLAG),
    ("parameter.list", ANY),
    ("parameter.listed", ANY),
    ("parameter.member", ANY),
    ("parameter.method", ANY),
    ("parameter.name", ANY),
    ("provides.name", ANY),
    ("relation.cascade", &["delete", "update", "owned", "loosened", "belongs", "leaves"]),
    ("relation.column", ANY),
    ("relation.eager", FLAG),
    ("relation.kind", &["any", "foreign-key", "many-to-many", "has-many"]),
    ("relation.link", ANY),
    ("relation.loads", FLAG),
    ("relation.pointed", FLAG),
    ("relation.unless", ANY),
    ("remote.kind", ANY),
    ("row.assigns", ANY),
    ("row.copies", ANY),
    ("row.keywords", FLAG),
    ("row.members", FLAG),
    ("row.only", FLAG),
    ("row.operators", ANY),
    ("row.rest", ANY),
    ("row.types", FLAG),
    ("schema.creates", ANY),
    ("schema.drops", ANY),
    ("sql.chain", FLAG),
    ("sql.dialect", ANY),
    ("sql.expression", FLAG),
    ("sql.file", FLAG),
    ("sql.fragment", FLAG),
    ("sql.named", FLAG),
    ("sql.prepared", FLAG),
    ("sql.prepares", FLAG),
    ("sql.stem", ANY),
    ("store.kind", &["table", "view", "collection", "topic", "cache", "bucket"]),
    ("transaction.closes", FLAG),
    ("transaction.end", FLAG),
];

/// All rules and stubs of one run, built-in and the user's own, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    pub rules: Vec<Rule>,
    pub stubs: Vec<Stub>,
    /// Hash of all texts the set was loaded from: part of every cache key.
    pub fingerprint: String,
}

/// One pattern with its guards and settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Language and file, plus the rule's number in it: `python/orders:3`.
    pub id: String,
    pub language: String,
    pub pattern: Pattern,
    /// Names of captures; [`crate::model::fact::Match::captures`] index into it. `_private` names allowed.
    pub captures: Vec<String>,
    pub guards: Vec<Guard>,
    pub settings: BTreeMap<String, String>,
}

impl Rule {
    /// Pattern id without the rule's number: what the public graph names as `via`.
    pub fn via(&self) -> &str {
        self.id.split(':').next().unwrap_or(&self.id)
    }

    /// Whether its pattern has a capture of this name.
    pub fn has(&self, capture: &str) -> bool {
        self.captures.iter().any(|it| it == capture)
    }

    /// Whether the rule is about a text with SQL that counts by its looks where the receiver is not known.
    pub fn takes_any_sql(&self) -> bool {
        self.settings.contains_key("access.untyped") && self.has("embedded.sql")
    }

    /// Whether what is handed over tells by itself, whatever handle takes it: what nobody knows of may be one.
    pub fn takes_any_handle(&self) -> bool {
        self.takes_any_sql() || self.settings.contains_key("access.handle")
    }

    /// A setting's words.
    pub fn words(&self, setting: &str) -> impl Iterator<Item = &str> {
        self.settings.get(setting).map(String::as_str).unwrap_or_default().split_whitespace()
    }
}

/// Condition on a capture that `extract` cannot decide alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Guard {
    /// `(#type? @x "T" ..)`: the value is an instance of one of these types or of a type that inherits from one.
    Type { capture: u8, any_of: Vec<Text>, negated: bool },
    /// `(#is? @x "p" ..)`: the expression denotes, or the type inherits from, one of these qualified names.
    Is { capture: u8, any_of: Vec<Text>, negated: bool },
}

/// Shape over facts. See `docs/patterns.md` for the syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    pub shape: Shape,
    /// Index into the rule's captures.
    pub capture: Option<u8>,
}

/// Words a pattern accepts in the place of a name; empty accepts any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub any_of: Vec<Text>,
    /// Regular expression from `#match?`, empty when there is none.
    pub matching: Text,
    pub none_of: Vec<Text>,
    /// Regular expression from `#not-match?`, empty when there is none.
    pub not_matching: Text,
    pub capture: Option<u8>,
}

/// What a node must look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// `(_)`
    Any,
    /// `[P Q]`
    Either(Vec<Pattern>),
    /// `(name "x")`
    Name(Words),
    /// `(member base: P name: "x")`
    Member { base: Option<Box<Pattern>>, name: Words },
    /// `(call callee: P argument[0]: P keyword[k]: P argument: P)`; `receiver:` with `method:` is a member callee
    Call {
        callee: Option<Box<Pattern>>,
        receiver: Option<Box<Pattern>>,
        method: Option<Words>,
        arguments: Vec<(Place, Pattern)>,
    },
    /// `(chain of: P by: "x")`: P fits the node or, through calls of methods named so, what these are called on: the
    /// nearest that fits
    Chain { of: Box<Pattern>, by: Words },
    /// `(index base: P index: P)`
    Index { base: Option<Box<Pattern>>, index: Option<Box<Pattern>> },
    /// `(text "x")`: a literal
    Text(Words),
    /// `(string)`: a literal, a template, or a name that may lead to one
    String,
    /// `(sequence P)`: some element matches; `(sequence[0] P)` would be an argument place
    Sequence(Vec<(Place, Pattern)>),
    /// `(mapping key[k]: P)`
    Mapping(Vec<(Place, Pattern)>),
    /// `(construct of: P field[Name]: P)`
    Construct { of: Option<Box<Pattern>>, fields: Vec<(Place, Pattern)> },
    /// `(literal)`: a function literal
    Function,
    /// `(constant "true")`
    Constant(Words),
    /// `(definition kind: ["type" "function"] name: "x" base: P attribute: P parameter[0]: P result: P return: P declared: P value: P inside: D field[x]: P member: D)`
    Definition(Box<DefinitionShape>),
    /// `(with P)`: a `with` block over an expression
    With(Box<Pattern>),
    /// A predicate on a captured node: its own word (a name, a member's name, a literal's text) must be one of these;
    /// a node without a word passes negated predicates only.
    Worded(Box<Shape>, Words),
    /// `(assign target: P value: P)`
    Assign { target: Option<Box<Pattern>>, value: Option<Box<Pattern>> },
}

/// What a definition must look like; every part given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionShape {
    /// `module function method type interface alias field constant variable`; empty for any.
    pub kinds: Vec<Text>,
    pub name: Words,
    /// Some base matches.
    pub bases: Vec<Pattern>,
    /// Some decorator, attribute or struct tag matches.
    pub attributes: Vec<Pattern>,
    /// Declared type of a parameter.
    pub parameters: Vec<(Place, Pattern)>,
    pub result: Option<Pattern>,
    /// Some returned expression matches.
    pub returns: Option<Pattern>,
    pub declared: Option<Pattern>,
    pub value: Option<Pattern>,
    /// Type a method was written for (`impl T`, Go receiver).
    pub receiver: Option<Pattern>,
    /// Trait of an `impl Trait for T`.
    pub implements: Option<Pattern>,
    /// The definition around it matches.
    pub inside: Option<Pattern>,
    /// Some definition directly inside matches; with [`Place::Named`], the one of that name.
    pub members: Vec<(Place, Pattern)>,
}

/// Which argument, element, field or member is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Some one of them.
    Some,
    /// Every one of them: one match for each.
    Each,
    At(u8),
    Last,
    /// By name; `*` is every one that has a name, one match for each.
    Named(Text),
}

/// What `link` may assume of code outside the project.
///
/// `(stub "example.com/rows.Open" returns: "example.com/rows.DB")`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stub {
    pub language: String,
    /// Qualified name; a member of an instance is `pkg.Type.member`; `*` as last part stands for any member,
    /// `[]` for an index.
    pub path: Text,
    pub gives: Gives,
    /// The value belongs to a store named by the member, the index or the first text argument.
    pub subject: Option<Subject>,
    /// `subject: "table"` on a type: instances of it are rows of that store.
    pub store: Option<Text>,
    /// `of: ["a" "b.c"]`: the subject is that of the first member of the receiver that has one.
    pub of: Vec<Text>,
    /// `by: "T"` beside `relates:`: a collection of rows on the other side is a T about them.
    pub by: Option<Text>,
    /// `between: "table"` beside `relates:`: the table between the two.
    pub between: Option<Text>,
    /// `inverse: ["rows" "queries"]` beside `relates:`: what instances and queries of the other side call this one.
    pub inverse: Vec<Text>,
    /// `text: argument[n]`: the value carries the text of that argument (a prepared statement).
    pub text: Option<u8>,
}

/// What the stubbed name is or returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gives {
    /// `returns: "T"`: a call gives an instance of T.
    Instance(Text),
    /// `returns: self`: a call gives its receiver.
    Receiver,
    /// `returns: argument[n]`: a call gives its argument (decorators, wrappers).
    Argument(u8),
    /// `returns: given[n]`: a call gives its argument n, a function that is given the arguments after it (`partial(f, x)`).
    Given(u8),
    /// `returns: list[n]`: a call gives a list of what its argument yields.
    ListOf(u8),
    /// `returns: pairs[n]`: a call gives a mapping of the pairs that its argument yields.
    PairsOf(u8),
    /// `returns: arguments`: a call gives a list of its arguments.
    Arguments,
    /// `returns: format[n]`: a call gives its argument n, a text with `printf` verbs, filled with the arguments after it.
    Format(u8),
    /// `returns: call[n]`: a call gives what calling its argument gives (`Depends(f)`).
    CallOf(u8),
    /// `returns: instance[n]`: a call gives an instance of the type that argument n names.
    InstanceOf(u8),
    /// `returns: named[n]`: the modules, types and functions that the dotted texts of argument n name (`import_string("shop.Order")`),
    /// also the values of a mapping.
    Named(u8),
    /// `returns: entity`: the entity type that its text arguments name (`"shop.Order"`, or `"shop", "Order"`).
    /// `returns: entity[NAME]`: the one that the text of a module's variable `NAME` names, or what is known as `NAME`.
    Entity(Option<Text>),
    /// `is: entity[NAME]`: the member is an instance of it.
    EntityOf(Text),
    /// `is: setting[word]`: what variables of the member's name hold in modules whose name has that word.
    Setting(Text),
    /// `returns: element`: an element of the receiver.
    Element,
    /// `returns: member` of `T.[]`: the member of the receiver that the text index names (`row["customer"]`).
    Keyed,
    /// `returns: subject`: an instance of the entity the receiver is about (`Order.objects.get()` gives an `Order`).
    Subject,
    /// `is: "T"`: the member, read as a field, is an instance of T.
    Field(Text),
    /// `is: subject`: the member is an instance of the entity the receiver is about.
    Held,
    /// `is: entity`: the member is the entity type itself that the receiver is about.
    Asked,
    /// `is: store`, `returns: store`: a text, the name of the store that the receiver is about, or the argument, or the member
    /// of the receiver that `of:` names.
    StoreName,
    /// `same: "q"`: another name of q (re-exports).
    Same(Text),
    /// `extends: "U"`: type inherits from U.
    Extends(Text),
    /// `relates: "U"`: rows of the type have this relation to rows of U.
    Relates(Text),
    /// `wraps: n`: the generic type stands for its n-th argument (`Arc<T>`, `Optional[T]`, `Mapped[T]`).
    Wraps(u8),
    /// `names: n`: the generic type is its n-th argument as such, not an instance of it (`type[T]`).
    Names(u8),
    /// `holds: n`: the generic type is a container whose elements are its n-th argument.
    Holds(u8),
}

/// Where the name of the store comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Name of the member: `db.posts`.
    Member,
    /// Text index: `db["posts"]`.
    Index,
    /// An argument: `db.Collection("posts")`, `session.query(Order)`.
    Argument(u8),
    /// All arguments, also entities whose members stand in them: `session.query(Order.id, func.count(Line.id))`.
    Arguments,
    /// The type or instance the member is read from: `Order.objects`.
    Owner,
}
