"""Runs the tests against mutants and keeps the verdicts on file."""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import threading
import time

from mutant_tree import Failure, say


def digest_of(root, folders):
    total = hashlib.sha256()
    for folder in folders:
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return total.hexdigest()[:16]


class Judge:
    """Runs the tests against mutants."""

    def __init__(self, tree, time_factor=10, least_seconds=20):
        self.tree, self.factor, self.least = tree, time_factor, least_seconds
        self.limits, self.running, self.stopping = {}, set(), False
        self.lock = threading.Lock()
        shared = tree.work / "shared"  # tests look for ../shared
        if not shared.exists():
            shared.unlink(missing_ok=True)
            shared.symlink_to(tree.root.parent / "shared")

    def run(self, folder, number, limit):
        """Why the tests of a folder failed (empty if they passed), and the seconds."""
        scratch = self.tree.work / "tmp" / f"{folder}-{number}"
        scratch.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "SPANLAB_MUTANT": str(number), "TMPDIR": str(scratch),
                       "GTEST_FAIL_FAST": "1"}
        begin = time.monotonic()

        def restrict():  # a mutant may loop and allocate or write without end
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # also where the caller ignores Ctrl-C
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
            resource.setrlimit(resource.RLIMIT_DATA, (6 << 30, 6 << 30))

        with open(scratch / "output", "wb") as output:
            with self.lock:
                if self.stopping:
                    raise KeyboardInterrupt
                child = subprocess.Popen([self.tree.build / "tests" / f"test_{folder}"],
                                         stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                         env=environment, cwd=self.tree.copy,
                                         start_new_session=True, preexec_fn=restrict)
                self.running.add(child)
            try:
                status = child.wait(limit)
            except subprocess.TimeoutExpired:
                status = None
            self.kill(child)
            self.running.discard(child)
        if self.stopping:
            raise KeyboardInterrupt
        text = (scratch / "output").read_bytes().decode(errors="replace")
        shutil.rmtree(scratch, ignore_errors=True)
        seconds = time.monotonic() - begin
        if status == 0:
            return "", seconds
        failed = re.search(r"\[  FAILED  \] ([\w/.]+)", text)
        if status is None:
            return f"no end after {limit:.0f} s", seconds
        return failed[1] if failed else f"test_{folder} ended with status {status}", seconds

    @staticmethod
    def kill(child):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()

    def stop(self):
        with self.lock:
            self.stopping = True
            for child in list(self.running):
                self.kill(child)

    def measure(self, folders):
        """The unchanged program passes, and so long it takes."""
        for folder in folders:
            why, seconds = self.run(folder, 0, 1200)
            if why:
                raise Failure(f"without a mutant, test_{folder} fails: {why}")
            self.limits[folder] = max(self.least, self.factor * seconds)
            say(f"test_{folder} passes in {seconds:.1f} s without a mutant")

    def judge(self, place, folders):
        """The verdict: which of the folders' tests failed, and which ran."""
        total = 0
        for at, folder in enumerate(folders):
            why, seconds = self.run(folder, place.number, self.limits[folder])
            total += seconds
            if why:
                break
        else:
            folder = ""
        return {"killed": folder, "by": why, "seconds": round(total, 1),
                "folders": folders[:at + 1]}


class Results:
    """Verdicts on file, each with the state of code and tests that it is about."""

    def __init__(self, tree, test_folders):
        self.file = tree.work / "results.jsonl"
        shared = ["spanlab", "recipes"] if (tree.root / "recipes").exists() else ["spanlab"]
        code = digest_of(tree.root, shared)
        self.state = {f: f"{code} {digest_of(tree.root, ['tests/' + f])}"
                      for f in test_folders}
        self.state["program"] = digest_of(tree.root, ["cli"])
        self.of = {}
        for line in self.file.read_text().splitlines() if self.file.exists() else []:
            verdict = json.loads(line)
            if verdict["states"] == self.states(verdict["folders"]):
                self.of[verdict["name"]] = verdict

    def states(self, folders):
        """A verdict holds while the tests that ran, and the code, are the same."""
        return [self.state.get(f, "") for f in folders] + \
            [self.state["program"] if len(folders) > 1 else ""]

    def add(self, place, verdict):
        verdict = {"name": place.name, **verdict, "states": self.states(verdict["folders"])}
        self.of[place.name] = verdict
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(json.dumps(verdict) + "\n")
