"""The carried tables of the law: every row sourced, no version twice, every row seen at work on both its edges."""

import hashlib
from datetime import date, timedelta
from importlib.resources import files
from itertools import combinations, pairwise

import attrs
import pytest

from flexirules import evaluate
from flexirules.approval import Approval
from flexirules.case import STATUSES, Case, Employment, Engagement, Formalities, Pension, Worker
from flexirules.dated import (
    FIRST_DAY,
    HORIZON,
    VERIFIED_ON,
    AgePractice,
    Counting,
    Dated,
    Exemption,
    NaceRow,
    Provision,
    SectorRow,
    Tie,
    Turn,
    changes,
    nace_rows,
    on,
    provision,
    provision_versions,
    provisions,
    sector_rows,
    tables_digest,
)
from flexirules.law import access, ties
from flexirules.law.informational import INFORMS
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector

DAY = timedelta(1)
PROVISIONS = provisions()
SECTORS = sector_rows()
DECIDING = tuple(row for row in SECTORS if row.effect != "CAP")
DAYS = tuple(FIRST_DAY + n * DAY for n in range((HORIZON - FIRST_DAY).days + 1))
CONFIDENCE = {"law", "official", "several", "one", "inferred", "unknown"}


def by_id(rows):
    """Rows with their ids as names of the tests."""
    return [pytest.param(row, id=f"{row.id}-{getattr(row, 'version', row.effective_from)}") for row in rows]


class TestProvisions:
    """provisions.csv."""

    @pytest.mark.parametrize("row", by_id(PROVISIONS))
    def test_it_is_sourced(self, row):
        """A provision names its instrument and where it was read."""
        given = bool(row.citation.strip()), bool(row.source), {url.partition("://")[0] for url in row.source}
        assert given == (True, True, {"https"})

    @pytest.mark.parametrize("row", by_id(PROVISIONS))
    def test_it_is_tagged(self, row):
        """A provision says how sure we are, and whether it is settled."""
        assert (row.confidence in CONFIDENCE, row.settled in {"yes", "default", "no"}) == (True, True)

    @pytest.mark.parametrize("row", by_id(PROVISIONS))
    def test_it_says_something(self, row):
        """A provision has a content and a condition."""
        assert (row.content != "", row.condition != "") == (True, True)

    @pytest.mark.parametrize("id", provision_versions())
    def test_versions_never_overlap(self, id):
        """One version ends before the next begins, and they are numbered in order."""
        found = provision_versions()[id]
        assert [v.version for v in found] == list(range(1, len(found) + 1))
        assert [
            (a.version, b.version)
            for a, b in pairwise(found)
            if a.effective_to is None or b.effective_from is None or a.effective_to >= b.effective_from
        ] == []

    @pytest.mark.parametrize("id", provision_versions())
    def test_versions_leave_no_gap(self, id):
        """The next version begins the day after the last one ended."""
        found = provision_versions()[id]
        assert [b.effective_from for b in found[1:]] == [a.effective_to + DAY for a in found[:-1]]

    @pytest.mark.parametrize("row", by_id([*PROVISIONS, *SECTORS]))
    def test_it_ends_after_it_begins(self, row):
        """No row ends before its first day."""
        assert row.effective_from is None or row.effective_to is None or row.effective_from <= row.effective_to

    @pytest.mark.parametrize("row", by_id(PROVISIONS))
    def test_the_version_in_force_is_found(self, row):
        """A provision is found by its id on its first day and on its last."""
        edges = [row.effective_from or date(1900, 1, 1), row.effective_to or date(2199, 12, 31)]
        assert [provision(row.id, day) for day in edges] == [row, row]

    def test_informational_ids_exist(self):
        """Every row said to decide nothing is a provision."""
        assert set(INFORMS) <= set(provision_versions())

    @pytest.mark.parametrize("id", INFORMS)
    def test_informational_rows_say_why(self, id):
        """A row that decides nothing carries the reason."""
        assert {(v.informs, v.informs != "") for v in provision_versions()[id]} == {(INFORMS[id], True)}


