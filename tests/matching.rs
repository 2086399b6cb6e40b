//! What patterns match: facts are built by hand, so that each rule of the manual has its hit and its near miss.

#[path = "rules/bare.rs"]
mod bare;

use bare::Bare;
use proptest::prelude::*;
use seamline::extract::{RuleIndex, match_rules};
use seamline::frontend::{Frontend, rules};
use seamline::model::fact::{
    Argument, Captured, DefId, Definition, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, Param, ParamKind, Piece,
    Position, Region, RegionKind, Step, StepKind,
};

static LANGUAGES: &[&dyn Frontend] = &[&Bare("go"), &Bare("sql")];

struct Build {
    facts: FileFacts,
}

impl Build {
    fn new() -> Self {
        let mut build = Self { facts: FileFacts::default() };
        build.define("", DefinitionKind::Module, 0);
        build
    }

    fn expr(&mut self, kind: ExprKind) -> ExprId {
        let line = self.facts.exprs.len() as u32 + 1;
        self.facts.exprs.push(Expr { kind, at: Position { line, column: 1 }, end_line: line });
        ExprId(line - 1)
    }

    fn name(&mut self, name: &str) -> ExprId {
        self.expr(ExprKind::Name(name.into()))
    }

    fn text(&mut self, text: &str) -> ExprId {
        self.expr(ExprKind::Text(text.into()))
    }

    fn member(&mut self, base: ExprId, name: &str) -> ExprId {
        self.expr(ExprKind::Member { base, name: name.into() })
    }

    /// Arguments: `(name, value)`; a name of `*` is a spread.
    fn call(&mut self, callee: ExprId, args: &[(&str, ExprId)]) -> ExprId {
        let args = args
            .iter()
            .map(|(name, value)| Argument {
                name: (!name.is_empty() && *name != "*").then(|| (*name).into()),
                value: *value,
                spread: *name == "*",
            })
            .collect();
        self.expr(ExprKind::Call { callee, args })
    }

    fn method(&mut self, base: &str, method: &str, args: &[(&str, ExprId)]) -> ExprId {
        let base = self.name(base);
        let callee = self.member(base, method);
        self.call(callee, args)
    }

    fn define(&mut self, name: &str, kind: DefinitionKind, parent: u32) -> DefId {
        let id = DefId(self.facts.definitions.len() as u32);
        self.facts.definitions.push(Definition::new(name, name, kind, DefId(parent), 100 + id.0, 100 + id.0));
        id
    }

    fn definition(&mut self, id: DefId) -> &mut Definition {
        &mut self.facts.definitions[id.0 as usize]
    }

    fn step(&mut self, owner: DefId, kind: StepKind) {
        self.facts.steps.push(Step { owner, kind, line: 7 });
    }

    /// Matches of a query, each as `@capture=what` words.
    fn hits(&mut self, query: &str) -> Vec<String> {
        let (set, diagnostics) = rules::load(LANGUAGES, &[("sql/own.scm".to_owned(), query.to_owned())]);
        assert_eq!(diagnostics, []);
        match_rules(&RuleIndex::new(&set), &mut self.facts, "sql");
        let show = |captured: &Captured| match captured {
            Captured::Expr(id) => match self.facts.exprs.get(id.0 as usize).map(|expr| &expr.kind) {
                Some(ExprKind::Name(word) | ExprKind::Text(word) | ExprKind::Constant(word)) => word.to_string(),
                Some(ExprKind::Member { name, .. }) => format!(".{name}"),
                Some(ExprKind::Call { .. }) => "call".to_owned(),
                other => format!("{other:?}").split(['(', ' ']).nth(1).unwrap_or_default().to_owned(),
            },
            Captured::Definition(id) => format!("def {}", self.facts.definition(*id).name),
            Captured::Word(word) => format!("'{word}"),
        };
        let one = |found: &seamline::model::fact::Match| {
            let rule = &set.rules[found.rule as usize];
            let parts: Vec<String> = found
                .captures
                .iter()
                .map(|(index, captured)| format!("{}={}", rule.captures[usize::from(*index)], show(captured)))
                .collect();
            parts.join(" ")
        };
        self.facts.matches.iter().map(one).collect()
    }
}

