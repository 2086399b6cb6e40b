//! Every pattern against every fixture of its language: the expected fact stands on the line, in a comment.
//!
//! `# fact: select orders, insert items` on a line means exactly these facts, and a line without a mark none.
//! `SEAMLINE_PATTERN=python-django cargo test --test patterns` runs one folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use seamline::Request;
use seamline::model::graph::{Confidence, Direction, SystemGraph};

/// `file:line` to what was found there, sorted.
type Facts = BTreeMap<(String, u32), Vec<String>>;

fn found(graph: &SystemGraph) -> Facts {
    let mut facts = Facts::new();
    let mut push = |evidence: seamline::model::graph::Evidence, fact: String| {
        let at = (graph.file(evidence.file).path.clone(), evidence.line);
        let facts = facts.entry(at).or_default();
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    };
    for access in &graph.accesses {
        let operation = format!("{:?}", access.operation).to_lowercase();
        push(access.evidence, format!("{operation} {}", graph.store(access.store).name));
    }
    for join in &graph.joins {
        let stores: Vec<&str> = join.stores.iter().map(|it| graph.store(*it).name.as_str()).collect();
        push(join.evidence, format!("join {}", stores.join(" ")));
    }
    for endpoint in &graph.endpoints {
        let handler = &graph.symbol(endpoint.handler).name;
        push(endpoint.evidence, format!("{} {} -> {handler}", endpoint.method, endpoint.path));
    }
    for transaction in &graph.transactions {
        push(transaction.evidence, "transaction".to_owned());
    }
    for message in &graph.messages {
        let verb = if message.direction == Direction::Publish { "publish" } else { "subscribe" };
        push(message.evidence, format!("{verb} {}", message.topic));
    }
    for remote in &graph.remote_calls {
        push(remote.evidence, format!("remote {}", remote.address.as_deref().unwrap_or("?")));
    }
    for facts in facts.values_mut() {
        facts.sort();
    }
    facts
}

/// The same with the columns of accesses: `update users(mail name kind=staff)`, `update users()` where none are known.
fn facts_with_columns(graph: &SystemGraph) -> Facts {
    let mut facts = found(graph);
    for access in &graph.accesses {
        let operation = format!("{:?}", access.operation).to_lowercase();
        let plain = format!("{operation} {}", graph.store(access.store).name);
        let constants: String = access.predicates.iter().map(|(column, value)| format!(" {column}={value}")).collect();
        let full = format!("{plain}({}{constants})", access.columns.join(" "));
        let at = (graph.file(access.evidence.file).path.clone(), access.evidence.line);
        let facts = facts.entry(at).or_default();
        facts.retain(|it| *it != plain);
        facts.push(full);
        facts.sort();
    }
    facts
}

/// A fact as a line marks it that does not look at its columns.
fn without_columns(fact: &str, wanted: &[String]) -> String {
    let plain = fact.split_once('(').map_or(fact, |(plain, _)| plain);
    if wanted.iter().any(|it| it == plain) { plain.to_owned() } else { fact.to_owned() }
}

fn expected(folder: &Path) -> Facts {
    let mut facts = Facts::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(&next).expect("fixture folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
            for (index, line) in text.lines().enumerate() {
                let Some((before, mark)) = line.split_once("fact: ") else { continue };
                if !before.trim_end().ends_with(['#', '/', '-']) {
                    continue;
                }
                let mut marks: Vec<String> = mark.split(", ").map(|it| it.trim().to_owned()).collect();
                marks.sort();
                facts.insert((name.clone(), index as u32 + 1), marks);
            }
        }
    }
    facts
}

