//! Constants and variables, of a package or of a function.

use crate::frontend::go::grammar::{Field, Kind};
use crate::frontend::go::lower::{Lowering, visibility};
use crate::model::fact::{DefId, Definition, DefinitionKind, ExprId, ExprKind, StepKind, Text};

impl Lowering<'_> {
    /// `const` in a package or in a function.
    pub(super) fn constants(&mut self) {
        let mut previous: (Option<ExprId>, Vec<ExprId>) = (None, Vec::new());
        self.children(|walk, kind| {
            if kind != Kind::ConstSpec {
                return;
            }
            let line = walk.line();
            let (mut names, mut declared, mut values) = (Vec::new(), None, Vec::new());
            walk.children(|walk, kind| match walk.field() {
                Field::Name if kind == Kind::Identifier => names.push(walk.text()),
                Field::Type => declared = Some(walk.type_expr()),
                Field::Value => {
                    walk.expressions(&mut values);
                }
                _ => {}
            });
            if declared.is_some() || !values.is_empty() {
                previous = (declared, values);
            }
            for (index, name) in names.into_iter().enumerate() {
                let value = previous.1.get(index).copied();
                if walk.owner == DefId::MODULE {
                    walk.named_value(DefinitionKind::Constant, name, line, previous.0, value);
                } else if name != "_" {
                    walk.local(name, previous.0, value, line);
                }
            }
        });
    }

    /// `var` in a package or in a function: the cursor stands on one `var_spec`.
    pub(super) fn variables(&mut self) {
        let (line, at_module) = (self.line(), self.owner == DefId::MODULE);
        let first = DefId(self.facts.definitions.len() as u32);
        let (mut names, mut declared, mut values) = (Vec::new(), None, Vec::new());
        let mut is_call = false;
        self.children(|walk, kind| match walk.field() {
            Field::Name if kind == Kind::Identifier => {
                let name = walk.text();
                if at_module {
                    walk.named_value(DefinitionKind::Variable, name, line, None, None);
                }
                names.push(name);
            }
            Field::Type => declared = Some(walk.type_expr()),
            Field::Value => {
                // Function literals in a package variable belong to it.
                if at_module && names.first().is_some_and(|name| *name != "_") {
                    walk.owner = first;
                }
                is_call = walk.expressions(&mut values);
                walk.owner = if at_module { DefId::MODULE } else { walk.owner };
            }
            _ => {}
        });
        if at_module {
            self.give_to_module(first);
        }
        let unpacked = values.len() == 1 && names.len() > 1;
        if at_module {
            let embedded = match self.embeds.as_slice() {
                [only] => Some(*only),
                _ => None,
            };
            let embeds = self.embed_attribute();
            let definitions = self.facts.definitions.iter_mut().skip(first.0 as usize);
            let named: Vec<&mut Definition> = definitions.filter(|d| d.kind == DefinitionKind::Variable).collect();
            let kept = names.iter().enumerate().filter(|(_, name)| **name != "_");
            for (definition, (index, _)) in named.into_iter().zip(kept) {
                definition.declared = declared;
                definition.value = if unpacked { None } else { values.get(index).copied().or(embedded) };
                definition.attributes.clone_from(&embeds);
            }
        }
        if at_module && let ([name], [value]) = (names.as_slice(), values.as_slice()) {
            self.name_function(first, name, *value);
        }
        if let Some(of) = declared {
            self.note_channels(of, names.iter().copied());
        }
        if unpacked {
            if !at_module && let Some(of) = declared {
                for name in &names {
                    let target = self.declared_name(name);
                    self.step(StepKind::Declare { target, declared: of }, line);
                }
            }
            let targets: Vec<ExprId> = if at_module {
                names.iter().map(|name| self.target_name(name)).collect()
            } else {
                names.iter().map(|name| self.declared_name(name)).collect()
            };
            self.unpack(targets, values[0], is_call, line);
        } else if !at_module {
            for (index, name) in names.into_iter().enumerate() {
                if name != "_" {
                    self.local(name, declared, values.get(index).copied(), line);
                }
            }
        }
    }

    /// `var find = func(..) {..}` in a package is a function of that name.
    fn name_function(&mut self, variable: DefId, name: &str, value: ExprId) {
        let ExprKind::Function(id) = *self.expr_kind(value) else { return };
        if name == "_" || self.facts.definition(id).parent != variable {
            return;
        }
        if let Some(function) = self.definition_mut(id) {
            function.kind = DefinitionKind::Function;
            function.name = name.into();
            function.path = name.into();
            function.parent = DefId::MODULE;
            function.visibility = visibility(name);
        }
        if let Some(variable) = self.definition_mut(variable) {
            variable.value = None;
        }
    }

    /// Steps made while a package variable was read belong to the module, and so do types without a name in it.
    fn give_to_module(&mut self, variable: DefId) {
        for definition in self.facts.definitions.iter_mut().skip(variable.0 as usize) {
            if definition.kind == DefinitionKind::Type && definition.parent == variable {
                definition.parent = DefId::MODULE;
            }
        }
        for step in self.facts.steps.iter_mut().rev().take_while(|step| step.owner >= variable) {
            if step.owner == variable {
                step.owner = DefId::MODULE;
            }
        }
    }

    /// A constant or variable of the package.
    fn named_value(
        &mut self,
        kind: DefinitionKind,
        name: &str,
        line: u32,
        declared: Option<ExprId>,
        value: Option<ExprId>,
    ) {
        if name == "_" {
            return;
        }
        let mut definition = Definition::new(name, name, kind, DefId::MODULE, line, self.end_line());
        definition.visibility = visibility(name);
        definition.declared = declared;
        definition.value = value;
        self.define(definition);
    }

    /// A constant or variable of a function.
    fn local(&mut self, name: &str, declared: Option<ExprId>, value: Option<ExprId>, line: u32) {
        let written = self.declare(name);
        let target = self.push(ExprKind::Name(written.clone()));
        if let Some(declared) = declared {
            if self.is_builder(declared) && value.is_none() {
                self.scope.builders.push(written);
                let value = self.push(ExprKind::Text(Text::default()));
                self.step(StepKind::Assign { target, value }, line);
                return;
            }
            self.step(StepKind::Declare { target, declared }, line);
        }
        if let Some(value) = value {
            self.assign(target, value, line);
        }
    }
}
