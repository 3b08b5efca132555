"""Receipts: shown with the facts that decided and no others, refused where a fact was changed, decided again."""

import json
from datetime import date

import attrs
import pytest
from floors import holds

from flexirules import Case, FlexirulesError, InvalidInput, Outcome, Quarter, Worker, WrongType, evaluate
from flexirules.law.ruleset import current
from flexirules.receipts import FIXED, Receipt, replay
from flexirules.testing.strategies import cases, partial_cases

T = Quarter(2026, 4)
SALT = bytes(range(16))
OTHER = bytes(range(1, 17))


@pytest.fixture
def expat():
    """The example of the founding page, letter in hand."""
    from pathlib import Path

    text = (Path(__file__).parent.parent / "examples" / "returning-expat.json").read_text(encoding="utf-8")
    return Case.from_json(text)


class TestShowing:
    """What a receipt shows."""

    def test_only_what_decided(self, expat):
        """With the letter neither the age nor the pension is shown, and the answer is the same all the same."""
        whole = evaluate(expat).receipt(salt=SALT)
        shown = whole.only_what_decided()
        paths = {path for path, _, _ in shown.shown}
        assert not {"$.worker.birth_date", "$.worker.pension"} & paths
        assert {"$.approvals", "$.worker.employments"} <= paths
        assert shown.case.worker.birth_date is None
        assert replay(shown).holds
        assert shown.digest == whole.digest

    def test_what_is_not_shown_cannot_be_read(self, expat):
        """Neither the value nor its key is in the text, and two people with the same facts have different hashes."""
        shown = evaluate(expat).receipt(salt=SALT).only_what_decided()
        assert "1987-03-14" not in shown.to_json()
        one, other = (dict(evaluate(expat).receipt(salt=salt).commitments) for salt in (SALT, OTHER))
        assert all(one[path] != other[path] for path in one)

    @pytest.mark.slow
    def test_any_case(self):
        """Of drawn cases the facts that decided give the same outcome, from the text of the receipt alone."""

        def check(case):
            decision = evaluate(case)
            read = Receipt.from_json(decision.receipt(salt=SALT).only_what_decided().to_json())
            again = replay(read)
            assert again.then is again.now is decision.outcome
            assert again.holds
            assert again.same_law
            return decision.outcome, len(read.shown) < len(read.commitments)

        floors = {(Outcome.ELIGIBLE, True): 20, (Outcome.NOT_ELIGIBLE, True): 20}
        holds(check, cases(), floors=floors, number=150)
        holds(check, partial_cases(), floors={}, number=50)

    def test_every_fact(self, expat):
        """All facts together give the case back."""
        assert evaluate(expat).receipt(salt=SALT).case == expat

    def test_facts_that_are_no_secret(self):
        """What would mean something else if it were absent is shown with every receipt."""
        case = Case(quarter=T, worker=Worker(habitual_legislation="dutch", birth_date=date(1987, 3, 14)))
        shown = evaluate(case).receipt(salt=SALT).showing(())
        assert {path for path, _, _ in shown.shown} == {"$.quarter", "$.worker.habitual_legislation"}
        assert {*FIXED} >= {path for path, _, _ in shown.shown}
        assert replay(shown).now is Outcome.NOT_ELIGIBLE


class TestTheSame:
    """Bytes and salts."""

    def test_the_same_bytes(self, expat):
        """The same decision and salt give the same bytes, which read back are the same receipt."""
        first, second = (evaluate(expat).receipt(salt=SALT) for _ in range(2))
        assert first.to_json() == second.to_json()
        assert Receipt.from_json(first.to_json()) == first

    def test_salts(self, expat):
        """A salt is bytes, and enough of them."""
        with pytest.raises(InvalidInput) as short:
            evaluate(expat).receipt(salt=b"short")
        assert str(short.value) == "salt: a salt has at least 16 bytes, not 5"
        with pytest.raises(WrongType):
            evaluate(expat).receipt(salt="x" * 16)


