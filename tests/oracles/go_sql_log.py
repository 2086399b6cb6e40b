#!/usr/bin/env python3
"""Recall against reality for Go: runs a module's own tests with every SQL statement logged with its call stack, and looks
each (function, table, effect) up in what Seamline says.

usage: go_sql_log.py [--log FILE] [--but WORD] SEAMLINE MODULE [PACKAGES..]

SEAMLINE is the built program, MODULE a folder with `go.mod`, PACKAGES what `go test` runs, with any of its flags (default
`./...`). Nothing is written into the module: at build time the standard library's `database/sql` is replaced by a copy that
logs (`go test -overlay`), so every driver and every ORM above it is seen, also doubles such as sqlmock, and so is pgx, where
the module uses it: what its own interface sends, queues in a batch (logged where it is queued) or copies. What bypasses
both (MongoDB) is not. Statements are read by sqlglot where it is installed, else by
`seamline sql`. A statement belongs to the innermost function of the module, outside its tests, that stands in the stack;
statements that tests sent are left out, also from a closure that production code runs for them, and so are DDL (what a migration library runs) and tables of the database
system. *here*: that function itself has the access; *around*: a function further out on the stack has it, as where a
builder's statement is sent by a function that runs any; *below*: a function that it calls, at most six calls down, has it. `--log FILE` keeps the statements, or reads them if FILE exists. `--but WORD`
leaves out frames of files whose path has that word (code that a generator wrote, a wrapper that sends any statement).
The exit code is 1 below 95 % here.
"""

import base64
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LOGGER = '''package %s

import (
	"encoding/base64"
	"os"
	"runtime"
	"strconv"
)

// logStatement writes one statement with its call stack.
func logStatement(query string) {
	path := os.Getenv("SQL_LOG")
	if path == "" {
		return
	}
	callers := make([]uintptr, 96)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	line := "{\\"sql\\":\\"" + base64.StdEncoding.EncodeToString([]byte(query)) + "\\",\\"stack\\":["
	for first := true; ; first = false {
		frame, more := frames.Next()
		if !first {
			line += ","
		}
		line += strconv.QuoteToASCII(frame.File + ":" + strconv.Itoa(frame.Line))
		if !more {
			break
		}
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	file.WriteString(line + "]}\\n")
	file.Close()
}
'''

# What sends statements: package, file, functions with what they log. A prepared statement counts where it is run.
STANDARD = [
    ("database/sql", "ctxutil.go", [(r"func ctxDriver(?:Exec|Query)\([^{]*query string[^{]*\{\n", "query")]),
    ("database/sql", "sql.go", [
        (r"func \(s \*Stmt\) (?:Exec|Query)Context\([^{]*\{\n", "s.query"),
        (r"withLock\(dc, func\(\) \{\n(?=\t+si, err = ctxDriverPrepare\(ctx, dc\.ci, query\)\n)", "query"),
    ]),
]
COPIED = '"insert into " + tableName.Sanitize() + " default values"'
NATIVE = [
    (f"github.com/jackc/pgx/{version}", file, functions)
    for version in ("v5", "v4")
    for file, functions in [
        ("conn.go", [(r"func \(c \*Conn\) (?:exec|Query)\(ctx context\.Context, sql string[^{]*\{\n", "sql")]),
        ("batch.go", [(r"func \(b \*Batch\) Queue\(query string[^{]*\{\n", "query")]),
        ("copy_from.go", [(r"func \(c \*Conn\) CopyFrom\(ctx context\.Context, tableName Identifier[^{]*\{\n", COPIED)]),
    ]
]


