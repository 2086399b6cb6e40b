//! Value inference: which functions, types and outside things every expression may denote.
//!
//! A flow-insensitive, field-sensitive propagation in the manner of Andersen's analysis, over the
//! language-neutral facts: variables hold small sets of values, a work list re-evaluates the steps
//! that read what changed. Calls bind arguments to parameters, so functions passed around are followed.

use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::link::access::rows::PartWrites;
use crate::link::entities::histories::Recorded;
use crate::link::entities::pointing::Pointing;
use crate::link::entities::proxied::Proxied;
use crate::link::entities::relations::Related;
use crate::link::heard::Heard;
use crate::link::hits::Hits;
use crate::link::names::program::{Def, Mod, Program, Space};
use crate::link::names::scope::Meanings;
use crate::link::names::spaces::Spaces;
use crate::link::routes::nesting::Bodies;
use crate::link::routes::wrapped_groups::WrappedGroup;
use crate::link::storage::conventions::Conventions;
use crate::link::strings::accumulated::Accumulators;
use crate::link::strings::keyed::Keyed;
use crate::link::values::assigned::Assigned;
use crate::link::values::containers::Container;
use crate::link::values::flow::Backward;
use crate::link::values::guards::Guarded;
use crate::link::values::outside::Outside;
use crate::link::values::provided::Provider;
use crate::link::values::stand_ins::StandIns;
use crate::link::values::stubs::Stubs;
use crate::link::values::value::{Pool, Site, Subject, Sym, Value, ValueId, Values, Var};
use crate::link::values::variables::Variables;
use crate::link::values::wrappers::Wrappers;
use crate::model::fact::{
    Captured, DefId, Definition, DefinitionKind, ExprId, ExprKind, FileFacts, Param, ParamKind, StepKind,
};
use crate::model::rule::{Guard, Rule, RuleSet};

/// Imports and members are followed this far through re-exports.
pub(crate) const MOST_HOPS: u32 = 12;
/// Parameters that stand for arguments of calls in hand: beyond these, calls inside are not worked out for them alone.
pub(crate) const MOST_BOUND: usize = 6;
/// Name of the method that runs when an instance is made.
pub(crate) const INITIALIZER: &str = "__init__";

/// Unit, scope and expression: a place in the program's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) expr: ExprId,
}

/// What a type inherits from: its own kind first, nearest first.
pub(crate) struct Lineage {
    pub(crate) types: Vec<Def>,
    pub(crate) outside: Vec<Sym>,
}

#[derive(Clone, Copy)]
pub(crate) enum Imported {
    Module(Mod),
    Outside(Sym),
}