class TestChanged:
    """What was changed is refused."""

    def test_a_fact(self, expat):
        """A shown fact with another value is not the one that was committed to."""
        text = evaluate(expat).receipt(salt=SALT).to_json()
        with pytest.raises(InvalidInput) as caught:
            Receipt.from_json(text.replace("1987-03-14", "1957-03-14"))
        assert str(caught.value) == ("$.worker.birth_date: the fact shown is not the one that the receipt was made of")

    def test_the_outcome(self, expat):
        """Neither outcome nor commitment can be changed without the digest."""
        document = json.loads(evaluate(expat).receipt(salt=SALT).to_json())
        document["decided"]["outcome"] = "not_eligible"
        with pytest.raises(InvalidInput) as caught:
            Receipt.from_json(json.dumps(document))
        assert caught.value.path == "$.digest"

    def test_a_fact_that_was_added(self, expat):
        """A fact to which nothing was committed is refused when it is decided again."""
        made = evaluate(expat).receipt(salt=SALT)
        more = attrs.evolve(made, shown=(*made.shown, ("$.worker.height", "00", "180")))
        with pytest.raises(InvalidInput):
            replay(more)

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", "null", '{"format": "flexirules receipt 1"}', "[" * 100_000],
    )
    def test_no_receipt(self, text):
        """What is no receipt is refused with one sentence."""
        with pytest.raises(InvalidInput) as caught:
            Receipt.from_json(text)
        assert str(caught.value) == "$: this is not a flexirules receipt 1"

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "flexirules receipt 2"},
            {"decided": 1},
            {"decided": {"outcome": "maybe"}},
            {"commitments": []},
            {"shown": [1]},
            {"digest": None, "needed": None},
        ],
    )
    def test_another_shape(self, expat, changes):
        """So is one of another shape."""
        document = json.loads(evaluate(expat).receipt(salt=SALT).to_json()) | changes
        with pytest.raises(InvalidInput) as caught:
            Receipt.from_json(json.dumps(document))
        assert str(caught.value) == "$: this is not a flexirules receipt 1"

    @pytest.mark.parametrize(
        "changes",
        [
            {"outcome": "maybe"},
            {"law": None},
            {"law": {}},
            {"conditions": []},
            {"conditions": [{"id": "sector", "verdict": "perhaps"}]},
            {"readings": {"no-such-reading": "x"}},
        ],
    )
    def test_another_decision(self, expat, changes):
        """And one that says what no decision says."""
        document = json.loads(evaluate(expat).receipt(salt=SALT).to_json())
        document["decided"] |= changes
        with pytest.raises(InvalidInput):
            Receipt.from_json(json.dumps(document))

    def test_a_fact_that_no_case_has(self, expat):
        """A fact at a place where a case has none is refused, also where it was committed to."""
        made = evaluate(expat).receipt(salt=SALT)
        for path in ("$", "$.worker", "$.worker.pension.kind", "worker"):
            with pytest.raises(InvalidInput) as caught:
                assert attrs.evolve(made, shown=((path, "00", "1"),)).case
            assert str(caught.value) == f"$.shown: a case has no fact {path!r}"

    def test_no_text(self):
        """Bytes are not text, and a megabyte is enough."""
        with pytest.raises(WrongType):
            Receipt.from_json(b"{}")
        with pytest.raises(FlexirulesError):
            Receipt.from_json(" " * 2_000_000)


class TestReplay:
    """Years later."""

    def test_the_law_has_changed(self, expat):
        """Under a law in which a contract with the employer bars no more, the old refusal no longer stands, and why."""
        link = {"employer": "cafe-central", "kind": "employment", "fraction": "1", "from": "2020-01-01"}
        document = json.loads(expat.to_json()) | {"engagements": [link]}
        refused = evaluate(Case.from_json(json.dumps(document)))
        assert refused.outcome is Outcome.NOT_ELIGIBLE
        law = current()
        later = attrs.evolve(law, ties=tuple(tie for tie in law.ties if tie.condition != "own-employer"))
        again = replay(refused.receipt(salt=SALT), law=later)
        assert (again.then, again.now, again.holds, again.same_law) == (
            Outcome.NOT_ELIGIBLE,
            Outcome.ELIGIBLE,
            False,
            False,
        )
        assert again.changed == (("own-employer", ("L2015-4-1-a",)),)

    def test_under_a_reading(self, expat):
        """The readings that were chosen are part of what was decided."""
        chosen = {"notice_employer": "any"}
        decision = evaluate(expat, readings=chosen)
        assert decision.outcome is Outcome.UNDETERMINED
        assert replay(decision.receipt(salt=SALT)).now is Outcome.UNDETERMINED
