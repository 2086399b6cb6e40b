//! The program as a user meets it: exit codes, streams, determinism, bad input.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn seamline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seamline"))
        .args(args)
        .env_remove("SEAMLINE_LOG")
        .output()
        .expect("the program runs")
}

fn project(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(name).display().to_string()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn path(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

#[test]
fn analyze_writes_the_whole_report() {
    let out = folder();
    let to = path(&out, "report");
    let output = seamline(&["analyze", "--no-cache", "--out", &to.display().to_string(), &project("flowline")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let summary = String::from_utf8_lossy(&output.stdout);
    assert!(summary.contains("stores") && summary.contains("endpoints"), "{summary}");
    for file in ["plan.md", "architecture.svg", "architecture.mmd", "report.json", "index.html"] {
        assert!(std::fs::metadata(to.join(file)).is_ok_and(|it| it.len() > 200), "{file} is missing or empty");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let run =
        |jobs: &str| seamline(&["analyze", "--no-cache", "--format", "json", "--jobs", jobs, &project("socialnet")]);
    let first = run("1");
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert!(first.stdout.len() > 10_000);
    for jobs in ["1", "2", "3"] {
        assert!(run(jobs).stdout == first.stdout, "another run with {jobs} threads differs");
    }
}

#[test]
fn a_cached_run_gives_the_same_bytes_as_a_cold_one() {
    let out = folder();
    let cache = path(&out, "facts").display().to_string();
    let run = || seamline(&["export", "--cache", &cache, &project("assistant")]).stdout;
    let cold = run();
    assert!(cold.len() > 10_000);
    assert!(run() == cold, "the warm run differs");
    assert!(seamline(&["export", "--no-cache", &project("assistant")]).stdout == cold, "the uncached run differs");
}

#[test]
fn what_cannot_be_analyzed_is_refused_with_exit_code_2() {
    let empty = folder();
    let file = path(&empty, "x.py");
    let missing = path(&empty, "missing").display().to_string();
    let output = seamline(&["analyze", &missing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("does not exist"), "{}", stderr(&output));
    let output = seamline(&["analyze", &empty.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is empty"), "{}", stderr(&output));
    std::fs::write(&file, "x = 1\n").expect("a file");
    let output = seamline(&["analyze", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("give its folder"), "{}", stderr(&output));
}

#[test]
fn broken_files_are_reported_and_the_rest_is_read() {
    let tree = folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(path(&tree, name), bytes).expect("a file");
    write(
        "good.py",
        b"import sqlite3\ndb = sqlite3.connect('x')\ndef load():\n    db.execute('SELECT id FROM orders')\n",
    );
    write("binary.py", b"\x00\x01\x02\x03");
    write("latin.py", b"# caf\xe9\ndef f():\n    return 1\n");
    write("broken.py", b"def f(:\n  ((((\n");
    write("broken.go", b"package x\nfunc {{{{\n");
    write("broken.rs", b"fn main( { let x = ;\n");
    write("broken.sql", b"CREAT TABLEE ((;\nSELEC * FRM;\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(tree.path(), path(&tree, "loop")).expect("a link");
    let output = seamline(&["export", "--no-cache", &tree.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("good.load") && text.contains("\"orders\""), "{text}");
    let problems = stderr(&output);
    for file in ["binary.py", "latin.py", "broken.py", "broken.go", "broken.rs"] {
        assert!(problems.contains(file), "{file} is not reported:\n{problems}");
    }
}

#[test]
fn a_broken_configuration_says_where() {
    let tree = folder();
    std::fs::write(path(&tree, "a.py"), "x = 1\n").expect("a file");
    std::fs::write(path(&tree, "seamline.toml"), "[services]\nmaxx = 3\n").expect("a file");
    let output = seamline(&["analyze", &tree.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    let problem = stderr(&output);
    assert!(problem.contains("seamline.toml") && problem.contains("maxx") && problem.contains('2'), "{problem}");
}

#[test]
fn check_holds_to_its_baseline() {
    let out = folder();
    let baseline = path(&out, "baseline").display().to_string();
    let shop = project("shopfront");
    let check = |more: &[&str]| {
        let mut args = vec!["check", "--no-cache", "--baseline", &baseline, &shop];
        args.extend(more);
        seamline(&args)
    };
    assert_eq!(check(&[]).status.code(), Some(2), "no baseline yet");
    assert_eq!(check(&["--write-baseline"]).status.code(), Some(0));
    assert_eq!(check(&["--strict"]).status.code(), Some(0), "nothing changed");
    let text = std::fs::read_to_string(&baseline).expect("the baseline");
    let entries = || text.lines().filter(|it| !it.starts_with('#') && !it.starts_with("boundary"));
    if let Some(first) = entries().next() {
        std::fs::write(&baseline, text.replace(&format!("{first}\n"), "")).expect("the baseline");
        let output = check(&[]);
        assert_eq!(output.status.code(), Some(1), "one finding is new: {}", String::from_utf8_lossy(&output.stdout));
    }
    std::fs::write(&baseline, format!("{text}cross-boundary-call\tgone.a\tgone.b\t\n")).expect("the baseline");
    assert_eq!(check(&[]).status.code(), Some(0), "a fixed entry is no failure");
    assert_eq!(check(&["--strict"]).status.code(), Some(1), "unless asked for");
    assert_eq!(check(&["--update-baseline"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&baseline).expect("the baseline"), text, "it shrank to what exists");
}

#[test]
fn init_is_obeyed_by_the_next_run() {
    let out = folder();
    let shop = project("shopfront");
    let config = seamline(&["init", "--dry-run", "--no-cache", &shop]).stdout;
    let file = path(&out, "seamline.toml");
    std::fs::write(&file, &config).expect("the configuration");
    let config = file.display().to_string();
    let again = seamline(&["init", "--dry-run", "--no-cache", "--config", &config, &shop]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let names = |bytes: &[u8]| {
        let mut names: Vec<String> =
            String::from_utf8_lossy(bytes).lines().filter(|it| it.starts_with("name = ")).map(str::to_owned).collect();
        names.sort();
        names
    };
    assert_eq!(names(&again.stdout), names(&std::fs::read(&file).expect("the configuration")));
}

#[test]
fn metrics_speak_json_and_openmetrics() {
    let json = seamline(&["metrics", "--no-cache", "--format", "json", &project("driftwatch")]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(document["schema"], "seamline.metrics/1");
    assert!(document["metrics"].as_array().is_some_and(|it| it.len() > 15));
    let text = seamline(&["metrics", "--no-cache", "--format", "openmetrics", &project("driftwatch")]).stdout;
    assert!(String::from_utf8_lossy(&text).ends_with("# EOF\n"));
}

#[test]
fn generated_texts_come_out() {
    for args in [&["generate", "man"][..], &["generate", "completions", "bash"], &["generate", "schema", "config"]] {
        let output = seamline(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.len() > 500, "{args:?}");
    }
    assert_eq!(seamline(&["no-such-command"]).status.code(), Some(2));
}

#[test]
fn a_bare_name_asks_the_ledger_for_that_table() {
    let ask = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seamline"));
        command.current_dir(project("flowline")).args(["ledger", "--no-cache", "--format", "csv", name]);
        command.output().expect("the program runs")
    };
    let found = ask("workflows");
    assert_eq!(found.status.code(), Some(0), "{}", stderr(&found));
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(text.lines().count() > 2 && text.lines().skip(1).all(|it| it.starts_with("workflows,")), "{text}");
    let unknown = ask("workflow_s");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("no table `workflow_s`; nearest: workflows"), "{}", stderr(&unknown));
}

#[test]
fn the_linter_of_go_hears_of_every_folder() {
    let tree = folder();
    let files = [
        ("go.mod", "module example.com/shop\n\ngo 1.25\n"),
        ("orders/orders.go", "package orders\n\nfunc Place() {}\n"),
        ("billing/billing.go", "package billing\n\nfunc Bill() {}\n"),
        ("orders/mocks/store.go", "package mocks\n\nfunc Store() {}\n"),
        (
            "seamline.toml",
            "[[service]]\nname = \"orders\"\nfiles = [\"orders/**\"]\n\n[[service]]\nname = \"billing\"\nfiles = [\"billing/**\"]\n",
        ),
    ];
    for (name, text) in files {
        let file = path(&tree, name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("can be made");
        std::fs::write(file, text).expect("can be written");
    }
    let output = seamline(&["generate", "go-arch-lint", "--no-cache", &tree.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("exclude:\n  - \"orders/mocks\"\ncomponents:\n"), "{text}");
    assert!(text.contains("  orders:\n    in:\n      - \"orders\"\n"), "{text}");
}

#[test]
fn the_ledger_counts_what_tests_touch() {
    let tree = folder();
    let files = [
        ("schema.sql", "CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);\n"),
        (
            "shop.py",
            "import sqlite3\n\n\ndef place():\n    sqlite3.connect(\"x\").execute(\"INSERT INTO orders (total) VALUES (1)\")\n",
        ),
        (
            "tests/test_shop.py",
            "import sqlite3\n\n\ndef test_place():\n    sqlite3.connect(\"x\").execute(\"DELETE FROM orders\")\n",
        ),
    ];
    for (name, text) in files {
        let file = path(&tree, name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("can be made");
        std::fs::write(file, text).expect("can be written");
    }
    let at = tree.path().display().to_string();
    let ask = |extra: &[&str]| {
        let output = seamline(&[&["ledger", "--no-cache", &at], extra].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let short = ask(&[]);
    assert!(short.contains("0 reads, 1 writes"), "{short}");
    assert!(short.contains("  in tests      1 time in 1 file (--tests lists them)\n"), "{short}");
    assert!(!short.contains("test_place"), "{short}");
    assert!(ask(&["--tests"]).contains("delete tests.test_shop.test_place [outside], tests/test_shop.py:5"));
    assert!(ask(&["--format", "csv"]).lines().any(|it| it.ends_with("tests/test_shop.py,5,test,false")));
}

#[test]
fn the_ledger_and_explain_take_a_name_and_a_folder() {
    let flow = project("flowline");
    let ask = |args: &[&str]| {
        let output = seamline(&[args, &["--no-cache", "--quiet"]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let ledger = ask(&["ledger", "workflows", &flow]);
    assert!(ledger.starts_with("workflows (table): owner "), "{ledger}");
    assert_eq!(ledger, ask(&["ledger", "--table", "workflows", &flow]));
    let wrong = seamline(&["ledger", "workflow_s", &flow, "--no-cache"]);
    assert!(stderr(&wrong).contains("nearest: workflows"), "{}", stderr(&wrong));
    let table = ask(&["explain", "workflows", &flow]);
    assert!(table.starts_with("table workflows\n") && table.contains("\n  verdict "), "{table}");
    // Services, routes and files have answers of their own.
    let owner = ledger.split("owner ").nth(1).and_then(|it| it.split([',', ';']).next()).expect("an owner");
    let service = ask(&["explain", &format!("service:{owner}"), &flow]);
    for part in
        [&format!("service {owner}\n"), "\n  members ", "\n  owns        workflows: ", "\n  serves ", "\n  need"]
    {
        assert!(service.contains(part), "{part} in {service}");
    }
    let served = service.lines().find_map(|it| it.strip_prefix("  serves      ")).expect("a route");
    let (route, place) = served.split_once(" at ").expect("a place");
    let told = ask(&["explain", route, &flow]);
    assert!(told.starts_with(&format!("route {route} ({place})\n  handler ")), "{told}");
    assert!(told.contains(&format!("[{owner}]")), "{told}");
    let by_path = ask(&["explain", route.split_once(' ').expect("a method").1, &flow]);
    assert!(by_path.contains(&told), "{by_path}");
    let file = ask(&["explain", place.rsplit_once(':').expect("a line").0, &flow]);
    assert!(file.starts_with("file ") && file.contains(&format!("  route       {route} at {place}\n")), "{file}");
    let nothing = seamline(&["explain", "no-such-thing", &flow, "--no-cache"]);
    assert!(
        stderr(&nothing).contains("neither a symbol, a table, a service, a route nor a file"),
        "{}",
        stderr(&nothing)
    );
}

#[test]
fn metrics_say_what_they_count_and_which_way_is_better() {
    let output = seamline(&["metrics", "--no-cache", "--quiet", &project("flowline")]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let head: Vec<&str> = text.lines().next().expect("a line").split_whitespace().collect();
    assert_eq!(head, ["metric", "service", "value", "better", "unit"]);
    let line = |id: &str| text.lines().find(|it| it.starts_with(id)).expect("a figure").to_owned();
    assert!(line("cut_calls ").contains("  lower   call sites between two services"), "{text}");
    assert!(line("modularity ").contains("  higher  Q of the call graph"), "{text}");
    assert!(line("stores ").contains("  -       data stores"), "{text}");
}

#[test]
fn quiet_leaves_errors_only() {
    let tree = folder();
    std::fs::write(path(&tree, "a.py"), "def f():\n    return 1\n").expect("a file");
    std::fs::write(path(&tree, "b.py"), "def g(:\n    return 1\n").expect("a file");
    std::fs::write(path(&tree, "seamline.toml"), "[pins]\n\"module:nothing\" = \"a\"\n").expect("a file");
    let ask = |more: &[&str]| {
        let folder = tree.path().display().to_string();
        stderr(&seamline(&[&["analyze", "--no-cache", "--format", "text", &folder], more].concat()))
    };
    assert!(ask(&[]).contains("warning[unmatched-selector]: seamline.toml:2: "), "{}", ask(&[]));
    assert_eq!(ask(&["--quiet"]), "");
}

/// The chapter of one service, without those of the others.
#[test]
fn the_plan_of_one_service_stands_alone() {
    let flow = project("flowline");
    let output = seamline(&["plan", "--no-cache", "--service", "webhooks", &flow]);
    let chapter = String::from_utf8_lossy(&output.stdout);
    assert!(chapter.contains("## How a service leaves") && chapter.contains(". webhooks\n"), "{chapter}");
    assert_eq!(chapter.lines().filter(|it| it.starts_with("## ")).count(), 2, "{chapter}");
    let wrong = seamline(&["plan", "--no-cache", "--service", "webhoks", &flow]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("no service is called `webhoks`; nearest: webhooks"), "{}", stderr(&wrong));
}

/// The programs of a system of some files: name, start, endpoints, stores read, stores written; and the stores that several touch.
fn programs(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>, String) {
    let system = folder();
    for (name, text) in files {
        let path = path(&system, name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let out = folder();
    let to = path(&out, "report");
    let checkout = system.path().display().to_string();
    let output = seamline(&["analyze", "--no-cache", "--out", &to.display().to_string(), &checkout]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report = std::fs::read_to_string(to.join("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let names = |it: &serde_json::Value| -> String {
        let names: Vec<&str> = it.as_array().into_iter().flatten().filter_map(|it| it.as_str()).collect();
        names.join("+")
    };
    let all = report["plan"]["programs"]["programs"].as_array().cloned().unwrap_or_default();
    let told = all.iter().map(|it| {
        let endpoints = it["endpoints"].as_array().map_or(0, Vec::len);
        let (name, file, line) = (it["name"].as_str().unwrap_or("?"), it["file"].as_str().unwrap_or("?"), &it["line"]);
        format!("{name} {file}:{line} {endpoints} reads {} writes {}", names(&it["reads"]), names(&it["writes"]))
    });
    let shared = report["plan"]["programs"]["stores"].as_array().cloned().unwrap_or_default();
    let shared = shared.iter().map(|it| {
        let of = |key: &str| -> String {
            let uses = it[key].as_array().into_iter().flatten();
            let uses: Vec<&str> = uses.filter_map(|it| it["program"].as_str()).collect();
            uses.join("+")
        };
        format!("{} {}|{}", it["store"].as_str().unwrap_or("?"), of("writers"), of("readers"))
    });
    let texts = ["summary.txt", "plan.md"].map(|it| std::fs::read_to_string(to.join(it)).unwrap_or_default());
    let words: Vec<&str> = texts.iter().flat_map(|it| it.split_whitespace()).collect();
    (told.collect(), shared.collect(), words.join(" "))
}

#[test]
fn programs_that_run_apart_are_told_with_what_they_share() {
    let store = "package store\n\nimport \"database/sql\"\n\nfunc Add(db *sql.DB) { db.Exec(\"INSERT INTO orders (id) VALUES (1)\") }\n\n\
                 func Count(db *sql.DB) { db.Query(\"SELECT id FROM orders\") }\n\nfunc Log(db *sql.DB) { db.Exec(\"DELETE FROM log\") }\n";
    let server = "package main\n\nimport (\n\t\"database/sql\"\n\t\"net/http\"\n\n\t\"example.com/shop/store\"\n)\n\n\
                  func add(w http.ResponseWriter, r *http.Request) {\n\tdb, _ := sql.Open(\"postgres\", \"\")\n\tstore.Add(db)\n}\n\n\
                  func main() {\n\thttp.HandleFunc(\"/orders\", add)\n\thttp.ListenAndServe(\":80\", nil)\n}\n";
    let report = "package main\n\nimport (\n\t\"database/sql\"\n\n\t\"example.com/shop/store\"\n)\n\n\
                  func main() {\n\tdb, _ := sql.Open(\"postgres\", \"\")\n\tstore.Count(db)\n\tstore.Log(db)\n}\n";
    let hello = "package main\n\nfunc main() { hello() }\n\nfunc hello() { println(1) }\n";
    let files = [
        ("go.mod", "module example.com/shop\n\ngo 1.22\n"),
        ("store/store.go", store),
        ("cmd/server/main.go", server),
        ("cmd/report/main.go", report),
        ("cmd/hello/main.go", hello),
    ];
    let (told, shared, text) = programs(&files);
    assert_eq!(
        told,
        [
            "hello cmd/hello/main.go:3 0 reads  writes ",
            "report cmd/report/main.go:9 0 reads orders writes log",
            "server cmd/server/main.go:15 1 reads  writes orders",
        ]
    );
    assert_eq!(shared, ["orders server|report"], "what one program alone touches is shared by nobody");
    for part in [
        "Programs that start here and run apart: 3",
        "unless each opens its own",
        "Seen to touch no store and to answer nothing: hello (cmd/hello/main.go:3)",
        "orders (written by server; read by report)",
        "hello (`cmd/hello/main.go:3`)",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // One program is what every system is: nothing is said of it.
    let (told, _, text) = programs(&files[..3]);
    assert_eq!(told.len(), 1);
    assert!(!text.contains("run apart"), "{text}");
}

#[test]
fn python_programs_start_by_main_by_name_or_by_folder() {
    let orders = "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n\n\ndef add():\n    db.execute('INSERT INTO orders (id) VALUES (1)')\n\n\n\
                  def count():\n    return db.execute('SELECT id FROM orders')\n";
    let api = "from fastapi import FastAPI\n\nfrom shop.orders import add\n\napp = FastAPI()\n\n\n@app.post('/orders')\ndef post():\n    add()\n";
    let tool =
        "from shop.orders import count\n\n\ndef main():\n    count()\n\n\nif __name__ == '__main__':\n    main()\n";
    // Importing a module runs the packages around it: here the one that imports the routes.
    let site = "from fastapi import FastAPI\n\nfrom shop.site.base import router\n\napp = FastAPI()\napp.include_router(router)\n";
    let page = "from shop.orders import count\nfrom shop.site.base import router\n\n\n@router.get('/count')\ndef page():\n    return count()\n";
    // Started as a file, with no function of that name; where others import it, that is a check of its own.
    let nightly = "from shop.orders import add\n\nif __name__ == \"__main__\":\n    add()\n";
    let (told, shared, _) = programs(&[
        ("shop/__init__.py", ""),
        ("shop/orders.py", &format!("{orders}\n\nif __name__ == '__main__':\n    count()\n")),
        ("shop/api/__init__.py", ""),
        ("shop/api/main.py", api),
        ("shop/tool.py", tool),
        ("shop/nightly.py", nightly),
        ("shop/site/__init__.py", "from shop.site import page\n"),
        ("shop/site/base.py", "from fastapi import APIRouter\n\nrouter = APIRouter()\n"),
        ("shop/site/page.py", page),
        ("shop/wsgi.py", site),
        // Called like a start, and nothing follows from it.
        ("shop/app.py", "def ready():\n    pass\n"),
    ]);
    assert_eq!(
        told,
        [
            "api shop/api/main.py:1 1 reads  writes orders",
            "nightly shop/nightly.py:3 0 reads  writes orders",
            "tool shop/tool.py:4 0 reads orders writes ",
            "shop shop/wsgi.py:1 1 reads orders writes ",
        ]
    );
    assert_eq!(shared, ["orders api+nightly|tool+shop"]);
}