pub(crate) struct Inference<'a> {
    pub(crate) program: Program<'a>,
    pub(crate) rules: &'a RuleSet,
    pub(crate) stubs: Stubs<'a>,
    pub(crate) pool: Pool,
    pub(crate) vars: Variables,
    pub(crate) named: Spaces<'a, Var>,
    pub(crate) call_vars: Vec<u32>,
    /// What each definition gives back; `u32::MAX` for what is no function.
    pub(crate) results: Vec<u32>,
    pub(crate) generators: FxHashMap<Def, u32>,
    pub(crate) decorated: FxHashMap<Def, Var>,
    pub(crate) wrappers: Wrappers,
    pub(crate) containers: Vec<Container>,
    pub(crate) container_at: FxHashMap<u32, u32>,
    pub(crate) lineages: FxHashMap<Def, Rc<Lineage>>,
    pub(crate) import_cache: FxHashMap<(u32, u32), Imported>,
    /// What imports bind whose paths meet no module of the project.
    pub(crate) outside_imports: FxHashMap<(u32, u32), ValueId>,
    /// Types that satisfy an interface.
    pub(crate) implementers: FxHashMap<Def, Vec<Def>>,
    pub(crate) hits: Hits,
    /// Matches by the expression their root stands on.
    pub(crate) matches_at: FxHashMap<u32, SmallVec<[u32; 1]>>,
    /// Outside types that endpoints are registered on, as the guards of endpoint rules name them.
    pub(crate) router_types: FxHashSet<&'a str>,
    /// Types that have their outside bases only through those they are mixed into.
    pub(crate) mixins: FxHashSet<Def>,
    /// What the relations of a type beside an entity lead to: `Relation::Order`.
    pub(crate) pointed: FxHashMap<(Def, String), Def>,
    /// Names that an entity's macro adds to its module.
    pub(crate) added: FxHashMap<(Space, String), ValueId>,
    /// Methods that the program writes for such a type, by its path, its entity and their name.
    pub(crate) added_methods: FxHashMap<(Sym, Def, String), SmallVec<[Def; 1]>>,
    /// What macros outside make types inherit from.
    pub(crate) extended: FxHashMap<Def, Vec<Sym>>,
    pub(crate) stand_ins: StandIns,
    /// What a member of an instance is by a declared relation: an entity, or a collection of it.
    pub(crate) related: FxHashMap<(Def, String), Related>,
    pub(crate) proxied: FxHashMap<(Def, String), Proxied>,
    pub(crate) relation_lists: FxHashMap<Def, u32>,
    pub(crate) known_outside: Outside<'a>,
    pub(crate) guarded: Guarded,
    /// Relations of the types below a type.
    pub(crate) shared: FxHashMap<(Def, String), Related>,
    /// The other side of a relation by the name that queries have for it (`inverse.query`).
    pub(crate) queried: FxHashMap<(Def, String), Def>,
    /// Relations that types have from outside bases.
    pub(crate) brought: FxHashSet<(Def, String)>,
    /// Members that lead to rows of any type: the types that say so, and the rule by which reading one loads the row.
    pub(crate) pointing: FxHashMap<(Def, String), Pointing>,
    /// Relations of entities from outside by their names, with the store of the entity.
    pub(crate) outside_related: FxHashMap<String, Vec<(Sym, Related)>>,
    /// The same by the names that queries have for them.
    pub(crate) outside_queried: FxHashMap<String, Vec<(Sym, Def)>>,
    /// Relations whose other side is given a name where they are declared.
    pub(crate) named_inverses: FxHashSet<(Def, String)>,
    /// Outside names that the program gives a meaning.
    pub(crate) provided: FxHashMap<Sym, Vec<Provider>>,
    /// Types that a library makes with the keywords that a method gives.
    pub(crate) made_with: FxHashMap<Def, Vec<Def>>,
    /// Types whose relations and columns are those of the types below them.
    pub(crate) rowless: FxHashSet<Def>,
    /// Entities that hold an instance of a type whose stub says that it is about its owner (managers).
    pub(crate) managed: FxHashMap<Def, Vec<Def>>,
    /// Names of methods of the program's own that these have, but for those that rules know as verbs.
    pub(crate) manager_methods: FxHashSet<&'a str>,
    /// Types that are another face of the entity above them.
    pub(crate) proxies: FxHashSet<Def>,
    /// Types by their bare names.
    pub(crate) types_named: FxHashMap<&'a str, Vec<Def>>,
    /// Modules by the word of `is: setting[word]` in their names; all for none.
    pub(crate) setting_modules: FxHashMap<Option<&'a str>, Vec<Mod>>,
    /// Names of all attributes that the program sets on anything.
    pub(crate) set_attributes: FxHashSet<&'a str>,
    /// What names mean; kept once all names are there.
    pub(crate) meanings: Meanings,
    pub(crate) queue: VecDeque<u32>,
    pub(crate) queued: Vec<bool>,
    pub(crate) current: u32,
    pub(crate) hops: u32,
    /// What modules answered for a name (its hash) within the question in hand: one that leads back to itself adds nothing.
    pub(crate) asked: FxHashMap<(Mod, u64, bool), Values>,
    /// Bases under their own names that are being looked up, one through the other.
    pub(crate) embeddings: u32,
    /// Members of types that are being worked out by what their constructors are given: one that leads back to itself adds nothing.
    pub(crate) making: SmallVec<[(Def, Var); 8]>,
    /// Objects asked for what others lack, one in the other.
    pub(crate) leaving: u32,
    /// Only test code is left to run.
    pub(in crate::link) tests_run: bool,
    /// Bodies of functions run: before that, nobody asks what their parameters hold.
    bodies_run: bool,
    /// Parameters that stand for one call's arguments while its result is worked out again.
    pub(crate) bindings: Vec<(Var, Spot)>,
    /// Types whose method is being worked out though it is written for a trait of theirs: what the trait leaves open they say.
    pub(crate) receivers: Vec<Def>,
    /// Functions that call one of their own parameters.
    pub(crate) applying_functions: FxHashSet<Def>,
    /// Calls in hand of functions that apply what they are given.
    pub(crate) applying: u32,
    /// Number of the call being worked out: identity of a list that it makes.
    pub(crate) calling: u32,
    /// Entities whose rows have a history.
    pub(crate) histories: FxHashMap<Def, Vec<Recorded>>,
    /// What the program changes in the naming rules of pattern files.
    pub(crate) conventions: Conventions<'a>,
    /// Bodies of groups of routes that nest by their source.
    pub(crate) group_bodies: Bodies<'a>,
    /// Calls of functions of the program's own that make a group and run a body on it, and the groups inside these functions.
    pub(crate) wrapped_groups: Vec<WrappedGroup<'a>>,
    pub(crate) inner_groups: FxHashSet<Site>,
    /// What is assigned to members and elements of variables, by file.
    pub(crate) part_writes: FxHashMap<u32, Rc<PartWrites<'a>>>,
    /// Calls by what they run, once all values are known.
    pub(crate) backward: Option<Backward<'a>>,
    pub(crate) accumulators: Option<Rc<Accumulators<'a>>>,
    /// Calls of the program's own functions that make a group of routes with a prefix they are given.
    pub(crate) made_groups: FxHashSet<Site>,
    /// What stands beside texts, once it was asked for.
    pub(crate) keyed: Option<Rc<Keyed>>,
    pub(crate) assigned: Assigned<'a>,
    /// Functions by what they hear.
    pub(crate) heard: Heard,
    /// Names of the stores that entities are kept in, once they are known.
    pub(crate) store_names: FxHashMap<Def, String>,
}

