//! What is read of a folder or a revision, what is left out and with which words.

use std::fs;
use std::path::Path;
use std::process::Command;

use seamline::config::PathGlob;
use seamline::discover::{DiscoverOptions, at_revision, discover};
use seamline::model::source::{Project, ReadSource, Role, SourceFile};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        write(root.path(), path, text.as_bytes());
    }
    root
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

fn read(root: &TempDir) -> Project {
    discover(root.path(), &DiscoverOptions::default()).expect("a project").0
}

fn paths(project: &Project) -> Vec<&str> {
    project.files.iter().map(|file| file.path.as_str()).collect()
}

fn file<'p>(project: &'p Project, path: &str) -> &'p SourceFile {
    project.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} in {:?}", paths(project)))
}

fn codes(project: &Project) -> Vec<(&str, &str)> {
    project.diagnostics.iter().map(|found| (found.code.as_str(), found.file.as_str())).collect()
}

fn refused(path: &Path) -> String {
    match discover(path, &DiscoverOptions::default()) {
        Ok((project, _)) => panic!("{:?}", paths(&project)),
        Err(error) => error.to_string(),
    }
}

#[test]
fn languages_by_extension_and_shebang() {
    let root = folder(&[
        ("b.py", "x = 1"),
        ("a/main.go", "package main"),
        ("run", "#!/usr/bin/env python3\nprint()"),
        ("other", "#!/bin/sh\n"),
        ("schema.SQL", "create table t (id int);"),
        ("lib.rs", ""),
        ("a.txt", ""),
        ("b.txt", ""),
        ("c.md", ""),
        (".hidden/h.py", ""),
    ]);
    let project = read(&root);
    let found: Vec<(&str, &str)> =
        project.files.iter().map(|file| (file.path.as_str(), file.language.as_str())).collect();
    let mut expected =
        vec![("a/main.go", "go"), ("b.py", "python"), ("lib.rs", "rust"), ("run", "python"), ("schema.SQL", "sql")];
    expected.sort_unstable();
    // A frontend decides by itself which interpreters it takes.
    expected.retain(|(path, _)| *path != "run" || found.iter().any(|(path, _)| *path == "run"));
    assert_eq!(found, expected);
    assert!(project.unread.contains(&("txt".to_owned(), 2)));
    assert!(project.unread.is_sorted_by(|a, b| a.1 >= b.1));
    assert!(project.unread.contains(&("md".to_owned(), 1)));
    assert_eq!(project.name, root.path().file_name().expect("a name").to_string_lossy());
    assert_eq!(file(&project, "b.py").bytes, 5);
    assert!(project.files.is_sorted_by_key(|file| file.path.clone()));
}

#[test]
fn ignored_files_are_not_read_with_and_without_git() {
    let root = folder(&[
        (".gitignore", "out/\n*.gen.py\n"),
        (".seamlineignore", "legacy\n"),
        ("a.py", ""),
        ("b.gen.py", ""),
        ("out/c.py", ""),
        ("legacy/d.py", ""),
        ("sub/.gitignore", "e.py"),
        ("sub/e.py", ""),
        ("sub/f.py", ""),
        ("docs/g.py", ""),
    ]);
    assert_eq!(paths(&read(&root)), ["a.py", "docs/g.py", "sub/f.py"]);
    let options = DiscoverOptions {
        exclude: vec![PathGlob::try_from("docs".to_owned()).expect("a glob")],
        ..DiscoverOptions::default()
    };
    assert_eq!(paths(&discover(root.path(), &options).expect("a project").0), ["a.py", "sub/f.py"]);
}

