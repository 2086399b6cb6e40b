//! `seamline generate`: man page, completions and schemas, all from the definitions.

use std::io::Write;

use clap::{Args, CommandFactory, Subcommand};
use clap_complete::Shell;

use crate::cli::{Cli, Failure, Outcome};
use crate::render::json;

/// Prints the man page, shell completions, or a JSON Schema.
#[derive(Debug, Args)]
pub(super) struct Generate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The man page, in roff.
    Man,
    /// Completions for a shell.
    Completions { shell: Shell },
    /// A JSON Schema: of the configuration, or of an output.
    Schema {
        /// `config`, or the file name of a published schema [default: list the names].
        name: Option<String>,
    },
}

impl Generate {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut stdout = std::io::stdout().lock();
        match &self.what {
            What::Man => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut page)?;
                stdout.write_all(&page)?;
            }
            What::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(*shell, &mut Cli::command(), "seamline", &mut script);
                stdout.write_all(&script)?;
            }
            What::Schema { name } => {
                let mut schemas = json::schemas();
                let config = serde_json::to_vec_pretty(&crate::config::schema()).unwrap_or_default();
                schemas.push(crate::model::report::Artifact { path: "config".to_owned(), bytes: config });
                match name {
                    None => {
                        for schema in &schemas {
                            writeln!(stdout, "{}", schema.path)?;
                        }
                    }
                    Some(name) => {
                        let Some(schema) = schemas.iter().find(|it| it.path == *name) else {
                            let known: Vec<&str> = schemas.iter().map(|it| it.path.as_str()).collect();
                            return Err(Failure::Message(format!(
                                "no schema `{name}`; there are {}",
                                known.join(", ")
                            )));
                        };
                        stdout.write_all(&schema.bytes)?;
                    }
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
