//! What stores are called where nothing in the code names them: naming rules of patterns, as the program configures them.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::link::names::program::Def;
use crate::link::storage::naming;
use crate::link::values::guards::{Held, capture};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefId, ExprKind, Match};
use crate::model::rule::Rule;
use crate::model::source::Role;

/// What production code changes in naming rules where it configures a mapper.
#[derive(Default)]
pub(crate) struct Conventions<'a> {
    /// Pattern files and the filters taken out of their rules (`naming.without`).
    without: FxHashSet<(&'a str, &'a str)>,
    /// Texts that stand before the names which a pattern file's rules give (`@naming.prefix`).
    prefixes: BTreeMap<&'a str, String>,
    /// Words of types' names, and what is put in their place before a pattern file's rules are applied (`@naming.replacer`).
    replaced: BTreeMap<&'a str, Vec<(String, String)>>,
    /// Modules that are parts of the program by themselves (`@naming.part`), with what they are called there
    /// (`@naming.label`) unless it is the last part of their name.
    parts: FxHashMap<(&'a str, String), Option<String>>,
    /// Types that say which part they belong to, wherever they stand.
    own: FxHashMap<Def, String>,
}

impl<'a> Inference<'a> {
    /// What a type's store is called by the naming rule of a pattern, as the program configured it.
    pub(crate) fn conventional_name(&self, rule: &Rule, naming_rule: &str, of: Def) -> String {
        let module = &self.program.modules[self.program.unit(self.program.unit_of(of)).module.0 as usize].name;
        let mut naming_rule = naming_rule.to_owned();
        for (_, filter) in self.conventions.without.iter().filter(|it| it.0 == rule.via()) {
            naming_rule = naming_rule.replace(&format!("|{filter}"), "");
        }
        if naming_rule.contains("{module[")
            && let Some(part) = self.part_of(rule.via(), of, module)
        {
            naming_rule = naming::in_part(&naming_rule, part);
        }
        let of = &self.program.definition(of).name;
        let of = self.conventions.replaced.get(rule.via()).map_or_else(|| of.to_string(), |it| replaced(of, it));
        let name = naming::store_name(&naming_rule, &of, module);
        match self.conventions.prefixes.get(rule.via()) {
            Some(prefix) => format!("{prefix}{name}"),
            None => name,
        }
    }

    /// Tables that migrations written as code make (`schema.creates`), whose names are needed before their calls are read.
    pub(crate) fn made_by_migrations(&mut self) -> FxHashSet<String> {
        let mut made = FxHashSet::default();
        for (unit, rule, hit) in self.hits(|it| it.settings.contains_key("schema.creates")) {
            let function = &self.facts(unit).definition(hit.owner).name;
            if rule.settings.get("schema.creates").is_some_and(|it| it == function.as_str())
                && self.guards_hold(unit, hit.owner, rule, hit) == Held::Yes
            {
                made.extend(self.captured_name(unit, rule, hit, "access.target"));
            }
        }
        made
    }

    /// What the part of the program is called that a type belongs to: the innermost one around its module.
    fn part_of<'m>(&'m self, via: &str, of: Def, module: &'m str) -> Option<&'m str> {
        if let Some(own) = self.conventions.own.get(&of) {
            return Some(own);
        }
        let parts = &self.conventions.parts;
        if parts.is_empty() {
            return None;
        }
        let mut around = module;
        while let Some((outer, _)) = around.rsplit_once('.') {
            around = outer;
            let known = parts.iter().find(|((by, part), _)| *by == via && part == around);
            if let Some((_, label)) = known {
                return Some(label.as_deref().unwrap_or_else(|| around.rsplit('.').next().unwrap_or(around)));
            }
        }
        None
    }

    /// What production code changes in naming rules: filters taken out, a prefix, what its parts are called.
    pub(crate) fn find_conventions(&mut self) {
        let says = |it: &Rule| it.has("definition.naming") || it.has("naming.part");
        for (unit, rule, found) in self.hits(says) {
            if self.program.unit(unit).source.role == Role::Test
                || self.guards_hold(unit, found.owner, rule, found) != Held::Yes
            {
                continue;
            }
            if let Some(filter) = rule.settings.get("naming.without") {
                self.conventions.without.insert((rule.via(), filter));
            }
            if let Some(Captured::Expr(prefix)) = capture(rule, found, "naming.prefix")
                && let Some(prefix) = self.plain_text(unit, found.owner, *prefix)
                && !prefix.contains('{')
            {
                self.conventions.prefixes.insert(rule.via(), prefix);
            }
            if let Some(Captured::Expr(replacer)) = capture(rule, found, "naming.replacer")
                && let ExprKind::Call { args, .. } = &self.facts(unit).expr(*replacer).kind
            {
                let words: Vec<Option<String>> =
                    args.iter().map(|it| self.plain_text(unit, found.owner, it.value)).collect();
                let pairs = words.chunks_exact(2).filter_map(|it| it[0].clone().zip(it[1].clone())).collect();
                self.conventions.replaced.insert(rule.via(), pairs);
            }
            if let Some(Captured::Definition(id)) = capture(rule, found, "naming.part") {
                self.find_part(unit, *id, rule, found);
            }
        }
    }

    /// A part of the program that a type stands for, or one that a type says it belongs to.
    fn find_part(&mut self, unit: u32, id: DefId, rule: &'a Rule, found: &'a Match) {
        let label =
            self.captured_name(unit, rule, found, "naming.label").filter(|it| !it.is_empty() && !it.contains('{'));
        let above = rule.settings.get("naming.above").and_then(|it| it.parse::<usize>().ok());
        let Some(above) = above else {
            if let Some(label) = label {
                self.conventions.own.insert(self.program.def(unit, id), label);
            }
            return;
        };
        let module = self.program.modules[self.program.unit(unit).module.0 as usize].name.clone();
        let mut part = module.as_str();
        for _ in 0..above {
            part = part.rsplit_once('.').map_or("", |it| it.0);
        }
        // A type elsewhere may stand for it.
        let named = self.captured_name(unit, rule, found, "naming.module").filter(|it| !it.contains('{'));
        let part = match named {
            Some(named) if part != named && !part.ends_with(&format!(".{named}")) => named,
            _ => part.to_owned(),
        };
        if !part.is_empty() {
            let entry = self.conventions.parts.entry((rule.via(), part)).or_default();
            *entry = label.or_else(|| entry.take());
        }
    }
}

/// A name with words replaced, at each place by the first that stands there.
fn replaced(name: &str, pairs: &[(String, String)]) -> String {
    let mut result = String::new();
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        let found = pairs.iter().find(|(from, _)| !from.is_empty() && rest.starts_with(from.as_str()));
        let taken = found.map_or(letter.len_utf8(), |it| it.0.len());
        result.push_str(found.map_or(&rest[..taken], |it| &it.1));
        rest = &rest[taken..];
    }
    result
}
