//! Metrics across revisions, baseline, ratchet, trend.
