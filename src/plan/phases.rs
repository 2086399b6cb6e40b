//! How one service is extracted, stage by stage, in the field's own practice.
//!
//! A stage holds a step only where the graph holds a place for it. Where a stage cannot be planned it refuses in words and
//! says what to add. Durations, row counts and sizes are not in a checkout and never appear.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::graph::{Direction, Evidence, StoreId, StoreKind, SymbolId, SymbolKind};
use crate::model::partition::{Place, ServiceId};
use crate::model::plan::{
    KernelModule, Party, Phase, Plan, Refusal, Saga, ServicePlan, ServicePrefix, Stage, Statement, StepRole, StorePlan,
    Verdict,
};
use crate::model::sql::Effect;
use crate::model::wording::{count, enumerate, short_name};
use crate::plan::seams::Crossings;
use crate::plan::survey::{Survey, statement, unique};

/// What the phases of one service are made from.
struct Ctx<'a> {
    survey: &'a Survey<'a>,
    plan: &'a ServicePlan,
    crossings: &'a Crossings,
    stores: &'a [StorePlan],
    sagas: &'a [Saga],
    kernel: &'a [KernelModule],
    name: &'a str,
    /// Services that left before, by id.
    gone: BTreeSet<ServiceId>,
}

/// The phases of every service, by service.
pub(super) fn phases(survey: &Survey, plan: &Plan, crossings: &Crossings) -> Vec<Vec<Phase>> {
    plan.services
        .iter()
        .map(|service| {
            let ctx = Ctx {
                survey,
                plan: service,
                crossings,
                stores: &plan.stores,
                sagas: &plan.sagas,
                kernel: &plan.kernel,
                name: survey.name(service.service),
                gone: plan.order.steps.iter().map(|it| it.service).take_while(|it| *it != service.service).collect(),
            };
            vec![
                characterize(&ctx),
                decouple(&ctx),
                untangle(&ctx),
                split_schema(&ctx),
                build(&ctx),
                move_data(&ctx),
                route(&ctx),
                decommission(&ctx),
            ]
        })
        .collect()
}

impl<'a> Ctx<'a> {
    fn service(&self) -> ServiceId {
        self.plan.service
    }

    fn place(&self) -> Place {
        Place::Service(self.plan.service)
    }

    /// Plans of the stores the service owns.
    fn owned(&self) -> impl Iterator<Item = &'a StorePlan> {
        let place = self.place();
        self.stores.iter().filter(move |it| it.ownership.place == place)
    }

    /// Plans of the stores of others that the service touches.
    fn foreign(&self) -> impl Iterator<Item = (&'a StorePlan, &'a crate::model::plan::Party)> {
        let place = self.place();
        self.stores
            .iter()
            .filter(move |it| it.ownership.place != place)
            .filter_map(move |it| Some((it, it.parties.iter().find(|party| party.place == place)?)))
    }

    fn store_names(&self, stores: impl IntoIterator<Item = StoreId>) -> String {
        let names: Vec<String> = stores.into_iter().map(|it| format!("`{}`", self.survey.store_name(it))).collect();
        enumerate(&names, 8)
    }

    fn endpoint_sites(&self) -> Vec<Evidence> {
        self.plan.endpoints.iter().map(|it| self.survey.graph.endpoints[*it as usize].evidence).collect()
    }

    fn move_sites(&self) -> Vec<Evidence> {
        let first = |it: &crate::model::plan::FileMove| {
            it.ranges.first().map(|range| Evidence { file: it.file, line: range.first })
        };
        self.plan.moves.iter().filter_map(first).collect()
    }

    /// Plans of the stores the service owns that are of some kind.
    fn owned_of(&self, is_it: impl Fn(StoreKind) -> bool) -> Vec<&'a StorePlan> {
        self.owned().filter(|it| is_it(self.survey.graph.store(it.store).kind)).collect()
    }

    /// Sites of the service's own or others' uses of some of its stores.
    fn uses_of(&self, stores: &[&StorePlan], effect: Effect, own: bool) -> Vec<Evidence> {
        let mut sites = Vec::new();
        for plan in stores {
            for party in plan.parties.iter().filter(|it| (it.place == self.place()) == own) {
                let uses = if effect == Effect::Read { &party.reads } else { &party.writes };
                sites.extend(self.survey.sites(uses.iter().copied()));
            }
        }
        sites
    }

    /// Steps between the services of a seam: `(other service, crossing)` in the given direction.
    fn neighbors(&self, incoming: bool) -> impl Iterator<Item = (ServiceId, &'a crate::model::plan::Crossing)> {
        let service = self.service();
        self.crossings.iter().filter_map(move |((from, to), crossing)| match incoming {
            true if *to == service => Some((*from, crossing)),
            false if *from == service => Some((*to, crossing)),
            _ => None,
        })
    }
}

