//! Systems written down by hand, for the tests of the plan.

use std::collections::BTreeSet;

use seamline::config::PlanOptions;
use seamline::model::fact::Visibility;
use seamline::model::graph::{
    Access, CallEdge, Confidence, Endpoint, Evidence, File, FileId, Join, Module, ModuleId, Store, StoreForeignKey,
    StoreId, StoreKind, Symbol, SymbolId, SymbolKind, SystemGraph, Transaction,
};
use seamline::model::partition::{Partition, Place, Placement, ServiceCandidate, ServiceId};
use seamline::model::plan::{Plan, StorePlan};
use seamline::model::report::Report;
use seamline::model::source::Role;
use seamline::model::sql::{Column, Operation};
use seamline::plan::plan;

/// A system written down by hand: one file per module, ten lines per symbol.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) graph: SystemGraph,
    pub(crate) partition: Partition,
}

impl Builder {
    pub(crate) fn new(services: &[&str]) -> Self {
        let mut builder = Self::default();
        "shop".clone_into(&mut builder.graph.name);
        builder.partition.convincing = true;
        builder.partition.from_data = true;
        builder.partition.services = services
            .iter()
            .map(|it| ServiceCandidate {
                name: (*it).to_owned(),
                confidence: 0.9,
                reasons: Vec::new(),
                declared: false,
            })
            .collect();
        builder
    }

    pub(crate) fn service(&self, name: &str) -> Place {
        let position = self.partition.services.iter().position(|it| it.name == name).expect("a service of this name");
        Place::Service(ServiceId(position as u32))
    }

    /// A module in `<name>.py`, with its own symbol.
    pub(crate) fn module(&mut self, name: &str, role: Role) -> ModuleId {
        let (file, module) = (FileId(self.graph.files.len() as u32), ModuleId(self.graph.modules.len() as u32));
        self.graph.files.push(File {
            path: format!("{name}.py"),
            language: "python".to_owned(),
            role,
            lines: 0,
            bytes: 0,
            module: Some(module),
        });
        self.graph.modules.push(Module {
            name: name.to_owned(),
            file,
            package: "shop".to_owned(),
            language: "python".to_owned(),
            role,
            symbol: SymbolId(self.graph.symbols.len() as u32),
            starts_at: None,
        });
        self.symbol(module, name, SymbolKind::Module, Place::Outside, 1, 1);
        module
    }

    pub(crate) fn symbol(
        &mut self,
        module: ModuleId,
        name: &str,
        kind: SymbolKind,
        place: Place,
        line: u32,
        end_line: u32,
    ) -> SymbolId {
        let (file, role) = (self.graph.module(module).file, self.graph.module(module).role);
        self.graph.files[file.index()].lines = self.graph.file(file).lines.max(end_line);
        self.graph.symbols.push(Symbol {
            name: name.to_owned(),
            kind,
            file,
            line,
            end_line,
            module,
            parent: None,
            visibility: Visibility::Public,
            role,
            signature: "(id)".to_owned(),
        });
        self.partition.symbols.push(placement(place));
        SymbolId(self.graph.symbols.len() as u32 - 1)
    }

    /// A function in the next ten lines of a module, made when it does not exist yet.
    pub(crate) fn function(&mut self, name: &str, place: Place) -> SymbolId {
        let module_name = name.split('.').next().expect("a module");
        let module = match self.graph.modules.iter().position(|it| it.name == module_name) {
            Some(position) => ModuleId(position as u32),
            None => self.module(module_name, Role::Production),
        };
        let line = self.graph.file(self.graph.module(module).file).lines + 2;
        self.symbol(module, name, SymbolKind::Function, place, line, line + 8)
    }

    pub(crate) fn store(&mut self, name: &str, place: Place) -> StoreId {
        let schema = if let Some(position) = self.graph.files.iter().position(|it| it.path == "schema.py") {
            FileId(position as u32)
        } else {
            let module = self.module("schema", Role::Migration);
            self.graph.module(module).file
        };
        let line = self.graph.stores.len() as u32 + 1;
        self.graph.stores.push(Store {
            name: name.to_owned(),
            kind: StoreKind::Table,
            schema: None,
            columns: Vec::new(),
            foreign_keys: Vec::new(),
            defined_at: vec![Evidence { file: schema, line }],
            entities: Vec::new(),
            conflicts: Vec::new(),
            seeded_at: Vec::new(),
        });
        self.partition.stores.push(placement(place));
        StoreId(self.graph.stores.len() as u32 - 1)
    }

