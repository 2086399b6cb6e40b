//! What the lowering says, in a compact notation.

use super::lower::lower;
use crate::model::fact::{ExprId, ExprKind, FileFacts, ParamKind, Piece, RegionKind, StepKind};

/// One expression as a line.
fn show(facts: &FileFacts, id: ExprId) -> String {
    let one = |id: &ExprId| show(facts, *id);
    let list = |ids: &[ExprId]| ids.iter().map(one).collect::<Vec<_>>().join(", ");
    match &facts.expr(id).kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Member { base, name } => format!("{}.{name}", one(base)),
        ExprKind::Call { callee, args } | ExprKind::Construct { of: callee, fields: args } => {
            let args: Vec<String> = args
                .iter()
                .map(|arg| {
                    let name = arg.name.as_ref().map(|name| format!("{name}=")).unwrap_or_default();
                    format!("{name}{}{}", one(&arg.value), if arg.spread { "..." } else { "" })
                })
                .collect();
            let (open, close) =
                if matches!(facts.expr(id).kind, ExprKind::Call { .. }) { ('(', ')') } else { ('{', '}') };
            format!("{}{open}{}{close}", one(callee), args.join(", "))
        }
        ExprKind::Index { base, index } => format!("{}<{}>", one(base), one(index)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Template(pieces) => {
            let mut line = String::from("`");
            for piece in pieces {
                match piece {
                    Piece::Text(text) => line.push_str(text),
                    Piece::Hole(hole) => line.extend(["${", &one(hole), "}"]),
                }
            }
            line + "`"
        }
        ExprKind::Constant(text) => format!("#{text}"),
        ExprKind::Sequence(items) => format!("[{}]", list(items)),
        ExprKind::Mapping(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", key.as_ref().map(one).unwrap_or_default(), one(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        ExprKind::Element(of) => format!("element({})", one(of)),
        ExprKind::Entered(of) => format!("entered({})", one(of)),
        ExprKind::Choice(of) => format!("({})", of.iter().map(one).collect::<Vec<_>>().join(" | ")),
        ExprKind::Compared(of) => format!("({})", of.iter().map(one).collect::<Vec<_>>().join(" ~ ")),
        ExprKind::Function(id) => format!("fn#{}", id.0),
        ExprKind::Unknown => "?".to_owned(),
    }
}

/// Definitions, then steps, then regions; one a line.
fn notes(source: &str) -> Vec<String> {
    let facts = lower(source);
    let show = |id: ExprId| show(&facts, id);
    let mut lines = Vec::new();
    for definition in facts.definitions.iter().skip(1) {
        let kind = format!("{:?}", definition.kind).to_lowercase();
        let mut line = format!("{kind} {}", definition.path);
        if !definition.params.is_empty() || definition.result.is_some() {
            let params: Vec<String> = definition
                .params
                .iter()
                .map(|param| {
                    let mark = match param.kind {
                        ParamKind::Receiver => "self ",
                        ParamKind::Rest => "...",
                        _ => "",
                    };
                    format!("{mark}{}: {}", param.name, param.declared.map(show).unwrap_or_default())
                })
                .collect();
            line.extend(["(", &params.join(", "), ")"]);
        }
        for (word, part) in [(" -> ", definition.result), (": ", definition.declared), (" = ", definition.value)] {
            if let Some(id) = part {
                line += word;
                line += &show(id);
            }
        }
        for base in &definition.bases {
            line.extend([" < ", &show(*base)]);
        }
        for attribute in &definition.attributes {
            line.extend([" @", &show(*attribute)]);
        }
        if definition.traits.is_abstract {
            line += " abstract";
        }
        if definition.traits.is_test {
            line += " test";
        }
        lines.push(line);
    }
    for step in &facts.steps {
        let text = match step.kind {
            StepKind::Assign { target, value } => format!("{} = {}", show(target), show(value)),
            StepKind::Declare { target, declared } => format!("{}: {}", show(target), show(declared)),
            StepKind::Return(value) => format!("return {}", show(value)),
            StepKind::Yield(value) => format!("yield {}", show(value)),
            StepKind::Call(call) => format!("call {}", show(call)),
            StepKind::Spawn(call) => format!("spawn {}", show(call)),
            StepKind::Read(value) => format!("read {}", show(value)),
        };
        lines.push(format!("{}@{}: {text}", step.owner.0, step.line));
    }
    for region in &facts.regions {
        let kind = if region.kind == RegionKind::Loop { "loop" } else { "with" };
        lines.push(format!("{kind} {}-{}", region.first_line, region.last_line));
    }
    lines
}

/// Steps of a function with that body, after the function's own line.
fn body(statements: &str) -> Vec<String> {
    let source = format!(
        "package p\nimport (\"fmt\"; \"strings\"; \"bytes\"; \"net/http\"; \"path\")\nfunc f() {{\n{statements}\n}}\n"
    );
    let lines = notes(&source);
    assert_eq!(lines[0], "function f", "{lines:?}");
    lines[1..].iter().map(|line| line.strip_prefix("1@4: ").unwrap_or(line).to_owned()).collect()
}

#[track_caller]
fn assert_notes(source: &str, expected: &[&str]) {
    assert_eq!(notes(source), expected);
}

#[track_caller]
fn assert_body(statements: &str, expected: &[&str]) {
    assert_eq!(body(statements), expected);
}

#[test]
fn imports_are_named_by_their_last_element() {
    let facts = lower(
        "package orders\nimport \"context\"\nimport (\n\tpg \"github.com/lib/pq\"\n\t. \"example.com/dsl\"\n\
         \t_ \"embed\"\n\t\"github.com/jackc/pgx/v5\"\n\t\"gopkg.in/yaml.v3\"\n\t`github.com/nats-io/nats.go`\n\
         \t\"github.com/redis/go-redis/v9\"\n\t\"example.com/app/v2/user-store\"\n)\n",
    );
    let found: Vec<String> = facts
        .imports
        .iter()
        .map(|import| format!("{} {} {}", import.path[0], import.alias.as_deref().unwrap_or("-"), import.glob))
        .collect();
    assert_eq!(
        found,
        [
            "context context false",
            "github.com/lib/pq pg false",
            "example.com/dsl - true",
            "embed - false",
            "github.com/jackc/pgx/v5 pgx false",
            "gopkg.in/yaml.v3 yaml false",
            "github.com/nats-io/nats.go nats false",
            "github.com/redis/go-redis/v9 redis false",
            "example.com/app/v2/user-store userstore false",
        ]
    );
    assert_eq!(facts.definitions[0].name, "orders");
    assert_eq!(facts.imports[1].line, 4);
}

#[test]
fn structs_have_fields_tags_and_bases() {
    assert_notes(
        "package p\ntype User struct {\n\tgorm.Model `gorm:\"embedded\"`\n\t*Base\n\tA, b int\n\
         \tName *string `gorm:\"column:full_name;not null\" json:\"name,omitempty\"`\n\tTags []map[string]*Tag\n}\n",
        &[
            "type User < gorm.Model < Base @gorm(\"embedded\")",
            "field User.A: int",
            "field User.b: int",
            "field User.Name: string @gorm(column=\"full_name\", \"not null\") @json(\"name\", \"omitempty\")",
            "field User.Tags: []<map<[string, Tag]>>",
        ],
    );
}

#[test]
fn interfaces_aliases_and_other_types() {
    assert_notes(
        "package p\ntype Store interface {\n\tio.Closer\n\tReader\n\t~int | string\n\
         \tGet(ctx context.Context, ids ...int) (*User, error)\n}\n\
         type ID = int64\ntype Users []User\ntype Handler func(w http.ResponseWriter) error\n\
         type (\n\tBox[T any] struct { item T }\n\tList[T Named] struct { items []T }\n)\n",
        &[
            "interface Store < io.Closer < Reader",
            "method Store.Get(ctx: context.Context, ...ids: int) -> [User, error] abstract",
            "alias ID < int64",
            "type Users < []<User>",
            "type Handler < func<[error]>",
            "type Box",
            "field Box.item: T",
            "type List",
            "field List.items: []<Named>",
        ],
    );
}

#[test]
fn functions_and_methods() {
    assert_notes(
        "package p\nfunc New(db *sql.DB, names ...string) (*Service, error) { return nil, nil }\n\
         func (s *Service) Create(context.Context, int) {}\nfunc (s Service) Name() string { return s.name }\n\
         func (r *Repo[T]) Get() T\nfunc Each[T Named, K any](x T, k K) {}\n\
         func TestX(t *testing.T) {}\n",
        &[
            "function New(db: sql.DB, ...names: string) -> [Service, error]",
            "method (*Service).Create(self s: Service, : context.Context, : int)",
            "method Service.Name(self s: Service) -> string",
            "method (*Repo).Get(self r: Repo) -> T abstract",
            "function Each(x: Named, k: K)",
            "function TestX(t: testing.T) test",
            "1@2: return [#nil, #nil]",
            "3@4: return s.name",
        ],
    );
}

#[test]
fn constants_repeat_and_variables_hold_values() {
    assert_notes(
        "package p\nconst (\n\tA Kind = iota\n\tB\n\tC = \"c\" + A\n)\nvar db *sql.DB\nvar x, _, y = 1, 2, f()\n\
         var a, b = g()\nvar _ Store = (*Impl)(nil)\nvar run = func() { h() }\n",
        &[
            "constant A: Kind = #iota",
            "constant B: Kind = #iota",
            "constant C = `c${A}`",
            "variable db: sql.DB",
            "variable x = #1",
            "variable y = f()",
            "variable a",
            "variable b",
            "variable run",
            "function run",
            "0@8: call f()",
            "0@9: call g()",
            "0@9: [a, b] = g()",
            "0@10: call Impl(#nil)",
            "10@11: call h()",
        ],
    );
}

#[test]
fn embedded_files_are_an_attribute() {
    assert_notes(
        "package p\nimport _ \"embed\"\n\n//go:embed a.sql \"b.sql\"\nvar text string\n\nvar (\n\t//go:embed q.sql\n\
         \tone string\n\ttwo string\n)\n",
        &[
            "variable text: string @go:embed(\"a.sql\", \"b.sql\")",
            "variable one: string = \"q.sql\" @go:embed(\"q.sql\")",
            "variable two: string",
        ],
    );
}

#[test]
fn assignments_and_declarations() {
    assert_body("a, err := f(x)", &["call f(x)", "[a, err] = f(x)"]);
    assert_body("a, _ := f()", &["call f()", "[a, ?] = f()"]);
    assert_body("_, _ = f()", &["call f()"]);
    assert_body("a, b = b, a", &["a = b", "b = a"]);
    assert_body("v, ok := m[k]", &["v = m<k>"]);
    assert_body("v, ok := x.(*T)", &["v = T{x}"]);
    assert_body("v, ok := <-ch", &["v = element(ch)"]);
    assert_body("s.db, *p, (q) = a, b, c", &["s.db = a", "p = b", "q = c"]);
    assert_body("var a, b int = 1, 2", &["a: int", "a = #1", "b: int", "b = #2"]);
    assert_body("const q = \"SELECT 1\"", &["q = \"SELECT 1\""]);
    assert_body("var a, b = f()", &["call f()", "[a, b] = f()"]);
    assert_body("x := &User{Name: n}", &["x = User{Name=n}"]);
}

#[test]
fn calls_stand_where_the_method_is_named() {
    let facts = lower("package p\nfunc f() {\n\tdb.\n\t\tWhere(\"a\").\n\t\tFind(&x)\n}\n");
    let calls: Vec<u32> = facts.steps.iter().map(|step| step.line).collect();
    assert_eq!(calls, [4, 5]);
    let StepKind::Call(outer) = facts.steps[1].kind else { panic!("a call") };
    assert_eq!(show(&facts, outer), "db.Where(\"a\").Find(x)");
    assert_eq!((facts.expr(outer).at.line, facts.expr(outer).at.column), (5, 3));
}

#[test]
fn values_that_nobody_asks_for_keep_their_calls() {
    assert_body("if a == b && f(x) != nil { g() } else if !h() { }", &["call f(x)", "call g()", "call h()"]);
    assert_body("x := len(list(a)) + 1", &["call list(a)", "x = ?"]);
    assert_body("ch <- f()", &["call f()"]);
}

#[test]
fn loops_and_elements() {
    assert_body(
        "for k, v := range xs() { use(k, v) }",
        &["call xs()", "v = element(xs())", "call use(k, v)", "loop 4-4"],
    );
    assert_body("for i := range xs { use(xs[i]) }", &["call use(xs<i>)", "loop 4-4"]);
    assert_body(
        "jobs := make(chan Job); for job := range jobs { job.Run() }",
        &["jobs = chan<Job>{}", "job = element(jobs)", "call job.Run()", "loop 4-4"],
    );
    assert_body("for i := 0; i < n(); i++ { f() }", &["i = #0", "call n()", "call f()", "loop 4-4"]);
}

#[test]
fn switches_and_selects() {
    assert_body(
        "switch v := x.(type) { case *A: f(v); case B, C: g(v); case nil: h(); default: k(v) }",
        &["v = A{x}", "call f(v)", "v·2 = x", "call g(v·2)", "v·3 = x", "call h()", "v·4 = x", "call k(v·4)"],
    );
    assert_body(
        "switch y := f(); y { case g(1), 2: h(); default: k() }",
        &["call f()", "y = f()", "call g(#1)", "call h()", "call k()"],
    );
    assert_body(
        "select { case v := <-ch: f(v); case ch <- g(): ; default: h() }",
        &["v = element(ch)", "call f(v)", "call g()", "call h()"],
    );
}

#[test]
fn blocks_have_their_own_variables() {
    assert_body(
        "q := a(); if q := b(q); q != nil { use(q) } else { q = c(); use(q) }; use(q)",
        &[
            "call a()",
            "q = a()",
            "call b(q)",
            "q·2 = b(q)",
            "call use(q·2)",
            "call c()",
            "q·2 = c()",
            "call use(q·2)",
            "call use(q)",
        ],
    );
    assert_body(
        "switch { case x: q := \"a\"; f(q); default: q := \"b\"; f(q) }",
        &["q = \"a\"", "call f(q)", "q·2 = \"b\"", "call f(q·2)"],
    );
    assert_body(
        "a, err := f(); b, err := g(err); for _, a := range b { h(a, err) }",
        &[
            "call f()",
            "[a, err] = f()",
            "call g(err)",
            "[b, err] = g(err)",
            "a·2 = element(b)",
            "call h(a·2, err)",
            "loop 4-4",
        ],
    );
    assert_body(
        "x := 1; func(y int) { x := x; use(x, y) }(x); use(x)",
        &["closure f(y: int)", "x = #1", "2@4: x·2 = x", "2@4: call use(x·2, y)", "call fn#2(x)", "call use(x)"],
    );
}

#[test]
fn a_new_text_in_the_same_block_takes_the_place_of_the_old_one() {
    assert_body(
        "q := \"a\"; f(q); q = \"b\"; f(q); if c { q = \"d\" }; f(q)",
        &["q = \"a\"", "call f(q)", "q·2 = \"b\"", "call f(q·2)", "q·3 = \"d\"", "q·2 = \"d\"", "call f(q·2)"],
    );
}

#[test]
fn literals_get_their_elided_types() {
    assert_body("x := []*User{{Name: \"a\"}, u, {\"b\", 2}}", &["x = [User{Name=\"a\"}, u, User{\"b\", ?}]"]);
    assert_body(
        "x := map[string][]User{\"a\": {{ID: f()}}, k: {}}",
        &["call f()", "x = {\"a\": [User{ID=f()}], k: []<User>{}}"],
    );
    assert_body("x := []User{}", &["x = []<User>{}"]);
    assert_body("x := bson.M{\"$set\": bson.M{\"n\": v}}", &["x = bson.M{$set=bson.M{n=v}}"]);
    assert_body("x := bson.D{{\"a\", v}}", &["x = bson.D{?{\"a\", v}}"]);
    assert_body("x := [...]string{A: \"a\", 1: \"b\"}", &["x = [\"a\", \"b\"]"]);
    assert_body("x := new(User); y := make(map[string]User, 3)", &["x = User{}", "y = map<[string, User]>{}"]);
    assert_body("x := Box[User]{}", &["x = Box<User>{}"]);
}

#[test]
fn function_literals_go_and_defer() {
    assert_notes(
        "package p\nfunc f() error {\n\tgo work(1)\n\tgo func(n int) { g(n) }(2)\n\tdefer tx.Rollback()\n\
         \treturn run(func(tx *Tx) (err error) {\n\t\terr = tx.Do()\n\t\treturn\n\t})\n}\n",
        &[
            "function f() -> error",
            "closure f(n: int)",
            "closure f(tx: Tx) -> error",
            "1@3: call work(#1)",
            "1@3: spawn work(#1)",
            "2@4: call g(n)",
            "1@4: call fn#2(#2)",
            "1@4: spawn fn#2(#2)",
            "1@5: call tx.Rollback()",
            "3@6: err: error",
            "3@7: call tx.Do()",
            "3@7: err = tx.Do()",
            "3@8: return err",
            "1@6: call run(fn#3)",
            "1@6: return run(fn#3)",
        ],
    );
}

#[test]
fn texts_are_put_together() {
    assert_body("q := \"SELECT \" + cols + ` FROM t\n`", &["q = `SELECT ${cols} FROM t\n`"]);
    assert_body("q := \"a\"; q += \" b\" + c", &["q = \"a\"", "q = `${q} b${c}`"]);
    assert_body("n := a + 1", &["n = ?"]);
    assert_body("q := a + b", &["q = `${a}${b}`"]);
    assert_body(
        "q := fmt.Sprintf(\"SELECT %s FROM %[1]s_%d WHERE %-5q %%\", t, u, \"v\")",
        &["q = `SELECT ${t} FROM ${t}_${u} WHERE \"v\" %`"],
    );
    assert_body("q := fmt.Sprintf(\"%*d|%s|%s\", w, n, f())", &["call f()", "q = `${n}|${f()}|`"]);
    assert_body("q := strings.Join([]string{\"a\", b, \"c\"}, \", \")", &["q = `a, ${b}, c`"]);
    assert_body(
        "q := strings.Join(parts, \",\")",
        &["call strings.Join(parts, \",\")", "q = strings.Join(parts, \",\")"],
    );
    assert_body(
        "var sb strings.Builder; sb.WriteString(\"SELECT \"); fmt.Fprintf(&sb, \"%s FROM t\", c); db.Query(sb.String())",
        &["sb = \"\"", "sb = `${sb}SELECT `", "sb = `${sb}${c} FROM t`", "call db.Query(sb)"],
    );
    assert_body(
        "b := &bytes.Buffer{}; b.WriteByte(';'); b.WriteString(f())",
        &["b = \"\"", "b = `${b};`", "call f()", "b = `${b}${f()}`"],
    );
    assert_body(
        "var b bytes.Buffer; err := t.Execute(&b, d); t.Execute(w, d)",
        &["b = \"\"", "b = `${b}${t}`", "call t.Execute(b, d)", "err = t.Execute(b, d)", "call t.Execute(w, d)"],
    );
    assert_body(
        "var b bytes.Buffer; b.WriteString(\"FROM \"); suffix(&b, x); b.WriteString(\" UNION \")",
        &["b = \"\"", "b = `${b}FROM `", "call suffix(b, x)", "b = `${b}${?}`", "b = `${b} UNION `"],
    );
    assert_body("r.Handle(http.MethodPatch, http.MethodX)", &["call r.Handle(\"PATCH\", http.MethodX)"]);
    assert_body("p := path.Join(root, \"/x/\", \"\", \"y\")", &["p = `${root}/x/y`"]);
    assert_body("s := string([]byte(\"x\\t\\x41\\u00e9\\101\"))", &["s = \"x\\tAéA\""]);
}

#[test]
fn a_variable_called_like_an_import_is_another_name() {
    assert_notes(
        "package p\nimport \"shop/user\"\nfunc f(user *user.User) { user.Save() }\n\
         func g() { user := user.New(); user.Save() }\nfunc h() { user.Save() }\n",
        &[
            "function f(user·1: user.User)",
            "function g",
            "function h",
            "1@3: call user·1.Save()",
            "2@4: call user.New()",
            "2@4: user·1 = user.New()",
            "2@4: call user·1.Save()",
            "3@5: call user.Save()",
        ],
    );
}

#[test]
fn conversions_and_generic_calls() {
    assert_body(
        "x := UserID(7); y := int64(x); z := f[User](x); w := (*T).Method",
        &["call UserID(#7)", "x = UserID(#7)", "y = x", "call f<User>(x)", "z = f<User>(x)", "w = T.Method"],
    );
    assert_body(
        "users = append(users, u); all = append(all, users...)",
        &["users = (users | [u])", "all = (all | users)"],
    );
}

#[test]
fn local_types_belong_to_their_function() {
    assert_notes(
        "package p\nfunc (s *S) f() {\n\ttype row struct { ID int }\n\tvar rows []row\n}\n",
        &["method (*S).f(self s: S)", "type (*S).f.row", "field (*S).f.row.ID: int", "1@4: rows: []<row>"],
    );
}

#[test]
fn broken_files_give_what_can_be_read() {
    let facts = lower("package p\nfunc a() { x() }\nfunc b( {\nfunc c() { y() }\n");
    assert_eq!(facts.diagnostics.len(), 1);
    assert_eq!(facts.diagnostics[0].code, "syntax-error");
    assert!(facts.definitions.iter().any(|definition| definition.path == "a"));
    for source in [
        "",
        "package",
        "func",
        "type T struct {",
        "package p\nvar x = map[",
        "\u{0}\u{fffd}",
        "package p\nfunc (r *) f() {",
    ] {
        lower(source);
    }
}

#[test]
fn a_last_line_without_an_end_is_no_error() {
    for last in ["}", "}\n// done", "}\nfunc f() {}", "}\nvar x = 1", "}\ntype U = T"] {
        let facts = lower(&format!("package p\n\ntype T struct {{\n\tA int `json:\"a\"`\n{last}"));
        assert!(facts.diagnostics.is_empty(), "{last}: {:?}", facts.diagnostics);
        assert!(facts.definitions.iter().any(|it| it.path == "T.A"), "{last}");
    }
}

#[test]
fn pointers_to_values_are_read() {
    let facts = lower(
        "package p\nvar a, b, c = new(\"x\"), new(load(1)), new(T)\nvar d = new(map[string]int)\nvar e = new(-1)\nfunc f() { renew(x) }\n",
    );
    assert!(facts.diagnostics.is_empty(), "{:?}", facts.diagnostics);
    let shown = |name: &str| {
        let definition = facts.definitions.iter().find(|it| it.name == name).expect("defined");
        show(&facts, definition.value.expect("a value"))
    };
    assert_eq!(shown("a"), "\"x\"");
    assert_eq!(shown("b"), "load(#1)");
    assert_ne!(shown("c"), "T");
}

#[test]
fn deep_nesting_is_survived_and_reported() {
    let deep = 20_000;
    let source = format!("package p\nfunc f() {{ x := {}1{} }}\n", "(".repeat(deep), ")".repeat(deep));
    let facts = lower(&source);
    assert!(facts.diagnostics.iter().any(|diagnostic| diagnostic.code == "nesting-too-deep"));
    for source in [
        format!("package p\nfunc f() {{ {} }}\n", "if a { ".repeat(5_000)),
        format!("package p\nvar x {}int\n", "[]".repeat(5_000)),
        format!("package p\nvar x = {}{}\n", "[]T{{".repeat(3_000), "}}".repeat(3_000)),
        format!("package p\nvar x = {}{}\n", "func() { f(".repeat(2_000), ") }".repeat(2_000)),
    ] {
        lower(&source);
    }
}

#[test]
fn long_sums_are_read_whole() {
    let source = format!("package p\nvar q = {}\n", vec!["\"x\""; 5_000].join(" + "));
    let facts = lower(&source);
    let value = facts.definitions[1].value.expect("a value");
    assert_eq!(show(&facts, value).len(), 5_002);
}

/// Every prefix of a source is read without a panic, and no fact points outside its arena.
#[test]
fn truncated_sources_never_panic() {
    let source = "package p\nimport \"fmt\"\ntype A struct { b.C `x:\"y\"`; D []E }\nconst ( X = iota; Y )\n\
                  func (a *A) F(x int, y ...string) (z error) {\n\tfor i, v := range y { go a.G(v) }\n\
                  \tswitch t := q.(type) { case *B: return fmt.Sprintf(\"%s\", t) }\n\
                  \tdefer func() { sb.WriteString(\"é\") }()\n\treturn &A{D: []E{{1}}}\n}\n";
    for (end, _) in source.char_indices() {
        let facts = lower(&source[..end]);
        for step in &facts.steps {
            if let StepKind::Assign { target, value } = step.kind {
                show(&facts, target);
                show(&facts, value);
            }
        }
    }
}
