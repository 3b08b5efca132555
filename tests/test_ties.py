"""The five conditions on other links in T: who blocks, from which day, in which era (persons.md, section 5)."""

from datetime import date, timedelta

import pytest

from flexirules import evaluate
from flexirules.case import Case, Employment, Engagement, Pension, Worker
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Sector

DAY = timedelta(1)
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
LOW, EDGE, ALMOST, FULL = "799999/1000000", "4/5", "999999/1000000", "1"
OLD, MID, NEW = date(2023, 12, 31), date(2024, 1, 1), date(2026, 7, 1)
"""The last day of the first era of a) and e), the first of the second, and the first of July 2026."""


def quarter_of(day):
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def make(start, links, *, agency=False, **readings):
    """A case that is eligible but for its links; employer ``flexi``, agency ``agency``."""
    quarter = quarter_of(start)
    past = [Quarter.from_index(quarter.index - n) for n in (3, 4, 5)]
    jobs = tuple(Employment(quarter=q, employer="bank", fraction="1", status="employee") for q in past)
    return Case(
        quarter=quarter,
        start=start,
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer(id="flexi", sector=Sector(joint_committee="302", public=False)),
        function=Function("ordinary"),
        agency=Agency("agency") if agency else None,
        engagements=None if links is None else tuple(links),
        approvals=(),
        requests=(),
        readings=readings,
    )


def link(employer="flexi", **fields):
    """A full, running link since 2010 with the flexi employer; each field may be changed."""
    given = {"kind": "employment", "fraction": FULL, "from_": date(2010, 1, 1), "affiliated": False} | fields
    return Engagement(employer=employer, **given)


def affiliate(**fields):
    """A link with an affiliate."""
    return link("sister", **({"affiliated": True} | fields))


def verdict(condition, start, *links, agency=False, **readings):
    """The verdict of one condition."""
    return evaluate(make(start, links, agency=agency, **readings)).finding(condition).verdict.value


def missing(start, *links, agency=False, **readings):
    """The paths asked for."""
    return [m.path for m in evaluate(make(start, links, agency=agency, **readings)).missing]


CONDITIONS = ("own-employer", "severance", "notice", "agency-user", "affiliated")
STARTS = (date(2015, 12, 1), OLD, MID, date(2026, 6, 30), NEW, date(2026, 12, 31))
ERAS = pytest.mark.parametrize("start", STARTS, ids=str)


class TestNoLinks:
    """What an empty and an absent list say."""

    @ERAS
    @pytest.mark.parametrize("agency", [False, True])
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_an_empty_list_is_met(self, condition, agency, start):
        """No links: nothing blocks, in any era."""
        if agency and start < date(2018, 1, 1):
            start = date(2018, 1, 1)
        assert verdict(condition, start, agency=agency) == MET

    @pytest.mark.parametrize(
        ("start", "agency", "open_ones"),
        [
            (OLD, False, {"own-employer", "severance", "notice"}),
            (MID, False, {"own-employer", "severance", "notice", "affiliated"}),
            (NEW, False, {"own-employer", "severance", "notice", "affiliated"}),
            (date(2022, 5, 6), True, {"severance", "notice"}),
            (date(2022, 5, 7), True, {"severance", "notice", "agency-user"}),
            (MID, True, {"severance", "notice", "agency-user", "affiliated"}),
            (NEW, True, {"severance", "notice", "agency-user", "affiliated"}),
        ],
    )
    def test_an_absent_list_is_unknown_where_it_applies(self, start, agency, open_ones):
        """An absent list opens exactly the conditions that apply on that day."""
        found = evaluate(make(start, None, agency=agency)).findings
        assert {f.condition for f in found if f.verdict.value == UNKNOWN} == open_ones

    @pytest.mark.parametrize("agency", [False, True])
    def test_an_absent_list_is_asked_for(self, agency):
        """An absent list is one question."""
        assert [m.path for m in evaluate(make(MID, None, agency=agency)).missing] == ["$.engagements"]

    @ERAS
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_a_stranger_never_blocks(self, condition, start):
        """A full-time contract, notice and severance with an unrelated employer block nothing."""
        stranger = link("other", notice_from=start, notice_until=start, severance_until=start + 400 * DAY)
        assert verdict(condition, start, stranger) == MET

    @ERAS
    @pytest.mark.parametrize("condition", ["own-employer", "affiliated"])
    @pytest.mark.parametrize("who", [link, affiliate])
    def test_a_flexi_job_never_blocks(self, who, condition, start):
        """Another flexi-job is no tie."""
        assert verdict(condition, start, who(kind="flexi_job")) == MET


