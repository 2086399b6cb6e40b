#!/usr/bin/env python3
"""Recall against reality for Rust: runs a workspace's own tests with every SQL statement logged with its call stack, and
looks each (function, table, effect) up in what Seamline says.

usage: rust_sql_log.py [--log FILE] SEAMLINE WORKSPACE [ARGUMENTS OF CARGO TEST..]

SEAMLINE is the built program, WORKSPACE a folder with `Cargo.lock`. Nothing is written into the workspace. Three ways in:

- the shared libraries of SQLite and PostgreSQL (rusqlite, diesel) by `sql_log.c`, loaded before them; SQLite that would be
  built in is taken from the system instead (`LIBSQLITE3_SYS_USE_PKG_CONFIG`);
- sqlx (so also sea-orm): the crates `sqlx-sqlite` and `sqlx-postgres` are replaced for this build by copies that log;
- tokio-postgres (so also what diesel-async sends to PostgreSQL): the same.

Tests that need a PostgreSQL server find it as they always do (`DATABASE_URL`). Stacks need line tables, which this sets.
Everything else is as in `go_sql_log.py`; code in tests is left out. `--log FILE` keeps the statements, or reads them if FILE
exists.
"""

import ast
import collections
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from go_sql_log import DDL, compare

LOGGER = '''
fn log_statement(sql: &str) {
    let Ok(path) = std::env::var("SQL_LOG") else { return };
    let stack = std::backtrace::Backtrace::force_capture().to_string();
    let line = format!("{sql:?}\\u{1}{stack}\\u{2}");
    if let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path) {
        let _ = std::io::Write::write_all(&mut file, line.as_bytes());
    }
}
'''

# Stands for a frame of a library that runs migrations.
MIGRATES = "migrates:0"

# Crate, file, what is replaced by what: the call stands where the text is known.
PLACES = {
    "sqlx-sqlite": ("src/connection/executor.rs", r"( +let sql = query\.sql\(\);\n)", r"\1        log_statement(AsRef::<str>::as_ref(&sql));\n"),
    "sqlx-postgres": ("src/connection/executor.rs", r"( +let sql = query\.sql\(\);\n)", r"\1        log_statement(AsRef::<str>::as_ref(&sql));\n"),
    "tokio-postgres": ("src/prepare.rs", r"(pub async fn prepare\([^{]*\) -> Result<Statement, Error> \{\n)", r"\1    log_statement(query);\n"),
}


def patched(workspace, folder):
    """`cargo` options that replace the locked drivers by copies that log."""
    out = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=workspace, capture_output=True, text=True, check=True)
    options = []
    for package in json.loads(out.stdout)["packages"]:
        if package["name"] not in PLACES or not package["source"]:
            continue
        path, pattern, replacement = PLACES[package["name"]]
        copy = folder / f'{package["name"]}-{package["version"]}'
        shutil.copytree(pathlib.Path(package["manifest_path"]).parent, copy)
        source = copy / path
        text, count = re.subn(pattern, replacement, source.read_text())
        if not count:
            sys.exit(f'this version of {package["name"]} looks different')
        source.write_text(text + LOGGER)
        options += ["--config", f'patch.crates-io.{package["name"]}.path="{copy}"']
    return options