def logging_flags(folder, module):
    """Writes logging copies of what sends statements; gives the flags and variables with which `go test` takes them instead."""
    cache = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True).stdout.strip() + "/"
    replaced, copies = {}, {}
    for package, file, functions in [*STANDARD, *NATIVE]:
        found = subprocess.run(
            ["go", "list", "-find", "-f", "{{.Dir}}", package], cwd=module, capture_output=True, text=True, check=False)
        home = found.stdout.strip()
        if not home:
            continue
        text = pathlib.Path(home, file).read_text()
        for pattern, said in functions:
            text, patched = re.subn(f"({pattern})", lambda it: f"{it[1]}\tlogStatement({said})\n", text)
            if not patched and package.startswith("github.com/"):
                print(f"{package} looks different in this version: what it sends is not logged")
            elif not patched:
                sys.exit(f"{package} looks different in this version")
        logger = LOGGER % re.search(r"(?m)^package (\w+)", text)[1]
        if home.startswith(cache):
            # What lies in the module cache cannot be overlaid, but replaced by a copy.
            copy = folder / package.replace("/", "_")
            if package not in copies:
                shutil.copytree(home, copy, copy_function=shutil.copyfile)
                subprocess.run(["chmod", "-R", "u+w", str(copy)], check=True)
                copies[package] = copy
            (copy / file).write_text(text)
            (copy / "statement_logger.go").write_text(logger)
            continue
        for name, content in [(file, text), ("statement_logger.go", logger)]:
            copy = folder / f"{len(replaced)}-{name}"
            copy.write_text(content)
            replaced[f"{home}/{name}"] = str(copy)
    plan = folder / "overlay.json"
    plan.write_text(json.dumps({"Replace": replaced}))
    flags, environment = ["-overlay", str(plan)], dict(os.environ)
    if copies:
        replacing = [f"-replace={package}={copy}" for package, copy in copies.items()]
        work = subprocess.run(["go", "env", "GOWORK"], cwd=module, capture_output=True, text=True, check=True).stdout.strip()
        if work and work != "off":
            said = subprocess.run(["go", "work", "edit", "-json", work], capture_output=True, text=True, check=True).stdout
            for use in json.loads(said)["Use"]:
                path = use["DiskPath"]
                replacing += [f"-dropuse={path}", f"-use={pathlib.Path(work).parent / path}"]
            for file in pathlib.Path(work).parent.glob("go.work*"):
                shutil.copyfile(file, folder / file.name)
            environment["GOWORK"] = str(folder / "go.work")
            subprocess.run(["go", "work", "edit", *replacing, environment["GOWORK"]], check=True)
        else:
            for name in ("go.mod", "go.sum"):
                shutil.copyfile(module / name, folder / name)
            subprocess.run(["go", "mod", "edit", *replacing, str(folder / "go.mod")], check=True)
            flags.append(f"-modfile={folder / 'go.mod'}")
    return flags, environment


def entry(line):
    """A line of the log; the statement is in base64."""
    record = json.loads(line)
    record["sql"] = base64.b64decode(record["sql"]).decode(errors="replace")
    return record


def tables(statements, seamline):
    """(reads, writes) of each distinct statement."""
    found = {}
    try:
        import sqlglot
        from sqlglot import exp
        import logging
        logging.getLogger("sqlglot").setLevel(logging.ERROR)
    except ImportError:
        sqlglot = None
    rest = []
    for sql in statements:
        tree = None
        if sqlglot:
            for dialect in ("postgres", "sqlite", "mysql"):
                try:
                    tree = [it for it in sqlglot.parse(sql, read=dialect) if it]
                    break
                except Exception:
                    tree = None
        if not tree or any(isinstance(it, exp.Command) for it in tree):
            rest.append(sql)
            continue
        reads, writes = set(), set()
        for statement in tree:
            names = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
            target = None
            if isinstance(statement, (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable)):
                target = statement.this if not isinstance(statement, exp.TruncateTable) else statement.expressions[0]
                if isinstance(statement, exp.Create) and statement.kind == "INDEX":
                    target = statement.this.args.get("table")
                if isinstance(statement, exp.Drop) and statement.args.get("kind") not in ("TABLE", "VIEW"):
                    continue
                if target is not None and not isinstance(target, exp.Table):
                    target = target.find(exp.Table)
            # What a common table expression writes is written as well.
            changes = [it.this for it in statement.find_all(exp.Insert, exp.Update, exp.Delete) if it is not statement]
            changed = [it if isinstance(it, exp.Table) else it.find(exp.Table) for it in changes if it is not None]
            targets = {id(it) for it in (target, *changed) if it is not None}
            # `FOR UPDATE OF s` names an alias, which sqlglot takes for a table.
            locked = {id(it) for lock in statement.find_all(exp.Lock) for it in lock.find_all(exp.Table)}
            for table in statement.find_all(exp.Table):
                if id(table) in locked:
                    continue
                if id(table) in targets:
                    writes.add(table.name.lower())
                elif table.name and (table.name.lower() not in names or table.args.get("db")):
                    if not (isinstance(statement, exp.Create) and table.find_ancestor(exp.Reference)):
                        reads.add(table.name.lower())
        found[sql] = (reads, writes)
    if rest:
        lines = "".join(json.dumps({"id": index, "sql": sql}) + "\n" for index, sql in enumerate(rest))
        out = subprocess.run([seamline, "sql", "-"], input=lines, capture_output=True, text=True, check=False).stdout
        for line in out.splitlines():
            row = json.loads(line)
            plain = lambda names: {name.split(".")[-1].lower() for name in names}
            found[rest[int(row["id"])]] = (plain(row["read_tables"]), plain(row["write_tables"]))
    return found


def main():
    arguments = sys.argv[1:]
    kept = None
    if arguments[0] == "--log":
        kept, arguments = pathlib.Path(arguments[1]).resolve(), arguments[2:]
    but = None
    if arguments[0] == "--but":
        but, arguments = arguments[1], arguments[2:]
    seamline, module = arguments[0], pathlib.Path(arguments[1]).resolve()
    packages = arguments[2:] or ["./..."]
    records = [entry(line) for line in kept.read_text().splitlines()] if kept and kept.exists() else []
    if not records:
        records = logged(module, packages, kept)
    compare(seamline, module, [it for it in records if not DDL.search(it["sql"])], but=but)


