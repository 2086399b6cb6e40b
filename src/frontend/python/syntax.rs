//! A flat copy of the tree-sitter tree, in source order, without comments and punctuation.
//!
//! One cursor walk builds it without recursion, so depth costs no stack; afterwards nodes are plain
//! indices and a list of children is a slice walk. Strings without holes stay leaves.

use std::sync::LazyLock;

use tree_sitter::Language;

use crate::frontend::trees;

/// One node: its shape, the role it plays in its parent, and the bytes it covers.
#[derive(Clone, Copy, Debug)]
struct Node {
    syntax: Syntax,
    field: Field,
    start: u32,
    end: u32,
    row: u32,
    /// Index after the last node of this subtree.
    after: u32,
}

/// Index of a node in a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u32);

/// The nodes of one file, parents before children.
pub(super) struct Tree<'s> {
    pub(super) source: &'s str,
    nodes: Vec<Node>,
    line_starts: Vec<u32>,
    /// Row of the first place that the grammar refused.
    pub(super) first_error: Option<u32>,
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident: $($variant:ident = $($kind:literal)|+),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name {
            /// Not kept.
            None,
            $($variant),+
        }

        impl $name {
            const NAMES: &'static [(&'static str, $name)] = &[$($(($kind, $name::$variant)),+),+];
        }
    };
}

table! {
    /// The shapes of nodes that matter, named like the grammar's.
    Syntax:
    Module = "module",
    Error = "ERROR",
    Block = "block",
    ExpressionStatement = "expression_statement",
    Assignment = "assignment",
    AugmentedAssignment = "augmented_assignment",
    ReturnStatement = "return_statement",
    IfStatement = "if_statement",
    ElifClause = "elif_clause",
    ElseClause = "else_clause",
    ForStatement = "for_statement",
    WhileStatement = "while_statement",
    TryStatement = "try_statement",
    ExceptClause = "except_clause",
    FinallyClause = "finally_clause",
    WithStatement = "with_statement",
    WithClause = "with_clause",
    WithItem = "with_item",
    MatchStatement = "match_statement",
    CaseClause = "case_clause",
    Import = "import_statement",
    ImportFrom = "import_from_statement",
    RelativeImport = "relative_import",
    ImportPrefix = "import_prefix",
    AliasedImport = "aliased_import",
    Wildcard = "wildcard_import",
    DottedName = "dotted_name",
    Global = "global_statement" | "nonlocal_statement",
    Raise = "raise_statement",
    OtherStatement = "assert_statement" | "delete_statement" | "print_statement" | "exec_statement" | "chevron",
    TypeAlias = "type_alias_statement",
    Decorated = "decorated_definition",
    Decorator = "decorator",
    Class = "class_definition",
    Function = "function_definition",
    Parameters = "parameters" | "lambda_parameters",
    DefaultParameter = "default_parameter",
    TypedParameter = "typed_parameter",
    TypedDefaultParameter = "typed_default_parameter",
    Lambda = "lambda",
    Type = "type",
    GenericType = "generic_type",
    TypeParameter = "type_parameter",
    UnionType = "union_type",
    MemberType = "member_type",
    ConstrainedType = "constrained_type",
    Identifier = "identifier",
    Attribute = "attribute",
    Call = "call",
    Arguments = "argument_list",
    KeywordArgument = "keyword_argument",
    Subscript = "subscript",
    Slice = "slice",
    Str = "string",
    ConcatenatedString = "concatenated_string",
    StringContent = "string_content",
    Interpolation = "interpolation",
    Number = "integer" | "float",
    Literal = "true" | "false" | "none",
    Ellipsis = "ellipsis",
    List = "list" | "set" | "tuple" | "expression_list",
    Pattern = "pattern_list" | "tuple_pattern" | "list_pattern",
    Dictionary = "dictionary",
    Pair = "pair",
    Comprehension = "list_comprehension" | "set_comprehension" | "generator_expression",
    DictionaryComprehension = "dictionary_comprehension",
    ForIn = "for_in_clause",
    IfClause = "if_clause",
    Splat = "list_splat" | "list_splat_pattern" | "splat_pattern",
    KeywordSplat = "dictionary_splat" | "dictionary_splat_pattern",
    Binary = "binary_operator",
    Boolean = "boolean_operator",
    Not = "not_operator",
    Unary = "unary_operator",
    Comparison = "comparison_operator",
    Conditional = "conditional_expression",
    Named = "named_expression",
    AsPattern = "as_pattern",
    AsTarget = "as_pattern_target",
    Await = "await",
    Yield = "yield",
    Parenthesized = "parenthesized_expression" | "parenthesized_list_splat",
    CasePattern = "case_pattern",
    ClassPattern = "class_pattern",
    KeywordPattern = "keyword_pattern",
    DictPattern = "dict_pattern",
    UnionPattern = "union_pattern",
    From = "from",
    Plus = "+" | "+=",
    Percent = "%",
    Or = "|" | "|=" | "&" | "&=",
    And = "and",
    Over = "/",
    Minus = "-",
    Underscore = "_",
}

