//! Fields that a text names: of an instance (`job["owner"]`), or of the type that an outside value is about, which holds what
//! the type's fields made of what they were given (`form.cleaned_data["owner"]`).

use compact_str::CompactString;

use crate::link::names::program::Def;
use crate::link::values::infer::Inference;
use crate::link::values::value::{Subject, Value, ValueId, Values, insert, union};
use crate::model::fact::{DefId, ExprId};
use crate::model::rule::Gives;

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
        if types.iter().any(|it| !self.program.members(self.program.def_space(*it), key).is_empty()) {
            for field in self.type_member(of, key, unit, true, 0) {
                for method in told.iter().filter_map(|it| it.strip_suffix(CALLED)) {
                    let found = self.made_by(unit, owner, field, method);
                    union(&mut values, &found);
                }
            }
            return values;
        }
        let holder = self.pool.id(Value::Instance(of));
        for path in told.iter().filter(|it| !it.ends_with(CALLED)) {
            for subject in self.subjects_of_members(unit, &[holder], &[path.clone()]) {
                let Subject::Type(entity) = subject else { continue };
                for value in self.type_member(entity, key, unit, true, 0) {
                    if matches!(self.pool.value(value), Value::Instance(_)) {
                        insert(&mut values, value);
                    }
                }
            }
        }
        values
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