class TestSectors:
    """sectors.csv and nace_lists.csv."""

    def test_ids_are_unique(self):
        """One id, one row: versions have ids of their own."""
        assert len({row.id for row in SECTORS}) == len(SECTORS)

    @pytest.mark.parametrize("row", by_id(SECTORS))
    def test_it_is_sourced(self, row):
        """A row names where it was read, and how sure we are."""
        assert (bool(row.source), row.name != "", row.confidence in CONFIDENCE) == (True, True, True)

    @pytest.mark.parametrize("row", by_id(SECTORS))
    def test_its_basis_is_a_provision(self, row):
        """A row rests on a provision."""
        assert row.basis in provision_versions()

    @pytest.mark.parametrize("row", by_id(SECTORS))
    def test_its_basis_is_in_force(self, row):
        """A row rests on a provision that is in force on its first and on its last day."""
        edges = [row.effective_from, row.effective_to or HORIZON]
        assert [provision(row.basis, day).in_force(day) for day in edges] == [True, True]

    @pytest.mark.parametrize("row", by_id(SECTORS))
    def test_its_words_are_known(self, row):
        """Effect, regime and group are of the closed lists of sectors.md."""
        known = {"ALLOW", "DENY", "UNKNOWN", "CAP"}, {"LIST", "DEFAULT", "*"}, {"1", "2", "3", "4", "x", ""}
        assert [value in words for value, words in zip((row.effect, row.regime, row.group), known, strict=True)] == [
            True,
            True,
            True,
        ]

    @pytest.mark.parametrize("row", by_id([r for r in SECTORS if r.nace_list]))
    def test_its_list_exists(self, row):
        """A list that a row asks for has codes on the first day of the row and on its last."""
        edges = [row.effective_from, row.effective_to or HORIZON]
        assert [any(n.list == row.nace_list for n in on(nace_rows(), day)) for day in edges] == [True, True]

    def test_nace_rows_are_sourced(self):
        """Every code rests on a provision and says how sure we are."""
        wrong = [n for n in nace_rows() if n.basis not in provision_versions() or n.confidence not in CONFIDENCE]
        assert wrong == []

    def test_nace_rows_never_overlap(self):
        """A code stands on a list at most once on a day."""
        edges = {FIRST_DAY, HORIZON, *changes(nace_rows())}
        for day in edges:
            held = [(n.list, n.nace) for n in on(nace_rows(), day)]
            assert len(held) == len(set(held))


TABLES = {
    **{f"tie {c}": [t for t in ties.TIES if t.condition == c] for c in ("own-employer", "agency-user", "affiliated")},
    "exemption": access.EXEMPTION,
    "age practice": access.AGE_PRACTICE,
    **{f"counting {c.status}": [r for r in access.COUNTING if r.status == c.status] for c in access.COUNTING},
    **{f"sector {row.id}": [r for r in SECTORS if r.id == row.id] for row in SECTORS},
    **{f"provision {name}": found for name, found in provision_versions().items()},
}
HOLES = {
    "tie agency-user": [(FIRST_DAY, date(2022, 5, 6))],
    "tie affiliated": [(FIRST_DAY, date(2023, 12, 31))],
    "exemption": [(FIRST_DAY, date(2017, 12, 31))],
    "age practice": [(FIRST_DAY, date(2017, 12, 31)), (date(2025, 10, 1), HORIZON)],
    "counting deferred_pay": [(FIRST_DAY, date(2017, 12, 31))],
}
"""Days on which a table of the tree has no version: the law says nothing then."""


def outside(rows):
    """Days on which a row of a list or a provision is not in force, in one span before and one after."""
    first = min(r.effective_from or FIRST_DAY for r in rows)
    last = max(r.effective_to or HORIZON for r in rows)
    return [(a, b) for a, b in ((FIRST_DAY, first - DAY), (last + DAY, HORIZON)) if a <= b]


@pytest.mark.parametrize("name", TABLES)
def test_a_walk_over_every_day(name):
    """On every day from December 2015 to the horizon a table has exactly one version, or a declared hole."""
    rows = TABLES[name]
    holes = outside(rows) if name.startswith(("sector", "provision")) else HOLES.get(name, [])
    wrong = [
        day
        for day in DAYS
        if sum(row.in_force(day) for row in rows) != (0 if any(a <= day <= b for a, b in holes) else 1)
    ]
    assert wrong == []


# Witnesses: one complete case for each row, eligible but for what the row says.