#[test]
fn third_party_code_is_kept_apart() {
    let root = folder(&[
        ("go.mod", "module example.com/app\n"),
        ("main.go", "package main"),
        ("vendor/modules.txt", ""),
        ("vendor/example.com/x/x.go", "package x"),
        ("app/vendor/models.py", ""),
        ("third_party/y.py", ""),
        ("node_modules/z.py", ""),
        (".git/hooks/hook.py", ""),
        ("env/pyvenv.cfg", ""),
        ("env/lib/python3/site-packages/w.py", ""),
        ("lib/site-packages/v.py", ""),
    ]);
    let project = read(&root);
    assert_eq!(file(&project, "vendor/example.com/x/x.go").role, Role::Vendored);
    assert_eq!(file(&project, "third_party/y.py").role, Role::Vendored);
    assert_eq!(file(&project, "lib/site-packages/v.py").role, Role::Vendored);
    assert_ne!(file(&project, "app/vendor/models.py").role, Role::Vendored);
    assert_ne!(file(&project, "main.go").role, Role::Vendored);
    assert_eq!(codes(&project), [("left-out", "env"), ("left-out", "node_modules")]);
    assert!(!paths(&project).iter().any(|path| path.contains(".git/") || path.starts_with("env")));
}

#[test]
fn what_cannot_be_analyzed_is_refused_with_what_to_do() {
    let root = folder(&[("a.py", ""), ("empty/.keep", ""), ("texts/a.txt", ""), ("texts/b.txt", "")]);
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(refused(&root.path().join("none")).ends_with("does not exist; give the folder of a checkout"));
    let message = refused(&root.path().join("a.py"));
    assert!(message.contains("is a file; give its folder"), "{message}");
    assert!(refused(empty.path()).ends_with("is empty; give the folder of a checkout"));
    let message = refused(&root.path().join("texts"));
    assert!(message.contains("(go, python, rust, sql); found: 2 txt"), "{message}");
    assert!(refused(&root.path().join("empty")).contains("no file in a language that is read"));
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("o.py", "")]);
    let root = folder(&[("a.py", ""), ("sub/b.py", "")]);
    symlink(root.path(), root.path().join("sub/up")).expect("a link");
    symlink("circle", root.path().join("circle")).expect("a link");
    symlink("a.py", root.path().join("same.py")).expect("a link");
    symlink("gone.py", root.path().join("nothing.py")).expect("a link");
    symlink(outside.path(), root.path().join("outside")).expect("a link");
    let project = read(&root);
    assert_eq!(paths(&project), ["a.py", "sub/b.py"]);
    assert_eq!(
        codes(&project),
        [
            ("symlink-loop", "circle"),
            ("symlink", "nothing.py"),
            ("symlink", "outside"),
            ("symlink", "same.py"),
            ("symlink-loop", "sub/up"),
        ]
    );
    // The root itself may be a link.
    let link = outside.path().join("link");
    symlink(root.path(), &link).expect("a link");
    assert_eq!(discover(&link, &DiscoverOptions::default()).expect("a project").0.files.len(), 2);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_opened_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let root = folder(&[("a.py", ""), ("closed.py", "x"), ("shut/b.py", "")]);
    for path in ["closed.py", "shut"] {
        fs::set_permissions(root.path().join(path), fs::Permissions::from_mode(0o0)).expect("permissions");
    }
    let as_superuser = fs::read(root.path().join("closed.py")).is_ok();
    let project = read(&root);
    fs::set_permissions(root.path().join("shut"), fs::Permissions::from_mode(0o755)).expect("permissions");
    if !as_superuser {
        assert_eq!(paths(&project), ["a.py"]);
        assert_eq!(codes(&project), [("unreadable", "closed.py"), ("unreadable", "shut")]);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_path_that_is_not_utf8_is_reported() {
    use std::os::unix::ffi::OsStrExt;
    let root = folder(&[("a.py", "")]);
    fs::write(root.path().join(std::ffi::OsStr::from_bytes(b"b\xff.py")), "").expect("a file");
    let project = read(&root);
    assert_eq!(paths(&project), ["a.py"]);
    assert_eq!(project.diagnostics[0].code, "path-encoding");
}

#[test]
fn a_pointer_is_not_taken_for_a_program() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let root = folder(&[("a.py", ""), ("large.py", pointer)]);
    let project = read(&root);
    assert_eq!(paths(&project), ["a.py"]);
    assert_eq!(codes(&project), [("lfs-pointer", "large.py")]);
}