fn check(folder: &Path) -> Vec<String> {
    let request = Request { path: folder.to_path_buf(), ..Request::default() };
    let system =
        seamline::extract::pool(1).expect("a thread").install(|| seamline::read(&request)).expect("a readable fixture");
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    let mut problems = Vec::new();
    for diagnostic in &system.diagnostics {
        if diagnostic.file.starts_with("queries/") {
            problems.push(format!("{}:{}: {}", diagnostic.file, diagnostic.line, diagnostic.message));
        }
    }
    // Names are the identity of things across runs.
    for pair in system.graph.stores.windows(2).filter(|it| it[0].name == it[1].name) {
        problems.push(format!("{name}: two stores are called {}", pair[0].name));
    }
    let mut detailed = facts_with_columns(&system.graph);
    let (mut found, expected) = (found(&system.graph), expected(folder));
    // A transaction without accesses of its own cannot show in the graph; its mark stands where there are some.
    for (at, wanted) in &expected {
        let mut got = found.remove(at).unwrap_or_default();
        if wanted.iter().any(|it| it.ends_with(')') && !it.contains(" -> ")) {
            got = detailed.remove(at).unwrap_or_default();
            let plain = |it: &String| !wanted.contains(it);
            got = got.into_iter().map(|it| if plain(&it) { without_columns(&it, wanted) } else { it }).collect();
            got.sort();
        }
        if got != *wanted {
            problems.push(format!("{name}/{}:{}: expected {wanted:?}, got {got:?}", at.0, at.1));
        }
    }
    for (at, got) in found {
        problems.push(format!("{name}/{}:{}: expected nothing, got {got:?}", at.0, at.1));
    }
    problems
}

#[test]
fn patterns_find_what_their_fixtures_mark() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patterns");
    let only = std::env::var("SEAMLINE_PATTERN").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("fixtures/patterns")
        .flatten()
        .map(|it| it.path())
        .filter(|it| {
            it.is_dir()
                && (only.is_empty() || it.file_name().is_some_and(|name| name.to_string_lossy().contains(&only)))
        })
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no fixture folder matches {only:?}");
    let problems: Vec<String> = folders.iter().flat_map(|it| check(it)).collect();
    assert!(problems.is_empty(), "{} of the marked facts differ:\n{}", problems.len(), problems.join("\n"));
}

/// Foreign keys that code declares beside its entities: `store.column -> store`.
#[test]
fn relations_of_code_are_foreign_keys() {
    let keys = |folder: &str| -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patterns").join(folder);
        let request = Request { path, ..Request::default() };
        let system = seamline::extract::pool(1).expect("a thread").install(|| seamline::read(&request));
        let graph = system.expect("a readable fixture").graph;
        let of = |store: &seamline::model::graph::Store| -> Vec<String> {
            let target = |key: &seamline::model::graph::StoreForeignKey| graph.store(key.store).name.clone();
            store
                .foreign_keys
                .iter()
                .map(|it| format!("{}.{} -> {}", store.name, it.columns.join(","), target(it)))
                .collect()
        };
        graph.stores.iter().flat_map(of).collect()
    };
    assert_eq!(keys("rust-diesel"), ["posts.user_id -> users"]);
    // A relation of a table that DDL makes without a key is none.
    assert_eq!(keys("rust-sea-orm"), ["bakers.favorite_cake -> cakes", "fruits.cake_id -> cakes"]);
}

/// What a generated wrapper runs is what its caller runs: `withHooks(ctx, q.sqlSave)`.
#[test]
fn generated_wrappers_run_what_they_are_given() {
    let graph = graph_of("go-ent");
    let short = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let mut calls: Vec<String> = graph
        .calls
        .iter()
        .map(|it| (short(&graph.symbol(it.from).name), short(&graph.symbol(it.to).name)))
        .filter(|(from, _)| from == "All" || from == "Update")
        .map(|(from, to)| format!("{from} {to}"))
        .collect();
    calls.sort();
    assert_eq!(calls, ["All querierAll", "All sqlAll", "All withInterceptors", "Update sqlSave", "Update withHooks"]);
}

