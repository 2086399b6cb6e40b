//! Lowers one Go file to facts: one cursor walk over the syntax tree, declarations here, the rest in the files beside.

use compact_str::ToCompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::{Node, TreeCursor};

use crate::frontend::go::constraints;
use crate::frontend::go::grammar::{Field, GRAMMAR, Grammar, Kind};
use crate::frontend::go::strings::{default_alias, unescape};
use crate::frontend::trees;
use crate::model::diagnostic::Diagnostic;
use crate::model::fact::{
    Anchor, DefId, Definition, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, Import, Param, ParamKind, Position,
    Step, StepKind, Text, Typing, Visibility, plain_name,
};

/// Nesting beyond this is left out of the facts: it keeps the walk within a 2 MiB stack.
const DEEPEST: u16 = 160;

/// Standard packages whose texts are read here.
const STANDARD: &[&str] = &["fmt", "strings", "bytes", "net/http", "path", "path/filepath"];

/// Facts of one source text.
pub(super) fn lower(source: &str) -> FileFacts {
    let mut tree = trees::parse(&GRAMMAR.language, source);
    let mut renamed = String::new();
    if tree.as_ref().is_some_and(|it| it.root_node().has_error())
        && let Some(other) = pointers_to_values(source)
    {
        renamed = other;
        tree = trees::parse(&GRAMMAR.language, &renamed);
    }
    let mut lowering = Lowering::new(if renamed.is_empty() { source } else { &renamed });
    if let Some(tree) = &tree {
        lowering.cursor = Some(tree.walk());
        lowering.file(tree.root_node());
    }
    lowering.finish()
}

/// What stands for `new` where its argument is a value, which the grammar does not know: as many bytes.
pub(super) const NEW_VALUE: &str = "n_w";

/// The source with each `new(value)` (Go 1.26) under another name; nothing where there is none.
fn pointers_to_values(source: &str) -> Option<String> {
    let mut renamed: Option<Vec<u8>> = None;
    for at in memchr::memmem::find_iter(source.as_bytes(), "new(") {
        let word = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'.' || it >= 0x80;
        let inside = source.as_bytes().get(at + 4..).unwrap_or_default();
        if at.checked_sub(1).and_then(|it| source.as_bytes().get(it)).is_some_and(|it| word(*it)) {
            continue;
        }
        let name = inside.iter().take_while(|it| word(**it)).count();
        let value = match (name, inside.get(name)) {
            (_, None | Some(b'[' | b'*')) => false,
            (0, Some(_)) => true,
            (_, Some(b')' | b' ')) => {
                inside[0].is_ascii_digit() || inside[name] == b' ' && !inside.starts_with(b"chan ")
            }
            (_, Some(b'{')) => !matches!(&inside[..name], b"struct" | b"interface"),
            (_, Some(_)) => !inside.starts_with(b"func("),
        };
        if value {
            renamed.get_or_insert_with(|| source.as_bytes().to_vec())[at..at + 3].copy_from_slice(NEW_VALUE.as_bytes());
        }
    }
    renamed.and_then(|it| String::from_utf8(it).ok())
}

/// What a function body needs to know about itself.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// Names of the function's results, when they have names.
    pub(super) results: Vec<Text>,
    /// Local variables that collect a text piece by piece (`strings.Builder`, `bytes.Buffer`).
    pub(super) builders: Vec<Text>,
    /// Type parameters with the constraint that stands for them.
    pub(super) type_params: Vec<(Text, ExprId)>,
}