def quarter_of(day):
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def make(day, **fields):
    """A case in horeca that is eligible from the first day of flexi-jobs; fields replace its parts."""
    quarter = quarter_of(day)
    past = [Quarter.from_index(quarter.index - n) for n in (3, 4, 5)]
    jobs = tuple(Employment(quarter=q, employer="bank", fraction="1", status="employee") for q in past)
    given = {
        "quarter": quarter,
        "start": day,
        "worker": Worker(employments=jobs, pension=Pension(kind="none")),
        "employer": Employer(id="flexi", sector=Sector(joint_committee="302", public=False)),
        "function": Function("ordinary"),
        "engagements": (),
        "approvals": (),
        "requests": (),
    }
    return Case(**(given | fields))


def witness(row, day):
    """A case in which one row of the list is the one that holds."""
    committee = row.jc
    if committee in ("118", "202"):
        committee += ".99"
    if committee in ("", "*"):
        committee = None if row.public else "302" if row.effect == "DENY" else "999"
    code = next((n.nace.ljust(5, "0") for n in nace_rows() if n.list == row.nace_list), "00000")
    sector = Sector(
        joint_committee=committee,
        public=bool(row.public),
        nace=Nace(code, "2008"),
        authority=row.authority or "french",
        bakery_fund=row.bakery_fund,
    )
    return make(
        day,
        employer=Employer(id="flexi", sector=sector),
        function=Function(row.activity or "ordinary"),
        agency=Agency("agency") if row.jc == "322" else None,
    )


def seen(case):
    """What the decision says of sector and function, with the provisions."""
    decision = evaluate(case)
    found = [decision.finding(condition) for condition in ("sector", "function")]
    return [(f.verdict.value, f.provisions) for f in found]


NO_WITNESS = {"S-322-v1"}
"""In committee 322 itself the user decides, and to 2017 the user had to be in 302: the row never decides."""
WITNESSED = tuple(row for row in DECIDING if row.id not in NO_WITNESS)
EXPECTED = {"ALLOW": (0, "met"), "UNKNOWN": (0, "unknown"), "DENY": (1, "not_met")}
BOUNDED = tuple(row for row in WITNESSED if row.effective_to is not None)


class TestSectorWitnesses:
    """Every row that decides, on its first and its last day, and the days around."""

    @pytest.mark.parametrize("edge", ["first", "last"])
    @pytest.mark.parametrize("row", by_id(WITNESSED))
    def test_it_holds(self, row, edge):
        """On its first and on its last day the row gives its verdict."""
        day = row.effective_from if edge == "first" else row.effective_to or HORIZON
        position, expected = EXPECTED[row.effect]
        assert seen(witness(row, day))[position][0] == expected

    @pytest.mark.parametrize("edge", ["first", "last"])
    @pytest.mark.parametrize("row", by_id(WITNESSED))
    def test_it_is_cited(self, row, edge):
        """On its first and on its last day the finding rests on the basis of the row."""
        day = row.effective_from if edge == "first" else row.effective_to or HORIZON
        assert row.basis in seen(witness(row, day))[EXPECTED[row.effect][0]][1]

    @pytest.mark.parametrize("row", by_id(WITNESSED))
    def test_the_day_before(self, row):
        """The day before its first the verdict, or the row that gives it, is another."""
        assert seen(witness(row, row.effective_from - DAY)) != seen(witness(row, row.effective_from))

    @pytest.mark.parametrize("row", by_id(BOUNDED))
    def test_the_day_after(self, row):
        """The day after its last the verdict, or the row that gives it, is another."""
        assert seen(witness(row, row.effective_to + DAY)) != seen(witness(row, row.effective_to))


def link(employer, **fields):
    """A running full-time contract with a party."""
    given = {"kind": "employment", "fraction": "1", "from_": date(2010, 1, 1), "affiliated": False}
    return Engagement(employer=employer, **(given | fields))


def worker(day, fraction="1", later=None, pension=None, **fields):
    """A worker with one fraction in T-3 and full-time before, unless fields say otherwise."""
    index = quarter_of(day).index
    status = {"status": "employee"} | fields
    jobs = [Employment(quarter=Quarter.from_index(index - 3), employer="bank", fraction=fraction, **status)]
    jobs += [
        Employment(quarter=Quarter.from_index(index - n), employer="bank", fraction=later or fraction, **status)
        for n in (4, 5)
    ]
    return Worker(employments=tuple(jobs), pension=pension or Pension(kind="none"), birth_date=date(1940, 1, 1))