impl<'a> Inference<'a> {
    pub(crate) fn new(program: Program<'a>, rules: &'a RuleSet) -> Self {
        let work = (program.step_count + program.def_count()) as usize;
        let exprs = program.expr_count as usize;
        let defs = program.def_count() as usize;
        let hits = Hits::new(&program, rules);
        Self {
            program,
            hits,
            rules,
            stubs: Stubs::new(rules),
            pool: Pool::default(),
            vars: Variables::with_capacity(work),
            named: Spaces::default(),
            call_vars: vec![u32::MAX; exprs],
            results: vec![u32::MAX; defs],
            generators: FxHashMap::default(),
            decorated: FxHashMap::default(),
            wrappers: Wrappers::default(),
            containers: Vec::new(),
            container_at: FxHashMap::default(),
            lineages: FxHashMap::default(),
            import_cache: FxHashMap::default(),
            outside_imports: FxHashMap::default(),
            implementers: FxHashMap::default(),
            matches_at: FxHashMap::default(),
            router_types: router_types(rules),
            added: FxHashMap::default(),
            added_methods: FxHashMap::default(),
            extended: FxHashMap::default(),
            stand_ins: StandIns::default(),
            related: FxHashMap::default(),
            proxied: FxHashMap::default(),
            relation_lists: FxHashMap::default(),
            known_outside: Outside::default(),
            guarded: Guarded::default(),
            shared: FxHashMap::default(),
            queried: FxHashMap::default(),
            outside_related: FxHashMap::default(),
            pointing: FxHashMap::default(),
            brought: FxHashSet::default(),
            named_inverses: FxHashSet::default(),
            outside_queried: FxHashMap::default(),
            managed: FxHashMap::default(),
            manager_methods: FxHashSet::default(),
            provided: FxHashMap::default(),
            made_with: FxHashMap::default(),
            rowless: FxHashSet::default(),
            proxies: FxHashSet::default(),
            types_named: FxHashMap::default(),
            setting_modules: FxHashMap::default(),
            set_attributes: FxHashSet::default(),
            meanings: Meanings::default(),
            queue: VecDeque::new(),
            queued: vec![false; work],
            current: u32::MAX,
            hops: 0,
            asked: FxHashMap::default(),
            embeddings: 0,
            making: SmallVec::new(),
            leaving: 0,
            tests_run: false,
            bodies_run: false,
            receivers: Vec::new(),
            bindings: Vec::new(),
            applying_functions: FxHashSet::default(),
            applying: 0,
            mixins: FxHashSet::default(),
            pointed: FxHashMap::default(),
            calling: 0,
            histories: FxHashMap::default(),
            conventions: Conventions::default(),
            store_names: FxHashMap::default(),
            wrapped_groups: Vec::new(),
            inner_groups: FxHashSet::default(),
            group_bodies: Bodies::default(),
            part_writes: FxHashMap::default(),
            backward: None,
            accumulators: None,
            keyed: None,
            assigned: Assigned::default(),
            heard: Heard::default(),
            made_groups: FxHashSet::default(),
        }
    }