table! {
    /// The roles of children that matter, named like the grammar's.
    Field:
    Left = "left",
    Right = "right",
    Type = "type",
    Body = "body",
    Consequence = "consequence",
    Condition = "condition",
    Alternative = "alternative",
    Alias = "alias",
    Name = "name",
    ModuleName = "module_name",
    Value = "value",
    Key = "key",
    Superclasses = "superclasses",
    Parameters = "parameters",
    ReturnType = "return_type",
    Definition = "definition",
    Function = "function",
    Arguments = "arguments",
    Object = "object",
    Attribute = "attribute",
    Subscript = "subscript",
    Operator = "operator",
    Subject = "subject",
    Guard = "guard",
    Expression = "expression",
    FormatSpecifier = "format_specifier",
    TypeConversion = "type_conversion",
}

/// Grammar ids to our own.
struct Grammar {
    language: Language,
    kinds: Vec<Syntax>,
    fields: Vec<Field>,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let language: Language = tree_sitter_python::LANGUAGE.into();
    let kinds = (0..language.node_kind_count() as u16)
        .map(|id| {
            let syntax = lookup(Syntax::NAMES, language.node_kind_for_id(id)).unwrap_or(Syntax::None);
            // Keywords share their names with the nodes they open (`await`, `lambda`).
            let is_token = matches!(
                syntax,
                Syntax::From
                    | Syntax::And
                    | Syntax::Plus
                    | Syntax::Percent
                    | Syntax::Or
                    | Syntax::Over
                    | Syntax::Minus
                    | Syntax::Underscore
            );
            if language.node_kind_is_named(id) == is_token { Syntax::None } else { syntax }
        })
        .collect();
    let fields = (0..=language.field_count() as u16)
        .map(|id| lookup(Field::NAMES, language.field_name_for_id(id)).unwrap_or(Field::None))
        .collect();
    Grammar { language, kinds, fields }
});

