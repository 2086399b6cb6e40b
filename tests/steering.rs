//! Steering as a user meets it: `what-if` on a fixture project, what it writes, and that the next run obeys.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn seamline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seamline")).args(args).output().expect("the program runs")
}

/// A copy of the shopfront fixture without its expected files.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects/shopfront"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let from: PathBuf = entry.unwrap().path();
        let name = from.file_name().unwrap();
        if from.is_dir() && name != "expected" {
            std::fs::create_dir_all(to.join(name)).unwrap();
            copy(&from, &to.join(name));
        } else if from.is_file() {
            std::fs::copy(&from, to.join(name)).unwrap();
        }
    }
}

fn run(folder: &TempDir, args: &[&str]) -> (String, String, Option<i32>) {
    let path = folder.path().display().to_string();
    let mut all = args.to_vec();
    all.extend(["--no-cache", &path]);
    let output = seamline(&all);
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
        output.status.code(),
    )
}

fn json(folder: &TempDir, args: &[&str]) -> Value {
    let mut all = vec!["what-if", "--format", "json"];
    all.extend(args);
    let (out, err, code) = run(folder, &all);
    assert_eq!(code, Some(0), "{err}");
    serde_json::from_str(&out).unwrap()
}

fn owner(folder: &TempDir, table: &str) -> String {
    let (out, err, code) = run(folder, &["ledger", "--table", table]);
    assert_eq!(code, Some(0), "{err}");
    out.split("owner ").nth(1).unwrap().split([',', ';']).next().unwrap().to_owned()
}

