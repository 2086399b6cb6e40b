"""Compares calls with PyCG's published micro-benchmark: precision and recall for each of its categories.

    python tests/oracles/pycg.py SEAMLINE CHECKOUT [--edges]

SEAMLINE is the program, CHECKOUT a checkout of PyCG (its `micro-benchmark/snippets` is read; nothing of it is run). An edge
counts when both ends are defined in the snippet: builtins and outside targets are left out, a lambda is the function around it,
and an edge from a function to itself that only folding makes is none. All our calls count, guesses too. `--edges` lists the
differences.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile


def folded(name):
    return re.sub(r"\.<lambda\d+>", "", name)


def wanted_edges(snippet):
    graph = json.loads((snippet / "callgraph.json").read_text(encoding="utf-8"))
    modules = {".".join(it.relative_to(snippet).with_suffix("").parts).removesuffix(".__init__") for it in snippet.rglob("*.py")}
    defined = {folded(it) for it in graph if any(it == module or it.startswith(module + ".") for module in modules)}
    edges = set()
    for caller, callees in graph.items():
        for callee in callees:
            edge = folded(caller), folded(callee)
            if edge[0] in defined and edge[1] in defined and not (edge[0] == edge[1] and "<lambda" in caller + callee):
                edges.add(edge)
    return edges


def own_edges(program, snippet):
    """Read from a copy: the checkout around a snippet would give its modules longer names."""
    with tempfile.TemporaryDirectory() as folder:
        for source in snippet.rglob("*.py"):
            copy = pathlib.Path(folder, source.relative_to(snippet))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
        run = subprocess.run([program, "export", "--format", "json", "--no-cache", "--quiet", folder],
                             check=True, capture_output=True, text=True)
    graph = json.loads(run.stdout)
    own = {it["name"] for it in graph["symbols"] if it["kind"] in ("function", "method", "module")}
    return {(it["from"], it["to"]) for it in graph["calls"] if it["from"] in own and it["to"] in own}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("--edges", action="store_true")
    options = parser.parse_args()
    count = collections.defaultdict(lambda: [0, 0, 0, 0])
    for file in sorted(options.checkout.glob("micro-benchmark/snippets/*/**/callgraph.json")):
        snippet = file.parent
        category = snippet.relative_to(options.checkout / "micro-benchmark/snippets").parts[0]
        wanted, own = wanted_edges(snippet), own_edges(options.program, snippet)
        row = count[category]
        for at, size in enumerate((1, len(wanted & own), len(own - wanted), len(wanted - own))):
            row[at] += size
        if options.edges:
            for kind, edges in (("extra", own - wanted), ("missing", wanted - own)):
                for one, other in sorted(edges):
                    print(f"{kind:8} {category}/{snippet.name}: {one} -> {other}")
    if not count:
        print(f"no snippets below {options.checkout}", file=sys.stderr)
        return 2
    total = [sum(column) for column in zip(*count.values())]
    print(f"{'category':14} snippets  right  extra  missing  precision  recall")
    for name, (snippets, right, extra, missing) in [*sorted(count.items()), ("together", total)]:
        precision, recall = right / ((right + extra) or 1), right / ((right + missing) or 1)
        print(f"{name:14} {snippets:8} {right:6} {extra:6} {missing:8}  {precision:9.3f}  {recall:6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