#[test]
fn a_method_call_with_words_and_places() {
    let mut b = Build::new();
    let (user, id) = (b.name("user"), b.text("id"));
    b.method("db", "Find", &[("", user), ("", id)]);
    b.method("db", "Delete", &[("", user)]);
    let user = b.name("user");
    let plain = b.name("Find");
    b.call(plain, &[("", user)]);
    let query = r#"(call receiver: (name) @access.receiver method: ["Find" "First"] @access.verb
                     argument[0]: (_) @access.target) @access"#;
    assert_eq!(b.hits(query), ["access.receiver=db access.verb='Find access.target=user access=call"]);
    assert_eq!(b.hits("(call callee: (name \"Find\") @access.verb)"), ["access.verb=Find"]);
    assert_eq!(b.hits("(call method: _ @access.verb)"), ["access.verb='Find", "access.verb='Delete"]);
    assert_eq!(b.hits("(call argument[1]: (_) @access.target)"), ["access.target=id"]);
    assert_eq!(b.hits("(call argument[-1]: (_) @access.target)").len(), 3);
    assert_eq!(b.hits("(call method: \"Find\" argument[2]: (_)) @access"), [""; 0]);
}

#[test]
fn arguments_by_name_by_any_by_each_and_spreads() {
    let mut b = Build::new();
    let (a, c, rest, late) = (b.text("a"), b.text("c"), b.name("rest"), b.text("late"));
    b.method("x", "f", &[("", a), ("using", c), ("*", rest), ("", late)]);
    let query = |place: &str| format!("(call method: \"f\" {place}: (_) @access.target)");
    assert_eq!(b.hits(&query("argument[0]")), ["access.target=a"]);
    assert_eq!(b.hits(&query("argument[1]")), [""; 0], "a spread ends positions");
    assert_eq!(b.hits(&query("argument[-1]")), ["access.target=late"]);
    assert_eq!(b.hits(&query("keyword[using]")), ["access.target=c"]);
    assert_eq!(b.hits(&query("argument")), ["access.target=a"], "the first one");
    assert_eq!(b.hits(&query("argument[*]")), ["access.target=a", "access.target=late"]);
    assert_eq!(b.hits("(call argument: (text \"late\") @access.target)"), ["access.target=late"]);
    let either = "(call [argument[5]: (_) @access.target keyword[using]: (_) @access.target])";
    assert_eq!(b.hits(either), ["access.target=c"]);
}

#[test]
fn predicates_on_words_and_nodes() {
    let mut b = Build::new();
    let (sql, number, hole) = (b.text("SELECT 1"), b.expr(ExprKind::Constant("1".into())), b.name("x"));
    let template = b.expr(ExprKind::Template(vec![Piece::Text("DELETE FROM ".into()), Piece::Hole(hole)]));
    b.method("db", "run", &[("", sql)]);
    b.method("db", "run", &[("", number)]);
    b.method("db", "run", &[("", template)]);
    let on_text = |regex: &str| format!("(call argument[0]: (_) @embedded.sql (#match? @embedded.sql \"{regex}\"))");
    assert_eq!(b.hits(&on_text("^SELECT")), ["embedded.sql=SELECT 1"]);
    assert_eq!(b.hits(&on_text(r"^DELETE FROM \\{\\}$")), ["embedded.sql=Template"]);
    assert_eq!(b.hits("(call argument[0]: (string) @_x (#not-match? @_x \"^SELECT\")) @access").len(), 1);
    assert_eq!(b.hits("(call argument[0]: (_) @_x (#not-eq? @_x \"1\")) @access").len(), 2);
    assert_eq!(b.hits("(call method: _ @access.verb (#match? @access.verb \"^r\"))").len(), 3);
    assert_eq!(b.hits("(call method: _ @access.verb (#not-match? @access.verb \"^r\"))").len(), 0);
}

