//! One verdict per store: an ordered list of rules, the first that fires decides.
//!
//! `docs/verdicts.md` explains each rule under its id. A rule looks at facts only: who reads, who writes, which columns,
//! which constants, which transactions. Names never decide.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::PlanOptions;
use crate::model::graph::{Access, Evidence, StoreId, StoreKind};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{Ownership, Saga, StorePart, StoreUse, Verdict};
use crate::model::sql::Operation;
use crate::model::wording::{count, enumerate, short_name};
use crate::plan::reading::read_remedy;
use crate::plan::survey::{Survey, Uses, unique};

/// One store before the judge.
pub(super) struct Case<'a> {
    pub(super) survey: &'a Survey<'a>,
    pub(super) store: StoreId,
    pub(super) owner: Place,
    /// Owners of all stores.
    pub(super) owners: &'a [Ownership],
    pub(super) sagas: &'a [Saga],
    pub(super) options: &'a PlanOptions,
    uses: &'a BTreeMap<Place, Uses>,
    /// Services that touch the store, without its owner.
    outsiders: BTreeSet<ServiceId>,
}

/// A verdict and what it rests on.
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) rule: &'static str,
    pub(super) text: String,
    pub(super) sites: Vec<Evidence>,
    pub(super) parts: Vec<StorePart>,
    /// Services to merge.
    pub(super) merged: BTreeSet<ServiceId>,
}

/// A rule: its id, and the test that fires or not.
type Rule = (&'static str, fn(&Case) -> Option<Finding>);

/// What a rule found, before it gets its id.
struct Finding {
    verdict: Verdict,
    text: String,
    sites: Vec<Evidence>,
    parts: Vec<StorePart>,
    merged: BTreeSet<ServiceId>,
}

/// The rules in the order they are tried.
static RULES: &[Rule] = &[
    ("no-use", no_use),
    ("one-service", one_service),
    ("channel", channel),
    ("key-space", key_space),
    ("counter", counter),
    ("never-written", never_written),
    ("disjoint-rows", disjoint_rows),
    ("no-owner", no_owner),
    ("edge-access", edge_access),
    ("rarely-written", rarely_written),
    ("disjoint-columns", disjoint_columns),
    ("shared-transactions", shared_transactions),
    ("foreign-writes", foreign_writes),
    ("copies", copies),
];

/// The rule that fires when no other does.
const FOREIGN_READS: &str = "foreign-reads";

/// Ids of all rules in the order they are tried.
pub fn rule_ids() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|it| it.0).chain([FOREIGN_READS])
}

/// Tries the rules in order.
pub(super) fn rule(case: &Case) -> Ruling {
    let (id, found) = RULES
        .iter()
        .find_map(|(id, test)| Some((*id, test(case)?)))
        .unwrap_or_else(|| (FOREIGN_READS, foreign_reads(case)));
    let sites = if found.sites.is_empty() { case.survey.store_sites(case.store) } else { unique(found.sites) };
    Ruling { verdict: found.verdict, rule: id, text: found.text, sites, parts: found.parts, merged: found.merged }
}

impl<'a> Case<'a> {
    pub(super) fn new(
        survey: &'a Survey<'a>,
        store: StoreId,
        owner: Place,
        owners: &'a [Ownership],
        sagas: &'a [Saga],
        options: &'a PlanOptions,
    ) -> Self {
        let uses = &survey.uses[store.index()];
        let outsiders = uses.keys().filter(|it| **it != owner).filter_map(|it| it.service()).collect();
        Self { survey, store, owner, owners, sagas, options, uses, outsiders }
    }

