//! The pattern language: what loads, what is refused and with which words, and that built-in files load.

#[path = "rules/bare.rs"]
mod bare;

use bare::Bare;
use proptest::prelude::*;
use seamline::frontend::{FRONTENDS, Frontend, rules};
use seamline::model::diagnostic::Diagnostic;
use seamline::model::rule::{Gives, Guard, Place, Rule, RuleSet, SETTINGS, Shape, Subject};

static LANGUAGES: &[&dyn Frontend] = &[&Bare("go")];

fn load(text: &str) -> (RuleSet, Vec<Diagnostic>) {
    rules::load(LANGUAGES, &[("go/own.scm".to_owned(), text.to_owned())])
}

fn one(text: &str) -> Rule {
    let (mut set, diagnostics) = load(text);
    assert_eq!(diagnostics, [], "{text}");
    assert_eq!(set.rules.len(), 1, "{text}");
    set.rules.remove(0)
}

/// `line: column n: message` of the only problem.
fn problem(text: &str) -> String {
    let (_, diagnostics) = load(text);
    assert_eq!(diagnostics.len(), 1, "{text}: {diagnostics:?}");
    assert_eq!(diagnostics[0].file, "go/own.scm");
    format!("{}: {}", diagnostics[0].line, diagnostics[0].message)
}

/// Regular expressions of built-in files are not tried when they are loaded; those of a user's own are.
#[test]
fn regular_expressions_of_built_in_patterns_compile() {
    let texts = FRONTENDS.iter().flat_map(|it| it.queries());
    let own: Vec<(String, String)> = texts.map(|(id, text)| (format!("{id}.scm"), (*text).to_owned())).collect();
    let (set, diagnostics) = rules::load(FRONTENDS, &own);
    assert_eq!(diagnostics, []);
    assert_eq!(set.rules.len(), 2 * rules::load(FRONTENDS, &[]).0.rules.len());
}

#[test]
fn built_in_patterns_load() {
    let (set, diagnostics) = rules::load(FRONTENDS, &[]);
    assert_eq!(diagnostics, []);
    assert_eq!(set.fingerprint.len(), 64);
}

