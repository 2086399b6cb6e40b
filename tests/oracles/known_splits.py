"""Agreement with splits that teams really made (docs/boundaries.md).

    python tests/oracles/known_splits.py SEAMLINE linkflow-go=REPO grover=REPO monolith-to-microservices-go=REPO

Each REPO is a clone of the system of that name, bare or not. Prints the adjusted Rand index (Hubert and Arabie 1985) of the
proposal beside where the team put the same code: over all of it, and over what is in a proposed service.
"""

import json
import re
import subprocess
import sys
from collections import Counter


def adjusted_rand(first, second):
    """1 for the same split, 0 for chance."""
    pairs = lambda count: count * (count - 1) / 2
    both = sum(map(pairs, Counter(zip(first, second)).values()))
    one, other = (sum(map(pairs, Counter(it).values())) for it in (first, second))
    chance = one * other / pairs(len(first))
    most = (one + other) / 2
    return (both - chance) / (most - chance) if most != chance else 1.0


def functions(report, team):
    """(team's service, our place) of each function whose file the team's split names."""
    places = {it["name"]: it["place"] for it in report["partition"]["symbols"]}
    for it in report["graph"]["symbols"]:
        service = team(it["file"])
        if it["kind"] in ("function", "method") and it.get("role", "production") == "production" and service:
            yield service, places[it["name"]]


def linkflow(report):
    """The folders under `internal/` are the team's services."""
    team = lambda path: (re.match(r"internal/([^/]+)/", path) or [None, None])[1]
    return functions(report, team)


def bookshelf(report):
    """Files about books and reviews went to one service, those about users to the other."""

    def team(path):
        file = path.rsplit("/", 1)[-1]
        if file.startswith(("book", "review")):
            return "books"
        return "users" if file.startswith(("user", "auth", "token", "jwt")) else None

    return functions(report, team)


def grover(report):
    """The prefixes that the team's gateway routes to its services."""
    prefixes = {"auth": "user", "users": "user", "posts": "post", "media": "media", "payments": "payment"}
    places = {it["name"]: it["place"] for it in report["partition"]["symbols"]}
    for it in report["graph"]["endpoints"]:
        found = re.match(r"/api/([a-z]+)(/|$)", it["path"])
        if found and found[1] in prefixes:
            yield prefixes[found[1]], places[it["handler"]]


SYSTEMS = {
    "grover": ("f365289", grover),
    "linkflow-go": ("fae5293", linkflow),
    "monolith-to-microservices-go": ("2efa5bd", bookshelf),
}


def main():
    seamline, *systems = sys.argv[1:]
    for system in systems:
        name, repository = system.split("=", 1)
        revision, compare = SYSTEMS[name]
        command = [seamline, "analyze", "--no-cache", "-q", "--format", "json", "--rev", revision, repository]
        report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        pairs = list(compare(report))
        inside = [it for it in pairs if it[1].startswith("service:")]
        services = [it["name"] for it in report["partition"]["services"]]
        print(f"{name} {revision}: {len(pairs)} compared, ARI {adjusted_rand(*zip(*pairs)):.2f}")
        print(f"  in services {len(inside)}, ARI {adjusted_rand(*zip(*inside)):.2f}: {', '.join(services)}")
        for other in report["partition"]["alternatives"]:
            print(f"  {other['label']}: {', '.join(it['name'] for it in other['services'])}")


main()
