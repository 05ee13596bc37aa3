"""The copy of the source that contains the mutants, and its build."""

import collections
import json
import pathlib
import re
import shlex
import subprocess

import places as finder

CHOICE_HEADER = """// Which mutant this process is, written by tests/mutants/mutants.py.
#pragma once
#include <cstdlib>
inline const int spanlab_mutant = [] {
  const char* number = std::getenv("SPANLAB_MUTANT");
  return number == nullptr ? 0 : std::atoi(number);
}();
inline bool spanlab_mutant_is(int number) { return spanlab_mutant == number; }
"""


class Failure(Exception):
    """Something is wrong with the tree or the build."""


def say(text):
    print(f"mutants: {text}", flush=True)


def write_if_changed(file, data):
    if file.exists() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return True


class Tree:
    """The source, its copy with the mutants, and the build of the copy."""

    def __init__(self, root, work):
        self.root, self.copy, self.build = root, work / "source", work / "build"
        self.work = work

    def files(self):
        for top in sorted(self.root.iterdir()):
            if top.name.startswith((".", "build")) or top.name in ("runs", "install"):
                continue
            for file in [top] if top.is_file() else sorted(top.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    yield file.relative_to(self.root)

    def write_copy(self, drawn):
        of_file = collections.defaultdict(list)
        for place in drawn:
            of_file[place.file].append(place)
        wanted = set()
        for file in self.files():
            data = (self.root / file).read_bytes()
            data = finder.rewrite(data, of_file[str(file)])
            wanted.add(self.copy / file)
            if write_if_changed(self.copy / file, data) and file.parts[0] == "spanlab":
                self.note_unchecked(self.unchecked() | {file.parts[1]})
        for file in self.copy.rglob("*"):
            if file.is_file() and file not in wanted:
                file.unlink()
        write_if_changed(self.work / "choice.h", CHOICE_HEADER.encode())

    def unchecked(self):
        """The rooms whose mutants the compiler has not seen, also if an earlier run was stopped."""
        file = self.work / "unchecked.json"
        return set(json.loads(file.read_text())) if file.exists() else set()

    def note_unchecked(self, rooms):
        (self.work / "unchecked.json").write_text(json.dumps(sorted(rooms)))

    def write_copy_if_none(self):
        if not (self.copy / "CMakeLists.txt").exists():
            self.write_copy([])

    def configure(self):
        if (self.build / "build.ninja").exists():
            return
        say("configuring")
        flags = f"-include {self.work}/choice.h -w -Wno-narrowing -D_GLIBCXX_ASSERTIONS"
        done = subprocess.run(
            ["cmake", "-S", self.copy, "-B", self.build, "-G", "Ninja",
             "-D", "CMAKE_BUILD_TYPE=Release", "-D", "SPANLAB_TESTS=ON",
             "-D", "CMAKE_EXPORT_COMPILE_COMMANDS=ON", "-D", f"CMAKE_CXX_FLAGS={flags}"],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure("cmake failed:\n" + done.stdout + done.stderr)

    def units(self, folder):
        """(file, text, arguments) of each translation unit of a room, as the compiler gets it."""
        commands = json.loads((self.build / "compile_commands.json").read_text())
        for command in commands:
            if f"/spanlab_{folder}.dir/" not in command["command"]:
                continue
            words = shlex.split(command["command"])
            options = [w for at, w in enumerate(words)
                       if w.startswith(("-I", "-D", "-std")) or
                       w == "-isystem" or words[at - 1] == "-isystem"]
            file = command["file"]
            yield file, pathlib.Path(file).read_text(), options

    def find(self, room, folder, pattern):
        """All places of a room, in the unchanged source."""

        def wanted(file):
            return file.startswith(f"spanlab/{folder}/") and re.search(pattern, file)

        def original(text):
            return text.replace(str(self.copy), str(self.root))

        units = []
        for file, text, options in self.units(folder):
            if file.startswith(str(self.copy)):  # compiled alone
                text = f'#include "{original(file)}"\n'
            units.append(("unit.cpp", original(text), [original(o) for o in options]))
        if not units:
            raise Failure(f"the build has no files of spanlab/{folder}")
        return finder.find_places(str(self.root), room, wanted, units)

    def complaints(self, folder):
        """What the compiler says against the mutants of a room."""
        output = ""
        for file, _, options in self.units(folder):
            done = subprocess.run(
                ["c++", *options, f"-include{self.work}/choice.h", "-fsyntax-only", "-Werror=vla",
                 "-Wno-narrowing", file], capture_output=True, text=True, check=False)
            output += done.stdout + done.stderr if done.returncode != 0 else ""
        return output

    def make(self, programs):
        """Builds; returns the output if that failed."""
        log = self.work / "ninja.log"
        with open(log, "wb") as output:
            child = subprocess.Popen(["ninja", "-C", self.build, "-k", "0", *programs],
                                     stdout=output, stderr=output)
            try:
                while True:
                    try:
                        status = child.wait(30)
                        break
                    except subprocess.TimeoutExpired:
                        steps = re.findall(rb"^\[(\d+)/(\d+)\]", log.read_bytes(), re.MULTILINE)
                        if steps:
                            say(f"built {int(steps[-1][0])} of {int(steps[-1][1])} files")
            except BaseException:
                child.terminate()
                raise
        return log.read_text(errors="replace") if status != 0 else ""


def places_in(output, tree, drawn):
    """The places on lines that the compiler's output names."""
    named = {(file, int(line)) for file, line in
             re.findall(re.escape(str(tree.copy)) + r"/([\w/.-]+):(\d+)", output)}
    guilty = []
    for file in {p.file for p in drawn if any(f == p.file for f, _ in named)}:
        here, text = [p for p in drawn if p.file == file], (tree.root / file).read_bytes()

        def line_of(offset):  # in the copy
            before = [p for p in here if p.span[1] <= offset]
            return finder.rewrite(text[:offset], before).count(b"\n") + 1

        for place in here:
            lines = range(line_of(place.span[0]), line_of(place.span[1]) + 1)
            if any(f == file and line in lines for f, line in named):
                guilty.append(place)
    return guilty