/// The steps of a phase: the service's own, and those that stand for every service alike.
#[derive(Default)]
struct Steps {
    all: Vec<Statement>,
    standing: Vec<u32>,
}

impl Steps {
    fn push(&mut self, step: Option<Statement>) {
        self.all.extend(step);
    }

    /// A step that [`Stage::practice`] says for every service, with the places it has in this one.
    fn push_standing(&mut self, step: Option<Statement>) {
        if let Some(step) = step {
            self.standing.push(self.all.len() as u32);
            self.all.push(step);
        }
    }
}

/// A phase without exit and rollback where it has no steps.
fn phase(stage: Stage, steps: Steps, refusals: Vec<Refusal>) -> Phase {
    let sites: Vec<Evidence> = steps.all.iter().flat_map(|it| it.sites.iter().copied()).collect();
    Phase {
        stage,
        exit: statement(stage.exit(), sites.iter().copied()),
        rollback: statement(stage.rollback(), sites),
        steps: steps.all,
        standing: steps.standing,
        refusals,
    }
}

fn refusal(reason: String, remedy: &str) -> Refusal {
    Refusal { reason, remedy: remedy.to_owned() }
}

fn characterize(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    let mut refusals = Vec::new();
    if ctx.plan.tests.is_empty() {
        refusals.push(refusal(
            format!("no test was found that calls code of {}: what must not change is written down nowhere", ctx.name),
            "add tests that call it, or tests through its endpoints, and run again",
        ));
    } else {
        steps.push(statement(
            format!(
                "Keep {} green that call{} this code today",
                count(ctx.plan.tests.len(), "test"),
                if ctx.plan.tests.len() == 1 { "s" } else { "" }
            ),
            ctx.plan.tests.iter().map(|it| ctx.survey.definition(*it)),
        ));
    }
    steps.push_standing(statement(
        format!(
            "Record request and answer of {} as characterization tests, errors included",
            count(ctx.plan.endpoints.len(), "endpoint")
        ),
        ctx.endpoint_sites(),
    ));
    let entries = entry_points(ctx);
    let names = once(entries.iter().map(|it| format!("`{}`", short_name(&graph.symbol(*it).name))));
    steps.push(statement(
        format!("Pin down {} that other code calls: {}", count(entries.len(), "function"), enumerate(&names, 6)),
        entries.iter().map(|it| ctx.survey.definition(*it)),
    ));
    steps.push(statement(
        format!(
            "Look by hand at {} in this code that could not be resolved",
            count(ctx.plan.blind_spots.len(), "place")
        ),
        ctx.plan.blind_spots.iter().map(|it| graph.blind_spots[*it as usize].evidence),
    ));
    let doubts: Vec<String> = ctx
        .plan
        .doubts
        .iter()
        .map(|it| {
            format!("`{}` ({} instead?)", short_name(&graph.symbol(it.symbol).name), ctx.survey.name(it.runner_up))
        })
        .collect();
    steps.push(statement(
        format!(
            "Decide {} that could as well be elsewhere: {}",
            count(doubts.len(), "placement"),
            enumerate(&doubts, 5)
        ),
        ctx.plan.doubts.iter().map(|it| ctx.survey.definition(it.symbol)),
    ));
    let conflicts: Vec<Evidence> =
        ctx.owned().flat_map(|it| graph.store(it.store).conflicts.iter().map(|it| it.0)).collect();
    steps.push(statement("Settle definitions of its stores that contradict each other", conflicts));
    phase(Stage::Characterize, steps, refusals)
}

