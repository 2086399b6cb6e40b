//! A report to artifacts, one file per format.