fn git(root: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .current_dir(root)
        .output()
        .expect("git");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn at(path: &Path, revision: &str) -> Project {
    at_revision(path, revision, &DiscoverOptions::default()).unwrap_or_else(|error| panic!("{error}")).0
}

#[test]
fn what_git_tracks_is_read_though_an_ignore_file_names_it() {
    let root = folder(&[
        (".gitignore", "db/\n*.gen.py\n"),
        (".seamlineignore", "legacy.gen.py\n"),
        ("a.py", ""),
        ("app/db/pool.py", ""),
        ("app/b.gen.py", ""),
        ("legacy.gen.py", ""),
        ("node_modules/x.py", ""),
        (".ci/y.py", ""),
        ("docs/g.gen.py", ""),
    ]);
    let path = root.path();
    git(path, &["init", "-q"]);
    git(path, &["add", "-f", "."]);
    write(path, "app/db/new.py", b"");
    fs::remove_file(path.join("docs/g.gen.py")).expect("removed");
    assert_eq!(paths(&read(&root)), ["a.py", "app/b.gen.py", "app/db/pool.py"]);
    let (below, tree) = discover(&path.join("app"), &DiscoverOptions::default()).expect("a project");
    assert_eq!(paths(&below), ["b.gen.py", "db/pool.py"]);
    assert!(tree.read(file(&below, "db/pool.py")).is_ok());
    let options = DiscoverOptions {
        exclude: vec![PathGlob::try_from("app/db".to_owned()).expect("a glob")],
        ..DiscoverOptions::default()
    };
    assert_eq!(paths(&discover(path, &options).expect("a project").0), ["a.py", "app/b.gen.py"]);
}

#[test]
fn a_revision_is_read_without_a_checkout() {
    let root =
        folder(&[("a.py", "old"), ("app/b.py", ""), ("app/c.txt", ""), ("venv/pyvenv.cfg", ""), ("venv/v.py", "")]);
    let path = root.path();
    git(path, &["init", "-q"]);
    git(path, &["add", "-f", "."]);
    git(path, &["commit", "-qm", "one"]);
    let first = git(path, &["rev-parse", "HEAD"]);
    write(path, "a.py", b"new");
    write(path, ".seamlineignore", b"/app/d.py\n");
    write(path, "app/.seamlineignore", b"e.py\n");
    for name in ["app/d.py", "app/e.py", "app/x/e.py", "app/f.py"] {
        write(path, name, b"");
    }
    git(path, &["add", "-f", "."]);
    git(path, &["commit", "-qm", "two"]);
    git(path, &["tag", "v2"]);
    fs::remove_file(path.join("a.py")).expect("removed");

    let options = DiscoverOptions::default();
    let (project, tree) = at_revision(path, "HEAD~1", &options).expect("a project");
    assert_eq!(paths(&project), ["a.py", "app/b.py"]);
    assert_eq!(project.revision.as_deref(), Some(first.as_str()));
    assert_eq!(codes(&project), [("left-out", "venv")]);
    assert_eq!(tree.read(file(&project, "a.py")).expect("bytes"), b"old");
    assert_eq!(file(&project, "a.py").blob.len(), 40);
    assert_eq!(file(&project, "a.py").bytes, 3);
    assert_eq!(paths(&at(path, "v2")), ["a.py", "app/b.py", "app/f.py"]);
    assert_eq!(paths(&at(path, &first[..10])), ["a.py", "app/b.py"]);

    let below = at(&path.join("app"), "v2");
    assert_eq!(paths(&below), ["b.py", "f.py"]);
    assert_eq!(below.name, "app");

    let bare = tempfile::tempdir().expect("a temporary folder");
    git(bare.path(), &["clone", "-q", "--bare", &path.display().to_string(), "app.git"]);
    assert!(refused(&bare.path().join("app.git")).ends_with("name a revision to read, `--rev HEAD`"));
    let project = at(&bare.path().join("app.git"), "main");
    assert_eq!(paths(&project), ["a.py", "app/b.py", "app/f.py"]);
    assert_eq!(project.name, "app");

    // The work tree says which commit it stands on.
    let (project, _) = discover(path, &options).expect("a project");
    assert_eq!(project.revision, Some(git(path, &["rev-parse", "HEAD"])));
    assert_eq!(paths(&project), ["app/b.py", "app/f.py"]);
    assert_eq!(file(&project, "app/b.py").blob, "");
    let untracked = path.join("new");
    write(path, "new/n.py", b"");
    assert_eq!(discover(&untracked, &options).expect("a project").0.revision, None);
}

#[test]
fn a_revision_that_is_not_there_is_refused_with_what_to_do() {
    let root = folder(&[("a.py", "")]);
    let refused = |path: &Path, revision: &str| match at_revision(path, revision, &DiscoverOptions::default()) {
        Ok((project, _)) => panic!("{:?}", paths(&project)),
        Err(error) => error.to_string(),
    };
    assert!(refused(root.path(), "HEAD").contains("is not in a git repository"));
    git(root.path(), &["init", "-q"]);
    assert!(refused(root.path(), "HEAD").contains("has no revision `HEAD`"));
    git(root.path(), &["add", "."]);
    git(root.path(), &["commit", "-qm", "one"]);
    let message = refused(root.path(), "nope");
    assert!(message.contains("has no revision `nope`") && message.contains("git log --all"), "{message}");
    assert!(!message.contains('\n'), "{message}");
    refused(root.path(), "");
    refused(root.path(), "HEAD^{blob}");
    refused(root.path(), "HEAD..HEAD");
    write(root.path(), "sub/b.py", b"");
    assert_eq!(
        refused(&root.path().join("sub"), "HEAD"),
        "revision `HEAD` has no folder `sub`; give a folder that exists in it"
    );
}

#[test]
fn submodules_links_and_missing_objects_are_reported() {
    let other = folder(&[("m.py", "")]);
    git(other.path(), &["init", "-q"]);
    git(other.path(), &["add", "."]);
    git(other.path(), &["commit", "-qm", "one"]);
    let root = folder(&[("a.py", "a"), ("b.py", "b, which will be lost")]);
    let path = root.path();
    git(path, &["init", "-q"]);
    git(path, &["submodule", "add", "-q", &other.path().display().to_string(), "mod"]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.py", path.join("link.py")).expect("a link");
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "one"]);
    let blob = git(path, &["rev-parse", "HEAD:b.py"]);
    fs::remove_file(path.join(".git/objects").join(&blob[..2]).join(&blob[2..])).expect("removed");
    let project = at(path, "HEAD");
    assert_eq!(paths(&project), ["a.py"]);
    let found = codes(&project);
    assert!(found.contains(&("submodule", "mod")), "{found:?}");
    assert!(found.contains(&("missing-object", "b.py")), "{found:?}");
    assert!(cfg!(not(unix)) || found.contains(&("symlink", "link.py")), "{found:?}");
}