/// The walk's state: the cursor stands on the node in hand, and every method leaves it where it found it.
pub(super) struct Lowering<'a> {
    grammar: &'static Grammar,
    source: &'a str,
    cursor: Option<TreeCursor<'a>>,
    pub(super) facts: FileFacts,
    /// Definition whose body is being read.
    pub(super) owner: DefId,
    pub(super) scope: Scope,
    depth: u16,
    /// Line where nesting first went below [`DEEPEST`].
    too_deep: Option<u32>,
    /// The one expression without meaning.
    pub(super) unknown: ExprId,
    /// Names of types already in the arena.
    type_names: FxHashMap<&'a str, ExprId>,
    /// Names of parameters and variables in sight, and `.name` of fields, that are declared as channels.
    pub(super) channels: FxHashSet<Text>,
    /// Names that the open blocks declare, innermost last, with what each is called in the facts.
    blocks: Vec<Vec<(Text, Text)>>,
    /// How often the function in hand declared a name.
    repeats: FxHashMap<Text, u32>,
    /// Names in the facts of variables of outer blocks that an inner block gave a new text.
    pub(super) carried: FxHashSet<Text>,
    /// Some name of the function in hand is called otherwise in the facts.
    renamed: bool,
    /// Import names of the standard packages whose texts are known.
    pub(super) texts: Vec<(Text, &'static str)>,
    /// Arguments of `//go:embed` above the next variable.
    pub(super) embeds: Vec<ExprId>,
}

impl<'a> Lowering<'a> {
    fn new(source: &'a str) -> Self {
        let lines = memchr::memchr_iter(b'\n', source.as_bytes()).count() as u32;
        let unended = u32::from(!source.is_empty() && !source.ends_with('\n'));
        let typing = Typing { is_structural: true, embeds_parts: true, hides_members: true, ..Typing::default() };
        let separator = Text::const_new(".");
        let is_tagged = constraints::needs_a_tag(source);
        let mut facts = FileFacts { lines: lines + unended, separator, typing, is_tagged, ..FileFacts::default() };
        facts.definitions.push(Definition::new("", "", DefinitionKind::Module, DefId::MODULE, 1, facts.lines.max(1)));
        let at = Position { line: 1, column: 1 };
        facts.exprs.push(Expr { kind: ExprKind::Unknown, at, end_line: 1 });
        Self {
            grammar: &GRAMMAR,
            source,
            cursor: None,
            facts,
            owner: DefId::MODULE,
            scope: Scope::default(),
            depth: 0,
            too_deep: None,
            unknown: ExprId(0),
            type_names: FxHashMap::default(),
            channels: FxHashSet::default(),
            blocks: Vec::new(),
            repeats: FxHashMap::default(),
            carried: FxHashSet::default(),
            renamed: false,
            texts: Vec::new(),
            embeds: Vec::new(),
        }
    }

    fn finish(mut self) -> FileFacts {
        if let Some(line) = self.too_deep {
            let message = "nesting is too deep to be read whole; what is below this line's depth is left out";
            self.facts.diagnostics.push(Diagnostic::warning("nesting-too-deep", "", line, message));
        }
        self.facts
    }
}

/// Moving about the tree.
impl<'a> Lowering<'a> {
    /// The node under the cursor.
    pub(super) fn node(&self) -> Option<Node<'a>> {
        self.cursor.as_ref().map(TreeCursor::node)
    }

    pub(super) fn kind(&self) -> Kind {
        self.node().map_or(Kind::Other, |node| self.grammar.kind(node.kind_id()))
    }

    pub(super) fn field(&self) -> Field {
        let field = self.cursor.as_ref().and_then(TreeCursor::field_id);
        field.map_or(Field::Other, |id| self.grammar.field(id.get()))
    }

    pub(super) fn down(&mut self) -> bool {
        self.cursor.as_mut().is_some_and(TreeCursor::goto_first_child)
    }

    pub(super) fn up(&mut self) {
        if let Some(cursor) = self.cursor.as_mut() {
            cursor.goto_parent();
        }
    }

    pub(super) fn next(&mut self) -> bool {
        self.cursor.as_mut().is_some_and(TreeCursor::goto_next_sibling)
    }

    /// Calls `visit` with the cursor on each child that the walk knows.
    pub(super) fn children(&mut self, mut visit: impl FnMut(&mut Self, Kind)) {
        if !self.down() {
            return;
        }
        loop {
            let kind = self.kind();
            if kind != Kind::Other {
                visit(self, kind);
            }
            if !self.next() {
                break;
            }
        }
        self.up();
    }

    /// Source text of a node.
    pub(super) fn text_of(&self, node: Node<'_>) -> &'a str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// Source text between two nodes.
    pub(super) fn between(&self, left: Node<'_>, right: Node<'_>) -> &'a str {
        self.source.get(left.end_byte()..right.start_byte()).unwrap_or_default()
    }

    /// Source text of the node under the cursor.
    pub(super) fn text(&self) -> &'a str {
        self.node().map_or("", |node| self.text_of(node))
    }

    /// Value of the string literal under the cursor.
    pub(super) fn literal_text(&self) -> Text {
        let text = self.text();
        if let Some(raw) = text.strip_prefix('`') {
            let raw = raw.strip_suffix('`').unwrap_or(raw);
            return if raw.contains('\r') { raw.replace('\r', "").into() } else { raw.into() };
        }
        let inner = text.strip_prefix('"').unwrap_or(text);
        unescape(inner.strip_suffix('"').unwrap_or(inner))
    }

    /// First line of the node under the cursor.
    pub(super) fn line(&self) -> u32 {
        self.node().map_or(1, |node| node.start_position().row as u32 + 1)
    }

    pub(super) fn end_line(&self) -> u32 {
        self.node().map_or(1, |node| node.end_position().row as u32 + 1)
    }

    /// Runs `read` one level deeper, or gives up on what lies too deep.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            if self.too_deep.is_none() {
                self.too_deep = Some(self.line());
            }
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        Some(value)
    }
}

