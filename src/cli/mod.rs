//! Arguments, terminal output, exit codes. One file per subcommand.
//!
//! Data goes to stdout, progress and diagnostics to stderr. Exit codes: 0 fine, 1 `check` found something, 2 could not run.

mod analyze;
mod check;
mod ci;
mod common;
mod diagram;
mod explain;
mod export;
mod generate;
mod history;
mod init;
mod ledger;
mod metrics;
mod partition;
mod placed;
mod plan;
mod scaffold;
mod sql;
mod steering;
mod subject;
mod what_if;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Where does this monolith want to split, what stands in the way, and in which order do we cut?
#[derive(Debug, Parser)]
#[command(name = "seamline", version, about, max_term_width = 100, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Analyze(analyze::Analyze),
    Check(check::Check),
    Diagram(diagram::Diagram),
    Explain(explain::Explain),
    Export(export::Export),
    Generate(generate::Generate),
    History(history::History),
    Init(init::Init),
    Ledger(ledger::Ledger),
    Metrics(metrics::Metrics),
    Partition(partition::Partition),
    Plan(plan::Plan),
    Scaffold(scaffold::Scaffold),
    Sql(sql::Sql),
    WhatIf(what_if::WhatIf),
}

/// Why a command could not run, in words for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Message(String),
    #[error(transparent)]
    Discover(#[from] crate::discover::DiscoverError),
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    #[error("cannot write to stdout: {0}")]
    Output(std::io::Error),
    /// Whoever read our output has seen enough.
    #[error("broken pipe")]
    BrokenPipe,
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self::BrokenPipe } else { Self::Output(error) }
    }
}

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Fine,
    /// `check` found something.
    Findings,
}

/// Runs the command line and gives the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Analyze(it) => it.run(),
        Command::Check(it) => it.run(),
        Command::Diagram(it) => it.run(),
        Command::Explain(it) => it.run(),
        Command::Export(it) => it.run(),
        Command::Generate(it) => it.run(),
        Command::History(it) => it.run(),
        Command::Init(it) => it.run(),
        Command::Ledger(it) => it.run(),
        Command::Metrics(it) => it.run(),
        Command::Partition(it) => it.run(),
        Command::Plan(it) => it.run(),
        Command::Scaffold(it) => it.run(),
        Command::Sql(it) => it.run(),
        Command::WhatIf(it) => it.run(),
    };
    match result {
        Ok(Outcome::Fine) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            let mut stderr = anstream::stderr();
            // Nothing is left to do when even stderr is closed.
            let _ = writeln!(stderr, "seamline: {failure}");
            ExitCode::from(2)
        }
    }
}
