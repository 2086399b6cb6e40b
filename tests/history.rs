//! Coupling over time, on a repository that a script makes: good and bad changes, a rename, a revert, a merge, tags, a
//! broken file, a submodule, an LFS pointer, a commit without source.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A repository under construction.
struct Repository {
    folder: tempfile::TempDir,
    /// Days since 2026-01-05, a Monday.
    day: u32,
}

impl Repository {
    fn new() -> Self {
        let own = Self { folder: tempfile::tempdir().expect("a folder"), day: 0 };
        own.git(&["init", "-q", "-b", "main"]);
        own
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, args: &[&str]) -> String {
        let date = format!("{} +0000", 1_767_607_200 + i64::from(self.day) * 86_400);
        let output = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"])
            .args(args)
            .current_dir(self.path())
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .expect("git runs; install it");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    /// Commits everything so many days after the last commit, and gives the id.
    fn commit(&mut self, days: u32, message: &str) -> String {
        self.day += days;
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }
}

const SCHEMA: &str = "CREATE TABLE users (id INT PRIMARY KEY, name TEXT);\n\
                      CREATE TABLE orders (id INT PRIMARY KEY, user_id INT, total INT);\n";
const USERS: &str = "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n\n\n\
                     def rename_user(id, name):\n    db.execute('UPDATE users SET name = ? WHERE id = ?', (name, id))\n\n\n\
                     def user_name(id):\n    return db.execute('SELECT name FROM users WHERE id = ?', (id,))\n";
const ORDERS: &str = "import sqlite3\n\nfrom users.api import user_name\n\ndb = sqlite3.connect('shop.db')\n\n\n\
                      def place_order(id, user, total):\n    user_name(user)\n    \
                      db.execute('INSERT INTO orders (id, user_id, total) VALUES (?, ?, ?)', (id, user, total))\n\n\n\
                      def totals():\n    return db.execute('SELECT total FROM orders')\n";
const JOIN: &str = "\n\ndef report():\n    return db.execute('SELECT name, total FROM orders JOIN users ON users.id = orders.user_id')\n";
const CONFIG: &str = "[[service]]\nname = \"orders\"\nfiles = [\"orders/**\"]\nstores = [\"orders\"]\n\n\
                      [[service]]\nname = \"users\"\nfiles = [\"users/**\"]\nstores = [\"users\"]\n";

/// The scripted history; commits by name.
fn scripted() -> (Repository, Vec<(&'static str, String)>) {
    let mut repository = Repository::new();
    let mut commits = Vec::new();
    repository.write("README.md", "Nothing to measure yet.\n");
    commits.push(("empty", repository.commit(0, "No source")));
    repository.write("schema.sql", SCHEMA);
    repository.write("users/__init__.py", "");
    repository.write("orders/__init__.py", "");
    repository.write("users/api.py", USERS);
    repository.write("orders/api.py", ORDERS);
    repository.write("seamline.toml", CONFIG);
    commits.push(("good", repository.commit(0, "Two services, one call")));
    repository.git(&["tag", "v1"]);
    repository.write("README.md", "Words only.\n");
    commits.push(("words", repository.commit(1, "Only words")));
    repository.write("orders/api.py", &format!("{ORDERS}{JOIN}"));
    commits.push(("bad", repository.commit(7, "A join across")));
    let bad = repository.git(&["rev-parse", "HEAD"]);
    repository.write("users/broken.py", "def half(:\n    x = = 1\n");
    commits.push(("broken", repository.commit(1, "A file that does not parse")));
    repository.git(&["rm", "-q", "users/broken.py"]);
    repository.git(&["mv", "orders/api.py", "orders/service.py"]);
    commits.push(("rename", repository.commit(7, "Moved")));
    repository.git(&["checkout", "-q", "-b", "feature"]);
    repository.write(
        "users/export.py",
        "import sqlite3\n\ndb = sqlite3.connect('shop.db')\n\n\ndef export():\n    return db.execute('SELECT id FROM orders')\n",
    );
    commits.push(("feature", repository.commit(1, "Users read orders")));
    repository.git(&["checkout", "-q", "main"]);
    repository.write("README.md", "More words.\n");
    commits.push(("meanwhile", repository.commit(1, "Meanwhile")));
    repository.day += 6;
    repository.git(&["merge", "-q", "--no-ff", "-m", "Merge feature", "feature"]);
    commits.push(("merge", repository.git(&["rev-parse", "HEAD"])));
    repository.day += 7;
    repository.git(&["revert", "--no-edit", &bad]);
    commits.push(("revert", repository.git(&["rev-parse", "HEAD"])));
    repository.git(&["tag", "-a", "-m", "second", "v2"]);
    repository.write(
        "orders/big.py",
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
    );
    repository.day += 7;
    repository.git(&["add", "-A"]);
    repository.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{bad},parts/thing")]);
    repository.git(&["commit", "-q", "-m", "A pointer and a submodule"]);
    commits.push(("pointers", repository.git(&["rev-parse", "HEAD"])));
    (repository, commits)
}

fn seamline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seamline")).args(args).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn history(path: &Path, more: &[&str]) -> Output {
    let path = path.display().to_string();
    let mut args = vec!["history", &path];
    args.extend(more);
    let output = seamline(&args);
    assert_eq!(output.status.code(), Some(0), "{more:?}: {}", text(&output.stderr));
    output
}

fn document(path: &Path, more: &[&str]) -> Value {
    let mut args = vec!["--format", "json"];
    args.extend(more);
    serde_json::from_slice(&history(path, &args).stdout).expect("JSON")
}

fn figure(revision: &Value, metric: &str, service: Option<&str>) -> f64 {
    let found = revision["metrics"]
        .as_array()
        .expect("figures")
        .iter()
        .find(|it| it["metric"] == metric && it["service"].as_str() == service);
    found.unwrap_or_else(|| panic!("no {metric} of {service:?}"))["value"].as_f64().expect("a number")
}

fn revisions(document: &Value) -> &[Value] {
    document["revisions"].as_array().expect("revisions")
}

fn validate(name: &str, document: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(name);
    let schema: Value = serde_json::from_slice(&std::fs::read(&path).expect("the schema")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let problems: Vec<String> = validator.iter_errors(document).map(|it| it.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let mut other = document.clone();
    other["schema"] = "seamline.other/1".into();
    assert!(!validator.is_valid(&other), "the schema's name is checked");
}

#[test]
fn published_schemas_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    for artifact in seamline::render::trend::schemas() {
        let path = folder.join(&artifact.path);
        if std::env::var_os("SEAMLINE_BLESS").is_some() {
            std::fs::write(&path, &artifact.bytes).expect("writable");
        }
        let kept = std::fs::read(&path).unwrap_or_default();
        assert!(
            kept == artifact.bytes,
            "docs/schema/{} is out of date: run SEAMLINE_BLESS=1 cargo test --test history schemas",
            artifact.path
        );
    }
}

#[test]
fn every_commit_has_the_figures_of_its_code() {
    let (repository, commits) = scripted();
    let found = document(repository.path(), &["--every", "commit", "--no-cache"]);
    validate("history-1.json", &found);
    assert_eq!(found["services"], serde_json::json!(["orders", "users"]));
    assert_eq!(found["boundaries"]["kind"], "declared");
    assert_eq!(found["walk"], "first-parent");
    let id = |name: &str| commits.iter().find(|it| it.0 == name).expect("a commit").1.clone();
    let skipped: Vec<&str> =
        found["skipped"].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(skipped, [id("empty")], "what has no source is skipped and said to be");
    // Calls cut, joins across, shared stores, foreign accesses.
    for (name, expected) in [
        ("good", [1, 0, 0, 0]),
        ("words", [1, 0, 0, 0]),
        ("bad", [1, 1, 1, 1]),
        ("broken", [1, 1, 1, 1]),
        ("rename", [1, 1, 1, 1]),
        ("meanwhile", [1, 1, 1, 1]),
        ("merge", [1, 1, 2, 2]),
        ("revert", [1, 0, 1, 1]),
        ("pointers", [1, 0, 1, 1]),
    ] {
        let revision = revisions(&found).iter().find(|it| it["id"] == id(name).as_str());
        let revision = revision.unwrap_or_else(|| panic!("{name} is missing"));
        let metrics = ["cut_calls", "cross_joins", "shared_stores", "foreign_accesses"];
        assert_eq!(metrics.map(|it| figure(revision, it, None).round() as u32), expected, "{name}");
        assert!((revision["placed"].as_f64().expect("a number") - 1.0).abs() < 1e-9, "{name}");
    }
    assert!(revisions(&found).iter().all(|it| it["id"] != id("feature").as_str()), "merged branches are one step");
    let of = |name: &str| revisions(&found).iter().find(|it| it["id"] == id(name).as_str()).expect("measured");
    assert_eq!(
        of("broken")["problems"]["syntax-error"].as_u64().unwrap_or(0).min(1),
        1,
        "{}",
        of("broken")["problems"]
    );
    assert_eq!(of("pointers")["problems"]["lfs-pointer"], 1);
    assert_eq!(of("pointers")["problems"]["submodule"], 1);
    assert_eq!(of("good")["tags"], serde_json::json!(["v1"]));
    assert_eq!(of("good")["date"], "2026-01-05T10:00:00Z");
    assert!(figure(of("merge"), "cut_calls", Some("users")) > 0.0);
    let all = document(repository.path(), &["--every", "commit", "--no-cache", "--all-commits"]);
    assert!(revisions(&all).iter().any(|it| it["id"] == id("feature").as_str()));
}

/// What `metrics` says of each revision is what the history says.
fn assert_figures_of_metrics(path: &Path, commits: usize) {
    let found = document(path, &["--commits", &commits.to_string(), "--no-cache"]);
    assert_eq!(revisions(&found).len(), commits);
    for revision in revisions(&found) {
        let (path, id) = (path.display().to_string(), revision["id"].as_str().expect("an id"));
        let output = seamline(&["metrics", &path, "--rev", id, "--format", "json", "--no-cache", "--quiet"]);
        let metrics: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let metrics = metrics["metrics"].as_array().expect("figures");
        assert_eq!(revision["metrics"].as_array().map(Vec::len), Some(metrics.len()));
        for it in metrics {
            let value = figure(revision, it["id"].as_str().expect("an id"), it["service"].as_str());
            assert!((value - it["value"].as_f64().expect("a number")).abs() < 1e-9, "{it} is {value} in the history");
        }
    }
}

#[test]
fn the_newest_revision_has_the_figures_of_metrics() {
    assert_figures_of_metrics(scripted().0.path(), 1);
}

#[test]
fn macros_of_the_project_are_expanded_as_each_revision_writes_them() {
    let written = |body: &str| {
        format!(
            "#[macro_export]\nmacro_rules! run {{\n    ($c:expr, $t:literal) => {{ {body} }};\n}}\n\npub mod users;\npub mod orders;\n"
        )
    };
    let caller = |name: &str, text: &str| {
        format!("pub fn {name}(c: &rusqlite::Connection) -> rusqlite::Result<usize> {{\n    run!(c, \"{text}\")\n}}\n")
    };
    let mut repository = Repository::new();
    let manifest =
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nrusqlite = \"0.31\"\n";
    repository.write("Cargo.toml", manifest);
    repository.write("seamline.toml", "[[service]]\nname = \"orders\"\nfiles = [\"src/orders.rs\"]\nstores = [\"orders\"]\n\n[[service]]\nname = \"users\"\nfiles = [\"src/users.rs\"]\nstores = [\"users\"]\n");
    repository.write("src/lib.rs", &written("$c.execute($t, [])"));
    repository.write("src/users.rs", &caller("rename", "UPDATE users SET name = 'x'"));
    repository
        .write("src/orders.rs", &caller("close", "UPDATE orders SET open = 0 WHERE user IN (SELECT id FROM users)"));
    repository.commit(0, "a macro sends the statements");
    repository.write("src/lib.rs", &written("{ let _ = ($c, $t); Ok(0) }"));
    repository.commit(7, "the macro sends nothing");
    assert_figures_of_metrics(repository.path(), 2);
    let found = document(repository.path(), &["--commits", "2", "--no-cache"]);
    let shared: Vec<f64> = revisions(&found).iter().map(|it| figure(it, "shared_stores", None)).collect();
    assert_eq!(shared, [1.0, 0.0]);
}

#[test]
fn samples_are_weeks_months_tags_or_the_newest() {
    let (repository, commits) = scripted();
    let name =
        |revision: &Value| commits.iter().find(|it| revision["id"] == it.1.as_str()).map_or("?", |it| it.0).to_owned();
    for (args, expected) in [
        (&["--every", "week"][..], &["words", "broken", "meanwhile", "merge", "revert", "pointers"][..]),
        (&["--every", "month"], &["merge", "pointers"]),
        (&["--every", "tag"], &["good", "revert"]),
        (&["--commits", "2"], &["revert", "pointers"]),
        (&["--every", "commit", "--since", "2026-01-27"], &["merge", "revert", "pointers"]),
        (&["--every", "commit", "--since", "7d"], &["revert", "pointers"]),
    ] {
        let mut all = args.to_vec();
        all.push("--no-cache");
        let found = document(repository.path(), &all);
        let names: Vec<String> = revisions(&found).iter().map(name).collect();
        assert_eq!(names, expected, "{args:?}");
    }
    let path = repository.path().display().to_string();
    let output = seamline(&["history", &path, "--since", "tomorrow", "--no-cache"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is no date"), "{}", text(&output.stderr));
}

#[test]
fn an_interrupted_run_goes_on_and_ends_in_the_same_bytes() {
    let (repository, _) = scripted();
    let kept = tempfile::tempdir().expect("a folder");
    let cache = kept.path().join("facts").display().to_string();
    let cold = history(repository.path(), &["--every", "commit", "--format", "csv", "--cache", &cache]).stdout;
    let lines = std::fs::read_dir(kept.path().join("history"))
        .expect("kept")
        .flatten()
        .map(|it| it.path())
        .find(|it| it.extension().is_some_and(|it| it == "jsonl"))
        .expect("a file of figures");
    let whole = std::fs::read_to_string(&lines).expect("text");
    let warm = history(repository.path(), &["--every", "commit", "--format", "csv", "--cache", &cache]).stdout;
    assert!(warm == cold);
    assert_eq!(std::fs::read_to_string(&lines).expect("text"), whole, "nothing was measured again");
    // As a run leaves it that was stopped in the middle of a line.
    let half: String = whole.chars().take(whole.len() * 2 / 5).collect();
    std::fs::write(&lines, &half).expect("writable");
    let resumed = history(repository.path(), &["--every", "commit", "--format", "csv", "--cache", &cache]).stdout;
    assert!(resumed == cold, "a resumed run differs");
    let now = std::fs::read_to_string(&lines).expect("text");
    assert!(now.starts_with(&half) && now.lines().count() > half.lines().count());
}

#[test]
fn threads_do_not_matter() {
    let (repository, _) = scripted();
    let run = |jobs: &str| {
        let args = ["--every", "commit", "--format", "json", "--no-cache", "--jobs", jobs];
        history(repository.path(), &args).stdout
    };
    let first = run("1");
    for jobs in ["2", "3"] {
        assert!(run(jobs) == first, "{jobs} threads differ");
    }
}

#[test]
fn every_format_and_all_charts_come_out() {
    let (repository, _) = scripted();
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("trend");
    let to = folder.display().to_string();
    history(repository.path(), &["--every", "commit", "--no-cache", "--out", &to]);
    let mut charts: Vec<PathBuf> =
        std::fs::read_dir(folder.join("trend")).expect("charts").flatten().map(|it| it.path()).collect();
    charts.push(folder.join("trend.svg"));
    assert_eq!(charts.len(), 7);
    for chart in &charts {
        let text = std::fs::read_to_string(chart).expect("text");
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", chart.display()));
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "svg");
        assert!(text.contains("prefers-color-scheme: dark"), "{}", chart.display());
        let count =
            |name: &str| root.descendants().filter(|it| it.has_tag_name(("http://www.w3.org/2000/svg", name))).count();
        assert!(count("polyline") > 0 && count("text") > 4 && count("title") == 1, "{}", chart.display());
        let viewed: Vec<f64> =
            root.attribute("viewBox").expect("a view").split(' ').filter_map(|it| it.parse().ok()).collect();
        for text in root.descendants().filter(|it| it.tag_name().name() == "text") {
            let at = |name: &str| text.attribute(name).and_then(|it| it.parse::<f64>().ok()).expect("a place");
            assert!((0.0..viewed[2]).contains(&at("x")) && (0.0..=viewed[3]).contains(&at("y")), "{text:?} is outside");
        }
    }
    let csv = std::fs::read_to_string(folder.join("history.csv")).expect("text");
    let mut lines = csv.split("\r\n");
    assert_eq!(lines.next(), Some("date,revision,tags,metric,service,value"));
    assert!(lines.filter(|it| !it.is_empty()).all(|line| line.split(',').count() == 6));
    let found: Value =
        serde_json::from_slice(&std::fs::read(folder.join("history.json")).expect("bytes")).expect("JSON");
    validate("history-1.json", &found);
    let figures: usize = revisions(&found).iter().map(|it| it["metrics"].as_array().expect("figures").len()).sum();
    assert_eq!(csv.lines().count(), figures + 1);
    let samples = std::fs::read_to_string(folder.join("history.prom")).expect("text");
    assert!(samples.ends_with("# EOF\n") && samples.contains("# TYPE seamline_cut_calls gauge\n"));
}

#[test]
fn shallow_clones_say_so_and_append_figures() {
    let (repository, commits) = scripted();
    let clones = tempfile::tempdir().expect("a folder");
    let clone = clones.path().join("shallow");
    let from = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--depth", "2", &from, &clone.display().to_string()]);
    let output = history(&clone, &["--every", "commit", "--format", "json", "--no-cache"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["shallow"], true);
    assert!(text(&output.stderr).contains("shallow-clone"), "{}", text(&output.stderr));
    assert_eq!(revisions(&found).len(), 2);
    let file = clones.path().join("figures.csv");
    let to = file.display().to_string();
    let path = clone.display().to_string();
    let append = |revision: &str, to: &str| {
        let output = seamline(&["metrics", &path, "--rev", revision, "--append", to, "--no-cache", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        std::fs::read_to_string(to).expect("written")
    };
    let first = append("HEAD~1", &to);
    assert_eq!(append("HEAD~1", &to), first, "a commit stands in it once");
    let both = append("HEAD", &to);
    assert!(both.starts_with(&first) && both.len() > first.len());
    assert_eq!(append("HEAD~1", &to), both);
    let csv = text(&history(&clone, &["--every", "commit", "--format", "csv", "--no-cache"]).stdout);
    let id = &commits.last().expect("a commit").1;
    let of = |text: &str| text.lines().filter(|it| it.contains(id.as_str())).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(of(&both), of(&csv), "the history and `metrics --append` write the same lines");
    let lines = append("HEAD", &clones.path().join("figures.jsonl").display().to_string());
    let object: Value = serde_json::from_str(&lines).expect("a JSON object");
    assert_eq!(object["id"], id.as_str());
}

#[test]
fn what_a_partial_clone_lacks_is_skipped_and_said() {
    let (repository, commits) = scripted();
    let id = &commits.iter().find(|it| it.0 == "good").expect("a commit").1;
    let blob = repository.git(&["rev-parse", &format!("{id}:orders/api.py")]);
    let newer = repository.git(&["rev-parse", "HEAD:orders/service.py"]);
    // Objects are loose in a repository this young; the revert brought the same content back.
    let object = repository.path().join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    assert_eq!(blob, newer);
    std::fs::remove_file(object).expect("removed");
    let from = commits.iter().find(|it| it.0 == "merge").expect("a commit").1.clone();
    let found = document(repository.path(), &["--every", "commit", "--no-cache", "--rev", &from]);
    let skipped = found["skipped"].as_array().expect("a list");
    assert!(
        skipped
            .iter()
            .any(|it| it["id"] == id.as_str() && it["reason"].as_str().is_some_and(|it| it.contains("missing"))),
        "{skipped:?}"
    );
    assert!(revisions(&found).len() >= 4, "the others are measured");
}

#[test]
fn copies_of_libraries_are_not_missed() {
    let mut repository = Repository::new();
    repository.write("schema.sql", SCHEMA);
    repository.write("users/api.py", USERS);
    for number in 0..9 {
        repository.write(&format!("vendor/library/part{number}.py"), "def part():\n    pass\n");
    }
    repository.commit(0, "much of others, little of its own");
    let found = document(repository.path(), &["--commits", "1", "--no-cache"]);
    assert_eq!((revisions(&found).len(), &found["skipped"]), (1, &serde_json::json!([])));
    assert_figures_of_metrics(repository.path(), 1);
}

/// Tests are not read for a history; the figures are those of the whole, on projects that have tests of their own.
#[test]
fn tests_change_no_figure() {
    for project in ["assistant", "flowline", "shopfront", "socialnet"] {
        let mut repository = Repository::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects").join(project);
        let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(&from).output().expect("git runs");
        for name in text(&listed.stdout).split('\0').filter(|it| !it.is_empty()) {
            let bytes = std::fs::read(from.join(name)).expect("read");
            repository.write(name, &String::from_utf8_lossy(&bytes));
        }
        repository.commit(0, "as it is");
        assert_figures_of_metrics(repository.path(), 1);
        let files = |found: &Value| revisions(found)[0]["files"].as_u64();
        let found = document(repository.path(), &["--commits", "1", "--no-cache"]);
        repository.write(
            "tests/test_more.py",
            "import sqlite3\n\n\ndef test_more():\n    sqlite3.connect('x').execute('DELETE FROM users')\n",
        );
        repository.commit(1, "one test more");
        let more = document(repository.path(), &["--commits", "1", "--no-cache"]);
        assert_eq!(files(&found), files(&more), "{project}");
        assert_eq!(revisions(&found)[0]["metrics"], revisions(&more)[0]["metrics"], "{project}");
    }
}

#[test]
fn files_and_tables_that_change_together_and_who_changes_them() {
    let mut repository = Repository::new();
    repository.write("schema.sql", SCHEMA);
    repository.write("seamline.toml", CONFIG);
    repository.write("CODEOWNERS", "* @all\n/orders/ @sales\n");
    repository.write("users/api.py", USERS);
    repository.write("orders/api.py", ORDERS);
    repository.commit(0, "Start");
    for round in 0..6 {
        repository.write("users/api.py", &format!("{USERS}\n\ndef more_{round}():\n    return {round}\n"));
        repository.write("orders/api.py", &format!("{ORDERS}\n\ndef more_{round}():\n    return {round}\n"));
        repository.commit(1, "Both");
    }
    repository.git(&["mv", "orders/api.py", "orders/service.py"]);
    repository.commit(1, "Moved");
    for round in 0..2 {
        repository.write("users/api.py", &format!("{USERS}\n# {round}\n"));
        repository.commit(1, "One");
    }
    for at in 0..40 {
        repository.write(&format!("pages/{at}.py"), "x = 1\n");
    }
    repository.write("users/api.py", USERS);
    repository.write("orders/service.py", &format!("{ORDERS}\n"));
    repository.commit(1, "Huge");
    let pairs = text(&history(repository.path(), &["--pairs", "files", "--no-cache"]).stdout);
    // orders: start, 6 rounds, move: 8; users: start, 6 rounds, 2 alone: 9; both: 7 of (8 + 9) / 2; the huge one counts not.
    assert_eq!(pairs, "entity,coupled,degree,average-revs\norders/service.py,users/api.py,82,9\n");
    let found: Value = serde_json::from_slice(
        &history(repository.path(), &["--pairs", "files", "--format", "json", "--no-cache"]).stdout,
    )
    .expect("JSON");
    validate("co-change-1.json", &found);
    assert_eq!((found["huge"].as_u64(), found["across_boundaries"].as_u64()), (Some(1), Some(1)));
    assert_eq!(found["across_by_service"], serde_json::json!({"orders": 1, "users": 1}));
    let pair = &found["files"][0];
    assert_eq!((pair["shared"].as_u64(), pair["services"][0].as_str()), (Some(7), Some("orders")));
    let tables = text(&history(repository.path(), &["--pairs", "tables", "--no-cache"]).stdout);
    assert!(tables.contains("\norders,users,"), "{tables}");
    let authors: Value =
        serde_json::from_slice(&history(repository.path(), &["--authors", "--format", "json", "--no-cache"]).stdout)
            .expect("JSON");
    validate("authors-1.json", &authors);
    let orders = authors["services"].as_array().expect("services").iter().find(|it| it["service"] == "orders");
    let orders = orders.expect("orders");
    assert_eq!(orders["authors"][0]["name"], "Ada");
    assert_eq!(orders["owners"][0]["owner"], "@sales");
    assert!(text(&history(repository.path(), &["--authors", "--no-cache"]).stdout).contains("owned by @sales"));
    // The partition takes it into account only when asked to.
    let path = repository.path().display().to_string();
    let plain = seamline(&["analyze", &path, "--format", "json", "--no-cache", "--quiet"]);
    let with = seamline(&["analyze", &path, "--format", "json", "--no-cache", "--quiet", "--co-change"]);
    assert_eq!((plain.status.code(), with.status.code()), (Some(0), Some(0)), "{}", text(&with.stderr));
}
