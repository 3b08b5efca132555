"""Test any program that decides the law in the JSON form: one case a line in, one decision a line out."""

import json
import shlex
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import BinaryIO, NamedTuple

from flexirules.errors import InvalidInput, show
from flexirules.testing._vectors import Vector, differences, manifest, vectors


class Difference(NamedTuple):
    """What a program said otherwise than one vector expects, sentence by sentence."""

    vector: Vector
    says: tuple[str, ...]


def run(command: str, asked: Iterable[Vector]) -> Iterator[Difference | None]:
    """Start a program, ask it every vector, and compare each answer: None where it agrees.

    Args:
        command: program and arguments, as a shell would split them; no shell is started.
        asked: the vectors, each answered by one line of JSON, in order.
    """
    given = list(asked)
    with subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:  # noqa: S603  # the caller's own program
        assert program.stdin is not None
        assert program.stdout is not None
        # Written beside the reading: a program may answer before it has read all, and neither side waits for the other.
        writer = Thread(target=_write, args=(program.stdin, given), daemon=True)
        writer.start()
        for vector in given:
            line = program.stdout.readline()
            says = _compared(vector, line) if line else ("the program ended without an answer",)
            yield Difference(vector, says) if says else None
        writer.join()


def _write(target: BinaryIO, asked: list[Vector]) -> None:
    try:
        with target:
            target.writelines(json.dumps(vector.given, ensure_ascii=False).encode() + b"\n" for vector in asked)
    except BrokenPipeError:
        # The program ended; what it did not answer is counted where the answers are read.
        return


def _compared(vector: Vector, line: bytes) -> tuple[str, ...]:
    try:
        document = json.loads(line)
    except ValueError:
        return (f"no JSON: {show(line[:80].decode(errors='replace'))}",)
    if not isinstance(document, dict):
        return ("a decision is an object",)
    return tuple(differences(vector.expect, document))


def write(folder: Path, level: str) -> tuple[Path, Path]:
    """Write the vectors of a level and their manifest; the two files."""
    folder.mkdir(parents=True, exist_ok=True)
    lines, about = folder / f"{level}.jsonl", folder / f"{level}.manifest.json"
    with lines.open("w", encoding="utf-8", newline="\n") as target:
        target.writelines(vector.to_json() + "\n" for vector in vectors(level))
    about.write_text(json.dumps(manifest(level), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return lines, about


def read(file: Path) -> Iterator[Vector]:
    """The vectors of a file that was written before."""
    names = ("id", "title", "source", "given", "expect")
    with file.open(encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            try:
                document = json.loads(line)
                yield Vector(**{name: document[name] for name in names})
            except (ValueError, LookupError, TypeError):
                raise InvalidInput("E-VECTOR", f"line {number}", "this is no vector") from None
