#!/usr/bin/env python3
"""The schema that a folder of migrations leads to, beside what the database reports after running them.

usage: schema.py SEAMLINE postgres|sqlite FOLDER..
       schema.py SEAMLINE made DATABASE=FOLDER.. [--but PREFIX..]

SEAMLINE is the built program, each FOLDER holds migrations in SQL (sqlx, diesel, golang-migrate, goose, dbmate or plain numbered
files). They run for real, in the order of their names, in an empty database: PostgreSQL on a server of its own (`initdb`, no
network, gone afterwards), SQLite in memory. Tables, columns, primary keys and foreign keys are compared with
`seamline export`. The order and the sections of the files are worked out here, not by Seamline. A part of their path in front of a
folder (`/sqlite/=FOLDER`) keeps only the files below it. The exit code is 1 where something differs.

`made`: DATABASE is an SQLite file that the program in FOLDER made with its own migrations (`manage.py migrate`, `alembic upgrade
head`), and the whole of FOLDER is read. Tables whose names begin with a PREFIX belong to packages that it uses and are left out.
"""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

FACTS = """
WITH t AS (
    SELECT c.oid, c.relkind, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast%'
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
)
SELECT 'table ' || name FROM t
UNION ALL
SELECT 'column ' || t.name || '.' || a.attname
    || CASE WHEN EXISTS (SELECT 1 FROM pg_constraint p WHERE p.conrelid = t.oid AND p.contype = 'p' AND a.attnum = ANY (p.conkey)) THEN ' key' ELSE '' END
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'foreign key ' || t.name || '('
    || (SELECT string_agg(a.attname, ',' ORDER BY k.i) FROM unnest(f.conkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.n)
    || ') -> ' || r.name || '('
    || (SELECT string_agg(a.attname, ',' ORDER BY k.i) FROM unnest(f.confkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.n)
    || ')'
FROM t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND f.conparentid = 0 JOIN t r ON r.oid = f.confrelid
"""


def turn(path):
    """`2017-09-26-200549_x`, `20170926200549_x`, `8_x`: by the number, dashes left out."""
    parts = []
    for part in path.parts:
        number = re.match(r"[\d-]*\d", part)
        parts.append((int(number[0].replace("-", "")) if number else -1, part))
    return parts


def migrations(folder, prefix):
    """Files that go forward, in order, with the part of each that does."""
    paths = sorted((it for it in folder.rglob("*.sql") if prefix in str(it)), key=turn)
    for path in paths:
        name = path.name.lower()
        if name in ("down.sql",) or name.endswith((".down.sql", ".rollback.sql", "_down.sql")):
            continue
        text = path.read_text(errors="replace")
        section = re.search(r"^--\s*(?:\+goose\s+up|migrate:up)[^\n]*\n(.*?)(?=^--\s*(?:\+goose\s+down|migrate:down)|\Z)", text, re.I | re.M | re.S)
        yield path, section[1] if section else text


def programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else pathlib.Path(shutil.which("initdb") or sys.exit("PostgreSQL is not installed")).parent


