//! Cuts under which code and its data lie too far apart.

use seamline::config::Settings;
use seamline::model::graph::{SymbolId, SystemGraph};
use seamline::model::sql::Operation;
use seamline::partition::partition;

use super::builder::Builder;
use super::{DOMAINS, system};

/// Eight tables with code of their own, in two families; each of the family's endpoints works on `of` of its tables, of which
/// the first family has `first`.
fn families(of: usize, first: usize) -> SystemGraph {
    let mut it = Builder::default();
    for table in 0..8 {
        let name = format!("table{table}");
        let path = format!("app/{name}.py");
        let functions: Vec<SymbolId> = (0..10).map(|at| it.function(&path, &format!("{name}_{at}"))).collect();
        for (at, function) in functions.iter().enumerate() {
            it.access(*function, &name, if at % 2 == 0 { Operation::Insert } else { Operation::Select });
            for next in 1..4 {
                it.call(*function, functions[(at + next) % 10]);
            }
        }
    }
    for family in 0..2 {
        for number in 0..12 {
            let handler = it.function(&format!("app/pages{family}_{number}.py"), &format!("show{family}_{number}"));
            it.endpoint(handler, &format!("/f{family}/p{number}"));
            let (begin, tables) = if family == 0 { (0, first) } else { (first, 8 - first) };
            for at in 0..of.min(tables) {
                let table = begin + (number + at) % tables;
                let name = format!("app.table{table}.table{table}_{}", number % 10);
                let called = it.graph.symbols.iter().position(|it| it.name == name).expect("a function");
                it.call(handler, SymbolId(called as u32));
            }
        }
    }
    it.done()
}

#[test]
fn fewer_are_recommended_where_each_endpoint_would_ask_many() {
    let (narrow, _) = partition(&families(1, 4), &Settings::default());
    assert_eq!(narrow.services.len(), 8, "{}", narrow.verdict);
    let (wide, _) = partition(&families(4, 4), &Settings::default());
    assert!(wide.services.len() < 8, "{}", wide.verdict);
    assert!(
        wide.verdict.ends_with("; 8 would have the mean endpoint work on the data of 4.0 services"),
        "{}",
        wide.verdict
    );
    let finer = wide.alternatives.iter().find(|it| it.label == "finer").expect("what it replaces");
    assert_eq!(finer.services.len(), 8);
}

#[test]
fn a_coarser_answer_that_does_not_convince_says_why() {
    let (found, _) = partition(&families(7, 7), &Settings::default());
    assert!(!found.convincing, "{}", found.verdict);
    let coarser = found.alternatives.iter().find(|it| it.label == "coarser").expect("what was tried");
    let tried = format!("; with {}, one candidate holds ", coarser.services.len());
    assert!(found.verdict.contains(&tried), "{}", found.verdict);
}

#[test]
fn services_that_work_on_the_data_of_others_are_none() {
    let mut builder = Builder { graph: system(12, false) };
    for (at, domain) in DOMAINS.iter().enumerate() {
        for number in 0..12 {
            let function = builder.function(&format!("{domain}/reports.py"), &format!("{domain}_report_{number}"));
            let own = format!("{domain}.views.{domain}_{number}");
            let own = builder.graph.symbols.iter().position(|it| it.name == own).expect("a function");
            builder.call(function, SymbolId(own as u32));
            builder.call(SymbolId(own as u32), function);
            for other in [1, 2] {
                builder.access(function, &format!("{}s", DOMAINS[(at + other) % 3]), Operation::Select);
            }
        }
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    assert!(!found.convincing && found.services.len() == 3, "{}", found.verdict);
    assert_eq!(
        found.verdict,
        "no convincing boundary: 3 services would find 57 % of what they read and write with another"
    );
}

#[test]
fn a_front_of_the_data_of_others_is_no_service() {
    let mut builder = Builder { graph: system(12, false) };
    let pages: Vec<SymbolId> = (0..10).map(|it| builder.function("pages/show.py", &format!("page_{it}"))).collect();
    for (at, page) in pages.iter().enumerate() {
        builder.endpoint(*page, &format!("/pages/{at}"));
        (1..5).for_each(|step| builder.call(*page, pages[(at + step) % 10]));
        if at % 2 == 0 {
            let domain = DOMAINS[at / 2 % 2];
            let name = format!("{domain}.views.{domain}_{at}");
            let called = builder.graph.symbols.iter().position(|it| it.name == name).expect("a function");
            builder.call(*page, SymbolId(called as u32));
        }
    }
    let (found, _) = partition(&builder.done(), &Settings::default());
    let names: Vec<&str> = found.services.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["invoices", "orders", "tickets"], "{}", found.verdict);
}
