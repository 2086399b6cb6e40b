//! Types of columns that entities declare: what a rule says of the word that stands for the type (`column.types`), as a database
//! would have it. DDL says more, so it wins where there is any.

use rustc_hash::FxHashMap;

use crate::link::names::program::Def;
use crate::link::storage::stores::{Stores, push_column};
use crate::link::values::guards::{Held, capture, captures};
use crate::link::values::infer::Inference;
use crate::model::fact::{Argument, Captured, ExprId, ExprKind, FileFacts, Match};
use crate::model::rule::Rule;
use crate::model::sql::Column;

impl Inference<'_> {
    /// Gives columns without a type the one that their entity declares, and key columns that of the column they refer to.
    pub(crate) fn declare_column_types(&mut self, stores: &mut Stores) {
        for (unit, rule, found) in self.hits(|it| it.has("column.type")) {
            let Some(Captured::Definition(member)) = capture(rule, found, "entity.column") else { continue };
            let facts = self.facts(unit);
            let member = facts.definition(*member);
            let Some(declared) = declared(facts, rule, found, member.value) else { continue };
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            for of in self.entity_types(unit, found.owner) {
                let name = stores.column_name(of, &member.name).map_or_else(|| member.name.to_string(), str::to_owned);
                for holder in self.holders_of(stores, of) {
                    let draft = &mut stores.drafts[holder];
                    if let Some(column) = draft.columns.iter_mut().find(|it| it.name.eq_ignore_ascii_case(&name)) {
                        if declared.is_written && !draft.is_made {
                            column.type_name = "".into();
                        }
                        declare(column, &declared);
                    }
                }
            }
        }
        self.own_key_types(stores);
        self.add_brought_columns(stores);
        key_types(stores);
    }

    /// Stores whose rows have the columns of a type: its own, or those of the types below one that has none.
    pub(crate) fn holders_of(&mut self, stores: &Stores, of: Def) -> Vec<usize> {
        if let Some(store) = stores.of_type.get(&of) {
            return vec![*store];
        }
        let mut mapped: Vec<(Def, usize)> = stores.of_type.iter().map(|(of, store)| (*of, *store)).collect();
        mapped.sort_unstable();
        mapped.retain(|(below, _)| self.lineage(*below).types.contains(&of));
        mapped.into_iter().map(|it| it.1).collect()
    }

    /// The keys that entities have without writing them (`column.own`).
    fn own_key_types(&mut self, stores: &mut Stores) {
        let mut types: Vec<(Def, String)> = Vec::new();
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("column.own")) {
            if self.guards_hold(unit, found.owner, rule, found) == Held::Yes {
                let name = rule.settings["column.own"].replace('_', " ");
                types.extend(self.entity_types(unit, found.owner).into_iter().map(|it| (it, name.clone())));
            }
        }
        for (of, name) in types {
            let (Some(store), Some((key, _))) = (stores.of_type.get(&of), stores.own_keys.get(&of)) else { continue };
            let columns = &mut stores.drafts[*store].columns;
            if let Some(column) = columns.iter_mut().find(|it| it.primary_key && it.name == key.as_str())
                && column.type_name.is_empty()
            {
                column.type_name = name.as_str().into();
            }
        }
    }

    /// Columns that a base from outside has (`column.more`), but for tables whose DDL lists theirs.
    fn add_brought_columns(&mut self, stores: &mut Stores) {
        for (unit, rule, found) in self.hits(|it| it.settings.contains_key("column.more")) {
            if self.guards_hold(unit, found.owner, rule, found) != Held::Yes {
                continue;
            }
            for of in self.entity_types(unit, found.owner) {
                let Some(store) = stores.of_type.get(&of).copied().filter(|it| !stores.drafts[*it].is_made) else {
                    continue;
                };
                for (name, type_name) in rule.words("column.more").filter_map(|it| it.split_once('=')) {
                    let draft = &mut stores.drafts[store];
                    push_column(draft, name, false);
                    if let Some(column) = draft.columns.iter_mut().find(|it| it.name == name) {
                        declare(
                            column,
                            &Declared { name: type_name.replace('_', " "), nullable: None, is_written: false },
                        );
                    }
                }
            }
        }
    }
}

/// Gives a column the type that its field declares, as a rule's `column.types` has it, if it has none. Where a rule says which
/// generic type stands around what may be missing (`column.optional "Option"`), a row has what stands in none.
pub(super) fn column_type(facts: &FileFacts, rule: &Rule, declared: ExprId, column: &mut Column) {
    let Some(optional) = rule.settings.get("column.types").map(|_| rule.words("column.optional")) else { return };
    let optional: Vec<&str> = optional.collect();
    let mut nullable = (!optional.is_empty()).then_some(false);
    let mut inner = declared;
    while let ExprKind::Index { base, index } = facts.expr(inner).kind
        && last_word(facts, base).is_some_and(|it| optional.contains(&it))
    {
        nullable = Some(true);
        inner = index;
    }
    let word = match facts.expr(inner).kind {
        ExprKind::Index { base, index } => last_word(facts, base).zip(last_word(facts, index)).map(|it| match it {
            ("[]", of) => format!("[]{of}"),
            (base, of) => format!("{base}<{of}>"),
        }),
        _ => last_word(facts, inner).map(str::to_owned),
    };
    if let Some(name) = word.as_deref().and_then(|it| meant(rule, it)) {
        declare(column, &Declared { name: sized(facts, name, &[]), nullable, is_written: false });
    }
}