/// The arena.
impl<'a> Lowering<'a> {
    /// Adds an expression that stands at the node under the cursor.
    pub(super) fn push(&mut self, kind: ExprKind) -> ExprId {
        let (at, end_line) = self.node().map_or((Position::default(), 0), |node| {
            let (start, end) = (node.start_position(), node.end_position());
            let at = Position { line: start.row as u32 + 1, column: start.column as u32 + 1 };
            (at, end.row as u32 + 1)
        });
        self.push_at(kind, at, end_line)
    }

    pub(super) fn push_at(&mut self, kind: ExprKind, at: Position, end_line: u32) -> ExprId {
        let id = ExprId(self.facts.exprs.len() as u32);
        self.facts.exprs.push(Expr { kind, at, end_line });
        id
    }

    pub(super) fn expr_kind(&self, id: ExprId) -> &ExprKind {
        &self.facts.expr(id).kind
    }

    pub(super) fn name_of(&self, id: ExprId) -> Option<&Text> {
        match self.expr_kind(id) {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The name of a type; equal names share one expression.
    pub(super) fn type_name(&mut self, name: &'a str) -> ExprId {
        if let Some((_, constraint)) = self.scope.type_params.iter().rev().find(|(param, _)| param == name) {
            return *constraint;
        }
        if let Some(id) = self.type_names.get(name)
            && let Some(Expr { kind: ExprKind::Name(known), .. }) = self.facts.exprs.get(id.0 as usize)
            && known == name
        {
            return *id;
        }
        let id = self.push(ExprKind::Name(name.to_compact_string()));
        self.type_names.insert(name, id);
        id
    }

    pub(super) fn step(&mut self, kind: StepKind, line: u32) {
        self.facts.steps.push(Step { owner: self.owner, kind, line });
    }

    pub(super) fn define(&mut self, definition: Definition) -> DefId {
        let id = DefId(self.facts.definitions.len() as u32);
        self.facts.definitions.push(definition);
        id
    }

    pub(super) fn definition_mut(&mut self, id: DefId) -> Option<&mut Definition> {
        self.facts.definitions.get_mut(id.0 as usize)
    }

    /// Path of a definition with that name inside the present owner.
    pub(super) fn path_inside(&self, owner: DefId, name: &str) -> Text {
        let outer = &self.facts.definition(owner).path;
        if outer.is_empty() {
            return name.into();
        }
        let mut path = outer.clone();
        path.push('.');
        path.push_str(name);
        path
    }
}

/// Blocks: a name that a block declares anew is another variable, and is called `name·2`, `name·3` in the facts.
impl Lowering<'_> {
    /// Runs `read` inside a block of its own.
    pub(super) fn in_block(&mut self, read: impl FnOnce(&mut Self)) {
        self.blocks.push(Vec::new());
        read(self);
        self.blocks.pop();
    }

    /// Declares a name in the innermost block; what it is called in the facts.
    pub(super) fn declare(&mut self, name: &str) -> Text {
        if let Some((_, written)) = self.blocks.last().and_then(|it| it.iter().rev().find(|(own, _)| own == name)) {
            return written.clone();
        }
        self.redeclare(name)
    }

    /// Declares a name again although its block has it: what it held before is gone.
    pub(super) fn redeclare(&mut self, name: &str) -> Text {
        let count = self.repeats.entry(name.into()).or_default();
        *count += 1;
        // Beside an imported package of that name the variable is another thing from the start.
        let plain = *count == 1 && !self.facts.imports.iter().any(|import| import.alias.as_deref() == Some(name));
        let written = if plain { Text::from(name) } else { compact_str::format_compact!("{name}·{count}") };
        self.renamed |= !plain;
        if let Some(block) = self.blocks.last_mut() {
            block.push((name.into(), written.clone()));
        }
        written
    }

    /// Whether the innermost block declares the name.
    pub(super) fn declared_here(&self, name: &str) -> bool {
        self.blocks.last().is_some_and(|it| it.iter().any(|(own, _)| own == name))
    }

    /// Whether an open block of the function, or of those around it, has a variable of that name in the facts.
    pub(super) fn is_declared(&self, written: &str) -> bool {
        self.blocks.iter().flatten().any(|(_, own)| own == written)
    }

    /// What the open blocks of the function call a name, innermost first, up to the block that declares it.
    pub(super) fn declared_outside(&self, name: &str) -> Vec<Text> {
        let mut found = Vec::new();
        for block in self.blocks.iter().rev() {
            let Some((_, written)) = block.iter().rev().find(|(own, _)| own == name) else { continue };
            found.push(written.clone());
            if !self.carried.contains(written) {
                break;
            }
        }
        found
    }

    /// What a name that is used is called in the facts.
    pub(super) fn written(&self, name: &str) -> Text {
        if self.renamed {
            for block in self.blocks.iter().rev() {
                if let Some((_, written)) = block.iter().rev().find(|(own, _)| own == name) {
                    return written.clone();
                }
            }
        }
        name.into()
    }

    /// A name that is declared here; `_` is nothing.
    pub(super) fn declared_name(&mut self, name: &str) -> ExprId {
        if name == "_" {
            return self.unknown;
        }
        let written = self.declare(name);
        self.push(ExprKind::Name(written))
    }
}

/// Exported names start with an upper-case letter.
pub(super) fn visibility(name: &str) -> Visibility {
    if name.chars().next().is_some_and(char::is_uppercase) { Visibility::Public } else { Visibility::Private }
}

/// Declarations.
impl<'a> Lowering<'a> {
    fn file(&mut self, root: Node<'a>) {
        if root.has_error() {
            self.report_errors(root);
        }
        self.children(Self::declaration);
    }

