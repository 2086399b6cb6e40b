//! Calls to other services: HTTP and RPC clients with the address they are given.

use crate::link::routes::endpoints::Endpoints;
use crate::link::values::guards::{capture, captures};
use crate::link::values::infer::Inference;
use crate::model::fact::{Captured, DefId, Match};
use crate::model::rule::Rule;

/// A call that leaves the process.
pub(crate) struct RawRemote {
    pub(crate) unit: u32,
    pub(crate) owner: DefId,
    pub(crate) line: u32,
    /// None where nothing of it is decidable.
    pub(crate) address: Option<String>,
    pub(crate) kind: String,
}

impl Inference<'_> {
    pub(crate) fn remote(&mut self, unit: u32, rule: &Rule, hit: &Match, found: &mut Endpoints) {
        if !self.group_guards(unit, rule, hit) {
            return;
        }
        let kind = rule
            .settings
            .get("remote.kind")
            .cloned()
            .unwrap_or_else(|| rule.via().rsplit('/').next().unwrap_or_default().to_owned());
        let line = match capture(rule, hit, "remote") {
            Some(Captured::Expr(root)) => self.facts(unit).expr(*root).at.line,
            _ => hit.line,
        };
        let mut addresses: Vec<Option<String>> = Vec::new();
        for captured in captures(rule, hit, "remote.address") {
            if let Captured::Expr(expr) = captured {
                addresses.extend(self.texts(unit, hit.owner, *expr).into_iter().map(|it| Some(it.text)));
            }
        }
        // What says nothing but its holes says nothing.
        addresses.retain(|it| it.as_ref().is_some_and(|text| !only_holes(text)));
        if addresses.is_empty() {
            addresses.push(None);
        }
        let owner = hit.owner;
        found.remotes.extend(addresses.into_iter().map(|address| RawRemote {
            unit,
            owner,
            line,
            address,
            kind: kind.clone(),
        }));
    }
}

/// Whether a text has no letter or digit outside `{holes}`.
fn only_holes(text: &str) -> bool {
    let mut depth = 0_u32;
    !text.chars().any(|it| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && it.is_alphanumeric(),
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::only_holes;

    #[test]
    fn an_address_needs_a_word_outside_its_holes() {
        assert!(only_holes("{base}/{id}"));
        assert!(only_holes(""));
        assert!(!only_holes("{base}/status"));
        assert!(!only_holes("https://mail.internal"));
    }
}