/// Functions of the service that other services call, sorted.
fn entry_points(ctx: &Ctx) -> Vec<SymbolId> {
    let calls = ctx.neighbors(true).flat_map(|(_, it)| it.calls.iter());
    unique(calls.map(|it| ctx.survey.graph.calls[*it as usize].to))
}

fn decouple(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    for (from, crossing) in ctx.neighbors(true) {
        let names = contract_names(ctx, crossing, true);
        steps.push(statement(
            format!(
                "Put an interface in front of {} for {}: {}",
                ctx.name,
                ctx.survey.name(from),
                enumerate(&names, 6)
            ),
            crossing.calls.iter().map(|it| graph.calls[*it as usize].evidence),
        ));
    }
    for (to, crossing) in ctx.neighbors(false) {
        let names = contract_names(ctx, crossing, true);
        steps.push(statement(
            format!(
                "Behind a client of its own (anti-corruption layer), call {} of {}",
                enumerate(&names, 6),
                ctx.survey.name(to)
            ),
            crossing.calls.iter().map(|it| graph.calls[*it as usize].evidence),
        ));
        let types: Vec<String> = unique(crossing.types.iter().map(|it| graph.references[*it as usize].to))
            .into_iter()
            .filter(|it| matches!(graph.symbol(*it).kind, SymbolKind::Type | SymbolKind::Interface))
            .map(|it| format!("`{}`", short_name(&graph.symbol(it).name)))
            .collect();
        let sites: Vec<Evidence> = crossing
            .types
            .iter()
            .map(|it| &graph.references[*it as usize])
            .filter(|it| matches!(graph.symbol(it.to).kind, SymbolKind::Type | SymbolKind::Interface))
            .map(|it| it.evidence)
            .collect();
        steps.push(statement(
            format!(
                "Copy or map {} of {} at the border: {}",
                count(types.len(), "type"),
                ctx.survey.name(to),
                enumerate(&types, 6)
            ),
            sites,
        ));
    }
    let mut along: BTreeMap<Place, Vec<(&StorePlan, &Party)>> = BTreeMap::new();
    for (plan, party) in ctx.foreign() {
        if ctx.survey.only_cascades(party) {
            along.entry(plan.ownership.place).or_default().push((plan, party));
        } else {
            steps.push_standing(foreign_store_step(ctx, plan, party));
        }
    }
    for (owner, gone) in along {
        let names: Vec<String> = gone.iter().map(|it| format!("`{}`", ctx.survey.store_name(it.0.store))).collect();
        let text = format!(
            "Announce what is deleted by an event: rows of {} of {} go along today",
            enumerate(&names, 4),
            ctx.survey.place_name(owner)
        );
        steps.push(statement(text, gone.iter().flat_map(|it| ctx.survey.sites(it.1.uses()))));
    }
    for plan in ctx.owned() {
        let outside: Vec<_> = plan.parties.iter().filter(|it| it.remedy == Some(Verdict::OwnerExposesApi)).collect();
        let callers: Vec<String> = outside.iter().map(|it| ctx.survey.place_name(it.place)).collect();
        let names: Vec<String> = plan.operations.iter().map(|it| format!("`{}{}`", it.name, it.signature)).collect();
        if names.is_empty() {
            continue;
        }
        steps.push_standing(statement(
            format!(
                "Offer {} on `{}` to {}: {}",
                count(names.len(), "operation"),
                ctx.survey.store_name(plan.store),
                enumerate(&callers, 5),
                enumerate(&names, 4)
            ),
            plan.operations.iter().flat_map(|it| it.sites.iter().copied()),
        ));
    }
    let used: Vec<&KernelModule> = ctx.kernel.iter().filter(|it| it.users.contains(&ctx.service())).collect();
    let names: Vec<String> = used.iter().map(|it| format!("`{}`", graph.module(it.module).name)).collect();
    steps.push(statement(
        format!("Use {} of the shared kernel as a library: {}", count(names.len(), "module"), enumerate(&names, 5)),
        used.iter().map(|it| it.evidence),
    ));
    phase(Stage::Decouple, steps, Vec::new())
}

