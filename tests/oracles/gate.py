"""Holds the gate's outputs against those who read them: published schemas, readers of other tools, the linters themselves.

    python tests/oracles/gate.py path/to/seamline folder/of/tools [checkout=base..]

With checkouts, what `check --base` and `history` say of them is held against the same readers, and nothing else is done.

The folder holds `sarif.json` (the schema of SARIF 2.1.0), `rdf` (reviewdog's schemas), `actionlint`, `go-arch-lint` and
`reviewdog`; the packages of `requirements-gate.txt` are those of the Python that runs this. Prints what does not hold and
fails.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema
import junitparser
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
TOOLS = pathlib.Path(sys.argv[2]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.executable).parent
problems = []

SCHEMA = """CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, number TEXT, order_id INTEGER REFERENCES orders(id));
"""
ORDERS = '''import sqlite3


def place(customer):
    sqlite3.connect("shop.db").execute("INSERT INTO orders (customer) VALUES (?)", (customer,))
'''
BILLING = '''import sqlite3

from shop.base import money


def bill(number):
    sqlite3.connect("shop.db").execute("INSERT INTO invoices (number) VALUES (?)", (money(number),))
'''
BAD = '''

def customers():
    return sqlite3.connect("shop.db").execute("SELECT customer FROM orders JOIN invoices ON number = customer")
'''
CONFIG = """[[service]]
name = "orders"
files = ["shop/orders/**", "shop/a folder, 100%/**"]
stores = ["orders"]

[[service]]
name = "billing"
files = ["shop/billing/**"]
stores = ["invoices"]