class Server:
    """PostgreSQL of its own on a socket."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.user = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody")
            self.user = ["setpriv", "--reuid=nobody", "--clear-groups"]
        self.run("initdb", "-D", self.folder / "data", "-U", "test", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options, "-w", "start")
        return self

    def run(self, program, *arguments):
        subprocess.run([*self.user, programs() / program, *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def psql(self, database, *arguments):
        command = ["psql", "-X", "-q", "-A", "-t", "-U", "test", "-d", database, "-h", self.folder, *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def of_postgres(server, number, files):
    database = f"d{number}"
    server.psql("postgres", "-c", f"CREATE DATABASE {database}")
    with tempfile.TemporaryDirectory() as scratch:
        names = []
        for number, (path, text) in enumerate(files):
            names.append(pathlib.Path(scratch) / f"{number:04} {path.parent.name} {path.name}")
            names[-1].write_text(text)
        # One session: `search_path` and the like end with their file.
        reset = [("-c", "DISCARD ALL", "-f", str(it)) for it in names]
        out = server.psql(database, *(option for options in reset for option in options))
    for line in out.stderr.splitlines():
        if " ERROR: " in line:
            print("  the database refuses", line.removeprefix(f"psql:{scratch}/"))
    return set(server.psql(database, "-c", FACTS).stdout.splitlines())


def of_sqlite(files, functions=()):
    """`functions`: those that the program itself brings to its database, here without a result."""
    database = sqlite3.connect(":memory:")
    for name in functions:
        database.create_function(name, -1, lambda *_: None)
    for path, text in files:
        try:
            database.executescript(text)
        except sqlite3.Error as error:
            if (own := re.match(r"no such function: (\w+)", str(error))) and own[1] not in functions:
                return of_sqlite(files, (*functions, own[1]))
            print(f"  the database refuses {path.name}: {error}")
    return facts_of(database)


def facts_of(database):
    facts = set()
    master = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
    tables = list(master)
    virtual = [name for name, sql in master.items() if sql.upper().startswith("CREATE VIRTUAL")]
    parts = "data|idx|content|docsize|config|segments|segdir|stat"
    shadows = {name for name in tables for whole in virtual if re.fullmatch(f"{re.escape(whole)}_({parts})", name)}
    primary = {name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")') if row[5]] for name in tables}
    for name in tables:
        if name in shadows:
            continue
        facts.add(f"table {name}")
        for row in database.execute(f'PRAGMA table_info("{name}")'):
            facts.add(f"column {name}.{row[1]}" + (" key" if row[5] else ""))
        keys = {}
        for id, seq, table, source, target, *_ in database.execute(f'PRAGMA foreign_key_list("{name}")'):
            keys.setdefault(id, (table, []))[1].append((seq, source, target))
        for table, columns in keys.values():
            columns.sort()
            targets = [target or (primary.get(table, []) + [""] * 9)[seq] for seq, _, target in columns]
            facts.add(f'foreign key {name}({",".join(it[1] for it in columns)}) -> {table}({",".join(targets)})')
    return facts


def of_seamline(seamline, folder, files):
    """From a folder that holds these files alone, under the paths they have."""
    with tempfile.TemporaryDirectory() as scratch:
        for path, _ in files:
            copy = pathlib.Path(scratch) / "migrations" / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        return exported(seamline, scratch)


def exported(seamline, folder):
    out = subprocess.run([seamline, "export", "--no-cache", "--format", "json", folder], capture_output=True, text=True, check=True)
    stores = [it for it in json.loads(out.stdout)["stores"] if it["kind"] == "table" and it["defined_at"]]
    facts = set()
    for store in stores:
        facts.add(f'table {store["name"]}')
        for column in store["columns"]:
            facts.add(f'column {store["name"]}.{column["name"]}' + (" key" if column["primary_key"] else ""))
        for key in store["foreign_keys"]:
            facts.add(f'foreign key {store["name"]}({",".join(key["columns"])}) -> {key["store"]}({",".join(key["referenced_columns"])})')
    return facts


def main():
    seamline, kind, *folders = sys.argv[1:]
    if kind == "made":
        at = folders.index("--but") if "--but" in folders else len(folders)
        sys.exit(0 if all([made(seamline, it, tuple(folders[at + 1 :])) for it in folders[:at]]) else 1)
    differs = False
    with Server() if kind == "postgres" else tempfile.TemporaryDirectory() as server:
        for number, argument in enumerate(folders):
            prefix, _, path = argument.rpartition("=")
            folder = pathlib.Path(path).resolve()
            files = list(migrations(folder, prefix))
            print(f"{argument}: {len(files)} files")
            real = of_postgres(server, number, files) if kind == "postgres" else of_sqlite(files)
            ours = of_seamline(seamline, folder, files)
            compare(real, ours)
            differs |= real != ours
    sys.exit(1 if differs else 0)


def compare(real, ours):
    count = lambda word: f"{sum(1 for it in real & ours if it.startswith(word))} of {sum(1 for it in real if it.startswith(word))}"
    print(f'  tables {count("table")}, columns {count("column")}, foreign keys {count("foreign")}: {len(real & ours)} of {len(real)} facts equal')
    for fact in sorted(real - ours):
        print(f"  database only: {fact}")
    for fact in sorted(ours - real):
        print(f"  ours only:     {fact}")


def made(seamline, argument, packages):
    """Names are compared in lower case: SQLite does not tell them apart."""
    file, _, folder = argument.partition("=")

    def own(facts):
        facts = {it.lower() for it in facts}
        facts = {it for it in facts if not it.removeprefix("foreign ").split()[1].startswith(packages)}
        # Which column of a package's table a key means is the package's affair.
        return {it.rpartition("(")[0] if it.startswith("foreign") and it.split()[-1].startswith(packages) else it for it in facts}

    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        real = own(facts_of(database))
    ours = own(exported(seamline, folder))
    print(f"{folder}:")
    compare(real, ours)
    return real == ours


if __name__ == "__main__":
    main()