/// What replaces the service's own access to a store of another.
fn foreign_store_step(ctx: &Ctx, plan: &StorePlan, party: &Party) -> Option<Statement> {
    let remedy = party.remedy?;
    let store = ctx.survey.store_name(plan.store);
    let owner = ctx.survey.place_name(plan.ownership.place);
    let sites = ctx.survey.sites(party.uses().filter(|it| !ctx.survey.is_cascaded(*it)));
    let size = count(sites.len(), "access");
    let text = match remedy {
        Verdict::OwnerExposesApi => {
            let names: Vec<String> = plan
                .operations
                .iter()
                .filter(|it| it.callers.contains(&party.place))
                .map(|it| format!("`{}`", it.name))
                .collect();
            format!("Replace {size} to `{store}` by calls to {owner}: {}", enumerate(&names, 4))
        }
        Verdict::ReplicateReadModel => {
            format!("Keep a copy of what it reads of `{store}`, refreshed by events of {owner}, for {size}")
        }
        Verdict::CopyReference => format!("Copy `{store}` as reference data, for {size}"),
        Verdict::SplitColumns => {
            format!("Keep its own columns of `{store}` in a table of its own under the same key: {size}")
        }
        Verdict::SplitRows => format!("Keep its own rows of `{store}` in a table of its own: {size}"),
        Verdict::SequencePerService => format!("Count in a sequence of its own instead of `{store}`: {size}"),
        Verdict::MergeServices => format!("Decide whether to merge with {owner} before touching {size} to `{store}`"),
        Verdict::StaysShared | Verdict::MovesWithService => {
            format!("Leave {size} to `{store}` as they are: {}", party.reason)
        }
    };
    statement(text, sites)
}

/// Short names of the functions of an interface, with signatures where `signed`.
fn contract_names(ctx: &Ctx, crossing: &crate::model::plan::Crossing, signed: bool) -> Vec<String> {
    let graph = ctx.survey.graph;
    // One call that may reach a function of the same name in several types asks for one of them.
    let mut asked = BTreeSet::new();
    let calls = crossing.calls.iter().map(|it| &graph.calls[*it as usize]);
    let first = calls.filter(|it| {
        let name = graph.symbol(it.to).name.rsplit(['.', ':']).next().unwrap_or_default();
        asked.insert((it.evidence, name))
    });
    let functions = unique(first.map(|it| it.to));
    let names = functions.into_iter().map(|it| {
        let symbol = graph.symbol(it);
        let signature = if signed && symbol.signature.len() <= 60 { symbol.signature.as_str() } else { "" };
        format!("`{}{signature}`", short_name(&symbol.name))
    });
    once(names)
}

/// Names in their order, each once: several functions of one name read like a mistake.
fn once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|it| seen.insert(it.clone())).collect()
}

fn untangle(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    // What crosses to a service that left before was dissolved then.
    let mut done: Vec<Evidence> = Vec::new();
    for saga in ctx.plan.sagas.iter().map(|it| &ctx.sagas[*it as usize]) {
        if saga.writers.iter().chain(&saga.readers).any(|it| ctx.gone.contains(it)) {
            done.push(saga.evidence);
        } else {
            steps.push(saga_step(ctx, saga));
        }
    }
    let owner =
        |store: StoreId| ctx.stores.iter().find(|it| it.store == store).and_then(|it| it.ownership.place.service());
    let left = |store: StoreId| owner(store).is_some_and(|it| ctx.gone.contains(&it));
    let joins: BTreeSet<u32> = ctx.owned().flat_map(|it| it.joins.iter().copied()).collect();
    // The joins of one function are one piece of work.
    let mut by_function: BTreeMap<SymbolId, (BTreeSet<StoreId>, Vec<Evidence>)> = BTreeMap::new();
    for join in joins.into_iter().map(|it| &graph.joins[it as usize]) {
        if join.stores.iter().any(|it| left(*it)) {
            done.push(join.evidence);
            continue;
        }
        let (stores, sites) = by_function.entry(join.symbol).or_default();
        stores.extend(&join.stores);
        sites.push(join.evidence);
    }
    for (function, (stores, sites)) in by_function {
        let function = short_name(&graph.symbol(function).name);
        let joins = if sites.len() == 1 { "the join".to_owned() } else { count(sites.len(), "join") };
        steps.push(statement(
            format!(
                "Compose {joins} of {} in `{function}` from separate answers, or read a copy",
                ctx.store_names(stores)
            ),
            sites,
        ));
    }
    let mut seen = BTreeSet::new();
    let mut keys = Vec::new();
    for key in ctx.owned().flat_map(|it| &it.foreign_keys) {
        if !seen.insert((key.store, key.columns.clone(), key.references)) {
            continue;
        }
        if left(key.store) || left(key.references) {
            done.push(key.evidence);
        } else {
            keys.push(key);
        }
    }
    let names: Vec<String> = keys
        .iter()
        .map(|it| {
            let (from, to) = (ctx.survey.store_name(it.store), ctx.survey.store_name(it.references));
            format!("`{from}.{}` to `{to}`", enumerate(&it.columns, 4))
        })
        .collect();
    steps.push(statement(
        format!("Take out {}: {}", count(keys.len(), "foreign key"), enumerate(&names, 30)),
        keys.iter().flat_map(|it| it.steps.iter().flat_map(|it| it.sites.iter().copied())),
    ));
    steps.push(statement("Check that nothing came back of what was dissolved for the services that left before", done));
    phase(Stage::Untangle, steps, Vec::new())
}

