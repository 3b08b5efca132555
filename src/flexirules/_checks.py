"""The checks that the value types share: exact types, refusal instead of repair."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar

import attrs

from flexirules.errors import FlexirulesError, InvalidInput, show, wrong_type
from flexirules.quarter import FIRST_YEAR, LAST_YEAR, Quarter

MAX_IDENTIFIER: Final = 200
MAX_ENTRIES: Final = 1000

T = TypeVar("T")


def check_text(path: str, value: object) -> None:
    """An opaque identifier: not empty, NFC, printable, at most 200 characters."""
    if (
        type(value) is str
        and 0 < len(value) <= MAX_IDENTIFIER
        and value.isascii()
        and value.isprintable()
        and value[0] != " " != value[-1]
    ):
        return
    if type(value) is not str:
        raise wrong_type(path, value, "text")
    if not value or value[0].isspace() or value[-1].isspace():
        raise InvalidInput(
            "E-NAME", path, f"an identifier neither is empty nor begins or ends with a space: {show(value)}"
        )
    if len(value) > MAX_IDENTIFIER:
        raise InvalidInput("E-NAME", path, f"an identifier has at most {MAX_IDENTIFIER} characters: {show(value)}")
    if not value.isascii() and not unicodedata.is_normalized("NFC", value):
        raise InvalidInput("E-NAME", path, f"an identifier is in Unicode form NFC: {value[:30]!a}")
    if not value.isprintable():
        raise InvalidInput("E-NAME", path, f"an identifier holds printable characters only: {value[:30]!a}")


def check_day(path: str, value: object) -> None:
    """A date (not a ``datetime``) in the years of ``Quarter``."""
    if type(value) is not date:
        raise wrong_type(path, value, "a date")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise InvalidInput("E-YEAR", path, f"a year lies between {FIRST_YEAR} and {LAST_YEAR}, not {show(value.year)}")


def check_flag(path: str, value: object) -> None:
    """True or False itself."""
    if value is not True and value is not False:
        raise wrong_type(path, value, "True or False")


def check_word(path: str, value: object, accepted: frozenset[str]) -> None:
    """One of a closed list of words."""
    if type(value) is not str:
        raise wrong_type(path, value, "text")
    if value not in accepted:
        raise InvalidInput("E-WORD", path, f"expected one of {', '.join(sorted(accepted))}, not {show(value)}")


def check_quarter(path: str, value: object) -> None:
    """A ``Quarter`` itself, never its text."""
    if type(value) is not Quarter:
        raise wrong_type(path, value, "a Quarter")


def check_kind(path: str, value: object, kind: type) -> None:
    """Exactly this type: a subclass may override what is read."""
    if type(value) is not kind:
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise wrong_type(path, value, f"{article} {kind.__name__}")


def rows(path: str, value: object, kind: type[T]) -> tuple[T, ...]:
    """A list or a tuple of one kind, as a tuple; sets, generators and the rest are refused."""
    if type(value) is not tuple and type(value) is not list:
        raise wrong_type(path, value, f"a list or tuple of {kind.__name__}")
    if not value:
        return ()
    if len(value) > MAX_ENTRIES:
        raise InvalidInput("E-TOO-MANY", path, f"a list has at most {MAX_ENTRIES} entries, not {len(value)}")
    for position, entry in enumerate(value):
        if type(entry) is not kind:
            check_kind(f"{path}[{position}]", entry, kind)
    return value if type(value) is tuple else tuple(value)


def unrepeated(path: str, entries: tuple[T, ...], key: Callable[[T], object]) -> None:
    """No entry twice: the same row read twice makes half time full time. ``key`` is cheap, equal for equal entries."""
    if len(entries) > 1 and len(set(map(key, entries))) < len(entries) and len(set(entries)) < len(entries):
        first: dict[object, int] = {}
        again = next(
            position for position, entry in enumerate(entries) if first.setdefault(entry, position) != position
        )
        same = f"{path}[{first[entries[again]]}]"
        raise InvalidInput("E-DUPLICATE", f"{path}[{again}]", f"the same entry as {same}: the row was read twice")


def at(path: str, error: FlexirulesError) -> FlexirulesError:
    """The same error, standing at ``path``."""
    return type(error)(error.code, path, error.message)


class Value:
    """What every value type shares: it is copied and unpickled through its constructor, so never past a check."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        fields = attrs.fields(type(self))  # type: ignore[arg-type]  # each subclass is an attrs class
        return rebuilt, (type(self), {field.name: getattr(self, field.name) for field in fields})


def rebuilt(kind: type, values: dict[str, object]) -> object:
    """A value made by its constructor from its fields."""
    return kind(**values)
