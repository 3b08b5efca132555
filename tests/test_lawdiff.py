"""What changed in the law: every class of cases that differs, each with cases that show it, and nothing else."""

import json
import re
from datetime import date, timedelta
from functools import cache
from itertools import product

import attrs
import pytest

from flexirules import InvalidInput, Outcome, Verdict, evaluate
from flexirules.__main__ import main
from flexirules.dated import FIRST_DAY, provisions
from flexirules.fraction import WorkFraction
from flexirules.law.ruleset import current
from flexirules.lawdiff import PARTS, diff
from flexirules.predicate import holds, known_in, rank
from flexirules.proof.groups import link_group, work_group
from flexirules.proof.obligations import by_place

CHANGES = tuple(day for day in current().eras if day >= FIRST_DAY)
DAY = timedelta(1)
IDLE = {
    (date(2018, 1, 1), "NSSO-age-shortcut"): "a practice, by a reading that is not the default",
    (date(2025, 10, 1), "NSSO-age-shortcut"): "likewise",
    (date(2023, 1, 1), "L2015-3-7"): "the definition of a pensioner before it was narrowed was not read",
    (date(2023, 1, 1), "L2015-2-1-304-art"): "the committee was not admitted before",
    (date(2024, 1, 1), "L2015-2-1-304-art"): "the general bar on artistic functions begins where it ends",
    (date(2024, 1, 1), "L2015-2-1-330-care"): "the general bar on regulated care begins where it ends",
    (date(2026, 7, 1), "R2026-agency"): "settles reading C6 as its default read it before",
}
"""Provisions that decide, and yet change no answer on the day on which they begin or end, with the reason."""


@cache
def across(day):
    """The change of law on a day."""
    return diff(day - DAY, day)


@pytest.mark.slow
class TestEveryChange:
    """Each day on which the law of the release changes."""

    @pytest.mark.parametrize("day", CHANGES, ids=str)
    def test_it_shows_itself(self, day):
        """The two cases of every row have outcomes that differ, each the one that the row says."""
        outcomes = {
            Verdict.NOT_MET: Outcome.NOT_ELIGIBLE,
            Verdict.UNKNOWN: Outcome.UNDETERMINED,
            Verdict.NEEDS_DECISION: Outcome.CLARIFICATION_REQUIRED,
            Verdict.MET: Outcome.ELIGIBLE,
        }
        for row in across(day).rows:
            assert evaluate(row.witness_before).outcome is outcomes[row.before]
            assert evaluate(row.witness_after).outcome is outcomes[row.after]
            assert row.witness_before.first_day < day <= row.witness_after.first_day
            assert row.part in PARTS
            assert row.provisions != ()

    @pytest.mark.parametrize("day", CHANGES, ids=str)
    def test_what_begins_and_ends(self, day):
        """Exactly the provisions that begin or end on the day are listed, and each that decides changes an answer."""
        found = across(day)
        assert {(p.id, p.version) for p in found.began} == {
            (p.id, p.version) for p in provisions() if p.effective_from == day
        }
        assert {(p.id, p.version) for p in found.ended} == {
            (p.id, p.version) for p in provisions() if p.effective_to == day - DAY
        }
        if day > FIRST_DAY:
            idle = {(day, p.id) for p in found.without_effect if not p.informs}
            assert idle == {key for key in IDLE if key[0] == day}

    @pytest.mark.parametrize("day", [date(2018, 1, 1), date(2024, 1, 1), date(2026, 7, 1)], ids=str)
    def test_every_cell_of_the_trees(self, day):
        """A cell of work or of a link lies in a row if, and only if, the trees of the two days tell it apart."""
        found = across(day)
        one, other = current().on(day - DAY), current().on(day)
        kinds = {
            "work": work_group,
            "link": lambda era: link_group(era, via_agency=False),
            "link-of-an-agency": lambda era: link_group(era, via_agency=True),
        }
        for part, make in kinds.items():
            groups = make(one), make(other)
            rows = [row for row in found.rows if row.part == part]
            told = {(row.before, row.after) for row in rows}
            seen = set()
            merged = attrs_of(groups)
            every = sorted(groups[0].atoms() | groups[1].atoms(), key=repr)
            answers = [(atom.fact, {value: holds(atom, value) for value in merged[atom.fact]}) for atom in every]
            asked = set()
            for values in product(*merged.values()):
                facts = dict(zip(merged, values, strict=True))
                truths = tuple([answer[facts[name]] for name, answer in answers])
                if truths not in asked and groups[0].feasible(facts):
                    asked.add(truths)
                    pair = tuple(verdict(group, facts) for group in groups)
                    if pair[0] is not pair[1]:
                        seen.add(pair)
            assert seen == told

    @pytest.mark.parametrize("day", [d for d in CHANGES if d > FIRST_DAY], ids=str)
    def test_every_place(self, day):
        """No employer and activity without a listed main activity differs unless the table has a row of that pair."""
        one, other = current().on(day - DAY), current().on(day)
        before = {(case.employer.sector, case.function): level for case, level in by_place(one)}
        pairs = {
            (outcome(level), outcome(before[case.employer.sector, case.function]))
            for case, level in by_place(other)
            if (case.employer.sector, case.function) in before
        }
        differing = {(then, now) for now, then in pairs if now is not then}
        assert differing <= {(row.before, row.after) for row in across(day).rows if row.part == "sector"}


def outcome(level):
    """A level as a verdict."""
    return (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NEEDS_DECISION, Verdict.MET)[level]


