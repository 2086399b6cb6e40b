//! Variables of one name in one function, told apart: each use of a local name belongs to the assignments that may have given it its
//! value, and assignments that no use has in common are different variables (webs, by reaching definitions over the statements as
//! they nest; Muchnick, *Advanced Compiler Design and Implementation*, 1997, section 16.3.3). Loops, handlers of exceptions and
//! branches only ever join more than what may happen, so two variables are told apart only where they are two.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::frontend::python::syntax::{Field, Id, Syntax, Tree};
use crate::model::fact::ExprId;

/// Statements and comprehensions nest no deeper than this; of what nests deeper, nothing is told apart.
const MOST_LEVELS: u32 = 60;

/// What is known of the occurrences of names.
#[derive(Debug, Default)]
pub(super) struct Webs {
    /// For each that is not the first variable of its name in its function: the number of the variable, from 2.
    numbers: FxHashMap<Id, u16>,
    /// For each use that only one of several assignments to its variable reaches: that one, which leads to itself.
    sole: FxHashMap<Id, Id>,
    /// Such assignments as they were lowered, in that order.
    lowered: Vec<(Id, ExprId)>,
}

impl Webs {
    pub(super) fn number(&self, id: Id) -> Option<u16> {
        self.numbers.get(&id).copied()
    }

    /// Notes as what a name was lowered; the assignment that alone gave it its value, if it is such a use.
    pub(super) fn settle(&mut self, id: Id, expr: ExprId) -> Option<ExprId> {
        let site = *self.sole.get(&id)?;
        if site == id {
            self.lowered.push((id, expr));
            return None;
        }
        self.lowered.iter().rev().find(|it| it.0 == site).map(|it| it.1)
    }

    /// Expressions from this number on were taken back.
    pub(super) fn forget(&mut self, exprs: usize, settled: &mut Vec<(ExprId, ExprId)>) {
        self.lowered.truncate(self.lowered.partition_point(|it| (it.1.0 as usize) < exprs));
        settled.truncate(settled.partition_point(|it| (it.0.0 as usize) < exprs));
    }
}

/// Assignments that may have given each name its value, by the number of the name.
type State = Vec<SmallVec<[u32; 2]>>;

struct Flow<'t, 's> {
    tree: &'t Tree<'s>,
    names: FxHashMap<&'s str, u32>,
    /// Assignments in the order of the source, those of parameters first.
    sites: Vec<(Id, u32)>,
    site_at: FxHashMap<Id, u32>,
    /// Union-find over the assignments.
    same: Vec<u32>,
    /// Names that other scopes see, or that are not variables only.
    shared: FxHashSet<&'s str>,
    /// The second walk: what is known at this point, none where it is never reached.
    state: Option<State>,
    /// Uses, with one of the assignments that reach them and whether it is the only one.
    uses: Vec<(Id, u32, bool)>,
    collecting: bool,
    level: u32,
    too_deep: bool,
}

