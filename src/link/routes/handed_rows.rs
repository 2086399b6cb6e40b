//! Routes that a call hands in as a row: `router.Add(Route{Path: "/orders"}, show)`, also where functions put the row together
//! step by step (`Route{}.WithMethods("GET").WithPath("/orders")`).

use crate::link::names::program::Def;
use crate::link::routes::registrations::Registration;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::{Value, Var};
use crate::model::fact::{Argument, DefId, ExprId, ExprKind, ParamKind, Piece, StepKind};

/// Functions that hand a row on, and names on the way to it, that are followed.
const MOST_LEVELS: u32 = 12;

impl Inference<'_> {
    /// The runs of a registration whose route is a field of what its function is handed: one for each call of the function.
    pub(in crate::link) fn routes_handed_in(
        &mut self,
        unit: u32,
        owner: DefId,
        row: ExprId,
        level: u32,
        found: &mut Vec<Registration>,
    ) {
        let mut runs = Vec::new();
        self.calls_of_wrapper(unit, owner, row, level, &mut runs);
        for mut run in runs {
            let before = self.bindings.len();
            self.bindings.extend_from_slice(&run.bindings);
            let fields = self.bound(unit, owner, row).and_then(|it| self.fields_at(it, 0));
            self.bindings.truncate(before);
            if let Some(fields) = fields {
                run.bindings.extend(fields);
                found.push(run);
            }
        }
    }

    /// Whether what is read of a row is the route, or the end of it: a row that only says what stands in front of routes is none.
    pub(in crate::link) fn ends_route(&self, unit: u32, route: ExprId, read: ExprId) -> bool {
        match &self.facts(unit).expr(route).kind {
            ExprKind::Template(pieces) => matches!(pieces.last(), Some(Piece::Hole(it)) if *it == read),
            _ => route == read,
        }
    }

    /// What stands for each field of a row; none where the literal that it began as is not known.
    fn fields_at(&mut self, row: Spot, level: u32) -> Option<Vec<(Var, Spot)>> {
        if level > MOST_LEVELS {
            return None;
        }
        match &self.facts(row.unit).expr(row.expr).kind {
            ExprKind::Construct { .. } => self.fields_written(row),
            ExprKind::Name(_) => {
                let mut fields = match self.bound(row.unit, row.owner, row.expr) {
                    Some(given) => self.fields_at(given, level + 1)?,
                    None => {
                        let vars = self.vars_of(row.unit, row.owner, row.expr);
                        let [(var, false)] = vars.as_slice() else { return None };
                        let sources = self.sources(*var);
                        let [only] = sources.as_slice() else { return None };
                        self.fields_at(*only, level + 1)?
                    }
                };
                self.set_anew(row, &mut fields);
                Some(fields)
            }
            ExprKind::Call { callee, .. } => {
                let called = self.eval(row.unit, row.owner, *callee);
                let [only] = called.as_slice() else { return None };
                let (Value::Def(def) | Value::Bound(def, _)) = self.pool.value(*only) else { return None };
                let results = self.result_var(def).map(|it| self.sources(it))?;
                let [given] = results.as_slice() else { return None };
                let before = self.bind_within(&[(def, row)]);
                self.bind_rest(def, row);
                let fields = self.fields_at(*given, level + 1);
                self.bindings.truncate(before);
                fields
            }
            _ => None,
        }
    }

    /// The parameter that takes all further arguments stands for the call itself, which holds them.
    fn bind_rest(&mut self, def: Def, call: Spot) {
        let (unit, id) = self.program.local(def);
        let rest = self.facts(unit).definition(id).params.iter().find(|it| it.kind == ParamKind::Rest);
        if let Some(var) = rest.and_then(|it| self.find_var(self.program.space(unit, id), &it.name)) {
            self.bindings.push((var, call));
        }
    }

    /// Fields of a row that the function around gives anew: `route.path = path`.
    fn set_anew(&mut self, row: Spot, fields: &mut Vec<(Var, Spot)>) {
        let facts = self.facts(row.unit);
        let ExprKind::Name(word) = &facts.expr(row.expr).kind else { return };
        for step in facts.steps.iter().filter(|it| it.owner == row.owner) {
            let StepKind::Assign { target, value } = step.kind else { continue };
            let ExprKind::Member { base, .. } = &facts.expr(target).kind else { continue };
            if !matches!(&facts.expr(*base).kind, ExprKind::Name(it) if it == word) {
                continue;
            }
            for (field, _) in self.vars_of(row.unit, row.owner, target) {
                fields.retain(|it| it.0 != field);
                fields.extend(self.given_in_calls(Spot { expr: value, ..row }).map(|it| (field, it)));
            }
        }
    }

    /// What a value is by the calls in hand; none where it is put together here.
    fn given_in_calls(&mut self, value: Spot) -> Option<Spot> {
        let mut at = value;
        for _ in 0..MOST_LEVELS {
            match self.bound(at.unit, at.owner, at.expr) {
                Some(given) => at = given,
                None => break,
            }
        }
        let kind = &self.facts(at.unit).expr(at.expr).kind;
        let is_given = (at.unit, at.expr) != (value.unit, value.expr);
        (is_given || matches!(kind, ExprKind::Text(_) | ExprKind::Sequence(_))).then_some(at)
    }

    /// What a name of a loop stands for, one after the other, where the loop runs over a list that the call in hand gives.
    pub(in crate::link) fn looped_in_hand(&mut self, unit: u32, owner: DefId, name: ExprId) -> Option<Vec<Spot>> {
        if self.bindings.is_empty() || !matches!(self.facts(unit).expr(name).kind, ExprKind::Name(_)) {
            return None;
        }
        let vars = self.vars_of(unit, owner, name);
        let [(var, false)] = vars.as_slice() else { return None };
        let sources = self.sources(*var);
        let [only] = sources.as_slice() else { return None };
        let is_element = matches!(self.facts(only.unit).expr(only.expr).kind, ExprKind::Element(_));
        if is_element { self.listed_in_hand(*only) } else { None }
    }

    /// What a list holds: one that is written out, or that a loop runs over and the call in hand gives, also as its further
    /// arguments.
    pub(in crate::link) fn listed_in_hand(&mut self, list: Spot) -> Option<Vec<Spot>> {
        let given = match self.facts(list.unit).expr(list.expr).kind {
            ExprKind::Element(inner) => self.bound(list.unit, list.owner, inner),
            _ => None,
        };
        let list = given.unwrap_or(list);
        let at = |expr: ExprId| Spot { expr, ..list };
        match &self.facts(list.unit).expr(list.expr).kind {
            ExprKind::Sequence(items) => Some(items.iter().map(|it| at(*it)).collect()),
            ExprKind::Call { args, .. } if given.is_some() => {
                let is_plain = |it: &&Argument| it.name.is_none() && !it.spread;
                Some(args.iter().filter(is_plain).map(|it| at(it.value)).collect())
            }
            _ => None,
        }
    }
}