    /// Runs to the fixed point.
    pub(crate) fn run(&mut self) {
        self.declare();
        self.index_matches();
        self.add_generated_types();
        self.attach_methods();
        self.find_standing_functions();
        // Module and class level first, and functions that fill a module's variables: base classes and registries are made there.
        self.enqueue_all(false, Definition::fills_names);
        self.drain();
        // By now the registries are known whose decorators map types.
        self.add_generated_types();
        self.attach_methods();
        self.find_implementers();
        self.find_stand_ins();
        self.declare_relations();
        self.declare_proxied();
        self.find_histories();
        self.declare_managers();
        self.declare_parameters();
        self.find_provided();
        self.find_heard();
        self.meanings.keep(self.program.expr_count);
        self.current = u32::MAX;
        self.seal_declared();
        self.bodies_run = true;
        self.enqueue_all(false, |_| true);
        self.drain();
        if self.assume_parameters() {
            self.drain();
        }
        if self.learn_by_use() {
            self.enqueue_all(false, |_| true);
            self.drain();
        }
        self.settle();
        self.enqueue_all(true, Definition::fills_names);
        self.drain();
        self.lineages.clear();
        self.attach_methods();
        self.find_implementers();
        self.enqueue_all(true, |_| true);
        self.drain();
        self.tests_run = false;
        self.current = u32::MAX;
        self.fill_places();
        self.look_backward();
    }

    /// From here on tests run: the doubles that they put in the place of production values stay their own.
    fn settle(&mut self) {
        self.vars.set_of_tests(true);
        self.tests_run = true;
    }