#[test]
fn type_arguments_do_not_hide_a_callee() {
    let mut b = Build::new();
    let (base, user, key) = (b.name("db"), b.name("User"), b.text("find"));
    let find = b.member(base, "find");
    let applied = b.expr(ExprKind::Index { base: find, index: user });
    b.call(applied, &[]);
    let looked_up = b.expr(ExprKind::Index { base: find, index: key });
    b.call(looked_up, &[]);
    assert_eq!(b.hits("(call receiver: (name \"db\") method: \"find\") @access").len(), 1);
    assert_eq!(b.hits("(call callee: (member name: \"find\")) @access").len(), 1);
    assert_eq!(b.hits("(call callee: (index index: (_) @access.target))").len(), 2);
}

#[test]
fn collections_and_composite_literals() {
    let mut b = Build::new();
    let (k, v, w) = (b.text("orders"), b.text("created"), b.text("w"));
    let map = b.expr(ExprKind::Mapping(vec![(Some(k), v), (None, w)]));
    let list = b.expr(ExprKind::Sequence(vec![v, w, map]));
    b.method("q", "send", &[("", list)]);
    let of = b.name("User");
    let field = Argument { name: Some("Name".into()), value: w, spread: false };
    b.expr(ExprKind::Construct { of, fields: vec![field] });
    assert_eq!(b.hits("(mapping key[orders]: (_) @message.topic)"), ["message.topic=created"]);
    assert_eq!(b.hits("(mapping key[*]: (_) @message.topic)").len(), 2);
    assert_eq!(b.hits("(sequence item[1]: (_) @message.topic)"), ["message.topic=w"]);
    assert_eq!(b.hits("(sequence item[-1]: (_) @message.topic)"), ["message.topic=Mapping"]);
    assert_eq!(b.hits("(call argument[0]: (sequence item[*]: (text) @message.topic))").len(), 2);
    assert_eq!(b.hits("(construct of: (name \"User\") field[Name]: (_) @access.target)"), ["access.target=w"]);
    assert_eq!(b.hits("(construct of: (name \"User\") field[Age]: (_) @access.target)"), [""; 0]);
    assert_eq!(b.hits("(construct of: (name \"Order\")) @access"), [""; 0]);
}

#[test]
fn definitions_with_members_methods_and_returns() {
    let mut b = Build::new();
    let user = b.define("User", DefinitionKind::Type, 0);
    let base = b.name("Model");
    b.definition(user).bases.push(base);
    let table = b.define("__table__", DefinitionKind::Field, 1);
    let value = b.text("users");
    b.definition(table).value = Some(value);
    let outside = b.define("TableName", DefinitionKind::Method, 0);
    let (receiver, returned, of) = (b.name("User"), b.text("app_users"), b.name("Ctx"));
    b.definition(outside).receiver = Some(receiver);
    b.definition(outside).params = vec![
        Param { name: "u".into(), kind: ParamKind::Receiver, declared: Some(receiver), default: None },
        Param { name: "c".into(), kind: ParamKind::Plain, declared: Some(of), default: None },
    ];
    b.step(outside, StepKind::Return(returned));
    b.define("Other", DefinitionKind::Type, 0);

    let fields = r#"(definition kind: "type" base: (name "Model")
                       member[__table__]: (definition value: (_) @entity.store)) @definition.entity"#;
    assert_eq!(b.hits(fields), ["entity.store=users definition.entity=def User"]);
    let method = r#"(definition kind: "type"
                      member[TableName]: (definition kind: "method" return: (text) @entity.store)) @definition.entity"#;
    assert_eq!(b.hits(method), ["entity.store=app_users definition.entity=def User"]);
    let inside = r#"(definition kind: "method" inside: (definition kind: "type" name: _ @_t)) @endpoint"#;
    assert_eq!(b.hits(inside), ["_t='User endpoint=def TableName"]);
    assert_eq!(b.hits("(definition parameter[0]: (name \"Ctx\")) @endpoint"), ["endpoint=def TableName"]);
    assert_eq!(b.hits("(definition parameter[c]: (_) @_c) @endpoint"), ["_c=Ctx endpoint=def TableName"]);
    let each = "(definition kind: \"type\" member[*]: (definition name: _ @_n)) @definition.entity";
    assert_eq!(b.hits(each).len(), 2, "one match for each member, none for a type without");
    assert_eq!(b.hits("(definition name: _ @_n (#match? @_n \"^Oth\")) @definition.entity").len(), 1);
}

