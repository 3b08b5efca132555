"""Hypothesis strategies for whole cases, with the edges put in by hand."""

from datetime import date, timedelta

from hypothesis import strategies as st

from flexirules.approval import Approval, Request
from flexirules.case import (
    ENGAGEMENT_KINDS,
    PENSION_KINDS,
    REGISTERS,
    RESULTS,
    SCHEMES,
    STATUSES,
    Case,
    Declaration,
    Employment,
    Engagement,
    Formalities,
    Pension,
    Worker,
)
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.readings import READINGS
from flexirules.sector import ACTIVITIES, AUTHORITIES, Agency, Employer, Function, Nace, Sector


def known(strategy):
    """A value, or that it is not known."""
    return st.none() | strategy


def words(values):
    """A word of a closed list, or that it is not known."""
    return st.sampled_from((None, *values))


QUARTERS = (Quarter(1900, 1), Quarter(2199, 4), Quarter(2026, 1), Quarter(2026, 4))
quarters = st.sampled_from(QUARTERS) | st.integers(7600, 8799).map(Quarter.from_index)
days = st.sampled_from((date(1900, 1, 1), date(2199, 12, 31), date(2024, 2, 29))) | st.dates(
    date(1900, 1, 1), date(2199, 12, 31)
)
identifiers = st.sampled_from(
    ("a", "cafe-central", "Café Ünlü", "x" * 200, 'say "hi" \\ [{', "0418", "名前")
) | st.text(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x17F), min_size=1, max_size=12)
fractions = st.sampled_from(
    (WorkFraction(0), WorkFraction(1), WorkFraction(4, 5), WorkFraction(1, 10**20 - 1))
) | st.tuples(st.integers(1, 10**20 - 1), st.integers(0, 10**20 - 1)).map(
    lambda pair: WorkFraction(min(pair), max(pair))
)
flags = st.sampled_from((None, True, False))

employments = st.builds(
    Employment,
    quarter=known(quarters),
    employer=known(identifiers),
    fraction=known(fractions),
    status=words(STATUSES),
    scheme=st.sampled_from(SCHEMES),
    deferred_pay=st.booleans(),
)
pensions = st.builds(Pension, kind=words(PENSION_KINDS), since=known(days), register=st.sampled_from(REGISTERS))
workers = st.builds(
    Worker,
    birth_date=known(days),
    employments=known(st.lists(employments, max_size=4, unique=True)),
    pension=known(pensions),
    habitual_legislation=st.sampled_from(("belgian", "dutch", "north_macedonian")),
)
sectors = st.builds(
    Sector,
    joint_committee=st.sampled_from((None, "302", "118.03", "140.03.01", "118.07.01-02.00")),
    nace=known(st.builds(Nace, st.sampled_from((None, "56101", "00000")), st.sampled_from((None, "2008", "2025")))),
    public=flags,
    authority=words(AUTHORITIES),
    bakery_fund=flags,
)
employers = st.builds(Employer, id=known(identifiers), sector=known(sectors))


def _period(pair):
    return sorted(pair) if None not in pair else list(pair)


@st.composite
def engagements(draw):
    """An engagement whose periods end on or after their first day."""
    from_, until = _period(draw(st.tuples(known(days), known(days))))
    notice_from, notice_until = _period(draw(st.tuples(known(days), known(days))))
    return Engagement(
        employer=draw(known(identifiers)),
        kind=draw(words(ENGAGEMENT_KINDS)),
        fraction=draw(known(fractions)),
        from_=from_,
        until=until,
        affiliated=draw(flags),
        notice_from=notice_from,
        notice_until=notice_until,
        severance_until=draw(known(days)),
    )


approvals = st.builds(
    Approval, quarter=known(quarters), granted=flags, issued_on=known(days), reference=known(identifiers)
)
requests = st.builds(Request, quarter=known(quarters), made_on=known(days), by=words(("worker", "employer")))
declarations = st.builds(
    Declaration,
    filed_on=known(days),
    result=words(RESULTS),
    anomalies=known(st.lists(st.sampled_from(("90017-510", "00000-000")), max_size=2)),
)
formalities = st.builds(Formalities, framework_agreement=flags, declaration=known(declarations))
readings = st.dictionaries(st.sampled_from(sorted(READINGS)), st.booleans(), max_size=3).map(
    lambda chosen: {name: READINGS[name].values[last and -1] for name, last in chosen.items()}
)


@st.composite
def cases(draw):
    """A case whose start lies in its quarter."""
    quarter = draw(quarters)
    span = (quarter.last_day - quarter.first_day).days
    offset = draw(st.none() | st.sampled_from((0, span)) | st.integers(0, span))
    return Case(
        quarter=quarter,
        start=None if offset is None else quarter.first_day + timedelta(offset),
        worker=draw(known(workers)),
        employer=draw(known(employers)),
        function=draw(known(st.builds(Function, words(ACTIVITIES)))),
        agency=draw(known(st.builds(Agency, known(identifiers)))),
        engagements=draw(known(st.lists(engagements(), max_size=2))),
        approvals=draw(known(st.lists(approvals, max_size=3, unique=True))),
        requests=draw(known(st.lists(requests, max_size=2))),
        formalities=draw(known(formalities)),
        readings=draw(readings),
    )