#[test]
fn a_call_with_places_words_and_captures() {
    let rule = one(r#"; a comment
        (call receiver: (_) @access.receiver method: ["Find" "First"] @access.verb
          argument[0]: (_) @access.target argument[-1]: (string) argument[*]: (text "x") argument: (name)
          keyword[using]: (constant "true")
          (#type? @access.receiver "gorm.io/gorm.DB")
          (#not-is? @access.target "a.b" "a.c")
          (#set! operation "select") (#set! access.select Find First)) @access"#);
    assert_eq!(rule.id, "go/own:1");
    assert_eq!(rule.language, "go");
    assert_eq!(rule.captures, ["access.receiver", "access.verb", "access.target", "access"]);
    assert_eq!(rule.pattern.capture, Some(3));
    assert_eq!(rule.settings["operation"], "select");
    assert_eq!(rule.words("access.select").collect::<Vec<_>>(), ["Find", "First"]);
    let Shape::Call { method: Some(method), arguments, callee: None, .. } = &rule.pattern.shape else {
        panic!("{:?}", rule.pattern)
    };
    assert_eq!(method.any_of, ["Find", "First"]);
    assert_eq!(method.capture, Some(1));
    let places: Vec<&Place> = arguments.iter().map(|(place, _)| place).collect();
    let named = Place::Named("using".into());
    assert_eq!(places, [&Place::At(0), &Place::Last, &Place::Each, &Place::Some, &named]);
    assert!(matches!(&rule.guards[..], [
        Guard::Type { capture: 0, negated: false, .. },
        Guard::Is { capture: 2, negated: true, any_of },
    ] if any_of.len() == 2));
}

#[test]
fn predicates_fold_into_words() {
    let rule = one(r#"((call method: _ @access.verb argument[0]: (_) @access.target) @access
            (#match? @access.verb "^Find") (#not-eq? @access.verb "FindIndex") (#any-of? @access.target "a" "b"))"#);
    let Shape::Call { method: Some(method), arguments, .. } = &rule.pattern.shape else { panic!() };
    assert_eq!(method.matching, "^Find");
    assert_eq!(method.none_of, ["FindIndex"]);
    let Shape::Worded(inner, words) = &arguments[0].1.shape else { panic!("{:?}", arguments[0]) };
    assert_eq!(**inner, Shape::Any);
    assert_eq!(words.any_of, ["a", "b"]);
}

#[test]
fn alternatives_of_fields_multiply_out() {
    let rule =
        one(r#"(call method: "publish" [argument[0]: (string) @message.topic keyword[topic]: (string) @message.topic])
           @message.publish"#);
    let Shape::Either(variants) = &rule.pattern.shape else { panic!("{:?}", rule.pattern) };
    assert_eq!(variants.len(), 2);
    assert_eq!(rule.pattern.capture, Some(1));
}

#[test]
fn definitions_and_alternatives_of_nodes() {
    let rule = one(r#"(definition kind: "type" base: [(name "Model") (member name: "Model")] @_base
              member: (definition name: "__tablename__" value: (text) @entity.store)
              inside: (definition kind: "module")) @definition.entity"#);
    let Shape::Definition(shape) = &rule.pattern.shape else { panic!() };
    assert_eq!(shape.kinds, ["type"]);
    assert!(matches!(shape.bases[0].shape, Shape::Either(_)));
    assert_eq!(shape.members[0].0, Place::Some);
    assert!(shape.inside.is_some());
}

#[test]
fn stubs_of_every_form() {
    let (set, diagnostics) = load(
        r#"(stub ["g.Open" "g.New"] returns: "g.DB") (stub "g.DB.*" returns: self)
           (stub "s.query" returns: "s.Query" subject: argument[0]) (stub "d.objects" is: "d.Manager" subject: owner)
           (stub "m.*" is: "m.C" subject: member) (stub "m.[]" is: "m.C" subject: index)
           (stub "f.Depends" returns: call[0]) (stub "w" returns: argument[1]) (stub "cast" returns: instance[0])
           (stub "s.all" returns: element) (stub "a" extends: "b") (stub "a" same: "b")
           (stub "O" wraps: 0) (stub "C" names: 0) (stub "L" holds: 1)"#,
    );
    assert_eq!(diagnostics, []);
    let tail = &set.stubs[set.stubs.len() - 16..];
    assert!(tail.iter().all(|stub| stub.language == "go"));
    assert_eq!(tail[1].path, "g.New");
    assert_eq!(tail[1].gives, Gives::Instance("g.DB".into()));
    assert_eq!(tail[2].gives, Gives::Receiver);
    assert_eq!(tail[3].subject, Some(Subject::Argument(0)));
    assert_eq!(tail[4].subject, Some(Subject::Owner));
    assert_eq!(tail[7].gives, Gives::CallOf(0));
    assert_eq!(tail[14].gives, Gives::Names(0));
    assert_eq!(tail[15].gives, Gives::Holds(1));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, expected) in [
        ("(call) @acces", "1: column 8: unknown capture `@acces`; allowed: @access @access.receiver"),
        ("\n (cal) @access", "2: column 2: unknown node `cal`; allowed: _ name member call"),
        (
            "(call reciever: (_)) @access",
            "1: column 7: unknown field `reciever:` of `call`; allowed: callee: receiver:",
        ),
        ("(chain by: \"and\") @access", "1: column 1: `chain` needs what it begins with"),
        ("(call argument[x]: (_)) @access", "1: column 7: unknown field `argument[x]:` of `call`"),
        (
            "(definition kind: \"class\") @definition.entity",
            "1: column 19: unknown kind \"class\"; allowed: module function",
        ),
        ("(call (#equal? @access \"x\")) @access", "1: column 8: unknown predicate `#equal?`; allowed: #eq?"),
        (
            "(call (#eq? @call \"x\")) @access",
            "1: column 13: `@call` is not captured by this pattern, which has @access",
        ),
        ("(call (#set! acces.x \"y\")) @access", "1: column 14: unknown setting `acces.x`; allowed: access.along"),
        ("(call (#set! operation \"read\")) @access", "1: column 14: `operation` cannot be \"read\"; allowed: select"),
        (
            "(call method: _ @access.verb (#match? @access.verb \"(\")) @access",
            "1: column 31: `(` is not a regular expression",
        ),
        (
            "(call method: \"a\\d\") @access",
            "1: column 17: unknown escape `\\d` in a text; for a backslash write `\\\\d`",
        ),
        ("(call", "1: column 1: no closing `)` for this bracket"),
        ("(call]) @access", "1: column 6: `]` where `)` was expected"),
        ("(call method: \"x) @access", "1: column 15: no closing `\"` for this text"),
        ("@access", "1: column 1: the capture `@access` stands outside a pattern"),
        ("(#set! operation \"select\")", "1: column 1: a predicate stands inside the pattern that it is about"),
        ("(call)", "1: column 1: the pattern captures nothing"),
        ("(call callee: (with (_))) @access", "1: column 15: `with` and `assign` can only be the outermost node"),
        ("(call callee: (definition)) @access", "1: column 15: a definition cannot stand where an expression stands"),
        ("(definition member: (call)) @definition.entity", "1: column 21: only `(definition ..)` can stand here"),
        ("(call callee: (_) method: \"x\") @access", "1: column 1: `callee:` excludes"),
        ("(call method: (name)) @access", "1: column 15: a word was expected"),
        (
            "(call receiver: \"x\") @access",
            "1: column 17: a node was expected, such as `(name \"x\")` or `(_)`, not the text",
        ),
        ("(call receiver:) @access", "1: column 7: the field `receiver:` has no value"),
        ("(stub \"a\" gives: \"b\")", "1: column 11: unknown field `gives:` of a stub; allowed: returns:"),
        ("(stub \"a\" returns: b)", "1: column 20: `returns:` takes one of"),
        ("(stub \"a\" subject: member)", "1: column 1: a stub must say what its name gives"),
        ("(stub \"a\" returns: self subject: it)", "1: column 34: unknown subject `it`; allowed: member"),
        ("(stub)", "1: column 1: a stub needs a name"),
        ("(name \"a\" (#any-of? @x \"b\")) @access", "1: column 21: `@x` is not captured"),
        ("(name \"a\" (#eq? @access \"b\")) @access", "1: column 12: no word fulfills both"),
    ] {
        let found = problem(text);
        assert!(found.starts_with(expected), "{text}\n found: {found}\nwanted: {expected}");
    }
}

#[test]
fn one_broken_pattern_leaves_the_others() {
    let (set, diagnostics) =
        load("(call method: \"a\") @access\n(call metod: \"b\") @access\n(call method: \"c\") @access\n");
    assert_eq!(set.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["go/own:1", "go/own:3"]);
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn a_user_file_names_its_language() {
    let text = "; language: python\n(call method: \"a\") @access";
    let (set, diagnostics) = rules::load(FRONTENDS, &[("x.scm".to_owned(), text.to_owned())]);
    assert_eq!(diagnostics, []);
    assert_eq!(set.rules.last().map(|rule| rule.language.as_str()), Some("python"));
    let (_, diagnostics) = rules::load(FRONTENDS, &[("x.scm".to_owned(), "(call) @access".to_owned())]);
    assert!(diagnostics[0].message.contains("`; language: go|python|rust|sql`"), "{diagnostics:?}");
    let (_, diagnostics) = rules::load(FRONTENDS, &[("x.scm".to_owned(), "; language: cobol".to_owned())]);
    assert_eq!(diagnostics[0].code, "query-language");
}

#[test]
fn the_fingerprint_follows_every_text() {
    let print = |path: &str, text: &str| rules::load(LANGUAGES, &[(path.to_owned(), text.to_owned())]).0.fingerprint;
    assert_eq!(print("go/a.scm", "x"), print("go/a.scm", "x"));
    assert_ne!(print("go/a.scm", "x"), print("go/a.scm", "y"));
    assert_ne!(print("go/a.scm", "x"), print("go/b.scm", "x"));
    assert_ne!(print("go/a.scm", "x"), rules::load(LANGUAGES, &[]).0.fingerprint);
}

#[test]
fn the_manual_names_every_setting() {
    let manual = include_str!("../docs/patterns.md");
    for (key, _) in SETTINGS {
        assert!(manual.contains(key), "docs/patterns.md does not name the setting {key}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
        load(&text);
    }

    #[test]
    fn arbitrary_forms_never_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "(", ")", "[", "]", "call", "name", "definition", "with", "assign", "stub", "_", "\"x\"", "receiver:", "method:",
        "argument[0]:", "argument[*]:", "member:", "inside:", "@access", "@_x", "#eq?", "#match?", "#set!", "returns:",
        "self", " ", "\n", ";", "subject:", "kind:", "operation",
    ]), 0..40)) {
        load(&parts.join(" "));
    }
}

#[test]
fn the_manual_names_every_pattern_file() {
    let manual = include_str!("../docs/languages.md");
    let ids = FRONTENDS.iter().flat_map(|it| it.queries()).map(|it| it.0.rsplit('/').next().unwrap_or(it.0));
    let missing: Vec<_> = ids.filter(|it| !manual.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "no row of docs/languages.md says what these know: {missing:?}");
}
