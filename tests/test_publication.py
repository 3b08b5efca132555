"""The law as it was published on a day: retroactive decrees are not known before they are out."""

import pickle
from datetime import date, timedelta

import attrs
import pytest

from flexirules import Case, Employer, Engagement, Function, Quarter, Sector, WrongType, evaluate
from flexirules.__main__ import main
from flexirules.dated import FIRST_DAY, provision_versions, provisions
from flexirules.finding import Verdict
from flexirules.law.publication import ENDED_BY, LIST_REPLACED, out
from flexirules.law.ruleset import current
from flexirules.lawdiff import diff

LAW = current()
DAY = timedelta(1)
TABLES = ("sectors", "nace", "counting", "exemption", "age_practice", "ties", "turns")
GAPS = ((date(2024, 4, 1), date(2024, 4, 24)), (date(2025, 1, 1), date(2025, 2, 6)))
"""The decrees of 18 April 2024 and 31 January 2025 held before they were published (law papers)."""


def in_force(law, day):
    """What is in force on a day, by its content: an end that is not yet known changes nothing on that day."""
    return {
        (table, attrs.evolve(row, effective_to=None))
        for table in TABLES
        for row in getattr(law, table)
        if row.in_force(day)
    }


def sector(committee, day, known, activity="ordinary"):
    """The verdicts on sector and function of a private employer, by the law as published on a day."""
    case = Case(
        quarter=Quarter.of(day),
        start=day,
        employer=Employer("employer", Sector(joint_committee=committee)),
        function=Function(activity),
    )
    law = LAW if known is None else LAW.known_at(known)
    decision = evaluate(case, law=law)
    return decision.finding("sector").verdict, decision.finding("function").verdict


class TestRetroactive:
    """What a decree said for days before its publication."""

    @pytest.mark.parametrize(
        ("committee", "day", "published"),
        [("144", date(2024, 4, 1), date(2024, 4, 25)), ("132", date(2025, 1, 1), date(2025, 2, 7))],
    )
    def test_taken_out(self, committee, day, published):
        """A sector that a decree took out before it was published was still on the list as published the day before."""
        assert sector(committee, day, None)[0] is Verdict.NOT_MET
        assert sector(committee, day, published - DAY)[0] is Verdict.MET
        assert sector(committee, day, published)[0] is Verdict.NOT_MET

    def test_let_in(self):
        """Shore staff of sea fishing, let in from 1 January 2025 by a decree published on 7 February."""
        day = date(2025, 1, 1)
        assert sector("143", day, None, "shore_staff")[0] is Verdict.MET
        assert sector("143", day, date(2025, 2, 6), "shore_staff")[0] is Verdict.NOT_MET
        assert sector("143", day, date(2025, 2, 7), "shore_staff")[0] is Verdict.MET

    def test_a_function_taken_out(self):
        """Domestic workers of 323, taken out from 1 April 2024."""
        day = date(2024, 4, 2)
        assert sector("323", day, None, "domestic")[1] is Verdict.NOT_MET
        assert sector("323", day, date(2024, 4, 24), "domestic") == (Verdict.MET, Verdict.MET)

    def test_every_day(self):
        """Law in force and law as published on the same day differ in the two gaps, and on no other day."""
        named = {row.effective_from for row in provisions()} | {row.published_on for row in provisions()}
        named |= {*LAW.eras} | {day for gap in GAPS for day in gap}
        days = {day + step * DAY for day in named if day is not None and day >= FIRST_DAY for step in (-1, 0, 1)}
        differ = {day for day in days if in_force(LAW, day) != in_force(LAW.known_at(day), day)}
        assert differ == {day for day in days if any(first <= day <= last for first, last in GAPS)}