fn last_word(facts: &FileFacts, of: ExprId) -> Option<&str> {
    match &facts.expr(of).kind {
        ExprKind::Name(word) | ExprKind::Member { name: word, .. } => Some(word),
        _ => None,
    }
}

/// What a rule says that a type's word is to the database.
fn meant<'r>(rule: &'r Rule, word: &str) -> Option<&'r str> {
    rule.words("column.types").find_map(|it| it.strip_prefix(word)?.strip_prefix('='))
}

/// A type, and whether a row may lack it where that is said.
struct Declared {
    name: String,
    nullable: Option<bool>,
    /// It is written as the database has it.
    is_written: bool,
}

fn declare(column: &mut Column, declared: &Declared) {
    if column.type_name.is_empty() {
        column.type_name = declared.name.as_str().into();
        column.nullable = declared.nullable.unwrap_or(column.nullable) && !column.primary_key;
    }
}

/// What a member's type is: the rule's name for the last word, with sizes filled in that the type or the member's value is given.
fn declared(facts: &FileFacts, rule: &Rule, found: &Match, value: Option<ExprId>) -> Option<Declared> {
    let given = |of: ExprId| match &facts.expr(of).kind {
        ExprKind::Call { callee, args } => Some((*callee, args.as_slice())),
        _ => None,
    };
    let known = |written: &Captured| {
        let Captured::Expr(written) = written else { return None };
        if let ExprKind::Text(text) = &facts.expr(*written).kind
            && !rule.settings.contains_key("column.types")
        {
            return Some((text.as_str(), None));
        }
        let (callee, own) = given(*written).unwrap_or((*written, &[]));
        Some((meant(rule, last_word(facts, callee)?)?, Some(own)))
    };
    let (name, own) = captures(rule, found, "column.type").find_map(known)?;
    let around = value.and_then(given).map_or(&[] as &[Argument], |it| it.1);
    let nullable = rule.settings.get("column.nullable").and_then(|it| it.split_once('=')).map(|(keyword, usual)| {
        let said = around.iter().find(|it| it.name.as_deref() == Some(keyword)).map(|it| &facts.expr(it.value).kind);
        match said {
            Some(ExprKind::Constant(said)) => said == "True",
            _ => usual == "True",
        }
    });
    let name = match own {
        Some(own) => sized(facts, name, if own.is_empty() { around } else { own }),
        None => name.to_owned(),
    };
    Some(Declared { name, nullable: nullable.filter(|_| value.is_some()), is_written: own.is_none() })
}

/// Fills `VARCHAR(<max_length>)` or `VARCHAR(<0>)` in; without all sizes there is none. Blanks are written as `_`.
fn sized(facts: &FileFacts, name: &str, args: &[Argument]) -> String {
    let Some((bare, sizes)) = name.trim_end_matches(')').split_once('(') else { return name.replace('_', " ") };
    let size = |slot: &str| {
        let slot = slot.trim_matches(['<', '>']);
        let named = args.iter().find(|it| it.name.as_deref() == Some(slot));
        let found = named.or_else(|| args.get(slot.parse::<usize>().ok()?).filter(|it| it.name.is_none()))?;
        match &facts.expr(found.value).kind {
            ExprKind::Constant(number) if number.bytes().all(|it| it.is_ascii_digit()) => Some(number.as_str()),
            _ => None,
        }
    };
    let filled: Option<Vec<&str>> = sizes.split(',').map(size).collect();
    filled.map_or_else(|| bare.to_owned(), |it| format!("{bare}({})", it.join(", ")))
}

/// A key column has the type of the column that it refers to.
fn key_types(stores: &mut Stores) {
    let types: FxHashMap<String, String> = (stores.drafts.iter())
        .filter_map(|draft| {
            let key = draft.columns.iter().find(|it| it.primary_key && !it.type_name.is_empty());
            key.map(|it| (draft.name.to_lowercase(), it.type_name.to_string()))
        })
        .collect();
    for draft in &mut stores.drafts {
        for (key, _) in &draft.foreign_keys {
            let ([column], Some(found)) = (key.columns.as_slice(), types.get(key.store.name.to_lowercase().as_str()))
            else {
                continue;
            };
            if let Some(own) = draft.columns.iter_mut().find(|it| it.name == *column && it.type_name.is_empty()) {
                own.type_name = found.as_str().into();
            }
        }
    }
}