class TestOwnEmployerTo2023:
    """Letter a) up to 31 December 2023: one employment contract of four fifths or more."""

    @pytest.mark.parametrize(
        ("fraction", "expected"), [("0", MET), (LOW, MET), (EDGE, NOT_MET), (ALMOST, NOT_MET), (FULL, NOT_MET)]
    )
    def test_size(self, fraction, expected):
        """Exactly four fifths blocks, just below does not."""
        assert verdict("own-employer", OLD, link(fraction=fraction)) == expected

    def test_contracts_are_not_added(self):
        """Two halves are not four fifths of one contract."""
        assert verdict("own-employer", OLD, link(fraction="1/2"), link(fraction="1/2", kind="employment")) == MET

    @pytest.mark.parametrize("kind", ["statutory", "student", "occasional", "flexi_job"])
    def test_other_kinds_do_not_block(self, kind):
        """Only an employment contract blocked before 2024."""
        assert verdict("own-employer", OLD, link(kind=kind)) == MET

    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            (date(2010, 1, 1), date(2023, 8, 14), MET),
            (date(2010, 1, 1), date(2023, 8, 15), NOT_MET),
            (date(2023, 8, 15), None, NOT_MET),
            (date(2023, 8, 16), None, NOT_MET),
            (date(2023, 9, 30), None, NOT_MET),
            (date(2023, 10, 1), None, MET),
        ],
    )
    def test_days(self, begin, end, expected):
        """The contract must run on some day from the start to the end of T."""
        assert verdict("own-employer", date(2023, 8, 15), link(from_=begin, until=end)) == expected


class TestOwnEmployerFrom2024:
    """Letter a) from 1 January 2024: any contract that touches T and began on or before the start."""

    @pytest.mark.parametrize("start", [MID, date(2026, 6, 30), NEW], ids=str)
    @pytest.mark.parametrize("fraction", ["0", "1/10", LOW, EDGE, FULL])
    def test_size_does_not_matter(self, fraction, start):
        """A contract of any size blocks."""
        assert verdict("own-employer", start, link(fraction=fraction)) == NOT_MET

    @pytest.mark.parametrize("kind", ["employment", "statutory", "student", "occasional"])
    def test_kinds(self, kind):
        """Every ordinary kind blocks."""
        assert verdict("own-employer", MID, link(kind=kind)) == NOT_MET

    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            (date(2010, 1, 1), date(2024, 6, 30), MET),
            (date(2010, 1, 1), date(2024, 7, 1), NOT_MET),
            (date(2010, 1, 1), date(2024, 8, 14), NOT_MET),
            (date(2024, 8, 15), None, NOT_MET),
            (date(2024, 8, 16), None, MET),
            (date(2024, 7, 1), date(2024, 7, 1), NOT_MET),
        ],
    )
    def test_days(self, begin, end, expected):
        """Last day of T-1 is free, first day of T blocks; begun on the start blocks, the day after does not."""
        assert verdict("own-employer", date(2024, 8, 15), link(from_=begin, until=end)) == expected

    @pytest.mark.parametrize(("start", "expected"), [(OLD, MET), (MID, NOT_MET)])
    def test_the_change_of_2024(self, start, expected):
        """A half-time contract blocks from the first day of 2024 and not the day before."""
        assert verdict("own-employer", start, link(fraction="1/2")) == expected