#[test]
fn owners_lines_with_blocks_and_assignments() {
    let mut b = Build::new();
    let run = b.define("run", DefinitionKind::Function, 0);
    let decorator = b.method("app", "get", &[]);
    b.definition(run).attributes.push(decorator);
    let begin = b.method("db", "begin", &[]);
    b.facts.regions.push(Region { owner: run, kind: RegionKind::With(begin), first_line: 4, last_line: 9 });
    let inner = b.method("db", "find", &[]);
    let target = b.name("x");
    b.step(run, StepKind::Assign { target, value: inner });

    assert_eq!(b.hits("(with (call method: \"begin\")) @transaction"), ["transaction=call"]);
    assert_eq!((b.facts.matches[0].owner, b.facts.matches[0].line), (run, 4));
    assert_eq!(b.hits("(assign target: (_) @access.target value: (call method: \"find\")) @access").len(), 1);
    assert_eq!((b.facts.matches[0].owner, b.facts.matches[0].line), (run, 7));
    assert_eq!(b.hits("(call method: \"find\") @access").len(), 1);
    assert_eq!(b.facts.matches[0].owner, run, "the owner of the step around it");
    assert_eq!(b.hits("(call method: \"get\") @endpoint").len(), 1);
    assert_eq!(b.facts.matches[0].owner, run, "a decorator belongs to its definition");
    let both =
        "(call method: \"find\") @access\n(call method: \"begin\") @transaction\n(call method: \"get\") @endpoint";
    b.hits(both);
    assert!(b.facts.matches.is_sorted_by_key(|found| (found.line, found.rule)));
}

#[test]
fn rules_of_another_language_do_not_match() {
    let mut b = Build::new();
    b.method("db", "find", &[]);
    let (set, _) = rules::load(LANGUAGES, &[("go/own.scm".to_owned(), "(call) @access".to_owned())]);
    let index = RuleIndex::new(&set);
    match_rules(&index, &mut b.facts, "sql");
    assert!(b.facts.matches.is_empty());
    match_rules(&index, &mut b.facts, "go");
    assert_eq!(b.facts.matches.len(), 1);
}

fn kinds(count: u32) -> impl Strategy<Value = ExprKind> {
    // Ids beyond the arena and cycles: facts that no frontend makes must not hang or panic either.
    let id = (0..count + 2).prop_map(ExprId);
    let word = prop::sample::select(vec!["db", "find", "x", ""]).prop_map(Into::into);
    prop_oneof![
        word.clone().prop_map(ExprKind::Name),
        word.clone().prop_map(ExprKind::Text),
        (id.clone(), word).prop_map(|(base, name)| ExprKind::Member { base, name }),
        (id.clone(), id.clone()).prop_map(|(base, index)| ExprKind::Index { base, index }),
        (id.clone(), prop::collection::vec(id, 0..3)).prop_map(|(callee, args)| ExprKind::Call {
            callee,
            args: args.into_iter().map(|value| Argument { name: None, value, spread: false }).collect(),
        }),
    ]
}

proptest! {
    #[test]
    fn any_facts_match_without_panic(kinds in prop::collection::vec(kinds(12), 0..12)) {
        let mut b = Build::new();
        for kind in kinds {
            let id = b.expr(kind);
            b.step(DefId::MODULE, StepKind::Call(id));
        }
        b.hits("(call receiver: (_) @access.receiver method: _ argument[*]: (_) @access.target) @access
                (call callee: (index base: (_) @_b)) @access
                (call callee: (call callee: (member))) @access
                (_ (#match? @embedded.sql \"x\")) @embedded.sql");
    }
}
