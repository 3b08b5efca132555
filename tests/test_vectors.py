"""Conformance vectors: what they hold, and the command that tests other programs with them."""

import json
import sys
from collections import Counter
from datetime import date

import attrs
import pytest

from flexirules import Case, InvalidInput, evaluate, testing
from flexirules.__main__ import main
from flexirules.dated import FIRST_DAY
from flexirules.law.ruleset import current
from flexirules.testing import Vector, _vectors, conformance, differences, manifest, official, situations, vectors

FIRST = attrs.evolve(
    current(),
    **{
        table: tuple(r for r in getattr(current(), table) if (r.effective_from or FIRST_DAY) <= FIRST_DAY)
        for table in ("sectors", "nace", "counting", "exemption", "age_practice", "ties", "turns")
    },
)
"""The law as it was first, with nothing after it."""


@pytest.fixture(scope="module")
def core():
    """All vectors of level core."""
    return list(vectors())


@pytest.mark.slow
class TestVectors:
    """The vectors of the law."""

    def test_a_list_that_names_every_code_beside(self):
        """Where a list names all codes of a group there is no code beside, and none is made up."""
        law = attrs.evolve(current(), nace=tuple(attrs.evolve(current().nace[0], nace=f"8610{n}") for n in range(10)))
        row = law.nace[0]
        found = [name for name, _ in situations.activities(date(2026, 7, 1), (row,), law)]
        assert found == [f"{row.list} 86100"]

    def test_ids_are_unique(self, core):
        """An id names one vector."""
        assert len({vector.id for vector in core}) == len(core) >= 5000

    def test_the_official_cases_come_first(self, core):
        """What is published is among them."""
        assert tuple(core[: len(official())]) == official()

    def test_every_answer_comes_up(self, core):
        """Every outcome, every verdict of every condition that can have it, and every predicted answer."""
        assert min(Counter(vector.expect["outcome"] for vector in core).values()) >= 50
        assert len({vector.expect["outcome"] for vector in core}) == 4
        verdicts = {v for vector in core for v in vector.expect.get("conditions", {}).items()}
        assert len({name for name, _ in verdicts}) == 13
        assert {name for name, verdict in verdicts if verdict == "not_met"} == {name for name, _ in verdicts}

    def test_they_agree_with_the_library(self, core):
        """The library says of each case what its vector expects; every ninth is asked here."""
        asked = [v for v in core[::9] if differences(v.expect, decided(v.given))]
        assert asked == []

    def test_full_has_every_cell(self):
        """The level full holds the core and every cell besides."""
        few, all_of_them = (list(vectors(level, law=FIRST)) for level in ("core", "full"))
        assert [v.id for v in all_of_them[: len(few)]] == [v.id for v in few]
        assert len({v.id for v in all_of_them}) == len(all_of_them) >= len(few) + 100

    def test_no_such_level(self):
        """A level is core or full."""
        with pytest.raises(InvalidInput) as caught:
            vectors("all")
        assert str(caught.value) == "level: expected one of core, full, not 'all'"

    def test_nothing_else(self):
        """The package offers what it names."""
        assert {name for name in testing.__all__ if not hasattr(testing, name)} == set()
        with pytest.raises(AttributeError, match="no attribute 'colour'"):
            _ = testing.colour


def decided(given):
    """The decision on a case in its JSON form."""
    return json.loads(evaluate(Case.from_json(json.dumps(given))).to_json())


DECISION = {
    "outcome": "eligible",
    "conditions": [{"id": "sector", "verdict": "met"}],
    "dimona": {"expected": "ok"},
    "reference_quarter": "2026Q1",
    "missing": [{"path": "$.b"}, {"path": "$.a"}],
}


class TestDifferences:
    """What a program says otherwise."""

    def test_none(self):
        """Nothing where all that is expected is said."""
        expect = {
            "outcome": "eligible",
            "conditions": {"sector": "met"},
            "dimona": {"expected": "ok"},
            "reference_quarter": "2026Q1",
            "missing": ["$.a", "$.b"],
            "missing_includes": ["$.b"],
        }
        assert differences(expect, DECISION) == []

    @pytest.mark.parametrize(
        ("expect", "said"),
        [
            ({"outcome": "undetermined"}, "outcome: undetermined expected, eligible said"),
            ({"conditions": {"sector": "unknown"}}, "conditions.sector: unknown expected, met said"),
            ({"conditions": {"notice": "met"}}, "conditions.notice: met expected, None said"),
            ({"dimona": {"expected": "warning"}}, "dimona.expected: warning expected, ok said"),
            ({"reference_quarter": None}, "reference_quarter: None expected, 2026Q1 said"),
            ({"missing": ["$.a"]}, "missing: ['$.a'] expected, ['$.a', '$.b'] said"),
            ({"missing_includes": ["$.c"]}, "missing_includes: $.c expected, ['$.a', '$.b'] said"),
        ],
    )
    def test_one(self, expect, said):
        """Each part that differs is said with what was expected."""
        assert differences(expect, DECISION) == [said]

    @pytest.mark.parametrize("document", [{}, {"conditions": 1, "missing": "x", "dimona": []}, {"conditions": [1]}])
    def test_what_is_no_decision(self, document):
        """A document of another shape differs; it does not break the comparison."""
        expect = {"outcome": "eligible", "dimona": {"expected": "ok"}, "missing_includes": ["$.a"]}
        assert len(differences(expect, document)) == 3


