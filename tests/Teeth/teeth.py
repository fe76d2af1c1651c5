"""Applies each fault to a scratch copy, runs tests until one fails, and reports what was caught and what survived."""

import argparse
import pathlib
import queue
import re
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

import faults
from workspace import LIMIT, ROOT, BuildFailed, Workspace

RESULTS = pathlib.Path(__file__).parent / "results.md"

# What is run where the tests named with a fault did not catch it.
EVERYTHING = {"Runtime": ["Runtime.Tests", "Generator.Tests"], "Generator": ["Generator.Tests", "Runtime.Tests"], "CodeFixes": ["CodeFixes.Tests"]}
FOLDERS = {"Runtime": "Runtime.Tests", "Runtime+": "Runtime.Tests+", "Generator": "Generator.Tests", "CodeFixes": "CodeFixes.Tests"}


@dataclass
class Result:
    fault: faults.Fault
    caught: bool
    how: str
    test: tuple = None  # (project, name)


def judge(workspace, fault, narrow):
    sound = []
    try:
        for edit in fault.edits:
            sound.append(edit.apply(workspace.root))
        for part in fault.components:
            workspace.build(part)
        for project, names in fault.tries:
            if result := look(workspace, fault, FOLDERS[project], names):
                return result
        if narrow:
            return Result(fault, False, "the tests named with it passed; no others were run")
        everything = dict.fromkeys(project for part in fault.components for project in EVERYTHING[part])
        for project in everything:
            rebuilt = "+" if project == "Runtime.Tests" and "Generator" in fault.components else ""
            if result := look(workspace, fault, project + rebuilt, []):
                return result
        return Result(fault, False, f"all of {' and '.join(everything)} passed")
    except (BuildFailed, ValueError) as failure:
        return Result(fault, False, f"INVALID, not a fault: {failure}")
    finally:
        for path, text in reversed(sound):
            path.write_bytes(text)
        workspace.restore(fault.components)


def look(workspace, fault, project, names):
    """The first test that fails, if one does. Networks that tests declare are generated as these are built: a + asks for that."""
    if project.endswith("+"):
        project = project.rstrip("+")
        try:
            workspace.build_tests(project)
        except BuildFailed:
            return Result(fault, True, f"the networks that {project} declares do not compile")
    code, output = workspace.test(project, names, fault.under)
    if code == 0:
        if "No test matches" in output:
            raise ValueError(f"no test of {project} matches {names}")
        return None
    if code is None:
        return Result(fault, False, f"{project} did not end within {LIMIT} s, which proves nothing")
    if failed := re.search(r"^\s*Failed ([\w.+]+)", output, re.MULTILINE):
        return Result(fault, True, f"`{failed[1].removeprefix(project + '.')}`", (project, failed[1]))
    if re.search("crashed|aborted", output):
        return Result(fault, True, f"the process of {project} crashed")
    raise ValueError(f"tests did not run: {output[-2000:]}")


def control(workspace, results):
    """What caught a fault must pass without one."""
    caught = {}
    for result in results:
        if result.test:
            project, name = result.test
            caught.setdefault((project, *result.fault.under.items()), set()).add(name)
    for (project, *under), names in caught.items():
        code, output = workspace.test(project, sorted(names), dict(under))
        print(f"control: {len(names)} tests of {project} that caught a fault, without one: {'pass' if code == 0 else 'FAIL'}", flush=True)
        if code != 0:
            print(output[-3000:])
            return False
    return True


def run(chosen, jobs, narrow, done):
    waiting, results, lock = queue.Queue(), {}, threading.Lock()
    for fault in chosen:
        waiting.put(fault)
    sound = []

    def work():
        workspace = Workspace()
        try:
            while True:
                try:
                    fault = waiting.get_nowait()
                except queue.Empty:
                    break
                start = time.monotonic()
                result = judge(workspace, fault, narrow)
                with lock:
                    results[fault.name] = result
                    done(results)
                    print(f"{len(results):3} {'caught  ' if result.caught else 'SURVIVED'} {fault.name} ({time.monotonic() - start:.0f} s): {result.how}", flush=True)
            with lock:
                if not sound and len(results) == len(chosen):
                    sound.append(control(workspace, results.values()))
        finally:
            workspace.delete()

    workers = [threading.Thread(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results, sound == [True]


def write(all_faults, results):
    """The table: rows of faults that were not run now stay as they were."""
    rows = {}
    if RESULTS.exists():
        rows = {match[1]: match[0] for match in re.finditer(r"^\| `([\w-]+)` \|.*$", RESULTS.read_text(encoding="utf-8"), re.MULTILINE)}
    for name, result in results.items():
        rows[name] = f"| `{name}` | {result.fault.what} | {'' if result.caught else '**survived**: '}{result.how} |"
    kept = [rows.get(fault.name, f"| `{fault.name}` | {fault.what} | not run |") for fault in all_faults]
    caught = sum("**survived**" not in row and "| not run |" not in row for row in kept)
    RESULTS.write_text(
        "# Faults and the test that caught each\n\n"
        f"Written by `tests/Teeth/run --write`. {caught} of {len(kept)} faults are caught. The test named is the first that failed; the run of a fault ends there.\n\n"
        "| fault | what it does | caught by |\n|---|---|---|\n" + "\n".join(kept) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(prog="tests/Teeth/run", description=__doc__)
    parser.add_argument("--only", metavar="REGEX", default="", help="only faults whose name matches")
    parser.add_argument("--jobs", type=int, default=2, help="scratch copies at work at once (2)")
    parser.add_argument("--narrow", action="store_true", help="only the tests that are named with a fault")
    parser.add_argument("--check", action="store_true", help="only look whether every fault's text is where it should be")
    parser.add_argument("--write", action="store_true", help="write results.md")
    options = parser.parse_args()

    every = faults.load()
    if options.check:
        return check(every)
    chosen = [fault for fault in every if re.search(options.only, fault.name)]
    print(f"{len(chosen)} faults, in scratch copies of {ROOT}", flush=True)
    done = (lambda results: write(every, results)) if options.write else (lambda results: None)
    results, sound = run(chosen, min(options.jobs, len(chosen)), options.narrow, done)
    survivors = [result.fault.name for result in results.values() if not result.caught]
    print(f"{len(results) - len(survivors)} of {len(results)} caught" + (f"; survivors: {', '.join(survivors)}" if survivors else ""))
    return 0 if sound and len(survivors) * 20 <= len(results) else 1


def check(every):
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for fault in every:
            for edit in fault.edits:
                copy = pathlib.Path(folder) / edit.file
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / edit.file, copy)
            try:
                if not fault.what or not fault.tries or not fault.edits:
                    raise ValueError("what, try and in are needed")
                for edit in fault.edits:
                    edit.apply(pathlib.Path(folder))
            except ValueError as error:
                bad += 1
                print(f"{fault.name}: {error}")
    print(f"{len(every)} faults, {bad} that do not apply")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