    pub(crate) fn columns(&mut self, store: StoreId, columns: &[(&str, &str)]) {
        self.graph.stores[store.index()].columns = columns
            .iter()
            .enumerate()
            .map(|(position, (name, type_name))| Column {
                name: (*name).into(),
                type_name: (*type_name).into(),
                nullable: false,
                primary_key: position == 0,
            })
            .collect();
    }

    pub(crate) fn site(&self, symbol: SymbolId) -> Evidence {
        let it = self.graph.symbol(symbol);
        Evidence { file: it.file, line: it.line + 1 }
    }

    pub(crate) fn access(&mut self, symbol: SymbolId, operation: Operation, store: StoreId, columns: &[&str]) -> u32 {
        self.access_where(symbol, operation, store, columns, &[])
    }

    pub(crate) fn access_where(
        &mut self,
        symbol: SymbolId,
        operation: Operation,
        store: StoreId,
        columns: &[&str],
        rows: &[(&str, &str)],
    ) -> u32 {
        let evidence = self.site(symbol);
        self.graph.accesses.push(Access {
            symbol,
            store,
            operation,
            columns: columns.iter().map(|it| (*it).to_owned()).collect(),
            via: "test".to_owned(),
            confidence: Confidence::Certain,
            evidence,
            in_loop: false,
            by_callers: false,
            cascaded: false,
            predicates: rows.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect(),
        });
        self.graph.accesses.len() as u32 - 1
    }

    pub(crate) fn call(&mut self, from: SymbolId, to: SymbolId) {
        let evidence = self.site(from);
        self.graph.calls.push(CallEdge { from, to, evidence, confidence: Confidence::Certain });
    }

    pub(crate) fn transaction(&mut self, symbol: SymbolId, accesses: &[u32]) {
        let evidence = self.site(symbol);
        let (writes, reads): (Vec<_>, Vec<_>) = accesses
            .iter()
            .map(|it| &self.graph.accesses[*it as usize])
            .partition(|it| it.operation.effect() == seamline::model::sql::Effect::Write);
        let stores =
            |it: Vec<&Access>| it.into_iter().map(|it| it.store).collect::<BTreeSet<_>>().into_iter().collect();
        let (reads, writes) = (stores(reads), stores(writes));
        self.graph.transactions.push(Transaction { symbol, reads, writes, accesses: accesses.to_vec(), evidence });
    }

    pub(crate) fn endpoint(&mut self, method: &str, path: &str, handler: SymbolId) {
        let evidence = self.site(handler);
        self.graph.endpoints.push(Endpoint {
            method: method.to_owned(),
            path: path.to_owned(),
            handler,
            registers: false,
            framework: "test".to_owned(),
            evidence,
        });
    }

    pub(crate) fn foreign_key(&mut self, from: StoreId, column: &str, to: StoreId, cascade: bool) {
        let evidence = self.graph.stores[from.index()].defined_at[0];
        self.graph.stores[from.index()].foreign_keys.push(StoreForeignKey {
            columns: vec![column.to_owned()],
            store: to,
            referenced_columns: vec!["id".to_owned()],
            on_delete_cascade: cascade,
            evidence,
        });
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(&self.graph, &self.partition, &PlanOptions::default()).0
    }

    pub(crate) fn report(self) -> Report {
        let (plan, diagnostics) = plan(&self.graph, &self.partition, &PlanOptions::default());
        Report { graph: self.graph, partition: self.partition, plan, diagnostics }
    }
}

pub(crate) fn placement(place: Place) -> Placement {
    Placement { place, confidence: 0.9, runner_up: None, reason: String::new() }
}

pub(crate) fn store_plan<'a>(builder: &Builder, plan: &'a Plan, name: &str) -> &'a StorePlan {
    plan.stores.iter().find(|it| builder.graph.store(it.store).name == name).expect("the store is planned")
}