    fn access(&self, it: StoreUse) -> &'a Access {
        &self.survey.graph.accesses[it.access as usize]
    }

    fn name(&self) -> String {
        format!("`{}`", self.survey.store_name(self.store))
    }

    fn names(&self, services: impl IntoIterator<Item = ServiceId>) -> String {
        let names: Vec<&str> = services.into_iter().map(|it| self.survey.name(it)).collect();
        enumerate(&names, 6)
    }

    /// Services that write, the owner included.
    fn writers(&self) -> Vec<ServiceId> {
        self.uses.iter().filter(|(_, it)| !it.writes.is_empty()).filter_map(|(place, _)| place.service()).collect()
    }

    fn outside_writers(&self) -> Vec<ServiceId> {
        self.writers().into_iter().filter(|it| self.outsiders.contains(it)).collect()
    }

    fn uses_of(&self, service: ServiceId) -> &'a Uses {
        &self.uses[&Place::Service(service)]
    }

    fn write_sites(&self, services: impl IntoIterator<Item = ServiceId>) -> Vec<Evidence> {
        let uses = services.into_iter().flat_map(|it| self.uses_of(it).writes.iter().copied());
        self.survey.sites(uses)
    }

    fn outside_sites(&self) -> Vec<Evidence> {
        self.survey.sites(self.outsiders.iter().flat_map(|it| self.uses_of(*it).all()))
    }

    /// Columns that identify a row: the primary key.
    pub(super) fn keys(&self) -> BTreeSet<&'a str> {
        self.survey
            .graph
            .store(self.store)
            .columns
            .iter()
            .filter(|it| it.primary_key)
            .map(|it| it.name.as_str())
            .collect()
    }

    fn finding(verdict: Verdict, text: String, sites: Vec<Evidence>) -> Finding {
        Finding { verdict, text, sites, parts: Vec::new(), merged: BTreeSet::new() }
    }
}

fn no_use(case: &Case) -> Option<Finding> {
    if !case.uses.is_empty() {
        return None;
    }
    let verdict = if case.owner.service().is_some() { Verdict::MovesWithService } else { Verdict::StaysShared };
    let guesses = case.survey.guesses(case.store);
    let text = if guesses.is_empty() {
        format!("No production code was seen to touch {}", case.name())
    } else {
        format!("Only guesses say what touches {}", case.name())
    };
    Some(Case::finding(verdict, text, guesses))
}

fn one_service(case: &Case) -> Option<Finding> {
    let mut places = case.uses.keys();
    let (Some(Place::Service(only)), None) = (places.next(), places.next()) else { return None };
    let uses = case.uses_of(*only);
    if uses.writes.is_empty() && !case.survey.graph.store(case.store).has_origin() {
        let text = format!(
            "Only {} was seen to touch {}, and only to read it ({}): nothing that was read fills or defines it, so another \
             program may, and it does not move before its writer is known",
            case.survey.name(*only),
            case.name(),
            count(uses.reads.len(), "read")
        );
        return Some(Case::finding(Verdict::StaysShared, text, case.survey.sites(uses.all())));
    }
    if case.owner != Place::Service(*only) {
        return None;
    }
    Some(Case::finding(
        Verdict::MovesWithService,
        format!(
            "Only {} touches {} ({}, {})",
            case.survey.name(*only),
            case.name(),
            count(uses.reads.len(), "read"),
            count(uses.writes.len(), "write")
        ),
        case.survey.sites(uses.all()),
    ))
}

fn channel(case: &Case) -> Option<Finding> {
    (case.survey.graph.store(case.store).kind == StoreKind::Topic).then(|| {
        let text = format!("{} is a topic: it is made to be shared, and its messages are the contract", case.name());
        Case::finding(Verdict::StaysShared, text, case.survey.sites(case.uses.values().flat_map(Uses::all)))
    })
}

/// Keys of a cache or key-value store are values that can be made again, counters and locks: no rows to move, split or copy.
fn key_space(case: &Case) -> Option<Finding> {
    if case.survey.graph.store(case.store).kind != StoreKind::Cache {
        return None;
    }
    let places: Vec<String> = case.uses.keys().map(|it| case.survey.place_name(*it)).collect();
    let text = format!(
        "{} is a space of keys in a cache or key-value store and no table: the names of its keys are the contract of {}, and there are no rows to move",
        case.name(),
        enumerate(&places, 6)
    );
    Some(Case::finding(Verdict::StaysShared, text, case.survey.sites(case.uses.values().flat_map(Uses::all))))
}