class TestOwnEmployerWithAgency:
    """With an agency only reading C6 ``agency`` looks at the agency, up to 30 June 2026."""

    @pytest.mark.parametrize("start", [date(2018, 1, 1), OLD, MID, NEW], ids=str)
    @pytest.mark.parametrize("employer", ["flexi", "agency"])
    def test_nothing_blocks_by_default(self, employer, start):
        """By default no contract with user or agency falls under letter a)."""
        assert verdict("own-employer", start, link(employer), agency=True) == MET

    @pytest.mark.parametrize(
        ("start", "expected"), [(OLD, NOT_MET), (MID, NOT_MET), (date(2026, 6, 30), NOT_MET), (NEW, MET)]
    )
    def test_the_reading_agency(self, start, expected):
        """Reading ``agency`` blocks up to 30 June 2026."""
        found = verdict("own-employer", start, link("agency"), agency=True, agency_as_employer="agency")
        assert found == expected


class TestSeverance:
    """Letter b): severance pay of the flexi employer that reaches into T."""

    @ERAS
    def test_first_day_of_t(self, start):
        """Covered up to the first day of T blocks."""
        gone = link(until=date(2012, 1, 1), severance_until=quarter_of(start).first_day)
        assert verdict("severance", start, gone) == NOT_MET

    @ERAS
    def test_last_day_before_t(self, start):
        """Covered up to the last day of T-1 is free."""
        gone = link(until=date(2012, 1, 1), severance_until=quarter_of(start).first_day - DAY)
        assert verdict("severance", start, gone) == MET

    @ERAS
    def test_without_severance(self, start):
        """No severance pay: met, whatever the contract."""
        assert verdict("severance", start, link()) == MET

    @ERAS
    @pytest.mark.parametrize("who", ["other", "sister"])
    def test_of_another_employer(self, who, start):
        """Severance pay of another employer, an affiliate too, never blocks."""
        paid = link(who, affiliated=who == "sister", until=date(2012, 1, 1), severance_until=start + 400 * DAY)
        assert verdict("severance", start, paid) == MET

    @pytest.mark.parametrize(("offset", "expected"), [(-1, MET), (0, NOT_MET), (1, NOT_MET)])
    def test_reading_days(self, offset, expected):
        """Reading ``days`` blocks only when severance reaches the start."""
        start = date(2025, 8, 15)
        gone = link(until=date(2012, 1, 1), severance_until=start + offset * DAY)
        assert verdict("severance", start, gone, period_extent="days") == expected

    @pytest.mark.parametrize(("who", "expected"), [("agency", NOT_MET), ("flexi", UNKNOWN), ("other", MET)])
    def test_with_agency(self, who, expected):
        """Owed by the agency blocks; by the user it is not settled."""
        gone = link(who, until=date(2012, 1, 1), severance_until=date(2025, 12, 31))
        assert verdict("severance", date(2025, 8, 15), gone, agency=True) == expected

    def test_with_the_user_the_reason_is_the_law(self):
        """Owed by the user: the reason is that the period is not settled, and nobody is asked."""
        gone = link(until=date(2012, 1, 1), severance_until=date(2025, 12, 31))
        decision = evaluate(make(date(2025, 8, 15), [gone], agency=True))
        assert (decision.finding("severance").reason, decision.missing) == ("agency-period-not-settled", ())


