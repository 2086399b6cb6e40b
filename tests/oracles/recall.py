"""Compares what a program really did with what `seamline export` says: recall of (function, store, effect).

    python tests/oracles/recall.py EXPORT.json LOG.jsonl [--root DIR-IN-EXPORT] [--misses N]

EXPORT.json is `seamline export` of the folder that SEAMLINE_ROOT named while `recorder.py` wrote LOG.jsonl. DDL is left out:
tests make their databases by it. A logged
statement is parsed by sqlglot (from PyPI), not by ours. It belongs to the innermost function of production code on its
stack. It counts as found
    here    when that function has the access,
    below   when a function that it calls, directly or not, has it (lazy queries run where they are consumed),
    around  when a function further out on the stack reaches it.
"""

import argparse
import collections
import json
import re
import sys

import sqlglot
from sqlglot import exp

# Between the statement and the project's frame a framework dispatched a request or rendered a page: the frame (a
# middleware, a command, a test's client) is no more than the outermost project code on the stack.
DISPATCH = re.compile(r"^(alembic\.|django\.core\.handlers|django\.template|django\.test|django\.core\.management|jinja2|starlette\.|fastapi\.|flask\.app|werkzeug)")
KINDS = {"function", "method", "module", "type", "interface", "macro"}


def tables_of(text, cache={}):
    """{(table, effect)} of a statement, in lower case."""
    if text in cache:
        return cache[text]
    found = set()
    dialects = ["postgres", "sqlite", "mysql"] if "$" in text or "%(" in text else ["sqlite", "postgres", "mysql"]
    tree = None
    for dialect in dialects:
        try:
            tree = sqlglot.parse_one(re.sub(r"%(\(\w+\))?s", "NULL", text), read=dialect)
            break
        except Exception:
            continue
    if tree is None or isinstance(tree, (exp.Create, exp.Drop, exp.Alter, exp.Command, exp.Pragma, exp.Transaction, exp.Commit, exp.Rollback)):
        cache[text] = found
        return found
    locals_ = {it.alias_or_name.lower() for it in tree.find_all(exp.CTE)}
    target = None
    if isinstance(tree, (exp.Insert, exp.Update, exp.Delete)):
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
    # What a common table expression writes is written as well.
    changes = [it.this for it in tree.find_all(exp.Insert, exp.Update, exp.Delete) if it is not tree]
    changed = [it if isinstance(it, exp.Table) else it.find(exp.Table) for it in changes if it is not None]
    targets = {id(it) for it in (target, *changed) if it is not None}
    for table in tree.find_all(exp.Table):
        name = table.name.lower()
        if name in locals_ or not name or name.startswith(("sqlite_", "pg_")):
            continue
        found.add((name, "write" if id(table) in targets else "read"))
    cache[text] = found
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export")
    parser.add_argument("log")
    parser.add_argument("--misses", type=int, default=40)
    parser.add_argument("--only", help="regular expression on file paths: frames elsewhere are ignored")
    parser.add_argument("--but", help="regular expression on functions: their frames are ignored (a base class that touches whatever its callers mean)")
    parser.add_argument("--tests", default=r"(^|/)(tests?|testing)/|(^|/)tests?\.py$|(^|/)test_|conftest\.py|_test\.py", help="paths that are no production code")
    parser.add_argument("--changed", action="store_true", help="what a unit of work flushed belongs to whoever changed the rows, not to whoever flushed")
    parser.add_argument("--prefix", default="", help="what the run put before every table's name")
    parser.add_argument("--all-tables", action="store_true", help="also tables that the export does not know")
    options = parser.parse_args()
    graph = json.load(open(options.export, encoding="utf-8"))
    tests = re.compile(options.tests)
    only = re.compile(options.only) if options.only else None

    spans = collections.defaultdict(list)
    for symbol in graph["symbols"]:
        if symbol["kind"] in KINDS:
            spans[symbol["file"]].append((symbol["line"], symbol["end_line"], symbol["name"], symbol["kind"]))

    def symbol_at(path, line, cache={}):
        if (path, line) not in cache:
            best = None
            for first, last, name, kind in spans.get(path, ()):
                if first <= line <= last or kind == "module":
                    size = 10**9 if kind == "module" else last - first
                    if best is None or size < best[0]:
                        best = (size, name)
            cache[path, line] = best[1] if best else None
        return cache[path, line]

    said = collections.defaultdict(set)
    for access in graph["accesses"]:
        said[access["symbol"]].add((access["store"].split(".")[-1].lower(), access["effect"]))
    calls = collections.defaultdict(set)
    for call in graph["calls"]:
        calls[call["from"]].add(call["to"])
    known = {it["name"].split(".")[-1].lower() for it in graph["stores"]}

    def reach(symbol, cache={}):
        if symbol not in cache:
            seen, todo, found = {symbol}, [symbol], set()
            while todo:
                at = todo.pop()
                found |= said.get(at, set())
                for to in calls.get(at, ()):
                    if to not in seen:
                        seen.add(to)
                        todo.append(to)
            cache[symbol] = found
        return cache[symbol]

    facts = {}
    unknown = collections.Counter()
    dispatched = set()

    def count_in(logged, entry, touched, flushed):
        # Outside the outermost test stands only what launches tests: no code under test.
        last = max((at for at, it in enumerate(logged) if tests.search(it[0])), default=len(logged))
        frames = [tuple(it) for it in logged[:last] if not tests.search(it[0]) and (not only or only.search(it[0]))]
        frames = [it for it in frames if it[0] in spans]
        if options.but:
            frames = [it for it in frames if not re.search(options.but, symbol_at(*it) or "")]
        if not frames:
            return
        inner = symbol_at(*frames[0])
        if not flushed and any(DISPATCH.search(it) for it in entry["through"]):
            dispatched.update((inner, table, effect) for table, effect in touched)
            return
        for table, effect in touched:
            if table not in known:
                unknown[table] += 1
                if not options.all_tables:
                    continue
            facts.setdefault((inner, table, effect), []).append((frames, entry))

    for line in open(options.log, encoding="utf-8"):
        entry = json.loads(line)
        if entry["effect"]:
            touched = {(entry["text"].lower(), entry["effect"])}
        else:
            touched = tables_of(entry["text"])
        touched = {(table.removeprefix(options.prefix), effect) for table, effect in touched}
        whose = entry.get("changed") if options.changed else None
        for logged in whose or [entry["frames"]]:
            count_in(logged, entry, touched, bool(whose))

    count = collections.Counter()
    misses = []
    for (inner, table, effect), seen in sorted(facts.items(), key=lambda it: (it[0][0] or "", it[0])):
        if (table, effect) in said.get(inner, ()):
            count["here"] += 1
        elif (table, effect) in reach(inner):
            count["below"] += 1
        elif any((table, effect) in reach(symbol_at(*frame)) for frames, _ in seen for frame in frames):
            count["around"] += 1
            misses.append(("around", inner, table, effect, seen))
        else:
            count["missed"] += 1
            misses.append(("missed", inner, table, effect, seen))
    total = sum(count.values())
    for kind, inner, table, effect, seen in misses[: options.misses]:
        frames, entry = seen[0]
        through = [it for it in entry["through"] if not it.startswith(("django.db", "sqlalchemy", "recorder"))]
        print(f"{kind:7} {effect:5} {table:32} {inner}  {frames[0][0]}:{frames[0][1]}  through {' '.join(through[:4])}")
    if unknown:
        print("tables the export does not know:", ", ".join(f"{name} {n}" for name, n in unknown.most_common(30)))
    print(f"{len(dispatched)} facts of frameworks dispatching below a project's frame, not counted")
    if total:
        here, below, around = count["here"], count["here"] + count["below"], total - count["missed"]
        print(f"{total} facts: here {here / total:.3f}, here or below {below / total:.3f}, anywhere on the stack {around / total:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
