//! `seamline init --ci`: a workflow that runs the gate on every change.

use std::io::Write;
use std::path::Path;

use crate::cli::{Failure, Outcome};

/// Where continuous integration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Service {
    /// `.github/workflows/seamline.yml`.
    Github,
    /// `.gitlab-ci.yml`, or `.gitlab/seamline.yml` to include where there is one already.
    Gitlab,
}

/// Writes the workflow into the checkout, or prints it.
pub(super) fn write_workflow(service: Service, folder: &Path, dry_run: bool) -> Result<Outcome, Failure> {
    let (template, path, hint) = match service {
        Service::Github => (include_str!("ci/github.yml"), ".github/workflows/seamline.yml", ""),
        Service::Gitlab if folder.join(".gitlab-ci.yml").exists() => (
            include_str!("ci/gitlab.yml"),
            ".gitlab/seamline.yml",
            "; add to .gitlab-ci.yml: include: [{ local: .gitlab/seamline.yml }]",
        ),
        Service::Gitlab => (include_str!("ci/gitlab.yml"), ".gitlab-ci.yml", ""),
    };
    let text = template.replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    let mut stdout = std::io::stdout().lock();
    if dry_run {
        stdout.write_all(text.as_bytes())?;
        return Ok(Outcome::Fine);
    }
    let target = folder.join(path);
    if target.exists() {
        let words = "exists and is not overwritten; move it away, or add `--dry-run`";
        return Err(Failure::Message(format!("{} {words}", target.display())));
    }
    let save = || {
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&target, text)
    };
    save().map_err(|error| Failure::Message(format!("cannot write {}: {error}", target.display())))?;
    writeln!(stdout, "{}{hint}", target.display())?;
    Ok(Outcome::Fine)
}
