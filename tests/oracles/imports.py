"""Compares the import graph of a Python package with that of grimp (from PyPI): every difference is listed.

    python tests/oracles/imports.py SEAMLINE FOLDER PACKAGE

SEAMLINE is the program, FOLDER a folder that holds PACKAGE and nothing else. Both sides are sets of (module, imported module) inside
the package; a module does not import itself. Exit code 1 when the sets differ.
"""

import json
import subprocess
import sys


def grimp_edges(folder, package):
    sys.path.insert(0, folder)
    import grimp

    graph = grimp.build_graph(package, cache_dir=None)
    return graph.modules, {(one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one)}


def own_edges(program, folder, package):
    run = subprocess.run([program, "export", "--format", "json", "--no-cache", "--quiet", folder],
                         check=True, capture_output=True, text=True)
    graph = json.loads(run.stdout)

    def inside(module):
        return module == package or module.startswith(package + ".")

    modules = {it["name"] for it in graph["modules"] if it["language"] == "python" and inside(it["name"])}
    edges = {}
    for it in graph["imports"]:
        if not it["external"] and inside(it["from"]) and inside(it["to"]):
            edges.setdefault((it["from"], it["to"]), f'{it["file"]}:{it["line"]}')
    return modules, {edge: at for edge, at in edges.items() if edge[0] != edge[1]}


def main():
    program, folder, package = sys.argv[1:4]
    theirs_modules, theirs = grimp_edges(folder, package)
    ours_modules, ours = own_edges(program, folder, package)
    missing = sorted(theirs - set(ours))
    extra = sorted(set(ours) - theirs)
    for one, other in missing:
        print(f"missing  {one} -> {other}")
    for edge in extra:
        print(f"extra    {edge[0]} -> {edge[1]}  {ours[edge]}")
    print(f"modules: grimp {len(theirs_modules)}, ours {len(ours_modules)}, only grimp's {sorted(theirs_modules - ours_modules)[:5]}, "
          f"only ours {sorted(ours_modules - theirs_modules)[:5]}")
    print(f"edges: grimp {len(theirs)}, ours {len(ours)}, missing {len(missing)}, extra {len(extra)}")
    return 1 if missing or extra else 0


if __name__ == "__main__":
    sys.exit(main())