MID, NEW = date(2025, 7, 1), date(2026, 7, 1)
RETIRED = Pension(kind="retirement", since=date(2020, 1, 1))


def taken_out_witnesses():
    """Cases in committees that a decree took off the list."""
    for committee, day in (("144", date(2024, 4, 1)), ("132", date(2025, 1, 1))):
        yield make(day, employer=Employer(id="flexi", sector=Sector(joint_committee=committee, public=False)))


def person_witnesses():
    """Cases on the conditions of persons.md."""
    yield make(MID)
    yield make(date(2015, 10, 1))
    yield make(MID, worker=Worker(employments=(), pension=Pension(kind="none"), habitual_legislation="dutch"))
    yield make(MID, agency=Agency("agency"), engagements=(link("flexi"),))
    yield make(MID, engagements=(link("flexi", severance_until=date(2025, 8, 1)),))
    yield make(MID, engagements=(link("sister", affiliated=True),))
    yield make(NEW, engagements=(link("sister", affiliated=True),))
    yield make(NEW, engagements=(link("agency"),), agency=Agency("agency"))
    yield make(MID, formalities=Formalities(framework_agreement=False))
    yield make(MID, worker=worker(MID, "4/5", "1"))
    yield make(MID, worker=worker(MID, "4/5", "1", RETIRED))
    yield make(MID, worker=worker(MID, "0", pension=RETIRED))
    yield make(MID, worker=worker(MID, "0", pension=Pension(kind="transition_allowance")))
    yield make(NEW, worker=worker(NEW, "0", pension=attrs.evolve(RETIRED, since=date(2026, 8, 1))))
    yield make(MID, worker=worker(MID, "0"), readings={"age_shortcut": "practice"})
    yield make(MID, worker=worker(MID, scheme="overseas"))
    yield make(MID, worker=worker(MID, scheme="foreign"))
    granted = Approval(quarter=quarter_of(MID), granted=True, issued_on=date(2025, 6, 1))
    yield make(MID, worker=worker(MID, scheme="overseas"), approvals=(granted,))
    yield make(MID, worker=worker(MID, deferred_pay=True))
    for status in STATUSES:
        yield make(MID, worker=worker(MID, status=status))


def witnesses():
    """Cases that make every provision decide that can."""
    yield from (witness(row, row.effective_from) for row in DECIDING)
    yield from taken_out_witnesses()
    yield from person_witnesses()


@pytest.fixture(scope="module")
def cited():
    """Every provision cited by the decision of some witness."""
    cases = [witness(row, row.effective_from) for row in DECIDING]
    return {
        p
        for case in (*cases, *taken_out_witnesses(), *person_witnesses())
        for f in evaluate(case).findings
        for p in f.provisions
    }


AHEAD_OF_TIME = {"does-not-apply", "not-yet-in-force", "before-the-law"}
"""Reasons that name a provision because it does not hold on the day."""


def test_what_decides_is_in_force():
    """A finding cites provisions that hold on the day on which the law was read."""
    cases = [witness(row, row.effective_from) for row in DECIDING]
    decisions = [
        d for d in map(evaluate, (*cases, *taken_out_witnesses(), *person_witnesses())) if d.read_on >= FIRST_DAY
    ]
    found = [(d, f, name) for d in decisions for f in d.findings for name in f.provisions]
    ahead = AHEAD_OF_TIME
    wrong = [
        (d.read_on, f)
        for d, f, name in found
        if f.reason not in ahead and not provision(name, d.read_on).in_force(d.read_on)
    ]
    assert wrong == []


@pytest.mark.parametrize("id", [i for i in provision_versions() if i not in INFORMS])
def test_a_provision_is_cited_by_some_decision(id, cited):
    """A provision that is not informational stands in a finding of some witness."""
    assert id in cited


def test_what_is_cited_exists(cited):
    """A finding names provisions of the table only."""
    assert cited <= set(provision_versions())


@pytest.mark.parametrize("id", INFORMS)
def test_what_decides_nothing_is_not_cited(id, cited):
    """An informational provision stands in no finding."""
    assert id not in cited


