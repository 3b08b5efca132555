"""Expressions over the columns of wide rows, said once for all engines: what holds in a row, and what follows from it.

A truth is two-valued: a comparison with what is not there does not hold. What is said twice is one term, so that an
engine works it out once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from attrs import frozen


@frozen(order=False, cache_hash=True)
class Term:
    """An expression: what is done, and with what. Two terms that say the same are equal."""

    op: str
    args: tuple[Any, ...]

    def __lt__(self, other: "Term | int | date") -> "Term":
        return Term("<", (self, term(other)))

    def __le__(self, other: "Term | int | date") -> "Term":
        return Term("<=", (self, term(other)))

    def __gt__(self, other: "Term | int | date") -> "Term":
        return Term(">", (self, term(other)))

    def __ge__(self, other: "Term | int | date") -> "Term":
        return Term(">=", (self, term(other)))

    def __add__(self, other: "Term") -> "Term":
        return Term("+", (self, other))

    def __sub__(self, other: "Term") -> "Term":
        return Term("-", (self, other))

    def same(self, other: "Term | int | str") -> "Term":
        """Whether it is the same as another."""
        return Term("==", (self, term(other)))

    def differs(self, other: "Term | int | str") -> "Term":
        """Whether it is there, and not the same as another."""
        return Term("!=", (self, term(other)))

    @property
    def missing(self) -> "Term":
        """Whether it is not there."""
        return Term("missing", (self,))

    @property
    def there(self) -> "Term":
        """Whether it is there."""
        return Term("not", (self.missing,))

    @property
    def terms(self) -> tuple["Term", ...]:
        """The terms of which it is made."""
        return tuple(_terms(self.args))


def _terms(args: Iterable[object]) -> Iterable[Term]:
    for each in args:
        if isinstance(each, Term):
            yield each
        elif isinstance(each, tuple):
            yield from _terms(each)


Truth: TypeAlias = Term | bool
"""Whether something holds in a row; a plain boolean where it is so in all."""


def term(value: Term | int | str | date) -> Term:
    """A term, or that of a constant."""
    return value if isinstance(value, Term) else Term("constant", (value,))


NOTHING: Final = Term("nothing", ())
"""A text that is not there."""


def column(name: str) -> Term:
    """A column, as it is."""
    return Term("column", (name,))


def number(name: str, factor: int = 1) -> Term:
    """A column of whole numbers times a factor."""
    return Term("number", (name, factor))


def flag(name: str) -> Term:
    """Whether a column of booleans says yes."""
    return Term("flag", (name,))


def word(name: str, words: Sequence[str]) -> Truth:
    """Whether a column of text holds one of some words."""
    return Term("word", (name, tuple(words))) if words else False


def spaced(name: str) -> Term:
    """Whether an identifier of text is empty, or begins or ends with a space."""
    return Term("spaced", (name,))


def within(names: Sequence[str], first: date, last: date) -> Truth:
    """Whether no day of some columns lies outside of these."""
    return Term("within", (tuple(names), first, last)) if names else True


def filled(name: str, value: date) -> Term:
    """A column of days, with one in place of those that are not there."""
    return Term("filled", (name, value))


def code(name: str, codes: Mapping[str, int]) -> Term:
    """The code of each word of a column of text, 0 for none."""
    return Term("code", (name, tuple(codes.items())))


def said(name: str) -> Term:
    """What a column of booleans says as a number: 0 nothing, 1 no, 2 yes."""
    return Term("said", (name,))


def digits(parts: Sequence[tuple[Term, int]]) -> Term:
    """A number made of digits, each below its size."""
    return Term("digits", (tuple(parts),))


def found(place: Term, keys: Iterable[int], values: Iterable[int] | Iterable[str]) -> Term:
    """What stands for a number: another number, 0 where there is none, or a text."""
    return Term("found", (place, tuple(keys), tuple(values)))


def alike(words: Sequence[str], word: str) -> Term:
    """A word that all rows have, one of a few."""
    return Term("alike", (tuple(words), word))


def worded(kind: str, rungs: Sequence[tuple[Truth, str]]) -> Term:
    """The word of the first truth that holds; the last one always does. ``kind``: a column of the answer."""
    *above, (truth, last) = rungs
    assert truth is True
    return Term("worded", (kind, tuple(above), last))


def bits(truths: Sequence[Term]) -> Term:
    """Which of some truths hold: a bit for each, the first one the lowest."""
    return Term("bits", (tuple(truths),))


def added(rungs: Sequence[tuple[Term, Term, int]]) -> Term:
    """Of the first truth that holds a small number, and another one added to it; 0 where none does."""
    return Term("added", (tuple(rungs),))


def every(*parts: Truth) -> Truth:
    """Whether all of these hold."""
    return _joined("and", parts, decides=False)


def some(*parts: Truth) -> Truth:
    """Whether any of these holds."""
    return _joined("or", parts, decides=True)


def _joined(op: str, parts: Iterable[Truth], *, decides: bool) -> Truth:
    each: dict[Term, None] = {}
    for part in parts:
        if isinstance(part, Term):
            each |= dict.fromkeys(part.terms if part.op == op else (part,))
        elif part is decides:
            return decides
    if any(part.op == "not" and part.args[0] in each for part in each):
        return decides
    return Term(op, tuple(each)) if len(each) > 1 else next(iter(each), not decides)


def no(part: Truth) -> Truth:
    """Whether this does not hold."""
    if isinstance(part, bool):
        return not part
    return part.terms[0] if part.op == "not" else Term("not", (part,))


def where(condition: Truth, then: Truth, *, otherwise: bool = False) -> Truth:
    """A truth where a condition holds, which is so in few rows; elsewhere it is known."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if isinstance(then, bool):
        return some(every(condition, then), every(no(condition), otherwise))
    return Term("where", (condition, then, otherwise))


def unless(truth: Truth, never: set[Term]) -> Truth:
    """A truth where it is known that some others do not hold."""
    if isinstance(truth, bool):
        return truth
    if truth in never:
        return False
    if truth.op not in _JOINED:
        return truth
    return _JOINED[truth.op](*(unless(part, never) for part in truth.terms))


_JOINED: Final[Mapping[str, Callable[..., Truth]]] = {"and": every, "or": some, "not": no}
