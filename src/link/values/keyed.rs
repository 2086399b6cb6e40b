//! Fields that a text names: of an instance (`job["owner"]`), or of the type that an outside value is about, which holds what
//! the type's fields made of what they were given (`form.cleaned_data["owner"]`).

use compact_str::CompactString;

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Site, Subject, Value, ValueId, Values, insert, union};
use crate::model::fact::{DefId, ExprId, ExprKind};
use crate::model::rule::{Gives, Stub};

/// Ends a word of a stub's `of:` that is a method: what it gives of the field stands under the field's name.
const CALLED: &str = "()";

impl Inference<'_> {
    /// The members that a text names. The words of `told` say what stands there for a field (`clean()`), and which member of the
    /// type leads to an entity that has those that the type itself does not declare (`Meta.model`).
    pub(crate) fn keyed(
        &mut self,
        unit: u32,
        owner: DefId,
        receivers: &[ValueId],
        key: ExprId,
        told: &[CompactString],
    ) -> Values {
        let mut values = Values::new();
        let key = self.key(unit, key);
        // Texts begin with a mark among keys.
        let Some(key) = key.as_deref().and_then(|it| it.strip_prefix('"')) else { return values };
        for receiver in receivers {
            let found = match self.pool.value(*receiver) {
                Value::Instance(of) => self.member(Value::Instance(of), key, unit),
                Value::Outside { instance: true, subject: Subject::Type(of), .. } => {
                    self.made_of_field(unit, owner, of, key, told)
                }
                _ => continue,
            };
            union(&mut values, &found);
        }
        values
    }

    /// What stands under the name of a type's field, or of a relation of the entity that the type is about.
    fn made_of_field(&mut self, unit: u32, owner: DefId, of: Def, key: &str, told: &[CompactString]) -> Values {
        let mut values = Values::new();
        let types = self.lineage(of).types.clone();
        let declared = types.iter().map(|it| self.program.members(self.program.def_space(*it), key));
        if let Some(declared) = declared.into_iter().find(|it| !it.is_empty()) {
            for method in told.iter().filter_map(|it| it.strip_suffix(CALLED)) {
                for field in self.type_member(of, key, unit, true, 0) {
                    let field = declared.iter().find_map(|it| self.as_above(*it, field, method)).unwrap_or(field);
                    let found = self.made_by(unit, owner, field, method);
                    union(&mut values, &found);
                }
            }
            return values;
        }
        let holder = self.pool.id(Value::Instance(of));
        for path in told.iter().filter(|it| !it.ends_with(CALLED)) {
            for subject in self.subjects_of_members(unit, &[holder], std::slice::from_ref(path)) {
                let Subject::Type(entity) = subject else { continue };
                let types = self.lineage(entity).types.clone();
                let Some(related) = types.iter().find_map(|it| self.related_member(*it, key)) else { continue };
                for value in related {
                    let is_row = match self.pool.value(value) {
                        Value::Instance(_) => true,
                        Value::Outside { path, instance, .. } => {
                            instance && self.stubs.store_of(self.pool.text(path)).is_some()
                        }
                        _ => false,
                    };
                    if is_row {
                        insert(&mut values, value);
                    }
                }
            }
        }
        values
    }

    /// A field whose type is the program's own, as what the library's type above is that the call would make as well
    /// (`OrderField(queryset=..)`), unless the type answers the method itself.
    fn as_above(&mut self, declared: Def, field: ValueId, method: &str) -> Option<ValueId> {
        let Value::Instance(of) = self.pool.value(field) else { return None };
        let (unit, id) = self.program.local(declared);
        let facts = self.facts(unit);
        let definition = facts.definition(id);
        let ExprKind::Call { args, .. } = &facts.expr(definition.value?).kind else { return None };
        let lineage = self.lineage(of).clone();
        if lineage.types.iter().any(|it| !self.program.members(self.program.def_space(*it), method).is_empty()) {
            return None;
        }
        let separator = self.separator(unit);
        for path in lineage.outside.iter().copied() {
            let Some(Stub { gives: Gives::Instance(kind), of: told, .. }) = self.stub_of_call(path, separator).stub
            else {
                continue;
            };
            if let Some(subject) = self.subjects_told(unit, definition.parent, &[], args, told).first() {
                return Some(self.outside_instance(kind, *subject, Site(0)));
            }
        }
        None
    }

    /// What a method gives that the field has from outside and somebody tells of.
    fn made_by(&mut self, unit: u32, owner: DefId, field: ValueId, method: &str) -> Values {
        let mut values = Values::new();
        let separator = self.separator(unit);
        for callee in self.member(self.pool.value(field), method, unit) {
            let callee = self.pool.value(callee);
            if let Value::Outside { path, .. } = callee
                && self.stub_of_call(path, separator).stub.is_some()
            {
                let found = self.call_value(unit, owner, callee, &[], &[field]);
                union(&mut values, &found);
            }
        }
        values
    }

    /// Whether the fields that a type declares are what its instances have by their names (`TypedDict`).
    pub(crate) fn is_keyed(&mut self, unit: u32, of: Def) -> bool {
        let separator = self.separator(unit);
        let above = self.lineage(of).outside.clone();
        above.iter().any(|it| {
            let gives = self.stubs.member(self.pool.text(*it), separator, "[]").map(|it| &it.gives);
            matches!(gives, Some(Gives::Keyed))
        })
    }
}
