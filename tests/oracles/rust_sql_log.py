#!/usr/bin/env python3
"""Recall against reality for Rust: runs a workspace's own tests with every statement that sqlx sends to SQLite logged with
its call stack (so also what sea-orm sends), and looks each (function, table, effect) up in what Seamline says.

usage: rust_sql_log.py [--log FILE] SEAMLINE WORKSPACE [ARGUMENTS OF CARGO TEST..]

SEAMLINE is the built program, WORKSPACE a folder with `Cargo.lock`. Nothing is written into the workspace: the crate
`sqlx-sqlite` is replaced for this build by a copy that logs (`cargo test --config patch..`). Stacks need line tables,
which this sets. Everything else is as in `go_sql_log.py`; code in `tests` modules is left out. `--log FILE` keeps the
statements, or reads them if FILE exists.
"""

import ast
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


def patched(workspace, folder):
    """A copy of the locked `sqlx-sqlite` that logs."""
    out = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=workspace, capture_output=True, text=True, check=True)
    packages = [it for it in json.loads(out.stdout)["packages"] if it["name"] == "sqlx-sqlite"]
    if not packages:
        sys.exit("the workspace does not use sqlx with SQLite")
    copy = folder / "sqlx-sqlite"
    shutil.copytree(pathlib.Path(packages[0]["manifest_path"]).parent, copy)
    source = copy / "src/connection/executor.rs"
    text, count = re.subn(r"( +let sql = query\.sql\(\);\n)", r"\1        log_statement(AsRef::<str>::as_ref(&sql));\n", source.read_text())
    if count < 2:
        sys.exit("this version of sqlx-sqlite looks different")
    source.write_text(text + LOGGER)
    return copy


@functools.cache
def here(path):
    return pathlib.Path(path).exists()


def records(log, workspace):
    """Statements with the workspace's frames, innermost first."""
    for entry in log.read_text(errors="replace").split("\x02"):
        if "\x01" not in entry:
            continue
        sql, stack = entry.split("\x01", 1)
        try:
            sql = ast.literal_eval(re.sub(r"\\u\{(\w+)\}", lambda it: f"\\U{int(it[1], 16):08x}", sql.strip()))
        except (SyntaxError, ValueError):
            continue
        frames = re.findall(r"^ +at (?:\./)?(\S+?):(\d+)(?::\d+)?$", stack, re.M)
        # Frames of the C library are relative to where that was built.
        whole = [(path if path.startswith("/") else f"{workspace}/{path}", line) for path, line in frames]
        yield {"sql": sql, "stack": [f"{path}:{line}" for path, line in whole if here(path)]}


def main():
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch) / "sql.log"
        if arguments[0] == "--log":
            log, arguments = pathlib.Path(arguments[1]).resolve(), arguments[2:]
        seamline, workspace, *options = arguments
        workspace = pathlib.Path(workspace).resolve()
        if not log.exists():
            copy = patched(workspace, pathlib.Path(scratch))
            lines = {"CARGO_PROFILE_DEV_DEBUG": "line-tables-only", "CARGO_PROFILE_TEST_DEBUG": "line-tables-only"}
            patch = f'patch.crates-io.sqlx-sqlite.path="{copy}"'
            subprocess.run(
                ["cargo", "test", "--config", patch, *options], cwd=workspace, env={**os.environ, **lines, "SQL_LOG": str(log)}, check=False)
        compare(seamline, workspace, [it for it in records(log, workspace) if not DDL.search(it["sql"])])


if __name__ == "__main__":
    main()