fn lookup<T: Copy>(names: &[(&str, T)], name: Option<&str>) -> Option<T> {
    let name = name?;
    names.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

impl<'s> Tree<'s> {
    /// Parses a file of less than 4 GiB. `None` only when the grammar and the library disagree.
    pub(super) fn parse(source: &'s str) -> Option<Self> {
        let parsed = trees::parse(&GRAMMAR.language, source)?;
        let mut tree = Self {
            source,
            nodes: Vec::with_capacity(source.len() / 6),
            line_starts: line_starts(source),
            first_error: None,
        };
        tree.copy(&parsed);
        Some(tree)
    }

    fn copy(&mut self, parsed: &tree_sitter::Tree) {
        let mut cursor = parsed.walk();
        let broken = parsed.root_node().has_error();
        // Open nodes; `None` stands for a node that is not kept but whose children are.
        let mut open: Vec<Option<u32>> = Vec::new();
        loop {
            let node = cursor.node();
            let kind = node.kind_id();
            let syntax = if node.is_error() {
                Syntax::Error
            } else {
                GRAMMAR.kinds.get(usize::from(kind)).copied().unwrap_or(Syntax::None)
            };
            if broken && self.first_error.is_none() && (syntax == Syntax::Error || node.is_missing()) {
                self.first_error = Some(node.start_position().row as u32);
            }
            let (mut slot, mut enter) = (None, true);
            if syntax == Syntax::None {
                enter = node.child_count() > 0;
            } else {
                let start = node.start_byte() as u32;
                let field = cursor.field_id().map_or(Field::None, |id| {
                    GRAMMAR.fields.get(usize::from(id.get())).copied().unwrap_or(Field::None)
                });
                slot = Some(self.nodes.len() as u32);
                self.nodes.push(Node {
                    syntax,
                    field,
                    start,
                    end: node.end_byte() as u32,
                    row: node.start_position().row as u32,
                    after: self.nodes.len() as u32 + 1,
                });
                enter = match syntax {
                    Syntax::Identifier | Syntax::StringContent => false,
                    Syntax::Str => self.has_holes(start),
                    _ => enter,
                };
            }
            if enter && cursor.goto_first_child() {
                open.push(slot);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                if let Some(Some(parent)) = open.pop() {
                    self.nodes[parent as usize].after = self.nodes.len() as u32;
                }
            }
        }
    }

    /// True for f-strings (and template strings): only these have children worth a visit.
    fn has_holes(&self, start: u32) -> bool {
        self.source.as_bytes()[start as usize..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
    }

    pub(super) fn root(&self) -> Option<Id> {
        (!self.nodes.is_empty()).then_some(Id(0))
    }

    pub(super) fn lines(&self) -> u32 {
        let last = self.line_starts.last().copied().unwrap_or(0) as usize;
        self.line_starts.len() as u32 - u32::from(last == self.source.len())
    }

    pub(super) fn syntax(&self, id: Id) -> Syntax {
        self.nodes[id.0 as usize].syntax
    }

    pub(super) fn field(&self, id: Id) -> Field {
        self.nodes[id.0 as usize].field
    }

    pub(super) fn text(&self, id: Id) -> &'s str {
        let node = &self.nodes[id.0 as usize];
        self.source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Line of the first byte, from 1.
    pub(super) fn line(&self, id: Id) -> u32 {
        self.nodes[id.0 as usize].row + 1
    }

    /// Byte column of the first byte, from 1.
    pub(super) fn column(&self, id: Id) -> u32 {
        let node = &self.nodes[id.0 as usize];
        node.start - self.line_starts.get(node.row as usize).copied().unwrap_or(node.start) + 1
    }

    /// Line of the last byte, from 1.
    pub(super) fn end_line(&self, id: Id) -> u32 {
        let node = &self.nodes[id.0 as usize];
        let last = node.end.max(node.start + 1) - 1;
        // Most nodes stand on one line.
        if self.line_starts.get(node.row as usize + 1).is_none_or(|next| last < *next) {
            return node.row + 1;
        }
        self.line_starts.partition_point(|start| *start <= last) as u32
    }

    pub(super) fn children(&self, id: Id) -> Children {
        Children { next: id.0 + 1, end: self.nodes[id.0 as usize].after }
    }

    /// Whether a body, but for what it documents, only says that those below have to answer (`raise NotImplementedError`).
    pub(super) fn is_left_open(&self, body: Id) -> bool {
        let mut children = self.children(body);
        let mut is_open = false;
        while let Some(child) = children.next(self) {
            match self.syntax(child) {
                Syntax::Raise => is_open = self.text(child).starts_with("raise NotImplementedError"),
                Syntax::ExpressionStatement if self.text(child).starts_with(['"', '\'']) => {}
                _ => return false,
            }
        }
        is_open
    }

    /// The node and all below it.
    pub(super) fn range(&self, id: Id) -> std::ops::Range<Id> {
        id..Id(self.nodes[id.0 as usize].after)
    }

    /// All nodes below a node, in the order of the source.
    pub(super) fn inside(&self, id: Id) -> impl Iterator<Item = Id> + use<> {
        (id.0 + 1..self.nodes[id.0 as usize].after).map(Id)
    }

    /// First child with that role.
    pub(super) fn child(&self, id: Id, field: Field) -> Option<Id> {
        let mut children = self.children(id);
        while let Some(child) = children.next(self) {
            if self.field(child) == field {
                return Some(child);
            }
        }
        None
    }

    pub(super) fn first(&self, id: Id) -> Option<Id> {
        self.children(id).next(self)
    }
}

/// Walk over the direct children; holds no borrow, so that the walker may change itself between steps.
#[derive(Clone, Copy)]
pub(super) struct Children {
    next: u32,
    end: u32,
}

impl Children {
    pub(super) fn next(&mut self, tree: &Tree<'_>) -> Option<Id> {
        if self.next >= self.end {
            return None;
        }
        let id = Id(self.next);
        self.next = tree.nodes[id.0 as usize].after;
        Some(id)
    }
}

fn line_starts(source: &str) -> Vec<u32> {
    let mut starts = Vec::with_capacity(source.len() / 32 + 1);
    starts.push(0);
    starts.extend(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at as u32 + 1));
    starts
}