fn saga_step(ctx: &Ctx, saga: &Saga) -> Option<Statement> {
    let graph = ctx.survey.graph;
    let function = short_name(&graph.symbol(saga.symbol).name);
    let mut sites: Vec<Evidence> = saga.steps.iter().map(|it| it.evidence).collect();
    sites.push(saga.evidence);
    let owners: Vec<&str> = saga.writers.iter().chain(&saga.readers).map(|it| ctx.survey.name(*it)).collect();
    if !saga.is_distributed() {
        let text = format!(
            "Read what `{function}` needs of {} before its transaction opens",
            enumerate(&owners[saga.writers.len()..], 4)
        );
        return statement(text, sites);
    }
    let pivot = unique(saga.steps.iter().filter(|it| it.role == StepRole::Pivot).map(|it| it.store));
    let after =
        if saga.steps.iter().any(|it| it.role == StepRole::Retriable) { " and an outbox for what follows" } else { "" };
    let pivot = if pivot.is_empty() {
        String::new()
    } else {
        format!(", with what is written to {} as pivot{after}", ctx.store_names(pivot))
    };
    statement(format!("Turn the transaction of `{function}` over {} into a saga{pivot}", enumerate(&owners, 5)), sites)
}

fn split_schema(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    let mut refusals = Vec::new();
    let mut by_kind: BTreeMap<StoreKind, Vec<StoreId>> = BTreeMap::new();
    for store in &ctx.plan.stores {
        by_kind.entry(graph.store(*store).kind).or_default().push(*store);
    }
    for (kind, stores) in &by_kind {
        let names = ctx.store_names(stores.iter().copied());
        let text = match kind {
            StoreKind::Table | StoreKind::View => {
                format!(
                    "Move {names} into a schema `{}` of the same server, with a role that sees no other",
                    ctx.name.replace('-', "_")
                )
            }
            StoreKind::Collection => format!(
                "Give {names} a database `{}` on the same server, with a user that sees no other",
                ctx.name.replace('-', "_")
            ),
            StoreKind::Cache => format!(
                "Keep the names of the keys {names} while two programs use them, above all where a key is a lock; a name space and credentials of {} come after that",
                ctx.name
            ),
            StoreKind::Topic | StoreKind::Bucket => {
                format!("Give {names} a name space and credentials of {}", ctx.name)
            }
        };
        steps.push(statement(text, stores.iter().flat_map(|it| ctx.survey.store_sites(*it))));
    }
    if ctx.plan.stores.is_empty() {
        refusals.push(refusal(
            format!("no store was found that {} owns: there is no schema to split", ctx.name),
            "if it has one, name it under `stores` of the service in seamline.toml",
        ));
    }
    for plan in ctx.owned().filter(|it| matches!(it.verdict, Verdict::SplitColumns | Verdict::SplitRows)) {
        for part in plan.parts.iter().filter(|it| it.service != ctx.service()) {
            let what = match &part.rows {
                Some((column, values)) => format!("the rows with {column} = {}", enumerate(values, 4)),
                None => enumerate(&part.columns, 6),
            };
            steps.push(statement(
                format!(
                    "Take {what} of `{}` out into a table of {}, under the same key",
                    ctx.survey.store_name(plan.store),
                    ctx.survey.name(part.service)
                ),
                part.sites.iter().copied(),
            ));
        }
    }
    let at_run_time = ctx.owned().flat_map(|it| &ctx.survey.schema_uses[it.store.index()]);
    steps.push(statement(
        "Take the statements along that create or change these stores while the program runs",
        at_run_time.map(|it| graph.accesses[*it as usize].evidence),
    ));
    for plan in ctx.owned().filter(|it| it.verdict == Verdict::SequencePerService) {
        steps.push(statement(
            format!(
                "Start one sequence per service in place of `{}`, each from its present value",
                ctx.survey.store_name(plan.store)
            ),
            plan.reason.sites.iter().copied(),
        ));
    }
    phase(Stage::SplitSchema, steps, refusals)
}

