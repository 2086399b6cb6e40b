//! A graph and a partition to owners, verdicts, seams, order and steps.