class TestNotice:
    """Letter c): a notice period with the flexi employer that touches T."""

    @ERAS
    @pytest.mark.parametrize(("offset", "expected"), [(-1, MET), (0, NOT_MET)])
    def test_it_ends(self, offset, expected, start):
        """Over on the last day of T-1 is free, on the first day of T it blocks."""
        last = quarter_of(start).first_day + offset * DAY
        gone = link(until=date(2012, 1, 1), notice_from=date(2010, 6, 1), notice_until=last)
        assert verdict("notice", start, gone) == expected

    @ERAS
    @pytest.mark.parametrize(("offset", "expected"), [(0, NOT_MET), (1, MET)])
    def test_it_begins(self, offset, expected, start):
        """Begun on the last day of T blocks, on the next day it is free."""
        first = quarter_of(start).last_day + offset * DAY
        gone = link(until=date(2012, 1, 1), notice_from=first, notice_until=first + 90 * DAY)
        assert verdict("notice", start, gone) == expected

    @pytest.mark.parametrize(("offset", "expected"), [(-1, MET), (0, NOT_MET), (1, NOT_MET)])
    def test_reading_days(self, offset, expected):
        """Reading ``days`` blocks only when notice reaches the start."""
        start = date(2025, 8, 15)
        gone = link(until=date(2012, 1, 1), notice_from=date(2025, 6, 1), notice_until=start + offset * DAY)
        assert verdict("notice", start, gone, period_extent="days") == expected

    @pytest.mark.parametrize(("who", "expected"), [("agency", NOT_MET), ("flexi", UNKNOWN), ("other", MET)])
    def test_with_agency(self, who, expected):
        """Running with the agency blocks; with the user it is not settled."""
        gone = link(who, until=date(2012, 1, 1), notice_from=date(2025, 6, 1), notice_until=date(2025, 12, 31))
        assert verdict("notice", date(2025, 8, 15), gone, agency=True) == expected

    @pytest.mark.parametrize(
        ("known", "expected"),
        [
            ({"notice_from": date(2025, 10, 1)}, MET),
            ({"notice_from": date(2025, 9, 30)}, NOT_MET),
            ({"notice_from": date(2025, 7, 1)}, NOT_MET),
            ({"notice_from": date(2025, 6, 30)}, UNKNOWN),
            ({"notice_until": date(2025, 6, 30)}, MET),
            ({"notice_until": date(2025, 7, 1)}, NOT_MET),
            ({"notice_until": date(2025, 9, 30)}, NOT_MET),
            ({"notice_until": date(2025, 10, 1)}, UNKNOWN),
        ],
    )
    def test_one_date_known(self, known, expected):
        """One date decides where the other cannot matter."""
        assert verdict("notice", date(2025, 8, 15), link(until=date(2012, 1, 1), **known)) == expected

    @pytest.mark.parametrize(
        ("known", "path"),
        [
            ({"notice_from": date(2025, 6, 30)}, ["$.engagements[0].notice_until"]),
            ({"notice_until": date(2025, 10, 1)}, ["$.engagements[0].notice_from"]),
            ({"notice_from": date(2025, 10, 1)}, []),
            ({"notice_until": date(2025, 6, 30)}, []),
        ],
    )
    def test_the_other_date_is_asked_for(self, known, path):
        """The date that is not known is asked for where it matters, and only there."""
        assert missing(date(2025, 8, 15), link(until=date(2012, 1, 1), **known)) == path


class TestAgencyUser:
    """Letter d): with an agency, a contract with the user; from 7 May 2022."""

    @pytest.mark.parametrize(("start", "expected"), [(date(2022, 5, 6), MET), (date(2022, 5, 7), NOT_MET)])
    def test_it_begins_in_may_2022(self, start, expected):
        """The letter is in force from 7 May 2022 and not the day before."""
        assert verdict("agency-user", start, link(), agency=True) == expected

    @pytest.mark.parametrize("start", [date(2022, 5, 7), MID, date(2026, 6, 30), NEW], ids=str)
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("employment", NOT_MET),
            ("student", NOT_MET),
            ("occasional", NOT_MET),
            ("statutory", UNKNOWN),
            ("flexi_job", MET),
        ],
    )
    def test_kinds(self, kind, expected, start):
        """Contracts block; a statutory post at a public user is not settled."""
        assert verdict("agency-user", start, link(kind=kind), agency=True) == expected

    @pytest.mark.parametrize("fraction", ["0", "1/10", LOW, EDGE, FULL])
    def test_size_does_not_matter(self, fraction):
        """A contract of any size blocks."""
        assert verdict("agency-user", MID, link(fraction=fraction), agency=True) == NOT_MET

    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            (date(2010, 1, 1), date(2024, 6, 30), MET),
            (date(2010, 1, 1), date(2024, 7, 1), NOT_MET),
            (date(2024, 8, 15), None, NOT_MET),
            (date(2024, 8, 16), None, MET),
        ],
    )
    def test_days(self, begin, end, expected):
        """It must touch T and have begun on or before the start."""
        found = verdict("agency-user", date(2024, 8, 15), link(from_=begin, until=end), agency=True)
        assert found == expected

    @ERAS
    def test_without_agency(self, start):
        """Without an agency the letter does not apply."""
        assert verdict("agency-user", start, link()) == MET

    @pytest.mark.parametrize("who", ["agency", "other"])
    def test_only_the_user(self, who):
        """A contract with the agency or with a stranger does not fall under letter d)."""
        assert verdict("agency-user", MID, link(who), agency=True) == MET

    def test_a_statutory_post_is_nobodys_question(self):
        """What the law leaves open is not asked of anybody."""
        decision = evaluate(make(MID, [link(kind="statutory")], agency=True))
        assert (decision.finding("agency-user").reason, decision.missing) == ("statutory-tie-not-settled", ())


