"""One row and its rows in the other tables as a case, and cases as tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeVar

from flexirules.approval import Approval, Request
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.fraction import WorkFraction
from flexirules.frames.columns import TABLES, anomalies
from flexirules.quarter import Quarter
from flexirules.sector import Agency, Employer, Function, Nace, Sector

Row = Mapping[str, object]
"""The cells of one row, by column; a column that is not there is null."""
Tables = dict[str, dict[str, list[object]]]
"""The columns of each table, by name, as lists."""
V = TypeVar("V")

SECTOR: Final = ("joint_committee", "nace", "nace_version", "public", "authority", "bakery_fund")


class Rows(NamedTuple):
    """Of one application the rows of the other tables; None where they are not known."""

    employments: Sequence[Row] | None = None
    approvals: Sequence[Row] | None = None
    engagements: Sequence[Row] | None = None
    pension: Row | None = None


Names = Callable[[object], str | None]
"""How an identifier is called in a case."""


def case_of(row: Row, rows: Rows, named: Names) -> Case:
    """The case of an application. Of what no cell tells anything the highest node is absent."""
    quarter = _quarter(row)
    assert quarter is not None
    agency, declared = row.get("agency"), [row.get(name) for name in ("filed_on", "result", "anomalies")]
    signed = _of(row, "framework_agreement", bool)
    told = any(value is not None for value in declared)
    return Case(
        quarter=quarter,
        start=_of(row, "start", date),
        worker=_worker(row, rows, named),
        employer=_employer(row, named),
        function=None if row.get("activity") is None else Function(_of(row, "activity", str)),
        agency=Agency(named(agency)) if agency is not None or row.get("through_agency") else None,
        engagements=None if rows.engagements is None else tuple(_engagement(link, named) for link in rows.engagements),
        approvals=None if rows.approvals is None else tuple(_approval(letter, named) for letter in rows.approvals),
        requests=(Request(quarter=quarter),) if row.get("requested") else None,
        formalities=Formalities(framework_agreement=signed, declaration=_declaration(row) if told else None)
        if told or signed is not None
        else None,
    )


def names_of_our_own() -> Names:
    """Each identifier under a name that any case may hold: no answer depends on what a party is called."""
    found: dict[object, str] = {}
    return lambda value: None if value is None else found.setdefault(value, f"party-{len(found)}")


def _of(row: Row, name: str, kind: type[V]) -> V | None:
    value = row.get(name)
    assert value is None or isinstance(value, kind)
    return value


def _quarter(row: Row) -> Quarter | None:
    text = _of(row, "quarter", str)
    return None if text is None else Quarter.parse(text)


def _fraction(row: Row) -> WorkFraction | None:
    numerator, denominator = _of(row, "numerator", int), _of(row, "denominator", int)
    return None if numerator is None or denominator is None else WorkFraction(numerator, denominator)


def _worker(row: Row, rows: Rows, named: Names) -> Worker | None:
    born, legislation = _of(row, "birth_date", date), _of(row, "habitual_legislation", str)
    if rows.employments is None and rows.pension is None and born is None and legislation is None:
        return None
    return Worker(
        birth_date=born,
        employments=None if rows.employments is None else tuple(_employment(job, named) for job in rows.employments),
        pension=None if rows.pension is None else _pension(rows.pension),
        habitual_legislation=legislation or "belgian",
    )


def _employment(row: Row, named: Names) -> Employment:
    return Employment(
        quarter=_quarter(row),
        employer=named(row.get("employer")),
        fraction=_fraction(row),
        status=_of(row, "status", str),
        scheme=_of(row, "scheme", str) or "belgium",
        deferred_pay=bool(row.get("deferred_pay")),
    )


def _pension(row: Row) -> Pension:
    return Pension(
        kind=_of(row, "kind", str), since=_of(row, "since", date), register=_of(row, "register", str) or "belgium"
    )


def _approval(row: Row, named: Names) -> Approval:
    return Approval(
        quarter=_quarter(row),
        granted=_of(row, "granted", bool),
        issued_on=_of(row, "issued_on", date),
        reference=named(row.get("reference")),
    )


def _engagement(row: Row, named: Names) -> Engagement:
    return Engagement(
        employer=named(row.get("employer")),
        kind=_of(row, "kind", str),
        fraction=_fraction(row),
        from_=_of(row, "from", date),
        until=_of(row, "until", date),
        affiliated=_of(row, "affiliated", bool),
        notice_from=_of(row, "notice_from", date),
        notice_until=_of(row, "notice_until", date),
        severance_until=_of(row, "severance_until", date),
    )


def _employer(row: Row, named: Names) -> Employer | None:
    name, fields = named(row.get("employer")), [row.get(field) for field in SECTOR]
    if all(value is None for value in fields):
        return None if name is None else Employer(name)
    sector = Sector(
        joint_committee=_of(row, "joint_committee", str),
        nace=Nace(_of(row, "nace", str), _of(row, "nace_version", str)),
        public=_of(row, "public", bool),
        authority=_of(row, "authority", str),
        bakery_fund=_of(row, "bakery_fund", bool),
    )
    return Employer(name, sector)


def _declaration(row: Row) -> Declaration:
    codes = _of(row, "anomalies", str)
    return Declaration(
        filed_on=_of(row, "filed_on", date),
        result=_of(row, "result", str),
        anomalies=None if codes is None else anomalies(codes),
    )


def tables_of(cases: Iterable[Case]) -> Tables:
    """Cases as the five tables, each table as columns of equal length; what the tables cannot say is left out.

    Applications are numbered from 1, and each has a worker of its own. Readings are chosen for a whole frame, so
    those of a case are left out; of the questions to the OSS only is kept that there was one for T.

    >>> from flexirules import Case, Quarter
    >>> tables_of([Case(quarter=Quarter(2026, 4))])["applications"]["quarter"]
    ['2026Q4']
    """
    found: Tables = {name: {column.name: [] for column in columns} for name, columns in TABLES.items()}

    def add(table: str, row: Row) -> None:
        for name, values in found[table].items():
            values.append(row.get(name))

    for number, case in enumerate(cases, 1):
        worker, whose = case.worker, f"worker-{number}"
        add("applications", _application(case) | {"application": number, "worker": whose})
        for job in (worker.employments if worker is not None else None) or ():
            add("employments", {"worker": whose} | _cells_of_job(job))
        for letter in case.approvals or ():
            told = {name: getattr(letter, name) for name in ("granted", "issued_on", "reference")}
            add("approvals", {"worker": whose, "quarter": _text(letter.quarter)} | told)
        for link in case.engagements or ():
            add("engagements", {"application": number} | _cells_of_link(link))
        pension = worker.pension if worker is not None else None
        if pension is not None:
            add(
                "pensions",
                {"worker": whose, "kind": pension.kind, "since": pension.since, "register": pension.register},
            )
    del found["engagements"]["worker"]
    return found


def _text(quarter: Quarter | None) -> str | None:
    return None if quarter is None else str(quarter)


def _ratio(fraction: WorkFraction | None) -> dict[str, object]:
    if fraction is None:
        return {}
    return {"numerator": fraction.numerator, "denominator": fraction.denominator}


def _cells_of_job(job: Employment) -> dict[str, object]:
    cells = {name: getattr(job, name) for name in ("employer", "status", "scheme", "deferred_pay")}
    return cells | {"quarter": _text(job.quarter)} | _ratio(job.fraction)


def _cells_of_link(link: Engagement) -> dict[str, object]:
    named = ("employer", "kind", "until", "affiliated", "notice_from", "notice_until", "severance_until")
    return {name: getattr(link, name) for name in named} | {"from": link.from_} | _ratio(link.fraction)


def _application(case: Case) -> dict[str, object]:
    worker, employer, sector = case.worker, case.employer, None
    row: dict[str, object] = {
        "quarter": str(case.quarter),
        "start": case.start,
        "activity": case.function.activity if case.function is not None else None,
        "agency": case.agency.id if case.agency is not None else None,
        "through_agency": case.agency is not None,
        "requested": any(r.quarter == case.quarter for r in case.requests or ()),
        "employments_known": worker is not None and worker.employments is not None,
        "engagements_known": case.engagements is not None,
        "approvals_known": case.approvals is not None,
    }
    if worker is not None:
        row |= {"birth_date": worker.birth_date, "habitual_legislation": worker.habitual_legislation}
    if employer is not None:
        row["employer"], sector = employer.id, employer.sector
    if sector is not None:
        row |= {name: getattr(sector, name) for name in ("public", "authority", "bakery_fund")}
        row["joint_committee"] = None if sector.joint_committee is None else sector.joint_committee.code
        if sector.nace is not None:
            row |= {"nace": sector.nace.code, "nace_version": sector.nace.version}
    papers = case.formalities
    if papers is not None:
        row["framework_agreement"] = papers.framework_agreement
        filed = papers.declaration
        if filed is not None:
            codes = None if filed.anomalies is None else " ".join(filed.anomalies)
            row |= {"filed_on": filed.filed_on, "result": filed.result, "anomalies": codes}
    return row
