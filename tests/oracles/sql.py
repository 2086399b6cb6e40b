#!/usr/bin/env python3
"""Compares `seamline sql` with two independent parsers and with expectations others wrote by hand.

usage: sql.py [--every N] SEAMLINE SOURCES...

SEAMLINE is the built program. SOURCES are folders with the tests of SQL parsers, unpacked beside the checkout and never
committed: `test/fixtures/dialects/<dialect>/*.sql` of sqlfluff, the Python tests of sqlglot, sql-metadata and sqllineage.
Needs `pip install sqlglot sqlfluff`. `--every N`: one statement in N. A statement counts when both parsers accept it and find the same set of tables.
"""

import ast
import collections
import json
import pathlib
import re
import subprocess
import sys

import sqlglot
from sqlglot import exp
from sqlfluff.core import Linter

VERB = re.compile(
    r"\s*(--[^\n]*\n\s*)*\(*\s*(select|with|insert|update|delete|merge|replace|create|alter|drop|truncate)\b", re.I)
TO_SQLGLOT = {"ansi": "", "mariadb": "mysql", "greenplum": "postgres", "sparksql": "spark", "vertica": "postgres",
              "impala": "hive", "flink": "", "db2": "", "soql": "", "materialize": "materialize"}
TO_SQLFLUFF = {"": "ansi", "spark": "sparksql"}


def statements(text):
    """Cuts a file where that is safe without a parser."""
    if re.search(r"\$\$|\bBEGIN\b|\bDECLARE\b|\bDELIMITER\b|^\s*GO\s*$|\bLANGUAGE\b", text, re.I | re.M):
        return [text]
    return [part for part in re.split(r";[ \t]*(?:--[^\n]*)?(?:\n|$)", text) if part.strip()]


