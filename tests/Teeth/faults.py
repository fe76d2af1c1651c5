"""The faults, as the files in faults/ describe them."""

import pathlib
from dataclasses import dataclass, field

FOLDER = pathlib.Path(__file__).parent / "faults"


@dataclass
class Edit:
    file: str
    times: int
    old: str
    new: str = ""

    def apply(self, root):
        """Writes the fault, and returns the file with the text it had."""
        path = root / self.file
        sound = path.read_bytes()
        text = sound.decode()
        found = text.count(self.old)
        if found != self.times:
            raise ValueError(f"{self.file} holds the old text {found} times, not {self.times}:\n{self.old}")
        path.write_bytes(text.replace(self.old, self.new).encode())
        return path, sound


@dataclass
class Fault:
    name: str
    what: str
    tries: list = field(default_factory=list)  # (project, [parts of names of tests]), narrowest first
    under: dict = field(default_factory=dict)  # variables of the tests' environment
    edits: list = field(default_factory=list)

    @property
    def components(self):
        """The assemblies that are built anew."""
        parts = set()
        for edit in self.edits:
            if edit.file.startswith("src/Runtime/"):
                parts.add("Runtime")
            if edit.file.startswith(("src/Generator/", "src/Runtime/Specification/Shared/")):
                parts.add("Generator")
            if edit.file.startswith("src/CodeFixes/"):
                parts.add("CodeFixes")
        return sorted(parts)


def load():
    """All faults, in the order of the files."""
    faults = [fault for path in sorted(FOLDER.glob("*.txt")) for fault in _parse(path)]
    names = [fault.name for fault in faults]
    if len(set(names)) < len(names):
        raise ValueError(f"names are not unique: {sorted({name for name in names if names.count(name) > 1})}")
    return faults


def _parse(path):
    fault = edit = into = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if into is not None and not line.startswith("--- "):
            into.append(line)
            continue
        key, _, value = line.partition(": ")
        if line.startswith("== "):
            fault = Fault(line[3:], "")
            yield fault
        elif key == "what":
            fault.what = value
        elif key == "try":
            project, *parts = value.split()
            fault.tries.append((project, parts))
        elif key == "under":
            variable, _, setting = value.partition("=")
            fault.under[variable] = setting
        elif key == "in":
            file, _, times = value.partition(" × ")
            edit = Edit(file, int(times or 1), "")
            fault.edits.append(edit)
        elif line == "--- old":
            into = old = []
        elif line == "--- new":
            into = new = []
        elif line == "--- end":
            edit.old, edit.new, into = "\n".join(old), "\n".join(new), None
        elif line and not line.startswith("#"):
            raise ValueError(f"{path.name}, line {number}: {line}")
