//! The data accesses found in each fixture project against its hand-verified truth, `expected/accesses.tsv`.
//!
//! Floors only go up. `cargo test --test accuracy -- --nocapture` prints the figures and every difference.

#![allow(clippy::print_stdout, reason = "figures for the reader of the test run")]

use std::collections::BTreeSet;
use std::path::Path;

use seamline::Request;
use seamline::model::graph::SystemGraph;
use seamline::model::source::Role;
use seamline::model::sql::Effect;

type Fact = (String, String, String);

fn found(project: &str) -> (BTreeSet<Fact>, usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project);
    let request = Request { path, ..Request::default() };
    let system =
        seamline::extract::pool(2).expect("threads").install(|| seamline::read(&request)).expect("a readable fixture");
    let graph = system.graph;
    let facts = graph
        .accesses
        .iter()
        .filter(|it| graph.symbol(it.symbol).role == Role::Production)
        .map(|it| {
            let operation = format!("{:?}", it.operation).to_lowercase();
            (graph.symbol(it.symbol).name.clone(), graph.store(it.store).name.clone(), operation)
        })
        .collect();
    (facts, graph.blind_spots.len())
}

fn expected(project: &str) -> BTreeSet<Fact> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project).join("expected/accesses.tsv");
    let text = std::fs::read_to_string(path).expect("accesses.tsv");
    text.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (fields[0].to_owned(), fields[1].to_owned(), fields[2].to_owned())
        })
        .collect()
}

/// Recall and precision over distinct (function, store, operation), at least these.
fn check(project: &str, recall_floor: f64, precision_floor: f64) {
    let (found, blind_spots) = found(project);
    let expected = expected(project);
    let right = found.intersection(&expected).count() as f64;
    let (recall, precision) = (right / expected.len() as f64, right / found.len().max(1) as f64);
    println!(
        "{project}: {} expected, recall {recall:.3}, precision {precision:.3}, {blind_spots} blind spots",
        expected.len()
    );
    let missed: Vec<_> = expected.difference(&found).collect();
    let extra: Vec<_> = found.difference(&expected).collect();
    for fact in &missed {
        println!("  missed {fact:?}");
    }
    for fact in &extra {
        println!("  wrong  {fact:?}");
    }
    assert!(recall >= recall_floor, "{project}: recall {recall:.3} below {recall_floor}; missed {missed:?}");
    assert!(
        precision >= precision_floor,
        "{project}: precision {precision:.3} below {precision_floor}; wrong {extra:?}"
    );
}

#[test]
fn socialnet() {
    check("socialnet", 0.97, 0.99);
}

#[test]
fn flowline() {
    check("flowline", 0.95, 0.97);
}

#[test]
fn driftwatch() {
    check("driftwatch", 0.99, 0.99);
}

#[test]
fn assistant() {
    check("assistant", 0.99, 0.99);
}

#[test]
fn shopfront() {
    check("shopfront", 0.97, 0.98);
}

/// Endpoints and transactions that each fixture has, counted in its source.
#[test]
fn endpoints_and_transactions() {
    for (project, endpoints, transactions) in [
        ("assistant", 34, 8),
        ("driftwatch", 28, 3),
        ("flowline", 47, 10),
        ("shopfront", 42, 10),
        ("socialnet", 141, 6),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project);
        let graph = seamline::read(&Request { path, ..Request::default() }).expect("a readable fixture").graph;
        assert_eq!((graph.endpoints.len(), graph.transactions.len()), (endpoints, transactions), "{project}");
        let doubles: Vec<_> = graph
            .calls
            .iter()
            .filter(|it| graph.symbol(it.from).role != Role::Test && graph.symbol(it.to).role == Role::Test)
            .map(|it| (&graph.symbol(it.from).name, &graph.symbol(it.to).name))
            .collect();
        assert!(doubles.is_empty(), "{project}: production code calls test doubles: {doubles:?}");
    }
}