def preloaded(folder):
    """The library that logs what SQLite and libpq run."""
    library = folder / "sql_log.so"
    source = pathlib.Path(__file__).with_name("sql_log.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@functools.cache
def here(path):
    return pathlib.Path(path).exists()


def symbolized(lines, workspace):
    """Frames of `sql_log.c` to `file:line`, inlined functions too, innermost first."""
    wanted = collections.defaultdict(set)
    for line in lines:
        for frame in line.split()[1:]:
            module, address = frame.rsplit("+", 1)
            if module.startswith(str(workspace)) or "/target/" in module:
                wanted[module].add(address)
    places = {}
    for module, addresses in wanted.items():
        ordered = sorted(addresses)
        run = subprocess.run(
            ["addr2line", "-f", "-i", "-a", "-e", module], input="\n".join(f"0x{it}" for it in ordered), capture_output=True, text=True, check=True)
        current, names = None, True
        for line in run.stdout.splitlines():
            if line.startswith("0x"):
                current, names = places.setdefault((module, f"{int(line, 16):x}"), []), True
                continue
            if names and re.search(r"diesel_migrations|refinery|rusqlite_migration", line):
                current.append(MIGRATES)
            elif not names and not line.endswith("?"):
                current.append(re.sub(r" \(discriminator \d+\)", "", line))
            names = not names
    return places


def preload_records(log, workspace):
    """Statements that the preloaded library saw."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    places = symbolized(lines, workspace)
    for line in lines:
        sql, *frames = line.split()
        sql = bytes.fromhex(sql).decode(errors="replace")
        stack = [place for frame in frames for place in places.get(tuple(frame.rsplit("+", 1)), [])]
        # What a migration library runs, and what SQLite's full text search does for itself.
        if MIGRATES in stack or "'main'.'" in sql:
            continue
        stack = [it for it in (whole(it, workspace) for it in stack) if here(it.rsplit(":", 1)[0])]
        yield {"sql": sql, "stack": stack}


def whole(place, workspace):
    """A path that the build wrote down relative to the workspace."""
    path, line = place.rsplit(":", 1)
    path = path.replace("/./", "/")
    return f"{path}:{line}" if path.startswith("/") else f"{workspace}/{path}:{line}"


def records(log, workspace):
    """Statements with the workspace's frames, innermost first."""
    text = log.read_text(errors="replace") if log.exists() else ""
    for entry in text.split("\x02"):
        if "\x01" not in entry:
            continue
        sql, stack = entry.split("\x01", 1)
        try:
            sql = ast.literal_eval(re.sub(r"\\u\{(\w+)\}", lambda it: f"\\U{int(it[1], 16):08x}", sql.strip()))
        except (SyntaxError, ValueError):
            continue
        frames = [f"{path}:{line}" for path, line in re.findall(r"^ +at (?:\./)?(\S+?):(\d+)(?::\d+)?$", stack, re.M)]
        # Frames of the C library are relative to where that was built.
        yield {"sql": sql, "stack": [it for it in (whole(frame, workspace) for frame in frames) if here(it.rsplit(":", 1)[0])]}


def production(record):
    """Without frames of test files."""
    test = re.compile(r"(^|/)(tests?|testing)(/|\.rs:)|_tests?\.rs:|/benches/")
    record["stack"] = [it for it in record["stack"] if not test.search(it)]
    return record


def main():
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        log = folder / "sql.log"
        if arguments[0] == "--log":
            log, arguments = pathlib.Path(arguments[1]).resolve(), arguments[2:]
        native = log.with_name(log.name + ".native")
        seamline, workspace, *options = arguments
        workspace = pathlib.Path(workspace).resolve()
        if not log.exists() and not native.exists():
            debug = [it for profile in ("dev", "test") for it in ("--config", f'profile.{profile}.debug="line-tables-only"')]
            build = ["cargo", "test", *debug, *patched(workspace, folder), *options]
            own = {**os.environ, "LIBSQLITE3_SYS_USE_PKG_CONFIG": "1"}
            separate = build.index("--") if "--" in build else len(build)
            # The compiler is not to be logged, nor macros that ask a database when they run in it.
            subprocess.run([*build[:separate], "--no-run"], cwd=workspace, env=own, check=False)
            libraries = {"LD_PRELOAD": str(preloaded(folder)), "SQL_LOG_NATIVE": str(native), "SQL_LOG": str(log)}
            subprocess.run(build, cwd=workspace, env={**own, **libraries}, check=False)
        found = [*records(log, workspace), *preload_records(native, workspace)]
        compare(seamline, workspace, [production(it) for it in found if not DDL.search(it["sql"])], generated=True)


if __name__ == "__main__":
    main()
