//! `seamline generate`: man page, completions and schemas, all from the definitions.

use std::io::Write;

use clap::{Args, CommandFactory, Subcommand};
use clap_complete::Shell;

use crate::cli::common::{Input, write_artifacts};
use crate::cli::{Cli, Failure, Outcome};
use crate::render::enforce::enforcer;
use crate::render::{json, trend};

/// Prints the man page, shell completions, a JSON Schema, or the boundaries for a linter.
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
    /// `.go-arch-lint.yml` of the boundaries, for Go.
    GoArchLint(Linter),
    /// `.importlinter` of the boundaries, for Python.
    ImportLinter(Linter),
    /// `tach.toml` of the boundaries, for Python.
    Tach(Linter),
    /// A JSON Schema: of the configuration, or of an output.
    Schema {
        /// `config`, or the file name of a published schema [default: list the names].
        name: Option<String>,
    },
}

/// Where the boundaries come from, and where the linter's configuration goes.
#[derive(Debug, Args)]
struct Linter {
    #[command(flatten)]
    input: Input,
    /// Write the file into PATH under the name that the linter looks for, unless it is there already.
    #[arg(long)]
    write: bool,
}

impl Linter {
    fn run(&self, id: &str) -> Result<(), Failure> {
        let (_, report) = self.input.analyze()?;
        let artifact = enforcer(id).map_or_else(|| Err(format!("no linter `{id}`")), |it| it.render(&report));
        let artifact = artifact.map_err(Failure::Message)?;
        let path = self.input.path.join(&artifact.path);
        let mut stdout = std::io::stdout().lock();
        if !self.write {
            stdout.write_all(&artifact.bytes)?;
            return Ok(());
        }
        if path.exists() {
            return Err(Failure::Message(format!("{} exists and is not overwritten; move it away", path.display())));
        }
        write_artifacts(&self.input.path, &[artifact])?;
        writeln!(stdout, "{}", path.display())?;
        Ok(())
    }
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
            What::GoArchLint(it) => {
                drop(stdout);
                it.run("go-arch-lint")?;
            }
            What::ImportLinter(it) => {
                drop(stdout);
                it.run("import-linter")?;
            }
            What::Tach(it) => {
                drop(stdout);
                it.run("tach")?;
            }
            What::Schema { name } => {
                let mut schemas = json::schemas();
                schemas.extend(trend::schemas());
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