    fn report_errors(&mut self, root: Node<'a>) {
        let (mut first, mut count) = (u32::MAX, 0_u32);
        let mut stack = vec![root];
        let mut cursor = root.walk();
        while let Some(node) = stack.pop() {
            if node.is_error() || node.is_missing() {
                first = first.min(node.start_position().row as u32 + 1);
                count += 1;
            } else if node.has_error() {
                stack.extend(node.children(&mut cursor));
            }
        }
        // The grammar misses the end of a last line that has none, and shows no node for it.
        if count == 0 {
            return;
        }
        let message = format!("{count} syntax errors from this line on; what stands around them may be missing");
        self.facts.diagnostics.push(Diagnostic::warning("syntax-error", "", first, message));
    }

    /// One top-level declaration, or what the parser took for one.
    fn declaration(&mut self, kind: Kind) {
        match kind {
            Kind::PackageClause => {
                let mut name = Text::default();
                self.children(|walk, _| name = walk.text().into());
                if let Some(module) = self.definition_mut(DefId::MODULE) {
                    module.name = name;
                }
            }
            Kind::ImportDeclaration | Kind::ImportSpecList => self.children(Self::declaration),
            Kind::ImportSpec => self.import(),
            Kind::FunctionDeclaration | Kind::MethodDeclaration => self.function(kind),
            Kind::Comment => self.directive(),
            // A file that does not parse: whatever can be recognized in the rubble.
            Kind::Error => {
                self.deeper(|walk| walk.children(Self::declaration));
            }
            _ => self.statement(kind),
        }
        if kind != Kind::Comment {
            self.embeds.clear();
        }
    }