/// A row per counter: everyone writes one number and nothing else, each its own row.
fn counter(case: &Case) -> Option<Finding> {
    let writers = case.writers();
    let all: Vec<StoreUse> = case.uses.values().flat_map(Uses::all).collect();
    let kinds = [Operation::Update, Operation::Upsert, Operation::Select];
    let only_reads = case.uses.values().any(|it| it.writes.is_empty());
    if writers.len() < 2 || only_reads || all.iter().any(|it| !kinds.contains(&case.access(*it).operation)) {
        return None;
    }
    let rows = disjoint_values(case, &writers, false);
    let chosen = rows.as_ref().map(|it| it.0.as_str());
    // What only one function touches and never merely reads, it reads as it writes.
    let functions: BTreeSet<_> = all.iter().map(|it| case.access(*it).symbol).collect();
    let in_kernel = functions.len() == 1
        && all.iter().all(|it| it.call.is_some() && case.access(*it).operation != Operation::Select);
    // Rows that are only ever updated were all there from the start: nobody adds one per customer or order.
    let store = case.survey.graph.store(case.store);
    let fixed = store.foreign_keys.is_empty()
        && all.iter().all(|it| case.access(*it).operation != Operation::Upsert)
        && all.iter().any(|it| !case.access(*it).predicates.is_empty());
    let one_number = holds_one_number(case, chosen);
    if !(one_number && (rows.is_some() || fixed) || in_kernel && (one_number || store.columns.is_empty())) {
        return None;
    }
    let how = match &rows {
        Some((column, values)) => {
            let shares: Vec<String> = values
                .iter()
                .map(|(service, values)| format!("{} {column} = {}", case.survey.name(*service), quoted(values)))
                .collect();
            format!("each service counts in its own: {}", enumerate(&shares, 6))
        }
        None if in_kernel => {
            format!("{} reach it through one function of the shared kernel", case.names(writers.iter().copied()))
        }
        None => format!("{} only ever update the row they name", case.names(writers.iter().copied())),
    };
    let text = format!("{} holds one number per row, and {how}", case.name());
    let mut finding = Case::finding(Verdict::SequencePerService, text, case.write_sites(writers));
    finding.parts = row_parts(case, rows.as_ref());
    Some(finding)
}

/// Whether a table has its key, one whole number, and nothing else but the column that chooses rows.
fn holds_one_number(case: &Case, chosen: Option<&str>) -> bool {
    let keys = case.keys();
    let columns = &case.survey.graph.store(case.store).columns;
    let mut others = columns.iter().filter(|it| !keys.contains(it.name.as_str()) && chosen != Some(it.name.as_str()));
    match (others.next(), others.next()) {
        (Some(only), None) => ["INT", "SERIAL", "NUM"].iter().any(|it| only.type_name.contains(it)),
        _ => false,
    }
}

/// No service writes it: seeds, migrations or the start of the program fill it.
fn never_written(case: &Case) -> Option<Finding> {
    if !case.writers().is_empty() {
        return None;
    }
    let filling: Vec<StoreUse> = case.uses.values().flat_map(|it| it.writes.iter().copied()).collect();
    let on_request = filling.iter().any(|it| {
        let access = case.access(*it);
        !matches!(access.operation, Operation::Insert | Operation::Upsert)
            || !case.survey.endpoints_reaching(access.symbol).is_empty()
    });
    if on_request {
        return None;
    }
    let readers = case.names(case.uses.iter().filter(|it| !it.1.reads.is_empty()).filter_map(|it| it.0.service()));
    let store = case.survey.graph.store(case.store);
    let touched = case.survey.sites(case.uses.values().flat_map(Uses::all));
    if store.seeded_at.is_empty() && filling.is_empty() {
        if case.owner.service().is_some() && case.outsiders.is_empty() {
            return None;
        }
        let placed = match case.owner {
            Place::Service(owner) => format!("{} is only where it was placed", case.survey.name(owner)),
            _ => "nobody owns it yet".to_owned(),
        };
        let text = format!(
            "Nobody was seen to write {}: whoever fills it was not read, so {placed} (read by {readers})",
            case.name()
        );
        return Some(Case::finding(Verdict::StaysShared, text, touched));
    }
    let mut sites = store.seeded_at.clone();
    sites.extend(touched);
    let text = format!("{} is filled by seeds or at the start and only looked up by {readers}", case.name());
    Some(Case::finding(Verdict::CopyReference, text, sites))
}

