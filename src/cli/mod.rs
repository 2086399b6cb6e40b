//! Arguments, terminal output, exit codes.
