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
        """Returns the files whose text changed."""
        of_file = collections.defaultdict(list)
        for place in drawn:
            of_file[place.file].append(place)
        changed, wanted = [], set()
        for file in self.files():
            data = (self.root / file).read_bytes()
            data = finder.rewrite(data, of_file[str(file)])
            wanted.add(self.copy / file)
            if write_if_changed(self.copy / file, data):
                changed.append(str(file))
        for file in self.copy.rglob("*"):
            if file.is_file() and file not in wanted:
                file.unlink()
        write_if_changed(self.work / "choice.h", CHOICE_HEADER.encode())
        return changed

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
        done = subprocess.run(["ninja", "-C", self.build, "-k", "0", *programs],
                              capture_output=True, text=True, check=False)
        return done.stdout + done.stderr if done.returncode != 0 else ""


def places_in(output, tree, drawn):
    """The places on lines that the compiler's output names."""
    named = {(file, int(line)) for file, line in
             re.findall(re.escape(str(tree.copy)) + r"/([\w/.-]+):(\d+)", output)}
    guilty = []
    for file in {p.file for p in drawn if any(f == p.file for f, _ in named)}:
        text = (tree.copy / file).read_bytes()
        for place in [p for p in drawn if p.file == file]:
            mark = f"spanlab_mutant_is({place.number})".encode()
            lines = [text.count(b"\n", 0, m.start()) + 1 for m in re.finditer(re.escape(mark), text)]
            if any((file, line) in named for line in lines):
                guilty.append(place)
    return guilty