#[test]
fn tables_whose_names_are_put_together_are_no_stores() {
    let graph = graph_of("python-dbapi");
    let open: Vec<&str> = graph.stores.iter().map(|it| it.name.as_str()).filter(|it| it.contains('{')).collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(graph.blind_spots.iter().any(|it| it.kind == "dynamic-table-name" && it.detail.contains("cached_")));
}

/// Who calls a decorated function calls that function, and the wrapper around it.
#[test]
fn wrappers_stand_beside_what_they_wrap() {
    let graph = graph_of("python-sqlalchemy");
    let calls = |from: &str| -> Vec<String> {
        let from = format!("wrapped.{from}");
        let called = graph.calls.iter().filter(|it| graph.symbol(it.from).name == from);
        let mut names: Vec<String> = called.map(|it| graph.symbol(it.to).name.replace("wrapped.", "")).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(calls("mint"), ["committed.run", "keep_coin"]);
    assert_eq!(calls("frank"), ["committed.run", "keep_stamp", "retried.decorate.again"]);
}

/// The graph of a folder of `fixtures/patterns`.
fn graph_of(name: &str) -> SystemGraph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/patterns").join(name);
    let request = Request { path, ..Request::default() };
    let system = seamline::extract::pool(1).expect("a thread").install(|| seamline::read(&request));
    system.expect("a readable fixture").graph
}