#[test]
fn a_submodule_that_was_not_brought_is_named() {
    let root = folder(&[
        ("a.py", "a = 1\n"),
        ("here/b.py", "b = 1\n"),
        (
            ".gitmodules",
            "[submodule \"one\"]\n\tpath = libs/one\n\turl = ../one\n[submodule \"two\"]\n\tpath = here\n\turl = ../two\n\
             [submodule \"out\"]\n\tpath = ../out\n\turl = ../out\n[submodule \"three\"]\n\tpath = gone\n\turl = ../three\n",
        ),
    ]);
    fs::create_dir_all(root.path().join("libs/one")).expect("folders");
    let project = read(&root);
    let found: Vec<(&str, &str)> = codes(&project).into_iter().filter(|it| it.0 == "submodule").collect();
    assert_eq!(found, [("submodule", "gone"), ("submodule", "libs/one")]);
    let message = &project.diagnostics.iter().find(|it| it.file == "gone").expect("named").message;
    assert!(message.contains("`git submodule update --init gone`"), "{message}");
}

#[test]
fn a_script_inside_a_package_is_no_root() {
    let root = folder(&[
        ("pyproject.toml", "[project]\nname = \"till\"\n"),
        ("till/__init__.py", ""),
        ("till/models.py", ""),
        ("till/manage.py", "from till.models import db\nif __name__ == \"__main__\":\n    db()\n"),
        ("site/manage.py", "import os\nif __name__ == \"__main__\":\n    os.run(\"site.settings\")\n"),
        ("site/stock/models.py", ""),
        ("manage.py", "from mill.manage import main\nif __name__ == \"__main__\":\n    main()\n"),
        ("mill/__init__.py", ""),
        ("mill/models.py", ""),
        ("mill/manage.py", "import os\nif __name__ == \"__main__\":\n    os.run(\"mill.settings\")\n"),
        ("yard/pyproject.toml", "[project]\nname = \"yard\"\n[project.scripts]\nyard = \"dock.manage:main\"\n"),
        ("yard/src/dock/__init__.py", ""),
        ("yard/src/dock/models.py", ""),
        ("yard/src/dock/manage.py", "import os\nif __name__ == \"__main__\":\n    os.run()\n"),
        ("bank/desk/__init__.py", ""),
        ("bank/desk/models.py", ""),
        ("bank/desk/manage.py", "import os\nif __name__ == \"__main__\":\n    os.run(\"bank.desk.settings\")\n"),
    ]);
    let project = read(&root);
    assert_eq!(file(&project, "bank/desk/models.py").module, "bank.desk.models");
    assert_eq!(file(&project, "till/models.py").module, "till.models");
    assert_eq!(file(&project, "mill/models.py").module, "mill.models");
    assert_eq!(file(&project, "site/stock/models.py").module, "stock.models");
    assert_eq!(file(&project, "yard/src/dock/models.py").module, "dock.models", "its distribution runs it from above");
}