class TestKnownAt:
    """``Ruleset.known_at``."""

    def test_a_law_that_was_not_out(self):
        """In the last days of 2023 the rule of 2024 on other contracts was out only from 29 December on."""
        link = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2020, 1, 1))
        case = Case(quarter=Quarter(2024, 1), employer=Employer("cafe"), engagements=(link,))
        now, before = evaluate(case), evaluate(case, law=LAW.known_at(date(2023, 12, 28)))
        assert now.finding("own-employer").verdict is Verdict.NOT_MET
        assert before.finding("own-employer").verdict is Verdict.MET
        assert [each.version for each in now.cited("own-employer")] == [2]
        assert [each.version for each in before.cited("own-employer")] == [1]
        assert evaluate(case, law=LAW.known_at(date(2023, 12, 29))).outcome is now.outcome

    def test_before_any_law(self):
        """Before the law of 2015 was out, no day had flexi-jobs."""
        law = LAW.known_at(date(2015, 11, 25))
        assert evaluate(Case(quarter=Quarter(2016, 1)), law=law).finding("in-force").verdict is Verdict.NOT_MET
        law = LAW.known_at(date(2015, 11, 26))
        assert evaluate(Case(quarter=Quarter(2016, 1)), law=law).finding("in-force").verdict is Verdict.MET

    def test_versions(self):
        """Of a provision of which nothing was out, the version in force is told all the same."""
        assert LAW.known_at(date(2015, 1, 1)).provision("L2015-4-1-a", date(2024, 1, 1)).version == 2

    def test_today(self):
        """As published today it is the law of the release, but for its name and the day."""
        law = LAW.known_at(LAW.horizon)
        assert [table for table in TABLES if getattr(law, table) != getattr(LAW, table)] == []
        assert law.name == f"{LAW.name}, as published on {LAW.horizon}"
        assert law.horizon == LAW.horizon

    def test_twice(self):
        """An earlier day leaves out more, a later one brings nothing back."""
        law = LAW.known_at(date(2024, 4, 24))
        assert law.known_at(date(2025, 1, 1)) is law
        earlier, straight = law.known_at(date(2023, 12, 28)), LAW.known_at(date(2023, 12, 28))
        assert [table for table in TABLES if getattr(earlier, table) != getattr(straight, table)] == []

    def test_provisional(self):
        """What it says of days after that of publication is provisional."""
        law = LAW.known_at(date(2024, 4, 24))
        assert evaluate(Case(quarter=Quarter(2024, 2)), law=law).provisional is False
        assert evaluate(Case(quarter=Quarter(2024, 3)), law=law).provisional is True

    def test_not_a_day(self):
        """A day is a day."""
        with pytest.raises(WrongType):
            LAW.known_at("2024-04-24")

    def test_pickle(self):
        """A copy is the same law, and a decision by it comes back."""
        law = LAW.known_at(date(2024, 4, 24))
        copy = pickle.loads(pickle.dumps(law))
        assert (copy.name, copy.published_by, copy.digest) == (law.name, law.published_by, law.digest)
        assert law.digest != LAW.digest
        decision = evaluate(Case(quarter=Quarter(2024, 2)), law=law)
        assert pickle.loads(pickle.dumps(decision)) == decision

    def test_json(self):
        """The decision says by which law it was made."""
        law = LAW.known_at(date(2024, 4, 24))
        document = evaluate(Case(quarter=Quarter(2024, 2)), law=law).to_document()
        assert document["law"]["ruleset"] == "2026-11-23, as published on 2024-04-24"


class TestEnds:
    """Which text ended which."""

    def test_every_end(self):
        """Whatever ended by a text has a next version or is named; each text that is named begins on the day after."""
        for versions in provision_versions().values():
            for version in versions:
                last = version.effective_to
                if last is None or version.informs:
                    continue
                begins = {each.id: each for each in provisions() if each.effective_from == last + DAY}
                if version.id not in begins and version.id not in ENDED_BY and version.id != "NSSO-age-shortcut":
                    assert last == date(2026, 6, 30), version.id
                    assert LIST_REPLACED in begins
                if version.id in ENDED_BY:
                    assert ENDED_BY[version.id] in begins

    def test_out(self):
        """A text whose publication is not known counts as known from its first day; without that, always."""
        assert out(provision_versions()["L2015-4-1-a"][1]) == date(2023, 12, 29)
        assert out(provision_versions()["R2026-scope"][0]) == date(2026, 7, 1)
        assert out(provision_versions()["OSS-approval"][0]) is None


class TestDiff:
    """What a retroactive decree changed."""

    def test_rows(self):
        """On one day, the law as published then against the law as it is known today."""
        day = date(2025, 1, 15)
        found = diff(day, day, law_before=LAW.known_at(day))
        turned = {name for row in found.rows for name in row.provisions}
        assert {"RD2025-01-31-143", "L2015-2-1-132"} <= turned
        for row in found.rows:
            assert (
                evaluate(row.witness_before, law=LAW.known_at(day)).outcome is not evaluate(row.witness_after).outcome
            )

    def test_command(self, capsys):
        """``--known-at``: of two days compared it is the first that is read so; a decision is wholly."""
        assert main(["diff", "2025-01-15", "2025-01-15", "--known-at", "2025-01-15"]) == 0
        assert "RD2025-01-31-143" in capsys.readouterr().out
        assert main(["diff", "2025-01-15", "2025-01-15"]) == 0
        assert capsys.readouterr().out == "No answer differs.\n"

    def test_evaluate(self, tmp_path, capsys):
        """``flexirules evaluate --known-at``, one case or many."""
        path = tmp_path / "case.json"
        farm = Employer("farm", Sector(joint_committee="144"))
        case = Case(quarter=Quarter(2024, 2), employer=farm, function=Function("ordinary"))
        path.write_text(case.to_json() + "\n", encoding="utf-8")
        assert main(["evaluate", str(path)]) == 0
        assert "The sector is not on the list in force." in capsys.readouterr().out
        for form in ([], ["--json"], ["--lines"]):
            assert main(["evaluate", *form, "--known-at", "2024-04-24", str(path)]) == 0
            assert "The sector is on the list in force." in capsys.readouterr().out