/// Every row an outsider touches carries a constant that the owner never uses.
fn disjoint_rows(case: &Case) -> Option<Finding> {
    let outside = case.outside_writers();
    if outside.is_empty() {
        return None;
    }
    let services: Vec<ServiceId> = case.owner.service().into_iter().chain(case.outsiders.iter().copied()).collect();
    let rows = disjoint_values(case, &services, true)?;
    let parts = row_parts(case, Some(&rows));
    let shares: Vec<String> = rows
        .1
        .iter()
        .map(|(service, values)| format!("{} touches {} only", case.survey.name(*service), quoted(values)))
        .collect();
    let text = format!("`{}` tells the rows of {} apart: {}", rows.0, case.name(), enumerate(&shares, 6));
    let sites = parts.iter().flat_map(|it| it.sites.iter().copied()).collect();
    let mut finding = Case::finding(Verdict::SplitRows, text, sites);
    finding.parts = parts;
    Some(finding)
}

/// A column and, for each service, the constants its accesses carry, all different between services. With
/// `owner_may_skip` the owner may also choose rows by other means.
type Rows = (String, Vec<(ServiceId, BTreeSet<String>)>);

fn disjoint_values(case: &Case, services: &[ServiceId], owner_may_skip: bool) -> Option<Rows> {
    let candidates: BTreeSet<&str> = case
        .uses
        .values()
        .flat_map(Uses::all)
        .flat_map(|it| case.access(it).predicates.iter().map(|(column, _)| column.as_str()))
        .collect();
    // What an update gives a row does not tell rows apart: a state changes, a kind stays.
    let changes = |column: &str| {
        case.uses
            .values()
            .flat_map(Uses::all)
            .map(|it| case.access(it))
            .any(|access| access.operation == Operation::Update && access.columns.iter().any(|it| it == column))
    };
    candidates.into_iter().filter(|column| !changes(column)).find_map(|column| {
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        let mut rows = Vec::new();
        for service in services {
            let mut values = BTreeSet::new();
            let may_skip = owner_may_skip && case.owner == Place::Service(*service);
            for it in case.uses.get(&Place::Service(*service))?.all() {
                let access = case.access(it);
                let mut found =
                    access.predicates.iter().filter(|(name, _)| name == column).map(|(_, value)| value.as_str());
                match found.next() {
                    Some(value) => {
                        values.insert(value);
                        values.extend(found);
                    }
                    None if may_skip => {}
                    None => return None,
                }
            }
            if values.is_empty() || values.iter().any(|it| taken.contains(it)) {
                return None;
            }
            taken.extend(&values);
            rows.push((*service, values.into_iter().map(str::to_owned).collect()));
        }
        (rows.len() > 1).then(|| (column.to_owned(), rows))
    })
}

fn row_parts(case: &Case, rows: Option<&Rows>) -> Vec<StorePart> {
    let Some((column, rows)) = rows else {
        return case
            .writers()
            .into_iter()
            .map(|service| StorePart { service, columns: Vec::new(), rows: None, sites: case.write_sites([service]) })
            .collect();
    };
    let mut parts: Vec<StorePart> = rows
        .iter()
        .map(|(service, values)| StorePart {
            service: *service,
            columns: Vec::new(),
            rows: Some((column.clone(), values.iter().cloned().collect())),
            sites: case.survey.sites(case.uses_of(*service).all()),
        })
        .collect();
    parts.sort_by_key(|it| it.service);
    parts
}