def attrs_of(groups):
    """The facts of both groups with the values that stand for all, work that is part of other work cut alike."""
    found = {}
    for group in groups:
        for name, values in group.facts(edges=True).items():
            found.setdefault(name, {}).update(dict.fromkeys(values))
    marks = (WorkFraction(79, 100), WorkFraction(4, 5), WorkFraction(1))
    return {
        name: marks if name in ("belgian_work", "counted_work", "volume_t3") else tuple(values)
        for name, values in found.items()
    }


def verdict(group, facts):
    """What a part is told: the verdict on which all ways to decide open law agree, or the ladder's."""
    known = known_in(facts)

    def lowest(point):
        levels = []
        for ways in group.ways.values():
            level = max(rank(way, known, point) for way in ways)
            levels.append({0: 3, 3: 0}.get(level, level) if group.bars else level)
        return min(levels)

    points = group.points()
    every = {
        lowest(dict(zip(points, decided, strict=True)).get) for decided in product((False, True), repeat=len(points))
    }
    return outcome(every.pop() if len(every) == 1 else lowest(lambda _: None))


class TestRows:
    """What a row says."""

    def test_the_first_day(self):
        """Before 1 December 2015 there was no flexi-job at all: one row, and the first provisions begin."""
        found = across(FIRST_DAY)
        assert [(row.part, row.facts, row.before, row.after) for row in found.rows] == [
            ("day", (), Verdict.NOT_MET, Verdict.MET)
        ]
        assert "L2015-37" in {each.id for each in found.began}

    def test_work_that_begins_to_count(self):
        """A teacher's summer days count from 2018 on."""
        (row,) = [row for row in across(date(2018, 1, 1)).rows if row.part == "counting"]
        assert row.facts == (("status", ("deferred_pay",)),)
        assert row.provisions == ("L2015-4-4",)

    def test_the_user_of_an_agency(self):
        """From 7 May 2022 a contract with the user bars, and statutory service with it is not settled."""
        rows = across(date(2022, 5, 7)).rows
        assert {row.part for row in rows} == {"link-of-an-agency"}
        assert {row.provisions for row in rows} == {("L2015-4-1-d",)}
        plain = [row for row in rows if (row.before, row.after) == (Verdict.MET, Verdict.NOT_MET)]
        assert [dict(row.facts)["kind"] for row in plain] == [("employment", "occasional", "student")]

    def test_nothing_between(self):
        """Between two days of one law nothing differs, and nothing begins or ends."""
        found = diff(date(2023, 6, 1), date(2023, 6, 30))
        assert (found.rows, found.ended, found.began, found.without_effect) == ((), (), (), ())

    def test_two_rulesets(self):
        """On one day two rulesets are compared: without its tie on the employer a contract bars no more."""
        law = current()
        without = attrs.evolve(law, ties=tuple(tie for tie in law.ties if tie.condition != "own-employer"))
        day = date(2026, 10, 5)
        rows = diff(day, day, law_after=without).rows
        assert {(row.part, row.before, row.after) for row in rows} == {("link", Verdict.NOT_MET, Verdict.MET)}
        assert {row.provisions for row in rows} == {("L2015-4-1-a",)}
        back = diff(day, day, law_before=without).rows
        assert {(row.before, row.after) for row in back} == {(Verdict.MET, Verdict.NOT_MET)}

    def test_names(self):
        """Every row has a name of its own, by its part."""
        rows = diff(date(2023, 12, 31), date(2024, 1, 1)).rows
        assert len({row.name for row in rows}) == len(rows)
        assert all(re.fullmatch(rf"{row.part}-[1-9][0-9]*", row.name) for row in rows)

    def test_backwards(self):
        """The second day is not before the first."""
        with pytest.raises(InvalidInput) as caught:
            diff(date(2024, 1, 1), date(2023, 12, 31))
        assert str(caught.value) == (
            "after: the second day is not before the first, as 2023-12-31 is before 2024-01-01"
        )


class TestCommand:
    """``flexirules diff``."""

    def test_text(self, capsys):
        """Each row with its facts, then what ended and began, and which of that changes no answer."""
        assert main(["diff", "2023-04-22", "2023-04-23"]) == 0
        turned = "not met -> met [L2015-2-1-118-choc]"
        assert capsys.readouterr().out.splitlines() == [
            f"sector-1, sector and function: {turned}",
            "   joint committee: 118",
            "   main activity (NACE-BEL): on the chocolate list",
            "   in the bakery fund: no",
            f"sector-through-an-agency-1, sector of the user and function, through an agency: {turned}",
            "   joint committee: 118",
            "   main activity (NACE-BEL): on the chocolate list",
            "   in the bakery fund: no",
            "Began: L2015-2-1-118-choc v1",
        ]

    def test_without_effect(self, capsys):
        """A practice by a reading that is not the default ends without a change of answer; amending acts say so."""
        assert main(["diff", "2025-09-30", "2025-10-01"]) == 0
        assert capsys.readouterr().out == "No answer differs.\nEnded, and changes no answer: NSSO-age-shortcut v1\n"
        assert main(["diff", "2022-05-06", "2022-05-07"]) == 0
        said = capsys.readouterr().out.splitlines()
        assert said[-2:] == ["Began, and changes no answer: L2022-2 v1", "   amending: letter d) decides"]

    def test_json(self, capsys):
        """The table as JSON, each row with two cases that ``flexirules evaluate`` reads."""
        assert main(["diff", "--json", "2022-05-06", "2022-05-07"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["began"] == ["L2015-4-1-d v1", "L2022-2 v1"]
        assert said["without_effect"] == {"L2022-2 v1": "amending: letter d) decides"}
        assert said["rows"][0]["witness_after"]["quarter"] == "2022Q2"