/// Which of several drivers runs a statement is not known where the call is one of their interface, and what a wrapper
/// hands on is its callers'.
#[test]
fn what_others_hand_in_is_not_certain() {
    let sure = |folder: &str, file: &str| -> Vec<String> {
        let graph = graph_of(folder);
        let certain = graph.accesses.iter().filter(|it| it.confidence == Confidence::Certain);
        let inside = certain.filter(|it| graph.file(it.evidence.file).path.ends_with(file));
        let mut names: Vec<String> = inside.map(|it| graph.symbol(it.symbol).name.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(sure("go-database-sql", "drivers/drivers.go"), Vec::<String>::new());
    // Who builds a statement for a runner is sure of it; the runner itself is not.
    let own = ["(*Runner).charts", "(*Runner).ledgers", "(*Runner).see", "allScrolls"];
    assert_eq!(sure("go-builders", "runner.go"), own.map(|it| format!("example.com/shelf.{it}")));
    let own = ["(*authority).order", "(*authority).serial", "addSet"];
    assert_eq!(sure("go-gorp", "fork/db.go"), own.map(|it| format!("example.com/gorp/fork.{it}")));
    // A key, by a method of one of several stores; a table by a field that others fill as well.
    assert_eq!(sure("go-go-redis", "blobs.go"), ["example.com/cache.ProbeRedis"]);
    assert!(!sure("rust-rusqlite", "composed.rs").contains(&"composed::emptied".to_owned()));
    // A field that many classes share, filled as one of them is made.
    let own = ["Only.keep", "Page.show", "only"];
    assert_eq!(sure("python-django", "mill/panes.py"), own.map(|it| format!("mill.panes.{it}")));
}

/// A table whose name only a convention says, one of several that a name may stand for, and a row of which nobody knows whether
/// it was there: likely at most.
#[test]
fn what_may_be_another_table_or_an_old_row_is_not_certain() {
    let graph = graph_of("python-flask-sqlalchemy");
    let inside = graph.accesses.iter().filter(|it| graph.file(it.evidence.file).path.ends_with("flavored.py"));
    let mut names: Vec<(String, u32)> = inside
        .filter(|it| it.confidence == Confidence::Certain)
        .map(|it| (graph.symbol(it.symbol).name.clone(), it.evidence.line))
        .collect();
    names.sort();
    names.dedup();
    let names: Vec<&str> = names.iter().map(|it| it.0.as_str()).collect();
    let sure = ["known", "known", "known", "labelled", "northern", "stuck"];
    assert_eq!(names, sure.map(|it| format!("flavored.{it}")));
}

/// Of a table with and one without a prefix that the settings say, neither is certain.
#[test]
fn a_prefix_that_nobody_can_read_makes_no_certain_table() {
    let graph = graph_of("go-database-sql");
    let inside = graph.accesses.iter().filter(|it| graph.file(it.evidence.file).path.ends_with("prefixed.go"));
    let told: Vec<_> = inside.map(|it| (graph.store(it.store).name.as_str(), it.confidence)).collect();
    assert_eq!(told, [("tags", Confidence::Likely)]);
}

/// Whether a row has others on the far side of a table between, that table alone may tell.
#[test]
fn what_the_table_between_may_tell_alone_is_not_certain_of_the_other_side() {
    let graph = graph_of("python-django-users");
    let inside = graph.accesses.iter().filter(|it| graph.file(it.evidence.file).path.ends_with("permissions.py"));
    let told: Vec<_> = inside.map(|it| (graph.store(it.store).name.as_str(), it.confidence)).collect();
    assert_eq!(told, [("cabins", Confidence::Likely), ("cabins_guests", Confidence::Certain)]);
}

/// A view that no route was seen for is a blind spot; one that others are below is none, nor is one without a method that serves.
#[test]
fn views_without_a_route_are_blind_spots() {
    for (folder, views) in [
        ("python-aiohttp", &["server.Attic"][..]),
        ("python-drf", &["forgotten.StampViewSet"]),
        ("python-flask-restful", &["forgotten.Lost", "forgotten.Mailbox"]),
        ("python-pecan", &["root.Secrets.get_one"]),
        ("python-sanic", &["server.Lost"]),
        ("python-starlette", &["server.Cellar"]),
        ("python-tornado", &["server.Left"]),
    ] {
        let graph = graph_of(folder);
        let told = graph.blind_spots.iter().filter(|it| it.detail.starts_with("no route to the view"));
        let named = told.map(|it| graph.symbol(it.symbol.expect("a symbol")).name.as_str());
        let told: Vec<_> =
            named.filter(|it| ["forgotten.", "root.", "server."].iter().any(|file| it.starts_with(file))).collect();
        assert_eq!(told, views, "{folder}");
    }
}

/// A route that nothing of the program answers says that its handler only registers it; a closure is code of the function it stands in.
#[test]
fn routes_that_others_answer_are_only_registered() {
    for (folder, file, paths) in [
        ("go-gin", "main.go", &["/api/v1/files/{filepath}", "/assets/{filepath}", "/favicon.ico"][..]),
        ("go-gin", "made.go", &["/shelves/metrics"]),
        ("python-drf", "brought.py", &["/token"]),
        ("rust-axum", "src/main.rs", &[]),
    ] {
        let graph = graph_of(folder);
        let told = graph.endpoints.iter().filter(|it| it.registers && graph.file(it.evidence.file).path == file);
        let told: Vec<_> = told.map(|it| it.path.as_str()).collect();
        assert_eq!(told, paths, "{folder}");
    }
}

/// What looks like a route of a library that no pattern knows is told as such, and what only resembles one is not.
#[test]
fn routes_of_unknown_libraries_are_blind_spots() {
    for (folder, lines) in [
        ("python-route_shapes", &[11, 17][..]),
        ("go-route-shapes", &[18, 20, 21, 23]),
        ("rust-route_shapes", &[6, 11, 16]),
    ] {
        let graph = graph_of(folder);
        assert!(folder.starts_with("python") || graph.endpoints.is_empty(), "{folder}");
        let told = graph.blind_spots.iter().filter(|it| it.detail.starts_with("this looks like a route"));
        let mut told: Vec<_> = told.map(|it| it.evidence.line).collect();
        told.sort_unstable();
        assert_eq!(told, lines, "{folder}");
    }
}

/// A task that nobody knows is told where the program has tasks; elsewhere `delay` is a word like any other.
#[test]
fn unknown_tasks_are_blind_spots_where_there_are_tasks() {
    for (folder, lines) in [("python-messaging", &[49][..]), ("python-aiohttp", &[])] {
        let graph = graph_of(folder);
        let told = graph.blind_spots.iter().filter(|it| it.kind == "dynamic-topic");
        assert_eq!(told.map(|it| it.evidence.line).collect::<Vec<_>>(), lines, "{folder}");
    }
}

/// Routers that hang below nothing in sight, and descriptions that nobody reads, are told where they stand.
#[test]
fn routers_that_hang_nowhere_are_blind_spots() {
    let graph = graph_of("python-route_shapes");
    let told = graph.blind_spots.iter().filter(|it| it.kind == "dynamic-route" && !it.detail.starts_with("this looks"));
    let mut told: Vec<_> = told.map(|it| (it.evidence.line, it.detail.as_str())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            (22, "the routes of a description that is not read stand behind this call"),
            (29, "under which prefix 2 of the routes registered here stand is not decidable")
        ]
    );
}

/// Routes of a list that cannot be read are a blind spot where they are registered, and no endpoint is made up.
#[test]
fn unread_lists_of_routes_are_blind_spots() {
    let graph = graph_of("go-gorilla-mux");
    let told = graph.blind_spots.iter().filter(|it| it.detail.starts_with("which routes the list has"));
    let told: Vec<_> = told.map(|it| (graph.file(it.evidence.file).path.as_str(), it.evidence.line)).collect();
    assert_eq!(told, [("unread/unread.go", 19), ("unread/unread.go", 22)]);
}

/// What a file of tests does beside its functions is nothing that the package does.
#[test]
fn tests_beside_functions_are_no_part_of_the_package() {
    let graph = graph_of("go-pop");
    let told = graph.accesses.iter().filter(|it| graph.file(it.evidence.file).path == "grove_test.go");
    let symbols: Vec<_> = told.map(|it| graph.symbol(it.symbol)).collect();
    assert!(!symbols.is_empty() && symbols.iter().all(|it| it.name.ends_with(".(tests)")), "{symbols:?}");
    assert!(symbols.iter().all(|it| it.role == seamline::model::source::Role::Test));
}

/// What a package brings and nobody described is not passed over in silence.
#[test]
fn models_of_unknown_packages_are_blind_spots() {
    let graph = graph_of("python-django");
    let here = graph.blind_spots.iter().filter(|it| graph.file(it.evidence.file).path == "shop/strangers.py");
    let told: Vec<_> = here.map(|it| (it.evidence.line, it.detail.as_str())).collect();
    assert_eq!(told, [(9, "nothing is known of `acme_ledger.models.Booking`, which comes from a package")]);
    // A model that only the run time chooses is told as well.
    let here = graph.blind_spots.iter().filter(|it| graph.file(it.evidence.file).path == "pier/views.py");
    let told: Vec<_> = here.map(|it| (it.evidence.line, it.detail.contains("`Model`"))).collect();
    assert_eq!(told, [(45, true), (50, true)]);
}

/// A call that may do anything to a row, as a value says, is known to do none of it.
#[test]
fn what_a_value_chooses_is_a_guess() {
    let graph = graph_of("go-bun");
    let is_here = |it: seamline::model::graph::Evidence| graph.file(it.file).path == "chosen/chosen.go";
    let of = |line: u32| {
        let here = graph.accesses.iter().filter(move |it| is_here(it.evidence) && it.evidence.line == line);
        here.map(|it| it.confidence).collect::<Vec<_>>()
    };
    assert_eq!(of(51), [Confidence::Guess; 4]);
    assert_eq!(of(56), [Confidence::Likely]);
    let told: Vec<_> = graph.blind_spots.iter().filter(|it| is_here(it.evidence)).map(|it| it.evidence.line).collect();
    assert_eq!(told, [51, 68]);
}

/// Of all that a statement is given, some names its tables: the rest is no blind spot.
#[test]
fn what_stands_beside_a_table_is_no_blind_spot() {
    let graph = graph_of("python-sqlalchemy");
    let told_in = |file: &str| -> Vec<(&str, u32)> {
        let here = graph.blind_spots.iter().filter(|it| graph.file(it.evidence.file).path == file);
        here.map(|it| (it.kind.as_str(), it.evidence.line)).collect()
    };
    assert_eq!(told_in("riddles.py"), [("unresolved-target", 14)]);
    assert_eq!(told_in("written_out.py"), [("unresolved-target", 21)]);
}

/// The columns of a row's type, also where no tag names the table; what is only embedded has no table.
#[test]
fn fields_of_rows_are_columns() {
    let graph = graph_of("go-bun");
    let columns = |name: &str| -> Option<Vec<&str>> {
        let store = graph.stores.iter().find(|it| it.name == name)?;
        Some(store.columns.iter().map(|it| it.name.as_str()).collect())
    };
    assert_eq!(columns("towels"), Some(vec!["id", "room_code"]));
    assert_eq!(columns("bases"), None);
}

/// What waits for the end of a transaction is not in it.
#[test]
fn what_runs_after_a_commit_is_outside() {
    let graph = graph_of("python-django");
    let of = |name: &str| graph.transactions.iter().find(|it| graph.symbol(it.symbol).name == name).expect(name);
    let written =
        |name: &str| -> Vec<&str> { of(name).writes.iter().map(|it| graph.store(*it).name.as_str()).collect() };
    assert_eq!(written("shop.services.pays_and_tells"), ["customers"]);
}

/// What a library of which nobody knows anything has put together, a driver still runs.
#[test]
fn statements_of_unknown_builders_are_blind_spots() {
    let graph = graph_of("go-clients");
    let here = graph.blind_spots.iter().filter(|it| graph.file(it.evidence.file).path == "clients.go");
    let told: Vec<_> = here.map(|it| (it.kind.as_str(), it.evidence.line)).collect();
    assert_eq!(told, [("dynamic-sql", 79), ("dynamic-sql", 96)]);
}

/// What an error's message says, nobody runs.
#[test]
fn statements_in_messages_are_no_blind_spots() {
    let graph = graph_of("go-pgx");
    let here = graph.blind_spots.iter().filter(|it| graph.file(it.evidence.file).path == "routines.go");
    assert_eq!(here.map(|it| (it.kind.as_str(), it.evidence.line)).collect::<Vec<_>>(), []);
}

/// Columns of keys that models have without writing them: `column` or `column -> store(column)`.
#[test]
fn models_have_keys_that_nobody_writes() {
    let graph = graph_of("python-django");
    let keys = |name: &str| -> Vec<String> {
        let store = graph.stores.iter().find(|it| it.name == name).expect("the store");
        let primary = store.columns.iter().filter(|it| it.primary_key).map(|it| it.name.to_string());
        let foreign = store.foreign_keys.iter().map(|it| {
            let target = &graph.store(it.store).name;
            format!("{} -> {target}({})", it.columns.join(","), it.referenced_columns.join(","))
        });
        primary.chain(foreign).collect()
    };
    assert_eq!(keys("stock_shelf"), ["id", "parent_id -> stock_shelf(id)"]);
    assert_eq!(keys("stock_article"), ["id", "shelf_id -> stock_shelf(id)"]);
    assert_eq!(keys("stock_boxed"), ["article_ptr_id", "article_ptr_id -> stock_article(id)"]);
    assert_eq!(keys("stock_article_places"), ["id", "article_id -> stock_article(id)", "shelf_id -> stock_shelf(id)"]);
    assert_eq!(
        keys("stock_article_replaced_by"),
        ["id", "from_article_id -> stock_article(id)", "to_article_id -> stock_article(id)"]
    );
    let boxed = graph.stores.iter().find(|it| it.name == "stock_boxed").expect("the store");
    assert!(boxed.columns.iter().any(|it| it.name == "kilos") && boxed.columns.iter().all(|it| it.name != "weight"));
}
