//! What the plan advises: sagas, caches, the recipe, the recommended cut, code that nothing starts.

use std::collections::BTreeSet;

use seamline::model::graph::StoreKind;
use seamline::model::partition::{Place, ServiceId};
use seamline::model::plan::{Stage, StepRole, Verdict};
use seamline::model::source::Role;
use seamline::model::sql::Operation;
use seamline::render::markdown::document;
use seamline::render::text::{Color, summary};

use crate::system::{Builder, placement, store_plan, zoo};

/// A key in a cache takes no part in the transaction of the database: it neither decides over it nor breaks with it.
#[test]
fn what_stands_beside_the_database_is_no_pivot() {
    let mut it = Builder::new(&["orders", "stock"]);
    let (orders, stock) = (it.service("orders"), it.service("stock"));
    let checkout = it.function("orders.checkout", orders);
    let (orders_table, levels, hot) = (it.store("orders", orders), it.store("levels", stock), it.store("hot", stock));
    it.graph.stores[hot.index()].kind = StoreKind::Cache;
    let reserve = it.access(checkout, Operation::Update, levels, &["reserved"]);
    let insert = it.access(checkout, Operation::Insert, orders_table, &[]);
    let drop = it.access(checkout, Operation::Delete, hot, &[]);
    it.transaction(checkout, &[drop, reserve, insert]);
    let plan = it.plan();
    let steps: Vec<_> = plan.sagas[0].steps.iter().map(|it| (it.store, it.role)).collect();
    assert_eq!(steps, [(levels, StepRole::Compensatable), (orders_table, StepRole::Pivot), (hot, StepRole::Retriable)]);
    assert!(plan.sagas[0].steps[2].undo.starts_with("stands outside the transaction today"));
    it.graph.transactions.clear();
    it.transaction(checkout, &[insert, drop]);
    assert!(it.plan().sagas.is_empty(), "the cache alone breaks nothing");
}

/// Keys are not tables: no rows to write twice or to backfill, and the names of locks are kept.
#[test]
fn a_space_of_keys_is_not_backfilled() {
    let mut it = Builder::new(&["orders", "users"]);
    let (orders, users) = (it.service("orders"), it.service("users"));
    let (place, find) = (it.function("orders.place", orders), it.function("users.find", users));
    let (table, people, keys) = (it.store("orders", orders), it.store("people", users), it.store("seen", orders));
    it.graph.stores[keys.index()].kind = StoreKind::Cache;
    it.access(place, Operation::Insert, table, &[]);
    it.access(find, Operation::Insert, people, &[]);
    it.access(place, Operation::Update, keys, &[]);
    it.access(find, Operation::Select, keys, &[]);
    let plan = it.plan();
    let steps = |stage: Stage| -> Vec<String> {
        let phase = plan.services[0].phases.iter().find(|it| it.stage == stage).expect("the stage is there");
        phase.steps.iter().map(|it| it.text.clone()).collect()
    };
    let moving = steps(Stage::MoveData);
    assert!(moving.contains(&"Backfill `orders`".to_owned()), "{moving:?}");
    assert!(moving.iter().any(|it| it.starts_with("Start without the keys `seen`")), "{moving:?}");
    assert!(steps(Stage::SplitSchema).iter().any(|it| it.starts_with("Keep the names of the keys `seen`")));
    let asked: Vec<&str> = plan.services[1].phases[1].steps.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(asked, ["Leave 1 access to `seen` as they are: the names of its keys are the contract"]);
}

/// What is done for every service alike is said once, and every chapter is shorter for it.
#[test]
fn the_recipe_is_said_once() {
    let text = document(&zoo().report());
    for stage in Stage::ALL {
        assert_eq!(text.matches(stage.exit().split_at(1).1).count(), 1, "{}", stage.title());
        for step in stage.practice() {
            assert_eq!(text.matches(step).count(), 1, "{step}");
        }
    }
    assert!(!text.contains("\n\n\n"), "one blank line is enough");
}

