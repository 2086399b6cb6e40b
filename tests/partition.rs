//! Every clusterer keeps the same promises; the pipeline finds planted services, obeys pins, and admits when there is
//! nothing to find. Published graphs are used where they are at hand (see `tests/measure.rs`).

#![expect(clippy::print_stderr, reason = "figures for the reader of the test run")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "partition/builder.rs"]
mod builder;
#[path = "partition/fronts.rs"]
mod fronts;
#[path = "partition/spread.rs"]
mod spread;

use std::collections::BTreeMap;
use std::path::PathBuf;

use builder::Builder;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use seamline::config::{Settings, parse as parse_settings};
use seamline::measure::agreement::adjusted_rand_index;
use seamline::model::graph::{Evidence, FileId, StoreForeignKey, StoreId, SymbolId, SymbolKind, SystemGraph};
use seamline::model::partition::{Partition, Place};
use seamline::model::sql::Operation;
use seamline::partition::neutral::{cluster, parse};
use seamline::partition::weighted::{Constraints, InputNode, Random, WeightedGraph};
use seamline::partition::{CLUSTERERS, Tuning, clusterer, leiden::leiden, partition};

/// Nodes (store or code), edges, two pairs of nodes for constraints, and a seed.
type Input = (Vec<bool>, Vec<(u32, u32, f64)>, (u32, u32), (u32, u32), u64);

fn input() -> impl Strategy<Value = Input> {
    (2_usize..30).prop_flat_map(|nodes| {
        let node = 0..nodes as u32;
        let edge = (node.clone(), node.clone(), 0.0..10.0);
        (
            prop::collection::vec(prop::bool::weighted(0.2), nodes),
            prop::collection::vec(edge, 0..80),
            (node.clone(), node.clone()),
            (node.clone(), node),
            0_u64..1000,
        )
    })
}

