"""The JSON text of a case, written without loss: what is not known or a default is left out."""

from functools import cache
from typing import TYPE_CHECKING, Final

from flexirules._checks import check_kind
from flexirules.approval import Approval, Request
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.errors import InvalidInput, show, wrong_type
from flexirules.sector import Employer, Sector

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Callable

MAX_TEXT: Final = 1_048_576
MAX_INDENT: Final = 8


def write_case(case: Case, *, indent: int | None = None) -> str:
    """Write a case as JSON text, on one line or with 0 to 8 spaces a level. Reading it gives an equal case.

    >>> from datetime import date
    >>> from flexirules import Case, Quarter
    >>> write_case(Case(quarter=Quarter(2026, 4), start=date(2026, 10, 5)))
    '{"quarter": "2026Q4", "start": "2026-10-05"}'

    Raises:
        WrongType: anything but a ``Case``.
        InvalidInput: the text would be longer than what can be read back.
    """
    check_kind("case", case, Case)
    text = _case(case)
    if indent is not None:
        if type(indent) is not int:
            raise wrong_type("indent", indent, "a number of spaces or None")
        if not 0 <= indent <= MAX_INDENT:
            raise InvalidInput("E-INDENT", "indent", f"an indent has 0 to {MAX_INDENT} spaces, not {show(indent)}")
        import json

        text = json.dumps(json.loads(text), ensure_ascii=False, indent=indent)
    encoded(text)
    return text


def case_to_document(case: Case) -> dict[str, object]:
    """The document of a case: dicts, lists, text and flags.

    >>> from flexirules import Case, Quarter
    >>> case_to_document(Case(quarter=Quarter(2026, 4), approvals=()))
    {'quarter': '2026Q4', 'approvals': []}

    Raises:
        WrongType: anything but a ``Case``.
    """
    import json

    check_kind("case", case, Case)
    document = json.loads(_case(case))
    assert isinstance(document, dict)
    return document


def canonical_digest(law: str, case: Case) -> str:
    """SHA-256 over a law's digest and the one-line text of a case."""
    return _sha256()(f"{law}\n{_case(case)}".encode()).hexdigest()


@cache
def _sha256() -> "Callable[[bytes], hashlib._Hash]":
    import hashlib

    return hashlib.sha256


def encoded(text: str) -> bytes:
    """The text as UTF-8, unless it is too long."""
    if len(text) <= MAX_TEXT:
        plain = text.encode("utf-8", "surrogatepass")
        if len(plain) <= MAX_TEXT:
            return plain
    raise InvalidInput("E-JSON-SIZE", "$", f"a case has at most {MAX_TEXT} bytes of text")


def _quoted(identifier: str) -> str:
    """An identifier as JSON text; it holds printable characters only."""
    if '"' in identifier or "\\" in identifier:
        identifier = identifier.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{identifier}"'


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _object(fields: str) -> str:
    """An object of fields, each of which begins with a comma."""
    return "{" + fields[2:] + "}"


def _case(case: Case) -> str:
    text = f', "quarter": "{case.quarter!s}"'
    if case.start is not None:
        text += f', "start": "{case.start!s}"'
    if case.worker is not None:
        text += f', "worker": {_worker(case.worker)}'
    if case.employer is not None:
        text += f', "employer": {_employer(case.employer)}'
    if case.function is not None:
        activity = case.function.activity
        text += ', "function": {}' if activity is None else f', "function": {{"activity": "{activity}"}}'
    if case.agency is not None:
        agency = case.agency.id
        text += ', "agency": {}' if agency is None else f', "agency": {{"id": {_quoted(agency)}}}'
    if case.engagements is not None:
        text += f', "engagements": [{", ".join(map(_engagement, case.engagements))}]'
    if case.approvals is not None:
        text += f', "approvals": [{", ".join(map(_approval, case.approvals))}]'
    if case.requests is not None:
        text += f', "requests": [{", ".join(map(_request, case.requests))}]'
    if case.formalities is not None:
        text += f', "formalities": {_formalities(case.formalities)}'
    if case.readings:
        text += ', "readings": ' + _object("".join([f', "{name}": "{value}"' for name, value in case.readings]))
    return _object(text)