/// The chosen cut is never left without a reason, and the dearer one is called so.
#[test]
fn the_recommended_cut_says_why() {
    let mut it = zoo();
    let mut coarser = it.partition.clone();
    "recommended".clone_into(&mut it.partition.label);
    "coarser".clone_into(&mut coarser.label);
    coarser.services.truncate(1);
    for place in coarser.symbols.iter_mut().chain(&mut coarser.stores) {
        if place.place.service().is_some() {
            place.place = Place::Service(ServiceId(0));
        }
    }
    it.partition.alternatives = vec![coarser];
    let report = it.report();
    let (text, brief) = (document(&report), summary(&report, Color::Never, 4000));
    for text in [&text, &brief] {
        assert!(text.contains("Why this cut and not the cheapest row"), "{text}");
    }
    assert!(text.contains("Beside coarser (1 service): the largest has "), "{text}");
    assert!(text.contains("It is the dearer cut"), "{text}");
    // In the terminal the table above says the same.
    assert!(!brief.contains("Beside coarser"), "{brief}");
}

/// A function that nothing starts is told apart: so is what only such a function calls.
#[test]
fn what_nothing_starts_is_uncalled() {
    let mut it = Builder::new(&["orders", "users"]);
    let (orders, users) = (it.service("orders"), it.service("users"));
    let (place, find) = (it.function("orders.place", orders), it.function("users.find", users));
    let (seed, fill) = (it.function("orders.seed", orders), it.function("orders.fill", orders));
    it.endpoint("POST", "/orders", place);
    it.call(place, find);
    it.call(seed, fill);
    it.call(seed, find);
    assert_eq!(it.graph.uncalled(), BTreeSet::from([seed, fill]));
    let (table, people) = (it.store("orders", orders), it.store("people", users));
    let (first, second) =
        (it.access(fill, Operation::Insert, table, &[]), it.access(fill, Operation::Insert, people, &[]));
    it.transaction(fill, &[first, second]);
    let report = it.report();
    let risk = report.plan.risks.iter().find(|it| it.kind == "broken-transactions").expect("a risk");
    assert!(risk.statement.text.contains("no route, message or `main` that was read leads to 1 of them"), "{risk:?}");
    assert!(
        document(&report).contains("No route, message or `main` that was read leads here: a framework does, or it is")
    );
}

/// What one service only reads, and nothing that was read fills or defines, is somebody else's until more is known.
#[test]
fn a_table_that_nobody_fills_does_not_move() {
    let mut it = Builder::new(&["orders", "users"]);
    let orders = it.service("orders");
    let list = it.function("orders.list", orders);
    let (flows, kept) = (it.store("flows", orders), it.store("kept", orders));
    it.graph.stores[flows.index()].defined_at.clear();
    it.access(list, Operation::Select, flows, &[]);
    it.access(list, Operation::Select, kept, &[]);
    let plan = it.plan();
    let verdict = |name: &str| store_plan(&it, &plan, name).verdict;
    assert_eq!((verdict("flows"), verdict("kept")), (Verdict::StaysShared, Verdict::MovesWithService));
    assert!(store_plan(&it, &plan, "flows").reason.text.contains("does not move before its writer is known"));
}

/// Factories and fixtures help tests: the tests that use them are named, and they are not.
#[test]
fn helpers_of_tests_are_no_tests() {
    let mut it = Builder::new(&["orders", "users"]);
    let orders = it.service("orders");
    let place = it.function("orders.place", orders);
    let (factory, test) = (it.function("factories.make_order", orders), it.function("checks.test_order", orders));
    for helper in [factory, test] {
        it.graph.symbols[helper.index()].role = Role::Test;
        it.partition.symbols[helper.index()] = placement(Place::Outside);
    }
    it.call(factory, place);
    it.call(test, factory);
    let plan = it.plan();
    let service = plan.services.iter().find(|service| service.service.index() == 0).expect("orders");
    assert_eq!(service.tests, [test]);
}
