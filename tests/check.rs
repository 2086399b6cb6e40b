//! The gate over a scripted history: good, bad, rename, revert, merge, waivers, a baseline that shrinks; contracts; clones
//! that lack parts.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A repository in a temporary folder.
struct Repository {
    folder: tempfile::TempDir,
}

const SCHEMA: &str = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, total INTEGER);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), sku TEXT);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, number TEXT, amount INTEGER);
CREATE TABLE payments (id INTEGER PRIMARY KEY, invoice_id INTEGER REFERENCES invoices(id), amount INTEGER);
";

const ORDERS: &str = r#"import sqlite3


def connect():
    return sqlite3.connect("shop.db")


def place(customer, total):
    db = connect()
    db.execute("INSERT INTO orders (customer, total) VALUES (?, ?)", (customer, total))
    db.execute("INSERT INTO order_items (order_id, sku) VALUES (1, 'x')")


def listing():
    db = connect()
    return db.execute("SELECT id, customer FROM orders").fetchall()


def items(order):
    db = connect()
    return db.execute("SELECT sku FROM order_items WHERE order_id = ?", (order,)).fetchall()
"#;

const BILLING: &str = r#"import sqlite3


def connect():
    return sqlite3.connect("shop.db")


def bill(number, amount):
    db = connect()
    db.execute("INSERT INTO invoices (number, amount) VALUES (?, ?)", (number, amount))


def pay(invoice, amount):
    db = connect()
    db.execute("INSERT INTO payments (invoice_id, amount) VALUES (?, ?)", (invoice, amount))


def open_invoices():
    db = connect()
    return db.execute("SELECT number FROM invoices").fetchall()
"#;

const CONFIG: &str = r#"[[service]]
name = "orders"
files = ["shop/orders/**"]
stores = ["orders", "order_items"]

[[service]]
name = "billing"
files = ["shop/billing/**"]
stores = ["invoices", "payments"]
"#;

const BAD: &str = "