fn no_owner(case: &Case) -> Option<Finding> {
    if case.owner.service().is_some() {
        return None;
    }
    let text = format!(
        "{} is touched by {} and placed in {}: no service owns it, so it stays where it is until one does",
        case.name(),
        case.names(case.uses.keys().filter_map(|it| it.service())),
        case.survey.place_name(case.owner)
    );
    Some(Case::finding(Verdict::StaysShared, text, case.survey.sites(case.uses.values().flat_map(Uses::all))))
}

fn edge_access(case: &Case) -> Option<Finding> {
    if !case.outsiders.is_empty() {
        return None;
    }
    let others: Vec<StoreUse> =
        case.uses.iter().filter(|(place, _)| **place != case.owner).flat_map(|(_, uses)| uses.all()).collect();
    let places: Vec<String> =
        case.uses.keys().filter(|it| **it != case.owner).map(|it| case.survey.place_name(*it)).collect();
    let text = format!(
        "Besides {} only {} touches {}, which keeps no data of its own and has to ask",
        case.survey.place_name(case.owner),
        enumerate(&places, 3),
        case.name()
    );
    Some(Case::finding(Verdict::OwnerExposesApi, text, case.survey.sites(others)))
}

/// A short list that one function of the owner keeps and others look up.
fn rarely_written(case: &Case) -> Option<Finding> {
    if !case.outside_writers().is_empty()
        || case.uses.keys().any(|it| it.service().is_none() && !case.uses[it].writes.is_empty())
    {
        return None;
    }
    let store = case.survey.graph.store(case.store);
    let owner = case.uses.get(&case.owner)?;
    let functions: BTreeSet<_> = owner.writes.iter().map(|it| case.access(*it).symbol).collect();
    // A list that rows are inserted into, or deleted from, grows and shrinks with use.
    let grows =
        owner.writes.iter().any(|it| !matches!(case.access(*it).operation, Operation::Update | Operation::Upsert));
    let in_transaction = case.survey.graph.counted_transactions().any(|it| it.writes.contains(&case.store));
    // One whole number that changes is a counter: a copy of it is wrong at once.
    if holds_one_number(case, None) {
        return None;
    }
    let outside_functions: BTreeSet<_> =
        case.outsiders.iter().flat_map(|it| case.uses_of(*it).all()).map(|it| case.access(it).symbol).collect();
    if functions.len() != 1 || grows || in_transaction || !store.foreign_keys.is_empty() || outside_functions.len() > 3
    {
        return None;
    }
    let joined = case.survey.graph.joins.iter().any(|it| {
        let place = case.survey.partition.symbol(it.symbol);
        it.stores.contains(&case.store) && place != case.owner && place.service().is_some()
    });
    if joined || case.outsiders.iter().flat_map(|it| case.uses_of(*it).all()).any(|it| case.access(it).in_loop) {
        return None;
    }
    let mut sites = case.survey.sites(owner.writes.iter().copied());
    sites.extend(case.outside_sites());
    let function = functions.first().map(|it| short_name(&case.survey.graph.symbol(*it).name)).unwrap_or_default();
    let text = format!(
        "{} refers to no other store, is kept by one function (`{function}`) and only looked up by {}",
        case.name(),
        case.names(case.outsiders.iter().copied())
    );
    Some(Case::finding(Verdict::CopyReference, text, sites))
}