#[test]
fn a_package_that_takes_running_tests_and_that_only_tests_import_is_test_code() {
    let imports: String =
        (0..60).map(|it| format!("\t_ \"example.com/lib/number{it:04}/of/many/packages\"\n")).collect();
    let seed = format!(
        "package seed\n\nimport (\n{imports}\t\"testing\"\n)\n\nfunc Purge(t *testing.T) {{}}\n\nfunc Fill() {{}}\n"
    );
    let used = seed.replace("package seed", "package used");
    let root = folder(&[
        ("go.mod", "module example.com/app\n"),
        ("seed/seed.go", &seed),
        ("seed/filter.go", "package seed\n\nfunc Filter() {}\n"),
        ("used/used.go", &used),
        ("store/store.go", "package store\n\nfunc Open() {}\n"),
        ("store/store_test.go", "package store\n\nimport \"testing\"\n\nfunc TestOpen(t *testing.T) {}\n"),
        (
            "api/api_test.go",
            "package api\n\nimport (\n\t\"testing\"\n\n\t\"example.com/app/seed\"\n\t\"example.com/app/store\"\n\
             \t\"example.com/app/used\"\n)\n\nfunc TestApi(t *testing.T) { seed.Fill(); used.Fill(); store.Open() }\n",
        ),
        ("api/api.go", "package api\n\nimport \"example.com/app/used\"\n\nfunc Run() { used.Fill() }\n"),
    ]);
    let request = seamline::Request { path: root.path().to_owned(), ..seamline::Request::default() };
    let graph = seamline::read(&request).expect("a system").graph;
    let role = |path: &str| graph.files.iter().find(|it| it.path == path).expect(path).role;
    assert_eq!(role("seed/seed.go"), Role::Test);
    assert_eq!(role("seed/filter.go"), Role::Test);
    assert_eq!(role("used/used.go"), Role::Production, "the program imports it as well");
    assert_eq!(role("store/store.go"), Role::Production, "only its tests take running tests");
}
