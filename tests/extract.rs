//! Reading files to facts: what is left out and with which words, the cache, and that the order of work never shows.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use seamline::extract::{ExtractOptions, extract, pool};
use seamline::frontend::{FRONTENDS, Frontend, Layout, Manifest, Placement, rules};
use seamline::model::diagnostic::Diagnostic;
use seamline::model::fact::{Expr, ExprKind, FileFacts, Position};
use seamline::model::graph::SystemGraph;
use seamline::model::rule::RuleSet;
use seamline::model::source::{Package, Project, ReadSource, Role, SourceFile};

/// A language whose facts are its lines; counts how often it reads.
struct Plain {
    reads: AtomicUsize,
}

impl Frontend for Plain {
    fn id(&self) -> &'static str {
        "plain"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["plain"]
    }
    fn packages(&self, _: &[Manifest]) -> Vec<Package> {
        Vec::new()
    }
    fn place(&self, path: &str, _: Layout<'_>) -> Placement {
        Placement { module: path.to_owned(), package: String::new(), is_package: false }
    }
    fn role(&self, _: &str, _: &str) -> Role {
        Role::Production
    }
    fn facts(&self, source: &str) -> FileFacts {
        self.reads.fetch_add(1, Ordering::Relaxed);
        assert!(!source.contains("trip over this"), "as asked");
        let expr = |(line, text): (u32, &str)| Expr {
            kind: ExprKind::Text(text.into()),
            at: Position { line, column: 1 },
            end_line: line,
        };
        let problems = source.lines().filter(|line| line.starts_with('!')).count();
        FileFacts {
            lines: source.lines().count() as u32,
            exprs: (1..).zip(source.lines()).map(expr).collect(),
            diagnostics: (0..problems as u32)
                .map(|line| Diagnostic::warning("syntax-error", "", line + 1, "!"))
                .collect(),
            ..FileFacts::default()
        }
    }
    fn queries(&self) -> &'static [(&'static str, &'static str)] {
        &[("plain/texts", "((text) @embedded.sql (#match? @embedded.sql \"^SELECT\"))")]
    }
}

struct Memory(BTreeMap<String, Vec<u8>>);

impl ReadSource for Memory {
    fn read(&self, file: &SourceFile) -> std::io::Result<Vec<u8>> {
        self.0.get(&file.path).cloned().ok_or_else(|| std::io::Error::other("gone"))
    }
}

fn project(files: &[(&str, &[u8])]) -> (Project, Memory) {
    let one = |(path, bytes): &(&str, &[u8])| SourceFile {
        path: (*path).to_owned(),
        language: "plain".to_owned(),
        role: if path.starts_with("vendor/") { Role::Vendored } else { Role::Production },
        module: String::new(),
        package: String::new(),
        is_package: false,
        bytes: bytes.len() as u64,
        blob: String::new(),
    };
    let project = Project { files: files.iter().map(one).collect(), ..Project::default() };
    (project, Memory(files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()))
}

type Read = (Vec<(usize, FileFacts)>, Vec<Diagnostic>);