fn build(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    let whole = ctx.plan.moves.iter().filter(|it| it.whole).count();
    let partial = ctx.plan.moves.len() - whole;
    let mut what = Vec::new();
    if whole > 0 {
        what.push(count(whole, "whole file"));
    }
    if partial > 0 {
        what.push(format!("parts of {}", count(partial, "file")));
    }
    steps.push(statement(
        format!(
            "Start from `seamline scaffold {}` and move {} into it: {} ({})",
            ctx.name,
            count(ctx.plan.lines as usize, "line"),
            enumerate(&what, 2),
            count(ctx.plan.functions as usize, "function")
        ),
        ctx.move_sites(),
    ));
    for (perhaps, text) in
        [(false, "Declare the packages it imports"), (true, "Look which packages of the shared files its part needs")]
    {
        // Without a manifest nothing is declared, and everything imported is worth a look.
        let manifest = graph.packages.iter().any(|it| !it.dependencies.is_empty());
        let packages: Vec<_> =
            ctx.plan.packages.iter().filter(|it| it.perhaps == perhaps && (it.declared || !manifest)).collect();
        let names: Vec<String> = packages.iter().map(|it| format!("`{}`", it.name)).collect();
        steps.push_standing(statement(
            format!("{text}: {}", enumerate(&names, 8)),
            packages.iter().flat_map(|it| it.sites.iter().copied().take(1)),
        ));
    }
    for direction in [Direction::Publish, Direction::Subscribe] {
        let own: Vec<_> = graph
            .messages
            .iter()
            .filter(|it| it.direction == direction && ctx.survey.partition.symbol(it.symbol) == ctx.place())
            .collect();
        let topics: Vec<String> = unique(own.iter().map(|it| format!("`{}`", it.topic)));
        let verb = if direction == Direction::Publish { "Publish" } else { "Subscribe to" };
        steps.push(statement(format!("{verb} {}", enumerate(&topics, 6)), own.iter().map(|it| it.evidence)));
    }
    let remote: Vec<_> =
        graph.remote_calls.iter().filter(|it| ctx.survey.partition.symbol(it.symbol) == ctx.place()).collect();
    let addresses: Vec<String> = unique(remote.iter().filter_map(|it| it.address.as_ref()).map(|it| format!("`{it}`")));
    steps.push(statement(
        format!("Let it reach {}, with credentials of its own", enumerate(&addresses, 6)),
        remote.iter().filter(|it| it.address.is_some()).map(|it| it.evidence),
    ));
    let needs: Vec<&str> = ctx.plan.fan_out.iter().map(|it| ctx.survey.name(*it)).collect();
    let sites: Vec<Evidence> = ctx
        .neighbors(false)
        .flat_map(|(_, it)| {
            it.calls
                .iter()
                .map(|it| graph.calls[*it as usize].evidence)
                .chain(it.accesses.iter().map(|it| graph.accesses[*it as usize].evidence))
        })
        .collect();
    steps.push_standing(statement(
        format!("Give every call to {} a timeout, a retry limit and a request id", enumerate(&needs, 6)),
        sites,
    ));
    let mut refusals = Vec::new();
    if ctx.plan.moves.is_empty() {
        refusals.push(refusal(
            format!("no code was placed in {}: there is nothing to move", ctx.name),
            "name its files or modules in seamline.toml",
        ));
    }
    phase(Stage::Build, steps, refusals)
}

