"""A decision: what can be asked of it, and what it refuses to be."""

import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import flexirules
from flexirules import (
    Case,
    Employer,
    Employment,
    FlexirulesError,
    Function,
    InvalidInput,
    Outcome,
    Pension,
    Quarter,
    Sector,
    Verdict,
    Worker,
    evaluate,
)
from flexirules.case import Case as SameCase
from flexirules.document import case_to_document, write_case
from flexirules.law.ruleset import current

BARE = Case(quarter=Quarter(2025, 3))
DECISION = evaluate(BARE)


class TestTruth:
    """Nothing with more than two values is true or false."""

    @pytest.mark.parametrize("value", [DECISION, Outcome.ELIGIBLE, Verdict.MET])
    def test_it_has_none(self, value):
        """An ``if`` has to name the answer it wants."""
        with pytest.raises(FlexirulesError) as caught:
            bool(value)
        assert caught.value.code == "E-TRUTH"


class TestDecision:
    """The parts of a decision."""

    def test_digest(self):
        """The digest is that of the law and the case: 64 hexadecimal digits, the same each time."""
        assert (DECISION.digest, len(DECISION.digest)) == (evaluate(BARE).digest, 64)

    def test_another_case_has_another_digest(self):
        """Every fact of the case is in it."""
        assert evaluate(attrs.evolve(BARE, approvals=())).digest != DECISION.digest

    def test_another_law_gives_another_digest(self):
        """So is the law."""
        assert evaluate(BARE, law=attrs.evolve(current(), ties=())).digest != DECISION.digest

    def test_repr(self):
        """It is shown with quarter and outcome."""
        assert repr(DECISION) == "<Decision 2025Q3 undetermined>"

    def test_no_such_condition(self):
        """A condition that does not exist is refused."""
        with pytest.raises(InvalidInput) as caught:
            DECISION.finding("colour")
        assert str(caught.value) == "condition: no such condition 'colour'"

    def test_a_list_from_which_nothing_is_left(self):
        """A law of 2026 without its general rule admits no sector that no row names."""
        law = attrs.evolve(current(), sectors=tuple(row for row in current().sectors if row.id != "D-ALL"))
        job = Employment(quarter=Quarter(2026, 1), employer="bank", fraction="1", status="employee")
        one = Case(
            quarter=Quarter(2026, 4),
            worker=Worker(employments=(job,), pension=Pension(kind="none")),
            employer=Employer("cafe", Sector(joint_committee="302", public=False)),
            function=Function("ordinary"),
        )
        finding = evaluate(one, law=law).finding("sector")
        assert (finding.verdict.value, finding.reason) == ("not_met", "sector-not-listed")


class TestDocument:
    """The JSON text of a case."""

    @pytest.mark.parametrize(
        ("indent", "message"),
        [
            ("2", "indent: expected a number of spaces or None, not str"),
            (True, "indent: expected a number of spaces or None, not bool"),
            (9, "indent: an indent has 0 to 8 spaces, not 9"),
            (-1, "indent: an indent has 0 to 8 spaces, not -1"),
        ],
    )
    def test_an_indent_that_is_refused(self, indent, message):
        """An indent is a small number of spaces."""
        with pytest.raises(FlexirulesError) as caught:
            write_case(BARE, indent=indent)
        assert str(caught.value) == message

    def test_an_indent(self):
        """Text with an indent says the same."""
        assert SameCase.from_json(BARE.to_json(indent=2)) == BARE

    def test_quotes_and_backslashes(self):
        """An identifier with a quote or a backslash is written so that it can be read."""
        case = attrs.evolve(BARE, employer=Employer('a "b" \\c'))
        assert (SameCase.from_json(case.to_json()), case_to_document(case)["employer"]) == (case, {"id": 'a "b" \\c'})


class TestPackage:
    """What the package offers."""

    def test_names(self):
        """Every public name is there, and listed."""
        assert [
            name for name in flexirules.__all__ if name not in dir(flexirules) or not hasattr(flexirules, name)
        ] == []

    def test_a_name_that_it_has_not(self):
        """Another name is an error."""
        with pytest.raises(AttributeError, match=r"^module 'flexirules' has no attribute 'colour'$"):
            _ = flexirules.colour

    def test_no_law_is_read_before_a_decision(self):
        """Importing the package reads no table and loads neither JSON nor the law."""
        program = (
            "import sys, flexirules; print(sorted(set(sys.modules) & {'json', 'csv', 'hashlib', 'flexirules.dated'}))"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "[]"

    @pytest.mark.parametrize("name", ["worker", "employer", "function"])
    def test_a_part_of_another_kind_is_refused(self, name):
        """A part of a case is of its own type."""
        with pytest.raises(FlexirulesError) as caught:
            Case(quarter=Quarter(2025, 3), **{name: Path()})
        assert caught.value.code == "E-TYPE"