/// One run with a frontend of its own, so that tests that run at the same time count apart.
fn run(files: &[(&str, &[u8])], adjust: impl FnOnce(&mut ExtractOptions<'_>)) -> (Read, usize) {
    let plain: &'static Plain = Box::leak(Box::new(Plain { reads: AtomicUsize::new(0) }));
    let frontends: &'static [&'static dyn Frontend] = Box::leak(Box::new([plain as &'static dyn Frontend]));
    let (project, source) = project(files);
    let (set, problems) = rules::load(frontends, &[]);
    assert_eq!(problems, []);
    let mut options = ExtractOptions { frontends, ..ExtractOptions::default() };
    adjust(&mut options);
    let found = extract(&project, &source, &set, &options);
    (found, plain.reads.load(Ordering::Relaxed))
}

fn codes((_, diagnostics): &Read) -> Vec<(&str, &str, u32)> {
    diagnostics.iter().map(|found| (found.file.as_str(), found.code.as_str(), found.line)).collect()
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let large = vec![b'a'; 600];
    let (found, _) = run(
        &[
            ("a", b"one\nSELECT 1\n"),
            ("bad", b"ok\nbro\xffken\n"),
            ("binary", b"\x7fELF\0\0"),
            ("bom", b"\xef\xbb\xbfSELECT 2"),
            ("large", &large),
            ("panics", b"trip over this"),
            ("vendor/x", b"SELECT 3"),
        ],
        |options| options.max_file_bytes = 500,
    );
    assert_eq!(
        codes(&found),
        [("bad", "encoding", 2), ("binary", "binary", 0), ("large", "too-large", 0), ("panics", "internal-error", 0)]
    );
    let read: Vec<usize> = found.0.iter().map(|(number, _)| *number).collect();
    assert_eq!(read, [0, 1, 3]);
    assert_eq!(found.0[0].1.matches.len(), 1);
    assert_eq!(found.0[0].1.matches[0].line, 2);
    assert_eq!(found.0[2].1.matches.len(), 1, "a byte order mark is no text");
}

#[test]
fn a_file_that_goes_away_is_told() {
    let (mut project, source) = project(&[("a", b"")]);
    project.files[0].path = "b".to_owned();
    let plain: &'static Plain = Box::leak(Box::new(Plain { reads: AtomicUsize::new(0) }));
    let frontends: &'static [&'static dyn Frontend] = Box::leak(Box::new([plain as &'static dyn Frontend]));
    let options = ExtractOptions { frontends, ..ExtractOptions::default() };
    let (facts, diagnostics) = extract(&project, &source, &RuleSet::default(), &options);
    assert!(facts.is_empty());
    assert_eq!(diagnostics[0].message, "cannot be read (gone)");
    project.files[0].language = "other".to_owned();
    let (_, diagnostics) = extract(&project, &source, &RuleSet::default(), &options);
    assert_eq!(diagnostics[0].code, "unknown-language");
}

#[test]
fn many_problems_of_one_file_are_cut_to_their_number() {
    let (found, _) = run(&[("a", "!\n".repeat(100).as_bytes())], |_| {});
    assert_eq!(found.1.len(), 9);
    assert_eq!(found.1[8].message, "92 more problems in this file");
    assert!(found.1.iter().all(|problem| problem.file == "a"));
}

#[test]
fn a_second_run_reads_the_cache_and_gives_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("facts");
    let files: Vec<(String, Vec<u8>)> =
        (0..50).map(|n| (format!("f{n:02}"), format!("SELECT {n}\n!\n\u{fffd}").into_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let cached = |options: &mut ExtractOptions<'_>| options.cache = Some(path.clone());
    let (cold, reads) = run(&files, cached);
    assert_eq!(reads, 50);
    let (warm, reads) = run(&files, cached);
    assert_eq!(reads, 0);
    assert_eq!(warm, cold);
    let mut changed = files.clone();
    changed[3].1 = b"SELECT 'new'";
    let (found, reads) = run(&changed, cached);
    assert_eq!(reads, 1, "one file changed");
    assert_eq!(found.0[4], cold.0[4]);
    assert_ne!(found.0[3], cold.0[3]);
    let (plain, _) = run(&files, |_| {});
    assert_eq!(plain, cold, "without a cache");

    std::fs::write(&path, "something else").expect("written");
    let (found, reads) = run(&files, cached);
    assert_eq!(reads, 50);
    assert_eq!(found.0, cold.0);
    assert_eq!(codes(&found)[0], ("", "cache", 0));
}

/// What a warm run says is what a cold one says: of the same files, of changed ones, and beside a damaged cache.
#[test]
fn kept_results_are_those_of_a_run_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (checkout, cache) = (folder.path().join("checkout"), folder.path().join("cache"));
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(&checkout).expect("a folder");
        std::fs::write(checkout.join(name), text).expect("written");
    };
    let said = |cache: Option<&std::path::Path>, settings: &str| {
        let extract = ExtractOptions { cache: cache.map(std::path::Path::to_owned), ..ExtractOptions::default() };
        let settings = seamline::config::parse(settings, "seamline.toml").expect("settings");
        let report = pool(2).expect("threads").install(|| {
            seamline::analyze(&seamline::Request { path: checkout.clone(), settings, extract, ..Default::default() })
        });
        report.expect("a report")
    };
    write("a.py", "import sqlite3\ndb = sqlite3.connect('x')\n\ndef a():\n    db.execute('SELECT x FROM ta')\n");
    write("b.py", "from a import db\n\ndef b():\n    db.execute('DELETE FROM tb')\n");
    let first = said(Some(&cache), "");
    assert_eq!(first, said(None, ""), "filling the cache");
    let bytes = std::fs::metadata(&cache).expect("a cache").len();
    assert_eq!(first, said(Some(&cache), ""), "nothing changed");
    assert_eq!(bytes, std::fs::metadata(&cache).expect("a cache").len(), "nothing was worked out again");
    let steered = "[shared_kernel]\nsymbols = [\"a.a\"]\n";
    assert_eq!(said(None, steered), said(Some(&cache), steered), "other settings");
    write("b.py", "from a import db\n\ndef b():\n    db.execute('DELETE FROM tc')\n");
    let changed = said(Some(&cache), "");
    assert_eq!(changed, said(None, ""), "one file changed");
    assert_ne!(first.graph, changed.graph);
    std::fs::rename(checkout.join("b.py"), checkout.join("c.py")).expect("renamed");
    assert_eq!(said(Some(&cache), ""), said(None, ""), "one file renamed");
    let whole = std::fs::read(&cache).expect("bytes");
    for part in 1..8 {
        let mut broken = whole.clone();
        let at = whole.len() * part / 8;
        broken[at] ^= 0x55;
        std::fs::write(&cache, &broken).expect("written");
        let mut found = said(Some(&cache), "");
        found.diagnostics.retain(|it| it.code != "cache");
        assert_eq!(found, said(None, ""), "byte {at} is damaged");
    }
}

#[test]
fn a_class_whose_base_is_a_member_of_its_own_instance_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "class Wrapped(holder.Thing):\n    def use(self):\n        return self.Thing()\n\nholder = Wrapped()\n";
    std::fs::write(folder.path().join("a.py"), text).expect("written");
    let request = seamline::Request { path: folder.path().to_owned(), ..Default::default() };
    let system = pool(1).expect("threads").install(|| seamline::read(&request)).expect("a system");
    assert!(system.graph.symbols.iter().any(|it| it.name.ends_with("Wrapped.use")));
}

#[test]
fn lists_that_hold_one_another_are_opened_once() {
    use std::fmt::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let mut code = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n".to_owned();
    let names: Vec<String> = (0..40).map(|it| format!("routers{it}")).collect();
    for name in &names {
        writeln!(code, "{name} = [APIRouter()]").expect("a text");
    }
    for name in &names {
        for other in &names {
            writeln!(code, "{name}.append({other})").expect("a text");
        }
    }
    code += "for router in routers0:\n    app.include_router(router)\n";
    std::fs::write(folder.path().join("app.py"), code).expect("a file");
    let request = seamline::Request { path: folder.path().to_owned(), ..Default::default() };
    let system = pool(1).expect("threads").install(|| seamline::read(&request)).expect("a system");
    assert!(system.graph.endpoints.is_empty());
}

#[test]
fn the_number_of_threads_does_not_show() {
    let files: Vec<(String, Vec<u8>)> =
        (0..200).map(|n| (format!("f{n:03}"), format!("SELECT {n}\n!").into_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let with = |jobs| pool(jobs).expect("threads").install(|| run(&files, |_| {}).0);
    let one = with(1);
    assert_eq!(one.0.len(), 200);
    assert_eq!(with(4), one);
}

#[test]
fn progress_reaches_every_file() {
    let seen = Mutex::new(Vec::new());
    let progress = |done| seen.lock().expect("no panic").push(done);
    let plain: &'static Plain = Box::leak(Box::new(Plain { reads: AtomicUsize::new(0) }));
    let frontends: &'static [&'static dyn Frontend] = Box::leak(Box::new([plain as &'static dyn Frontend]));
    let (project, source) = project(&[("a", b""), ("b", b"\0"), ("c", b"")]);
    let options = ExtractOptions { frontends, progress: Some(&progress), ..ExtractOptions::default() };
    extract(&project, &source, &RuleSet::default(), &options);
    let mut seen = seen.into_inner().expect("no panic");
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3]);
}

/// Every frontend survives what is not its language at all.
#[test]
fn frontends_survive_broken_files() {
    let nested = "(".repeat(20_000);
    let blocks = "if x { ".repeat(3_000);
    let texts =
        ["", "\0", "\u{feff}", "\"", "'''", "/*", "SELECT (", "class A(", "func (", "impl<", "}}}}", &nested, &blocks];
    let (set, _) = rules::load(FRONTENDS, &[]);
    let threads = pool(2).expect("threads");
    for frontend in FRONTENDS {
        let files: Vec<(String, Vec<u8>)> =
            texts.iter().enumerate().map(|(n, text)| (format!("f{n}"), text.as_bytes().to_vec())).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        let (mut project, source) = project(&files);
        for file in &mut project.files {
            frontend.id().clone_into(&mut file.language);
        }
        let (_, diagnostics) = threads.install(|| extract(&project, &source, &set, &ExtractOptions::default()));
        let failed: Vec<&Diagnostic> = diagnostics.iter().filter(|found| found.code == "internal-error").collect();
        assert!(failed.is_empty(), "{}: {failed:?}", frontend.id());
    }
}

/// Rules and matches are left out only where `link` could but refuse them.
#[test]
fn what_is_left_out_changes_no_graph() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let threads = pool(0).expect("threads");
    for kind in ["patterns", "projects"] {
        for folder in std::fs::read_dir(root.join(kind)).expect("fixtures").flatten() {
            let read = |every_rule| {
                let extract = ExtractOptions { every_rule, ..ExtractOptions::default() };
                let request = seamline::Request { path: folder.path(), extract, ..seamline::Request::default() };
                let system = threads.install(|| seamline::read(&request));
                // A call that only a rule which cannot hold would have looked at is no site, and runs no function.
                system.map(|system| SystemGraph { sites: 0, calls: Vec::new(), ..system.graph })
            };
            let (Ok(all), Ok(some)) = (read(true), read(false)) else { continue };
            let lines = |graph: SystemGraph| format!("{graph:#?}").lines().map(str::to_owned).collect::<Vec<String>>();
            let (all, some) = (lines(all), lines(some));
            let differs = all.iter().zip(&some).position(|(a, b)| a != b);
            let near =
                |lines: &[String]| differs.map(|at| lines[at.saturating_sub(6)..(at + 6).min(lines.len())].join("\n"));
            assert_eq!(near(&all), near(&some), "{}", folder.path().display());
            assert_eq!(all.len(), some.len(), "{}", folder.path().display());
        }
    }
}