/// The body of a trigger or a routine runs later: it belongs to the module that holds its text, not to who creates it.
#[test]
fn what_a_trigger_writes_is_not_its_creators() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("src")).expect("writable");
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n[dependencies]\nrusqlite = \"0.39\"\n";
    std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("writable");
    let code = "pub fn watch(connection: &rusqlite::Connection) {\n    connection.execute_batch(\"CREATE TABLE orders (id int); \
                CREATE TRIGGER gone AFTER DELETE ON orders BEGIN INSERT INTO log (id) VALUES (old.id); END;\");\n}\n";
    std::fs::write(folder.path().join("src/lib.rs"), code).expect("writable");
    let request = Request { path: folder.path().to_owned(), ..Request::default() };
    let graph = seamline::read(&request).expect("a readable folder").graph;
    let facts: BTreeSet<(String, String)> = (graph.accesses.iter())
        .map(|it| (graph.symbol(it.symbol).name.clone(), graph.store(it.store).name.clone()))
        .collect();
    let expected = [("shop", "log"), ("shop::watch", "orders")];
    assert_eq!(facts, expected.map(|(symbol, store)| (symbol.to_owned(), store.to_owned())).into());
}

fn read(files: &[(&str, &str)]) -> SystemGraph {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
    }
    let request = Request { path: folder.path().to_owned(), ..Request::default() };
    seamline::read(&request).expect("a readable folder").graph
}

/// Members of a Go type are no names within it: a field is of the type that it is called as.
#[test]
fn a_field_that_is_called_as_its_type() {
    let code = "package desks\n\ntype Pool struct{ n int }\n\nfunc (p *Pool) Drain() {}\n\ntype Office struct {\n\tPool  *Pool\n\tSpare *Pool\n}\n\n\
                func (o *Office) close() { o.Pool.Drain() }\n\nfunc (o *Office) free() { o.Spare.Drain() }\n";
    let graph = read(&[("go.mod", "module example.com/desks\n\ngo 1.25\n"), ("desks.go", code)]);
    let calls: Vec<(&str, &str)> = (graph.calls.iter())
        .map(|it| (graph.symbol(it.from).name.as_str(), graph.symbol(it.to).name.as_str()))
        .collect();
    let drain = "example.com/desks.(*Pool).Drain";
    assert_eq!(calls, [("example.com/desks.(*Office).close", drain), ("example.com/desks.(*Office).free", drain)]);
}

/// Types that embed one another lead to a contract's member on as many ways as there are chains of them.
#[test]
fn modules_named_by_a_text_an_option_or_a_mapping_are_called() {
    let base = "fixtures/patterns/python-oslo-db/yard";
    let names =
        ["__init__.py", "base.py", "db/__init__.py", "db/api.py", "db/sqlalchemy/__init__.py", "db/sqlalchemy/api.py"];
    let files: Vec<(String, String)> = (names.iter())
        .map(|it| (format!("yard/{it}"), std::fs::read_to_string(format!("{base}/{it}")).unwrap()))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let graph = read(&files);
    let calls: Vec<(&str, &str)> = (graph.calls.iter())
        .map(|it| (graph.symbol(it.from).name.as_str(), graph.symbol(it.to).name.as_str()))
        .filter(|it| it.1.ends_with("crate_of"))
        .collect();
    assert_eq!(
        calls,
        [
            ("yard.base.Crates.show", "yard.db.api.crate_of"),
            ("yard.db.api.crate_of", "yard.db.sqlalchemy.api.crate_of"),
        ]
    );
}

#[test]
fn a_member_behind_a_long_chain_of_embedded_types_is_found_once() {
    let mut code = String::from("package links\n\ntype Keeper interface{ Keep() }\n\ntype Link0 struct{ Keeper }\n");
    for link in 1..80 {
        code += &format!("type Link{link} struct{{ Link{} }}\n", link - 1);
    }
    code += "type Store struct{}\n\nfunc (Store) Keep() {}\n\nfunc Run(keeper Keeper) { keeper.Keep() }\n";
    let graph = read(&[("go.mod", "module example.com/links\n\ngo 1.25\n"), ("links.go", &code)]);
    let calls: Vec<(&str, &str)> = (graph.calls.iter())
        .map(|it| (graph.symbol(it.from).name.as_str(), graph.symbol(it.to).name.as_str()))
        .collect();
    let to = ["example.com/links.Keeper.Keep", "example.com/links.Store.Keep"];
    assert_eq!(calls, to.map(|it| ("example.com/links.Run", it)));
}

