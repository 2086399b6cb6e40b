//! Skeletons are built and tested for real: with Go, with Python, with cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use seamline::Request;
use seamline::model::report::Report;
use seamline::scaffold::scaffold;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A fixture under its expert's split, so that the test does not hang on where boundaries are found.
fn report(project: &str) -> Report {
    let path = root().join("fixtures/projects").join(project);
    let text = std::fs::read_to_string(path.join("services.toml")).expect("services.toml");
    let expert: toml::Table = text.parse().expect("valid TOML");
    let mut settings = String::new();
    for service in expert["service"].as_array().expect("services") {
        let list = |key: &str| service.get(key).map_or_else(|| "[]".to_owned(), ToString::to_string);
        settings.push_str(&format!(
            "[[service]]\nname = {}\nmodules = {}\nsymbols = {}\nstores = {}\n",
            service["name"],
            list("modules"),
            list("symbols"),
            list("stores")
        ));
    }
    let settings = seamline::config::parse(&settings, "services.toml").expect("valid settings");
    let request = Request { path, settings, ..Request::default() };
    seamline::extract::pool(2).expect("threads").install(|| seamline::analyze(&request)).expect("a readable fixture")
}

fn write(report: &Report, service: &str, language: &str) -> PathBuf {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    let artifacts = scaffold(report, service, Some(language)).expect("a skeleton");
    assert!(artifacts.iter().any(|it| it.path == "Dockerfile"));
    for artifact in artifacts {
        let path = folder.join(&artifact.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, artifact.bytes).expect("files");
    }
    folder
}

fn run(folder: &Path, program: &str, args: &[&str], install: &str) {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("GOFLAGS", "-mod=mod")
        .env("CARGO_TARGET_DIR", root().join("target/skeleton"))
        .output()
        .unwrap_or_else(|error| panic!("{program} cannot be run ({error}); install it with: {install}"));
    assert!(
        output.status.success(),
        "{program} {args:?} in {}:\n{}{}",
        folder.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The service with most endpoints.
fn busiest(report: &Report) -> String {
    let mut counts = vec![0_usize; report.partition.services.len()];
    for endpoint in &report.graph.endpoints {
        if let Some(service) = report.partition.symbol(endpoint.handler).service() {
            counts[service.index()] += 1;
        }
    }
    let most = (0..counts.len()).max_by_key(|it| counts[*it]).expect("a service");
    assert!(counts[most] > 3, "the busiest service has {} endpoints", counts[most]);
    report.partition.services[most].name.clone()
}

#[test]
fn a_skeleton_in_go_builds_and_passes_its_test() {
    let report = report("flowline");
    let folder = write(&report, &busiest(&report), "go");
    run(&folder, "go", &["vet", "./..."], "see go.dev/dl");
    run(&folder, "go", &["test", "./..."], "see go.dev/dl");
}

#[test]
fn a_skeleton_in_python_passes_its_test() {
    let report = report("socialnet");
    let folder = write(&report, &busiest(&report), "python");
    let python = root().join("target/test-venv/bin/python");
    run(&folder, &python.to_string_lossy(), &["-m", "pytest", "-q"], "tests/run, which makes target/test-venv");
}

#[test]
fn a_skeleton_in_rust_builds_and_passes_its_test() {
    let report = report("shopfront");
    let folder = write(&report, &busiest(&report), "rust");
    run(&folder, "cargo", &["test", "--quiet"], "rustup toolchain install stable");
}

#[test]
fn owned_tables_come_as_ddl_that_a_database_takes() {
    let report = report("flowline");
    for service in &report.partition.services {
        let artifacts = scaffold(&report, &service.name, None).expect("a skeleton");
        let Some(ddl) = artifacts.iter().find(|it| it.path.ends_with(".sql")) else { continue };
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), &ddl.bytes).expect("the file");
        let script = "import sqlite3,sys; sqlite3.connect(':memory:').executescript(open(sys.argv[1]).read())";
        run(root(), "python3", &["-c", script, &file.path().to_string_lossy()], "apt-get install python3");
    }
}

#[test]
fn an_unknown_service_is_refused_with_the_known_ones() {
    let report = report("driftwatch");
    let error = scaffold(&report, "no-such", None).expect_err("no such service").to_string();
    assert!(error.contains("no-such") && error.contains(&report.partition.services[0].name), "{error}");
}

#[test]
fn the_readme_says_of_neighbors_what_the_plan_says() {
    let mut both = [0, 0];
    for project in ["driftwatch", "flowline", "shopfront", "socialnet"] {
        let report = report(project);
        for plan in &report.plan.services {
            let name = &report.partition.services[plan.service.index()].name;
            let artifacts = scaffold(&report, name, None).expect("a skeleton");
            let readme = artifacts.iter().find(|it| it.path == "README.md").expect("a README");
            let readme = String::from_utf8_lossy(&readme.bytes).into_owned();
            let line = |start: &str| readme.lines().find(|it| it.starts_with(start)).unwrap_or_default().to_owned();
            let names = |all: &[seamline::model::partition::ServiceId]| -> Vec<String> {
                all.iter().map(|it| format!("{} (", report.partition.services[it.index()].name)).collect()
            };
            let (needs, needed_by) = (line("Today it needs: "), line("Needed by: "));
            assert!(names(&plan.fan_out).iter().all(|it| needs.contains(it)), "{project} {name}: {needs}");
            assert!(names(&plan.fan_in).iter().all(|it| needed_by.contains(it)), "{project} {name}: {needed_by}");
            assert_eq!(
                readme.contains("It needs no other service today."),
                plan.fan_out.is_empty(),
                "{project} {name}"
            );
            assert_eq!(needed_by.is_empty(), plan.fan_in.is_empty(), "{project} {name}");
            both[usize::from(plan.fan_out.is_empty())] += 1;
        }
    }
    assert!(both[0] > 0, "some need others");
}
