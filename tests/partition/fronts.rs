//! Fronts, backs and what stands around services: who goes with whose data, and what is no service of its own.

use seamline::config::{Settings, parse as parse_settings};
use seamline::model::graph::{SymbolId, SymbolKind};
use seamline::model::sql::Operation;
use seamline::partition::partition;

use crate::builder::Builder;
use crate::{DOMAINS, owner_of, service_of, system};

/// Endpoints in one file and the code around a table in another, each side with much to say to itself.
fn two_halves(builder: &mut Builder, front: &str, back: &str, store: &str) {
    let handlers: Vec<SymbolId> = (0..10).map(|it| builder.function(front, &format!("handle_{it}"))).collect();
    let queries: Vec<SymbolId> = (0..10).map(|it| builder.function(back, &format!("query_{it}"))).collect();
    for (at, (handler, query)) in handlers.iter().zip(&queries).enumerate() {
        builder.endpoint(*handler, &format!("/{}/{at}", front.trim_end_matches(".py")));
        builder.access(*query, store, Operation::Update);
        for step in 1..4 {
            builder.call(*handler, handlers[(at + step) % 10]);
            builder.call(*query, queries[(at + step) % 10]);
        }
        if at < 3 {
            builder.call(*handler, *query);
        }
    }
}

#[test]
fn data_without_an_entry_point_goes_with_the_endpoints_that_reach_it() {
    let mut builder = Builder { graph: system(12, false) };
    two_halves(&mut builder, "web/login.py", "db/people.py", "people");
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 4, "{}", found.verdict);
    assert_eq!(owner_of(&graph, &found, "people"), service_of(&graph, &found, "web.login.handle_7"));
    assert_eq!(owner_of(&graph, &found, "people"), service_of(&graph, &found, "db.people.query_7"));
}

