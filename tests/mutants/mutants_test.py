#!/usr/bin/python3
"""Tries ./run mutants on the tree in toy/: each kind of change, verdict and error."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
EQUIVALENT = "spanlab/labels/overlap.cpp: max: a >= b -> a > b"


def mutants(root, *arguments):
    done = subprocess.run([sys.executable, HERE / "mutants.py", "--root", root, *arguments],
                          capture_output=True, text=True, check=False)
    if done.returncode == 77:
        sys.exit(77)
    return done.returncode, done.stdout + done.stderr


def expect(condition, what, output):
    if not condition:
        sys.exit(f"mutants_test: {what}. It printed:\n{output}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "toy"
        shutil.copytree(HERE / "toy", root)
        listed = root / "tests/mutants/survivors.txt"

        status, output = mutants(root, "--list")
        for kind in ("comparison", "arithmetic", "logical", "constant", "order", "return"):
            expect(f": {kind}\n" in output, f"--list shows no {kind}", output)
        expect("do not compile" in output, "plus<1>() was not dropped", output)
        expect(status == 0, "--list fails", output)

        status, output = mutants(root)
        expect("by test_labels" in output, "the room's test killed nothing", output)
        expect("by test_cli" in output, "the command line's test killed nothing", output)
        expect(output.count("SURVIVED") == 1, "one survives", output)
        expect("1 survived, 0 of them without a reason" in output and status == 0,
               "a survivor with a reason is in order", output)

        whole = listed.read_text()
        listed.write_text("# none\n")
        status, output = mutants(root)
        expect("a verdict from an earlier run" in output and "[1/" not in output,
               "verdicts are kept", output)
        expect("NO REASON" in output and EQUIVALENT in output and status == 1,
               "a survivor without a reason is an error", output)

        listed.write_text(whole + "spanlab/labels/overlap.cpp: gone: a < b -> a <= b\n"
                          "    equivalent because it is gone\n")
        status, output = mutants(root)
        expect("is not in the source: spanlab/labels/overlap.cpp: gone" in output and status == 1,
               "an entry without its place is an error", output)

        (root / "tests/labels/overlap_test.cpp").write_text("int main() { return 1; }\n")
        status, output = mutants(root)
        expect("without a mutant, test_labels fails" in output and status == 1,
               "tests that fail anyway are an error", output)
    print("mutants_test: passed")


if __name__ == "__main__":
    main()