class TestAffiliated:
    """Letter e): one contract of four fifths with an affiliate, from 2024; full-time free again from July 2026."""

    @pytest.mark.parametrize(
        ("start", "below", "edge", "almost", "full"),
        [
            (date(2015, 12, 1), MET, MET, MET, MET),
            (OLD, MET, MET, MET, MET),
            (MID, MET, NOT_MET, NOT_MET, NOT_MET),
            (date(2026, 6, 30), MET, NOT_MET, NOT_MET, NOT_MET),
            (NEW, MET, NOT_MET, NOT_MET, MET),
            (date(2026, 12, 31), MET, NOT_MET, NOT_MET, MET),
        ],
    )
    def test_sizes_by_era(self, start, below, edge, almost, full):
        """The table of section 5: just below four fifths, at it, just below full-time, full-time."""
        seen = [verdict("affiliated", start, affiliate(fraction=f)) for f in (LOW, EDGE, ALMOST, FULL)]
        assert seen == [below, edge, almost, full]

    @pytest.mark.parametrize(
        ("start", "below", "edge", "full"),
        [(OLD, MET, MET, MET), (MID, MET, UNKNOWN, UNKNOWN), (NEW, MET, UNKNOWN, MET)],
    )
    def test_a_statutory_post(self, start, below, edge, full):
        """A statutory post is not settled where a contract of that size would block."""
        sizes = (LOW, EDGE, FULL)
        seen = [verdict("affiliated", start, affiliate(kind="statutory", fraction=f)) for f in sizes]
        assert seen == [below, edge, full]

    @pytest.mark.parametrize("kind", ["student", "occasional", "flexi_job"])
    def test_other_kinds(self, kind):
        """Only an employment contract counts."""
        assert verdict("affiliated", MID, affiliate(kind=kind)) == MET

    def test_contracts_are_not_added(self):
        """Two half-time contracts with two affiliates do not reach the band."""
        links = [link(name, affiliated=True, fraction="1/2") for name in ("sister", "brother")]
        assert verdict("affiliated", MID, *links) == MET

    @pytest.mark.parametrize("start", [date(2025, 8, 15), date(2026, 8, 15)], ids=str)
    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [("long", -1, MET), ("long", 0, NOT_MET), (1, None, NOT_MET), ("last", None, NOT_MET), ("after", None, MET)],
    )
    def test_days(self, begin, end, expected, start):
        """The contract must run on some day from the start to the end of T."""
        last = quarter_of(start).last_day
        days = {"long": date(2010, 1, 1), 1: start + DAY, "last": last, "after": last + DAY}
        until = None if end is None else start + end * DAY
        assert verdict("affiliated", start, affiliate(fraction=EDGE, from_=days[begin], until=until)) == expected

    def test_with_agency_it_is_taken_from_the_user(self):
        """With an agency, an affiliate of the user blocks all the same."""
        assert verdict("affiliated", MID, affiliate(fraction=EDGE), agency=True) == NOT_MET

    @pytest.mark.parametrize("who", ["flexi", "agency"])
    def test_parties_are_no_affiliates(self, who):
        """The flexi employer and the agency are never affiliates of themselves."""
        assert verdict("affiliated", MID, link(who, affiliated=True, fraction=EDGE), agency=True) == MET


