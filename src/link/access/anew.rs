//! Rows that expired when a unit of work was settled, and are read anew by what is called afterwards.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::Accesses;
use crate::link::access::pending::Settled;
use crate::link::calls::{RawCall, visit};
use crate::link::names::program::Def;
use crate::link::storage::stores::Stores;
use crate::link::values::guards::Held;
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::fact::{DefId, ExprId, ExprKind, FileFacts, StepKind};
use crate::model::graph::Confidence;
use crate::model::sql::{Effect, Operation};

/// Calls down from the function that settled.
const MOST_CALLS: u32 = 3;
/// Functions looked at for one that settled.
const MOST_FUNCTIONS: usize = 64;

/// Columns of rows that a function reads.
struct ColumnRead {
    line: u32,
    store: usize,
    /// With the row, rows of these are read.
    eager: Vec<usize>,
    /// The row came into the function from outside.
    is_handed: bool,
}

/// What is known of functions so far.
struct Walk<'c> {
    calls: &'c FxHashMap<Def, Vec<(u32, Def)>>,
    settled: &'c FxHashSet<Def>,
    reads: FxHashMap<Def, Rc<Vec<ColumnRead>>>,
}

/// A function, its line, a store.
type Reread = (Def, u32, usize);

impl Inference<'_> {
    /// Whether every unit of work that the program makes (`access.reads "made"`) is told to keep its rows (`"never"`).
    pub(crate) fn rows_are_kept(&mut self) -> bool {
        self.all_made_so("never")
    }

    /// Whether every unit of work that the program makes is one that must be awaited (`"awaited"`): its rows load nothing when a
    /// relation is read.
    pub(crate) fn rows_load_awaited(&mut self) -> bool {
        self.all_made_so("awaited")
    }

    /// Whether the program makes units of work, and each as a rule with this word of `access.reads` says.
    fn all_made_so(&mut self, so: &str) -> bool {
        let mut made: FxHashSet<(u32, u32)> = FxHashSet::default();
        let mut meant: FxHashSet<(u32, u32)> = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.has("access.settle") && it.settings.contains_key("access.reads")) {
            let places = match rule.settings.get("access.reads").map(String::as_str) {
                Some("made") => &mut made,
                Some(word) if word == so => &mut meant,
                _ => continue,
            };
            let is_test = self.program.is_test(self.program.def(unit, hit.owner));
            if !is_test && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes {
                places.insert((unit, hit.line));
            }
        }
        !meant.is_empty() && made.is_subset(&meant)
    }

    /// Gives the reads to the functions that are called after a unit of work was settled and look at a row first.
    pub(crate) fn rows_read_below(
        &mut self,
        calls: &[RawCall],
        settled: &[(Def, Settled)],
        stores: &mut Stores,
        found: &mut Accesses,
    ) {
        let mut certain: Vec<(Def, u32, Def)> = (calls.iter())
            .filter(|it| it.confidence == Confidence::Certain && it.from != it.to)
            .map(|it| (it.from, it.line, it.to))
            .collect();
        certain.sort_unstable();
        certain.dedup();
        let mut below: FxHashMap<Def, Vec<(u32, Def)>> = FxHashMap::default();
        for (from, line, to) in certain {
            below.entry(from).or_default().push((line, to));
        }
        let all: FxHashSet<Def> = settled.iter().map(|it| it.0).collect();
        let mut walk = Walk { calls: &below, settled: &all, reads: FxHashMap::default() };
        let mut known: FxHashSet<(u32, DefId, usize)> = (found.accesses.iter())
            .filter(|it| it.operation.effect() == Effect::Read)
            .map(|it| (it.unit, self.named_owner(it.unit, it.owner), it.store))
            .collect();
        for (def, at) in settled {
            if self.program.is_test(*def) {
                continue;
            }
            let mut done: FxHashSet<usize> = FxHashSet::default();
            let mut seen: FxHashSet<Def> = FxHashSet::default();
            let mut reread: Vec<Reread> = Vec::new();
            self.first_looks(stores, &mut walk, *def, (at.after, at.until), 0, &mut done, &mut seen, &mut reread);
            for (by, line, store) in reread {
                let (unit, owner) = self.program.local(by);
                if known.insert((unit, owner, store)) {
                    stores.drafts[store].used = true;
                    let step = (store, Operation::Select, Confidence::Likely);
                    found.accesses.push(self.access_at(unit, owner, line, at.rule, step));
                }
            }
        }
    }

    /// What a function and those it calls look at first, behind a line and up to another, in the order in which it is written.
    fn first_looks(
        &mut self,
        stores: &Stores,
        walk: &mut Walk<'_>,
        def: Def,
        (after, until): (u32, u32),
        level: u32,
        done: &mut FxHashSet<usize>,
        seen: &mut FxHashSet<Def>,
        reread: &mut Vec<Reread>,
    ) {
        let reads = if let Some(known) = walk.reads.get(&def) {
            known.clone()
        } else {
            let reads = Rc::new(self.column_reads(stores, def));
            walk.reads.insert(def, reads.clone());
            reads
        };
        let below = walk.calls.get(&def).map(Vec::as_slice).unwrap_or_default();
        let here = |line: u32| line > after && line <= until;
        let mut reads = reads.iter().filter(|it| here(it.line)).peekable();
        for (line, to) in below.iter().filter(|it| here(it.0)).chain([&(u32::MAX, def)]) {
            while let Some(read) = reads.next_if(|it| it.line <= *line) {
                if !done.insert(read.store) || level == 0 {
                    done.extend(&read.eager);
                    continue;
                }
                if read.is_handed {
                    reread.push((def, read.line, read.store));
                    reread.extend(read.eager.iter().filter(|it| done.insert(**it)).map(|it| (def, read.line, *it)));
                }
            }
            let goes_on = level < MOST_CALLS && seen.len() < MOST_FUNCTIONS && !walk.settled.contains(to);
            if goes_on && *to != def && seen.insert(*to) {
                self.first_looks(stores, walk, *to, (0, u32::MAX), level + 1, done, seen, reread);
            }
        }
    }

    /// Columns of rows that a function reads, in the order of its lines.
    fn column_reads(&mut self, stores: &Stores, def: Def) -> Vec<ColumnRead> {
        let (unit, owner) = self.program.local(def);
        let facts = self.facts(unit);
        let mut members = members_read(facts, owner, 0);
        members.sort_unstable();
        members.dedup();
        let mut reads: Vec<ColumnRead> = Vec::new();
        for (member, base) in members {
            let ExprKind::Member { name, .. } = &facts.expr(member).kind else { continue };
            let [only] = *self.eval(unit, owner, base) else { continue };
            let Value::Instance(of) = self.pool.value(only) else { continue };
            // Of what a relation leads to the row holds the key.
            let is_relation = self.relation_of(of, name).is_some_and(|it| it.loads.is_some());
            let store = self.store_of_type(stores, of).filter(|it| is_relation || stores.has_column(*it, name));
            let Some(store) = store else { continue };
            let eager = self.eager_stores(stores, of);
            let is_handed = self.is_handed(unit, owner, base);
            reads.push(ColumnRead { line: facts.expr(member).at.line, store, eager, is_handed });
        }
        reads.sort_by_key(|it| it.line);
        reads
    }

    /// Whether an expression begins with a parameter of the function.
    fn is_handed(&self, unit: u32, owner: DefId, expr: ExprId) -> bool {
        let facts = self.facts(unit);
        let mut at = expr;
        while let ExprKind::Member { base, .. } = &facts.expr(at).kind {
            at = *base;
        }
        let ExprKind::Name(name) = &facts.expr(at).kind else { return false };
        facts.definition(owner).params.iter().any(|it| it.name == *name)
    }
}

/// Members that a function reads below a line, each with what it is a member of, in the order they are written.
pub(in crate::link) fn members_read(facts: &FileFacts, owner: DefId, below: u32) -> Vec<(ExprId, ExprId)> {
    let mut members: Vec<(ExprId, ExprId)> = Vec::new();
    for step in facts.steps.iter().filter(|it| it.owner == owner && it.line > below) {
        let (StepKind::Assign { value: root, .. }
        | StepKind::Return(root)
        | StepKind::Yield(root)
        | StepKind::Call(root)
        | StepKind::Read(root)) = step.kind
        else {
            continue;
        };
        let mut see = |it: ExprId| {
            if let ExprKind::Member { base, .. } = facts.expr(it).kind {
                members.push((it, base));
            }
        };
        visit(facts, root, &mut see, 0);
    }
    members
}
