//! The whole pipeline beside its floor: reading and parsing the same files with the same parsers on as many threads.
//!
//! `cargo bench --bench pipeline` takes the five fixture projects, and the checkout that `SEAMLINE_BENCH_DIR` names.
//! `SEAMLINE_BENCH_ROUNDS` sets how often each figure is taken (3; the least counts), `SEAMLINE_BENCH_THREADS` the number
//! of threads (one per core). With `-- --short`, or `SEAMLINE_BENCH_SHORT=1`, one round on two fixtures shows that it runs;
//! `-- --no-fixtures` takes the checkout alone.
//!
//! Every figure is of a process of its own, so that its peak memory is its own; the kinds of runs take turns, so that a
//! machine that slows down slows all of them. Ratios are of the same call, and are printed once by the clock and once by
//! processor time: where something else runs beside it, the second says more.
//! `docs/performance.md` says what was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rayon::prelude::*;
use seamline::discover::{self, DiscoverOptions};
use seamline::extract::{self, ExtractOptions};
use seamline::frontend::{self, FRONTENDS};
use seamline::model::source::{ReadSource, Role, SourceFile};
use seamline::render::RENDERERS;
use seamline::{Request, config::Settings, link, partition, plan};

const FIXTURES: &[&str] = &["assistant", "driftwatch", "flowline", "shopfront", "socialnet"];

/// In the order of a run.
const STAGES: &[&str] = &["discover", "rules", "extract", "link", "partition", "plan", "render"];

/// What a child process is to do, and where.
const ROLE: &str = "SEAMLINE_BENCH_ROLE";
const FOLDER: &str = "SEAMLINE_BENCH_FOLDER";
const CACHE: &str = "SEAMLINE_BENCH_CACHE";

/// What one run showed: seconds by name, and counts.
type Figures = BTreeMap<String, f64>;

fn main() {
    if let (Ok(role), Ok(folder)) = (std::env::var(ROLE), std::env::var(FOLDER)) {
        let threads = number("SEAMLINE_BENCH_THREADS").unwrap_or(0);
        let figures = match extract::pool(threads) {
            Ok(pool) => pool.install(|| run(&role, Path::new(&folder))),
            Err(_) => Figures::new(),
        };
        print(&figures.iter().map(|(name, value)| format!("{name} {value}\n")).collect::<String>());
        return;
    }
    let short = std::env::args().any(|it| it == "--short") || std::env::var_os("SEAMLINE_BENCH_SHORT").is_some();
    let rounds = number("SEAMLINE_BENCH_ROUNDS").unwrap_or(if short { 1 } else { 3 });
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    let mut folders: Vec<PathBuf> = FIXTURES.iter().map(|name| projects.join(name)).collect();
    if short {
        folders.truncate(2);
    }
    if std::env::args().any(|it| it == "--no-fixtures") {
        folders.clear();
    }
    folders.extend(std::env::var_os("SEAMLINE_BENCH_DIR").map(PathBuf::from));
    for folder in folders {
        match measure(&folder, rounds) {
            Ok(table) => print(&table),
            Err(error) => print(&format!("{}: {error}\n", folder.display())),
        }
    }
}

#[expect(clippy::print_stdout, reason = "a bench speaks on the terminal")]
fn print(text: &str) {
    print!("{text}");
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Everything about one checkout, of which a copy is made: one of its files is changed.
fn measure(folder: &Path, rounds: usize) -> std::io::Result<String> {
    let scratch = tempfile::tempdir()?;
    let copy = scratch.path().join("checkout");
    copy_tree(folder, &copy)?;
    let cache = scratch.path().join("facts");
    let mut all: BTreeMap<&str, Figures> = BTreeMap::new();
    let mut take = |name: &'static str, role: &str| -> std::io::Result<()> {
        let found = child(role, &copy, &cache)?;
        let least = all.entry(name).or_default();
        for (key, value) in found {
            let entry = least.entry(key).or_insert(value);
            *entry = entry.min(value);
        }
        Ok(())
    };
    let changed = middle_file(&copy);
    for round in 0..rounds {
        take("floor", "floor")?;
        take("cold", "cold")?;
        take("stages", "stages")?;
        let _ = fs::remove_file(&cache);
        take("filling", "cached")?;
        take("warm", "cached")?;
        if let Some((path, language)) = &changed {
            add_function(path, language, round)?;
            take("changed", "cached")?;
        }
    }
    Ok(table(folder, &all))
}

