"""Draws accesses and calls of an export for checking by hand, with the source lines around each.

    python tests/oracles/sample.py EXPORT.json FOLDER [--seed N] [--number N] [--confidence certain] [--kind accesses|calls]

The same seed draws the same sample of the same export. Code of tests is left out.
"""

import argparse
import json
import pathlib
import random
import re

TESTS = re.compile(r"(^|/)(tests?|testing)/|(^|/)tests?\.py$|(^|/)test_|conftest\.py|_test\.(py|go)$")


def lines_of(folder, path, cache={}):
    if path not in cache:
        cache[path] = (pathlib.Path(folder) / path).read_text(encoding="utf-8", errors="replace").splitlines()
    return cache[path]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export")
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=50)
    parser.add_argument("--around", type=int, default=2, help="lines before and after")
    parser.add_argument("--confidence")
    parser.add_argument("--language", default="")
    parser.add_argument("--kind", choices=["accesses", "calls"], default="accesses")
    options = parser.parse_args()
    graph = json.load(open(options.export, encoding="utf-8"))
    rows = [it for it in graph[options.kind] if not TESTS.search(it["file"]) and it["file"].endswith(options.language)]
    if options.confidence:
        rows = [it for it in rows if it["confidence"] == options.confidence]
    picked = random.Random(options.seed).sample(rows, min(options.number, len(rows)))
    for number, it in enumerate(sorted(picked, key=lambda it: (it["file"], it["line"])), 1):
        if options.kind == "accesses":
            print(f'## {number} {it["confidence"]}  {it["symbol"]}  {it["operation"]} {it["store"]} ({it["effect"]}) via {it["via"]} {it["columns"]}')
        else:
            print(f'## {number} {it["confidence"]}  {it["from"]} -> {it["to"]}')
        print(f'   {it["file"]}:{it["line"]}')
        text = lines_of(options.folder, it["file"])
        for line in range(max(1, it["line"] - options.around), min(len(text), it["line"] + options.around) + 1):
            print(f'   {">" if line == it["line"] else " "} {line:5} {text[line - 1][:160]}')


if __name__ == "__main__":
    main()