/// A system in which every rule finds something: the name of each store says what is planted.
pub(crate) fn zoo() -> Builder {
    let mut it = Builder::new(&["orders", "users", "reports"]);
    let (orders, users, reports) = (it.service("orders"), it.service("users"), it.service("reports"));
    let place_order = it.function("orders.place", orders);
    let list_orders = it.function("orders.list", orders);
    let register = it.function("users.register", users);
    let rename = it.function("users.rename", users);
    let monthly = it.function("reports.monthly", reports);
    let home = it.function("web.home", Place::EdgeLayer);
    let next = it.function("shared.next_number", Place::SharedKernel);
    it.endpoint("POST", "/orders", place_order);
    it.endpoint("GET", "/orders", list_orders);
    it.endpoint("POST", "/users", register);
    it.endpoint("GET", "/", home);
    it.call(place_order, register);

    // no-use
    it.store("unused", users);
    // one-service
    let orders_table = it.store("orders", orders);
    it.columns(orders_table, &[("id", "INT"), ("user_id", "INT"), ("total", "INT")]);
    let insert_order = it.access(place_order, Operation::Insert, orders_table, &["total", "user_id"]);
    it.access(list_orders, Operation::Select, orders_table, &["id", "total"]);
    // channel
    let topic = it.store("order_events", orders);
    it.graph.stores[topic.index()].kind = StoreKind::Topic;
    it.access(place_order, Operation::Insert, topic, &[]);
    it.access(register, Operation::Select, topic, &[]);
    // key-space
    let locks = it.store("locks", orders);
    it.graph.stores[locks.index()].kind = StoreKind::Cache;
    it.access(place_order, Operation::Update, locks, &[]);
    it.access(register, Operation::Select, locks, &[]);
    // counter
    let counters = it.store("counters", Place::SharedKernel);
    it.columns(counters, &[("name", "TEXT"), ("value", "BIGINT")]);
    it.access(next, Operation::Update, counters, &["value"]);
    it.call(place_order, next);
    it.call(register, next);
    // never-written
    let countries = it.store("countries", users);
    it.graph.stores[countries.index()].seeded_at = vec![Evidence { file: FileId(0), line: 3 }];
    it.access(register, Operation::Select, countries, &["code"]);
    it.access(place_order, Operation::Select, countries, &["code"]);
    // disjoint-rows
    let settings = it.store("settings", users);
    it.access_where(rename, Operation::Update, settings, &["value"], &[("scope", "user")]);
    it.access_where(place_order, Operation::Update, settings, &["value"], &[("scope", "order")]);
    // no-owner
    let scratch = it.store("scratch", Place::SharedKernel);
    it.access(place_order, Operation::Insert, scratch, &["x"]);
    it.access(register, Operation::Insert, scratch, &["x"]);
    // edge-access
    let banners = it.store("banners", users);
    it.access(rename, Operation::Insert, banners, &["text"]);
    it.access(home, Operation::Select, banners, &["text"]);
    // rarely-written
    let rates = it.store("rates", users);
    it.access(rename, Operation::Update, rates, &["rate"]);
    it.access(place_order, Operation::Select, rates, &["rate"]);
    // disjoint-columns
    let profiles = it.store("profiles", users);
    it.access(register, Operation::Insert, profiles, &["id", "name"]);
    it.access(rename, Operation::Update, profiles, &["name"]);
    it.access(place_order, Operation::Update, profiles, &["credit"]);
    it.access(list_orders, Operation::Select, profiles, &["credit"]);
    // foreign-writes, in a transaction with an own write
    let users_table = it.store("users", users);
    it.columns(users_table, &[("id", "INT"), ("name", "TEXT"), ("points", "INT")]);
    it.access(register, Operation::Insert, users_table, &["name", "points"]);
    let credit = it.access(place_order, Operation::Update, users_table, &["points"]);
    it.transaction(place_order, &[insert_order, credit]);
    it.foreign_key(orders_table, "user_id", users_table, true);
    // copies: reports only look on
    let visits = it.store("visits", users);
    it.access(register, Operation::Insert, visits, &["at"]);
    it.access(rename, Operation::Insert, visits, &["at"]);
    it.access(monthly, Operation::Select, visits, &["at"]);
    let snapshots = it.store("snapshots", reports);
    it.access(monthly, Operation::Insert, snapshots, &["at"]);
    let site = it.site(monthly);
    it.graph.joins.push(Join { symbol: monthly, stores: vec![orders_table, users_table], evidence: site });
    it.access(monthly, Operation::Select, users_table, &["name"]);
    // foreign-reads
    let addresses = it.store("addresses", users);
    it.access(register, Operation::Insert, addresses, &["city"]);
    it.access(rename, Operation::Delete, addresses, &[]);
    it.access(place_order, Operation::Select, addresses, &["city"]);
    // shared-transactions: two halves of one thing
    it
}

/// Two services that do everything in one transaction.
pub(crate) fn halves() -> Builder {
    let mut it = Builder::new(&["carts", "lines"]);
    let (carts, lines) = (it.service("carts"), it.service("lines"));
    let carts_table = it.store("carts", carts);
    let lines_table = it.store("cart_lines", lines);
    for name in ["carts.add", "carts.drop"] {
        let function = it.function(name, carts);
        let first = it.access(function, Operation::Update, carts_table, &["total"]);
        let second = it.access(function, Operation::Insert, lines_table, &["sku"]);
        it.transaction(function, &[first, second]);
    }
    let price = it.function("lines.price", lines);
    let first = it.access(price, Operation::Insert, lines_table, &["price"]);
    let second = it.access(price, Operation::Insert, carts_table, &["total"]);
    it.transaction(price, &[first, second]);
    it
}
