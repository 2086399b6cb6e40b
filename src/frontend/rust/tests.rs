//! Lowering of small sources, in a compact notation.

use std::fmt::Write as _;

use super::layout;
use crate::frontend::{Layout, Manifest};
use crate::model::fact::{
    Argument, DefId, DefinitionKind, ExprId, ExprKind, FileFacts, KnownMacro, ParamKind, Piece, RegionKind, StepKind,
    Visibility,
};
use crate::model::source::{Package, Role};

fn facts(source: &str) -> FileFacts {
    super::facts(source, &[])
}

/// The file with its own macros expanded.
fn expanded(source: &str) -> FileFacts {
    let known: Vec<KnownMacro> = facts(source)
        .macros
        .written
        .into_iter()
        .map(|it| KnownMacro { name: it.name, rules: vec![it.rules], namespace: compact_str::CompactString::default() })
        .collect();
    super::facts(source, &known)
}

// The notation.

fn show(facts: &FileFacts, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(", ");
    let args = |args: &[Argument]| {
        args.iter()
            .map(|argument| {
                let value = show(facts, argument.value);
                match (&argument.name, argument.spread) {
                    (Some(name), _) => format!("{name}={value}"),
                    (None, true) => format!("..{value}"),
                    (None, false) => value,
                }
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    match &facts.expr(id).kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Member { base, name } => format!("{}.{name}", show(facts, *base)),
        ExprKind::Call { callee, args: given } => format!("{}({})", show(facts, *callee), args(given)),
        ExprKind::Index { base, index } => format!("{}[{}]", show(facts, *base), show(facts, *index)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Template(pieces) => {
            let mut out = String::from("`");
            for piece in pieces {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Hole(id) => write!(out, "{{{}}}", show(facts, *id)).expect("writing to a string"),
                }
            }
            out + "`"
        }
        ExprKind::Constant(text) => text.to_string(),
        ExprKind::Sequence(items) => format!("({})", list(items)),
        ExprKind::Mapping(entries) => {
            let entry = |(key, value): &(Option<ExprId>, ExprId)| {
                format!("{}: {}", key.map_or_else(|| "..".into(), |key| show(facts, key)), show(facts, *value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Construct { of, fields } => format!("{}{{{}}}", show(facts, *of), args(fields)),
        ExprKind::Element(of) => format!("each {}", show(facts, *of)),
        ExprKind::Entered(of) => format!("entered {}", show(facts, *of)),
        ExprKind::Choice(of) => format!("<{}>", of.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(" | ")),
        ExprKind::Compared(of) => format!("<{}>", of.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(" ~ ")),
        ExprKind::Function(id) => format!("fn#{}", id.0),
        ExprKind::Unknown => "?".into(),
    }
}

/// Steps of one definition, or of all closures for `None`.
fn steps(facts: &FileFacts, path: &str) -> Vec<String> {
    let owner = named(facts, path);
    steps_of(facts, owner)
}

fn steps_of(facts: &FileFacts, owner: DefId) -> Vec<String> {
    facts
        .steps
        .iter()
        .filter(|step| step.owner == owner)
        .map(|step| match step.kind {
            StepKind::Assign { target, value } => format!("{} = {}", show(facts, target), show(facts, value)),
            StepKind::Declare { target, declared } => format!("{}: {}", show(facts, target), show(facts, declared)),
            StepKind::Return(value) => format!("return {}", show(facts, value)),
            StepKind::Yield(value) => format!("yield {}", show(facts, value)),
            StepKind::Call(call) => format!("call {}", show(facts, call)),
            StepKind::Spawn(call) => format!("spawn {}", show(facts, call)),
            StepKind::Read(value) => format!("read {}", show(facts, value)),
        })
        .collect()
}

fn named(facts: &FileFacts, path: &str) -> DefId {
    facts
        .def_ids()
        .find(|id| facts.definition(*id).path == path && facts.definition(*id).kind != DefinitionKind::Closure)
        .unwrap_or_else(|| panic!("no definition {path}"))
}

fn definition(facts: &FileFacts, id: DefId) -> String {
    let found = facts.definition(id);
    let mut out = format!("{:?} {}", found.kind, found.path);
    let list = |ids: &[ExprId]| ids.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(", ");
    if !found.params.is_empty() {
        let params: Vec<String> = found
            .params
            .iter()
            .map(|param| {
                let name = if param.kind == ParamKind::Receiver { "self" } else { &param.name };
                match param.declared {
                    Some(declared) => format!("{name}: {}", show(facts, declared)),
                    None => name.to_owned(),
                }
            })
            .collect();
        write!(out, "({})", params.join(", ")).expect("writing to a string");
    }
    for (mark, ids) in [(" : ", &found.bases), (" @ ", &found.attributes)] {
        if !ids.is_empty() {
            write!(out, "{mark}{}", list(ids)).expect("writing to a string");
        }
    }
    for (mark, id) in [
        (" -> ", found.result),
        (" is ", found.declared),
        (" = ", found.value),
        (" of ", found.receiver),
        (" implements ", found.implements),
    ] {
        if let Some(id) = id {
            write!(out, "{mark}{}", show(facts, id)).expect("writing to a string");
        }
    }
    for (mark, on) in
        [(" static", found.traits.is_static), (" test", found.traits.is_test), (" abstract", found.traits.is_abstract)]
    {
        if on {
            out.push_str(mark);
        }
    }
    out
}

fn definitions(source: &str) -> Vec<String> {
    let facts = facts(source);
    facts.def_ids().skip(1).map(|id| definition(&facts, id)).collect()
}

/// Steps of `fn f`, whose body is given.
fn body(source: &str) -> Vec<String> {
    let facts = facts(&format!("fn f() {{ {source} }}"));
    assert!(facts.diagnostics.is_empty(), "{:?}", facts.diagnostics);
    steps(&facts, "f")
}

fn imports(source: &str) -> Vec<String> {
    facts(source)
        .imports
        .iter()
        .map(|import| {
            let path: Vec<&str> = import.path.iter().map(compact_str::CompactString::as_str).collect();
            format!(
                "{:?} {} {} as {}{}",
                import.anchor,
                path.join("/"),
                import.name.as_deref().unwrap_or("-"),
                import.alias.as_deref().unwrap_or("*"),
                if import.reexport { " pub" } else { "" }
            )
        })
        .collect()
}

// Definitions.

#[test]
fn types_have_fields_with_types_and_attributes() {
    let source = r#"
        #[derive(Queryable, Insertable)]
        #[diesel(table_name = users, primary_key(id))]
        pub struct User { #[sqlx(rename = "uid")] pub id: i64, orders: Vec<crate::orders::Order>, }
        pub struct Pair(pub A, B);
        enum Event { Created(Order), Moved { from: Place }, Gone }
    "#;
    assert_eq!(
        definitions(source),
        [
            "Type User @ derive(Queryable, Insertable), diesel(table_name=users, primary_key(id))",
            "Field User::id @ sqlx(rename=\"uid\") is i64",
            "Field User::orders is Vec[crate.orders.Order]",
            "Type Pair",
            "Field Pair::0 is A",
            "Field Pair::1 is B",
            "Type Event",
            "Field Event::Created is Order",
            "Field Event::Moved",
            "Field Event::Moved::from is Place",
            "Field Event::Gone",
        ]
    );
}

#[test]
fn impls_give_methods_with_receiver_and_trait() {
    let source = r"
        pub trait Repo: Send + Named { fn find(&self, id: i64) -> Option<User>; fn all(&self) -> Vec<User> { self.list() } }
        pub struct Service<R> { repo: Arc<R> }
        impl<R: Repo> Service<R> {
            const TABLE: &'static str = 7;
            pub fn new(repo: Arc<R>) -> Self { Self { repo } }
            pub async fn get(&self) -> Result<User, Error> { self.repo.find(1) }
        }
        impl Repo for Postgres { fn find(&self, id: i64) -> Option<User> { None } }
        struct Postgres;
    ";
    assert_eq!(
        definitions(source),
        [
            "Interface Repo : Send, Named",
            "Method Repo::find(self: Repo, id: i64) -> Option[User] abstract",
            "Method Repo::all(self: Repo) -> Vec[User]",
            "Type Service",
            "Field Service::repo is Arc[Repo]",
            "Constant Service::TABLE is str = 7",
            "Method Service::new(repo: Arc[Repo]) -> Service[Repo] of Service[Repo] static",
            "Method Service::get(self: Service[Repo]) -> Result[(User, Error)] of Service[Repo]",
            "Method Postgres::find(self: Postgres, id: i64) -> Option[User] of Postgres implements Repo",
            "Type Postgres : Repo",
        ]
    );
}

#[test]
fn generics_stand_for_the_trait_that_bounds_them() {
    assert_eq!(
        definitions(
            "fn f<T, U>(a: &T, b: Box<dyn Store + Send>, c: impl Fn(i32) -> Row, d: U, e: &mut [u8]) where T: Repo<Item = X> + Send {}"
        ),
        ["Function f(a: Repo[X], b: Box[Store], c: func[(i32)][(Row)], d: ?, e: [][u8])"]
    );
    assert_eq!(
        definitions("async fn f() -> impl Stream<Item = Result<Row>> {}"),
        ["Function f -> Stream[Result[Row]]"]
    );
    assert_eq!(definitions("fn f() -> () {} fn g() -> ! { loop {} }"), ["Function f", "Function g"]);
}

#[test]
fn modules_nest_and_tests_are_marked() {
    let source = "
        mod inner { pub fn f() {} }
        #[cfg(test)] mod tests { fn support() {} #[test] fn works() {} }
        #[tokio::test] async fn alone() { fn nested() {} }
        #[cfg(not(test))] fn real() {}
        #[cfg(all(test, unix))] fn both() {}
    ";
    assert_eq!(
        definitions(source),
        [
            "Module inner",
            "Function inner::f",
            "Module tests test",
            "Function tests::support test",
            "Function tests::works @ test test",
            "Function alone @ tokio.test test",
            "Function alone::nested test",
            "Function real",
            "Function both test",
        ]
    );
}

#[test]
fn constants_aliases_and_macros() {
    let source = r#"
        pub(crate) const SQL: &str = concat!("SELECT ", 1, " FROM t");
        static mut POOL: Option<Pool> = None;
        type Db = Arc<Pool>;
        type Result<T, E = Error> = std::result::Result<T, E>;
        #[macro_export] macro_rules! m { () => {} }
        lazy_static! { static ref CACHE: Mutex<Map> = Mutex::new(load()); }
    "#;
    assert_eq!(
        definitions(source),
        [
            "Constant SQL is str = \"SELECT 1 FROM t\"",
            "Constant POOL is Option[Pool] = None",
            "Alias Db : Arc[Pool]",
            "Alias Result : std.result.Result",
            "Macro m",
            "Constant CACHE is Mutex[Map] = Mutex.new(load())",
        ]
    );
    let facts = facts(source);
    assert_eq!(facts.definition(named(&facts, "SQL")).visibility, Visibility::Package);
    assert_eq!(facts.definition(named(&facts, "m")).visibility, Visibility::Public);
}

#[test]
fn attributes_are_calls_with_keywords() {
    let show = |source: &str| definitions(source)[0].clone();
    assert_eq!(show(r#"#[get("/orders/{id}")] async fn f() {}"#), r#"Function f @ get("/orders/{id}")"#);
    assert_eq!(
        show(r#"#[post("/x", data = "<user>", rank = 2)] fn f() {}"#),
        r#"Function f @ post("/x", data="<user>", rank=2)"#
    );
    assert_eq!(show(r#"#[table_name = "users"] struct A;"#), r#"Type A @ table_name("users")"#);
    assert_eq!(show("#[actix_web::main] fn f() {}"), "Function f @ actix_web.main");
    assert_eq!(
        show(r#"#[sea_orm(belongs_to = "super::user::Entity", type = "x", has_many(nullable))] struct A;"#),
        r#"Type A @ sea_orm(belongs_to="super::user::Entity", type="x", has_many(nullable))"#
    );
    assert_eq!(show("/// Words.\n#[inline] #[allow(dead_code)] fn f() {}"), "Function f");
    assert_eq!(show(r#"#[cfg_attr(feature = "ssr", derive(Queryable))] struct A;"#), "Type A @ derive(Queryable)");
    assert_eq!(
        show("#[diesel(belongs_to(a::User, foreign_key = uid))] struct A;"),
        "Type A @ diesel(belongs_to(a.User, foreign_key=uid))"
    );
}

#[test]
fn declaration_macros_define_types_with_columns() {
    let source = r#"
        diesel::table! {
            use diesel::sql_types::*;
            /// Words.
            #[sql_name = "people"]
            auth.users (id) {
                id -> Integer,
                #[sql_name = "mail"]
                email -> Nullable<Text>,
            }
        }
    "#;
    assert_eq!(
        definitions(source),
        [
            "Type users : diesel.table! @ sql_name(\"people\") = \"auth.people\"",
            "Field users::id @ #key is Integer",
            "Field users::email @ sql_name(\"mail\") is Nullable[Text]",
            "Variable users::table is users",
            "Module users::dsl",
        ]
    );
}

// Imports.

#[test]
fn use_trees_are_flattened() {
    assert_eq!(
        imports(
            "use a::b::{self, C as D, e::*}; pub use crate::x::Y; use super::super::z; use self::w; use serde; \
             use super::*; extern crate diesel; use t::T as _; use {crate::p, q::r};"
        ),
        [
            "Absolute a b as b",
            "Absolute a/b C as D",
            "Absolute a/b/e - as *",
            "Package x Y as Y pub",
            "Up(2)  z as z",
            "Up(0)  w as w",
            "Absolute serde - as serde",
            "Up(1)  - as *",
            "Absolute diesel - as diesel",
            "Absolute t T as _",
            "Package  p as p",
            "Absolute q r as r",
        ]
    );
}

// Bodies.

#[test]
fn chains_drop_what_only_wraps() {
    assert_eq!(
        body("let u = sqlx::query_as::<_, User>(\"SELECT\").bind(id).fetch_one(&self.pool).await?;"),
        [
            "call sqlx.query_as[(?, User)](\"SELECT\")",
            "call sqlx.query_as[(?, User)](\"SELECT\").bind(id)",
            "call sqlx.query_as[(?, User)](\"SELECT\").bind(id).fetch_one(self.pool)",
            "u = sqlx.query_as[(?, User)](\"SELECT\").bind(id).fetch_one(self.pool)",
        ]
    );
    assert_eq!(body("let x = (*a.lock().unwrap()).clone() as u8;"), ["call a.lock()", "x = <a.lock() | a>"]);
    assert_eq!(body("run(b.map_err(|e| log(e))?);").last().map(String::as_str), Some("call run(b)"));
}

#[test]
fn calls_of_a_chain_stand_where_their_method_does() {
    let facts = facts("fn f() {\n    a()\n        .b(1)\n        .c();\n}\n");
    let lines: Vec<u32> = facts.steps.iter().map(|step| step.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    let outer = facts.exprs.last().expect("a call");
    assert_eq!((outer.at.line, outer.at.column), (4, 10));
}

#[test]
fn columns_count_bytes() {
    let facts = facts("fn f() { g(\"ä\"); h() }\n");
    let call = facts.exprs.iter().find(|expr| expr.kind == ExprKind::Name("h".into())).expect("a name");
    assert_eq!(call.at.column, 19);
}

#[test]
fn wrappers_come_off_values_and_patterns() {
    assert_eq!(
        body("if let Some(x) = find() { g(x) } match r { Ok(v) => v, Err(e) => e, }"),
        ["call find()", "x = find()", "call g(x)", "v = r", "e = ?", "return <v | e>"]
    );
    assert_eq!(body("return Ok(Some(user));"), ["return user"]);
    assert_eq!(body("Err(make())"), ["call make()"]);
}

#[test]
fn patterns_bind_parts() {
    assert_eq!(body("let (a, (b, _)): (A, B) = pair;"), ["(a, (b, ?)): (A, B)", "(a, (b, ?)) = pair"]);
    assert_eq!(body("let User { id, name: n, .. } = u;"), ["id = u.id", "n = u.name"]);
    assert_eq!(body("let Wrapper(x) = w;"), ["x = w.0"]);
    assert_eq!(body("match e { Event::Created(o) => g(o), Event::Gone | None => {} }")[0], "o = Event.Created");
    assert_eq!(body("let Some(x) = y else { return };"), ["x = y"]);
    assert_eq!(body("let x: Vec<User>;"), ["x: Vec[User]"]);
}

#[test]
fn paths_do_not_start_at_variables() {
    assert_eq!(
        body("let users = users::table.load(c); users.first(); orders::new();"),
        ["call ::users.table.load(c)", "users = ::users.table.load(c)", "call users.first()", "call orders.new()",]
    );
}

#[test]
fn parameters_may_be_patterns() {
    let facts = facts("fn f(State(db): State<Arc<Db>>, (a, b): (A, B), Point { x, .. }: Point, mut m: M) {}");
    assert_eq!(definition(&facts, DefId(1)), "Function f(db: State[Arc[Db]], #1: (A, B), #2: Point, m: M)");
    assert_eq!(steps(&facts, "f"), ["(a, b) = #1", "x = #2.x"]);
}

#[test]
fn what_is_counted_is_an_element() {
    let facts = facts(
        "fn f() {\n for (i, u) in users.iter().enumerate() {\n  g(u);\n }\n users.iter().enumerate().for_each(|(i, u)| g(u));\n}",
    );
    let found = steps(&facts, "f");
    assert!(found.contains(&"u = each users".to_owned()), "{found:?}");
    let closure = DefId(facts.definitions.len() as u32 - 1);
    assert_eq!(steps_of(&facts, closure)[0], "u·1 = each users");
}

#[test]
fn loops_bind_elements() {
    let facts = facts(
        "fn f() {\n for (i, u) in users.iter().filter(|u| u.ok) {\n  g(u);\n }\n while let Some(x) = next() {}\n}",
    );
    let found = steps(&facts, "f");
    assert!(found.contains(&"(i, u·2) = each users".to_owned()), "{found:?}");
    assert!(found.contains(&"x = next()".to_owned()), "{found:?}");
    let regions: Vec<(u32, u32)> = facts.regions.iter().map(|region| (region.first_line, region.last_line)).collect();
    assert_eq!(regions, [(2, 4), (5, 5)]);
    assert!(facts.regions.iter().all(|region| region.kind == RegionKind::Loop));
}

#[test]
fn closures_have_parameters_and_results() {
    let facts =
        facts("fn f() { users.iter().map(|u: &User| u.save()); found.map(|x| x.run()); spawn(async move { go() }); }");
    let closures: Vec<DefId> =
        facts.def_ids().filter(|id| facts.definition(*id).kind == DefinitionKind::Closure).collect();
    assert_eq!(closures.len(), 2);
    assert_eq!(steps_of(&facts, closures[0])[1..], ["u = each users", "call u.save()", "return u.save()"]);
    assert_eq!(steps_of(&facts, closures[1]), ["x = found", "call x.run()", "return x.run()"]);
    assert!(steps(&facts, "f").contains(&"call spawn(go())".to_owned()));
}

#[test]
fn texts_are_joined() {
    assert_eq!(
        body(r#"let q = format!("SELECT {} FROM {table} WHERE {0:?} = {{}}", cols);"#),
        ["q = `SELECT {cols} FROM {table} WHERE {cols} = {}`"]
    );
    assert_eq!(body(r#"let q = "a".to_string() + name + &format!("b{}", 1);"#), ["q = `a{name}b{1}`"]);
    assert_eq!(
        body(r#"let mut s = String::from("a"); s.push_str("b"); s += " c"; write!(s, "d{}", e)?;"#),
        ["s = \"a\"", "s = `{s}b`", "s = `{s} c`", "s = `{s}d{e}`"]
    );
    assert_eq!(body("n += 1;"), Vec::<String>::new());
    assert_eq!(
        body(
            r#"let q = "a\
        b";"#
        ),
        ["q = \"ab\""]
    );
}

#[test]
fn branches_are_choices() {
    assert_eq!(body("let x = if a { b } else if c { d() } else { return };"), ["call d()", "x = <b | d()>"]);
    assert_eq!(body("let x = match y { 1 => Some(a), _ => None };"), ["x = <a | None>"]);
    assert_eq!(body("let x = y.unwrap_or(z);"), ["x = <y | z>"]);
}

#[test]
fn struct_literals_and_self() {
    let facts =
        facts("impl S { fn f(self) -> Self { let a = Self { x: 1, y, ..z }; Self::g(); self::h(); S::<T>::g() } }");
    assert_eq!(
        steps(&facts, "S::f"),
        ["a = S{x=1, y=y, ..z}", "call S.g()", "call h()", "call S[T].g()", "return S[T].g()"]
    );
}

#[test]
fn macros_are_calls_where_their_arguments_parse() {
    assert_eq!(
        body(r#"sqlx::query!("SELECT 1", id); let v = vec![a, b]; let r = routes![x, y::z]; log!(level = x, "m");"#),
        [
            "call sqlx.query!(\"SELECT 1\", id)",
            "v = (a, b)",
            "call routes!(x, y.z)",
            "r = routes!(x, y.z)",
            "call log!(level=x, \"m\")"
        ]
    );
    assert_eq!(body("assert_eq!(f(), 1);"), ["call f()"]);
}

#[test]
fn other_macros_are_read_token_by_token() {
    assert_eq!(
        body(r#"let d = doc! { "user": id, "n": { "$in": [a, b] } };"#),
        ["call doc!({\"user\": id, \"n\": {\"$in\": (a, b)}})", "d = doc!({\"user\": id, \"n\": {\"$in\": (a, b)}})"]
    );
    assert_eq!(
        body(r#"let j = json!({"a": load()});"#)[1..],
        ["call json!({\"a\": load()})", "j = json!({\"a\": load()})"]
    );
    assert_eq!(
        body("joinable!(posts -> users (user_id));"),
        ["call users(user_id)", "call joinable!(posts, users(user_id))"]
    );
    assert!(body("select! { x = recv() => { handle(x); } }").contains(&"call handle(x)".to_owned()));
}

// Broken input.

#[test]
fn what_parses_in_a_broken_file_is_kept() {
    let source = "use a::b;\nstruct S { x: T }\nimpl S {\n    fn good(&self) { self.x.run(); }\n    fn bad(&self) {\n        before(1);\n        let x = (1 2);\n        after(2);\n    }\n}\nfn last() { end() }\n";
    let facts = facts(source);
    assert_eq!(facts.diagnostics.len(), 1);
    assert_eq!((facts.diagnostics[0].code.as_str(), facts.diagnostics[0].line), ("syntax-error", 7));
    assert_eq!(facts.imports.len(), 1);
    assert_eq!(steps(&facts, "S::good"), ["call self.x.run()"]);
    assert_eq!(facts.definition(named(&facts, "S::good")).line, 4);
    let bad = steps(&facts, "S::bad");
    assert!(bad.contains(&"call before(1)".to_owned()) && bad.contains(&"call after(2)".to_owned()), "{bad:?}");
    assert_eq!(steps(&facts, "last"), ["call end()", "return end()"]);
}

#[test]
fn deep_nesting_and_cut_off_text_do_no_harm() {
    for depth in [150, 5_000] {
        let open = "(".repeat(depth);
        let close = ")".repeat(depth);
        facts(&format!("fn f() {{ let x = {open}1{close}; g(); }}"));
        facts(&format!("fn f() {{ let x = {}1; }}", "!".repeat(depth)));
        facts(&format!("fn f() {{ let x: {}u8{} = 1; }}", "Vec<".repeat(depth), ">".repeat(depth)));
    }
    let chain = ".b()".repeat(1_500);
    let chained = facts(&format!("fn f() {{ a{chain}; }}"));
    assert_eq!(chained.steps.len(), 1_500);
    let text = include_str!("items.rs");
    for cut in (0..text.len()).step_by(1_999) {
        if let Some(head) = text.get(..cut) {
            facts(head);
        }
    }
    facts("fn f() { let s = \"unclosed; }");
    facts("\u{0}\u{feff}é}}}");
}

// Layout.

fn manifest(path: &str, text: &str) -> Manifest {
    Manifest { path: path.into(), text: text.into() }
}

#[test]
fn packages_come_from_manifests() {
    let packages = layout::packages(&[
        manifest("Cargo.toml", "[workspace]\nmembers = [\"app\"]"),
        manifest(
            "app/Cargo.toml",
            "[package]\nname = \"my-app\"\n[dependencies]\nserde = \"1\"\ncore = { package = \"my-core\", path = \"../core\" }\n[target.'cfg(unix)'.dependencies]\nnix = \"1\"",
        ),
        manifest("core/Cargo.toml", "[package]\nname = \"my-core\"\n[lib]\nname = \"kernel\""),
        manifest("bad/Cargo.toml", "[package"),
    ]);
    let shown: Vec<String> = packages
        .iter()
        .map(|package| {
            format!("{} {} {} {}", package.name, package.namespace, package.folder, package.dependencies.join(","))
        })
        .collect();
    assert_eq!(shown, ["bad bad bad ", "my-app my_app app my-core,nix,serde", "my-core kernel core "]);
}

#[test]
fn modules_come_from_paths() {
    let packages = vec![
        Package {
            name: "my-app".into(),
            language: "rust".into(),
            folder: String::new(),
            manifest: "Cargo.toml".into(),
            namespace: "my_app".into(),
            dependencies: Vec::new(),
            renamed: Vec::new(),
        },
        Package {
            name: "tool".into(),
            language: "rust".into(),
            folder: "tool".into(),
            manifest: "tool/Cargo.toml".into(),
            namespace: "tool".into(),
            dependencies: Vec::new(),
            renamed: Vec::new(),
        },
    ];
    let paths: Vec<String> = ["src/lib.rs", "src/main.rs", "tool/src/main.rs"].map(String::from).to_vec();
    let module = |path: &str| {
        let placement = layout::place(path, Layout { paths: &paths, packages: &packages });
        format!("{} {} {}", placement.package, placement.module, placement.is_package)
    };
    assert_eq!(module("src/lib.rs"), "my-app my_app true");
    assert_eq!(module("src/main.rs"), "my-app my_app::main true");
    assert_eq!(module("tool/src/main.rs"), "tool tool true");
    assert_eq!(module("src/a/mod.rs"), "my-app my_app::a true");
    assert_eq!(module("src/a/b.rs"), "my-app my_app::a::b false");
    assert_eq!(module("src/bin/run-it.rs"), "my-app run_it false");
    assert_eq!(module("tests/api.rs"), "my-app my_app::tests::api false");
}

#[test]
fn roles_come_from_paths_and_marks() {
    assert_eq!(layout::role("src/a.rs", ""), Role::Production);
    assert_eq!(layout::role("tests/a.rs", ""), Role::Test);
    assert_eq!(layout::role("a/benches/b.rs", ""), Role::Test);
    assert_eq!(layout::role("build.rs", ""), Role::Test);
    assert_eq!(layout::role("src/schema.rs", "// @generated automatically\n"), Role::Generated);
    assert_eq!(layout::role("src/a.rs", "fn f() {}\n// @generated\n"), Role::Production);
    assert_eq!(layout::role("migration/src/m20220101_000001_create.rs", ""), Role::Migration);
    assert_eq!(layout::role("vendor/x/src/lib.rs", ""), Role::Vendored);
}

#[test]
fn macros_of_the_file_are_expanded() {
    let found = expanded(
        r#"macro_rules! run {
    ($of:ident, $name:ident, $($rest:expr),+ $(,)?) => { $of.$name($($rest),+) };
    ($text:literal) => {{ let text = $text; send(text, a + 1) }};
}
macro_rules! each { ($($key:ident => $value:expr;)*) => { $(put(stringify!($key), $value * 2);)* }; }
macro_rules! twice { ($what:expr) => { $crate::add($what, $what) }; }
fn f(text: u8) {
    run!(self_, find, 1 + 2, |x, y| x,);
    run!("SELECT 1");
    each!(a => b(); c => d;);
    twice!(run!(o, get, 7));
}
"#,
    );
    assert_eq!(
        steps(&found, "f"),
        [
            "call self_.find(?, fn#5)",
            "text·2 = \"SELECT 1\"",
            "call send(text·2, ?)",
            "call b()",
            "call put(\"a\", ?)",
            "call put(\"c\", ?)",
            "call o.get(7)",
            "call o.get(7)",
            "call crate.add(o.get(7), o.get(7))",
        ]
    );
    assert!(found.macros.opaque.is_empty());
}

#[test]
fn macros_that_cannot_be_expanded_are_told() {
    let found = expanded(
        "macro_rules! own { ($x:literal) => { query(\"SELECT a FROM b\", $x) }; }
macro_rules! endless { ($x:expr) => { endless!($x) }; }
fn f() { own!(orders); endless!(1); }
",
    );
    let told: Vec<String> =
        found.macros.opaque.iter().map(|it| format!("{}:{} {}", it.name, it.line, it.words.join(" "))).collect();
    assert_eq!(told, ["own:3 SELECT a FROM b literal orders query x", "endless:3 endless expr x"]);
}

#[test]
fn macros_stand_for_items_and_members() {
    let found = expanded(
        "macro_rules! finder { ($name:ident, $table:literal) => { pub fn $name(&self) -> Row { self.find($table) } }; }
macro_rules! kinds { ($($name:ident),*) => { $(pub struct $name { id: u64 } impl Kind for $name { fn tell(self) -> u64 { self.id } })* }; }
struct Store;
impl Store { finder!(users, \"users\"); }
kinds!(A, B);
",
    );
    assert_eq!(steps(&found, "A::tell"), ["return self.id"]);
    assert_eq!(steps(&found, "Store::users"), ["call self.find(\"users\")", "return self.find(\"users\")"]);
    assert_eq!(found.definition(named(&found, "Store::users")).line, 4);
    assert_eq!(found.definition(named(&found, "B")).line, 5);
}

#[test]
fn each_binding_is_a_variable_up_to_the_end_of_its_block() {
    let facts = facts(
        "fn f(x: X) {\n if a { let v = A::new(); g(v); } else { let v = B::new(); g(v); }\n match x { X::C(v) => g(v), _ => g(x) }\n if let Some(x) = x { g(x); }\n let v;\n v = x;\n let x = x.y;\n g(x, v);\n}",
    );
    let found: Vec<String> =
        steps(&facts, "f").into_iter().filter(|it| !it.starts_with("call A") && !it.starts_with("call B")).collect();
    assert_eq!(
        found,
        [
            "v = A.new()",
            "call g(v)",
            "v·2 = B.new()",
            "call g(v·2)",
            "v·3 = X.C",
            "call g(v·3)",
            "call g(x)",
            "x·4 = x",
            "call g(x·4)",
            "v·5 = x",
            "x·6 = x.y",
            "call g(x·6, v·5)",
        ]
    );
}
