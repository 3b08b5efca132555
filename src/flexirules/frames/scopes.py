"""Sector and function of wide rows: every combination of words that occurs is settled once, and found by its number."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import narwhals as nw

from flexirules.block import Block
from flexirules.frames.answers import MOST_CELLS, SCOPE, Memory, Part
from flexirules.frames.cases import Rows, case_of, names_of_our_own
from flexirules.frames.cells import SAID, SCOPE_FLAGS, SCOPE_TEXTS, Key
from flexirules.frames.folded import Columns, Ladder, Truth, no
from flexirules.frames.kinds import Frame, distinct, integers
from flexirules.frames.lookups import Lookup, coded, looked_up
from flexirules.frames.reading import Read, said
from flexirules.law.ruleset import Era
from flexirules.predicate import UNKNOWN
from flexirules.quarter import Quarter
from flexirules.settle.scope import scope

FEW_PLACES: Final = 1_000
"""So many combinations are settled without a look at which of them occur."""
_PLACE: Final = "_place"
_CLASS: Final = "_class"


class Scopes(NamedTuple):
    """The applications with the number of their class of combinations, and what the classes come to.

    ``settled``: in which rows nothing is open but law.
    """

    frame: Frame
    sector: Ladder
    function: Ladder
    settled: Truth


def placed(read: Read) -> tuple[Read, Key]:
    """The applications with the number of the combination of words in each row, and what such a number means."""
    columns, key = Columns(read), Key()
    choices = {name: columns.choices(name) for name in SCOPE_TEXTS if columns.present(name)}
    # Codes stand in the order of the words, which enumerated words have of their own.
    codes = {
        name: (f"_code_{name}", {word: _code(values, value) for word, value in read.words[name].items()})
        for name, values in choices.items()
        if read.words[name]
    }
    frame = coded(read.raw, read.raw, codes)
    for name in SCOPE_TEXTS:
        values = [None, *choices.get(name, ())]
        key.add(name, nw.col(codes[name][0]) if name in codes else nw.lit(0), len(values), values.__getitem__)
    for name in SCOPE_FLAGS:
        key.add(name, said(nw.col(name)), 3 if columns.present(name) else 1, SAID.__getitem__)
    key.add("via", nw.lit(0), 1)
    added = [code for code, _ in codes.values()]
    return read._replace(raw=frame.with_columns(key.number.alias(_PLACE)).drop(*added)), key


def _code(choices: Sequence[object], value: object) -> int:
    return 0 if value is None else 1 + choices.index(value)


def scopes(read: Read, key: Key, quarter: Quarter, era: Era) -> Scopes | None:
    """What sector and function come to in an era; ``None`` where too many different things are said."""
    numbers = [*range(key.size)]
    if key.size > FEW_PLACES:
        numbers = [number for (number,) in integers(distinct(read.raw, _PLACE), _PLACE)]
        if len(numbers) > MOST_CELLS:
            return None
    memory = Memory(SCOPE, key.of(era))
    classes: dict[tuple[_Said, _Said, bool], int] = {}
    found = []
    for number in numbers:
        if not memory.has(number):
            row = {"quarter": str(quarter), "employer": "mine", **dict(zip(key.names, key.read(number), strict=True))}
            memory.keep(number, Part((scope(case_of(row, Rows(), names_of_our_own()), era),)))
        (block,) = memory[number].part.blocks
        sector, function = ((ladder.rank, ladder.reason) for ladder in block.ladders)
        found.append(classes.setdefault((sector, function, _settled(block)), len(classes) + 1))
    return Scopes(
        frame=looked_up(read.raw, read.raw, Lookup(_PLACE, numbers, {_CLASS: found})),
        sector=_by_class({number: sector for (sector, _, _), number in classes.items()}),
        function=_by_class({number: function for (_, function, _), number in classes.items()}),
        settled=no(_among([number for (_, _, settled), number in classes.items() if not settled])),
    )


_Said: TypeAlias = tuple[int, str]
"""A verdict and its reason."""


def _settled(block: Block) -> bool:
    """Whether nothing is open but law: then the outcomes are those of the lowest verdict."""
    return not block.matters and block.levels == (0b1001 if block.rank == UNKNOWN else 1 << block.rank)


def _by_class(rungs: Mapping[int, _Said]) -> Ladder:
    """A ladder by the number of the class; what most classes say comes last."""
    classes: dict[_Said, list[int]] = {}
    for number, rung in rungs.items():
        classes.setdefault(rung, []).append(number)
    *others, (last, _) = sorted(classes.items(), key=lambda item: len(item[1]))
    return [*((_among(numbers), *rung) for rung, numbers in others), (True, *last)]


def _among(numbers: Sequence[int]) -> Truth:
    if not numbers:
        return False
    return nw.col(_CLASS) == numbers[0] if len(numbers) == 1 else nw.col(_CLASS).is_in(numbers)