fn build(stores: &[bool], edges: &[(u32, u32, f64)], order: &[usize]) -> (WeightedGraph, Vec<u32>) {
    let nodes: Vec<InputNode> = order
        .iter()
        .map(|it| InputNode { name: format!("m{}.n{it:02}", it % 4), is_store: stores[*it], declared: None })
        .collect();
    let mut position = vec![0; stores.len()];
    for (at, node) in order.iter().enumerate() {
        position[*node] = at as u32;
    }
    let edges: Vec<_> = edges.iter().map(|it| (position[it.0 as usize], position[it.1 as usize], it.2)).collect();
    let (graph, place) = WeightedGraph::new(&nodes, &edges);
    (graph, position.iter().map(|it| place[*it as usize]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_clusterer_keeps_its_promises((stores, mut edges, together, apart, seed) in input()) {
        let order: Vec<usize> = (0..stores.len()).collect();
        let (graph, place) = build(&stores, &edges, &order);
        let mut other_order = order.clone();
        Random::new(seed).shuffle(&mut other_order);
        Random::new(seed).shuffle(&mut edges);
        let (shuffled, _) = build(&stores, &edges, &other_order);
        prop_assert_eq!(&graph, &shuffled);
        let at = |node: u32| place[node as usize];
        let mut constraints = Constraints { labels: vec![None; graph.len()], ..Constraints::default() };
        if together.0 != together.1 {
            constraints.together.push(vec![at(together.0), at(together.1)]);
        }
        if apart.0 != apart.1 {
            constraints.labels[at(apart.0) as usize] = Some(0);
            constraints.labels[at(apart.1) as usize] = Some(1);
        }
        let tuning = Tuning { resolution: 1.0, seed };
        for it in CLUSTERERS {
            let found = it.cluster(&graph, &constraints, &tuning);
            prop_assert_eq!(found.len(), graph.len(), "{}", it.id());
            let count = found.iter().max().map_or(0, |it| it + 1);
            for cluster in 0..count {
                prop_assert!(found.contains(&cluster), "{} leaves a gap", it.id());
            }
            prop_assert_eq!(&found, &it.cluster(&shuffled, &constraints, &tuning), "{} differs", it.id());
            let of = |node: u32| found[at(node) as usize];
            if apart.0 != apart.1 {
                prop_assert_ne!(of(apart.0), of(apart.1), "{} joins what is apart", it.id());
            }
            let contradicts = (together.0 == apart.0 && together.1 == apart.1)
                || (together.0 == apart.1 && together.1 == apart.0);
            if !contradicts {
                prop_assert_eq!(of(together.0), of(together.1), "{} parts what is together", it.id());
            }
            let mut cannot = Constraints::default();
            if apart.0 != apart.1 {
                cannot.apart.push((at(apart.0), at(apart.1)));
            }
            let found = it.cluster(&graph, &cannot, &tuning);
            if apart.0 != apart.1 {
                prop_assert_ne!(found[at(apart.0) as usize], found[at(apart.1) as usize], "{} cannot-link", it.id());
            }
        }
    }
}

#[test]
fn clusterers_are_sorted_and_named() {
    let ids: Vec<&str> = CLUSTERERS.iter().map(|it| it.id()).collect();
    assert!(ids.is_sorted());
    assert!(CLUSTERERS.iter().all(|it| clusterer(it.id()).is_some() && !it.summary().is_empty()));
    assert!(clusterer("kmeans").is_none());
}

#[test]
fn empty_and_disconnected_graphs_are_fine() {
    for it in CLUSTERERS {
        let empty = WeightedGraph::new(&[], &[]).0;
        assert!(it.cluster(&empty, &Constraints::default(), &Tuning::default()).is_empty(), "{}", it.id());
        let (graph, _) = build(&[false; 6], &[(0, 1, 1.0), (2, 3, 1.0)], &[0, 1, 2, 3, 4, 5]);
        let found = it.cluster(&graph, &Constraints::default(), &Tuning::default());
        assert_eq!(found.len(), 6, "{}", it.id());
    }
}

#[test]
fn leiden_finds_a_ring_of_cliques_and_connected_clusters() {
    let mut edges = Vec::new();
    for clique in 0..12_u32 {
        for a in 0..5 {
            edges.extend((a + 1..5).map(|b| (clique * 5 + a, clique * 5 + b, 1.0)));
        }
        edges.push((clique * 5, (clique * 5 + 6) % 60, 1.0));
    }
    let graph = WeightedGraph::from_exact(60, &edges);
    for seed in 0..10 {
        let found = leiden(&graph, &Constraints::default(), &Tuning { resolution: 1.5, seed });
        let truth: Vec<u32> = (0..60).map(|it| it / 5).collect();
        assert!((adjusted_rand_index(&found, &truth) - 1.0).abs() < 1e-9, "seed {seed}: {found:?}");
    }
    let warm = Constraints { start: (0..60).map(|it| it / 30).collect(), ..Constraints::default() };
    let found = leiden(&graph, &warm, &Tuning { resolution: 1.5, seed: 1 });
    assert_eq!(found.iter().max(), Some(&11));
}

const DOMAINS: [&str; 3] = ["order", "invoice", "ticket"];

/// Three domains of `size` functions with two tables each; in one file when `god`.
fn system(size: usize, god: bool) -> SystemGraph {
    let mut builder = Builder::default();
    for domain in DOMAINS {
        let path = if god { "main.py".to_owned() } else { format!("{domain}/views.py") };
        let mut before: Option<SymbolId> = None;
        for number in 0..size {
            let function = builder.function(&path, &format!("{domain}_{number}"));
            builder.endpoint(function, &format!("/{domain}s/{number}"));
            builder.access(function, &format!("{domain}s"), Operation::Update);
            if number % 2 == 0 {
                builder.access(function, &format!("{domain}_items"), Operation::Insert);
            }
            if let Some(before) = before {
                builder.call(function, before);
            }
            before = Some(function);
        }
    }
    builder.done()
}

fn service_of(graph: &SystemGraph, found: &Partition, name: &str) -> String {
    let at = graph.symbols.iter().position(|it| it.name == name).unwrap_or_else(|| panic!("no symbol {name}"));
    place(found, found.symbols[at].place)
}

fn owner_of(graph: &SystemGraph, found: &Partition, name: &str) -> String {
    let at = graph.stores.iter().position(|it| it.name == name).unwrap_or_else(|| panic!("no store {name}"));
    place(found, found.stores[at].place)
}

fn place(found: &Partition, place: Place) -> String {
    match place {
        Place::Service(id) => found.services[id.index()].name.clone(),
        Place::SharedKernel => "shared_kernel".to_owned(),
        Place::EdgeLayer => "edge".to_owned(),
        Place::Outside => "outside".to_owned(),
    }
}

#[test]
fn three_domains_become_three_services_with_their_names() {
    for god in [false, true] {
        let graph = system(12, god);
        let (found, diagnostics) = partition(&graph, &Settings::default());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let names: Vec<&str> = found.services.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["invoices", "orders", "tickets"], "god {god}: {}", found.verdict);
        for domain in DOMAINS {
            assert_eq!(owner_of(&graph, &found, &format!("{domain}s")), format!("{domain}s"));
            assert_eq!(owner_of(&graph, &found, &format!("{domain}_items")), format!("{domain}s"));
        }
        assert!(found.from_data && found.convincing, "{}", found.verdict);
        assert!(found.symbols.iter().all(|it| !it.reason.is_empty() && (0.0..=1.0).contains(&it.confidence)));
        assert!(found.alternatives.len() <= 2);
    }
}

/// What nothing here defines or writes is another program's table: who reads it does not own it, unless seamline.toml says so.
#[test]
fn a_table_that_is_only_read_and_never_defined_belongs_to_nobody() {
    let mut builder = Builder { graph: system(12, false) };
    let readers: Vec<SymbolId> = (0..12).map(|it| builder.function("order/views.py", &format!("shown_{it}"))).collect();
    for reader in readers {
        builder.access(reader, "members", Operation::Select);
    }
    let mut graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(owner_of(&graph, &found, "members"), "outside");
    let pin = "[[service]]\nname = \"orders\"\nstores = [\"members\"]\n";
    let settings = parse_settings(pin, "seamline.toml").unwrap();
    let (found, _) = partition(&graph, &settings);
    assert_eq!(owner_of(&graph, &found, "members"), "orders");
    let members = graph.stores.iter_mut().find(|it| it.name == "members").unwrap();
    members.defined_at.push(Evidence { file: FileId(0), line: 1 });
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(owner_of(&graph, &found, "members"), "orders");
}

#[test]
fn one_domain_is_one_candidate() {
    let mut builder = Builder::default();
    for number in 0..10 {
        let function = builder.function("app.py", &format!("f{number}"));
        builder.access(function, "notes", Operation::Update);
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    assert_eq!(found.services.len(), 1);
    assert!(!found.convincing && found.verdict.contains("one candidate"), "{}", found.verdict);
}

#[test]
fn tiny_and_tangled_systems_are_left_alone() {
    // One file, three functions, one table.
    let mut builder = Builder::default();
    let functions: Vec<SymbolId> = (0..3).map(|it| builder.function("app.py", &format!("f{it}"))).collect();
    builder.call(functions[0], functions[1]);
    builder.access(functions[2], "notes", Operation::Insert);
    let (found, _) = partition(&builder.done(), &Settings::default());
    assert!(!found.convincing && found.services.len() <= 1, "{}", found.verdict);
    // Every function of two files touches every table: nothing to hold on to.
    let mut builder = Builder::default();
    let all: Vec<SymbolId> =
        (0..24).map(|it| builder.function(if it % 2 == 0 { "a/x.py" } else { "b/y.py" }, &format!("g{it}"))).collect();
    for (at, function) in all.iter().enumerate() {
        for table in 0..6 {
            let operation = if (at + table) % 3 == 0 { Operation::Update } else { Operation::Select };
            builder.access(*function, &format!("t{table}"), operation);
        }
        builder.call(*function, all[(at * 7 + 5) % all.len()]);
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    assert!(!found.convincing, "{}", found.verdict);
}

#[test]
fn a_proposal_does_not_survive_rewiring() {
    for god in [false, true] {
        let graph = system(14, god);
        assert!(partition(&graph, &Settings::default()).0.convincing);
        for seed in 1..6_u64 {
            let mut random = Random::new(seed);
            let mut other = graph.clone();
            // The same degrees, other ends: who calls whom and who touches what is dealt out anew.
            let mut callees: Vec<SymbolId> = other.calls.iter().map(|it| it.to).collect();
            random.shuffle(&mut callees);
            other.calls.iter_mut().zip(callees).for_each(|(call, to)| call.to = to);
            let mut stores: Vec<StoreId> = other.accesses.iter().map(|it| it.store).collect();
            random.shuffle(&mut stores);
            other.accesses.iter_mut().zip(stores).for_each(|(access, store)| access.store = store);
            other.calls.sort();
            other.accesses.sort();
            let (found, _) = partition(&other, &Settings::default());
            assert!(!found.convincing, "god {god}, seed {seed}: {}", found.verdict);
        }
    }
}

#[test]
fn scripts_are_no_services() {
    let mut builder = Builder::default();
    for domain in DOMAINS {
        for number in 0..10 {
            let function = builder.function(&format!("{domain}/views.py"), &format!("{domain}_{number}"));
            builder.endpoint(function, &format!("/{domain}s/{number}"));
            builder.access(function, &format!("{domain}s"), Operation::Update);
        }
    }
    let bench: Vec<SymbolId> = (0..8).map(|it| builder.function("benchmark.py", &format!("measure_{it}"))).collect();
    bench.windows(2).for_each(|it| builder.call(it[0], it[1]));
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
    assert_eq!(service_of(&graph, &found, "benchmark.measure_3"), "outside");
}

#[test]
fn two_implementations_of_one_storage_move_together() {
    let mut builder = Builder { graph: system(10, false) };
    for path in ["storage/sqlite.py", "storage/postgres.py"] {
        for domain in DOMAINS {
            for number in 0..3 {
                let method = builder.method(path, "Storage", &format!("{domain}_{number}"));
                builder.access(method, &format!("{domain}_logs"), Operation::Insert);
            }
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    for domain in DOMAINS {
        let of = |file: &str| service_of(&graph, &found, &format!("storage.{file}.Storage.{domain}_1"));
        assert_eq!(of("sqlite"), of("postgres"), "{}", found.verdict);
    }
}

#[test]
fn a_repository_for_any_table_owns_none() {
    let mut builder = Builder { graph: system(12, false) };
    let tables: Vec<String> = DOMAINS.iter().flat_map(|it| [format!("{it}s"), format!("{it}_items")]).collect();
    let mut generic = Vec::new();
    for number in 0..8 {
        let function = builder.function("search/any.py", &format!("save_{number}"));
        builder.endpoint(function, &format!("/search/{number}"));
        builder.access(function, "searches", Operation::Insert);
        for table in &tables {
            builder.guess(function, table, Operation::Insert);
        }
        generic.push(function);
    }
    generic.windows(2).for_each(|it| builder.call(it[0], it[1]));
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    for domain in DOMAINS {
        let home = service_of(&graph, &found, &format!("{domain}.views.{domain}_3"));
        assert_eq!(owner_of(&graph, &found, &format!("{domain}s")), home, "{}", found.verdict);
        assert_eq!(owner_of(&graph, &found, &format!("{domain}_items")), home);
    }
}

#[test]
fn a_type_that_many_name_belongs_to_those_who_write_its_rows() {
    let mut builder = Builder { graph: system(12, false) };
    let file = builder.file("model/receipt.py");
    let entity = builder.symbol("model.receipt.Receipt", SymbolKind::Type, file, 1);
    let known = |builder: &Builder, name: &str| {
        SymbolId(builder.graph.symbols.iter().position(|it| it.name == name).unwrap() as u32)
    };
    for number in 0..2 {
        let writer = builder.function("invoice/views.py", &format!("book_{number}"));
        builder.access(writer, "receipts", Operation::Insert);
        let caller = known(&builder, &format!("invoice.views.invoice_{number}"));
        builder.call(caller, writer);
    }
    let receipts = builder.store("receipts");
    builder.graph.stores[receipts.index()].entities.push(entity);
    for number in 0..35 {
        let function = builder.function("ticket/views.py", &format!("receipt_of_{number}"));
        builder.access(function, "tickets", Operation::Update);
        builder.names(function, entity);
        let caller = known(&builder, &format!("ticket.views.ticket_{}", number % 12));
        builder.call(caller, function);
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert!(found.convincing, "{}", found.verdict);
    assert_eq!(owner_of(&graph, &found, "receipts"), "invoices", "{}", found.verdict);
    // It clusters with the tickets, but in each run it would be owned by the invoices.
    assert!(found.stores[receipts.index()].confidence > 0.5, "{:?}", found.stores[receipts.index()]);
}

#[test]
fn code_that_changes_the_data_of_one_service_is_no_shared_code() {
    // A service of layers: the rules for orders stand between the code of the table and everybody who asks.
    let mut builder = Builder { graph: system(12, false) };
    let rows: Vec<SymbolId> = (0..6).map(|it| builder.function("db/order_rows.py", &format!("row_{it}"))).collect();
    let rules: Vec<SymbolId> =
        (0..6).map(|it| builder.function("rules/order_rules.py", &format!("rule_{it}"))).collect();
    for (rule, row) in rules.iter().zip(&rows) {
        builder.access(*row, "orders", Operation::Update);
        builder.call(*rule, *row);
    }
    for at in 0..builder.graph.symbols.len() {
        let name = builder.graph.symbols[at].name.clone();
        if DOMAINS.iter().any(|it| name.starts_with(&format!("{it}.views."))) && at % 2 == 0 {
            builder.call(SymbolId(at as u32), rules[at % 6]);
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    let home = owner_of(&graph, &found, "orders");
    assert_eq!(service_of(&graph, &found, "rules.order_rules.rule_3"), home, "{}", found.verdict);
}

#[test]
fn names_come_from_what_tells_tables_apart() {
    // Every table has the prefix of the application, and one group keeps pairs beside what they tie.
    let mut builder = Builder::default();
    for (domain, route) in [("check", "status"), ("channel", "integrations"), ("ping", "log")] {
        let mut before = None;
        for number in 0..10 {
            let function = builder.function("front/views.py", &format!("{route}_{number}"));
            builder.endpoint(function, &format!("/{route}/{number}"));
            builder.access(function, &format!("api_{domain}"), Operation::Update);
            if let Some(before) = before.replace(function) {
                builder.call(function, before);
            }
        }
    }
    let (channel, check) = (builder.store("api_channel"), builder.store("api_check"));
    let function = builder.function("front/views.py", "pair");
    builder.access(function, "api_check_to_channel", Operation::Insert);
    let pairs = builder.store("api_check_to_channel");
    for (column, store) in [("check_id", check), ("channel_id", channel)] {
        let evidence = builder.evidence(function);
        builder.graph.stores[pairs.index()].foreign_keys.push(StoreForeignKey {
            columns: vec![column.to_owned()],
            store,
            referenced_columns: vec!["id".to_owned()],
            on_delete_cascade: false,
            evidence,
        });
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    let names: Vec<&str> = found.services.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["channel", "check", "ping"]);
}

/// A folder that a service has to itself is called what its authors call the service, however long its tables' names are.
#[test]
fn a_folder_of_its_own_names_a_service() {
    let mut builder = Builder { graph: system(12, false) };
    for file in ["models", "views", "tasks"] {
        let functions: Vec<SymbolId> =
            (0..6).map(|it| builder.function(&format!("apps/vault/{file}.py"), &format!("{file}_{it}"))).collect();
        for (at, function) in functions.iter().enumerate() {
            builder.access(*function, "apps_safekeepingslot", Operation::Update);
            (1..4).for_each(|step| builder.call(*function, functions[(at + step) % 6]));
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(owner_of(&graph, &found, "apps_safekeepingslot"), "vault", "{}", found.verdict);
}

#[test]
fn a_table_each_makes_no_services() {
    // Sixteen areas that hang together by twos, with so many tables each.
    let areas = |tables: usize| {
        let mut builder = Builder::default();
        let mut last: Option<SymbolId> = None;
        for area in 0..16 {
            let path = format!("area{area:02}/views.py");
            let mut before: Option<SymbolId> = None;
            for number in 0..12 {
                let function = builder.function(&path, &format!("area{area:02}_{number}"));
                builder.endpoint(function, &format!("/area{area:02}/{number}"));
                for table in 0..tables {
                    builder.access(function, &format!("area{area:02}_rows{table}"), Operation::Update);
                }
                if let Some(before) = before {
                    builder.call(function, before);
                }
                before = Some(function);
            }
            if let (1, Some(from), Some(to)) = (area % 2, before, last) {
                builder.call(from, to);
            }
            last = before;
        }
        partition(&builder.done(), &Settings::default()).0
    };
    let each = areas(1);
    assert_eq!(each.services.len(), 8, "{}", each.verdict);
    let finer: Vec<usize> = each.alternatives.iter().map(|it| it.services.len()).filter(|it| *it > 8).collect();
    assert_eq!(finer, [16], "the division by table stands beside it");
    assert_eq!(areas(2).services.len(), 16);
}

#[test]
fn an_empty_system_has_no_candidate() {
    let (found, diagnostics) = partition(&SystemGraph::default(), &Settings::default());
    assert!(found.services.is_empty() && !found.convincing && diagnostics.is_empty());
}

#[test]
fn without_stores_coupling_decides_and_the_answer_says_so() {
    let mut graph = system(12, false);
    graph.accesses.clear();
    graph.stores.clear();
    let (found, _) = partition(&graph, &Settings::default());
    assert!(!found.from_data);
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
    assert!(!found.convincing && found.verdict.contains("no data access was found"), "{}", found.verdict);
}

#[test]
fn candidates_without_a_store_or_a_request_are_modules_of_one_program() {
    let mut builder = Builder { graph: system(12, false) };
    let graph = &mut builder.graph;
    let kept = graph.accesses[0].store;
    graph.accesses.retain(|it| it.store == kept);
    graph.endpoints.clear();
    let functions: Vec<Vec<SymbolId>> = DOMAINS
        .iter()
        .map(|domain| {
            let names: Vec<String> = (0..12).map(|it| format!("{domain}_{it}")).collect();
            let at = |name| graph.symbols.iter().position(|it| it.name.ends_with(name)).unwrap();
            names.iter().map(|name| SymbolId(at(name.as_str()) as u32)).collect()
        })
        .collect();
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
        for at in [3, 9] {
            builder.call(functions[from][at], functions[to][at]);
        }
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
    assert!(!found.convincing && found.verdict.contains("2 of 3 candidates own no store"), "{}", found.verdict);
    let (whole, _) = partition(&system(12, false), &Settings::default());
    assert!(whole.convincing, "{}", whole.verdict);
}

#[test]
fn hubs_routers_and_main_are_no_services() {
    let mut builder = Builder { graph: system(12, false) };
    let id = builder.function("util/ids.py", "new_id");
    let main = builder.function("main.py", "main");
    for at in 0..builder.graph.symbols.len() {
        let symbol = SymbolId(at as u32);
        let is_user = builder.graph.symbols[at].kind == SymbolKind::Function && symbol != id && symbol != main;
        if is_user {
            builder.call(symbol, id);
            if at % 5 == 0 {
                builder.call(main, symbol);
            }
        }
    }
    // A start that counts rows is none of the service whose rows they are.
    builder.access(main, "orders", Operation::Select);
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(service_of(&graph, &found, "util.ids.new_id"), "shared_kernel");
    assert_eq!(service_of(&graph, &found, "main.main"), "edge");
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
}

#[test]
fn pins_are_obeyed() {
    let graph = system(12, false);
    let text = r#"
        keep_together = [["store:tickets", "store:invoices"]]
        keep_apart = [["store:orders", "store:order_items"]]
        [pins]
        "symbol:order.views.order_3" = "helpdesk"
        "module:invoice.views" = "helpdesk"
        "symbol:ticket.views.ticket_1" = "shared_kernel"
        [[service]]
        name = "sales"
        reason = "money comes in here"
        stores = ["orders"]
        symbols = ["order.views.order_5"]
    "#;
    let settings = parse_settings(text, "seamline.toml").unwrap();
    let (found, diagnostics) = partition(&graph, &settings);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(service_of(&graph, &found, "order.views.order_3"), "helpdesk");
    assert_eq!(service_of(&graph, &found, "invoice.views.invoice_7"), "helpdesk");
    assert_eq!(service_of(&graph, &found, "ticket.views.ticket_1"), "shared_kernel");
    assert_eq!(owner_of(&graph, &found, "orders"), "sales");
    assert_eq!(service_of(&graph, &found, "order.views.order_5"), "sales");
    assert_eq!(owner_of(&graph, &found, "tickets"), owner_of(&graph, &found, "invoices"));
    assert_ne!(owner_of(&graph, &found, "orders"), owner_of(&graph, &found, "order_items"));
    let sales = found.services.iter().find(|it| it.name == "sales").unwrap();
    assert!(sales.declared && sales.reasons[0] == "money comes in here");
}

#[test]
fn contradictions_name_both_constraints() {
    let graph = system(6, false);
    for (text, parts) in [
        (
            "[[service]]\nname=\"a\"\nstores=[\"orders\"]\n[[service]]\nname=\"b\"\nstores=[\"order*\"]\n",
            ["service `a`", "service `b`"],
        ),
        (
            "keep_together=[[\"store:orders\",\"store:tickets\"]]\nkeep_apart=[[\"store:orders\",\"store:tickets\"]]\n",
            ["keep_together", "keep_apart"],
        ),
        (
            "keep_together=[[\"store:orders\",\"store:tickets\"]]\n[pins]\n\"store:orders\"=\"a\"\n\"store:tickets\"=\"b\"\n",
            ["pin `store:orders`", "keep_together"],
        ),
    ] {
        let settings = parse_settings(text, "seamline.toml").unwrap();
        let (_, diagnostics) = partition(&graph, &settings);
        let found = diagnostics.iter().find(|it| it.code == "contradicting-constraints");
        let message = &found.unwrap_or_else(|| panic!("nothing said about {text}: {diagnostics:?}")).message;
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }
    let settings = parse_settings("[pins]\n\"store:nothing\" = \"a\"\n", "seamline.toml").unwrap();
    let (_, diagnostics) = partition(&graph, &settings);
    assert!(diagnostics.iter().any(|it| it.code == "unmatched-selector"), "{diagnostics:?}");
}

#[test]
fn bounds_are_kept() {
    let graph = system(12, true);
    let settings = parse_settings("[services]\nmax = 2\n", "seamline.toml").unwrap();
    assert!(partition(&graph, &settings).0.services.len() <= 2);
}

#[test]
fn any_number_of_threads_gives_the_same_answer() {
    let graph = system(15, true);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&partition(&graph, &Settings::default()).0).unwrap())
    };
    assert_eq!(run(1), run(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    /// Calls and accesses at random, in files at random: never a confident proposal.
    #[test]
    fn random_systems_convince_nobody(seed in 0_u64..10_000, files in 1_usize..12, god in any::<bool>()) {
        let mut random = Random::new(seed);
        let mut builder = Builder::default();
        let functions: Vec<SymbolId> = (0..80)
            .map(|it| {
                let path = if god { "main.py".to_owned() } else { format!("m{}/code.py", it * files / 80) };
                builder.function(&path, &format!("f{it}"))
            })
            .collect();
        for from in &functions {
            for _ in 0..3 {
                let to = functions[random.below(functions.len())];
                if to != *from {
                    builder.call(*from, to);
                }
            }
            let store = format!("t{}", random.below(12));
            builder.access(*from, &store, if random.below(2) == 0 { Operation::Insert } else { Operation::Select });
        }
        let (found, _) = partition(&builder.done(), &Settings::default());
        prop_assert!(!found.convincing, "{}", found.verdict);
    }
}

fn benchmarks() -> Option<PathBuf> {
    let given = std::env::var_os("SEAMLINE_BENCHMARKS").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/benchmarks"));
    let found = given.into_iter().chain([beside]).find(|it| it.is_dir());
    if found.is_none() {
        eprintln!(
            "PUBLISHED GRAPHS ARE NOT HERE: set SEAMLINE_BENCHMARKS to their folder; targets on them are not checked"
        );
    }
    found
}

/// Agreement with the reference at class level.
#[test]
fn published_references_are_met() {
    let Some(folder) = benchmarks() else { return };
    for (app, target) in [("jpetstore6", 0.93), ("petclinic", 0.74)] {
        let text = std::fs::read_to_string(folder.join(format!("icsa23/{app}.graph.json"))).unwrap();
        let graph = parse(&text).unwrap();
        let truth = std::fs::read_to_string(folder.join(format!("icsa23/{app}.partitions.json"))).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
        let truth = truth["sota_baseline"].as_object().unwrap();
        let found = cluster(&graph, clusterer("leiden").unwrap(), None, 1);
        let mut classes: BTreeMap<&str, BTreeMap<u64, u32>> = BTreeMap::new();
        let mut ours: BTreeMap<&str, u32> = BTreeMap::new();
        for node in &graph.nodes {
            let (Some(truth), Some(own)) = (truth.get(&node.id), found.partition.get(&node.id)) else { continue };
            let class = node.class.as_deref().unwrap_or(&node.id);
            *classes.entry(class).or_default().entry(truth.as_u64().unwrap()).or_insert(0) += 1;
            ours.insert(class, *own);
        }
        let expected: Vec<u32> =
            classes.values().map(|it| *it.iter().max_by_key(|it| it.1).unwrap().0 as u32).collect();
        let own: Vec<u32> = classes.keys().map(|it| ours[it]).collect();
        let ari = adjusted_rand_index(&own, &expected);
        eprintln!("{app}: class ARI {ari:.3}, resolution {:.2}", found.resolution);
        assert!(ari >= target, "{app}: {ari}");
    }
}

/// SM, ICP, IFN.
type Median = (f64, f64, f64);

/// Not dominated by any published tool's median on SM, ICP and IFN, at NED of 0.45 at most.
#[test]
fn published_tools_do_not_dominate() {
    let Some(folder) = benchmarks() else { return };
    let medians: [(&str, &[Median]); 3] = [
        (
            "acmeair",
            &[
                (0.072, 0.527, 3.38),
                (0.095, 0.706, 4.38),
                (0.038, 0.444, 2.85),
                (0.177, 0.550, 3.88),
                (0.097, 0.589, 4.33),
            ],
        ),
        (
            "jpetstore",
            &[
                (0.054, 0.333, 1.86),
                (0.044, 0.478, 3.75),
                (0.091, 0.582, 2.53),
                (0.0, 0.477, 2.636),
                (0.124, 0.434, 3.43),
            ],
        ),
        (
            "plants",
            &[
                (0.078, 0.381, 6.00),
                (0.135, 0.682, 4.88),
                (0.133, 0.571, 4.88),
                (0.155, 0.501, 6.36),
                (0.210, 0.320, 4.75),
            ],
        ),
    ];
    let run = |app: &str| {
        let text = std::fs::read_to_string(folder.join(format!("m2m/{app}.graph.json"))).unwrap();
        let graph = parse(&text).unwrap();
        let found = cluster(&graph, clusterer("leiden").unwrap(), None, 1);
        let metrics = graph.metrics(&found.partition);
        eprintln!("{app}: resolution {:.2} {metrics:.3?}", found.resolution);
        metrics
    };
    let mut wrong = Vec::new();
    for (app, tools) in medians {
        let own = run(app);
        for (sm, icp, ifn) in tools {
            if *sm >= own["sm"] && *icp <= own["icp"] && *ifn <= own["ifn"] {
                wrong.push(format!("{app} is dominated by {sm} {icp} {ifn}"));
            }
        }
        if own["ned"] > 0.45 {
            wrong.push(format!("{app}: NED {}", own["ned"]));
        }
    }
    let own = run("daytrader");
    if own["icp"] > 0.35 || own["transactional_purity"] < 0.83 || own["largest_share"] > 0.25 {
        wrong.push("daytrader misses its target".to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