/// Tells the variables of a function apart and adds those that are not the first of their name.
pub(super) fn tell_apart<'s>(tree: &Tree<'s>, parameters: Option<Id>, body: Id, webs: &mut Webs) {
    let parameters = parameters.map_or_else(Vec::new, |list| parameter_names(tree, list));
    let mut flow = Flow {
        tree,
        names: FxHashMap::default(),
        sites: Vec::new(),
        site_at: FxHashMap::default(),
        same: Vec::new(),
        shared: FxHashSet::default(),
        state: None,
        uses: Vec::new(),
        collecting: true,
        level: 0,
        too_deep: false,
    };
    parameters.iter().for_each(|it| flow.bind(*it));
    flow.statement(body);
    flow.sites.sort_unstable();
    flow.site_at = flow.sites.iter().zip(0..).map(|((id, _), site)| (*id, site)).collect();
    flow.same = (0..flow.sites.len() as u32).collect();
    let mut counts = vec![0_u32; flow.names.len()];
    flow.sites.iter().for_each(|(_, name)| counts[*name as usize] += 1);
    let repeats = |(name, number): (&&'s str, &u32)| counts[*number as usize] > 1 && !flow.shared.contains(*name);
    if flow.too_deep || !flow.names.iter().any(repeats) {
        return;
    }
    flow.collecting = false;
    flow.state = Some(vec![SmallVec::new(); flow.names.len()]);
    parameters.iter().for_each(|it| flow.bind(*it));
    flow.statement(body);
    flow.number(webs);
}

/// The identifiers of a list of parameters that have names.
fn parameter_names(tree: &Tree<'_>, list: Id) -> Vec<Id> {
    let inner = |id: Id| match tree.syntax(id) {
        Syntax::Splat | Syntax::KeywordSplat => tree.first(id),
        _ => Some(id),
    };
    let mut names = Vec::new();
    let mut children = tree.children(list);
    while let Some(id) = children.next(tree) {
        let name = match tree.syntax(id) {
            Syntax::DefaultParameter | Syntax::TypedDefaultParameter => tree.child(id, Field::Name),
            Syntax::TypedParameter => tree.first(id).and_then(inner),
            _ => inner(id),
        };
        names.extend(name.filter(|it| tree.syntax(*it) == Syntax::Identifier));
    }
    names
}

impl<'s> Flow<'_, 's> {
    fn number(&mut self, webs: &mut Webs) {
        let mut seen: Vec<SmallVec<[u32; 4]>> = vec![SmallVec::new(); self.names.len()];
        let shared: FxHashSet<u32> = self.shared.iter().filter_map(|it| self.names.get(it).copied()).collect();
        let mut number_of: FxHashMap<u32, u16> = FxHashMap::default();
        for site in 0..self.sites.len() as u32 {
            let (id, name) = self.sites[site as usize];
            if shared.contains(&name) {
                continue;
            }
            let web = self.root(site);
            let of_name = &mut seen[name as usize];
            let at = of_name.iter().position(|it| *it == web).unwrap_or_else(|| {
                of_name.push(web);
                of_name.len() - 1
            });
            if at > 0 {
                number_of.insert(web, at as u16 + 1);
                webs.numbers.insert(id, at as u16 + 1);
            }
        }
        let mut sizes: FxHashMap<u32, u32> = FxHashMap::default();
        for site in 0..self.sites.len() as u32 {
            *sizes.entry(self.root(site)).or_default() += 1;
        }
        for (id, site, alone) in std::mem::take(&mut self.uses) {
            let web = self.root(site);
            if let Some(number) = number_of.get(&web) {
                webs.numbers.insert(id, *number);
            }
            let (given, name) = self.sites[site as usize];
            if alone && sizes[&web] > 1 && !shared.contains(&name) {
                webs.sole.insert(given, given);
                webs.sole.insert(id, given);
            }
        }
    }

    fn root(&mut self, mut site: u32) -> u32 {
        while self.same[site as usize] != site {
            let above = self.same[self.same[site as usize] as usize];
            self.same[site as usize] = above;
            site = above;
        }
        site
    }

    fn unite(&mut self, first: u32, second: u32) {
        let (first, second) = (self.root(first), self.root(second));
        self.same[first.max(second) as usize] = first.min(second);
    }

    // ------------------------------------------------------------ names

    /// A name gets a value.
    fn bind(&mut self, id: Id) {
        let text = self.tree.text(id);
        if self.collecting {
            let next = self.names.len() as u32;
            let name = *self.names.entry(text).or_insert(next);
            self.sites.push((id, name));
        } else if let (Some(state), Some(site)) = (&mut self.state, self.site_at.get(&id)) {
            let name = self.sites[*site as usize].1;
            state[name as usize] = SmallVec::from_slice(&[*site]);
        }
    }

    /// A name's value is asked for.
    fn ask(&mut self, id: Id) {
        let text = self.tree.text(id);
        if self.collecting {
            return;
        }
        let Some(name) = self.names.get(text).copied() else { return };
        let Some(state) = &self.state else { return };
        let sites = state[name as usize].clone();
        let Some(first) = sites.first().copied() else {
            // Not assigned before on any way that was seen.
            self.shared.insert(text);
            return;
        };
        sites.iter().skip(1).for_each(|it| self.unite(first, *it));
        self.uses.push((id, first, sites.len() == 1));
    }

    /// `row: Order` without a value says of what the name holds what it is, where it holds something.
    fn describe(&mut self, id: Id) {
        let site = if self.collecting { None } else { self.site_at.get(&id).copied() };
        let held = site.and_then(|site| Some(self.state.as_ref()?[self.sites[site as usize].1 as usize].clone()));
        match (site, held) {
            (Some(site), Some(held)) if !held.is_empty() => held.iter().for_each(|it| self.unite(site, *it)),
            _ => self.bind(id),
        }
    }

    /// What functions, lambdas and classes inside see of the names around them.
    fn share(&mut self, inner: Id) {
        let mut own: SmallVec<[&'s str; 4]> = SmallVec::new();
        if let Some(list) = self.tree.child(inner, Field::Parameters) {
            let mut children = self.tree.children(list);
            while let Some(child) = children.next(self.tree) {
                let name = match self.tree.syntax(child) {
                    Syntax::Identifier => Some(child),
                    Syntax::DefaultParameter | Syntax::TypedDefaultParameter => self.tree.child(child, Field::Name),
                    _ => self.tree.first(child),
                };
                own.extend(name.map(|it| self.tree.text(it)));
                // Defaults are worked out around the function.
                if let Some(default) = self.tree.child(child, Field::Value) {
                    self.expression(default);
                }
            }
        }
        let names = self.tree.inside(inner).filter(|it| self.is_plain_name(*it)).map(|it| self.tree.text(it));
        let names: Vec<&'s str> = names.filter(|it| !own.contains(it)).collect();
        self.shared.extend(names);
    }

    fn share_names(&mut self, id: Id) {
        let words = self.tree.inside(id).filter(|it| self.is_plain_name(*it)).map(|it| self.tree.text(it));
        let words: Vec<&'s str> = words.filter_map(|it| it.split('.').next()).collect();
        self.shared.extend(words);
    }

    /// An identifier that is no attribute and no keyword.
    fn is_plain_name(&self, id: Id) -> bool {
        matches!(self.tree.syntax(id), Syntax::Identifier | Syntax::DottedName)
            && self.tree.field(id) != Field::Attribute
    }

    // ------------------------------------------------------------ states

    /// What may hold after a stretch of the source that may stop anywhere, or run again.
    fn with_all_of(&self, state: Option<&State>, of: Id) -> Option<State> {
        let mut all = state?.clone();
        let range = self.tree.range(of);
        let first = self.sites.partition_point(|it| it.0 < range.start);
        for (site, (id, name)) in (first as u32..).zip(&self.sites[first..]) {
            if *id >= range.end {
                break;
            }
            let held = &mut all[*name as usize];
            if !held.contains(&site) {
                held.push(site);
            }
        }
        Some(all)
    }

    fn join(first: Option<State>, second: Option<State>) -> Option<State> {
        let (Some(mut first), Some(second)) = (first.clone(), second.clone()) else { return first.or(second) };
        for (held, more) in first.iter_mut().zip(second) {
            for site in more {
                if !held.contains(&site) {
                    held.push(site);
                }
            }
        }
        Some(first)
    }

    // ------------------------------------------------------------ statements

    fn statement(&mut self, id: Id) {
        self.level += 1;
        if self.level > MOST_LEVELS {
            self.too_deep = true;
        } else {
            self.statement_inner(id);
        }
        self.level -= 1;
    }

    fn each(&mut self, id: Id, run: fn(&mut Self, Id)) {
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(self.tree) {
            run(self, child);
        }
    }

    fn statement_inner(&mut self, id: Id) {
        match self.tree.syntax(id) {
            Syntax::Block
            | Syntax::ElseClause
            | Syntax::FinallyClause
            | Syntax::WithClause
            | Syntax::ExpressionStatement => {
                self.each(id, Self::statement);
            }
            Syntax::Assignment => self.assignment(id),
            Syntax::ReturnStatement | Syntax::Raise => {
                self.each(id, Self::expression);
                self.state = None;
            }
            Syntax::IfStatement => self.branches(id),
            Syntax::ForStatement | Syntax::WhileStatement => self.repeated(id),
            Syntax::TryStatement => self.tried(id),
            Syntax::WithStatement => self.each(id, Self::statement),
            Syntax::WithItem => {
                if let Some(value) = self.tree.child(id, Field::Value) {
                    self.entered(value);
                }
            }
            Syntax::MatchStatement => self.matched(id),
            Syntax::Import | Syntax::ImportFrom | Syntax::Global | Syntax::TypeAlias | Syntax::Error => {
                self.share_names(id);
            }
            Syntax::Decorated => self.each(id, Self::statement),
            Syntax::Decorator => self.each(id, Self::expression),
            Syntax::Function | Syntax::Class => self.share(id),
            _ => self.expression(id),
        }
    }

    fn assignment(&mut self, id: Id) {
        if let Some(right) = self.tree.child(id, Field::Right) {
            if self.tree.syntax(right) == Syntax::Assignment {
                self.assignment(right);
            } else {
                self.expression(right);
            }
        }
        if let Some(annotation) = self.tree.child(id, Field::Type) {
            self.expression(annotation);
        }
        let Some(left) = self.tree.child(id, Field::Left) else { return };
        if self.tree.child(id, Field::Right).is_none() && self.tree.syntax(left) == Syntax::Identifier {
            self.describe(left);
        } else {
            self.target(left);
        }
    }

    fn target(&mut self, id: Id) {
        match self.tree.syntax(id) {
            Syntax::Identifier => self.bind(id),
            Syntax::Pattern | Syntax::List | Syntax::Splat | Syntax::Parenthesized | Syntax::AsTarget => {
                self.each(id, Self::target);
            }
            _ => self.expression(id),
        }
    }

    fn branches(&mut self, id: Id) {
        if let Some(condition) = self.tree.child(id, Field::Condition) {
            self.expression(condition);
        }
        let before = self.state.clone();
        if let Some(block) = self.tree.child(id, Field::Consequence) {
            self.statement(block);
        }
        let mut after = std::mem::replace(&mut self.state, before);
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(self.tree) {
            match self.tree.syntax(child) {
                Syntax::ElifClause => {
                    if let Some(condition) = self.tree.child(child, Field::Condition) {
                        self.expression(condition);
                    }
                    let before = self.state.clone();
                    if let Some(block) = self.tree.child(child, Field::Consequence) {
                        self.statement(block);
                    }
                    let ran = std::mem::replace(&mut self.state, before);
                    after = Self::join(after, ran);
                }
                Syntax::ElseClause | Syntax::Error => self.statement(child),
                _ => {}
            }
        }
        self.state = Self::join(after, self.state.take());
    }

    fn repeated(&mut self, id: Id) {
        if let Some(iterated) = self.tree.child(id, Field::Right) {
            self.expression(iterated);
        }
        let before = self.state.clone();
        self.state = self.with_all_of(before.as_ref(), id);
        if let Some(condition) = self.tree.child(id, Field::Condition) {
            self.expression(condition);
        }
        if let Some(target) = self.tree.child(id, Field::Left) {
            self.target(target);
        }
        if let Some(body) = self.tree.child(id, Field::Body) {
            self.statement(body);
        }
        self.state = self.with_all_of(before.as_ref(), id);
        if let Some(otherwise) = self.tree.child(id, Field::Alternative) {
            self.statement(otherwise);
            let ran = self.state.take();
            self.state = Self::join(ran, self.with_all_of(before.as_ref(), id));
        }
    }

    fn tried(&mut self, id: Id) {
        let before = self.state.clone();
        let anywhere = self.with_all_of(before.as_ref(), id);
        let mut after: Option<State> = None;
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(self.tree) {
            match self.tree.syntax(child) {
                Syntax::ExceptClause => {
                    let ran = std::mem::replace(&mut self.state, anywhere.clone());
                    after = Self::join(after, ran);
                    self.handler(child);
                    let handled = self.state.take();
                    after = Self::join(after, handled);
                }
                Syntax::FinallyClause => {
                    after = Self::join(after, self.state.take());
                    self.state = anywhere.clone();
                    self.statement(child);
                    after = self.with_all_of(after.as_ref(), child);
                }
                _ => self.statement(child),
            }
        }
        self.state = Self::join(after, self.state.take());
    }

    fn handler(&mut self, id: Id) {
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(self.tree) {
            match (self.tree.syntax(child), self.tree.field(child)) {
                (Syntax::Block, _) => self.statement(child),
                (Syntax::AsPattern, _) => self.entered(child),
                (_, Field::Alias) => self.target(child),
                _ => self.expression(child),
            }
        }
    }

    /// `value as target`, also several in one pair of brackets.
    fn entered(&mut self, id: Id) {
        match self.tree.syntax(id) {
            Syntax::AsPattern => {
                if let Some(value) = self.tree.first(id) {
                    self.expression(value);
                }
                if let Some(target) = self.tree.child(id, Field::Alias) {
                    self.target(target);
                }
            }
            Syntax::List | Syntax::Parenthesized => self.each(id, Self::entered),
            _ => self.expression(id),
        }
    }

    fn matched(&mut self, id: Id) {
        let mut children = self.tree.children(id);
        let mut body = None;
        while let Some(child) = children.next(self.tree) {
            if self.tree.field(child) == Field::Body {
                body = Some(child);
            } else {
                self.expression(child);
            }
        }
        let Some(body) = body else { return };
        let before = self.state.clone();
        let mut after = before.clone();
        let mut cases = self.tree.children(body);
        while let Some(case) = cases.next(self.tree) {
            self.state.clone_from(&before);
            let mut parts = self.tree.children(case);
            while let Some(part) = parts.next(self.tree) {
                match (self.tree.syntax(part), self.tree.field(part)) {
                    (Syntax::Block, _) | (_, Field::Consequence) => self.statement(part),
                    (_, Field::Guard) => self.expression(part),
                    // Names in a pattern may be classes as well as variables.
                    _ => self.share_names(part),
                }
            }
            after = Self::join(after, self.state.take());
        }
        self.state = after;
    }

    // ------------------------------------------------------------ expressions

    /// Asks for every name in an expression, in the order of the source.
    fn expression(&mut self, id: Id) {
        let mut todo: Vec<Id> = vec![id];
        while let Some(id) = todo.pop() {
            match self.tree.syntax(id) {
                Syntax::Identifier | Syntax::DottedName => {
                    if self.is_plain_name(id) {
                        self.ask(id);
                    }
                }
                Syntax::KeywordArgument => todo.extend(self.tree.child(id, Field::Value)),
                Syntax::Lambda => {
                    self.share(id);
                }
                Syntax::Comprehension | Syntax::DictionaryComprehension => {
                    self.level += 1;
                    if self.level > MOST_LEVELS {
                        self.too_deep = true;
                    } else {
                        self.comprehension(id);
                    }
                    self.level -= 1;
                }
                Syntax::Named => {
                    if let Some(value) = self.tree.child(id, Field::Value) {
                        self.expression_below(value);
                    }
                    // It may not run: what was there before may be there still.
                    let before = self.state.clone();
                    if let Some(name) = self.tree.child(id, Field::Name) {
                        self.bind(name);
                    }
                    self.state = Self::join(self.state.take(), before);
                }
                _ => {
                    let at = todo.len();
                    let mut children = self.tree.children(id);
                    while let Some(child) = children.next(self.tree) {
                        todo.push(child);
                    }
                    todo[at..].reverse();
                }
            }
        }
    }

    fn expression_below(&mut self, id: Id) {
        self.level += 1;
        if self.level > MOST_LEVELS {
            self.too_deep = true;
        } else {
            self.expression(id);
        }
        self.level -= 1;
    }

    /// Its variables live in it alone.
    fn comprehension(&mut self, id: Id) {
        let before = self.state.clone();
        let mut children = self.tree.children(id);
        while let Some(child) = children.next(self.tree) {
            if self.tree.syntax(child) == Syntax::ForIn {
                let mut parts = self.tree.children(child);
                while let Some(part) = parts.next(self.tree) {
                    if self.tree.field(part) != Field::Left {
                        self.expression(part);
                    }
                }
                if let Some(target) = self.tree.child(child, Field::Left) {
                    self.target(target);
                }
            } else if self.tree.field(child) != Field::Body {
                self.expression(child);
            }
        }
        if let Some(body) = self.tree.child(id, Field::Body) {
            self.expression(body);
        }
        self.state = before;
    }
}

#[cfg(test)]
mod tests {
    use crate::frontend::python::tests::{check, steps};

    #[test]
    fn variables_of_one_name_are_told_apart() {
        check(
            steps,
            "
            def f(row, rows, others):
                for it in rows:
                    it.a()
                for it in others:
                    it.b()
                names = [it.c for it in rows if it.d]
                if rows:
                    user = rows[0]
                    user.e()
                else:
                    user = others[0]
                    user.f()
                row = others[1]
                row.g()
                if others:
                    row = rows[1]
                row.h()
            ",
            "
            2 f: it = <rows>
            3 f: call it.a()
            4 f: it·2 = <others>
            5 f: call it·2.b()
            6 f: it·3 = <rows>
            6 f: read it·3.d
            6 f: names = [it·3.c]
            8 f: user = rows[0]
            9 f: call user.e()
            11 f: user·2 = others[0]
            12 f: call user·2.f()
            13 f: row·2 = others[1]
            14 f: call row·2.g()
            16 f: row·2 = rows[1]
            17 f: call row·2.h()
            ",
        );
        // Handlers and later rounds see what stood there before; what a function inside sees is one variable.
        check(
            steps,
            "
            def f(rows, others):
                last = rows[0]
                for it in rows:
                    last.a()
                    last = it
                try:
                    found = others[0]
                    found.i()
                    found = others[1]
                except Missing:
                    found.b()
                seen = rows[2]
                def inner():
                    return seen.c
                seen = rows[3]
                return seen
            ",
            "
            2 f: last = rows[0]
            3 f: it = <rows>
            4 f: call last.a()
            5 f: last = it
            7 f: found = others[0]
            8 f: call found.i()
            9 f: found = others[1]
            11 f: call found.b()
            12 f: seen = rows[2]
            14 f.inner: return seen.c
            15 f: seen = rows[3]
            16 f: return seen
            ",
        );
    }
}
