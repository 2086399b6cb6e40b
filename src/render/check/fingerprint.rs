//! Identity of a finding as text, without lines: the same after edits elsewhere, and unique within one report.

use std::collections::BTreeMap;

use crate::model::check::Finding;

/// Hands out one fingerprint per finding. Equal keys cannot occur twice in a report; should they, the second one is
/// hashed together with the first.
#[derive(Default)]
pub struct Fingerprints {
    seen: BTreeMap<String, u32>,
}

impl Fingerprints {
    /// 32 hexadecimal digits.
    pub fn of(&mut self, finding: &Finding) -> String {
        let key = finding.key.text();
        let times = self.seen.entry(key.clone()).or_insert(0);
        *times += 1;
        let text = if *times == 1 { key } else { format!("{key}\t{times}") };
        blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check::{Key, Level, Status};

    #[test]
    fn equal_keys_get_different_fingerprints() {
        let finding = Finding {
            key: Key { rule: "r".into(), ..Key::default() },
            level: Level::Error,
            status: Status::New,
            message: String::new(),
            sites: Vec::new(),
            path: Vec::new(),
            services: Vec::new(),
            waiver: None,
            moved_from: None,
        };
        let (mut one, mut two) = (Fingerprints::default(), Fingerprints::default());
        let first = one.of(&finding);
        assert_eq!(first.len(), 32);
        assert_ne!(first, one.of(&finding));
        assert_eq!(first, two.of(&finding));
    }
}
