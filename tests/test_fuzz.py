"""Nothing but a ``FlexirulesError`` leaves ``Case.from_json``, whatever the text, in bounded time and memory."""

import json
import random
import sys
import tracemalloc
from datetime import date
from time import process_time

import pytest
from floors import holds
from hypothesis import strategies as st

from flexirules import Case, FlexirulesError, evaluate
from flexirules.document import MAX_TEXT
from flexirules.testing import official
from flexirules.testing.strategies import cases, partial_cases

MEGABYTE = 2**20
OFFICIAL = [json.dumps(vector.given) for vector in official()]


def read(text):
    """What becomes of a text: its outcome, or the code of what is wrong with it."""
    case, wrong = None, None
    try:
        case = Case.from_json(text)
    except FlexirulesError as error:
        wrong = error
    if wrong is not None:
        # What is wrong is said in few words: nothing of the text is repeated at length.
        assert wrong.code.startswith("E-")
        assert len(str(wrong)) <= 2000
        return wrong.code
    assert Case.from_json(case.to_json()) == case
    return evaluate(case).outcome.value


LEAVES = (
    st.none()
    | st.booleans()
    | st.sampled_from((0, 1, -1, 2**63, 10**30, 0.5, -0.0, 1e308, "", " ", "4/5", "80%", "2026Q4", "2026-02-30", "302"))
    | st.text(max_size=8)
    | st.dates(date(1800, 1, 1), date(2300, 1, 1)).map(str)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(node, path=()):
    """Every place in a document."""
    yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


@st.composite
def spoilt(draw):
    """A document of a case, with some of its places put out of order."""
    document = json.loads(draw(cases() | partial_cases()).to_json())
    for _ in range(draw(st.integers(0, 3))):
        *above, last = draw(st.sampled_from([path for path in places(document) if path] or [("quarter",)]))
        holder = document
        for key in above:
            holder = holder[key]
        how = draw(st.sampled_from(("other", "other", "gone", "more", "twice")))
        if how == "other":
            holder[last] = draw(ANYTHING)
        elif how == "more" and isinstance(holder, dict):
            holder[draw(st.text(max_size=10))] = draw(ANYTHING)
        elif how == "twice" and isinstance(holder, list):
            holder.append(holder[last])
        else:
            del holder[last]
    return json.dumps(document, ensure_ascii=draw(st.booleans()))


def test_documents():
    """Documents near those of a case, with other values, names and entries, or fewer."""
    floors = {"E-TYPE": 10, "E-JSON-KEYS": 10, "E-DUPLICATE": 3, "eligible": 3, "not_eligible": 3, "undetermined": 3}
    holds(read, spoilt(), floors=floors, number=1500)


def test_any_document():
    """Any document at all."""
    holds(read, ANYTHING.map(json.dumps), floors={"E-TYPE": 6}, number=500)


SCRIBBLES = (*'{}[]",:\\0-.eE\x00\ud800\ufeff', "NaN", "1e999", "//")


@st.composite
def scribbled(draw):
    """The text of a case with characters changed, dropped, doubled or put in; and any text."""
    text = draw(st.sampled_from(OFFICIAL))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        put = draw(st.text(max_size=3) | st.sampled_from(SCRIBBLES))
        text = text[:at] + put + text[at + draw(st.integers(0, 3)) :]
    return text


def test_texts():
    """Texts near those of a case, and any text."""
    holds(read, scribbled() | st.text(), floors={"E-JSON": 33}, number=1500)


def peak(act):
    """The most memory that an act took beside what there was, and the seconds of the processor."""
    tracemalloc.start()
    began = process_time()
    try:
        act()
        return tracemalloc.get_traced_memory()[1], process_time() - began
    finally:
        tracemalloc.stop()


HUGE = 100 * MEGABYTE
SHORT = '{"quarter": "2026Q4"}'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (lambda: SHORT + " " * HUGE, "E-JSON-SIZE"),
        (lambda: '{"quarter": "' + "9" * HUGE + '"}', "E-JSON-SIZE"),
        (lambda: "[" * HUGE, "E-JSON-SIZE"),
        (lambda: "é" * (HUGE // 2), "E-JSON-SIZE"),
        (lambda: "[" * 10_000 + "]" * 10_000, "E-JSON-DEPTH"),
        (lambda: '{"worker":' * 10_000 + "1" + "}" * 10_000, "E-JSON-DEPTH"),
        (lambda: '{"a' + "a" * (MAX_TEXT - 100) + '": 1}', "E-JSON-KEYS"),
        (lambda: '{"quarter": ' + "9" * (MAX_TEXT - 100) + "}", None),
        (lambda: '{"quarter": "2026Q4", "approvals": [' + ",".join(["{}"] * 300_000) + "]}", None),
        (lambda: '{"quarter": "2026Q4", "x": "' + "\\u0000" * 100_000 + '"}', None),
    ],
    ids=["spaces", "text", "brackets", "letters", "deep lists", "deep objects", "name", "number", "entries", "escapes"],
)
def test_what_is_too_much_is_refused_soon(text, code):
    """A hundred megabytes, ten thousand levels, and what a text of a megabyte can hold."""
    given = text()
    seen = []
    memory, seconds = peak(lambda: seen.append(read(given)))
    assert seen[0].startswith("E-")
    assert code in (None, seen[0])
    # What is too long is not even copied; of a text that is read, each of its characters may become an object.
    assert memory < (64 * MEGABYTE if len(given) <= MAX_TEXT else MEGABYTE)
    # A tenth of this is usual. It is here for what grows with the square of the text.
    assert seconds < 20


def test_the_harness_of_the_longer_run():
    """The harness that the longer run gives to a fuzzer reads what Python's own random bytes make of it."""
    from fuzz_json import one

    source = random.Random(1)  # noqa: S311 - the same at each run
    for _ in range(300):
        text = bytearray(source.choice(OFFICIAL).encode())
        for _ in range(source.randint(0, 5)):
            text[source.randrange(len(text))] = source.randrange(256)
        one(bytes(text))
    with pytest.raises(ZeroDivisionError):
        one(OFFICIAL[0].encode(), evaluate=lambda _: 1 // 0)
    assert "atheris" not in sys.modules
