//! Messages: what is published and subscribed to, and under which topic.

use crate::link::access::accesses::RawSpot;
use crate::link::routes::endpoints::Endpoints;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::Inference;
use crate::link::values::value::Value;
use crate::model::fact::{Captured, DefId, Match};
use crate::model::graph::Direction;
use crate::model::rule::Rule;

pub(crate) struct RawMessage {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    pub(crate) topic: String,
    pub(crate) direction: Direction,
    pub(crate) broker: String,
}

/// Tells of messages without a decidable topic, of those whose rule asks for it (`message.heard`) only where something of the
/// program subscribes through the same broker: elsewhere the call is none of the library's.
pub(crate) fn tell_undecided(found: &mut Endpoints) {
    let undecided = std::mem::take(&mut found.undecided);
    let is_heard =
        |broker: &str| found.messages.iter().any(|it| it.direction == Direction::Subscribe && it.broker == broker);
    let told = undecided.into_iter().filter(|(broker, _)| is_heard(broker)).map(|(_, spot)| spot).collect::<Vec<_>>();
    found.blind_spots.extend(told);
}

impl Inference<'_> {
    pub(crate) fn message(&mut self, unit: u32, rule: &Rule, hit: &Match, found: &mut Endpoints) {
        if !self.group_guards(unit, rule, hit) {
            return;
        }
        let broker = rule
            .settings
            .get("message.broker")
            .cloned()
            .unwrap_or_else(|| rule.via().rsplit('/').next().unwrap_or_default().to_owned());
        let direction =
            if capture(rule, hit, "message.publish").is_some() { Direction::Publish } else { Direction::Subscribe };
        let mut topics: Vec<String> = Vec::new();
        for captured in captures(rule, hit, "message.topic") {
            match captured {
                Captured::Expr(expr) => {
                    topics.extend(self.texts(unit, hit.owner, *expr).into_iter().map(|it| it.text));
                    if topics.is_empty() {
                        // A constant or a task function names the topic as well as a text does.
                        for value in self.eval(unit, hit.owner, *expr) {
                            if let Value::Def(def) | Value::Bound(def, _) = self.pool.value(value) {
                                topics.push(self.program.qualified(def));
                            }
                        }
                    }
                }
                Captured::Word(word) => topics.push(word.to_string()),
                Captured::Definition(id) => topics.push(self.program.qualified(self.program.def(unit, *id))),
            }
        }
        if topics.is_empty() {
            if let Some(Captured::Definition(id)) = capture(rule, hit, "message.subscribe") {
                topics.push(self.program.qualified(self.program.def(unit, *id)));
            } else {
                let spot = RawSpot::at("dynamic-topic", unit, hit, "the topic of this message is not decidable");
                if rule.settings.contains_key("message.heard") {
                    found.undecided.push((broker.clone(), spot));
                } else {
                    found.blind_spots.push(spot);
                }
            }
        }
        let mut owners: Vec<(u32, DefId)> = Vec::new();
        for captured in captures(rule, hit, "message.handler") {
            if let Captured::Expr(expr) = captured {
                let mut defs = Vec::new();
                self.functions_of(unit, hit.owner, *expr, &mut defs, 0);
                owners.extend(defs.into_iter().map(|it| self.program.local(it)));
            }
        }
        if owners.is_empty() {
            owners.push((unit, hit.owner));
        }
        for topic in topics {
            for (owner_unit, owner) in &owners {
                let line = if *owner_unit == unit { hit.line } else { self.facts(*owner_unit).definition(*owner).line };
                found.messages.push(RawMessage {
                    unit: *owner_unit,
                    owner: *owner,
                    line,
                    topic: topic.clone(),
                    direction,
                    broker: broker.clone(),
                });
            }
        }
    }
}