/// A file for a build with a tag of the program's own counts, unless it says anew what the files without one say.
#[test]
fn files_of_other_builds_are_left_out_where_they_repeat() {
    let code = |tag: &str, function: &str, table: &str| {
        format!(
            "{tag}package shop\n\nimport \"database/sql\"\n\nfunc {function}(db *sql.DB) {{\n\t\
             db.Exec(\"DELETE FROM {table}\")\n}}\n"
        )
    };
    let files = [
        ("wire.go", code("//go:build wireinject\n\n", "Drop", "drafts")),
        ("wire_gen.go", code("//go:build !wireinject\n\n", "Drop", "orders")),
        ("extra.go", code("//go:build enterprise\n\n", "Bill", "bills")),
        ("drop_linux.go", code("//go:build linux\n\n", "Clear", "carts")),
        ("drop_windows.go", code("//go:build windows\n\n", "Clear", "crates")),
    ];
    let mut texts = vec![("go.mod", "module example.com/shop\n\ngo 1.25\n")];
    texts.extend(files.iter().map(|(path, text)| (*path, text.as_str())));
    let graph = read(&texts);
    let mut stores: Vec<&str> = graph.accesses.iter().map(|it| graph.store(it.store).name.as_str()).collect();
    stores.sort_unstable();
    assert_eq!(stores, ["bills", "carts", "crates", "orders"]);
    assert!(graph.blind_spots.is_empty(), "{:?}", graph.blind_spots);
}

/// `go run fill.go` beside a library is for somebody's hands, and no program that is deployed; one in a folder of its own may be.
#[test]
fn a_start_beside_a_library_that_no_build_holds_is_no_program() {
    let code =
        |package: &str, function: &str| format!("//go:build ignore\n\npackage {package}\n\nfunc {function}() {{}}\n");
    let (beside, alone, other) = (code("main", "main"), code("main", "main"), code("codec", "Slow"));
    let graph = read(&[
        ("go.mod", "module example.com/shop\n\ngo 1.25\n"),
        ("codec/codec.go", "package codec\n\nfunc Fast() {}\n"),
        ("codec/tables.go", &beside),
        ("codec/slow.go", &other),
        ("seed/seed.go", &alone),
        ("main.go", "package main\n\nfunc main() {}\n"),
        ("extra.go", &beside),
    ]);
    let of_tests = graph.files.iter().filter(|it| it.role == Role::Test).map(|it| it.path.as_str());
    assert_eq!(of_tests.collect::<Vec<_>>(), ["codec/tables.go"]);
}

/// Routes that cannot be read are blind spots, so routes count among the places that were looked at.
#[test]
fn blind_spots_are_no_more_than_the_sites_looked_at() {
    let code = "package main\n\nimport \"net/http\"\n\nfunc list(http.ResponseWriter, *http.Request) {}\n\nfunc main() {\n\t\
                http.HandleFunc(\"/orders\", list)\n\tfor _, it := range paths() {\n\t\thttp.HandleFunc(it, list)\n\t}\n}\n";
    let graph = read(&[("go.mod", "module example.com/shop\n\ngo 1.25\n"), ("main.go", code)]);
    assert_eq!(graph.blind_spots.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["dynamic-route"]);
    assert_eq!((graph.endpoints.len(), graph.sites), (1, 2));
}

/// Where a file is compiled only if another one names it, what is on disk alone is in no system; what is named for tests is theirs.
#[test]
fn files_that_no_module_names_are_left_out() {
    let code = |table: &str| {
        format!(
            "pub fn save(db: &rusqlite::Connection) {{\n    db.execute(\"INSERT INTO {table} (id) VALUES (1)\", []).unwrap();\n}}\n"
        )
    };
    let library = "macro_rules! all { ($($name:ident),*) => { $( pub mod $name; )* }; }\nall!(Quay);\npub mod ports;\nmod gen {\n    pub mod tides;\n}\n#[cfg(any(test, feature = \"test-utils\"))]\npub mod doubles;\n\
                   cfg_if::cfg_if! {\n    if #[cfg(unix)] {\n        mod unix_only;\n    }\n}\n#[path = \"odd/place.rs\"]\nmod elsewhere;\n";
    let files = ["ports", "Quay", "gen/tides", "doubles", "unix_only", "odd/place", "ports_old", "bin/tool"];
    let texts: Vec<(String, String)> = (files.iter())
        .map(|it| (format!("src/{it}.rs"), code(it.rsplit('/').next().expect("a name"))))
        .chain([
            ("src/lib.rs".to_owned(), library.to_owned()),
            ("Cargo.toml".to_owned(), "[package]\nname = \"harbor\"\n[dependencies]\nrusqlite = \"1\"\n".to_owned()),
        ])
        .collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let graph = read(&texts);
    let mut stores: Vec<&str> = graph.accesses.iter().map(|it| graph.store(it.store).name.as_str()).collect();
    stores.sort_unstable();
    assert_eq!(stores, ["Quay", "place", "ports", "tides", "tool", "unix_only"]);
    let role = |name: &str| graph.symbols.iter().find(|it| it.name == name).map(|it| it.role);
    assert_eq!(role("harbor::doubles::save"), Some(Role::Test));
    assert_eq!(role("harbor::ports_old::save"), None);
}