#[test]
fn a_layer_around_the_data_of_two_services_goes_apart() {
    let mut builder = Builder { graph: system(12, false) };
    let helpers: Vec<SymbolId> = (0..3).map(|it| builder.function("db/null.py", &format!("null_{it}"))).collect();
    for store in ["books", "reviews"] {
        let handlers: Vec<SymbolId> =
            (0..14).map(|it| builder.function(&format!("{store}/views.py"), &format!("handle_{it}"))).collect();
        for (at, handler) in handlers.iter().enumerate() {
            let query = builder.function(&format!("db/{store}.py"), &format!("query_{at}"));
            builder.endpoint(*handler, &format!("/{store}/{at}"));
            builder.access(query, store, Operation::Update);
            builder.call(*handler, query);
            (1..5).for_each(|step| builder.call(*handler, handlers[(at + step) % 14]));
            // What both have in common holds the layer together.
            helpers.iter().for_each(|it| builder.call(query, *it));
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 5, "{}", found.verdict);
    for store in ["books", "reviews"] {
        let service = service_of(&graph, &found, &format!("{store}.views.handle_6"));
        assert_eq!(owner_of(&graph, &found, store), service);
        assert_eq!(service_of(&graph, &found, &format!("db.{store}.query_2")), service);
    }
}

#[test]
fn what_answers_from_the_data_of_others_by_hand_goes_apart() {
    let mut builder = Builder { graph: system(12, false) };
    let pages: Vec<SymbolId> = (0..20).map(|it| builder.function("web/pages.py", &format!("page_{it}"))).collect();
    for (at, page) in pages.iter().enumerate() {
        builder.endpoint(*page, &format!("/pages/{at}"));
        (1..6).for_each(|step| builder.call(*page, pages[(at + step) % 20]));
        if at < 12 {
            builder.access(*page, &format!("{}s", DOMAINS[at % 3]), Operation::Select);
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
}

#[test]
fn what_a_program_tells_about_itself_is_no_service() {
    let mut builder = Builder { graph: system(12, false) };
    let probes: Vec<SymbolId> = (0..12).map(|it| builder.function("probe/run.py", &format!("probe_{it}"))).collect();
    builder.endpoint(probes[0], "/internal/healthz");
    builder.endpoint(probes[0], "/metrics");
    for (at, probe) in probes.iter().enumerate() {
        (1..5).for_each(|step| builder.call(*probe, probes[(at + step) % 12]));
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
}

#[test]
fn a_program_that_puts_services_together_stands_in_front() {
    let mut builder = Builder { graph: system(12, false) };
    let mut server: Vec<SymbolId> = Vec::new();
    for domain in DOMAINS {
        for number in 0..6 {
            let wire = builder.function(&format!("server/{domain}_setup.py"), &format!("wire_{number}"));
            let used =
                builder.graph.symbols.iter().position(|it| it.name == format!("{domain}.views.{domain}_{number}"));
            builder.call(wire, SymbolId(used.map_or(0, |it| it as u32)));
            server.push(wire);
        }
    }
    for (at, wire) in server.iter().enumerate() {
        (1..9).for_each(|step| builder.call(*wire, server[(at + step) % 18]));
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
    assert_eq!(service_of(&graph, &found, "server.ticket_setup.wire_4"), "edge");
}

#[test]
fn a_file_that_names_the_rows_of_all_goes_apart() {
    let mut builder = Builder { graph: system(12, false) };
    for domain in DOMAINS {
        for table in [format!("{domain}s"), format!("{domain}_items")] {
            let file = builder.file(&format!("{domain}/models.py"));
            let entity = builder.symbol(&format!("{domain}.models.{table}"), SymbolKind::Type, file, 1);
            let store = builder.store(&table);
            builder.graph.stores[store.index()].entities.push(entity);
            for number in 0..3 {
                let form = builder.function("web/forms.py", &format!("{table}_form_{number}"));
                let view = format!("{domain}.views.{domain}_{number}");
                let view = builder.graph.symbols.iter().position(|it| it.name == view).map(|it| SymbolId(it as u32));
                builder.names(form, entity);
                builder.call(view.unwrap_or(form), form);
            }
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    for domain in DOMAINS {
        let form = format!("web.forms.{domain}_items_form_1");
        assert_eq!(service_of(&graph, &found, &form), format!("{domain}s"));
    }
}

/// What a function says that nothing starts counts half: two handlers that change rows outweigh an import that nobody calls.
#[test]
fn an_import_that_nobody_calls_takes_no_table() {
    let mut builder = Builder { graph: system(12, false) };
    let import = builder.function("order/views.py", "import_notes");
    builder.access(import, "notes", Operation::Insert);
    for number in 0..2 {
        let handler = builder.function("invoice/views.py", &format!("note_{number}"));
        builder.endpoint(handler, &format!("/invoices/notes/{number}"));
        builder.access(handler, "invoices", Operation::Select);
        builder.access(handler, "notes", Operation::Update);
    }
    for number in 0..4 {
        let order = builder.graph.symbols.iter().position(|it| it.name.ends_with(&format!("order_{number}"))).unwrap();
        builder.call(import, SymbolId(order as u32));
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(owner_of(&graph, &found, "notes"), "invoices", "{}", found.verdict);
}

/// Beside services that somebody declared, code without data or entry points of its own makes no service.
#[test]
fn a_library_beside_declared_services_is_none() {
    let mut builder = Builder { graph: system(12, false) };
    let rows: Vec<SymbolId> = (0..12).map(|it| builder.function("wire/rows.py", &format!("row_{it}"))).collect();
    for (at, row) in rows.iter().enumerate() {
        (1..6).for_each(|step| builder.call(*row, rows[(at + step) % 12]));
    }
    // Two of three users are in one service, which does not make it that one's.
    for (number, row) in rows.iter().enumerate().take(6) {
        for domain in ["order", "ticket"].into_iter().take(if number < 3 { 2 } else { 1 }) {
            let name = format!("{domain}.views.{domain}_{number}");
            let user = builder.graph.symbols.iter().position(|it| it.name == name).unwrap();
            builder.call(SymbolId(user as u32), *row);
        }
    }
    for store in &mut builder.graph.accesses {
        // What is read elsewhere only: no data of the system's own.
        store.operation = Operation::Select;
    }
    let graph = builder.done();
    let text = "[[service]]\nname = \"sales\"\nmodules = [\"order.*\"]\n[[service]]\nname = \"desk\"\nmodules = [\"ticket.*\", \"invoice.*\"]\n";
    let settings = parse_settings(text, "seamline.toml").unwrap();
    let (found, _) = partition(&graph, &settings);
    assert_eq!(found.services.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["desk", "sales"]);
    assert_eq!(service_of(&graph, &found, "wire.rows.row_7"), "shared_kernel");
}

/// Whoever writes the rows of one owner with its own hands shares the database with it, however much code it has.
#[test]
fn what_writes_the_rows_of_one_owner_is_a_part_of_it() {
    let mut builder = Builder { graph: system(12, false) };
    let pages: Vec<SymbolId> = (0..30).map(|it| builder.function("web/pages.py", &format!("page_{it}"))).collect();
    for (at, page) in pages.iter().enumerate() {
        builder.endpoint(*page, &format!("/pages/{at}"));
        // Nobody asks those that write.
        (1..9).for_each(|step| builder.call(*page, pages[4 + (at + step) % 26]));
        if at < 4 {
            builder.access(*page, "orders", Operation::Update);
        }
    }
    let graph = builder.done();
    let (found, _) = partition(&graph, &Settings::default());
    assert_eq!(found.services.len(), 3, "{}", found.verdict);
    assert_eq!(service_of(&graph, &found, "web.pages.page_20"), owner_of(&graph, &found, "orders"));
}

/// One table and nothing that anyone from outside asks: a part of its neighbor, unless others ask it and leave its table alone.
#[test]
fn one_table_behind_hardly_any_door_is_no_service_of_its_own() {
    for asked in [false, true] {
        let mut builder = Builder { graph: system(40, false) };
        let logs: Vec<SymbolId> = (0..6).map(|it| builder.function("log/rows.py", &format!("log_{it}"))).collect();
        for (at, log) in logs.iter().enumerate() {
            builder.access(*log, "log_lines", Operation::Insert);
            (1..4).for_each(|step| builder.call(*log, logs[(at + step) % 6]));
        }
        builder.endpoint(logs[0], "/log");
        for domain in DOMAINS.iter().take(if asked { 3 } else { 2 }) {
            let name = format!("{domain}.views.{domain}_3");
            let user = builder.graph.symbols.iter().position(|it| it.name == name).unwrap();
            builder.call(SymbolId(user as u32), logs[1]);
        }
        let graph = builder.done();
        let (found, _) = partition(&graph, &Settings::default());
        let names: Vec<&str> = found.services.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names.len(), if asked { 4 } else { 3 }, "{names:?} asked {asked}: {}", found.verdict);
    }
}
