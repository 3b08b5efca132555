"""Errors: bad input is an exception, a "no" is a result."""

from typing import Final, NamedTuple, Self

SHOWN: Final = 40


def show(value: object) -> str:
    """The value as it may stand in a message: its repr, at most 40 characters, never a million."""
    if type(value) is int and value.bit_length() > 400:
        return "an integer of more than 100 digits"
    if isinstance(value, str):
        value = value[: SHOWN + 1]
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class Problem(NamedTuple):
    """One thing that is wrong with an input: a stable code, where it stands, and a sentence for people."""

    code: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class FlexirulesError(Exception):
    """The base of every error that the library raises on purpose.

    ``code`` is stable, ``path`` says where (``$.worker.employments[0].fraction`` in a document, a field name for a
    constructor, empty where there is only one place), ``message`` is one sentence. ``problems`` holds everything that
    was found wrong with one input, the first of which gives the other three.
    """

    def __init__(self, code: str, path: str, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(code, path, message, problems)
        self.code = code
        self.path = path
        self.message = message
        self.problems = problems or (Problem(code, path, message),)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.path!r}, {self.message!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), self.args


class InvalidInput(FlexirulesError, ValueError):
    """A value of the right type that is impossible."""


class WrongType(FlexirulesError, TypeError):
    """A value whose type is refused."""


class UndecidedTruth(WrongType):
    """``bool()`` of an answer that has more than two values."""


class IllegalEvent(FlexirulesError, ValueError):
    """An event that the expat's procedure does not know in its present state."""


def wrong_type(path: str, value: object, accepted: str) -> WrongType:
    """The error for a refused type: what was given, what is possible."""
    return WrongType("E-TYPE", path, f"expected {accepted}, not {type(value).__name__}")


def collected(problems: list[FlexirulesError]) -> FlexirulesError:
    """One error for all the problems of one input; a type error only where every one of them is."""
    everything = tuple(p for error in problems for p in error.problems)
    kind = WrongType if all(isinstance(error, TypeError) for error in problems) else InvalidInput
    first = everything[0]
    return kind(first.code, first.path, first.message, everything)
