//! Accesses that only the first function of a run makes (`access.outermost`): what was asked once is kept for whoever asks
//! again, such as the user of a request.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::access::accesses::Accesses;
use crate::link::calls::RawCall;
use crate::link::names::program::Def;
use crate::link::values::guards::Held;
use crate::link::values::infer::{Inference, Spot};
use crate::link::values::value::Value;
use crate::model::fact::{ExprKind, ParamKind};
use crate::model::rule::Rule;

/// Begins the name of a type whose methods are meant.
const IN: &str = "in=";
/// Begins the names of methods that run before what the types named do.
const BUT: &str = "but=";
/// Begins the names of decorators that ask nothing themselves.
const WITH: &str = "with=";

impl Inference<'_> {
    /// Drops what a rule says of outermost functions only, where the program calls the function itself, where a decorator or
    /// a type around it may have asked before, or where it is given nothing by its caller.
    pub(crate) fn drop_asked_before(&mut self, calls: &[RawCall], found: &mut Accesses) {
        let rules = self.rules;
        let says = |it: &u32, key: &str| rules.rules[*it as usize].settings.contains_key(key);
        self.drop_asked_ahead(found);
        if !found.accesses.iter().any(|it| says(&it.rule, "access.outermost")) {
            return;
        }
        let called: FxHashSet<Def> = calls.iter().filter(|it| !self.program.is_test(it.from)).map(|it| it.to).collect();
        found.accesses.retain(|it| {
            let rule = &rules.rules[it.rule as usize];
            let function = self.program.def(it.unit, self.named_owner(it.unit, it.owner));
            !says(&it.rule, "access.outermost") || !called.contains(&function) && self.is_outermost(rule, function)
        });
    }

    /// Drops what `access.ahead "MIDDLEWARE.user"` says was asked before: a list of that name in some module names a type or
    /// function of the program's own that reads a member `user`. Only these ask.
    fn drop_asked_ahead(&mut self, found: &mut Accesses) {
        let rules = self.rules;
        let ahead = |it: u32| rules.rules[it as usize].settings.get("access.ahead").map(String::as_str);
        let mut asking: FxHashMap<&str, Vec<Def>> = FxHashMap::default();
        for word in found.accesses.iter().filter_map(|it| ahead(it.rule)) {
            if !asking.contains_key(word) {
                let found = self.asking_ahead(word);
                asking.insert(word, found);
            }
        }
        found.accesses.retain(|it| {
            let Some(asking) = ahead(it.rule).and_then(|it| asking.get(it)) else { return true };
            let mut function = self.program.def(it.unit, it.owner);
            while !asking.contains(&function) && self.program.parent(function) != function {
                function = self.program.parent(function);
            }
            asking.is_empty() || asking.contains(&function)
        });
    }

    /// The types and functions that a list of the program's settings names and that read a member.
    fn asking_ahead(&mut self, word: &str) -> Vec<Def> {
        let Some((list, member)) = word.split_once('.') else { return Vec::new() };
        let sources: Vec<Spot> =
            self.setting_vars(None, list).into_iter().flat_map(|it| self.sources(it).to_vec()).collect();
        let mut asking = Vec::new();
        for source in sources {
            for value in self.named_by_texts(source.unit, source.owner, source.expr) {
                let Value::Def(of) = self.pool.value(value) else { continue };
                let (unit, id) = self.program.local(of);
                let facts = self.facts(unit);
                let definition = facts.definition(id);
                let lines = definition.line..=definition.end_line;
                let reads = facts.exprs.iter().any(|it| {
                    matches!(&it.kind, ExprKind::Member { name, .. } if name == member) && lines.contains(&it.at.line)
                });
                if reads && !asking.contains(&of) {
                    asking.push(of);
                }
            }
        }
        asking
    }

    /// Whether nothing that a rule names runs before a function.
    fn is_outermost(&mut self, rule: &Rule, function: Def) -> bool {
        let named = |begin: &str| -> Vec<CompactString> {
            rule.words("access.outermost").filter_map(|it| it.strip_prefix(begin)).map(Into::into).collect()
        };
        let bases: Vec<CompactString> =
            rule.words("access.outermost").filter(|it| !it.contains('=')).map(Into::into).collect();
        let (within, first, harmless) = (named(IN), named(BUT), named(WITH));
        let definition = self.program.definition(function);
        let around = self.program.parent(function);
        if !definition.params.iter().any(|it| it.kind == ParamKind::Plain) || !self.bare(function, &harmless) {
            return false;
        }
        if !self.program.is_type(around) {
            return true;
        }
        let value = [self.pool.id(Value::Instance(around))];
        let is_first = first.iter().any(|it| *it == definition.name.as_str());
        is_first
            || self.bare(around, &harmless)
                && self.any_matches(&value, &within, true) == Held::Yes
                && self.any_matches(&value, &bases, true) != Held::Yes
    }

    /// Whether a definition has no decorators but harmless ones.
    fn bare(&mut self, of: Def, harmless: &[CompactString]) -> bool {
        let (unit, id) = self.program.local(of);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        definition.attributes.iter().all(|it| {
            let decorator = match &facts.expr(*it).kind {
                ExprKind::Call { callee, .. } => *callee,
                _ => *it,
            };
            let values = self.eval(unit, definition.parent, decorator);
            self.any_matches(&values, harmless, false) == Held::Yes
        })
    }
}