def unbilled():
    db = connect()
    return db.execute(\"SELECT o.id, i.number FROM orders o JOIN invoices i ON i.number = o.customer\").fetchall()
";

impl Repository {
    fn empty() -> Self {
        let it = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        it.git(&["init", "-q", "-b", "main"]);
        it.git(&["config", "uploadpack.allowFilter", "true"]);
        it
    }

    /// Two services, one commit.
    fn shop() -> Self {
        let it = Self::empty();
        it.write("schema.sql", SCHEMA);
        it.write("seamline.toml", CONFIG);
        it.write("shop/__init__.py", "");
        it.write("shop/orders/__init__.py", "");
        it.write("shop/orders/api.py", ORDERS);
        it.write("shop/billing/__init__.py", "");
        it.write("shop/billing/api.py", BILLING);
        it.commit("good");
        it
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("written");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a text")
    }

    fn git(&self, args: &[&str]) -> String {
        let output = git(self.folder.path(), args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn check(&self, args: &[&str]) -> Output {
        check(self.folder.path(), args)
    }

    /// Exit code and document of a run.
    fn json(&self, args: &[&str]) -> (i32, Value) {
        let output = self.check(&[args, &["--format", "json"]].concat());
        let code = output.status.code().expect("an exit code");
        assert!(code < 2, "{}", String::from_utf8_lossy(&output.stderr));
        (code, serde_json::from_slice(&output.stdout).expect("a document"))
    }
}

fn git(folder: &Path, args: &[&str]) -> Output {
    Command::new("git")
        .args(["-c", "protocol.file.allow=always", "-c", "uploadpack.allowFilter=true"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
        .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.com")])
        .output()
        .expect("git runs")
}

fn check(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seamline"))
        .args(["check", "--no-cache", "--today", "2026-11-20"])
        .args(args)
        .arg(folder)
        .env_remove("GITHUB_REPOSITORY")
        .env_remove("CI_PROJECT_URL")
        .output()
        .expect("the program runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// `rule source target` of the findings of a status.
fn with(document: &Value, status: &str) -> Vec<String> {
    let all = document[if status == "gone" { "gone" } else { "findings" }].as_array().expect("a list");
    let mut found: Vec<String> = all
        .iter()
        .filter(|it| it["status"] == status)
        .map(|it| ["rule", "source", "target"].map(|part| it[part].as_str().unwrap_or_default().to_owned()).join(" "))
        .collect();
    found.sort();
    found
}

fn assert_silent(repository: &Repository, what: &str) {
    let (code, document) = repository.json(&["--base", "HEAD~1"]);
    assert_eq!(with(&document, "new"), Vec::<String>::new(), "{what}");
    assert_eq!(with(&document, "gone"), Vec::<String>::new(), "{what}");
    assert_eq!(code, 0, "{what}");
    let moved: Vec<&Value> = document["metrics"]
        .as_array()
        .expect("figures")
        .iter()
        .filter(|it| it["before"] != it["after"] && it["metric"] != "lines")
        .collect();
    assert!(moved.is_empty(), "{what}: {moved:?}");
}

#[test]
fn what_a_change_adds_is_found_and_a_revert_takes_it_away() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("bad");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    let expected = [
        "cross-boundary-join shop.billing.api.unbilled ",
        "foreign-store-read shop.billing.api.unbilled orders",
        "shared-store billing orders",
    ];
    assert_eq!(with(&document, "new"), expected);
    assert_eq!(code, 1);
    let join = &document["findings"][0];
    assert_eq!(join["object"], "invoices orders");
    assert_eq!(join["sites"][0]["file"], "shop/billing/api.py");
    assert!(join["path"].as_array().is_some_and(|it| it.len() == 4), "function, statement, both tables: {join}");
    let seam = &document["seams"][0];
    assert_eq!((&seam["from"], &seam["to"]), (&"billing".into(), &"orders".into()));
    let mut figures = document["metrics"].as_array().expect("figures").iter();
    let joins = figures.find(|it| it["metric"] == "cross_joins" && it["service"] == Value::Null).expect("one");
    assert_eq!((joins["before"].as_f64(), joins["after"].as_f64()), (Some(0.0), Some(1.0)));

    it.git(&["revert", "--no-edit", "HEAD"]);
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new")), (0, Vec::new()));
    assert_eq!(with(&document, "gone"), expected);
    // Both together are no change at all.
    let (code, document) = it.json(&["--base", "HEAD~2"]);
    assert_eq!((code, with(&document, "new"), with(&document, "gone")), (0, Vec::new(), Vec::new()));
}

#[test]
fn what_was_guessed_before_is_not_new_when_it_is_sure() {
    let it = Repository::shop();
    it.write(
        "shop/billing/finder.py",
        "class Finder:\n    @classmethod\n    def newest(cls, session):\n        return session.query(cls).first()\n",
    );
    let models = |count: usize| {
        let mut text = "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\n\n\
                        from shop.billing.finder import Finder\n\nBase = declarative_base()\n"
            .to_owned();
        for at in 0..count {
            text.push_str(&format!(
                "\n\nclass Kind{at}(Base, Finder):\n    __tablename__ = \"kind_{at}\"\n    id = Column(Integer, primary_key=True)\n\n\n\
                 def use{at}(session):\n    return Kind{at}.newest(session)\n"
            ));
        }
        text
    };
    it.write("shop/orders/models.py", &models(12));
    it.commit("many");
    it.write("shop/orders/models.py", &models(3));
    it.commit("few");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new")), (0, Vec::new()));
    let read = "foreign-store-read shop.billing.finder.Finder.newest kind_0".to_owned();
    assert!(with(&document, "known").contains(&read), "{document}");
}

#[test]
fn changes_of_text_alone_report_nothing() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("a crossing that stays");
    it.commit("nothing at all");
    assert_silent(&it, "an empty commit");
    it.write("shop/billing/api.py", &format!("# A comment.\n\n\n{BILLING}{BAD}\n# The end.\n"));
    it.commit("comments");
    assert_silent(&it, "comments and moved lines");
    it.git(&["mv", "shop/billing/api.py", "shop/billing/service.py"]);
    it.commit("file renamed");
    assert_silent(&it, "a file of the same content under another name");
    let text = it.text("shop/billing/service.py").replace("def unbilled()", "def not_billed()");
    it.write("shop/billing/service.py", &text);
    it.commit("function renamed");
    assert_silent(&it, "a renamed function");
    it.git(&["mv", "shop/billing/service.py", "shop/billing/views.py"]);
    let text = it.text("shop/billing/views.py").replace("def pay(", "# moved\n\ndef settle(");
    it.write("shop/billing/views.py", &text);
    it.commit("file and function renamed");
    assert_silent(&it, "a file renamed and edited");
    it.write("schema.sql", &SCHEMA.replace("invoices", "bills"));
    for file in ["shop/billing/views.py", "seamline.toml"] {
        it.write(file, &it.text(file).replace("invoices", "bills"));
    }
    it.commit("table renamed");
    assert_silent(&it, "a renamed table");
}

#[test]
fn what_moves_within_its_service_is_not_new() {
    let it = Repository::shop();
    let kept = format!("{BILLING}\n\ndef overview():\n    return open_invoices()\n");
    it.write("shop/billing/api.py", &format!("{kept}{BAD}"));
    it.commit("one function joins");
    it.write("seamline.baseline", "");
    assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
    it.commit("and is accepted");
    // The statement goes to a function that was there before, and the one it was in stays.
    let statement = BAD.lines().last().expect("a statement").replace("    return ", "");
    let moved = kept.replace("return open_invoices()", &format!("db = connect()\n    return {statement}"));
    it.write("shop/billing/api.py", &format!("{moved}\n\ndef unbilled():\n    return overview()\n"));
    it.commit("moved");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new"), with(&document, "gone")), (0, Vec::new(), Vec::new()));
    let from: Vec<&Value> =
        document["findings"].as_array().expect("a list").iter().map(|it| &it["moved_from"]).collect();
    assert_eq!(from.iter().filter(|it| **it == "shop.billing.api.unbilled").count(), 2, "join and read: {from:?}");
    let text = String::from_utf8_lossy(&it.check(&["--base", "HEAD~1"]).stdout).into_owned();
    assert!(
        text.contains("moved cross-boundary-join: ") && text.contains(", was shop.billing.api.unbilled\n"),
        "{text}"
    );
    // The baseline follows.
    assert_eq!(it.check(&["--base", "HEAD~1", "--update-baseline"]).status.code(), Some(0));
    assert!(it.text("seamline.baseline").contains("\tshop.billing.api.overview\t"));
    assert_eq!(it.check(&[]).status.code(), Some(0));
    // A second function that does the same is new, and so is one of another service.
    it.write("shop/billing/api.py", &format!("{moved}{BAD}"));
    it.commit("copied");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new").len()), (1, 2), "{:?}", with(&document, "new"));
    it.write("shop/billing/api.py", &moved);
    it.commit("one again");
    it.write("shop/billing/api.py", &kept);
    it.write("shop/orders/api.py", &format!("{ORDERS}{BAD}"));
    it.commit("to the other service");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!(code, 1);
    assert!(with(&document, "new").contains(&"cross-boundary-join shop.orders.api.unbilled ".to_owned()));
}

#[test]
fn what_nothing_refers_to_is_no_rename_of_another() {
    let it = Repository::shop();
    it.write("shop/billing/limits.py", "def ceiling():\n    return 5\n\n\ndef kept():\n    return 6\n");
    it.commit("a function without callers");
    it.write("shop/billing/limits.py", "def colour():\n    return 5\n\n\ndef kept():\n    return 6\n");
    it.commit("another function in its place");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!(code, 0);
    assert_eq!(document["renamed"], serde_json::json!([]), "{document}");
}

#[test]
fn boundaries_that_were_not_declared_are_carried_over() {
    for project in ["socialnet", "driftwatch", "shopfront"] {
        let it = Repository::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project);
        copy(&from, it.folder.path());
        it.commit("the project");
        let mut extended = 0;
        for entry in walk(it.folder.path()) {
            let comment = match entry.extension().and_then(|it| it.to_str()) {
                Some("py") => "\n# the end\n",
                Some("go" | "rs") => "\n// the end\n",
                _ => continue,
            };
            let text = std::fs::read_to_string(&entry).expect("a source");
            std::fs::write(&entry, format!("{text}{comment}")).expect("written");
            extended += 1;
        }
        assert!(extended > 3, "{project}");
        it.commit("comments");
        let (code, document) = it.json(&["--base", "HEAD~1"]);
        assert_eq!((code, with(&document, "new"), with(&document, "gone")), (0, vec![], vec![]), "{project}");
        assert!(document["boundaries"].as_str().is_some_and(|it| it.contains("carried over")), "{document}");
    }
}

#[test]
fn a_baseline_keeps_the_boundaries_it_was_written_with() {
    for project in ["socialnet", "driftwatch", "shopfront"] {
        let it = Repository::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project);
        copy(&from, it.folder.path());
        it.commit("the project");
        assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
        let (code, before) = it.json(&["--strict"]);
        assert_eq!((code, with(&before, "new"), with(&before, "gone")), (0, vec![], vec![]), "{project}");
        let words = before["boundaries"].as_str().expect("words");
        assert!(words.contains("the baseline was written with"), "{words}");
        // What would move a proposal: whatever touches a table leaves, but for one file.
        let mut sources: Vec<PathBuf> = walk(it.folder.path());
        sources.retain(|it| it.extension().is_some_and(|it| it == "py" || it == "go" || it == "rs"));
        sources.sort();
        for half in sources.iter().skip(sources.len() / 2) {
            std::fs::remove_file(half).expect("removed");
        }
        let (code, after) = it.json(&[]);
        // A transaction or a join over fewer tables than before is another one.
        let mut new = with(&after, "new");
        new.retain(|it| !it.starts_with("cross-boundary-transaction") && !it.starts_with("cross-boundary-join"));
        assert_eq!((code < 2, new), (true, vec![]), "{project}: less code couples nothing tighter");
        let had = before["services"].as_array().expect("services");
        assert!(
            after["services"].as_array().expect("services").iter().all(|it| had.contains(it)),
            "{project}: {after}"
        );
        // Written anew it keeps them, and the configuration's own win.
        let boundaries =
            |text: String| text.lines().filter(|it| it.starts_with("boundary")).map(str::to_owned).collect::<Vec<_>>();
        let kept = boundaries(it.text("seamline.baseline"));
        assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
        assert_eq!(boundaries(it.text("seamline.baseline")), kept);
        it.write("seamline.toml", "[[service]]\nname = \"all\"\nfiles = [\"**\"]\n");
        assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
        assert!(boundaries(it.text("seamline.baseline")).is_empty(), "{project}");
    }
}

#[test]
fn what_is_new_in_a_file_of_two_services_goes_with_its_callers_or_its_data() {
    let it = Repository::empty();
    it.write("schema.sql", SCHEMA);
    it.write(
        "seamline.toml",
        "[[service]]\nname = \"orders\"\nsymbols = [\"app.place\", \"app.cancel\", \"app.pack\"]\nstores = [\"orders\"]\n\n\
         [[service]]\nname = \"billing\"\nsymbols = [\"app.bill\", \"app.paid\"]\nstores = [\"invoices\"]\n",
    );
    let run = |name: &str, sql: &str| format!("\n\ndef {name}(db):\n    db.execute(\"{sql}\")\n");
    let app = [
        "import sqlite3\n".to_owned(),
        run("place", "INSERT INTO orders (id) VALUES (1)"),
        run("cancel", "DELETE FROM orders WHERE id = 1"),
        run("pack", "UPDATE orders SET customer = 'x'"),
        run("bill", "INSERT INTO invoices (number) VALUES ('1')"),
        run("paid", "UPDATE invoices SET number = '2'"),
    ]
    .concat();
    it.write("app.py", &app);
    it.commit("two services in a file");
    // Most of the module is orders; the helper is billing's, and so is the function that works on its table.
    let helped =
        app.replace("def bill(db):\n", "def bill(db):\n    stamp(db)\n") + "\n\ndef stamp(db):\n    return db\n";
    it.write("app.py", &format!("{helped}{}", run("remind", "UPDATE invoices SET number = '3'")));
    it.commit("a helper and a function");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new")), (0, Vec::new()));
}

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let it = Repository::shop();
    it.git(&["checkout", "-q", "-b", "feature"]);
    it.write("shop/orders/report.py", "def total():\n    return 1\n");
    it.commit("harmless");
    it.git(&["checkout", "-q", "main"]);
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("bad, on main");
    let (code, document) = it.json(&["--base", "main", "--rev", "feature"]);
    assert_eq!((code, with(&document, "new"), with(&document, "gone")), (0, vec![], vec![]), "main's own changes");
    it.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new")), (0, vec![]), "the merge brings what the branch has");
    let (code, document) = it.json(&["--base", "feature"]);
    assert_eq!((code, with(&document, "new").len()), (1, 3), "and against the branch what main had");
    it.write("shop/orders/api.py", &format!("{ORDERS}{BAD}"));
    let (code, _) = it.json(&["--base", "HEAD"]);
    assert_eq!(code, 0, "what is not committed is not checked");
    let (code, _) = it.json(&["--base", "HEAD", "--worktree"]);
    assert_eq!(code, 1, "unless asked for");
}

#[test]
fn a_baseline_shrinks_and_never_grows_silently() {
    let it = Repository::shop();
    let output = it.check(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--write-baseline"), "{}", stderr(&output));
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
    let accepted = it.text("seamline.baseline");
    assert!(accepted.contains("foreign-store-read\tshop.billing.api.unbilled\torders\t\n"), "{accepted}");
    assert!(!accepted.contains(".py"), "no path stands in it: {accepted}");
    assert_eq!(it.json(&["--strict"]).0, 0, "nothing changed");
    // Edits elsewhere move lines, not entries.
    it.write("shop/billing/api.py", &format!("# one\n# two\n{BILLING}{BAD}"));
    assert_eq!(it.json(&["--strict"]).0, 0, "moved lines");
    let orders =
        format!("{ORDERS}\n\ndef paid():\n    return connect().execute(\"SELECT amount FROM payments\").fetchall()\n");
    it.write("shop/orders/api.py", &orders);
    let (code, document) = it.json(&[]);
    let new = with(&document, "new");
    assert_eq!(code, 1);
    assert!(new.contains(&"foreign-store-read shop.orders.api.paid payments".to_owned()), "{new:?}");
    assert!(new.contains(&"service-cycle billing orders".to_owned()), "{new:?}");
    assert_eq!(it.check(&["--update-baseline"]).status.code(), Some(1), "new findings still fail");
    assert_eq!(it.text("seamline.baseline"), accepted, "and are not taken in");
    it.write("shop/orders/api.py", ORDERS);
    it.write("shop/billing/api.py", BILLING);
    let (code, document) = it.json(&[]);
    assert_eq!((code, with(&document, "new"), with(&document, "gone").len()), (0, vec![], 3), "fixed entries are gone");
    for gone in document["gone"].as_array().expect("a list") {
        let line = gone["sites"][0]["line"].as_u64().expect("a line") as usize;
        let entry = accepted.lines().nth(line - 1).expect("the entry's own line");
        assert!(entry.starts_with(gone["rule"].as_str().expect("a rule")), "{entry} for {gone}");
    }
    assert!(document["notes"].to_string().contains("3 entries"), "{}", document["notes"]);
    let told = String::from_utf8_lossy(&it.check(&[]).stdout).into_owned();
    assert!(told.contains("0 new, 0 known, 0 waived, 3 gone"), "{told}");
    assert_eq!(it.json(&["--strict"]).0, 1, "and fail when asked to");
    assert_eq!(it.check(&["--update-baseline"]).status.code(), Some(0));
    let shrunk = it.text("seamline.baseline");
    assert!(shrunk.lines().all(|it| it.starts_with('#')), "{shrunk}");
}

#[test]
fn entries_of_a_baseline_follow_a_rename() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
    it.commit("accepted");
    it.git(&["mv", "shop/billing/api.py", "shop/billing/service.py"]);
    it.commit("renamed");
    assert_eq!(it.json(&["--base", "HEAD~1", "--strict"]).0, 0);
    assert_eq!(it.check(&["--base", "HEAD~1", "--update-baseline"]).status.code(), Some(0));
    let text = it.text("seamline.baseline");
    assert!(text.contains("shop.billing.service.unbilled") && !text.contains("shop.billing.api"), "{text}");
    assert_eq!(it.json(&["--strict"]).0, 0, "the next run needs no base");
}

#[test]
fn waivers_hold_until_their_day() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    let waiver = |key: &str, day: &str| {
        format!(
            "{CONFIG}\n[[waiver]]\nkey = \"{key}\"\nreason = \"until the report moves\"\nlink = \"https://example.com/7\"\nexpires = \"{day}\"\n"
        )
    };
    it.write("seamline.toml", &waiver("* shop.billing.api.unbilled *", "2026-11-20"));
    it.commit("bad, but waived");
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!(with(&document, "waived").len(), 2, "{document}");
    assert_eq!(with(&document, "new"), ["shared-store billing orders"]);
    assert_eq!(code, 1, "the waiver does not cover everything");
    it.write("seamline.toml", &waiver("*", "2026-11-20"));
    assert_eq!(it.json(&["--base", "HEAD~1"]).0, 0, "the last day counts");
    it.write("seamline.toml", &waiver("*", "2026-11-19"));
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!(code, 1);
    assert!(with(&document, "new").iter().any(|it| it.starts_with("expired-waiver")), "{document}");
    let place = document["findings"].as_array().expect("findings").iter().find(|it| it["rule"] == "expired-waiver");
    assert_eq!(place.expect("one")["sites"][0]["line"], 15);
    it.write("seamline.toml", &waiver("nothing *", "2026-12-31"));
    it.write("shop/billing/api.py", BILLING);
    it.commit("fixed");
    assert_eq!(it.json(&["--base", "HEAD~1"]).0, 0, "a waiver of nothing is a note");
    assert_eq!(it.json(&["--base", "HEAD~1", "--strict"]).0, 1);
}

#[test]
fn contracts_name_both_ends_and_the_way() {
    let it = Repository::shop();
    let contracts = r#"
[[contract]]
name = "apart"
kind = "independence"
groups = [["file:shop/orders/**"], ["file:shop/billing/**"]]

[[contract]]
name = "money"
kind = "ownership"
to = ["store:payments"]
allowed = ["module:shop.billing"]

[[contract]]
name = "layers"
kind = "layers"
groups = [["module:shop.billing"], ["module:shop.orders"]]

[[contract]]
name = "no joins"
kind = "no-join-across"

[[contract]]
name = "no keys"
kind = "no-foreign-key-across"
groups = [["store:orders", "store:order_items"], ["store:invoices", "store:payments"]]

[[contract]]
name = "ledger"
kind = "protected"
to = ["symbol:shop.billing.api.pay"]
allowed = ["symbol:shop.billing.api.*"]

[[contract]]
name = "no billing"
kind = "forbidden"
from = ["module:shop.orders"]
to = ["module:shop.billing"]
direct_only = true
"#;
    it.write("seamline.toml", &format!("{CONFIG}{contracts}"));
    it.commit("contracts");
    let (code, document) = it.json(&[]);
    assert_eq!((code, with(&document, "new")), (0, vec![]), "all of them hold without a baseline");
    // Through a third module, and straight.
    it.write("shop/middle.py", "from shop.billing.api import pay\n\n\ndef forward():\n    return pay(1, 2)\n");
    it.write(
        "shop/orders/late.py",
        "import sqlite3\n\nfrom shop.middle import forward\n\n\ndef late():\n    forward()\n    sqlite3.connect(\"x\").execute(\"DELETE FROM payments\")\n",
    );
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.write(
        "schema.sql",
        &SCHEMA.replace("invoice_id INTEGER REFERENCES invoices(id)", "invoice_id INTEGER REFERENCES orders(id)"),
    );
    let (code, document) = it.json(&[]);
    assert_eq!(code, 1);
    let new = with(&document, "new");
    for expected in [
        "contract-independence shop.orders.late.late shop.billing.api.pay",
        "contract-layers shop.orders.late.late shop.billing.api.pay",
        "contract-ownership shop.orders.late.late payments",
        "contract-no-join-across shop.billing.api.unbilled no joins",
        "contract-no-foreign-key-across payments orders",
        "contract-protected shop.middle.forward shop.billing.api.pay",
    ] {
        assert!(new.contains(&expected.to_owned()), "{expected} in {new:#?}");
    }
    assert!(!new.iter().any(|it| it.starts_with("contract-forbidden")), "only direct ways count: {new:#?}");
    let findings = document["findings"].as_array().expect("findings");
    let way = findings
        .iter()
        .find(|it| it["rule"] == "contract-independence" && it["source"] == "shop.orders.late.late")
        .expect("the way");
    let places: Vec<String> = way["path"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|it| format!("{}:{}", it["file"].as_str().unwrap_or_default(), it["line"]))
        .collect();
    let expected = ["shop/orders/late.py:6", "shop/orders/late.py:7", "shop/middle.py:5", "shop/billing/api.py:13"];
    assert_eq!(places, expected, "definition, call, call, definition");
}

#[test]
fn bad_configuration_is_named_with_its_place() {
    let it = Repository::shop();
    for (text, place, part) in [
        (
            "\n[[contract]]\nname = \"x\"\nkind = \"forbidden\"\nfrom = [\"nowhere\"]\nto = [\"store:orders\"]\n",
            ":14:",
            "selects nothing",
        ),
        ("\n[[check.threshold]]\nmetric = \"nonsense\"\nmax = 1.0\n", ":12:", "no metric"),
        ("\n[[contract]]\nname = \"x\"\nkind = \"forbiden\"\n", ":13:", "unknown variant"),
        ("\n[check.levels]\nshared-store = \"loud\"\n", ":12:", "unknown variant"),
    ] {
        it.write("seamline.toml", &format!("{CONFIG}{text}"));
        let output = it.check(&["--base", "HEAD"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        let message = stderr(&output);
        assert!(message.contains("seamline.toml") && message.contains(place) && message.contains(part), "{message}");
    }
}

#[test]
fn limits_and_levels() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("bad");
    let limited =
        "\n[check.levels]\ncross-boundary-join = \"note\"\nforeign-store-read = \"note\"\nshared-store = \"off\"\n";
    it.write("seamline.toml", &format!("{CONFIG}{limited}"));
    let (code, document) = it.json(&["--base", "HEAD~1"]);
    assert_eq!((code, with(&document, "new").len()), (0, 2), "notes do not fail");
    for (threshold, fails) in [
        ("metric = \"cross_joins\"\nmax_increase = 0.0", true),
        ("metric = \"cross_joins\"\nmax_increase = 1.0", false),
        ("metric = \"cross_joins\"\nservice = \"billing\"\nmax = 0.0", true),
        ("metric = \"cross_joins\"\nservice = \"*\"\nmax = 1.0", false),
        ("metric = \"modularity\"\nmin = 2.0", true),
    ] {
        it.write("seamline.toml", &format!("{CONFIG}{limited}\n[[check.threshold]]\n{threshold}\n"));
        let (code, document) = it.json(&["--base", "HEAD~1"]);
        assert_eq!(code == 1, fails, "{threshold}: {document}");
        let found: Vec<String> =
            with(&document, "new").into_iter().filter(|it| it.starts_with("metric-limit")).collect();
        assert_eq!(!found.is_empty(), fails, "{threshold}: {found:?}");
    }
    // The baseline keeps the figure where there is no base.
    it.write(
        "seamline.toml",
        &format!("{CONFIG}\n[[check.threshold]]\nmetric = \"cross_joins\"\nmax_increase = 0.0\n"),
    );
    assert_eq!(it.check(&["--write-baseline"]).status.code(), Some(0));
    assert!(it.text("seamline.baseline").contains("metric\tcross_joins\t\t1\n"), "{}", it.text("seamline.baseline"));
    assert_eq!(it.json(&[]).0, 0);
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}{}", BAD.replace("unbilled", "again")));
    let (_, document) = it.json(&[]);
    assert!(with(&document, "new").contains(&"metric-limit cross_joins ".to_owned()), "{document}");
}

#[test]
fn clones_that_lack_parts_are_survived() {
    let it = Repository::shop();
    it.write("big.sql", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n");
    it.commit("a pointer");
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("bad");
    let out = tempfile::tempdir().expect("a temporary folder");
    let from = format!("file://{}", it.folder.path().display());
    let cases: [(&str, &[&str]); 3] = [
        ("shallow", &["clone", "-q", "--depth", "2"]),
        ("bare", &["clone", "-q", "--bare"]),
        ("partial", &["clone", "-q", "--filter=blob:none"]),
    ];
    for (name, args) in cases {
        let output = git(out.path(), &[args, &[from.as_str(), name]].concat());
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        let output = check(&out.path().join(name), &["--base", "HEAD~1", "--format", "json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert_eq!(output.status.code(), Some(1), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("lfs-pointer"), "{name}: {}", stderr(&output));
        if name == "partial" {
            // The base's version of the changed file is not there: what it held cannot be compared, and that is said.
            assert!(document["notes"].to_string().contains("git fetch --refetch"), "{}", document["notes"]);
        } else {
            assert_eq!(with(&document, "new").len(), 3, "{name}: {document}");
        }
    }
    let output = check(&out.path().join("shallow"), &["--base", "HEAD~5"]);
    assert_eq!(output.status.code(), Some(2), "a revision that is not there");
}

#[test]
fn several_formats_in_one_run() {
    let it = Repository::shop();
    it.write("shop/billing/api.py", &format!("{BILLING}{BAD}"));
    it.commit("bad");
    let file = |name: &str| it.path(name).display().to_string();
    let output = it.check(&[
        "--base",
        "HEAD~1",
        "--format",
        &format!("sarif={}", file("out/x.sarif")),
        "--format",
        "junit",
        "--format",
        "github",
        "--output-file",
        &file("out/junit.xml"),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("::error "));
    assert!(it.text("out/x.sarif").contains("\"2.1.0\"") && it.text("out/junit.xml").contains("<testsuites"));
    let output = it.check(&["--base", "HEAD~1", "--format", "json", "--format", "text"]);
    assert_eq!(output.status.code(), Some(2), "two cannot share stdout");
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() == "target" {
                continue;
            }
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.file_name() == ".git" {
            continue;
        }
        if entry.path().is_dir() {
            found.extend(walk(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}