fn move_data(ctx: &Ctx) -> Phase {
    let mut refusals = Vec::new();
    let mut steps = Steps::default();
    if ctx.plan.stores.is_empty() {
        refusals.push(refusal(
            format!("{} owns no store that was found: no data moves", ctx.name),
            "if it has one, name it under `stores` of the service in seamline.toml",
        ));
        return phase(Stage::MoveData, steps, refusals);
    }
    let rows = ctx.owned_of(StoreKind::holds_rows);
    if !rows.is_empty() {
        move_rows(ctx, &rows, &mut steps, &mut refusals);
    }
    let keys = ctx.owned_of(|it| it == StoreKind::Cache);
    steps.push(statement(
        format!(
            "Start without the keys {} and let them fill by use: there is nothing to backfill. What cannot be made again is copied once, while nobody writes; where a key is a lock, both programs use the same one until the old writer is gone",
            ctx.store_names(keys.iter().map(|it| it.store))
        ),
        keys.iter().flat_map(|it| ctx.survey.store_sites(it.store)),
    ));
    let files = ctx.owned_of(|it| it == StoreKind::Bucket);
    steps.push(statement(
        format!(
            "Copy the objects of {}, write new ones to both, and compare names and checksums before the reads switch",
            ctx.store_names(files.iter().map(|it| it.store))
        ),
        files.iter().flat_map(|it| ctx.survey.store_sites(it.store)),
    ));
    phase(Stage::MoveData, steps, refusals)
}

/// Tables and collections: written twice, backfilled, verified, switched.
fn move_rows(ctx: &Ctx, stores: &[&StorePlan], steps: &mut Steps, refusals: &mut Vec<Refusal>) {
    let sites = |effect: Effect| unique([true, false].into_iter().flat_map(|own| ctx.uses_of(stores, effect, own)));
    let (reads, writes) = (sites(Effect::Read), sites(Effect::Write));
    let names = ctx.store_names(stores.iter().map(|it| it.store));
    let defined = || stores.iter().flat_map(|it| ctx.survey.store_sites(it.store));
    if writes.is_empty() {
        refusals.push(refusal(
            format!("no write to {names} was found: where to write twice cannot be said"),
            "look for writers among the blind spots and outside of this checkout",
        ));
    }
    steps.push(statement(format!("Dual write at {}", count(writes.len(), "write site")), writes.iter().copied()));
    steps.push(statement(format!("Backfill {names}"), defined()));
    steps.push_standing(statement(
        "Verify until nothing differs: row counts, checksums by key range, sampled rows field by field",
        defined(),
    ));
    steps.push(statement(
        format!("Switch reads: {} read the new database behind a flag", count(reads.len(), "read site")),
        reads,
    ));
    steps
        .push_standing(statement("Switch writes: the new database is the truth, the old one is still written", writes));
}