DDL = re.compile(r"\b(create|alter|drop)\s+(\w+\s+)*(table|index|view|trigger|schema|type|function|extension|sequence)\b", re.I)


def logged(module, packages, kept):
    """The statements that the module's tests send."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        log = kept or folder / "sql.log"
        flags, environment = logging_flags(folder, module)
        run = subprocess.run(
            ["go", "test", "-count=1", *flags, *packages],
            cwd=module, env={**environment, "SQL_LOG": str(log)}, capture_output=True, text=True, check=False)
        results = collections.Counter(line.split()[0] for line in run.stdout.splitlines() if line.startswith(("ok", "FAIL", "---")))
        print("go test:", dict(results))
        if run.returncode and not log.exists():
            sys.exit(run.stdout[-2000:] + run.stderr[-2000:])
        return [entry(line) for line in log.read_text().splitlines()] if log.exists() else []


def compare(seamline, module, records, generated=False, but=None):
    """Prints what of the statements was found. `generated`: code outside any function is what a macro made of a type."""
    export = subprocess.run([seamline, "export", "--no-cache", "--format", "json", str(module)], capture_output=True, text=True, check=True)
    graph = json.loads(export.stdout)
    places = collections.defaultdict(list)
    for symbol in graph["symbols"]:
        if symbol["kind"] in ("function", "method"):
            places[symbol["file"]].append((symbol["line"], symbol["end_line"], symbol["name"]))
    said = collections.defaultdict(set)
    for access in graph["accesses"]:
        said[access["symbol"]].add((access["store"].split(".")[-1].lower(), access["effect"]))
    callees = collections.defaultdict(set)
    for call in graph["calls"]:
        callees[call["from"]].add(call["to"])
    reached = {}

    def below(function):
        if function not in reached:
            seen, edge = {function}, {function}
            for _ in range(6):
                edge = {it for name in edge for it in callees[name]} - seen
                seen |= edge
            reached[function] = set().union(*(said[name] for name in seen if name in said))
        return reached[function]

    read = tables({record["sql"] for record in records}, seamline)
    prefix = str(module) + "/"
    triples = {}
    for record in records:
        inside = [frame[len(prefix):] for frame in record["stack"] if frame.startswith(prefix)]
        inside = [frame for frame in inside if not frame.startswith("vendor/")]
        # What a closure of a test sends is the test's, whatever production function runs the closure.
        if inside and inside[0].rsplit(":", 1)[0].endswith("_test.go"):
            continue
        inside = [frame for frame in inside if not frame.rsplit(":", 1)[0].endswith("_test.go")]
        if but:
            inside = [frame for frame in inside if but not in frame.rsplit(":", 1)[0]]
        functions = []
        for frame in inside:
            file, line = frame.rsplit(":", 1)
            around = [it for it in places[file] if it[0] <= int(line) <= it[1]]
            if generated and not around:
                continue
            # What stands in a package variable belongs to the package.
            functions.append((max(around)[2] if around else str(pathlib.PurePosixPath(file).parent), file))
        functions = [it for it in functions if not re.search(r"::(\w+_)?tests?::", it[0])]
        if not functions:
            continue
        reads, writes = read.get(record["sql"], (set(), set()))
        for table, effect in [(it, "read") for it in reads] + [(it, "write") for it in writes]:
            catalog = table.startswith(("pg_", "sqlite_", "information_schema"))
            if not table or catalog or table in ("tables", "columns", "statistics", "schemata"):
                continue
            triples.setdefault((functions[0][0], table, effect), (record["sql"], functions))
    missed = []
    for (function, table, effect), (sql, functions) in sorted(triples.items()):
        at_module = any((table, effect) in said[name] for name in said if function.endswith(name) or name.endswith(function))
        if (table, effect) not in said[function] and not at_module:
            outer = next((name for name, _ in functions[1:] if (table, effect) in said[name]), None)
            inner = not outer and (table, effect) in below(function)
            missed.append((function, table, effect, outer, inner, " ".join(sql.split())[:100]))
    total = len(triples)
    around = sum(1 for it in missed if it[3])
    inner = sum(1 for it in missed if it[4])
    print(f"statements {len(records)}, distinct (function, table, effect) {total}, here {total - len(missed)}, around {around}, below {inner}")
    for function, table, effect, outer, deeper, sql in missed:
        where = f" (said of {outer})" if outer else " (said below)" if deeper else ""
        print(f"  missed: {function} {effect} {table}{where}: {sql}")
    share = (total - len(missed)) / total if total else 0.0
    anywhere = (total - len(missed) + around) / total if total else 0.0
    everywhere = (total - len(missed) + around + inner) / total if total else 0.0
    print(f"recall here {share:.3f}, here or around {anywhere:.3f}, here, around or below {everywhere:.3f}")
    sys.exit(0 if share >= 0.95 else 1)


if __name__ == "__main__":
    main()