fn table(folder: &Path, all: &BTreeMap<&str, Figures>) -> String {
    let empty = Figures::new();
    let of = |run: &str, name: &str| all.get(run).unwrap_or(&empty).get(name).copied().unwrap_or(f64::NAN);
    let mut out = format!(
        "\n{}: {} files, {} lines, {:.1} MB, {} threads\n",
        folder.file_name().unwrap_or(folder.as_os_str()).display(),
        of("floor", "files"),
        of("floor", "lines"),
        of("floor", "bytes") / 1e6,
        of("floor", "threads"),
    );
    out.push_str("run           clock s   cpu s  /floor  /floor cpu   /cold  /cold cpu  peak MB  bytes/line\n");
    for run in ["floor", "cold", "filling", "warm", "changed"] {
        let (wall, cpu, peak) = (of(run, "wall"), of(run, "cpu"), of(run, "peak"));
        let _ = writeln!(
            out,
            "{run:<12} {wall:>8.3} {cpu:>7.3} {:>7.2} {:>11.2} {:>7.3} {:>10.3} {:>8.0} {:>11.0}",
            wall / of("floor", "wall"),
            cpu / of("floor", "cpu"),
            wall / of("cold", "wall"),
            cpu / of("cold", "cpu"),
            peak / 1e6,
            peak / of("floor", "lines"),
        );
    }
    out.push_str("one stage after the other");
    for stage in STAGES {
        let _ = write!(out, "  {stage} {:.1} %", 100.0 * of("stages", stage) / of("stages", "wall"));
    }
    out.push('\n');
    let boundaries = of("stages", "partition") + of("stages", "plan");
    let _ = writeln!(out, "partition and plan / floor: {:.2}", boundaries / of("floor", "wall"));
    out
}

