#!/usr/bin/python3
"""Changes the code in one place at a time and asks the tests whether they notice.

All mutants are in one build: each place is rewritten to a choice at run time that the environment
variable SPANLAB_MUTANT makes (places.py). Per mutant the tests of its room run, then those of the
command line. Results are kept in the build folder, so a stopped run continues where it was.
`./run mutants --help` lists the options; CONTRIBUTING.md says how to deal with a survivor.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import signal
import sys

try:
    import places as finder
    from judge import Judge, Results, digest_of
    from mutant_tree import Failure, Tree, places_in, say
except ImportError as missing:
    print(f"error: {missing}\nhint: install Debian's python3-clang-14", file=sys.stderr)
    sys.exit(77)  # ctest counts it as skipped

# Room: its folder in spanlab/ and tests/, and which of its files (all, unless a pattern says).
ROOMS = {room: (room, "") for room in ("metrics", "evaluate", "diagnose", "fit", "lab", "detect",
                                       "report", "features", "labels", "windows")}
ROOMS["balancing"] = ("loss", r"/(balanc|famo|gradnorm|adam|\w+_methods)")
COMMAND_LINE = ("cli", "commands")  # folders of tests/ with tests of the program
LEAST_PER_ROOM, MOST_PER_FUNCTION = 8, 3
ENOUGH = 0.9  # of the mutants must be killed


def draw(candidates, tree, count, seed, dropped):
    """Places by room and kind in turn; which ones depends on the seed and their own text only."""
    sizes = {}
    for room, found in candidates.items():
        files = {p.file for p in found}
        sizes[room] = sum((tree.root / f).read_bytes().count(b"\n") for f in files)
    spare = max(0, count - LEAST_PER_ROOM * len(ROOMS))
    drawn = []
    for room, found in candidates.items():
        share = min(count, LEAST_PER_ROOM + round(spare * sizes[room] / sum(sizes.values())))
        queues = {kind: [] for kind in finder.KINDS}
        for place in found:
            if place.name not in dropped:
                queues[place.kind].append(place)
        for queue in queues.values():
            queue.sort(key=lambda p: hashlib.sha256(f"{seed} {p.name}".encode()).digest(),
                       reverse=True)
        taken, per_function = [], collections.Counter()
        while len(taken) < share and any(queues.values()):
            for queue in queues.values():
                while queue and len(taken) < share:
                    place = queue.pop()
                    where = (place.file, place.function)
                    overlaps = any(p.file == place.file and p.span[0] < place.span[1] and
                                   place.span[0] < p.span[1] for p in taken)
                    if per_function[where] < MOST_PER_FUNCTION and not overlaps:
                        per_function[where] += 1
                        taken.append(place)
                        break
        drawn += taken
    return drawn


def read_survivors(file):
    """Name of a place: the reason why no test can notice it."""
    reasons, name = {}, None
    for number, line in enumerate(file.read_text().splitlines() if file.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            name = line.strip()
            reasons[name] = ""
        elif name is None:
            raise Failure(f"{file}:{number}: a reason without a place")
        else:
            reasons[name] = f"{reasons[name]} {line.strip()}".strip()
    for name, reason in reasons.items():
        if not reason.startswith("equivalent because "):
            raise Failure(f"{file}: {name}: its reason does not begin with: equivalent because")
    return reasons


def candidates_of(tree, rooms):
    """Places by room; kept on file, as clang takes a minute for all rooms."""
    code = pathlib.Path(finder.__file__).read_bytes()
    state = f"{digest_of(tree.root, ['spanlab'])} {hashlib.sha256(code).hexdigest()[:16]}"
    file = tree.work / "places.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    if kept.get("state") != state:
        kept = {"state": state, "rooms": {}}
    for room in rooms:
        if room not in kept["rooms"]:
            say(f"looking for places in {room}")
            found = tree.find(room, *ROOMS[room])
            kept["rooms"][room] = [dataclasses.asdict(place) for place in found]
            file.write_text(json.dumps(kept))
    return {room: [finder.Place(**p) for p in kept["rooms"][room]] for room in rooms}


def prepare(tree, candidates, options, programs):
    """Draws places, and others for those that do not compile, until the build stands."""
    file = tree.work / "not_compiled.json"
    dropped = set(json.loads(file.read_text())) if file.exists() else set()

    def drop(output, drawn):
        guilty = places_in(output, tree, drawn)
        if not guilty:
            raise Failure("this does not compile, and no mutant is to blame:\n" + output[-4000:])
        say(f"{len(guilty)} places do not compile as a choice at run time: others for them")
        dropped.update(p.name for p in guilty)
        file.write_text(json.dumps(sorted(dropped)))

    while True:
        drawn = draw(candidates, tree, options.places, options.seed, dropped)
        tree.write_copy(drawn)
        rooms = sorted(tree.unchecked() & {ROOMS[room][0] for room in candidates})
        if rooms:
            say(f"compiling {len(drawn)} places of {', '.join(rooms)}, without output")
            complaints = {room: tree.complaints(room) for room in rooms}
            tree.note_unchecked({room for room in rooms if complaints[room]})
            if any(complaints.values()):
                drop("".join(complaints.values()), drawn)
                continue
        if options.list:
            return drawn
        say("building")
        output = tree.make(programs)
        if not output:
            return drawn
        drop(output, drawn)


def try_all(drawn, judge, results, command_line, jobs):
    """Judges the places that have no verdict yet: by their room's tests, which are quick, then the
    rest by those of the command line."""
    left = [p for p in drawn if p.name not in results.of]
    say(f"{len(drawn) - len(left)} of {len(drawn)} mutants have a verdict from an earlier run")
    if not left:
        return
    judge.measure([*sorted({ROOMS[p.room][0] for p in left}), *command_line])
    done = 0

    def settle(place, verdict):
        nonlocal done
        done += 1
        results.add(place, verdict)
        outcome = f"killed by {verdict['by']}" if verdict["killed"] else "SURVIVED"
        say(f"[{done}/{len(left)}] {place.file}:{place.line}: {place.before} -> {place.after}: "
            f"{outcome} ({verdict['seconds']} s)")

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        def judged(places, folders_of):
            tasks = {pool.submit(judge.judge, p, folders_of(p)): p for p in places}
            for task in concurrent.futures.as_completed(tasks):
                yield tasks[task], task.result()

        try:
            alive = []
            for place, verdict in judged(left, lambda p: [ROOMS[p.room][0]]):
                if verdict["killed"] or not command_line:
                    settle(place, verdict)
                else:
                    alive.append(place)
                    say(f"{place.file}:{place.line}: {place.before} -> {place.after}: left to the "
                        f"tests of the command line")
            for place, verdict in judged(alive, lambda p: command_line):
                settle(place, {**verdict, "folders": [ROOMS[place.room][0], *verdict["folders"]]})
        except BaseException:
            judge.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def report(drawn, candidates, results, reasons, survivors_file):
    """Prints survivors and counts; returns the exit status."""
    killed = {p.name for p in drawn if results.of[p.name]["killed"]}
    survived = [p for p in drawn if p.name not in killed]
    if survived:
        print("\nSurvivors:")
    for place in survived:
        print(f"{place.file}:{place.line}\n  {place.name}\n"
              f"    {reasons.get(place.name, 'NO REASON: write a test that notices it')}")
    print("\nroom         tried  killed  survived")
    for room in candidates:
        here = [p for p in drawn if p.room == room]
        dead = sum(p.name in killed for p in here)
        print(f"{room:12} {len(here):5} {dead:7} {len(here) - dead:9}")
    # An entry may be of a place that was not drawn now, but not of none at all.
    rooms = {p.file.split("/")[1] for found in candidates.values() for p in found}
    names = {p.name for found in candidates.values() for p in found}
    stale = [n for n in reasons if n in killed or
             (n not in names and n.split("/")[1] in rooms)]
    for name in stale:
        why = "is killed" if name in killed else "is not in the source"
        print(f"error: {survivors_file}: {why}: {name}")
    unexplained = sum(p.name not in reasons for p in survived)
    share = len(killed) / max(1, len(drawn))
    print(f"\n{len(drawn)} mutants: {len(killed)} killed ({100 * share:.1f} %), "
          f"{len(survived)} survived, {unexplained} of them without a reason")
    return 1 if stale or unexplained or share < ENOUGH else 0


def main():
    parser = argparse.ArgumentParser(prog="./run mutants", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=160, help="how many, over all rooms (160)")
    parser.add_argument("--seed", type=int, default=1, help="which places are drawn (1)")
    parser.add_argument("--room", choices=ROOMS, help="only the places of this room")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants side by side")
    parser.add_argument("--list", action="store_true", help="show the places and stop")
    parser.add_argument("--root", type=pathlib.Path, help="of the source (this project)",
                        default=pathlib.Path(__file__).parents[2])
    parser.add_argument("--work", type=pathlib.Path, help="folder (ROOT/build-mutants)")
    options = parser.parse_args()
    root = options.root.resolve()
    work = (options.work or root / "build-mutants").resolve()
    work.mkdir(parents=True, exist_ok=True)
    survivors_file = root / "tests/mutants/survivors.txt"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        reasons = read_survivors(survivors_file)
        tree = Tree(root, work)
        tree.write_copy_if_none()
        tree.configure()
        rooms = [r for r in ROOMS if (root / "spanlab" / ROOMS[r][0]).is_dir()]
        candidates = candidates_of(tree, rooms)
        command_line = [f for f in COMMAND_LINE if (root / "tests" / f).is_dir()]
        programs = [f"test_{f}" for f in [*dict.fromkeys(ROOMS[r][0] for r in rooms),
                                          *command_line]]
        drawn = prepare(tree, candidates, options, programs)
        if options.room:
            drawn = [p for p in drawn if p.room == options.room]
            candidates = {options.room: candidates[options.room]}
        if options.list:
            for place in drawn:
                print(f"{place.file}:{place.line}: {place.kind}\n  {place.name}")
            return 0
        folders = {ROOMS[p.room][0] for p in drawn} | set(command_line)
        results = Results(tree, folders)
        try_all(drawn, Judge(tree), results, command_line, options.jobs)
        return report(drawn, candidates, results, reasons, survivors_file.relative_to(root))
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("stopped; the same command continues")
        return 130


if __name__ == "__main__":
    sys.exit(main())