def collect(folder):
    """Yields (dialect, sql, expected) where expected is None or (reads, writes) or a set of tables."""
    for path in sorted(folder.rglob("*.sql")):
        parts = path.parts
        dialect = parts[parts.index("dialects") + 1] if "dialects" in parts[:-2] else ""
        for text in statements(path.read_text(errors="replace")):
            yield dialect, text, None
    for path in sorted(folder.rglob("*.py")):
        try:
            tree = ast.parse(path.read_text())
        except SyntaxError:
            continue
        stem = path.stem.removeprefix("test_")
        dialect = stem if "dialects" in path.parts else ""
        yield from expectations(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.match(node.value):
                for text in statements(node.value):
                    yield dialect, text, None


def expectations(tree):
    """`assert [..] == Parser(q).tables` and `assert_table_lineage_equal(q, {..}, {..})`."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = node.value
                if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Parser" and value.args:
                    value = value.args[0]
                    value = names.get(value.id) if isinstance(value, ast.Name) else value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    names[node.targets[0].id] = value
            if isinstance(node, ast.Compare) and len(node.comparators) == 1:
                for tables, parser in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                    if isinstance(parser, ast.Attribute) and parser.attr == "tables" and isinstance(tables, ast.List):
                        inner = parser.value
                        if isinstance(inner, ast.Call) and inner.args:
                            inner = inner.args[0]
                        if isinstance(inner, ast.Name):
                            inner = names.get(inner.id)
                        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                            yield "", inner.value, {literal.value for literal in tables.elts if isinstance(literal, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "assert_table_lineage_equal" and len(node.args) >= 3:
                sql = node.args[0]
                sql = names.get(sql.id) if isinstance(sql, ast.Name) else sql
                sides = []
                for side in node.args[1:3]:
                    if isinstance(side, ast.Set) and all(isinstance(it, ast.Constant) for it in side.elts):
                        sides.append({it.value for it in side.elts})
                    elif isinstance(side, ast.Constant) and side.value is None or isinstance(side, ast.Call):
                        sides.append(set())
                if isinstance(sql, ast.Constant) and isinstance(sql.value, str) and len(sides) == 2:
                    yield "", sql.value, tuple(sides)


def lower(names):
    return frozenset(name.lower() for name in names)


def visible(table):
    """Whether a table node is the name of a common table expression in sight."""
    if table.args.get("db"):
        return False
    name = table.name.lower()
    child, parent = table, table.parent
    while parent is not None:
        with_ = parent.args.get("with_") or parent.args.get("with")
        if isinstance(parent, exp.With):
            for cte in parent.expressions:
                if cte is child:
                    if cte.alias.lower() == name and (parent.recursive or isinstance(cte.this, exp.SetOperation)):
                        return True
                    break
                if cte.alias.lower() == name:
                    return True
        elif with_ is not None and child is not with_:
            if any(cte.alias.lower() == name for cte in with_.expressions):
                return True
        child, parent = parent, parent.parent
    return False


def by_sqlglot(sql, dialect):
    reads, writes = set(), set()
    for tree in sqlglot.parse(sql, read=TO_SQLGLOT.get(dialect, dialect) or None):
        if tree is None:
            continue
        if tree.find(exp.Command):
            raise ValueError("only tokens were read")
        targets = set()
        for node in tree.walk():
            target = []
            if isinstance(node, (exp.Insert, exp.Update, exp.Merge, exp.Create, exp.Alter, exp.Drop)):
                if isinstance(node, (exp.Create, exp.Drop, exp.Alter)) and (node.args.get("kind") or "").upper() not in ("TABLE", "VIEW"):
                    raise ValueError("another kind of object")
                target = [node.this]
            elif isinstance(node, exp.Delete):
                target = node.args.get("tables") or [node.this]
            elif isinstance(node, exp.TruncateTable):
                target = node.expressions
            elif isinstance(node, (exp.Into, exp.Copy, exp.Reference, exp.Clone, exp.PartitionedOfProperty, exp.LikeProperty)):
                raise ValueError("a matter of taste")
            for one in target:
                table = one.find(exp.Table) if one is not None else None
                if table is not None and isinstance(table.this, exp.Identifier):
                    targets.add(id(table))
                    name = ".".join(part.name for part in table.parts)
                    for other in node.find_all(exp.Table):
                        if other is not table and other.alias and other.alias.lower() == name.lower():
                            name = ".".join(part.name for part in other.parts)
                            targets.add(id(other))
                            break
                    if not visible(table):
                        writes.add(name)
        for table in tree.find_all(exp.Table):
            if id(table) in targets or not isinstance(table.this, exp.Identifier) or visible(table):
                continue
            if table.name.lower() != "dual":
                reads.add(".".join(part.name for part in table.parts))
    return lower(reads), lower(writes)


LINTERS = {}


def by_sqlfluff(sql, dialect):
    dialect = TO_SQLFLUFF.get(dialect, dialect)
    linter = LINTERS.setdefault(dialect, Linter(dialect=dialect))
    parsed = linter.parse_string(sql)
    if parsed.violations or parsed.tree is None or "unparsable" in parsed.tree.type_set():
        raise ValueError("not accepted")
    ctes, tables = set(), set()
    for cte in parsed.tree.recursive_crawl("common_table_expression"):
        first = next(iter(cte.recursive_crawl("identifier", "naked_identifier", "quoted_identifier")), None)
        if first is not None:
            ctes.add(plain(first.raw))
    for reference in parsed.tree.recursive_crawl("table_reference"):
        if not any(it.is_type("function_name", "table_function") for it in reference.recursive_crawl("function_name")):
            tables.add(plain(reference.raw))
    return frozenset(tables - ctes - {"dual"})


def plain(name):
    return re.sub(r"[\"`\[\]\s]", "", name).lower()


def main():
    arguments = sys.argv[1:]
    every = 1
    if arguments[0] == "--every":
        every, arguments = int(arguments[1]), arguments[2:]
    program, *folders = arguments
    cases, seen = [], set()
    for folder in folders:
        for dialect, sql, expected in collect(pathlib.Path(folder)):
            key = (dialect, sql.strip(), expected is None)
            if key not in seen and len(sql) < 20000:
                seen.add(key)
                if len(seen) % every:
                    continue
                cases.append((pathlib.Path(folder).name, dialect, sql, expected))
    lines = "".join(json.dumps({"id": at, "sql": sql, "dialect": dialect}) + "\n" for at, (_, dialect, sql, _) in enumerate(cases))
    output = subprocess.run([program, "sql", "-"], input=lines, capture_output=True, text=True, check=True).stdout
    ours = {}
    for line in output.splitlines():
        record = json.loads(line)
        ours[record["id"]] = (lower(record["read_tables"]), lower(record["write_tables"]))
    counts = collections.defaultdict(collections.Counter)
    wrong = []
    for at, (source, dialect, sql, expected) in enumerate(cases):
        reads, writes = ours[at]
        count = counts[source]
        if expected is not None:
            count["written"] += 1
            if isinstance(expected, tuple):
                prefix = lambda names: frozenset(name.lower().removeprefix("<default>.") for name in names)
                same = (reads, writes) == (prefix(expected[0]), prefix(expected[1]))
            else:
                same = reads | writes == lower(expected)
            count["written same"] += same
            if not same:
                wrong.append(("written", dialect, sql, expected, (sorted(reads), sorted(writes))))
            continue
        count["statements"] += 1
        try:
            glot_reads, glot_writes = by_sqlglot(sql, dialect)
        except Exception:
            continue
        try:
            fluff = by_sqlfluff(sql, dialect)
        except Exception:
            continue
        count["both accept"] += 1
        if glot_reads | glot_writes != fluff:
            count["they differ"] += 1
            continue
        count["agreed"] += 1
        same = reads | writes == fluff
        count["same"] += same
        if not same:
            wrong.append(("agreed", dialect, sql, sorted(fluff), (sorted(reads), sorted(writes))))
        else:
            count["same split"] += (reads, writes) == (glot_reads, glot_writes)
            if (reads, writes) != (glot_reads, glot_writes):
                wrong.append(("split", dialect, sql, (sorted(glot_reads), sorted(glot_writes)), (sorted(reads), sorted(writes))))
    for source, count in counts.items():
        print(source, dict(count))
    with open("/tmp/sql-oracles.txt", "w") as file:
        for kind, dialect, sql, expected, found in wrong:
            file.write(f"== {kind} [{dialect}]\n{sql.strip()}\n-- expected {expected}\n-- found    {found}\n\n")


if __name__ == "__main__":
    main()