[shared_kernel]
files = ["shop/base.py"]
"""


def run(*command, cwd, good=(0,), given=None):
    done = subprocess.run([str(it) for it in command], cwd=cwd, input=given, capture_output=True, text=True, check=False)
    if done.returncode not in good:
        words = " ".join(str(it) for it in command)
        problems.append(f"{words}: exit code {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    run("git", *identity, *arguments, cwd=folder)


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def shop(folder):
    packages = ["shop", "shop/orders", "shop/billing"]
    write(folder, {f"{it}/__init__.py": "" for it in packages})
    write(folder, {"schema.sql": SCHEMA, "seamline.toml": CONFIG, "shop/orders/api.py": ORDERS})
    write(folder, {"shop/billing/api.py": BILLING, "shop/base.py": "def money(it):\n    return it\n"})
    # Scripts beside the packages, which one of the linters does not take.
    write(folder, {"manage.py": "from shop.orders import api\n\napi.place('a')\n"})
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "good")


def worsen(folder):
    """One commit that crosses boundaries, in a file whose name nobody would choose as well."""
    write(folder, {"shop/billing/api.py": BILLING + BAD, "shop/a folder, 100%/é.py": ORDERS + BAD})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "bad")


# What the documentation of GitLab's code quality reports and of Sonar's generic issues asks for; neither has a published schema
# that a registry carries.
CODE_QUALITY = {
    "type": "array",
    "items": {
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^./]"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
SONAR_LOCATION = {
    "required": ["message", "filePath"],
    "properties": {"message": {"type": "string"}, "filePath": {"type": "string"}, "textRange": {"required": ["startLine"]}},
}
SONAR = {
    "required": ["rules", "issues"],
    "properties": {
        "rules": {
            "type": "array",
            "items": {
                "required": ["id", "name", "engineId", "cleanCodeAttribute", "impacts"],
                "properties": {
                    "impacts": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "required": ["softwareQuality", "severity"],
                            "properties": {
                                "softwareQuality": {"enum": ["MAINTAINABILITY", "RELIABILITY", "SECURITY"]},
                                "severity": {"enum": ["INFO", "LOW", "MEDIUM", "HIGH", "BLOCKER"]},
                            },
                        },
                    },
                },
            },
        },
        "issues": {
            "type": "array",
            "items": {
                "required": ["ruleId", "primaryLocation"],
                "properties": {
                    "effortMinutes": {"type": "integer"},
                    "primaryLocation": SONAR_LOCATION,
                    "secondaryLocations": {"type": "array", "items": SONAR_LOCATION},
                },
            },
        },
    },
}


def follows(what, value, schema):
    """Notes where a value does not follow a schema, given itself or by its path."""
    if not isinstance(schema, dict):
        schema = json.loads(schema.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)(schema)
    problems.extend(f"{what}: {it.json_path}: {it.message}" for it in list(validator.iter_errors(value))[:5])


def formats(folder):
    """Every output of one run that finds something."""
    worsen(folder)
    outputs(folder, "HEAD~1", folder / "out", least=4)


def outputs(folder, base, out, least):
    """Every form of one comparison, by whoever reads it; at least so many findings are new."""
    names = ["sarif", "junit", "openmetrics", "codequality", "sonar", "rdjsonl", "comment", "summary", "github", "json"]
    wanted = [part for it in names for part in ("--format", f"{it}={out / it}")]
    run(PROGRAM, "check", "--no-cache", "--base", base, *wanted, cwd=folder, good=(1,) if least else (0, 1))
    texts = {it: (out / it).read_text(encoding="utf-8") for it in names}

    log = json.loads(texts["sarif"])
    follows("sarif", log, TOOLS / "sarif.json")
    found = len(log["runs"][0]["results"])
    if not least <= found <= 5000:
        problems.append(f"sarif: {found} results")

    suites = junitparser.JUnitXml.fromstring(texts["junit"].encode())
    failures = sum(suite.failures for suite in suites)
    if failures < least or failures != suites.failures:
        problems.append(f"junit: {failures} failures, {suites.failures} said")

    families = {it.name for it in text_string_to_metric_families(texts["openmetrics"])}
    if "seamline_cut_calls" not in families or "seamline_findings" not in families:
        problems.append(f"openmetrics: {sorted(families)}")

    diagnostics = [json.loads(it) for it in texts["rdjsonl"].splitlines()]
    for it in diagnostics:
        follows("rdjsonl", it, TOOLS / "rdf/Diagnostic.json")
    review = [TOOLS / "reviewdog", "-f=rdjsonl", "-reporter=local", f"-diff=git diff {base}", "-filter-mode=nofilter"]
    shown = run(*review, cwd=folder, given=texts["rdjsonl"]).stdout
    if len(diagnostics) < least or any(it["message"].splitlines()[0] not in shown for it in diagnostics):
        problems.append(f"reviewdog: {len(diagnostics)} diagnostics\n{shown}")

    follows("codequality", json.loads(texts["codequality"]), CODE_QUALITY)
    follows("sonar", json.loads(texts["sonar"]), SONAR)
    follows("json", json.loads(texts["json"]), ROOT / "docs/schema/check-1.json")
    if len(texts["comment"]) >= 65536 or len(texts["summary"].encode()) > 1 << 20:
        problems.append(f"comment: {len(texts['comment'])} characters, summary: {len(texts['summary'])}")
    for level in ("error", "warning", "notice"):
        lines = sum(it.startswith(f"::{level} ") for it in texts["github"].splitlines())
        if lines > 10:
            problems.append(f"github: {lines} annotations of {level}")
    return found, len(diagnostics)


def trend(folder, out):
    """Every form of the history of the newest commits."""
    run(PROGRAM, "history", "--commits", "12", "--no-cache", "--out", out, cwd=folder)
    follows("history", json.loads((out / "history.json").read_text(encoding="utf-8")), ROOT / "docs/schema/history-1.json")
    if not list(text_string_to_metric_families((out / "history.prom").read_text(encoding="utf-8"))):
        problems.append("history: no figure")
    charts = [out / "trend.svg", *sorted((out / "trend").glob("*.svg"))]
    for chart in charts:
        xml.etree.ElementTree.parse(chart)
    for name, more in (("co-change", ["--pairs", "files"]), ("authors", ["--authors"])):
        done = run(PROGRAM, "history", *more, "--format", "json", "--no-cache", cwd=folder)
        follows(name, json.loads(done.stdout), ROOT / f"docs/schema/{name}-1.json")
    return len(charts)


def workflows(folder):
    run(PROGRAM, "init", "--ci", "github", ".", cwd=folder)
    run(PROGRAM, "init", "--ci", "gitlab", ".", cwd=folder)
    github, gitlab = ".github/workflows/seamline.yml", ".gitlab-ci.yml"
    run(TOOLS / "actionlint", "-shellcheck=", "-pyflakes=", github, cwd=folder)
    rules = "{extends: default, rules: {line-length: {max: 130}, document-start: disable, truthy: {check-keys: false}}}"
    action = ROOT / "docs/ci/action.yml"
    run(BIN / "yamllint", "-s", "-d", rules, github, gitlab, action, cwd=folder)
    check = BIN / "check-jsonschema"
    run(check, "--builtin-schema", "vendor.github-workflows", github, cwd=folder)
    run(check, "--builtin-schema", "vendor.github-actions", action, cwd=folder)
    run(check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", gitlab, cwd=folder)


GH = """#!/bin/sh
echo "$@" >>"$CALLS"
case "$*" in *--paginate*) cat "$KNOWN" ;; esac
"""


def action(folder):
    """The composite action's own steps, run as the runner runs them, with a `gh` that only notes what it is asked."""
    worsen(folder)
    parts = yaml.safe_load((ROOT / "docs/ci/action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    steps = {it["name"]: it["run"] for it in parts if "run" in it}
    temp = folder.parent / f"{folder.name}-runner"
    (temp / "bin").mkdir(parents=True)
    (temp / "bin/seamline").symlink_to(PROGRAM)
    (temp / "bin/gh").write_text(GH, encoding="utf-8")
    (temp / "bin/gh").chmod(0o755)
    for name in ("output", "summary", "calls", "known"):
        (temp / name).touch()
    given = {
        "PATH": f"{temp / 'bin'}:{os.environ['PATH']}", "RUNNER_TEMP": temp, "GITHUB_OUTPUT": temp / "output",
        "GITHUB_STEP_SUMMARY": temp / "summary", "GITHUB_REPOSITORY": "a/b", "NUMBER": 7, "CALLS": temp / "calls",
        "KNOWN": temp / "known", "FOLDER": ".", "ARGUMENTS": "--no-cache", "VERSION": "0",
    }

    def step(name, good=(0,), **more):
        environment = os.environ | {key: str(value) for key, value in (given | more).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps[name]]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in good:
            problems.append(f"action, {name}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    step("Install")
    notes = step("Check", BASE="HEAD~1")
    read = lambda name: (temp / name).read_text(encoding="utf-8")
    if "::error file=" not in notes or "failed=true" not in read("output") or "Seamline" not in read("summary"):
        problems.append(f"action: {notes}{read('output')}")
    step("Comment")
    (temp / "known").write_text("42\n", encoding="utf-8")
    step("Comment")
    asked = [it.split(" --field")[0] for it in read("calls").splitlines() if "--method" in it]
    if [it.split(" --method ")[1] for it in asked] != ["POST repos/a/b/issues/7/comments", "PATCH repos/a/b/issues/comments/42"]:
        problems.append(f"action: {asked}")
    step("Verdict", good=(1,))
    # A base that the clone does not have falls back to what stands there.
    step("Check", BASE="0" * 40)
    if not read("output").endswith("failed=false\n"):
        problems.append(f"action: {read('output')}")
    shutil.rmtree(temp)


def linters(folder):
    """The generated configuration passes today's code and refuses what crosses anew."""
    checks = {
        "tach": ([BIN / "tach", "check"], "tach.toml"),
        "import-linter": ([BIN / "lint-imports", "--no-cache"], ".importlinter"),
    }
    for name, (command, file) in checks.items():
        run(PROGRAM, "generate", name, "--no-cache", "--write", ".", cwd=folder)
        if not (folder / file).exists():
            problems.append(f"{name}: no {file}")
            continue
        run(*command, cwd=folder)
        api = folder / "shop/orders/api.py"
        text = api.read_text(encoding="utf-8")
        api.write_text("from shop.billing.api import bill\n" + text + "\n\nLATE = bill\n", encoding="utf-8")
        run(*command, cwd=folder, good=(1,))
        api.write_text(text, encoding="utf-8")
        # What crosses when the file is written stays allowed.
        (folder / file).unlink()
        api.write_text("from shop.billing.api import bill\n" + text + "\n\nLATE = bill\n", encoding="utf-8")
        run(PROGRAM, "generate", name, "--no-cache", "--write", ".", cwd=folder)
        run(*command, cwd=folder)
        api.write_text(text, encoding="utf-8")


def go_linter(folder):
    """As `linters`, for go-arch-lint on a fixture project in Go."""
    project = folder / "flowline"
    shutil.copytree(ROOT / "fixtures/projects/flowline", project)
    tool = TOOLS / "go-arch-lint"
    check = (tool, "check", "--project-path", ".")
    run(PROGRAM, "generate", "go-arch-lint", "--no-cache", "--write", ".", cwd=project)
    run(*check, cwd=project)
    importer = project / "internal/billing/late.go"
    importer.write_text('package billing\n\nimport _ "example.com/flowline/internal/schedules"\n', encoding="utf-8")
    refused = run(*check, cwd=project, good=(1,))
    if "late.go" not in refused.stdout:
        problems.append(f"go-arch-lint: {refused.stdout}{refused.stderr}")
    (project / ".go-arch-lint.yml").unlink()
    run(PROGRAM, "generate", "go-arch-lint", "--no-cache", "--write", ".", cwd=project)
    run(*check, cwd=project)


for pair in sys.argv[3:]:
    checkout, _, base = pair.rpartition("=")
    with tempfile.TemporaryDirectory() as name:
        new = outputs(pathlib.Path(checkout), base, pathlib.Path(name), least=0)
        charts = trend(pathlib.Path(checkout), pathlib.Path(name) / "history")
    print(f"{checkout} against {base}: {new[0]} results, {new[1]} new, {charts} charts")
if not sys.argv[3:]:
    for part in (formats, workflows, action, linters):
        with tempfile.TemporaryDirectory() as name:
            shop(pathlib.Path(name))
            part(pathlib.Path(name))
    with tempfile.TemporaryDirectory() as name:
        go_linter(pathlib.Path(name))
print("\n\n".join(problems) or "all outputs hold")
sys.exit(1 if problems else 0)