/// Where nobody names most files of a package, names are made by a macro, and all of them are read.
#[test]
fn files_whose_names_a_macro_makes_are_read() {
    let code = "pub fn save(db: &rusqlite::Connection) {\n    db.execute(\"DELETE FROM berths\", []).unwrap();\n}\n";
    let graph = read(&[
        ("Cargo.toml", "[package]\nname = \"harbor\"\n[dependencies]\nrusqlite = \"1\"\n"),
        ("src/lib.rs", "mod named;\nevery_module!();\n"),
        ("src/named.rs", code),
        ("src/first.rs", code),
        ("src/second.rs", code),
        ("src/third.rs", code),
    ]);
    assert_eq!(graph.accesses.len(), 4);
}

/// A type in the shape of a row is a table only if something stores it.
#[test]
fn answers_in_the_shape_of_rows_are_no_tables() {
    let code = "package desk\n\nimport \"gorm.io/gorm\"\n\ntype Berth struct {\n\tID   int `gorm:\"primaryKey\"`\n\tKBID string\n}\n\n\
                type BerthResp struct {\n\tID   int `gorm:\"primaryKey\"`\n\tName string\n}\n\nfunc list(db *gorm.DB) (rows []Berth) {\n\t\
                db.Find(&rows)\n\treturn\n}\n";
    let graph =
        read(&[("go.mod", "module example.com/desk\n\ngo 1.25\n\nrequire gorm.io/gorm v1.25.0\n"), ("desk.go", code)]);
    let stores: Vec<(&str, Vec<&str>)> = (graph.stores.iter())
        .map(|it| (it.name.as_str(), it.columns.iter().map(|it| it.name.as_str()).collect()))
        .collect();
    assert_eq!(stores, [("berths", vec!["id", "kb_id"])]);
}

/// Rows that go with those that a line deletes are told apart from what the line names.
#[test]
fn what_goes_with_deleted_rows_is_marked() {
    let models = "from django.db import models\n\n\nclass Order(models.Model):\n    open = models.BooleanField()\n\n\nclass Item(models.Model):\n    \
                  order = models.ForeignKey(Order, on_delete=models.CASCADE)\n\n\ndef sweep():\n    Order.objects.filter(open=False).delete()\n    \
                  Item.objects.create(order=None)\n";
    let graph = read(&[("shop/models.py", models)]);
    let writes = graph.accesses.iter().filter(|it| it.operation.effect() == Effect::Write);
    let found: Vec<_> = writes.map(|it| (graph.store(it.store).name.as_str(), it.evidence.line, it.cascaded)).collect();
    assert_eq!(found, [("shop_item", 13, true), ("shop_item", 14, false), ("shop_order", 13, false)]);
}