def _worker(worker: Worker) -> str:
    text = "" if worker.birth_date is None else f', "birth_date": "{worker.birth_date}"'
    if worker.employments is not None:
        text += f', "employments": [{", ".join(map(_employment, worker.employments))}]'
    if worker.pension is not None:
        text += f', "pension": {_pension(worker.pension)}'
    if worker.habitual_legislation != "belgian":
        text += f', "habitual_legislation": "{worker.habitual_legislation}"'
    return _object(text)


def _employment(job: Employment) -> str:
    text = "" if job.quarter is None else f', "quarter": "{job.quarter!s}"'
    if job.employer is not None:
        text += f', "employer": {_quoted(job.employer)}'
    if job.fraction is not None:
        text += f', "fraction": "{job.fraction!s}"'
    if job.status is not None:
        text += f', "status": "{job.status}"'
    if job.scheme != "belgium":
        text += f', "scheme": "{job.scheme}"'
    if job.deferred_pay:
        text += ', "deferred_pay": true'
    return _object(text)


def _pension(pension: Pension) -> str:
    text = "" if pension.kind is None else f', "kind": "{pension.kind}"'
    if pension.since is not None:
        text += f', "since": "{pension.since}"'
    if pension.register != "belgium":
        text += f', "register": "{pension.register}"'
    return _object(text)


def _employer(employer: Employer) -> str:
    text = "" if employer.id is None else f', "id": {_quoted(employer.id)}'
    if employer.sector is not None:
        text += f', "sector": {_sector(employer.sector)}'
    return _object(text)


def _sector(sector: Sector) -> str:
    text = "" if sector.joint_committee is None else f', "joint_committee": "{sector.joint_committee.code}"'
    nace = sector.nace
    if nace is not None:
        text += "" if nace.code is None else f', "nace": "{nace.code}"'
        text += "" if nace.version is None else f', "nace_version": "{nace.version}"'
    if sector.public is not None:
        text += f', "public": {_flag(sector.public)}'
    if sector.authority is not None:
        text += f', "authority": "{sector.authority}"'
    if sector.bakery_fund is not None:
        text += f', "bakery_fund": {_flag(sector.bakery_fund)}'
    return _object(text)


def _engagement(link: Engagement) -> str:
    text = "" if link.employer is None else f', "employer": {_quoted(link.employer)}'
    if link.kind is not None:
        text += f', "kind": "{link.kind}"'
    if link.fraction is not None:
        text += f', "fraction": "{link.fraction!s}"'
    if link.from_ is not None:
        text += f', "from": "{link.from_}"'
    if link.until is not None:
        text += f', "until": "{link.until}"'
    if link.affiliated is not None:
        text += f', "affiliated": {_flag(link.affiliated)}'
    if link.notice_from is not None:
        text += f', "notice_from": "{link.notice_from}"'
    if link.notice_until is not None:
        text += f', "notice_until": "{link.notice_until}"'
    if link.severance_until is not None:
        text += f', "severance_until": "{link.severance_until}"'
    return _object(text)


def _approval(letter: Approval) -> str:
    text = "" if letter.quarter is None else f', "quarter": "{letter.quarter!s}"'
    if letter.granted is not None:
        text += f', "granted": {_flag(letter.granted)}'
    if letter.issued_on is not None:
        text += f', "issued_on": "{letter.issued_on}"'
    if letter.reference is not None:
        text += f', "reference": {_quoted(letter.reference)}'
    return _object(text)


def _request(request: Request) -> str:
    text = "" if request.quarter is None else f', "quarter": "{request.quarter!s}"'
    if request.made_on is not None:
        text += f', "made_on": "{request.made_on}"'
    if request.by is not None:
        text += f', "by": "{request.by}"'
    return _object(text)


def _formalities(formalities: Formalities) -> str:
    agreement = formalities.framework_agreement
    text = "" if agreement is None else f', "framework_agreement": {_flag(agreement)}'
    if formalities.declaration is not None:
        text += f', "declaration": {_declaration(formalities.declaration)}'
    return _object(text)


def _declaration(filed: Declaration) -> str:
    text = "" if filed.filed_on is None else f', "filed_on": "{filed.filed_on}"'
    if filed.result is not None:
        text += f', "result": "{filed.result}"'
    if filed.anomalies is not None:
        text += ', "anomalies": [' + ", ".join([f'"{code}"' for code in filed.anomalies]) + "]"
    return _object(text)