VECTORS = [
    Vector(id=f"v{n}", title="", source="cells", given={"quarter": "2026Q4"}, expect={"outcome": "undetermined"})
    for n in range(30)
]


@pytest.fixture
def file(tmp_path):
    """Thirty vectors in a file."""
    found = tmp_path / "vectors.jsonl"
    found.write_text("".join(vector.to_json() + "\n" for vector in VECTORS), encoding="utf-8")
    return found


def outcome_of(file, program, capsys):
    """The status and what is printed where a program in Python is tested."""
    script = file.parent / "program.py"
    script.write_text(program, encoding="utf-8")
    status = main(["conformance", "--command", f"{sys.executable} {script}", "--vectors", str(file)])
    return status, capsys.readouterr().out.splitlines()


class TestCommand:
    """``flexirules conformance``."""

    def test_the_library_itself(self, capsys, monkeypatch):
        """The library's own command agrees with the vectors."""
        monkeypatch.setattr(_vectors, "cases", lambda _level, _law: iter(()))
        status = main(["conformance", "--command", f"{sys.executable} -m flexirules evaluate --lines -"])
        assert (status, capsys.readouterr().out) == (0, f"{len(official())} of {len(official())} vectors agree\n")

    def test_a_program_that_is_wrong(self, file, capsys):
        """Each difference is shown with its case, twenty of them, and the status is 1."""
        wrong = 'import sys\nfor line in sys.stdin: print(\'{"outcome": "eligible"}\')\n'
        status, lines = outcome_of(file, wrong, capsys)
        assert status == 1
        assert lines[:2] == ["v0: outcome: undetermined expected, eligible said", '   {"quarter": "2026Q4"}']
        assert (len(lines), lines[-1]) == (41, "0 of 30 vectors agree")

    @pytest.mark.parametrize(
        ("program", "says"),
        [
            ("", "the program ended without an answer"),
            ("print('yes', flush=True)\nfor n in range(29): print('{}')", "no JSON: 'yes\\n'"),
            ("for n in range(30): print('[]')", "a decision is an object"),
        ],
    )
    def test_a_program_that_says_no_decision(self, file, capsys, program, says):
        """What is no decision is said in words."""
        status, lines = outcome_of(file, program, capsys)
        assert (status, lines[0]) == (1, f"v0: {says}")

    def test_a_program_that_reads_nothing(self, tmp_path, capsys):
        """A program that ends at once does not stop the run, however much there is to write."""
        long = [attrs.evolve(v, given={"quarter": "2026Q4", "function": {"activity": "x" * 9000}}) for v in VECTORS]
        file = tmp_path / "long.jsonl"
        file.write_text("".join(v.to_json() + "\n" for v in long), encoding="utf-8")
        status, lines = outcome_of(file, "raise SystemExit", capsys)
        assert (status, lines[-1]) == (1, "0 of 30 vectors agree")

    def test_a_file_that_holds_no_vectors(self, file, capsys):
        """A line that is no vector is named."""
        file.write_text('{"id": 1}\n', encoding="utf-8")
        status, _ = outcome_of(file, "", capsys)
        assert status == 2

    def test_written(self, tmp_path, capsys, monkeypatch):
        """What is written is what is tested, and the manifest says what it is."""
        monkeypatch.setattr(_vectors, "cases", lambda _level, _law: iter(()))
        assert main(["conformance", "--write", str(tmp_path / "new"), "--level", "full"]) == 0
        lines, about = (tmp_path / "new" / name for name in ("full.jsonl", "full.manifest.json"))
        assert capsys.readouterr().out.split() == [str(lines), str(about)]
        assert tuple(conformance.read(lines)) == official()
        said = json.loads(about.read_text(encoding="utf-8"))
        assert said == manifest("full")
        assert (said["official"], said["from_cells"], said["licence"]) == (len(official()), 0, "MIT")
        assert sum(said["outcomes"].values()) == said["vectors"] == len(official())


@pytest.mark.slow
def test_a_day_before_the_law(core):
    """The day before the first is among the cases: nobody may do a flexi-job then."""
    mine = [v for v in core if v.id.startswith(f"{date(2015, 11, 30)}/persons/")]
    assert {v.expect["outcome"] for v in mine} == {"not_eligible"}