/// A double that a test hands to production code, or sets on it, says nothing about production; the test's own accesses stay.
#[test]
fn tests_give_production_code_no_values() {
    let shop = "import sqlite3\n\n\nclass Orders:\n    def __init__(self, db):\n        self.db = db\n\n    def close(self, sink):\n        sink.send()\n        \
                self.db.execute('UPDATE orders SET open = 0')\n\n\ndef main():\n    Orders(sqlite3.connect('shop.db')).close(None)\n";
    let tests = "import sqlite3\n\nfrom shop import Orders\n\n\nclass Double:\n    def execute(self, text):\n        pass\n\n    def send(self):\n        \
                 sqlite3.connect('x').execute('DELETE FROM orders')\n\n\ndef test_close():\n    orders = Orders(Double())\n    orders.db = Double()\n    \
                 orders.close(Double())\n";
    let of_production = |graph: &SystemGraph| {
        let name = |it| graph.symbol(it).name.clone();
        let of = |it| graph.symbol(it).role == Role::Production;
        let accesses = graph.accesses.iter().filter(|it| of(it.symbol));
        let calls = graph.calls.iter().filter(|it| of(it.from));
        let accesses = accesses.map(|it| (name(it.symbol), graph.store(it.store).name.clone(), it.confidence));
        let calls = calls.map(|it| (name(it.from), name(it.to), it.confidence));
        accesses.chain(calls).collect::<Vec<_>>()
    };
    let (alone, both) = (read(&[("shop.py", shop)]), read(&[("shop.py", shop), ("tests/test_shop.py", tests)]));
    assert_eq!(of_production(&alone), of_production(&both));
    assert_eq!(alone.accesses.len(), 1);
    assert!(both.accesses.iter().any(|it| both.symbol(it.symbol).role == Role::Test), "what tests touch is still told");
}

/// A Go package is what its files are that are no tests, migrations too.
#[test]
fn a_package_of_migrations_with_a_test_is_none_of_tests() {
    let one = "package migrations\n\nimport \"database/sql\"\n\nfunc One(db *sql.DB) error {\n\t_, err := db.Exec(\"CREATE TABLE orders (id INT)\")\n\treturn err\n}\n";
    let test = "package migrations\n\nimport \"testing\"\n\nfunc TestOne(t *testing.T) {}\n";
    let files = [
        ("go.mod", "module example.com/shop\n\ngo 1.25\n"),
        ("migrations/0001_one.go", one),
        ("migrations/0000_one_test.go", test),
    ];
    let graph = read(&files);
    let roles: Vec<Role> = graph.modules.iter().map(|it| it.role).collect();
    assert_eq!(roles, [Role::Migration]);
}