fn route(ctx: &Ctx) -> Phase {
    let graph = ctx.survey.graph;
    let mut steps = Steps::default();
    let mut refusals = Vec::new();
    if ctx.plan.endpoints.is_empty() {
        let called = !entry_points(ctx).is_empty()
            || graph.messages.iter().any(|it| ctx.survey.partition.symbol(it.symbol) == ctx.place());
        let remedy = if called {
            "it is reached by calls or messages: switch those at its interface, or add the pattern of its routes under `queries` in seamline.toml"
        } else {
            "add the pattern of its routes under `queries` in seamline.toml, or name what starts it"
        };
        refusals.push(refusal(format!("no endpoint was found for {}: routing cannot be planned", ctx.name), remedy));
    }
    let mut plain: Vec<(String, Vec<Evidence>)> = Vec::new();
    for prefix in &ctx.plan.prefixes {
        let endpoints: Vec<_> = prefix.endpoints.iter().map(|it| &graph.endpoints[*it as usize]).collect();
        let sites: Vec<Evidence> = endpoints.iter().map(|it| it.evidence).collect();
        let what = format!("`{}` ({})", prefix.prefix, count(endpoints.len(), "endpoint"));
        if prefix.shared_with.is_empty() {
            match taken_along(ctx, prefix) {
                it if it.is_empty() => plain.push((what, sites)),
                it => steps.push(statement(format!("Route {what} to {}{it}", ctx.name), sites)),
            }
            continue;
        }
        let others: Vec<String> = prefix.shared_with.iter().map(|it| ctx.survey.place_name(*it)).collect();
        let paths: Vec<String> = endpoints.iter().map(|it| format!("`{} {}`", it.method, it.path)).collect();
        let text = format!(
            "Route by method and full path, for `{}` is served by {} as well: {}",
            prefix.prefix,
            enumerate(&others, 4),
            enumerate(&paths, 6)
        );
        steps.push(statement(text, sites));
    }
    // What no other route begins like is one entry of the gateway each, and one piece of work.
    let (names, sites): (Vec<String>, Vec<Vec<Evidence>>) = plain.into_iter().unzip();
    let text = format!("Route {} to {}", enumerate(&names, 40), ctx.name);
    steps.push(statement(text, sites.into_iter().flatten()));
    let [canary, weights] = Stage::Route.practice() else { return phase(Stage::Route, steps, refusals) };
    for text in [canary, weights] {
        steps.push_standing(statement(*text, ctx.endpoint_sites()));
    }
    phase(Stage::Route, steps, refusals)
}

/// Routes of others that begin with the characters of a prefix: a gateway that compares characters would take them along.
fn taken_along(ctx: &Ctx, prefix: &ServicePrefix) -> String {
    let graph = ctx.survey.graph;
    let others: BTreeSet<String> = graph
        .endpoints
        .iter()
        .filter(|it| it.path.starts_with(&prefix.prefix) && ctx.survey.partition.symbol(it.handler) != ctx.place())
        .map(|it| format!("`{}` of {}", it.path, ctx.survey.place_name(ctx.survey.partition.symbol(it.handler))))
        .collect();
    let others: Vec<String> = others.into_iter().collect();
    if others.is_empty() {
        return String::new();
    }
    let by_parts = graph.endpoints.iter().any(|it| {
        let rest = it.path.strip_prefix(prefix.prefix.trim_end_matches('/'));
        rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
            && ctx.survey.partition.symbol(it.handler) != ctx.place()
    });
    let how = if by_parts { "by method and full path" } else { "by whole parts of the path" };
    format!(", {how}: what begins with the same characters is not its own ({})", enumerate(&others, 4))
}

fn decommission(ctx: &Ctx) -> Phase {
    let mut steps = Steps::default();
    let partial = ctx.plan.moves.iter().any(|it| !it.whole);
    steps.push_standing(statement(
        format!(
            "Delete the {} from the monolith{}",
            count(ctx.plan.lines as usize, "moved line"),
            if partial { ", in shared files by the ranges listed" } else { "" }
        ),
        ctx.move_sites(),
    ));
    let incoming: Vec<Evidence> = ctx
        .neighbors(true)
        .flat_map(|(_, it)| it.calls.iter().map(|it| ctx.survey.graph.calls[*it as usize].evidence))
        .collect();
    steps.push_standing(statement(
        "Let the interface inside the monolith call the service only, and delete its old implementation",
        incoming,
    ));
    let rows = ctx.owned_of(StoreKind::holds_rows);
    let names = ctx.store_names(rows.iter().map(|it| it.store));
    steps.push_standing(statement(
        format!("Stop writing the old {names}; keep them read-only for as long as a way back is wanted, then archive and drop them"),
        rows.iter().flat_map(|it| ctx.survey.store_sites(it.store)),
    ));
    let others = ctx.owned_of(|it| !it.holds_rows());
    steps.push(statement(
        format!(
            "Revoke the monolith's credentials for {}, and let what it left there expire",
            ctx.store_names(others.iter().map(|it| it.store))
        ),
        others.iter().flat_map(|it| ctx.survey.store_sites(it.store)),
    ));
    phase(Stage::Decommission, steps, Vec::new())
}