    fn import(&mut self) {
        let line = self.line();
        let (mut path, mut alias, mut glob, mut blank) = (Text::default(), None, false, false);
        self.children(|walk, kind| match kind {
            Kind::Dot => glob = true,
            Kind::BlankIdentifier => blank = true,
            Kind::PackageIdentifier if walk.text() == "_" => blank = true,
            Kind::PackageIdentifier => alias = Some(Text::from(walk.text())),
            Kind::RawString | Kind::InterpretedString => path = walk.literal_text(),
            _ => {}
        });
        if path.is_empty() {
            return;
        }
        let alias = if glob || blank { None } else { Some(alias.unwrap_or_else(|| default_alias(&path))) };
        if let Some(name) = &alias {
            let known = STANDARD.iter().copied().find(|known| path == *known);
            self.texts.extend(known.map(|known| (name.clone(), known)));
        }
        self.facts.imports.push(Import {
            scope: DefId::MODULE,
            anchor: Anchor::Absolute,
            path: vec![path],
            name: None,
            alias,
            glob,
            reexport: false,
            types_only: false,
            line,
        });
    }

    /// `//go:embed` names the files that the next variable holds.
    pub(super) fn directive(&mut self) {
        let Some(files) = self.text().strip_prefix("//go:embed ") else { return };
        for file in files.split_whitespace() {
            let text = self.push(ExprKind::Text(file.trim_matches(['"', '`']).into()));
            self.embeds.push(text);
        }
    }

    pub(super) fn clear_embeds(&mut self) {
        self.embeds.clear();
    }

    /// Attribute `Call{Name("go:embed"), files}` of the variable in hand, when there is one.
    pub(super) fn embed_attribute(&mut self) -> Vec<ExprId> {
        if self.embeds.is_empty() {
            return Vec::new();
        }
        let files = std::mem::take(&mut self.embeds);
        let callee = self.push(ExprKind::Name(Text::const_new("go:embed")));
        let args = files.into_iter().map(Self::positional).collect();
        vec![self.push(ExprKind::Call { callee, args })]
    }

    pub(super) fn function(&mut self, kind: Kind) {
        let (line, end_line) = (self.line(), self.end_line());
        let mut definition = Definition::new("", "", DefinitionKind::Function, self.owner, line, end_line);
        definition.traits.is_abstract = true;
        let id = self.define(definition);
        let outer_scope = std::mem::take(&mut self.scope);
        let outer_blocks = (std::mem::take(&mut self.blocks), std::mem::take(&mut self.repeats), self.renamed);
        let outer_owner = std::mem::replace(&mut self.owner, id);
        let outer_channels = self.channels.clone();
        let (mut receiver, mut pointer) = (None, false);
        let (mut params, mut results) = (Vec::new(), Vec::new());
        self.children(|walk, child| match walk.field() {
            Field::Receiver => {
                pointer = walk.text().contains('*');
                walk.parameters(&mut params);
                params.truncate(1);
                if let Some(first) = params.first_mut() {
                    first.kind = ParamKind::Receiver;
                    let names = first.declared.map(|declared| walk.argument_names(declared)).unwrap_or_default();
                    walk.note_type_params(id, names);
                    receiver = first.declared.map(|declared| walk.without_arguments(declared));
                    first.declared = receiver;
                }
            }
            Field::Name => walk.title(id, kind, receiver, pointer, outer_owner),
            Field::TypeParameters => {
                let params = walk.type_parameters();
                walk.note_type_params(id, params);
            }
            Field::Parameters => walk.parameters(&mut params),
            Field::Result => walk.results(child, &mut results),
            Field::Body => {
                walk.describe(id, &mut params, &results);
                walk.body(&results, line);
                if let Some(definition) = walk.definition_mut(id) {
                    definition.traits.is_abstract = false;
                }
            }
            _ => {}
        });
        self.describe(id, &mut params, &results);
        self.scope = outer_scope;
        (self.blocks, self.repeats, self.renamed) = outer_blocks;
        self.owner = outer_owner;
        self.channels.retain(|it| it.starts_with('.') || outer_channels.contains(it));
    }