    pub(crate) fn facts(&self, unit: u32) -> &'a FileFacts {
        self.program.unit(unit).facts
    }

    /// Variables of all assigned names, parameters, fields and calls.
    pub(crate) fn declare(&mut self) {
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let definition = facts.definition(id);
                let def = self.program.def(unit, id);
                let space = self.program.space(unit, id);
                self.vars.set_of_tests(self.program.is_test(def));
                if definition.kind == DefinitionKind::Type {
                    self.types_named.entry(definition.name.as_str()).or_default().push(def);
                }
                for param in &definition.params {
                    let var = self.declared_var(space, &param.name);
                    if param.declared.is_none()
                        && param.kind == ParamKind::Plain
                        && let types = self.stubs.parameters(&param.name)
                        && let Some(of) = types.iter().copied().find(|it| self.imports_root_of(unit, it))
                    {
                        let id = self.outside(of, true, Subject::None);
                        self.add(var, id);
                    }
                }
                if self.program.is_function(def) {
                    let var = self.new_var();
                    self.results[def.0 as usize] = var.0;
                }
                if matches!(
                    definition.kind,
                    DefinitionKind::Field | DefinitionKind::Variable | DefinitionKind::Constant
                ) {
                    let space = self.program.space(unit, definition.parent);
                    self.declared_var(space, &definition.name);
                }
            }
            let first = self.program.unit(unit).first_expr;
            for step in &facts.steps {
                self.vars.set_of_tests(self.program.is_test(self.program.def(unit, step.owner)));
                match step.kind {
                    StepKind::Call(expr) => {
                        let var = self.new_var();
                        self.call_vars[(first + expr.0) as usize] = var.0;
                        if calls_parameter(facts, step.owner, expr) {
                            self.applying_functions.insert(self.program.def(unit, step.owner));
                        }
                    }
                    StepKind::Assign { target, .. } | StepKind::Declare { target, .. } => {
                        self.declare_target(unit, step.owner, target);
                    }
                    _ => {}
                }
            }
        }
        self.vars.set_of_tests(false);
    }

    pub(crate) fn declare_target(&mut self, unit: u32, owner: DefId, target: ExprId) {
        let facts = self.facts(unit);
        match &facts.expr(target).kind {
            ExprKind::Name(name) => {
                let space = self.assigned_space(unit, owner, name);
                self.declared_var(space, name);
            }
            ExprKind::Sequence(items) => {
                for item in items {
                    self.declare_target(unit, owner, *item);
                }
            }
            ExprKind::Member { name, .. } => {
                self.set_attributes.insert(name);
            }
            ExprKind::Element(inner) => self.declare_target(unit, owner, *inner),
            _ => {}
        }
    }

    /// Scope an assigned name lives in: a closure assigns to the enclosing function's variable if it has one.
    pub(crate) fn assigned_space(&self, unit: u32, owner: DefId, name: &str) -> Space {
        let facts = self.facts(unit);
        let mut scope = owner;
        if facts.definition(owner).rebinds.iter().any(|it| it == name) {
            // `nonlocal` takes the nearest function around that has the name, `global` the module.
            while scope != DefId::MODULE {
                scope = facts.definition(scope).parent;
                let space = self.program.space(unit, scope);
                if facts.definition(scope).kind != DefinitionKind::Type && self.find_var(space, name).is_some() {
                    return space;
                }
            }
            return self.program.space(unit, DefId::MODULE);
        }
        while facts.definition(scope).kind == DefinitionKind::Closure {
            let space = self.program.space(unit, scope);
            if self.find_var(space, name).is_some() {
                return space;
            }
            scope = facts.definition(scope).parent;
            let space = self.program.space(unit, scope);
            if self.find_var(space, name).is_some() {
                return space;
            }
        }
        self.program.space(unit, owner)
    }

    pub(crate) fn index_matches(&mut self) {
        let of_rule = |rule: &Rule| -> SmallVec<[u8; 2]> {
            (0..).zip(&rule.captures).filter(|it| acts_on_calls(it.1)).map(|it| it.0).collect()
        };
        let acts: Vec<SmallVec<[u8; 2]>> = self.rules.rules.iter().map(of_rule).collect();
        for (unit, number) in self.hits_at(|rule| rule.captures.iter().any(|it| acts_on_calls(it))) {
            let found = &self.facts(unit).matches[number as usize];
            let first = self.program.unit(unit).first_expr;
            for (capture, captured) in &found.captures {
                if let Captured::Expr(expr) = captured
                    && acts[found.rule as usize].contains(capture)
                {
                    self.matches_at.entry(first + expr.0).or_default().push(number);
                }
            }
        }
    }

    /// Queues all definitions of test code, or of the rest, and the steps of those whose kind is wanted.
    pub(crate) fn enqueue_all(&mut self, tests: bool, wanted: impl Fn(&Definition) -> bool) {
        self.enqueue_decorators(tests);
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            for id in facts.def_ids() {
                let def = self.program.def(unit, id);
                if self.program.is_test(def) == tests {
                    self.enqueue(self.program.step_count + def.0);
                }
            }
            let first = self.program.unit(unit).first_step;
            for (index, step) in facts.steps.iter().enumerate() {
                let is_test = self.program.is_test(self.program.def(unit, step.owner));
                if is_test == tests && wanted(facts.definition(step.owner)) {
                    self.enqueue(first + index as u32);
                }
            }
        }
    }

    /// What makes decorators and is decorated by them comes first: a name that is called before it is known to stand for
    /// something else would be what it no longer is.
    fn enqueue_decorators(&mut self, tests: bool) {
        let mut decorated: Vec<u32> = Vec::new();
        for unit in 0..self.program.units.len() as u32 {
            let facts = self.facts(unit);
            let holds_functions: FxHashSet<DefId> = (facts.definitions.iter())
                .filter(|it| matches!(it.kind, DefinitionKind::Function | DefinitionKind::Closure))
                .map(|it| it.parent)
                .collect();
            let first = self.program.unit(unit).first_step;
            for (index, step) in facts.steps.iter().enumerate() {
                let makes_function = match step.kind {
                    StepKind::Return(_) => holds_functions.contains(&step.owner),
                    StepKind::Assign { value, .. } => {
                        step.owner == DefId::MODULE && matches!(facts.expr(value).kind, ExprKind::Function(_))
                    }
                    _ => false,
                };
                if makes_function && self.program.is_test(self.program.def(unit, step.owner)) == tests {
                    self.enqueue(first + index as u32);
                }
            }
            for id in facts.def_ids().filter(|it| !facts.definition(*it).attributes.is_empty()) {
                let def = self.program.def(unit, id);
                if self.program.is_function(def) && self.program.is_test(def) == tests {
                    decorated.push(self.program.step_count + def.0);
                }
            }
        }
        decorated.into_iter().for_each(|it| self.enqueue(it));
    }

    pub(crate) fn enqueue(&mut self, work: u32) {
        if work != u32::MAX && !self.queued[work as usize] {
            self.queued[work as usize] = true;
            self.queue.push_back(work);
        }
    }

    pub(crate) fn drain(&mut self) {
        let mut budget = 40 * u64::from(self.program.step_count + self.program.def_count()) + 10_000;
        while let Some(work) = self.queue.pop_front() {
            self.queued[work as usize] = false;
            self.current = work;
            if work < self.program.step_count {
                self.step(work);
            } else {
                self.initialize(Def(work - self.program.step_count));
            }
            budget -= 1;
            if budget == 0 {
                self.queue.clear();
                self.queued.fill(false);
            }
        }
    }

    pub(crate) fn step(&mut self, number: u32) {
        let unit = self.program.unit_of_step(number);
        let facts = self.facts(unit);
        let step = facts.steps[(number - self.program.unit(unit).first_step) as usize];
        match step.kind {
            StepKind::Assign { target, value } => {
                let values = self.eval(unit, step.owner, value);
                self.assign(unit, step.owner, target, &values, Some(value));
            }
            StepKind::Declare { target, declared } => {
                let values = self.types(unit, step.owner, declared);
                self.assign(unit, step.owner, target, &values, None);
            }
            StepKind::Return(value) => {
                let values = self.eval(unit, step.owner, value);
                let def = self.program.def(unit, step.owner);
                self.hand_keywords(def, &values);
                if let Some(var) = self.result_var(def) {
                    self.add_all(var, &values);
                    self.add_source(var, Spot { unit, owner: step.owner, expr: value });
                }
            }
            StepKind::Yield(value) => {
                let values = self.eval(unit, step.owner, value);
                let def = self.program.def(unit, step.owner);
                if let Some(var) = self.result_var(def) {
                    let container = self.generator(def);
                    let any = self.containers[container as usize].any;
                    self.add_all(any, &values);
                    let id = self.pool.id(Value::Container(container));
                    self.add(var, id);
                }
            }
            StepKind::Call(expr) => self.call(unit, step.owner, expr),
            StepKind::Spawn(_) | StepKind::Read(_) => {}
        }
    }

    pub(crate) fn initialize(&mut self, def: Def) {
        let (unit, id) = self.program.local(def);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        match definition.kind {
            DefinitionKind::Field | DefinitionKind::Variable | DefinitionKind::Constant => {
                let space = self.program.space(unit, definition.parent);
                let var = self.named_var(space, &definition.name);
                if let Some(declared) = definition.declared {
                    let values = self.types(unit, definition.parent, declared);
                    self.add_all(var, &values);
                }
                if let Some(value) = definition.value {
                    let values = self.eval(unit, definition.parent, value);
                    self.add_all(var, &values);
                    self.add_source(var, Spot { unit, owner: definition.parent, expr: value });
                }
            }
            DefinitionKind::Function | DefinitionKind::Method | DefinitionKind::Closure => {
                let space = self.program.space(unit, id);
                if self.bodies_run {
                    for param in &definition.params {
                        self.initialize_param(unit, id, space, param);
                    }
                }
                if let Some(result) = definition.result {
                    let values = self.types(unit, id, result);
                    if let Some(var) = self.result_var(def) {
                        self.add_all(var, &values);
                    }
                }
                self.decorate(def);
            }
            _ => {}
        }
    }

    pub(crate) fn initialize_param(&mut self, unit: u32, id: DefId, space: Space, param: &'a Param) {
        let definition = self.facts(unit).definition(id);
        let var = self.named_var(space, &param.name);
        if param.kind == ParamKind::Receiver {
            let values = self.receiver_values(unit, id);
            self.add_all(var, &values);
            return;
        }
        if param.kind == ParamKind::Keywords {
            // What a function puts in here reaches whom it hands them on to.
            self.param_container(var);
        }
        if let Some(declared) = param.declared {
            let values = self.types(unit, id, declared);
            if matches!(param.kind, ParamKind::Rest | ParamKind::Keywords) {
                let container = self.param_container(var);
                let any = self.containers[container as usize].any;
                self.add_all(any, &values);
            } else {
                self.add_all(var, &values);
            }
        }
        if let Some(default) = param.default {
            let values = self.eval(unit, definition.parent, default);
            self.add_all(var, &values);
            self.add_source(var, Spot { unit, owner: definition.parent, expr: default });
        }
    }

    pub(crate) fn assign(
        &mut self,
        unit: u32,
        owner: DefId,
        target: ExprId,
        values: &[ValueId],
        source: Option<ExprId>,
    ) {
        let facts = self.facts(unit);
        match &facts.expr(target).kind {
            ExprKind::Name(name) => {
                let space = self.assigned_space(unit, owner, name);
                let var = self.named_var(space, name);
                self.add_all(var, values);
                if let Some(expr) = source {
                    self.add_source(var, Spot { unit, owner, expr });
                }
            }
            ExprKind::Member { base, name } => {
                for value in self.eval(unit, owner, *base) {
                    let var = match self.pool.value(value) {
                        Value::Instance(of) | Value::Def(of) => self.named_var(self.program.space_of(of), name),
                        Value::Module(module) => self.named_var(self.program.module_space(module), name),
                        Value::Outside { path, .. } => match self.outside_field(path, name) {
                            Some(var) => var,
                            None => continue,
                        },
                        _ => continue,
                    };
                    self.add_all(var, values);
                    if let Some(expr) = source {
                        self.add_source(var, Spot { unit, owner, expr });
                    }
                }
            }
            ExprKind::Index { base, index } => {
                let key = self.key(unit, *index);
                for value in self.eval(unit, owner, *base) {
                    if let Value::Container(container) = self.pool.value(value) {
                        let var = self.container_var(container, key.as_deref());
                        self.add_all(var, values);
                    }
                }
            }
            ExprKind::Sequence(items) => self.assign_parts(unit, owner, items, values, source),
            ExprKind::Element(inner) => self.assign(unit, owner, *inner, values, None),
            _ => {}
        }
    }

    /// The expressions that give one part of what is taken apart; of several results the first is the value.
    pub(crate) fn parts_of(&self, unit: u32, whole: ExprId, index: usize) -> SmallVec<[ExprId; 2]> {
        let mut parts = SmallVec::new();
        let mut todo: SmallVec<[ExprId; 4]> = SmallVec::from_slice(&[whole]);
        while let Some(expr) = todo.pop() {
            match &self.facts(unit).expr(expr).kind {
                ExprKind::Choice(items) => todo.extend(items.iter().rev().copied()),
                ExprKind::Sequence(items) => parts.extend(items.get(index).copied()),
                _ if index == 0 => parts.push(expr),
                _ => {}
            }
        }
        parts
    }

    pub(crate) fn call_var(&self, unit: u32, expr: ExprId) -> Option<Var> {
        let var = self.call_vars[(self.program.unit(unit).first_expr + expr.0) as usize];
        (var != u32::MAX).then_some(Var(var))
    }

    pub(crate) fn decorated_of(&self, def: Def) -> Option<Var> {
        self.decorated.get(&def).copied()
    }
}

/// Whether a call in a function's body is one of its parameter.
fn calls_parameter(facts: &FileFacts, owner: DefId, expr: ExprId) -> bool {
    let ExprKind::Call { callee, .. } = &facts.expr(expr).kind else { return false };
    let ExprKind::Name(name) = &facts.expr(*callee).kind else { return false };
    facts.definition(owner).params.iter().any(|it| it.kind == ParamKind::Plain && it.name == *name)
}

/// Whether a call is looked up by a capture of this name while values are worked out.
fn acts_on_calls(capture: &str) -> bool {
    matches!(capture, "access" | "definition.store" | "endpoint.group" | "call")
}

fn router_types(rules: &RuleSet) -> FxHashSet<&str> {
    let mut types = FxHashSet::default();
    for rule in &rules.rules {
        for guard in &rule.guards {
            if let Guard::Type { capture, any_of, negated: false } = guard
                && rule.captures.get(usize::from(*capture)).is_some_and(|it| it == "endpoint.router")
            {
                types.extend(any_of.iter().map(compact_str::CompactString::as_str));
            }
        }
    }
    types
}