BARE_ROW = attrs.evolve(SECTORS[0], jc="", public=None, nace_list="", activity="", authority="")
"""A row of the list of sectors that asks for nothing."""
FILLED = {"jc": "118.03", "public": False, "nace_list": "edu", "activity": "ordinary", "authority": "flemish"}
SUBSETS = [names for n in range(len(FILLED) + 1) for names in combinations(FILLED, n)]


class TestRows:
    """Rows by themselves: what they say of their dates, their source and how narrow they are."""

    def test_flexi_jobs_begin_with_the_law(self):
        """The first day of flexi-jobs is that of the article that brings the law into force."""
        assert [v.effective_from for v in provision_versions()["L2015-37"]] == [FIRST_DAY] == [date(2015, 12, 1)]

    def test_the_horizon(self):
        """The texts were gone through on 23 November 2026 for starts to the end of that year, as the law papers say."""
        said = VERIFIED_ON, HORIZON
        assert said == (date(2026, 11, 23), date(2026, 12, 31))

    @pytest.mark.parametrize(
        "kind",
        [Dated, Provision, SectorRow, NaceRow, Turn, Counting, Exemption, AgePractice, Tie],
        ids=lambda k: k.__name__,
    )
    def test_columns_are_given_by_name(self, kind):
        """No column of a row is given by its position: two dates would change places unseen."""
        with pytest.raises(TypeError, match="takes 1 positional argument but 3 were given"):
            kind(FIRST_DAY, HORIZON)

    @pytest.mark.parametrize(("article", "citation"), [("art. 5", "Law, art. 5"), ("", "Law")])
    def test_citation(self, article, citation):
        """A citation is the instrument with its article, and the instrument alone where it has none."""
        assert attrs.evolve(PROVISIONS[0], instrument="Law", article=article).citation == citation

    def test_after_the_last_version_the_last_is_nearest(self):
        """Of a provision that is no longer in force the last version is found."""
        last = provision_versions()["L2015-2-1-322"][-1]
        assert provision("L2015-2-1-322", last.effective_to + DAY) == last

    def test_the_bakery_fund(self):
        """Only the row of the bakery fund asks for the fund (sectors.md)."""
        assert [row.id for row in SECTORS if row.bakery_fund] == ["S-118-fund"]

    @pytest.mark.parametrize("filled", SUBSETS, ids="-".join)
    def test_specificity_counts_what_is_filled(self, filled):
        """Each filled field makes a row narrower by one, whichever others are filled."""
        row = attrs.evolve(BARE_ROW, **{name: FILLED[name] for name in filled})
        assert row.specificity[0] == len(filled)

    @pytest.mark.parametrize(("jc", "narrow"), [("", (0, 0)), ("*", (0, 0)), ("118", (1, 3)), ("118.03", (1, 6))])
    def test_specificity_of_a_committee(self, jc, narrow):
        """A subcommittee is narrower than its committee, and any committee is none."""
        assert attrs.evolve(BARE_ROW, jc=jc).specificity == narrow

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            (None, None, ()),
            (date(2024, 1, 1), None, (date(2024, 1, 1),)),
            (None, date(2023, 12, 31), (date(2024, 1, 1),)),
            (None, date(2024, 2, 28), (date(2024, 2, 29),)),
            (date(2018, 1, 1), date(2026, 6, 30), (date(2018, 1, 1), date(2026, 7, 1))),
        ],
    )
    def test_changes(self, first, last, expected):
        """The law changes on the first day of a row and on the day after its last."""
        assert changes([Dated(effective_from=first, effective_to=last)]) == expected

    def test_changes_are_in_order_and_once(self):
        """Of rows that follow each other the day on which one ends and the next begins is one change."""
        days = [(date(2024, 1, 1), None), (date(2018, 1, 1), date(2023, 12, 31))]
        rows = [Dated(effective_from=first, effective_to=last) for first, last in days]
        assert changes(rows) == (date(2018, 1, 1), date(2024, 1, 1))

    def test_the_digest_is_of_the_carried_tables(self):
        """The digest of the tables is SHA-256 over their bytes, so that anyone can compute it."""
        folder = files("flexirules") / "law" / "data"
        tables = [(folder / name).read_bytes() for name in ("provisions.csv", "sectors.csv", "nace_lists.csv")]
        assert tables_digest() == hashlib.sha256(b"".join(tables)).hexdigest()
