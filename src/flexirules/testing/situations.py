"""Situations that ask every row of every table of the law, one after the other, on a day and under a law."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import attrs

from flexirules.approval import Approval
from flexirules.case import ENGAGEMENT_KINDS, STATUSES, Case, Employment, Engagement, Pension, Worker
from flexirules.dated import NaceRow, SectorRow, on
from flexirules.fraction import WorkFraction
from flexirules.law.ruleset import Ruleset
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector

HORECA: Final = Sector(joint_committee="302", public=False)
DAY: Final = timedelta(1)
SIZES: Final = ("2/5", "79/100", "4/5", "99/100", "1")
"""Sizes of a contract: on each mark and just below it."""


def case(
    day: date,
    jobs: Sequence[Employment] = (),
    pension: Pension | None = None,
    sector: Sector = HORECA,
    links: Sequence[Engagement] = (),
    letters: Sequence[Approval] = (),
    agency: Agency | None = None,
    activity: str = "ordinary",
    born: date | None = None,
) -> Case:
    """A case on a day, in which all is known."""
    return Case(
        quarter=Quarter.of(day),
        start=day,
        worker=Worker(employments=tuple(jobs), pension=pension or Pension(kind="none"), birth_date=born),
        employer=Employer("cafe", sector),
        function=Function(activity),
        engagements=tuple(links),
        approvals=tuple(letters),
        agency=agency,
    )


def year(
    day: date,
    third: str,
    fourth: str = "1",
    fifth: str = "1",
    status: str = "employee",
    scheme: str = "belgium",
    *,
    deferred_pay: bool = False,
) -> tuple[Employment, ...]:
    """Work in T-3, T-4 and T-5, with one employer."""
    quarter = Quarter.of(day)
    return tuple(
        Employment(
            quarter=quarter - back,
            employer="bank",
            fraction=WorkFraction.of(part),
            status=status,
            scheme=scheme,
            deferred_pay=deferred_pay,
        )
        for back, part in ((3, third), (4, fourth), (5, fifth))
    )


def link(
    day: date,
    employer: str,
    fraction: str,
    kind: str = "employment",
    until: date | None = None,
    affiliated: bool | None = None,
    notice_on: date | None = None,
    severance_until: date | None = None,
) -> tuple[Engagement, ...]:
    """A contract that began more than a year ago."""
    return (
        Engagement(
            employer=employer,
            kind=kind,
            fraction=WorkFraction.of(fraction),
            from_=day - timedelta(400),
            until=until,
            affiliated=affiliated,
            notice_from=notice_on,
            notice_until=notice_on,
            severance_until=severance_until,
        ),
    )


def persons(day: date) -> dict[str, Case]:
    """One case for each rule on persons."""
    full, quarter = year(day, "1"), Quarter.of(day)
    letter = (Approval(quarter=quarter, granted=True),)
    agency = Agency("agency")
    ended = day - timedelta(200)

    def retired(since: date) -> Pension:
        return Pension(kind="retirement", register="belgium", since=since)

    found = {
        "full time": case(day, full),
        "four fifths": case(day, year(day, "4/5", "4/5", "4/5")),
        "below four fifths": case(day, year(day, "79/100", "79/100", "79/100")),
        "a first drop": case(day, year(day, "4/5")),
        "a second drop": case(day, year(day, "4/5", "4/5")),
        "work abroad": case(day, year(day, "1", scheme="overseas")),
        "work abroad, approved": case(day, year(day, "1", scheme="overseas"), letters=letter),
        "a teacher's summer": case(day, year(day, "1", deferred_pay=True)),
        "pensioner of old": case(day, pension=retired(quarter.first_day - timedelta(400))),
        "pensioner since T-1": case(day, pension=retired(quarter.first_day - DAY)),
        "pensioner since the start": case(day, pension=retired(day)),
        "pensioner later in T": case(day, pension=retired(quarter.last_day)),
        "pensioner after T": case(day, pension=retired(quarter.last_day + DAY)),
        "severance": case(day, full, links=link(day, "cafe", "1/2", until=ended, severance_until=day)),
        "notice": case(day, full, links=link(day, "cafe", "1/2", until=day, notice_on=day)),
        "through an agency": case(day, full, agency=agency),
    }
    found |= {f"work as {status}": case(day, year(day, "1", status=status)) for status in STATUSES}
    for kind in ENGAGEMENT_KINDS:
        for size in SIZES:
            for name, employer, through in (("there", "cafe", None), ("with the user", "cafe", agency)):
                links = link(day, employer, size, kind=kind)
                found[f"{kind} {size} {name}"] = case(day, full, links=links, agency=through)
            links = link(day, "sister", size, kind=kind, affiliated=True)
            found[f"{kind} {size} with an affiliate"] = case(day, full, links=links)
    begun = {"ended the day before": (day - timedelta(400), day - DAY), "begins the day after": (day + DAY, None)}
    for when, (since, until) in begun.items():
        for employer, through in (("cafe", None), ("cafe", agency), ("sister", None)):
            contract = link(day, employer, "4/5", affiliated=employer == "sister")[0]
            name = f"a contract that {when} with {employer}{' by an agency' if through else ''}"
            found[name] = case(day, full, links=(attrs.evolve(contract, from_=since, until=until),), agency=through)
    return found


def by_age(day: date, ages: Sequence[int] = (64, 65, 66)) -> dict[str, Case]:
    """Persons of these ages without work or pension."""
    return {f"aged {age}": case(day, born=day.replace(year=day.year - age)) for age in ages}


def readings(day: date) -> dict[str, Case]:
    """What a table says under a reading only: the practice that took an age for a pension, the agency as employer."""
    practice, agency = (("age_shortcut", "practice"),), (("agency_as_employer", "agency"),)
    found = {name: attrs.evolve(aged, readings=practice) for name, aged in by_age(day).items()}
    tied = case(day, year(day, "1"), links=link(day, "agency", "1"), agency=Agency("agency"))
    return found | {"a contract with the agency": attrs.evolve(tied, readings=agency)}


def employer_of(day: date, row: SectorRow, law: Ruleset, code: str | None = None) -> Case:
    """A full-timer at an employer that a row of the list of sectors describes, with an activity on its list.

    ``code``: the main activity, where it shall not be the first on the list.
    """
    committee: str | None = f"{row.jc}.99" if row.jc in ("118", "202") else row.jc
    if committee in ("", "*"):
        committee = None if row.public else "302" if row.effect == "DENY" else "999"
    if code is None:
        code = next((n.nace.ljust(5, "0") for n in law.nace if n.list == row.nace_list), "00000")
    sector = Sector(
        joint_committee=committee,
        public=bool(row.public),
        nace=Nace(code, "2008"),
        authority=row.authority or "french",
        bakery_fund=row.bakery_fund,
    )
    return case(day, year(day, "1"), sector=sector, activity=row.activity or "ordinary")


def through_agency(day: date, row: SectorRow, law: Ruleset) -> Case:
    """The same employer as the user of an agency."""
    return attrs.evolve(employer_of(day, row, law), agency=Agency("agency"))


def sectors(day: date, rows: Sequence[SectorRow], law: Ruleset) -> Iterator[tuple[str, Case]]:
    """The employers that some rows of the list describe, by themselves, through an agency, and but for one thing."""
    for row in rows:
        yield row.id, employer_of(day, row, law)
        yield f"{row.id} by an agency", through_agency(day, row, law)
        for name, almost in but_for(employer_of(day, row, law), row):
            yield f"{row.id} but for {name}", almost


def but_for(described: Case, row: SectorRow) -> Iterator[tuple[str, Case]]:
    """The employer that a row describes, with one of the things that it asks for in another way."""
    employer = described.employer
    assert employer is not None
    assert employer.sector is not None
    sector = employer.sector

    def with_sector(changed: Sector) -> Case:
        return attrs.evolve(described, employer=Employer(employer.id, changed))

    other_kind = with_sector(attrs.evolve(sector, public=not sector.public))
    yield "the kind of employer", other_kind
    yield "the kind of employer, by an agency", attrs.evolve(other_kind, agency=Agency("agency"))
    if row.jc in ("", "*") and not row.public:
        # A committee about which another row has something to say.
        yield "the committee", with_sector(attrs.evolve(sector, joint_committee="144"))
    if row.nace_list:
        yield "the main activity", with_sector(attrs.evolve(sector, nace=Nace("00000", "2008")))
    if row.authority:
        others = [word for word in ("french", "german_speaking", "flemish") if word != row.authority]
        for other in others:
            yield f"the authority ({other})", with_sector(attrs.evolve(sector, authority=other))
    if row.bakery_fund:
        yield "the bakery fund", with_sector(attrs.evolve(sector, bakery_fund=False))
    if row.activity:
        yield "the activity", attrs.evolve(described, function=Function("ordinary"))
        yield "the activity, lifeguard", attrs.evolve(described, function=Function("lifeguard_certified"))


def activities(day: date, codes: Sequence[NaceRow], law: Ruleset) -> Iterator[tuple[str, Case]]:
    """Of some codes on lists of main activities: an employer with the code, of a sector of the day that tests its list.

    And one with a code next to it that is not on the list. Where no such sector is in force on the day, there is none.
    """
    for entry in codes:
        row = next((row for row in on(law.sectors, day) if row.nace_list == entry.list and row.effect != "CAP"), None)
        if row is None:
            continue
        listed = [n.nace for n in law.nace if n.list == entry.list]
        yield f"{entry.list} {entry.nace}", employer_of(day, row, law, entry.nace.ljust(5, "0"))
        near = (entry.nace[:-1] + digits for digits in _ENDINGS[5 - len(entry.nace)])
        beside = next((code for code in near if not code.startswith(tuple(listed))), None)
        if beside is not None:
            yield f"{entry.list} beside {entry.nace}", employer_of(day, row, law, beside)


_ENDINGS: Final = [[f"{n:0{digits}}" for n in range(10**digits)] for digits in range(1, 5)]


def no_version(day: date, law: Ruleset) -> Iterator[tuple[str, Case]]:
    """A code on a list, of which it is not said to which classification it belongs."""
    row = next((row for row in on(law.sectors, day) if row.nace_list and row.effect != "CAP"), None)
    if row is not None:
        described = employer_of(day, row, law)
        assert described.employer is not None
        assert described.employer.sector is not None
        sector = described.employer.sector
        assert sector.nace is not None
        sector = attrs.evolve(sector, nace=Nace(sector.nace.code))
        yield f"{row.nace_list} without a version", attrs.evolve(described, employer=Employer("cafe", sector))
