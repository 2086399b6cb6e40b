#!/usr/bin/env python3
"""Times `seamline history` on a repository, beside analyzing checkouts, `git log` and tools that walk histories.

usage: history.py SEAMLINE REPOSITORY [--commits N] [--checkouts N] [--python PYTHON]

Prints a table of wall seconds and CPU seconds (user and system of all children). CPU seconds over the number of cores
are what a machine with nothing else to do needs at best. PYTHON is an interpreter with pydriller and git-of-theseus
installed (`pip install pydriller git-of-theseus`); without it they are left out. Nothing is written outside a temporary
folder.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time


def timed(command, env=None):
    """Wall and CPU seconds of a command and its children, with its output."""
    start = time.monotonic()
    before = os.times()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, check=False)
    after = os.times()
    cpu = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return time.monotonic() - start, cpu, done


def row(name, wall, cpu, note=""):
    print(f"{name:<52} {wall:8.2f} {cpu:8.2f}  {note}", flush=True)


PYDRILLER = """
import sys
from pydriller import Repository
count = 0
for commit in Repository(sys.argv[1], from_commit=sys.argv[2]).traverse_commits():
    for change in commit.modified_files:
        count += change.complexity or 0
print(count)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seamline")
    parser.add_argument("repository")
    parser.add_argument("--commits", type=int, default=200, help="newest commits measured one by one")
    parser.add_argument("--checkouts", type=int, default=5, help="checkouts analyzed for comparison")
    parser.add_argument("--python", help="interpreter with pydriller and git-of-theseus")
    parser.add_argument("--no-weeks", action="store_true", help="leave the weekly history out")
    args = parser.parse_args()
    git = ["git", "-C", args.repository]
    scratch = tempfile.mkdtemp(prefix="seamline-bench-")
    ids = subprocess.check_output([*git, "rev-list", "--first-parent", f"-{args.commits}", "HEAD"], text=True).split()
    print(f"{'':<52} {'wall s':>8} {'CPU s':>8}   load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        base = [args.seamline, "history", args.repository, "--quiet", "--format", "csv"]
        if not args.no_weeks:
            weekly = [*base, "--every", "week", "--cache", f"{scratch}/weeks/facts"]
            wall, cpu, done = timed(weekly)
            revisions = len(set(re.findall(r"^[^,]*,([0-9a-f]{40})", done.stdout.decode(), re.M)))
            row("seamline history --every week, cold", wall, cpu, f"{revisions} revisions")
            wall, cpu, again = timed(weekly)
            row("the same again", wall, cpu, "same bytes" if again.stdout == done.stdout else "BYTES DIFFER")
            wall, cpu, _ = timed([*git, "log", "--first-parent", "--raw", "--no-renames", "--format=%H"])
            row("git log --first-parent --raw, all years", wall, cpu)
        commits = [*base, "--every", "commit", "--commits", str(len(ids)), "--cache", f"{scratch}/commits/facts"]
        wall, cpu, done = timed(commits)
        revisions = len(set(re.findall(r"^[^,]*,([0-9a-f]{40})", done.stdout.decode(), re.M)))
        row(f"seamline history --commits {len(ids)}, cold", wall, cpu, f"{revisions} revisions")
        each_wall, each_cpu = wall / max(revisions, 1), cpu / max(revisions, 1)
        wall_sum = cpu_sum = 0.0
        step = max(1, len(ids) // args.checkouts)
        sample = ids[::step][: args.checkouts]
        for commit in sample:
            folder = f"{scratch}/checkout"
            os.makedirs(folder)
            archive = f"git -C {args.repository} archive {commit} | tar -x -C {folder}"
            wall, cpu, _ = timed(["sh", "-c", archive])
            more_wall, more_cpu, _ = timed(
                [args.seamline, "analyze", folder, "--no-cache", "--quiet", "--out", f"{scratch}/report"])
            wall_sum += wall + more_wall
            cpu_sum += cpu + more_cpu
            shutil.rmtree(folder)
        wall, cpu = wall_sum / len(sample), cpu_sum / len(sample)
        row("checkout and seamline analyze, mean of each", wall, cpu, f"{len(sample)} checkouts")
        row("seamline history, mean of each commit", each_wall, each_cpu,
            f"{wall / each_wall:.1f} times faster, {cpu / each_cpu:.1f} in CPU seconds")
        if args.python:
            # Both want a work tree and a branch of their own.
            clone = f"{scratch}/clone"
            subprocess.run(["git", "clone", "-q", args.repository, clone], check=False)
            wall, cpu, done = timed([args.python, "-c", PYDRILLER, clone, ids[-1]])
            row(f"pydriller, complexity of files changed, {len(ids)} back", wall, cpu,
                "" if done.returncode == 0 else done.stderr.decode().strip().splitlines()[-1][:60])
            tool = os.path.join(os.path.dirname(args.python), "git-of-theseus-analyze")
            if not args.no_weeks and os.path.exists(tool):
                wall, cpu, done = timed(
                    ["timeout", "600", tool, clone, "--outdir", f"{scratch}/theseus", "--quiet"])
                row("git-of-theseus-analyze, its sampling", wall, cpu, "" if done.returncode == 0 else "not finished")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