fn messages(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn moving_a_table_shows_what_it_costs() {
    let folder = shop();
    let answer = json(&folder, &["--pin", "currencies=products"]);
    assert_eq!(answer["schema"], "seamline.what-if/1");
    assert_eq!(answer["moved"].as_array().unwrap().len(), 1);
    assert_eq!(answer["moved"][0]["from"], "service:payments");
    assert_eq!(answer["moved"][0]["to"], "service:products");
    let new = messages(&answer["new_conflicts"]);
    assert!(new.iter().any(|it| it.contains("set_rate (payments) writes currencies")), "{new:?}");
    let gone = messages(&answer["gone_conflicts"]);
    assert!(gone.iter().any(|it| it.contains("products (products) references currencies")), "{gone:?}");
    let metrics = answer["metrics"].as_array().unwrap();
    let keys = metrics.iter().find(|it| it["id"] == "cross_foreign_keys" && it["service"].is_null()).unwrap();
    assert!(keys["after"].as_f64() < keys["before"].as_f64() && keys["judgment"] == "better", "{keys}");
    assert_eq!(answer["stores"][0]["store"], "currencies");
    // Every line has a place in the code.
    for it in answer["new_conflicts"].as_array().unwrap() {
        assert!(it["sites"][0].as_str().unwrap().contains(':'), "{it}");
    }
}

#[test]
fn merging_heals_transactions_and_splitting_breaks_what_hangs_together() {
    let folder = shop();
    let merged = json(&folder, &["--merge", "orders,payments"]);
    let count = |it: &Value, key: &str| it["transactions"][key].as_array().unwrap().len();
    assert_eq!(
        merged["services_after"].as_array().unwrap().len() + 1,
        merged["services_before"].as_array().unwrap().len()
    );
    assert!(count(&merged, "healed") > 0 && count(&merged, "broken") == 0, "{}", merged["transactions"]);
    assert_eq!(messages(&merged["new_conflicts"]).len(), 0);
    assert!(messages(&merged["gone_conflicts"]).iter().any(|it| it.contains("payments")));
    let parted = json(&folder, &["--merge", "orders,payments", "--pin", "order_items=carts"]);
    assert!(count(&parted, "broken") + count(&parted, "healed") > 0, "{}", parted["transactions"]);
    let split = json(&folder, &["--split", "products"]);
    assert!(split["services_after"].as_array().unwrap().len() > split["services_before"].as_array().unwrap().len());
    assert_eq!(messages(&split["gone_conflicts"]).len(), 0, "a split removes no conflict");
    let (text, _, code) = run(&folder, &["what-if", "--merge", "orders,payments"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("heals") && text.contains("better") && text.contains("gone: payments"), "{text}");
}

#[test]
fn what_follows_is_said() {
    let folder = shop();
    let answer = json(&folder, &["--move", "module:shopfront::payments::repository=carts"]);
    let hints = answer["hints"].to_string();
    assert!(hints.contains("--pin payments=carts") || hints.contains("--pin refunds=carts"), "{hints}");
    // Nothing moves where it is already.
    let (text, _, _) = run(&folder, &["what-if", "--pin", "payments=payments"]);
    assert!(text.contains("Nothing changes"), "{text}");
}

#[test]
fn unknown_names_are_refused_with_the_nearest_ones() {
    let folder = shop();
    for (args, part) in [
        (&["what-if"][..], "nothing to try"),
        (&["what-if", "--merge", "order,payments"], "no service is called `order`; nearest: orders"),
        (&["what-if", "--merge", "orders,orders"], "two different services"),
        (&["what-if", "--split", "ordres"], "no service is called `ordres`; nearest: orders"),
        (&["what-if", "--pin", "currencis=products"], "no table is called `currencis`; nearest: currencies"),
        (&["what-if", "--pin", "currencies=produts"], "no service is called `produts`; nearest: products"),
        (&["what-if", "--move", "set_rat=products"], "nothing is named `set_rat`; nearest: "),
        (&["what-if", "--move", "repository=products"], "give more of the name"),
        (&["what-if", "--move", "nothing"], "write NAME=SERVICE"),
    ] {
        let (out, err, code) = run(&folder, args);
        assert_eq!(code, Some(2), "{args:?} {err}");
        assert!(out.is_empty() && err.contains(part), "{args:?}: {err}");
    }
}

#[test]
fn a_written_change_is_obeyed_and_comments_stay() {
    let folder = shop();
    let path = folder.path().join("seamline.toml");
    // Without a file, the whole proposal is written with the change.
    let (_, err, code) = run(&folder, &["what-if", "--pin", "currencies=products", "--write"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("not-obeyed"), "{err}");
    assert_eq!(owner(&folder, "currencies"), "products");
    // With one, it changes in place.
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("# Agreed on Monday.\n{text}")).unwrap();
    let (_, err, code) =
        run(&folder, &["what-if", "--merge", "orders,payments", "--move", "repository::set_rate=customers", "--write"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("not-obeyed"), "{err}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# Agreed on Monday.") && !text.contains("name = \"payments\""), "{text}");
    assert_eq!(owner(&folder, "payments"), "orders");
    assert_eq!(owner(&folder, "currencies"), "products");
    let (out, _, _) = run(&folder, &["explain", "shopfront::payments::repository::set_rate"]);
    assert!(out.contains("placed      customers"), "{out}");
    // A split of a declared service is declared part by part.
    let (_, err, code) = run(&folder, &["what-if", "--split", "products", "--write"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("not-obeyed"), "{err}");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("# Agreed on Monday."));
}

#[test]
fn a_change_beside_other_settings_declares_what_it_rests_on() {
    let folder = shop();
    let path = folder.path().join("seamline.toml");
    std::fs::write(&path, "# Small teams.\n[services]\nmax = 9 # not more\n").unwrap();
    let (_, err, code) = run(&folder, &["what-if", "--merge", "orders,payments", "--write"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("not-obeyed"), "{err}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# Small teams.\n[services]\nmax = 9 # not more\n"), "{text}");
    assert_eq!(owner(&folder, "payments"), "orders");
    assert_eq!(owner(&folder, "carts"), "carts");
}

#[test]
fn boundaries_of_other_tools_are_scored_and_started_from() {
    let folder = shop();
    let owners = folder.path().join("CODEOWNERS");
    std::fs::write(
        &owners,
        "* @org/platform\n/src/cart/ @org/sales\n/src/orders/ @org/sales\n/src/payments/ @org/money\n/src/nothing/ @org/x\n",
    )
    .unwrap();
    let owners = owners.display().to_string();
    let (out, err, code) = run(&folder, &["partition", "--declared", &owners, "--format", "json"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("`/src/nothing/ @org/x` matches nothing"), "{err}");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["services"], serde_json::json!(["money", "platform", "sales"]));
    assert!(answer["agreement"]["functions"].as_f64() > Some(20.0), "{answer}");
    assert!(answer["agreement"]["ari"].as_f64() < Some(0.9), "{answer}");
    assert!(answer["declared"]["cut_calls"].is_number() && answer["proposed"]["cut_calls"].is_number());
    // Named classes of a decomposition stay together, the rest is proposed around them.
    let json = folder.path().join("cut.json");
    let text = r#"{"name": "cut", "partitions": [{"name": "Till", "classes": ["shopfront::payments", "orders"]}]}"#;
    std::fs::write(&json, text).unwrap();
    let (out, err, code) = run(&folder, &["init", "--dry-run", "--from", &json.display().to_string()]);
    assert_eq!(code, Some(0), "{err}");
    let till = out.split("[[service]]").find(|it| it.contains("\"till\"")).unwrap();
    // The whole folder of the class, whatever it is called by.
    assert!(till.contains("src/payments/") && till.contains("\"orders\""), "{out}");
    assert!(out.contains("\"reviews\""), "{out}");
    let bad = folder.path().join("notes.txt");
    std::fs::write(&bad, "x").unwrap();
    let (_, err, code) = run(&folder, &["init", "--dry-run", "--from", &bad.display().to_string()]);
    assert_eq!(code, Some(2));
    assert!(err.contains("unknown kind of file"), "{err}");
}

#[test]
fn explain_says_why_not_elsewhere() {
    let folder = shop();
    let (out, err, code) = run(&folder, &["explain", "shopfront::orders::checkout::place"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("pulled"), "{out}");
    // Only what is near enough to flip is said to.
    for line in out.lines().filter(|it| it.starts_with("  flips       to ")) {
        let times: f64 = line.split(" with ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(times <= 2.0, "{line}");
    }
    // One line for each function that is called, however often.
    let calls: Vec<&str> =
        out.lines().filter(|it| it.starts_with("  calls")).map(|it| it.split(" at ").next().unwrap()).collect();
    let unique: std::collections::BTreeSet<&&str> = calls.iter().collect();
    assert_eq!(calls.len(), unique.len(), "{out}");
}

#[test]
fn a_method_is_found_by_its_type_and_name() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects/flowline").display().to_string();
    let output = seamline(&["explain", "--no-cache", "billing.Repository.ChangePlan", &path]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("method example.com/flowline/internal/billing.(*Repository).ChangePlan"), "{out}");
}

#[test]
fn a_method_may_go_elsewhere_than_its_type() {
    let folder = tempfile::tempdir().unwrap();
    let code = "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n\n\nclass Store:\n    def close_order(self):\n        \
                db.execute('UPDATE orders SET open = 0')\n\n    def rename(self):\n        db.execute('UPDATE users SET name = 1')\n";
    std::fs::write(folder.path().join("store.py"), code).unwrap();
    let config = |kernel: &str| {
        format!(
            "[[service]]\nname = \"orders\"\nstores = [\"orders\"]\nsymbols = [\"store.Store.close_order\"]\n\n[[service]]\nname = \"users\"\n\
             stores = [\"users\"]\nsymbols = [\"store.Store.rename\"]\n\n[shared_kernel]\nsymbols = [\"{kernel}\"]\n"
        )
    };
    std::fs::write(folder.path().join("seamline.toml"), config("store.Store")).unwrap();
    let (out, err, code) = run(&folder, &["explain", "close_order"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(!err.contains("contradict"), "{err}");
    assert!(out.contains("orders"), "{out}");
    // The same name in two places is a contradiction still.
    std::fs::write(folder.path().join("seamline.toml"), config("store.Store.rename")).unwrap();
    let (_, err, _) = run(&folder, &["explain", "close_order"]);
    assert!(err.contains("contradict each other on `store.Store.rename`"), "{err}");
}

#[test]
fn settings_that_do_not_hold_are_said_with_their_line() {
    let folder = shop();
    let (_, err, code) = run(&folder, &["init", "--quiet"]);
    assert_eq!(code, Some(0), "{err}");
    let file = folder.path().join("seamline.toml");
    let accepted = std::fs::read_to_string(&file).unwrap();
    let tables = accepted.split("stores = [").nth(1).unwrap().split(']').next().unwrap();
    let table = tables.split('"').nth(1).unwrap().to_owned();
    let names: Vec<&str> = accepted.lines().filter_map(|it| it.strip_prefix("name = ")).collect();
    let (first, last) = (names[0].trim_matches('"'), names[names.len() - 1].trim_matches('"'));
    let told = |text: &str, args: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let (out, err, code) = run(&folder, args);
        (out, err, code)
    };
    let line_of = |text: &str, part: &str| text[..text.find(part).unwrap()].matches('\n').count() + 1;
    let summary = &["analyze", "--format", "text"];
    // What was declared is no proposal, and nobody weighed it.
    let (out, _, _) = told(&accepted, summary);
    assert!(out.contains("Boundaries: ") && out.contains("declared in seamline.toml"), "{out}");
    assert!(!out.contains("confidence"), "{out}");
    // A slip in a pin's target, and a pin against a list.
    let pinned = format!("{accepted}\n[pins]\n\"store:{table}\" = \"{last}x\"\n");
    let (_, err, code) = told(&pinned, summary);
    let line = line_of(&pinned, &format!("\"store:{table}\""));
    assert_eq!(code, Some(0), "{err}");
    assert!(
        err.contains(&format!("warning[undeclared-service]: seamline.toml:{line}: no service `{last}x` is declared")),
        "{err}"
    );
    assert!(err.contains(&format!("nearest: {last}")), "{err}");
    assert!(err.contains(&format!("note[overruled-setting]: seamline.toml:{line}: ")), "{err}");
    // A service of nothing is none.
    let ghost = format!("{accepted}\n[[service]]\nname = \"ghost\"\nmodules = [\"no.such\"]\n");
    let (out, err, _) = told(&ghost, summary);
    let line = line_of(&ghost, "\"ghost\"");
    assert!(
        err.contains(&format!("warning[empty-service]: seamline.toml:{line}: service `ghost` matches nothing")),
        "{err}"
    );
    assert!(!out.contains("ghost") && out.contains(&format!("Boundaries: {} services", names.len())), "{out}");
    // A contradiction is no setting: nothing is written, and the gate does not judge by it.
    let torn = format!("{accepted}\n[[service]]\nname = \"torn\"\nstores = [\"{table}\"]\n");
    for args in [&["analyze", "--format", "text"][..], &["metrics"], &["check", "--write-baseline"]] {
        let (out, err, code) = told(&torn, args);
        let line = torn.matches('\n').count();
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
        let place = format!("seamline.toml:{line}: service `{first}` and service `torn` contradict each other");
        assert!(err.contains(&place), "{place} in {err}");
    }
}

#[test]
fn a_module_named_without_its_children_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("shop/orders")).unwrap();
    for (name, text) in [
        ("shop/__init__.py", ""),
        ("shop/orders/__init__.py", "def start():\n    return 1\n"),
        ("shop/orders/api.py", "def place():\n    return 1\n"),
        ("shop/orders/rows.py", "def rows():\n    return 1\n"),
        ("shop/billing.py", "def bill():\n    return 1\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let told = |modules: &str| {
        let text = format!("[[service]]\nname = \"orders\"\nmodules = [{modules}]\n");
        std::fs::write(folder.path().join("seamline.toml"), text).unwrap();
        run(&folder, &["analyze", "--format", "text"]).1
    };
    let err = told("\"shop.orders\"");
    assert!(err.contains("note[modules-below]: seamline.toml:3: `shop.orders` of service `orders`"), "{err}");
    assert!(err.contains("2 modules below it") && err.contains("`shop.orders.*`"), "{err}");
    assert!(!told("\"shop.orders\", \"shop.orders.*\"").contains("modules-below"));
    assert!(!told("\"shop.billing\"").contains("modules-below"));
}

#[test]
fn a_torn_package_is_named_file_by_file_and_its_files_go_before_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("store")).unwrap();
    let table = |name: &str| {
        let text = format!(
            "package store\n\nimport \"database/sql\"\n\ntype {name}s struct{{ db *sql.DB }}\n\n\
             func (it {name}s) Add() {{ it.db.Exec(\"INSERT INTO {name}s (id) VALUES (1)\") }}\n\n\
             func (it {name}s) All() {{ it.db.Query(\"SELECT id FROM {name}s\") }}\n"
        );
        std::fs::write(folder.path().join(format!("store/{name}.go")), text).unwrap();
    };
    table("order");
    table("customer");
    std::fs::write(folder.path().join("go.mod"), "module example.com/shop\n\ngo 1.22\n").unwrap();
    let declared = "[[service]]\nname = \"customers\"\nmodules = [\"example.com/shop/store\"]\nstores = [\"customers\"]\n\n\
                    [[service]]\nname = \"orders\"\nfiles = [\"store/order.go\"]\nstores = [\"orders\"]\n";
    std::fs::write(folder.path().join("seamline.toml"), declared).unwrap();
    let (out, err, _) = run(&folder, &["analyze", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    let place = |name: &str| {
        let all = report["partition"]["symbols"].as_array().unwrap();
        let name = format!("example.com/shop/store.{name}");
        all.iter().find(|it| it["name"] == name.as_str()).unwrap()["place"].as_str().unwrap().to_owned()
    };
    for (name, service) in
        [("orders", "orders"), ("orders.Add", "orders"), ("customers", "customers"), ("customers.All", "customers")]
    {
        assert_eq!(place(name), format!("service:{service}"), "{name}");
    }
    let (out, err, _) = run(&folder, &["init", "--dry-run"]);
    assert!(out.contains("files = [\n    \"store/order.go\",\n]\n"), "{out}{err}");
    assert!(out.contains("modules = [\n    \"example.com/shop/store\",\n]\n"), "{out}");
    assert!(!out.contains("symbols"), "{out}");
}