/// Entities say of what type their columns are, where no DDL does, and whether a row may lack them.
#[test]
fn columns_of_entities_have_the_types_that_these_declare() {
    let django = "from django.db import models\n\n\nclass Customer(models.Model):\n\
                  \x20   name = models.CharField(\"name\", max_length=80)\n    note = models.TextField(null=True)\n\
                  \x20   rate = models.DecimalField(max_digits=8, decimal_places=2)\n    born = models.DateTimeField()\n\
                  \x20   odd = ShopField()\n\n\nclass Order(models.Model):\n\
                  \x20   customer = models.ForeignKey(Customer, on_delete=models.CASCADE)\n";
    let sqlalchemy = "from sqlalchemy import Boolean, Column, ForeignKey, Integer, String\n\
                      from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n\
                      class Stamp(Base):\n    __abstract__ = True\n    made = Column(Integer, nullable=False)\n\n\n\
                      class Parcel(Stamp):\n    __tablename__ = \"parcels\"\n    id = Column(Integer, primary_key=True)\n\
                      \x20   code = Column(\"parcel_code\", String(20))\n    sent: Mapped[bool]\n\n\nclass Label(Base):\n\
                      \x20   __tablename__ = \"labels\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
                      \x20   parcel_id = Column(ForeignKey(\"parcels.id\"))\n";
    let graph = read(&[("shop/models.py", django), ("depot/tables.py", sqlalchemy)]);
    let shown = |store: &str| -> Vec<String> {
        let store = graph.stores.iter().find(|it| it.name == store).expect("a store");
        let column = |it: &seamline::model::sql::Column| {
            format!("{} {}{}", it.name, it.type_name, if it.nullable { "" } else { " !" })
        };
        store.columns.iter().map(column).collect()
    };
    assert_eq!(
        shown("shop_customer"),
        [
            "id BIGINT !",
            "name VARCHAR(80) !",
            "note TEXT",
            "rate NUMERIC(8, 2) !",
            "born TIMESTAMP WITH TIME ZONE !",
            "odd "
        ]
    );
    assert_eq!(shown("shop_order"), ["id BIGINT !", "customer_id BIGINT"]);
    let mut parcel = shown("parcels");
    parcel.sort();
    assert_eq!(parcel, ["id INTEGER !", "made INTEGER !", "parcel_code VARCHAR(20)", "sent BOOLEAN"]);
    assert_eq!(shown("labels"), ["id INTEGER !", "parcel_id INTEGER"]);
}

/// Fields of gorm's models are columns, whether a base, a key's tag, a table's name or a query alone says that they are models.
#[test]
fn fields_of_models_in_go_are_columns_with_types() {
    let models = "package shop\n\nimport (\n\t\"time\"\n\n\t\"gorm.io/gorm\"\n)\n\n\
                  type Base struct {\n\tID uint `gorm:\"primaryKey\"`\n}\n\n\
                  type Order struct {\n\tgorm.Model\n\tCustomerID uint\n\tNote *string `gorm:\"type:varchar(80)\"`\n\
                  \tLines []Line\n\tOpen bool `gorm:\"-\"`\n}\n\n\
                  type Line struct {\n\tBase\n\tOrderID uint\n\tPaid time.Time\n\tSeal []byte\n\tParts []Part\n}\n\n\
                  type Part struct {\n\tName string\n}\n\n\
                  type Tag struct {\n\tID int64\n\tWord string\n\tOdd Oddity\n}\n\n\
                  type Oddity struct {\n\tsize int\n}\n\nfunc (Tag) TableName() string { return \"labels\" }\n\n\
                  type Pair struct {\n\tID uint\n\tLeft int32 `gorm:\"primaryKey;column:left_side\"`\n}\n\n\
                  func Add(db *gorm.DB, line Line, pair Pair) error {\n\tdb.Create(&pair)\n\treturn db.Create(&line).Error\n}\n";
    let graph = read(&[("go.mod", "module shop\n\ngo 1.22\n"), ("shop.go", models)]);
    let shown = |store: &str| -> Vec<String> {
        let store = graph.stores.iter().find(|it| it.name == store).expect("a store");
        let column = |it: &seamline::model::sql::Column| {
            format!("{} {}{}", it.name, it.type_name, if it.primary_key { " !" } else { "" })
        };
        store.columns.iter().map(column).collect()
    };
    let times = ["created_at", "updated_at", "deleted_at"].map(|it| format!("{it} TIMESTAMP WITH TIME ZONE"));
    let mut orders = vec!["id BIGINT !".to_owned(), "customer_id BIGINT".to_owned(), "note varchar(80)".to_owned()];
    orders.extend(times);
    assert_eq!(shown("orders"), orders);
    assert_eq!(shown("lines"), ["id BIGINT !", "order_id BIGINT", "paid TIMESTAMP WITH TIME ZONE", "seal BYTEA"]);
    assert_eq!(shown("labels"), ["id BIGINT !", "word TEXT", "odd "]);
    assert_eq!(shown("pairs"), ["id BIGINT", "left_side INTEGER !"]);
}

/// Tables of diesel and models of sea-orm say what may be missing.
#[test]
fn fields_of_models_in_rust_are_columns_with_types() {
    let diesel = "diesel::table! {\n    orders (id) {\n        id -> Int4,\n        note -> Nullable<Varchar>,\n        paid -> Bool,\n    }\n}\n";
    let model = "use sea_orm::entity::prelude::*;\n\n\
                 #[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"parcels\")]\npub struct Model {\n\
                 \x20   #[sea_orm(primary_key)]\n    pub id: i64,\n    pub sent: Option<DateTimeUtc>,\n    pub seal: Vec<u8>,\n}\n";
    let cargo = "[package]\nname = \"shop\"\n[dependencies]\ndiesel = \"2\"\nsea-orm = \"1\"\n";
    let graph = read(&[
        ("Cargo.toml", cargo),
        ("src/lib.rs", "pub mod schema;\npub mod parcel;\n"),
        ("src/schema.rs", diesel),
        ("src/parcel.rs", model),
    ]);
    let shown = |store: &str| -> Vec<String> {
        let store = graph.stores.iter().find(|it| it.name == store).expect("a store");
        let column = |it: &seamline::model::sql::Column| {
            format!("{} {}{}", it.name, it.type_name, if it.nullable { "" } else { " !" })
        };
        store.columns.iter().map(column).collect()
    };
    assert_eq!(shown("orders"), ["id INTEGER !", "note VARCHAR", "paid BOOLEAN !"]);
    assert_eq!(shown("parcels"), ["id BIGINT !", "sent TIMESTAMP WITH TIME ZONE", "seal BYTEA !"]);
}
