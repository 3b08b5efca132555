"""Approvals, requests, and the expat's procedure as a table of states and events."""

import copy
import datetime as dt
import itertools
import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexirules.approval import EVENTS, STATES, TRANSITIONS, Approval, Request, advance, decision_for, procedure_state
from flexirules.errors import IllegalEvent, InvalidInput, WrongType
from flexirules.quarter import Quarter

T = Quarter(2026, 4)
EARLY, LATE = date(2026, 9, 1), date(2026, 9, 21)
days = st.none() | st.sampled_from((EARLY, LATE, date(1900, 1, 1), date(2199, 12, 31)))
some_quarters = st.none() | st.sampled_from((T, T + 1, Quarter(1900, 1), Quarter(2199, 4)))
approvals = st.builds(
    Approval,
    quarter=some_quarters,
    granted=st.sampled_from((None, True, False)),
    issued_on=days,
    reference=st.sampled_from((None, "OSS/2026/118")),
)
requests = st.builds(Request, quarter=some_quarters, made_on=days, by=st.sampled_from((None, "worker", "employer")))


def said(kind, act):
    """The whole text of the error that an act raises."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


@given(approvals | requests)
def test_round_trips(value):
    """Approvals and requests come back equal, with the same hash, from repr, pickle and copy."""
    names = {"Approval": Approval, "Request": Request, "Quarter": Quarter, "datetime": dt}
    shown = eval(repr(value), names)  # noqa: S307 - the library's own repr
    for back in (shown, pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert (back, hash(back)) == (value, hash(value))


@pytest.mark.parametrize(("quarter", "expected"), [(T, True), (T + 1, False), (T - 1, False), (T - 3, False)])
def test_covers_one_quarter(quarter, expected):
    """An approval covers its own quarter and no other, least of all that of the work."""
    assert Approval(quarter=T, granted=True).covers(quarter) is expected


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (lambda: Approval(quarter="2026Q4"), WrongType, "quarter: expected a Quarter, not str"),
        (lambda: Approval(granted="yes"), WrongType, "granted: expected True or False, not str"),
        (lambda: Approval(issued_on="2026-09-21"), WrongType, "issued_on: expected a date, not str"),
        (
            lambda: Approval(issued_on=date(1899, 12, 31)),
            InvalidInput,
            "issued_on: a year lies between 1900 and 2199, not 1899",
        ),
        (
            lambda: Approval(reference="x" * 201),
            InvalidInput,
            f"reference: an identifier has at most 200 characters: '{'x' * 38}…",
        ),
        (lambda: Request(quarter=1), WrongType, "quarter: expected a Quarter, not int"),
        (lambda: Request(made_on=1), WrongType, "made_on: expected a date, not int"),
        (lambda: Request(by="oss"), InvalidInput, "by: expected one of employer, worker, not 'oss'"),
    ],
)
def test_refused(act, kind, text):
    """What is impossible is refused with what was given and what is possible."""
    assert said(kind, act) == text


# The table written a second time, by hand, one line per state: what may happen and where it leads.
PROCEDURE = {
    "none": {"request": "requested", "file-warned": "warned", "file-accepted": "accepted"},
    "warned": {"report": "requested-and-warned"},
    "accepted": {},
    "requested": {"file-warned": "requested-and-warned", "approve": "granted", "refuse": "refused"},
    "requested-and-warned": {"approve": "granted-and-warned", "refuse": "refused-and-warned"},
    "granted": {"file-warned": "granted-and-warned"},
    "granted-and-warned": {},
    "refused": {"file-warned": "refused-and-warned"},
    "refused-and-warned": {},
}


def test_every_state_is_described():
    """The table of this test speaks of every state."""
    assert set(PROCEDURE) == set(STATES)


@pytest.mark.parametrize(
    ("state", "event", "after"), [(s, e, after) for s, moves in PROCEDURE.items() for e, after in moves.items()]
)
def test_legal(state, event, after):
    """Every legal event leads to the state that the procedure says."""
    assert advance(state, event) == after


@pytest.mark.parametrize(
    ("state", "event"), [(s, e) for s, e in itertools.product(STATES, EVENTS) if e not in PROCEDURE[s]]
)
def test_illegal(state, event):
    """Every other event raises, says what is possible, and changes nothing."""
    before = dict(TRANSITIONS)
    possible = ", ".join(sorted(PROCEDURE[state])) or "nothing more in this quarter"
    assert said(IllegalEvent, lambda: advance(state, event)) == (
        f"event: {event} cannot happen in {state}; possible: {possible}"
    )
    assert before == TRANSITIONS


def test_every_state_is_reached():
    """From `none` every state can be reached."""
    reached = {"none"}
    while more := {after for (s, _), after in TRANSITIONS.items() if s in reached} - reached:
        reached |= more
    assert reached == set(STATES)


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (
            lambda: advance("lost", "request"),
            InvalidInput,
            (
                "state: expected one of accepted, granted, granted-and-warned, none, refused, refused-and-warned, "
                "requested, requested-and-warned, warned, not 'lost'"
            ),
        ),
        (
            lambda: advance("none", "wait"),
            InvalidInput,
            "event: expected one of approve, file-accepted, file-warned, refuse, report, request, not 'wait'",
        ),
        (lambda: advance(None, "request"), WrongType, "state: expected text, not NoneType"),
    ],
)
def test_no_such_word(act, kind, text):
    """A state or an event that does not exist is refused."""
    assert said(kind, act) == text


def decision(granted, day=None, quarter=T):
    """A written decision."""
    return Approval(quarter=quarter, granted=granted, issued_on=day)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), "none"),
        ((decision(True, quarter=T + 1),), "none"),
        ((decision(True),), "granted"),
        ((decision(False),), "refused"),
        ((decision(None),), "unsettled"),
        ((decision(False, EARLY), decision(True, LATE)), "granted"),
        ((decision(True, EARLY), decision(False, LATE)), "refused"),
        ((decision(True, LATE), decision(False, LATE)), "unsettled"),
        ((decision(True, LATE), decision(False)), "unsettled"),
        ((decision(True, LATE), decision(True)), "granted"),
        ((decision(True, LATE), decision(False, date(2026, 9, 21))), "unsettled"),
    ],
)
def test_decision_for(held, expected):
    """Of several decisions the later counts; where the later cannot be known, it is not settled."""
    assert decision_for(T, held) == expected


ASKED = (Request(quarter=T),)


@pytest.mark.parametrize(
    ("held", "asked", "result", "expected"),
    [
        (None, (), None, "none"),
        ((), (), "A", "accepted"),
        ((), (), "W", "warned"),
        ((), (), "B", "none"),
        ((), None, "S", "none"),
        ((), ASKED, None, "requested"),
        ((), ASKED, "W", "requested-and-warned"),
        ((), (Request(quarter=T + 1),), None, "none"),
        ((), (Request(quarter=T - 1),), None, "none"),
        ((), (Request(),), None, "none"),
        ((decision(True),), (), None, "granted"),
        ((decision(True),), ASKED, "W", "granted-and-warned"),
        ((decision(False),), (), None, "refused"),
        ((decision(False),), (), "W", "refused-and-warned"),
        ((decision(None),), (), None, "requested"),
        ((decision(True, quarter=T - 1),), (), None, "none"),
    ],
)
def test_procedure_state(held, asked, result, expected):
    """The state of a quarter is computed from what is held and known; another quarter's letter does not count."""
    assert procedure_state(T, held, asked, result) == expected


AGAIN = Quarter(2026, 4)
"""T once more, as a second object: what is read from two documents is equal and not the same."""


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [((decision(True),), (), "granted"), ((decision(False),), (), "refused"), ((), ASKED, "requested")],
)
def test_an_equal_quarter_is_the_quarter(held, asked, expected):
    """Letters and questions are found by the quarter that they name, not by the object that names it."""
    assert procedure_state(AGAIN, held, asked, None) == expected


def test_an_approval_covers_an_equal_quarter():
    """An approval covers its quarter however that was made."""
    assert Approval(quarter=T, granted=True).covers(AGAIN) is True


def test_a_state_may_come_from_anywhere():
    """A state that was read and not written down in the program is told what is possible too."""
    read = json.loads('"warned"')
    assert said(IllegalEvent, lambda: advance(read, "approve")) == (
        "event: approve cannot happen in warned; possible: report"
    )


@pytest.mark.parametrize("kind", [Approval, Request])
def test_fields_are_given_by_name(kind):
    """No field of a letter or a question is given by its position."""
    with pytest.raises(TypeError, match="positional argument"):
        kind(T)