class TestNotKnown:
    """What is not known of one link: the verdict, and exactly what is asked."""

    @pytest.mark.parametrize(
        ("field", "paths"),
        [
            ("from_", ["$.engagements[0].from"]),
            ("kind", ["$.engagements[0].kind"]),
            ("fraction", []),
            ("affiliated", []),
            ("employer", ["$.engagements[0].employer"]),
        ],
    )
    def test_own_employer_from_2024(self, field, paths):
        """With the flexi employer from 2024 size and affiliation never matter."""
        given = {"from_": date(2010, 1, 1), "until": None, "kind": "employment", "employer": "flexi"} | {field: None}
        assert missing(date(2025, 8, 15), link(**given)) == paths

    @pytest.mark.parametrize(
        ("field", "paths"),
        [
            ("from_", ["$.engagements[0].from"]),
            ("kind", ["$.engagements[0].kind"]),
            ("fraction", ["$.engagements[0].fraction"]),
            ("affiliated", []),
        ],
    )
    def test_own_employer_to_2023(self, field, paths):
        """Before 2024 the size matters too."""
        assert missing(date(2023, 8, 15), link(**{field: None})) == paths

    @pytest.mark.parametrize(
        ("field", "paths"),
        [
            ("from_", ["$.engagements[0].from"]),
            ("kind", ["$.engagements[0].kind"]),
            ("fraction", ["$.engagements[0].fraction"]),
            ("affiliated", ["$.engagements[0].affiliated"]),
        ],
    )
    @pytest.mark.parametrize("start", [date(2025, 8, 15), date(2026, 8, 15)], ids=str)
    def test_affiliated(self, field, paths, start):
        """With an affiliate each of the four matters."""
        assert missing(start, affiliate(**({"fraction": EDGE} | {field: None}))) == paths

    @pytest.mark.parametrize("field", ["from_", "kind", "fraction", "affiliated"])
    def test_affiliated_before_2024(self, field):
        """Before 2024 nothing is asked about an affiliate."""
        assert missing(date(2023, 8, 15), affiliate(**{field: None})) == []

    @pytest.mark.parametrize(
        ("field", "paths"),
        [
            ("from_", ["$.engagements[0].from"]),
            ("kind", ["$.engagements[0].kind"]),
            ("fraction", []),
            ("affiliated", []),
        ],
    )
    def test_agency_user(self, field, paths):
        """With the user of an agency the size never matters."""
        assert missing(date(2025, 8, 15), link(**{field: None}), agency=True) == paths

    @pytest.mark.parametrize(
        ("end", "expected", "paths"),
        [
            (date(2024, 6, 30), MET, []),
            (date(2024, 7, 1), NOT_MET, []),
            (date(2024, 8, 15), NOT_MET, []),
            (date(2024, 8, 16), UNKNOWN, ["$.engagements[0].from"]),
            (None, UNKNOWN, ["$.engagements[0].from"]),
        ],
    )
    def test_unknown_from(self, end, expected, paths):
        """Blocked only if it surely touches T and began by the start."""
        start, tie = date(2024, 8, 15), link(from_=None, until=end)
        assert (verdict("own-employer", start, tie), missing(start, tie)) == (expected, paths)

    @pytest.mark.parametrize("kind", ["student", "occasional", "flexi_job"])
    def test_a_size_is_not_asked_of_what_never_counts(self, kind):
        """The fraction of a kind that never blocks is not asked for."""
        assert missing(MID, affiliate(kind=kind, fraction=None)) == []

    def test_an_unknown_size_beside_an_unknown_affiliation(self):
        """Both are asked for, since either may free the worker."""
        tie = affiliate(affiliated=None, fraction=None)
        assert missing(MID, tie) == ["$.engagements[0].affiliated", "$.engagements[0].fraction"]

    def test_the_position_of_the_second_link(self):
        """A path names the link by its position."""
        assert missing(MID, link("other"), affiliate(fraction=None)) == ["$.engagements[1].fraction"]

    def test_a_sure_block_hides_the_question(self):
        """Where one link surely blocks, nothing is asked of another."""
        assert missing(MID, link(), affiliate(fraction=None)) == []


def test_a_fraction_is_exact():
    """The edge of four fifths is exact: one part in 10^18 below it is free."""
    almost = WorkFraction(4 * 10**17 - 1, 5 * 10**17)
    assert verdict("affiliated", MID, affiliate(fraction=almost)) == MET


def test_a_thousand_links():
    """As many links as a case may hold, all open and all hanging on one point of law, are decided: not one by each."""
    links = tuple(Engagement(employer=f"mill-{n}") for n in range(1000))
    decision = evaluate(make(NEW, links, agency=True))
    assert decision.outcome.value == "undetermined"
    assert len(decision.missing) == 4000