/// Outsiders only update columns that the owner never writes, and work with them.
fn disjoint_columns(case: &Case) -> Option<Finding> {
    let outside = case.outside_writers();
    let owner = case.owner.service()?;
    if outside.is_empty() {
        return None;
    }
    let keys = case.keys();
    let is_table = matches!(case.survey.graph.store(case.store).kind, StoreKind::Table | StoreKind::View);
    let mut of_owner: BTreeSet<&str> = BTreeSet::new();
    for it in case.uses.get(&case.owner).map(|it| it.writes.as_slice()).unwrap_or_default() {
        let access = case.access(*it);
        match access.operation {
            Operation::Delete => {}
            // A row of a table can be born without the columns of others; a document is inserted whole.
            Operation::Insert if is_table && access.columns.is_empty() => {}
            _ if access.columns.is_empty() => return None,
            _ => of_owner.extend(access.columns.iter().map(String::as_str)),
        }
    }
    let mut by_column: BTreeMap<&str, BTreeMap<ServiceId, usize>> = BTreeMap::new();
    for service in &outside {
        for it in &case.uses_of(*service).writes {
            let access = case.access(*it);
            if !matches!(access.operation, Operation::Update | Operation::Upsert) || access.columns.is_empty() {
                return None;
            }
            for column in access.columns.iter().map(String::as_str).filter(|it| !keys.contains(it)) {
                *by_column.entry(column).or_default().entry(*service).or_default() += 1;
            }
        }
    }
    if by_column.is_empty() || by_column.keys().any(|it| of_owner.contains(it)) {
        return None;
    }
    // A column belongs to whoever works with it. Who only ever writes it reports a fact to the owner.
    let reads_back = |service: &ServiceId| {
        case.uses_of(*service).reads.iter().map(|it| case.access(*it)).any(|access| {
            access.columns.is_empty() || access.columns.iter().any(|it| by_column.contains_key(it.as_str()))
        })
    };
    if !outside.iter().any(reads_back) {
        return None;
    }
    let mut columns: BTreeMap<ServiceId, Vec<String>> = BTreeMap::new();
    for (column, writers) in &by_column {
        let most = writers.iter().max_by_key(|(service, sites)| (**sites, std::cmp::Reverse(**service)));
        if let Some((service, _)) = most {
            columns.entry(*service).or_default().push((*column).to_owned());
        }
    }
    let said: Vec<String> = columns
        .iter()
        .map(|(service, columns)| {
            format!("{} alone writes {}", case.survey.name(*service), enumerate(&backticked(columns), 6))
        })
        .collect();
    let text = format!(
        "{} never writes the columns of {} that others update: {}",
        case.survey.name(owner),
        case.name(),
        enumerate(&said, 6)
    );
    let mut parts: Vec<StorePart> = columns
        .into_iter()
        .map(|(service, columns)| StorePart { service, columns, rows: None, sites: case.write_sites([service]) })
        .collect();
    parts.push(StorePart {
        service: owner,
        columns: of_owner.iter().filter(|it| !keys.contains(*it)).map(|it| (*it).to_owned()).collect(),
        rows: None,
        sites: if case.uses.contains_key(&case.owner) { case.write_sites([owner]) } else { Vec::new() },
    });
    parts.retain(|it| !it.sites.is_empty());
    parts.sort_by_key(|it| it.service);
    let mut finding = Case::finding(Verdict::SplitColumns, text, case.write_sites(outside));
    finding.parts = parts;
    Some(finding)
}

/// Owner and outsider write each other's stores in most of their transactions: one service in two halves.
fn shared_transactions(case: &Case) -> Option<Finding> {
    let owner = case.owner.service()?;
    case.outside_writers().into_iter().find_map(|other| {
        let both: Vec<&Saga> = case
            .sagas
            .iter()
            .filter(|it| it.writers.contains(&owner) && it.writers.contains(&other))
            .collect();
        let here = both.iter().any(|saga| saga.steps.iter().any(|it| it.store == case.store));
        if both.len() < 2 || !here {
            return None;
        }
        let (of_owner, of_other) = (units_of_work(case, owner), units_of_work(case, other));
        let share = |units: usize| both.len() as f64 / units.max(1) as f64;
        if share(of_owner) < case.options.merge_share || share(of_other) < case.options.merge_share {
            return None;
        }
        let text = format!(
            "{} and {} write each other's stores in {} ({} of {} units of work of the one and {} of the other): one service in two halves",
            case.survey.name(owner),
            case.survey.name(other),
            count(both.len(), "transaction"),
            both.len(),
            of_owner,
            of_other
        );
        let mut finding = Case::finding(Verdict::MergeServices, text, both.iter().map(|it| it.evidence).collect());
        finding.merged = BTreeSet::from([owner, other]);
        Some(finding)
    })
}

