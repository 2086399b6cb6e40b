//! What sources lower to, in a compact notation: one line a definition, import, step and region.

use std::fmt::Write as _;

use crate::frontend::python::Python;
use crate::frontend::{Frontend as _, Layout};
use crate::model::fact::{Anchor, ExprId, ExprKind, FileFacts, ParamKind, Piece, RegionKind, StepKind};
use crate::model::source::Role;

/// Expression as source-like text: `<x>` element of x, `~x` entered x, `a | b` choice, `_` unknown, `fn 3` closure.
fn show(facts: &FileFacts, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(", ");
    match &facts.expr(id).kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Member { base, name } => format!("{}.{name}", show(facts, *base)),
        ExprKind::Call { callee, args } => {
            let args: Vec<String> = args
                .iter()
                .map(|arg| {
                    let name = arg.name.as_ref().map(|name| format!("{name}=")).unwrap_or_default();
                    let spread = if arg.spread { "*" } else { "" };
                    format!("{name}{spread}{}", show(facts, arg.value))
                })
                .collect();
            format!("{}({})", show(facts, *callee), args.join(", "))
        }
        ExprKind::Index { base, index } => format!("{}[{}]", show(facts, *base), show(facts, *index)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Template(pieces) => {
            let mut out = String::from("t\"");
            for piece in pieces {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Hole(hole) => write!(out, "{{{}}}", show(facts, *hole)).expect("writes to a string"),
                }
            }
            out + "\""
        }
        ExprKind::Constant(text) => text.to_string(),
        ExprKind::Sequence(items) => format!("[{}]", list(items)),
        ExprKind::Mapping(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| {
                    let key = key.map_or_else(|| "**".to_owned(), |key| show(facts, key));
                    format!("{key}: {}", show(facts, *value))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        ExprKind::Construct { .. } => "construct".to_owned(),
        ExprKind::Element(of) => format!("<{}>", show(facts, *of)),
        ExprKind::Entered(of) => format!("~{}", show(facts, *of)),
        ExprKind::Choice(options) => options.iter().map(|option| show(facts, *option)).collect::<Vec<_>>().join(" | "),
        ExprKind::Compared(options) => {
            options.iter().map(|option| show(facts, *option)).collect::<Vec<_>>().join(" ~ ")
        }
        ExprKind::Function(def) => format!("fn {}", def.0),
        ExprKind::Unknown => "_".to_owned(),
    }
}

fn definitions(facts: &FileFacts) -> String {
    let mut out = String::new();
    for definition in facts.definitions.iter().skip(1) {
        let mut line = format!("{}-{} {:?} {}", definition.line, definition.end_line, definition.kind, definition.path);
        let params: Vec<String> = definition
            .params
            .iter()
            .map(|param| {
                let mark = match param.kind {
                    ParamKind::Plain => "",
                    ParamKind::Receiver => "&",
                    ParamKind::Rest => "*",
                    ParamKind::Keywords => "**",
                };
                let declared = param.declared.map(|id| format!(": {}", show(facts, id))).unwrap_or_default();
                let default = param.default.map(|id| format!(" = {}", show(facts, id))).unwrap_or_default();
                format!("{mark}{}{declared}{default}", param.name)
            })
            .collect();
        if !params.is_empty() {
            write!(line, "({})", params.join(", ")).expect("writes to a string");
        }
        let many = |ids: &[ExprId]| ids.iter().map(|id| show(facts, *id)).collect::<Vec<_>>().join(", ");
        if !definition.bases.is_empty() {
            write!(line, " < {}", many(&definition.bases)).expect("writes to a string");
        }
        for (mark, part) in [("->", definition.result), (":", definition.declared), ("=", definition.value)] {
            if let Some(part) = part {
                write!(line, " {mark} {}", show(facts, part)).expect("writes to a string");
            }
        }
        if !definition.attributes.is_empty() {
            write!(line, " @ {}", many(&definition.attributes)).expect("writes to a string");
        }
        if !definition.rebinds.is_empty() {
            write!(line, " rebinds {}", definition.rebinds.join(" ")).expect("writes to a string");
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

pub(super) fn steps(facts: &FileFacts) -> String {
    let mut out = String::new();
    for step in &facts.steps {
        let definition = facts.definition(step.owner);
        let owner = if definition.path.is_empty() { "-" } else { definition.path.as_str() };
        let what = match step.kind {
            StepKind::Assign { target, value } => format!("{} = {}", show(facts, target), show(facts, value)),
            StepKind::Declare { target, declared } => format!("{}: {}", show(facts, target), show(facts, declared)),
            StepKind::Return(value) => format!("return {}", show(facts, value)),
            StepKind::Yield(value) => format!("yield {}", show(facts, value)),
            StepKind::Call(call) => format!("call {}", show(facts, call)),
            StepKind::Spawn(call) => format!("spawn {}", show(facts, call)),
            StepKind::Read(value) => format!("read {}", show(facts, value)),
        };
        writeln!(out, "{} {owner}: {what}", step.line).expect("writes to a string");
    }
    out
}

fn imports(facts: &FileFacts) -> String {
    let mut out = String::new();
    for import in &facts.imports {
        let anchor = match import.anchor {
            Anchor::Absolute => String::new(),
            Anchor::Package => "crate".to_owned(),
            Anchor::Up(levels) => format!("^{levels} "),
            Anchor::Folder => "folder ".to_owned(),
        };
        let name = import.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let alias = import.alias.as_ref().map(|alias| format!(" as {alias}")).unwrap_or_default();
        let marks = [(import.glob, " glob"), (import.types_only, " types"), (!import.reexport, " local")]
            .into_iter()
            .filter_map(|(on, mark)| on.then_some(mark))
            .collect::<String>();
        writeln!(out, "{anchor}{}{name}{alias}{marks}", import.path.join(".")).expect("writes to a string");
    }
    out
}

fn regions(facts: &FileFacts) -> String {
    facts.regions.iter().fold(String::new(), |mut out, region| {
        let kind = match region.kind {
            RegionKind::With(id) => format!("with {}", show(facts, id)),
            RegionKind::Loop => "loop".to_owned(),
            RegionKind::Leaving => "leaving".to_owned(),
        };
        writeln!(out, "{}-{} {kind}", region.first_line, region.last_line).expect("writes to a string");
        out
    })
}

/// Removes the first line break and the common indentation.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let indent = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    text.lines().map(|line| line.get(indent..).unwrap_or("").to_owned() + "\n").collect()
}

#[track_caller]
pub(super) fn check(part: fn(&FileFacts) -> String, source: &str, expected: &str) {
    let facts = Python.facts(&dedent(source));
    let (got, expected) = (part(&facts), dedent(expected.trim_end()));
    assert!(got == expected, "got:\n{got}\nexpected:\n{expected}");
}

#[test]
fn definitions_nest_and_carry_their_parts() {
    check(
        definitions,
        "
        LIMIT = 10
        table, other = make()
        class Order(Base, Generic[T], table=True):
            __tablename__ = 'orders'
            id: Mapped[int] = column(primary_key=True)
            class Meta:
                ordering = ['id']
            @property
            def total(self) -> Decimal | None: ...
            @staticmethod
            def of(x: 'Item', *args, y: Optional[int] = None, **kw): ...
        def outer(a=1):
            def inner(): pass
            class Local: pass
            return lambda q: q
        async def _hidden(): pass
        type Ids = list[int]
        Orders = dict[str, Order]
        Name: TypeAlias = 'Order'
        ",
        "
        1-1 Constant LIMIT = 10
        2-2 Variable table
        2-2 Variable other
        3-11 Type Order < Base, Generic[T] @ class(table=True)
        4-4 Field Order.__tablename__ = \"orders\"
        5-5 Field Order.id : Mapped[int] = column(primary_key=True)
        6-7 Type Order.Meta
        7-7 Field Order.Meta.ordering = [\"id\"]
        9-9 Method Order.total(&self) -> Decimal @ property
        11-11 Method Order.of(x: Item, *args, y: int = None, **kw) @ staticmethod
        12-15 Function outer(a = 1)
        13-13 Function outer.inner
        14-14 Type outer.Local
        15-15 Closure outer(q)
        16-16 Function _hidden
        17-17 Alias Ids < list[int]
        18-18 Alias Orders < dict[[str, Order]]
        19-19 Alias Name < Order
        ",
    );
}

#[test]
fn annotations_become_types() {
    check(
        definitions,
        "
        a: Union[A, b.B, None]
        b: 'list[shop.Order] | None'
        c: Callable[[int], Awaitable[User]]
        d: Literal['x', 'y'] = 'x'
        e: Annotated[Session, Depends(get_db)]
        f: \"Optional['Order']\"
        g: ClassVar[List['Order']] = []
        h: 'not a type!'
        i: tuple[int, ...]
        def j(db: Annotated[Session, Depends(get_db)], k: Depends = 3): ...
        ",
        "
        1-1 Variable a : A | b.B
        2-2 Variable b : list[shop.Order]
        3-3 Variable c : func[[Awaitable[User]]]
        4-4 Variable d = \"x\"
        5-5 Variable e : Annotated[[Session, Depends(get_db)]]
        6-6 Variable f : Order
        7-7 Variable g : ClassVar[List[Order]] = []
        8-8 Variable h
        9-9 Variable i : tuple[[int, _]]
        10-10 Function j(db: Annotated[[Session, Depends(get_db)]] = Depends(get_db), k: Depends = 3)
        ",
    );
}

#[test]
fn imports_keep_levels_aliases_and_scopes() {
    check(
        imports,
        "
        import os, a.b.c as d
        import a.b
        from . import x
        from ..models.order import Order as O, Item
        from shop import *
        from __future__ import annotations
        if TYPE_CHECKING:
            from t import T
        try:
            import fast as impl
        except ImportError:
            import slow as impl
        def f():
            from .lazy import g
        ",
        "
        os as os
        a.b.c as d
        a.b as a
        ^1  x as x
        ^2 models.order Order as O
        ^2 models.order Item as Item
        shop glob
        t T as T types
        fast as impl
        slow as impl
        ^1 lazy g as g local
        ",
    );
}

#[test]
fn calls_stand_in_source_order_inner_first() {
    check(
        steps,
        "
        def f(self, items):
            x = await g(h(1), k=self.a.b(2))
            if check(x) and not other(x): done()
            return [p(i) for i in items if q(i)]
            (session
                .query(Order)
                .filter(Order.id == ident(3)))
            print(a < b, *rest, **kw)
            a.b['c'].d(x[1:2])
        ",
        "
        2 f: call h(1)
        2 f: call self.a.b(2)
        2 f: call g(h(1), k=self.a.b(2))
        2 f: x = g(h(1), k=self.a.b(2))
        3 f: call check(x)
        3 f: call other(x)
        3 f: call done()
        4 f: i = <items>
        4 f: call q(i)
        4 f: call p(i)
        4 f: return [p(i)]
        6 f: call session.query(Order)
        7 f: call ident(3)
        7 f: call session.query(Order).filter(Order.id ~ ident(3))
        8 f: call print(_, *rest, *kw)
        9 f: call a.b[\"c\"].d(x)
        ",
    );
}

#[test]
fn assignments_unpack_and_grow() {
    check(
        steps,
        "
        def f(self, p):
            a, b = p, g
            (c, d), *e = pairs
            self.x = y = p
            self.n: Order = p
            n = 1
            n = 2
            sql = 'SELECT 1'
            sql += ' FROM ' + p
            xs = [a]
            xs += [b]
            d['k'] = a
            d[0] = 1
            user.age -= 1
            if (m := p.q): pass
            for i, v in p.items(): pass
            setattr(p, 'name', v)
            w = getattr(p, 'name')
        ",
        "
        2 f: a = p
        2 f: b = g
        3 f: e = pairs
        3 f: [[c, d]] = pairs
        4 f: self.x = p
        4 f: y = p
        5 f: self.n: Order
        5 f: self.n = p
        6 f: n = 1
        7 f: n·2 = 2
        8 f: sql = \"SELECT 1\"
        9 f: sql = t\"{sql} FROM {p}\"
        10 f: xs = [a]
        11 f: xs = [b]
        12 f: d[\"k\"] = a
        14 f: user.age = _
        15 f: m = p.q
        15 f: read p.q
        16 f: call p.items()
        16 f: [i, v] = <p.items()>
        17 f: p.name = v
        18 f: w = p.name
        ",
    );
}

#[test]
fn strings_keep_their_holes() {
    check(
        steps,
        r#"
        def f(t, cols, base):
            a = f"SELECT {cols} FROM {t!r:>10} {{x}}"
            b = "SELECT * FROM %s WHERE id = %%s" % t
            c = "SELECT %(c)s FROM %(t)s" % {"c": cols, "t": t}
            d = "FROM {} {name}".format(t, name="x")
            e = ("SELECT "
                 "1\n" f"{t}")
            g = " ".join(["SELECT", cols, "FROM orders"])
            h = """  x """.strip()
            i = base + where
            j = "a" * 3
            k = HERE / "sql" / "q.sql"
            l = b"raw\x41"
            m = QUERY % (t, 1)
            n = 7 % 3
            o = "%s, %s" % (t, "y")
        "#,
        r#"
        2 f: a = t"SELECT {cols} FROM {t} {x}"
        3 f: b = t"SELECT * FROM {t} WHERE id = %s"
        4 f: c = t"SELECT {cols} FROM {t}"
        5 f: d = t"FROM {t} x"
        6 f: e = t"SELECT 1
        {t}"
        8 f: g = t"SELECT {cols} FROM orders"
        9 f: h = "  x "
        10 f: i = t"{base}{where}"
        11 f: j = _
        12 f: k = t"{HERE}/sql/q.sql"
        13 f: l = "rawA"
        14 f: m = t"{QUERY}"
        15 f: n = _
        16 f: o = t"{t}, y"
        "#,
    );
}

#[test]
fn choices_drop_what_leads_nowhere() {
    check(
        steps,
        "
        def f(a, b, c):
            x = a or b or None
            y = a if c else b
            z = a and a.b
            u = None if c else a
            v = Q(a) | ~Q(b)
            w = {'k': a, **b}
            s = {k: g(v) for k, v in b}
            n = [1, 2, 3]
        ",
        "
        2 f: x = a | b
        3 f: y = a | b
        4 f: z = a.b
        5 f: u = a
        6 f: call Q(a)
        6 f: call Q(b)
        6 f: v = Q(a) | Q(b)
        7 f: w = {\"k\": a, **: b}
        8 f: [k, v·2] = <b>
        8 f: call g(v·2)
        8 f: s = {k: g(v·2)}
        9 f: n = []
        ",
    );
}

#[test]
fn blocks_bind_their_names() {
    check(
        steps,
        "
        async def f(p):
            async with pool.acquire() as conn, conn.transaction():
                async for row in conn.cursor(q):
                    yield row
            try: pass
            except (A, b.B) as e: raise X(e) from e
            match p:
                case Circle(radius=r) as c: g(r)
                case [x, *rest]: pass
                case {'k': v} if v > 1: pass
                case Point() | None: pass
                case other: pass
            yield from h()
        ",
        "
        2 f: call pool.acquire()
        2 f: conn = ~pool.acquire()
        2 f: call conn.transaction()
        3 f: call conn.cursor(q)
        3 f: row = <conn.cursor(q)>
        4 f: yield row
        6 f: e: A | b.B
        6 f: call X(e)
        8 f: r = p.radius
        8 f: c: Circle
        8 f: call g(r)
        9 f: x = <p>
        9 f: rest = <p>
        10 f: v = p[\"k\"]
        12 f: other = p
        13 f: call h()
        13 f: yield <h()>
        ",
    );
    check(
        regions,
        "
        with a.begin() as s, b:
            for x in s.all():
                f(x)
            while more():
                pass
        with (open(p) as q, lock):
            pass
        ",
        "
        1-5 with a.begin()
        1-5 with b
        3-3 loop
        4-5 loop
        6-7 with open(p)
        6-7 with lock
        ",
    );
}

#[test]
fn decorators_are_attributes_and_calls() {
    check(
        steps,
        "
        @app.get('/x')
        @cached
        @staticmethod
        def f(): pass
        ",
        "
        1 -: call app.get(\"/x\")
        1 -: call app.get(\"/x\")()
        ",
    );
}

#[test]
fn stars_take_what_is_left() {
    check(
        steps,
        "
        def f():
            a, *b, c = g, h, i, j
            raise Failure
            raise errors.Failure from e
        ",
        "
        2 f: a = g
        2 f: b = [h, i]
        2 f: c = j
        3 f: call Failure()
        4 f: call errors.Failure()
        ",
    );
}

#[test]
fn the_last_of_consecutive_assignments_counts() {
    check(
        steps,
        "
        def f(c):
            a = g
            a = h
            if c:
                a = i
            b = g
            b = wrap(b)
            d = {'k': g, 'n': {'m': g}}
            d['k'] = h
            d['n']['m'] = h
            d['new'] = g
        ",
        "
        3 f: a·2 = h
        5 f: a·3 = i
        6 f: b = g
        7 f: call wrap(b)
        7 f: b·2 = wrap(b)
        8 f: d = {\"k\": h, \"n\": {\"m\": h}}
        9 f: d[\"k\"] = h
        10 f: d[\"n\"][\"m\"] = h
        11 f: d[\"new\"] = g
        ",
    );
}

#[test]
fn every_reference_stays_inside_the_arena() {
    // Values thrown away take their expressions along; nothing that stays may point to them.
    let source = "
x = f
if (x := g): pass
if (y := (x := h)) and [1, (z := x), lambda q=(w := 1): q]: pass
x = [i := 1 for j in (k := x)]
n = 1 + (m := x.a)
d = {}
d['a'] = (d := {'a': x})
assert (x := y), (x := z)
";
    for end in 0..=source.len() {
        let facts = Python.facts(&source[..end]);
        // Showing walks every reference of every step and definition.
        let _ = steps(&facts) + &definitions(&facts) + &regions(&facts);
    }
}

#[test]
fn global_names_belong_to_the_module() {
    check(
        definitions,
        "
        def start():
            global pool
            pool = connect()
            def inner():
                nonlocal x
        ",
        "
        1-5 Function start rebinds pool
        2-2 Variable pool
        4-5 Function start.inner rebinds x
        ",
    );
}

#[test]
fn exports_are_followed_as_far_as_they_are_literal() {
    let exports = |source: &str| Python.facts(source).exports.map(|names| names.join(" "));
    assert_eq!(exports("__all__ = ['a', 'b']").as_deref(), Some("a b"));
    assert_eq!(
        exports("__all__ = ('a',)\n__all__ += ['c']\n__all__.extend(['d'])\n__all__.append('e')").as_deref(),
        Some("a c d e")
    );
    assert_eq!(exports("__all__ = ['a'] + ['b']").as_deref(), Some("a b"));
    assert_eq!(exports("__all__ = ['a'] + x.__all__"), None);
    assert_eq!(exports("x = 1"), None);
}

#[test]
fn broken_files_say_what_they_can() {
    let facts = Python.facts("def f():\n    g()\n\nclass (:\n\ndef h(: x\n    k()\n");
    assert!(facts.diagnostics.iter().any(|diagnostic| diagnostic.code == "syntax-error" && diagnostic.line >= 4));
    assert!(facts.definitions.iter().any(|definition| definition.name == "f"));
    for source in [
        "",
        "\u{feff}x = 1",
        "def",
        "class A(",
        "'''",
        "f'{",
        "f'{a!r:{b}}'",
        "x = (",
        "\0",
        "é = ü.ñ('ø')",
        "@",
        "from . import",
        "import",
        "match x:\n case",
    ] {
        let _ = Python.facts(source);
    }
    let whole = "class A:\n    def f(self, *a: int) -> 'B':\n        with x as y, z:\n            return f'{a!r}' % {'k': [1, *b]}\n";
    for end in 0..whole.len() {
        let _ = Python.facts(&whole[..end]);
    }
}

#[test]
fn deep_nesting_costs_no_stack() {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
        let many = 3000;
        for source in [
            format!("x = {}1{}", "(".repeat(many), ")".repeat(many)),
            format!("x = {}1{}", "[".repeat(many), "]".repeat(many)),
            format!("x = {}1", "-".repeat(many)),
            format!("x = {}1{}", "f(".repeat(many), ")".repeat(many)),
            format!("x = a{}", ".b(1)".repeat(many)),
            format!("x = 'a'{}", " + 'b'".repeat(many)),
            format!("x = a{}", " or b".repeat(many)),
            format!("x = {}1", "lambda: ".repeat(many)),
            format!("x = {}1", "a if b else ".repeat(many)),
            format!("x: {}int{} = 1", "list[".repeat(many), "]".repeat(many)),
            format!("x: '{}int{}' = 1", "list[".repeat(many), "]".repeat(many)),
            (0..200).map(|depth| " ".repeat(depth) + "if x:\n").collect::<String>() + &" ".repeat(200) + "f()\n",
            format!("match x:\n    case {}y{}: pass", "[".repeat(many), "]".repeat(many)),
        ] {
            let facts = Python.facts(&source);
            assert!(!facts.definitions.is_empty());
        }
    });
    thread.expect("starts").join().expect("does not overflow");
    let facts = Python.facts(&format!("x = {}f(){}", "[".repeat(400), "]".repeat(400)));
    assert!(facts.diagnostics.iter().any(|diagnostic| diagnostic.code == "nesting-too-deep"));
    let facts = Python.facts(&format!("x = a{}", ".b(1)".repeat(3000)));
    assert_eq!(facts.steps.len(), 3001);
}

#[test]
fn every_pattern_file_loads() {
    let (rules, diagnostics) = crate::frontend::rules::load(&[&Python], &[]);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    assert!(rules.rules.iter().any(|rule| rule.via() == "python/django"));
    let ids: Vec<&str> = Python.queries().iter().map(|(id, _)| *id).collect();
    assert!(ids.is_sorted());
}

#[test]
fn a_package_called_examples_may_be_a_part_of_the_program() {
    let paths: Vec<String> =
        ["docs/examples/run.py", "examples/__init__.py", "examples/models.py", "examples/views.py"]
            .into_iter()
            .map(str::to_owned)
            .collect();
    let layout = Layout { paths: &paths, packages: &[] };
    assert_eq!(Python.role_among("examples/views.py", "", layout), Role::Production);
    assert_eq!(Python.role_among("examples/tests/test_views.py", "", layout), Role::Test);
    assert_eq!(Python.role_among("docs/examples/run.py", "", layout), Role::Test);
    assert_eq!(Python.role_among("shop_tests/front/utils.py", "", layout), Role::Test);
}

#[test]
fn a_module_called_like_a_test_is_none_without_one() {
    let role = |path: &str, text: &str| Python.role(path, text);
    let table =
        "import sqlalchemy as sa\n\n\nclass TestResultModel:\n    def getTestResult(self):\n        assert self\n";
    assert_eq!(role("db/test_results.py", table), Role::Production);
    assert_eq!(role("patients/external_test.py", "class PatientExternal:\n    pass\n"), Role::Production);
    for text in [
        "",
        "def test_order():\n    pass\n",
        "from unittest import mock\n\ndef build():\n    pass\n",
        "class OrderTest(Base):\n    pass\n",
        "def main():\n    pass\n\nif __name__ == '__main__':\n    main()\n",
    ] {
        assert_eq!(role("shop/test_orders.py", text), Role::Test, "{text}");
    }
    assert_eq!(role("tests/test_results.py", table), Role::Test);
}

#[test]
fn migrations_that_were_put_aside_are_migrations() {
    for folder in ["migrations", "migrations_old", "old_migrations"] {
        assert_eq!(Python.role(&format!("shop/{folder}/0001_initial.py"), ""), Role::Migration);
    }
    assert_eq!(Python.role("shop/immigrations/0001_initial.py", ""), Role::Production);
    assert_eq!(Python.role("shop/migrations_old/run.py", ""), Role::Production);
}

#[test]
fn what_builds_the_package_or_its_pages_is_no_part_of_the_program() {
    let role = |path: &str, text: &str| Python.role(path, text);
    let pages = "import sys\n\nproject = 'shop'\nextensions = ['sphinx.ext.autodoc']\nhtml_theme = 'alabaster'\n";
    assert_eq!(role("docs/conf.py", pages), Role::Test);
    assert_eq!(role("setup.py", "from setuptools import setup\n\nsetup(name='shop')\n"), Role::Test);
    assert_eq!(role("shop/conf.py", "extensions = ['pdf']\n\n\ndef load():\n    pass\n"), Role::Production);
    assert_eq!(role("shop/setup.py", "from shop.models import Order\n\n\ndef fill():\n    pass\n"), Role::Production);
}
