"""Holds the gate's outputs against those who read them: published schemas, readers of other tools, the linters themselves.

    python tests/oracles/gate.py path/to/seamline folder/of/tools

The folder holds `sarif.json` (the schema of SARIF 2.1.0) and `actionlint`; the packages of `requirements-gate.txt` are
those of the Python that runs this. Prints what does not hold and fails.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

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


def run(*command, cwd, good=(0,)):
    done = subprocess.run([str(it) for it in command], cwd=cwd, capture_output=True, text=True, check=False)
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


def formats(folder):
    """Every output of one run that finds something."""
    worsen(folder)
    names = ["sarif", "junit", "openmetrics", "codequality", "sonar", "rdjsonl", "comment", "summary", "github", "json"]
    wanted = [part for it in names for part in ("--format", f"{it}=out/{it}")]
    run(PROGRAM, "check", "--no-cache", "--base", "HEAD~1", *wanted, cwd=folder, good=(1,))
    texts = {it: (folder / "out" / it).read_text(encoding="utf-8") for it in names}

    log = json.loads(texts["sarif"])
    schema = json.loads((TOOLS / "sarif.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    problems.extend(f"sarif: {it.json_path}: {it.message}" for it in validator.iter_errors(log))
    found = len(log["runs"][0]["results"])
    if found < 4:
        problems.append(f"sarif: {found} results")

    suites = junitparser.JUnitXml.fromstring(texts["junit"].encode())
    failures = sum(suite.failures for suite in suites)
    if failures < 4 or failures != suites.failures:
        problems.append(f"junit: {failures} failures, {suites.failures} said")

    families = {it.name for it in text_string_to_metric_families(texts["openmetrics"])}
    if "seamline_cut_calls" not in families or "seamline_findings" not in families:
        problems.append(f"openmetrics: {sorted(families)}")

    own = json.loads((ROOT / "docs/schema/check-1.json").read_text(encoding="utf-8"))
    problems.extend(f"json: {it.message}" for it in jsonschema.Draft202012Validator(own).iter_errors(json.loads(texts["json"])))


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
    """go-arch-lint is checked where it is installed: its module cannot be had from every proxy."""
    tool = shutil.which("go-arch-lint", path=str(TOOLS)) or shutil.which("go-arch-lint")
    project = folder / "flowline"
    shutil.copytree(ROOT / "fixtures/projects/flowline", project)
    run(PROGRAM, "generate", "go-arch-lint", "--no-cache", "--write", ".", cwd=project)
    if tool:
        run(tool, "check", "--project-path", ".", cwd=project)
    else:
        print("go-arch-lint is not installed: its configuration is written but not tried")


for part in (formats, workflows, action, linters):
    with tempfile.TemporaryDirectory() as name:
        shop(pathlib.Path(name))
        part(pathlib.Path(name))
with tempfile.TemporaryDirectory() as name:
    go_linter(pathlib.Path(name))
print("\n\n".join(problems) or "all outputs hold")
sys.exit(1 if problems else 0)
