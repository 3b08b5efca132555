"""Errors: one base, stable codes, sentences for people."""

import copy
import pickle

import pytest

from flexirules.errors import (
    FlexirulesError,
    IllegalEvent,
    InvalidInput,
    Problem,
    UndecidedTruth,
    WrongType,
    collected,
    show,
    wrong_type,
)


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [(InvalidInput, ValueError), (WrongType, TypeError), (UndecidedTruth, TypeError), (IllegalEvent, ValueError)],
)
def test_children(kind, builtin):
    """Every error is a FlexirulesError and the fitting builtin, so either `except` catches it."""
    assert issubclass(kind, FlexirulesError)
    assert issubclass(kind, builtin)


def test_str_names_the_path():
    """The text of an error is its path and its sentence."""
    assert str(InvalidInput("E-X", "$.quarter", "no such quarter")) == "$.quarter: no such quarter"


def test_str_without_path():
    """Where there is only one place, the sentence stands alone."""
    assert str(InvalidInput("E-X", "", "no such quarter")) == "no such quarter"


def test_one_problem_by_default():
    """An error that was raised alone is its own and only problem."""
    assert InvalidInput("E-X", "p", "m").problems == (Problem("E-X", "p", "m"),)


def test_collected_has_all():
    """Collected errors keep every problem in order, one line each, and show the first as their own."""
    error = collected([InvalidInput("E-A", "a", "one"), WrongType("E-B", "b", "two")])
    assert (error.code, error.path, error.message, str(error)) == ("E-A", "a", "one", "a: one\nb: two")


def test_collected_kind_mixed():
    """A mixture of refused types and impossible values is impossible input."""
    assert type(collected([WrongType("E-A", "a", "one"), InvalidInput("E-B", "b", "two")])) is InvalidInput


def test_collected_kind_types_only():
    """Where every problem is a refused type, so is the whole."""
    assert type(collected([WrongType("E-A", "a", "one"), WrongType("E-B", "b", "two")])) is WrongType


@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_comes_back(again):
    """An error comes back from another process with everything that it said."""
    error = collected([InvalidInput("E-A", "a", "one"), InvalidInput("E-B", "b", "two")])
    back = again(error)
    assert (type(back), back.problems, repr(back)) == (InvalidInput, error.problems, repr(error))


def test_repr():
    """The repr can be pasted back."""
    error = InvalidInput("E-X", "p", "m")
    assert repr(error) == "InvalidInput('E-X', 'p', 'm')"


def test_wrong_type_message():
    """A refused type is named, and what is accepted."""
    assert str(wrong_type("p", None, "text")) == "p: expected text, not NoneType"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x", "'x'"),
        ("x" * 38, f"'{'x' * 38}'"),
        ("x" * 10**6, f"'{'x' * 38}…"),
        (10**200, "an integer of more than 100 digits"),
        (10**30, str(10**30)),
        ("\u202e", r"'\u202e'"),
    ],
)
def test_show(value, shown):
    """A value is shown by its repr, in at most 40 characters, so that nothing hides and nothing floods."""
    assert show(value) == shown
