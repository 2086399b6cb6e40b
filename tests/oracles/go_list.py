#!/usr/bin/env python3
"""Compares the imports that Seamline finds in a Go module with those of `go list`.

usage: go_list.py SEAMLINE MODULE..

SEAMLINE is the built program, each MODULE a folder with `go.mod`. Compared is, for each package, the set of packages that
its files import, tests included. `go list` leaves out files that the present platform and tags exclude; so are they here.
The exit code is 1 where the sets differ.
"""

import collections
import json
import pathlib
import subprocess
import sys


def listed(module):
    """Package to imports, and the files that `go list` read."""
    out = subprocess.run(["go", "list", "-e", "-json", "./..."], cwd=module, capture_output=True, text=True, check=False).stdout
    decoder, at = json.JSONDecoder(), 0
    imports, files = {}, set()
    while at < len(out):
        package, at = decoder.raw_decode(out, at)
        at += len(out[at:]) - len(out[at:].lstrip())
        folder = pathlib.Path(package["Dir"])
        for kind in ("GoFiles", "CgoFiles", "TestGoFiles", "XTestGoFiles"):
            files.update(str((folder / name).relative_to(module)) for name in package.get(kind) or [])
        imports[package["ImportPath"]] = {
            name for kind in ("Imports", "TestImports", "XTestImports") for name in package.get(kind) or []}
    return imports, files


def main():
    seamline, failed = sys.argv[1], False
    for argument in sys.argv[2:]:
        module = pathlib.Path(argument).resolve()
        imports, files = listed(module)
        export = subprocess.run([seamline, "export", "--no-cache", "--format", "json", str(module)], capture_output=True, text=True, check=True)
        graph = json.loads(export.stdout)
        ours = collections.defaultdict(set)
        for entry in graph["imports"]:
            if entry["file"] in files:
                ours[entry["from"]].add(entry["to"])
        extra, missing = [], []
        for package in sorted(set(imports) | set(ours)):
            theirs = imports.get(package, set())
            extra += [(package, name) for name in sorted(ours[package] - theirs)]
            # `unsafe` and a package's own external tests are no dependencies.
            missing += [(package, name) for name in sorted(theirs - ours[package] - {package, "C"})]
        total = sum(len(names) for names in imports.values())
        print(f"{module.name}: {len(imports)} packages, {total} imports, {len(extra)} extra, {len(missing)} missing")
        for sign, rows in (("+", extra), ("-", missing)):
            for package, name in rows[:20]:
                print(f"  {sign} {package} -> {name}")
        failed |= bool(extra or missing)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