fn child(role: &str, folder: &Path, cache: &Path) -> std::io::Result<Figures> {
    let program = std::env::current_exe()?;
    let output = Command::new(program).env(ROLE, role).env(FOLDER, folder).env(CACHE, cache).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    Ok(lines.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
}

/// One run in this process.
fn run(role: &str, folder: &Path) -> Figures {
    let mut figures = Figures::new();
    let (start, cpu) = (Instant::now(), processor_seconds());
    let done = match role {
        "floor" => floor(folder, &mut figures),
        "stages" => stages(folder, &mut figures),
        "cold" => whole(folder, None, &mut figures),
        _ => whole(folder, std::env::var_os(CACHE).map(PathBuf::from), &mut figures),
    };
    if done.is_none() {
        return Figures::new();
    }
    figures.insert("wall".to_owned(), start.elapsed().as_secs_f64());
    figures.insert("cpu".to_owned(), processor_seconds() - cpu);
    figures.insert("peak".to_owned(), peak_bytes());
    figures.insert("threads".to_owned(), rayon::current_num_threads() as f64);
    figures
}

/// Reads and parses, and does nothing else.
fn floor(folder: &Path, figures: &mut Figures) -> Option<()> {
    let (project, tree) = discover::discover(folder, &DiscoverOptions::default()).ok()?;
    let most = ExtractOptions::default().max_file_bytes;
    let read: Vec<(usize, usize)> = project
        .files
        .par_iter()
        .filter(|file| file.role != Role::Vendored && file.bytes <= most)
        .filter_map(|file| {
            let text = String::from_utf8(tree.read(file).ok()?).ok()?;
            parse(file, &text);
            Some((text.len(), memchr::memchr_iter(b'\n', text.as_bytes()).count()))
        })
        .collect();
    figures.insert("files".to_owned(), read.len() as f64);
    figures.insert("bytes".to_owned(), read.iter().map(|it| it.0).sum::<usize>() as f64);
    figures.insert("lines".to_owned(), read.iter().map(|it| it.1).sum::<usize>() as f64);
    Some(())
}

fn parse(file: &SourceFile, text: &str) {
    let grammar = match file.language.as_str() {
        "go" => tree_sitter_go::LANGUAGE,
        "python" => tree_sitter_python::LANGUAGE,
        "rust" => {
            let _ = std::hint::black_box(syn::parse_file(text));
            return;
        }
        _ => {
            let dialect = sqlparser::dialect::PostgreSqlDialect {};
            let _ = std::hint::black_box(sqlparser::parser::Parser::parse_sql(&dialect, text));
            return;
        }
    };
    let mut parser = tree_sitter::Parser::new();
    if parser.set_language(&grammar.into()).is_ok() {
        std::hint::black_box(parser.parse(text, None));
    }
}

/// The pipeline without a cache, one stage after the other: only to tell what each costs.
fn stages(folder: &Path, figures: &mut Figures) -> Option<()> {
    let mut last = Instant::now();
    let mut lap = |stage: &str| {
        figures.insert(stage.to_owned(), last.elapsed().as_secs_f64());
        last = Instant::now();
    };
    let settings = Settings::default();
    let (project, tree) = discover::discover(folder, &DiscoverOptions::default()).ok()?;
    lap("discover");
    let (rules, _) = frontend::rules::load(FRONTENDS, &[]);
    lap("rules");
    let (facts, _) = extract::extract(&project, &tree, &rules, &ExtractOptions::default());
    lap("extract");
    let (graph, _) = link::link(&project, &facts, &rules, &frontend::sql::Reader);
    drop(facts);
    lap("link");
    let (partition, _) = partition::partition(&graph, &settings);
    lap("partition");
    let (plan, diagnostics) = plan::plan(&graph, &partition, &settings.plan);
    lap("plan");
    let report = seamline::model::report::Report { graph, partition, plan, diagnostics };
    RENDERERS.par_iter().for_each(|it| drop(std::hint::black_box(it.render(&report))));
    lap("render");
    Some(())
}

/// The pipeline as `seamline analyze` runs it.
fn whole(folder: &Path, cache: Option<PathBuf>, figures: &mut Figures) -> Option<()> {
    let extract = ExtractOptions { cache, ..ExtractOptions::default() };
    let request = Request { path: folder.to_owned(), extract, ..Request::default() };
    let report = seamline::analyze(&request).ok()?;
    let last = Instant::now();
    RENDERERS.par_iter().for_each(|it| drop(std::hint::black_box(it.render(&report))));
    figures.insert("render".to_owned(), last.elapsed().as_secs_f64());
    Some(())
}

/// Seconds that the threads of this process were on a processor; 0 where the system does not tell.
fn processor_seconds() -> f64 {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return 0.0 };
    let of = |task: PathBuf| -> Option<f64> {
        fs::read_to_string(task.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    tasks.flatten().filter_map(|it| of(it.path())).sum::<f64>() / 1e9
}

/// Most bytes this process ever held in memory; 0 where the system does not tell.
fn peak_bytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0) * 1024.0
}

/// Copies files and folders, and leaves links and the history out.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let target = to.join(entry.file_name());
        if kind.is_dir() && entry.file_name() != ".git" {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The production file of middle size in the language that most files are in, and that language.
fn middle_file(folder: &Path) -> Option<(PathBuf, String)> {
    let (project, _) = discover::discover(folder, &DiscoverOptions::default()).ok()?;
    let mut by_language: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
    for file in project.files.iter().filter(|it| it.role == Role::Production) {
        by_language.entry(&file.language).or_default().push(file);
    }
    let (language, mut files) = by_language.into_iter().max_by_key(|it| it.1.len())?;
    files.sort_by_key(|it| it.bytes);
    Some((folder.join(&files[files.len() / 2].path), language.to_owned()))
}

/// A change of one file: a function more at its end.
fn add_function(path: &Path, language: &str, round: usize) -> std::io::Result<()> {
    let mut text = fs::read(path)?;
    let added = match language {
        "go" => format!("\nfunc addedByBench{round}(a int) int {{\n\tb := a\n\treturn b\n}}\n"),
        "python" => format!("\n\ndef added_by_bench_{round}(a):\n    b = a\n    return b\n"),
        "rust" => format!("\npub fn added_by_bench_{round}(a: u32) -> u32 {{\n    let b = a;\n    b\n}}\n"),
        _ => format!("\n-- change {round}\n"),
    };
    text.extend_from_slice(added.as_bytes());
    fs::write(path, text)
}