/// Transactions that write stores of a service, and functions that write them outside any transaction.
fn units_of_work(case: &Case, service: ServiceId) -> usize {
    let graph = case.survey.graph;
    let owned = |store: StoreId| case.owners[store.index()].place == Place::Service(service);
    let mut covered: BTreeSet<u32> = BTreeSet::new();
    let mut units = 0;
    for transaction in graph.transactions.iter().filter(|it| case.survey.is_production(it.symbol)) {
        covered.extend(&transaction.accesses);
        units += usize::from(transaction.writes.iter().any(|it| owned(*it)));
    }
    let functions: BTreeSet<_> = case
        .survey
        .uses
        .iter()
        .enumerate()
        .filter(|(store, _)| owned(StoreId(*store as u32)))
        .flat_map(|(_, uses)| uses.values().flat_map(|it| it.writes.iter()))
        .filter(|it| !covered.contains(&it.access))
        .map(|it| graph.accesses[it.access as usize].symbol)
        .collect();
    units + functions.len()
}

fn foreign_writes(case: &Case) -> Option<Finding> {
    let outside = case.outside_writers();
    if outside.is_empty() {
        return None;
    }
    let sites = case.write_sites(outside.iter().copied());
    let uses = outside.iter().flat_map(|it| case.uses_of(*it).writes.iter());
    if uses.clone().all(|it| case.survey.is_cascaded(*it)) {
        let text = format!(
            "{} delete{} rows that those of {} point to, at {}: they go along, so the owner deletes its own when it hears of that",
            case.names(outside.iter().copied()),
            if outside.len() == 1 { "s" } else { "" },
            case.name(),
            count(sites.len(), "site"),
        );
        return Some(Case::finding(Verdict::OwnerExposesApi, text, sites));
    }
    let inside = case.uses.get(&case.owner).map_or(0, |it| case.survey.sites(it.writes.iter().copied()).len());
    let text = format!(
        "{} write{} {} at {}, {} at {}: the writes become operations of the owner",
        case.names(outside.iter().copied()),
        if outside.len() == 1 { "s" } else { "" },
        case.name(),
        count(sites.len(), "site"),
        case.survey.place_name(case.owner),
        inside
    );
    Some(Case::finding(Verdict::OwnerExposesApi, text, sites))
}

/// Most of the outside reads are better served by a copy.
fn copies(case: &Case) -> Option<Finding> {
    let mut reasons = Vec::new();
    let (mut copied, mut asked) = (0, 0);
    for service in &case.outsiders {
        let sites = case.survey.sites(case.uses_of(*service).reads.iter().copied()).len();
        match read_remedy(case, Place::Service(*service)) {
            (Verdict::ReplicateReadModel, reason) => {
                reasons.push(format!("{} {reason}", case.survey.name(*service)));
                copied += sites;
            }
            _ => asked += sites,
        }
    }
    if copied <= asked {
        return None;
    }
    let text = format!(
        "{} is only read from outside: {}; a copy spares a call for each row, and where such a read only counts rows or asks whether there are any, one call does instead",
        case.name(),
        enumerate(&reasons, 4)
    );
    Some(Case::finding(Verdict::ReplicateReadModel, text, case.outside_sites()))
}

fn foreign_reads(case: &Case) -> Finding {
    let text = format!(
        "{} only read{} {}, at {}: {} answers instead",
        case.names(case.outsiders.iter().copied()),
        if case.outsiders.len() == 1 { "s" } else { "" },
        case.name(),
        count(case.outside_sites().len(), "site"),
        case.survey.place_name(case.owner)
    );
    Case::finding(Verdict::OwnerExposesApi, text, case.outside_sites())
}

fn quoted(values: &BTreeSet<String>) -> String {
    enumerate(&values.iter().map(|it| format!("'{it}'")).collect::<Vec<_>>(), 4)
}

fn backticked(names: &[String]) -> Vec<String> {
    names.iter().map(|it| format!("`{it}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_id() {
        let ids: Vec<_> = rule_ids().collect();
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len());
    }
}