    /// Gives a function the name under the cursor.
    fn title(&mut self, id: DefId, kind: Kind, receiver: Option<ExprId>, pointer: bool, outer: DefId) {
        let name = self.text();
        let is_method = kind == Kind::MethodDeclaration;
        let of = receiver.and_then(|receiver| self.name_of(receiver)).cloned().unwrap_or_default();
        let path = match (is_method, pointer) {
            (false, _) => self.path_inside(outer, name),
            (true, true) => compact_str::format_compact!("(*{of}).{name}"),
            (true, false) => compact_str::format_compact!("{of}.{name}"),
        };
        if let Some(definition) = self.definition_mut(id) {
            definition.name = name.into();
            definition.visibility = visibility(name);
            definition.receiver = receiver;
            definition.path = path;
            if is_method {
                definition.kind = DefinitionKind::Method;
            }
        }
    }

    /// Puts parameters and results where the body can see them.
    pub(super) fn describe(&mut self, id: DefId, params: &mut Vec<Param>, results: &[(Text, ExprId)]) {
        if params.is_empty() && results.is_empty() {
            return;
        }
        let is_test = params.iter().filter_map(|param| param.declared).any(|declared| self.is_test_type(declared));
        let result = self.result_type(results);
        if let Some(definition) = self.definition_mut(id) {
            if !params.is_empty() {
                definition.params = std::mem::take(params);
            }
            definition.traits.is_test |= is_test;
            definition.result = result;
        }
    }

    /// `testing.T` and its like.
    fn is_test_type(&self, declared: ExprId) -> bool {
        let ExprKind::Member { base, name } = self.expr_kind(declared) else { return false };
        matches!(name.as_str(), "T" | "B" | "F" | "M" | "TB") && self.name_of(*base).is_some_and(|it| it == "testing")
    }

    /// A function's body; parameters and named results are declared first.
    pub(super) fn body(&mut self, results: &[(Text, ExprId)], line: u32) {
        self.blocks.push(Vec::new());
        let params: Vec<Text> = self.facts.definition(self.owner).params.iter().map(|it| it.name.clone()).collect();
        for written in params {
            let name = Text::from(plain_name(&written));
            self.repeats.entry(name.clone()).or_insert(1);
            self.renamed |= name != written;
            if let Some(block) = self.blocks.last_mut() {
                block.push((name, written));
            }
        }
        self.scope.results = Vec::new();
        for (name, declared) in results.iter().filter(|(name, _)| !name.is_empty() && name != "_") {
            let written = self.declare(name);
            self.scope.results.push(written.clone());
            let target = self.push(ExprKind::Name(written));
            self.step(StepKind::Declare { target, declared: *declared }, line);
        }
        self.statement(Kind::Block);
        self.blocks.pop();
        if self.blocks.is_empty() {
            self.repeats.clear();
            self.carried.clear();
            self.renamed = false;
        }
    }

    /// Remembers names declared as channels, so that ranging over one gives its elements.
    pub(super) fn note_channels<'n>(&mut self, declared: ExprId, names: impl Iterator<Item = &'n str>) {
        if self.is_channel_type(declared) {
            self.channels.extend(names.map(|name| Text::from(plain_name(name))));
        }
    }

    /// The same for fields, which are in sight of every function.
    pub(super) fn note_channel_fields<'n>(&mut self, declared: ExprId, names: impl Iterator<Item = &'n str>) {
        if self.is_channel_type(declared) {
            self.channels.extend(names.map(|name| compact_str::format_compact!(".{}", plain_name(name))));
        }
    }

    fn is_channel_type(&self, declared: ExprId) -> bool {
        matches!(self.expr_kind(declared), ExprKind::Index { base, .. } if self.name_of(*base).is_some_and(|it| it == "chan"))
    }
}
