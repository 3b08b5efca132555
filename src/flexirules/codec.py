"""The JSON form of a case, read: refused with every problem and its place. ``document`` writes it.

Reading has two passes over one table. The first builds the case and stops at the first thing that is wrong; only then
the second goes through the whole document again and collects everything, each problem with its path. What a value may
be is said once, by the constructors of the value types: both passes ask them.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

import attrs

from flexirules._checks import MAX_ENTRIES, at, check_day
from flexirules.approval import Approval, Request
from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
from flexirules.document import encoded
from flexirules.errors import FlexirulesError, InvalidInput, Problem, collected, show, wrong_type
from flexirules.fraction import MAX_DIGITS, WorkFraction
from flexirules.quarter import Quarter
from flexirules.readings import READINGS
from flexirules.sector import Agency, Employer, Function, JointCommittee, Nace, Sector

MAX_DEPTH: Final = 8
MAX_NAME: Final = 40

Problems = list[FlexirulesError]

_BRACKETS: Final = re.compile(rb"\[+|\]+")
_ONE_KIND: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_DECIMAL: Final = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
_EXACT: Final = '"4/5", "0.8", "80%", 1 or {"worked": 52, "reference": 65, "unit": "days"}'
_BAD: Final = object()
_STAND_IN: Final = Quarter(2026, 1)
"""A quarter for looking at one field of a case whose own quarter is wrong or not yet looked at."""


def read_case(text: str) -> Case:
    """Read a case from its JSON text.

    A field that is absent or null is not known; an empty list is known: none. At most 1,048,576 bytes of UTF-8, 8
    levels, 20 digits in a number.

    >>> read_case('{"quarter": "2026Q4"}').first_day.isoformat()
    '2026-10-01'
    >>> read_case('{"quarter": "2026Q4", "start": "2027-01-04"}')
    Traceback (most recent call last):
        ...
    flexirules.errors.InvalidInput: $.start: the first day of work lies in 2026Q4, not on 2027-01-04

    Raises:
        InvalidInput: no JSON, over a limit, an unknown field or an impossible value; ``problems`` holds all of them,
            each with its path.
        WrongType: not text, or nothing but refused types.
    """
    document = _parsed(text)
    try:
        return _made(document)
    except (AttributeError, KeyError, TypeError, ValueError):
        problems: Problems = []
        _tell_refused("$", document, problems)
        return _collected(document, problems)


def case_from_document(document: object) -> Case:
    """Read a case from the document that a JSON parser made of its text.

    >>> case_from_document({"quarter": "2026Q4", "engagements": []}).engagements
    ()

    Raises:
        InvalidInput, WrongType: as ``read_case``.
    """
    try:
        return _made(document)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _collected(document, [])


# Text to document


@attrs.frozen
class _Refused:
    """A number that was refused before it became one; its place is not known yet."""

    message: str


@attrs.frozen
class _Repeated:
    """An object in which a field stands twice; its place is not known yet."""

    pairs: list[tuple[str, object]]


def _object(pairs: list[tuple[str, object]]) -> object:
    values = dict(pairs)
    return values if len(values) == len(pairs) else _Repeated(pairs)


def _integer(text: str) -> object:
    if len(text) - text.startswith("-") > MAX_DIGITS:
        return _Refused(f"a number has at most {MAX_DIGITS} digits, not {show(text)}")
    return int(text)


def _float(text: str) -> object:
    return _Refused(f"{show(text)[1:-1]} would become a binary float; exact are {_EXACT}")


def _constant(text: str) -> object:
    return _Refused(f"{text} is no number; exact are {_EXACT}")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _check_depth(text: bytes) -> None:
    """Count brackets before anything is parsed: deep nesting can end the interpreter.

    Mostly it is enough to leave out everything but brackets and quotes, to take braces for brackets, and to take away
    empty pairs, which is the innermost level, eight times. Where something remains (a bracket inside text, a mistake of
    form) the brackets outside text are counted one by one; up to the first mistake of form that count is the parser's.
    """
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    rest = text.translate(_ONE_KIND, _NO_BRACKETS).replace(b'""', b"")
    for _ in range(MAX_DEPTH):
        rest = rest.replace(b"[]", b"")
    if not rest:
        return
    depth = 0
    for brackets in _BRACKETS.findall(b"".join(text.split(b'"')[::2]).translate(_ONE_KIND)):
        depth += len(brackets) if brackets[0:1] == b"[" else -len(brackets)
        if depth > MAX_DEPTH:
            raise InvalidInput("E-JSON-DEPTH", "$", f"a case is at most {MAX_DEPTH} levels deep")


def _parsed(text: str) -> object:
    if type(text) is not str:
        raise wrong_type("$", text, "text")
    plain = encoded(text)
    if text.startswith("\ufeff"):
        raise InvalidInput("E-JSON", "$", "no JSON at line 1 column 1: a byte order mark (BOM)")
    _check_depth(plain)
    try:
        document: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise InvalidInput("E-JSON", "$", f"no JSON at {where}: {error.msg}") from None
    return document


def _tell_refused(path: str, value: object, problems: Problems) -> None:
    """Give what the parser refused its path, also inside fields that nobody knows."""
    if type(value) is _Refused:
        problems.append(InvalidInput("E-JSON-NUMBER", path, value.message))
    elif type(value) is list:
        for position, entry in enumerate(value):
            _tell_refused(f"{path}[{position}]", entry, problems)
    elif type(value) is dict:
        _tell_refused(path, _Repeated(list(value.items())), problems)
    elif type(value) is _Repeated:
        seen = set()
        for key, entry in value.pairs:
            if key in seen:
                problems.append(InvalidInput("E-JSON-DUPLICATE", path, f"the field {show(key)} stands twice"))
            seen.add(key)
            # A path is read by people: a name that is no name, or endless, is shown as far as it helps.
            plain = key.isidentifier() and len(key) <= MAX_NAME
            _tell_refused(f"{path}.{key}" if plain else f"{path}[{show(key)}]", entry, problems)


# The table: one row per field, for both passes


@attrs.frozen
class _Field:
    """A field: the argument of the constructor, how it is read in the first pass and in the second."""

    name: str
    read: Callable[[object], object] | None
    collect: Callable[[str, object, Problems], object]


@attrs.frozen
class _Form:
    """An object: its constructor, its fields, and the pairs that are looked at together."""

    make: Callable[..., object]
    fields: dict[str, _Field]
    pairs: tuple[tuple[str, str], ...] = ()
    required: tuple[str, ...] = ()
    stand_in: dict[str, object] = attrs.Factory(dict)
    reads: dict[str, tuple[str, Callable[[object], object] | None]] = attrs.field(init=False)
    """What the first pass needs of the fields."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "reads", {key: (field.name, field.read) for key, field in self.fields.items()})


def _build(form: _Form, document: object) -> object:
    """The first pass: whatever is wrong raises, and what it raises is thrown away."""
    values: dict[str, object] = {}
    reads = form.reads
    for key, value in document.items():  # type: ignore[attr-defined]  # anything but a dict goes to the second pass
        name, read = reads[key]
        if value is not None:
            values[name] = value if read is None else read(value)
    return form.make(**values)


def _collect(form: _Form, path: str, document: object, problems: Problems) -> object:
    """The second pass: every problem of an object, field by field, then of the fields together."""
    if type(document) is _Refused:
        return _BAD
    if type(document) is _Repeated:
        document = dict(document.pairs)
    if type(document) is not dict:
        problems.append(wrong_type(path, document, "an object"))
        return _BAD
    before = len(problems)
    known: dict[str, object] = {}
    paired = {name for pair in form.pairs for name in pair}
    for key, value in document.items():
        field = form.fields.get(key)
        if field is None:
            message = f"no such field {show(key)}; known: {', '.join(form.fields)}"
            problems.append(InvalidInput("E-JSON-KEYS", path, message))
        elif value is not None:
            got = field.collect(f"{path}.{key}", value, problems)
            if got is not _BAD:
                known[field.name] = got
                if field.name not in paired:
                    _attempt(form, {**form.stand_in, field.name: got}, f"{path}.{key}", problems)
    for name in form.required:
        if document.get(name) is None:
            problems.append(InvalidInput("E-JSON-KEYS", path, f"the field {name} is missing"))
    for first, last in form.pairs:
        if first in known and last in known:
            _attempt(form, {first: known[first], last: known[last]}, f"{path}.{last}", problems)
    complete = len(problems) == before and all(name in known for name in form.required)
    return form.make(**known) if complete else _BAD


def _attempt(form: _Form, values: dict[str, object], path: str, problems: Problems) -> None:
    """Ask the constructor about some of the fields; what it says stands at ``path``."""
    try:
        form.make(**values)
    except FlexirulesError as error:
        problems.append(at(path, error))


def _scalar(
    name: str,
    read: Callable[[object], object] | None = None,
    *,
    strict: Callable[[str, object], None] | None = None,
) -> _Field:
    """A field with one value. ``strict`` is what the constructor says of it, where it is not asked about it alone."""

    def collect(path: str, value: object, problems: Problems) -> object:
        if type(value) is _Refused:
            return _BAD
        try:
            got = value if read is None else read(value)
            if strict is not None:
                strict(path, got)
        except FlexirulesError as error:
            problems.append(at(path, error))
            return _BAD
        return got

    return _Field(name, read, collect)


def _nested(name: str, form: _Form) -> _Field:
    return _Field(
        name,
        lambda value: _build(form, value),
        lambda path, value, problems: _collect(form, path, value, problems),
    )


def _list(value: object) -> list[object]:
    if type(value) is not list:
        raise wrong_type("", value, "a list")
    return value


def _entries(name: str, form: _Form, *, unrepeated: bool = False) -> _Field:
    """A list of objects."""

    def collect(path: str, value: object, problems: Problems) -> object:
        if type(value) is not list:
            return _scalar(name, _list).collect(path, value, problems)
        if len(value) > MAX_ENTRIES:
            return value  # the constructor says that they are too many
        good: list[object] = []
        first: dict[object, int] = {}
        for position, entry in enumerate(value):
            got = _collect(form, f"{path}[{position}]", entry, problems)
            if got is _BAD:
                continue
            same = first.setdefault(got, position)
            if unrepeated and same != position:
                message = f"the same entry as {path}[{same}]: the row was read twice"
                problems.append(InvalidInput("E-DUPLICATE", f"{path}[{position}]", message))
            else:
                good.append(got)
        return good

    return _Field(
        name,
        lambda value: [_build(form, entry) for entry in _list(value)],
        collect,
    )


# The scalars


_parse_quarter: Final = lru_cache(maxsize=1200)(Quarter.parse)
_parse_committee: Final = lru_cache(maxsize=1024)(JointCommittee)
_parse_fraction: Final = lru_cache(maxsize=4096)(WorkFraction.parse)


def _quarter(value: object) -> Quarter:
    if type(value) is not str:
        raise wrong_type("", value, 'text such as "2024Q3"')
    return _parse_quarter(value)


def _committee(value: object) -> JointCommittee:
    if type(value) is not str:
        raise wrong_type("", value, 'text such as "302" or "118.03"')
    return _parse_committee(value)


def _day(value: object) -> date:
    if type(value) is not str:
        raise wrong_type("", value, 'a date such as "2026-10-05"')
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    # What is written back the same was written in the one accepted form, and not as 20261005 or 2026-W41-1.
    if day is None or day.isoformat() != value:
        raise InvalidInput("E-DATE", "", f'a date is written like "2026-10-05", not {show(value)}')
    return day


def _fraction(value: object) -> WorkFraction:
    if type(value) is str:
        return _parse_fraction(value)
    if type(value) is dict:
        fraction = _collect(_MEASURED, "", value, [])
        if type(fraction) is WorkFraction:
            return fraction
    if type(value) is not int:
        raise wrong_type("", value, f"an exact fraction: {_EXACT}")
    return WorkFraction.of(value)


def _collect_fraction(path: str, value: object, problems: Problems) -> object:
    if type(value) is dict or type(value) is _Repeated:
        return _collect(_MEASURED, path, value, problems)
    return _scalar("fraction", _fraction).collect(path, value, problems)


def _amount(value: object) -> WorkFraction:
    if type(value) is not int and (type(value) is not str or not _DECIMAL.fullmatch(value)):
        if type(value) is not str:
            raise wrong_type("", value, 'an integer or exact decimal text such as "7.6"')
        message = f'a number of days or hours is written like 52 or "7.6", not {show(value)}'
        raise InvalidInput("E-FRACTION-TEXT", "", message)
    return WorkFraction.of(value)


def _measured(
    *, worked: WorkFraction | None = None, reference: WorkFraction | None = None, unit: object = "days"
) -> WorkFraction:
    """Time worked over the time of a full-time job; asked about one part alone, the other is whatever fits."""
    if unit not in ("days", "hours"):
        raise InvalidInput("E-WORD", "", f"expected one of days, hours, not {show(unit)}")
    if reference is None:
        return WorkFraction(0)
    return WorkFraction.from_hours(worked or WorkFraction(0), reference)


def _check_reference(_: str, value: object) -> None:
    if value == WorkFraction(0):
        raise InvalidInput("E-FRACTION", "", "the reference of a work fraction is more than 0")


def _sector(*, nace: str | None = None, nace_version: str | None = None, **rest: bool) -> Sector:
    code = None if nace is None and nace_version is None else Nace(nace, nace_version)
    return Sector(nace=code, **rest)  # type: ignore[arg-type]  # the constructor looks at what the rest is


def _readings(value: object) -> object:
    """An object of names and values; one with a null is for the second pass, which leaves it out."""
    if type(value) is not dict or None in value.values():
        raise wrong_type("", value, "an object")
    return value


def _collect_readings(path: str, value: object, problems: Problems) -> object:
    if type(value) is _Refused:
        return _BAD
    if type(value) is _Repeated:
        value = dict(value.pairs)
    if type(value) is not dict:
        problems.append(wrong_type(path, value, "an object"))
        return _BAD
    good: dict[object, object] = {}
    for name, choice in value.items():
        if type(choice) is _Refused or (choice is None and name in READINGS):
            continue
        found = len(problems)
        place = f"{path}.{name}" if name in READINGS else path
        _attempt(_CASE, {"quarter": _STAND_IN, "readings": {name: "" if choice is None else choice}}, place, problems)
        if len(problems) == found:
            good[name] = choice
    return good


def _collect_anomalies(path: str, value: object, problems: Problems) -> object:
    if type(value) is not list:
        return _scalar("anomalies", _list).collect(path, value, problems)
    if len(value) > MAX_ENTRIES:
        return value  # the constructor says that they are too many
    good: list[object] = []
    for position, code in enumerate(value):
        found = len(problems)
        if type(code) is not _Refused:
            _attempt(_DECLARATION, {"anomalies": [code]}, f"{path}[{position}]", problems)
            if len(problems) == found:
                good.append(code)
    return good


def _plain(name: str) -> _Field:
    """A field whose JSON value is what the constructor takes."""
    return _scalar(name)


def _date(name: str) -> _Field:
    return _scalar(name, _day, strict=check_day)


_MEASURED: Final = _Form(
    _measured,
    {
        "worked": _scalar("worked", _amount),
        "reference": _scalar("reference", _amount, strict=_check_reference),
        "unit": _plain("unit"),
    },
    pairs=(("worked", "reference"),),
    required=("worked", "reference", "unit"),
)
_EMPLOYMENT: Final = _Form(
    Employment,
    {
        "quarter": _scalar("quarter", _quarter),
        "employer": _plain("employer"),
        "fraction": _Field("fraction", _fraction, _collect_fraction),
        "status": _plain("status"),
        "scheme": _plain("scheme"),
        "deferred_pay": _plain("deferred_pay"),
    },
)
_PENSION: Final = _Form(Pension, {"kind": _plain("kind"), "since": _date("since"), "register": _plain("register")})
_WORKER: Final = _Form(
    Worker,
    {
        "birth_date": _date("birth_date"),
        "employments": _entries("employments", _EMPLOYMENT, unrepeated=True),
        "pension": _nested("pension", _PENSION),
        "habitual_legislation": _plain("habitual_legislation"),
    },
)
_SECTOR: Final = _Form(
    _sector,
    {
        "joint_committee": _scalar("joint_committee", _committee),
        "nace": _plain("nace"),
        "nace_version": _plain("nace_version"),
        "public": _plain("public"),
        "authority": _plain("authority"),
        "bakery_fund": _plain("bakery_fund"),
    },
)
_EMPLOYER: Final = _Form(Employer, {"id": _plain("id"), "sector": _nested("sector", _SECTOR)})
_FUNCTION: Final = _Form(Function, {"activity": _plain("activity")})
_AGENCY: Final = _Form(Agency, {"id": _plain("id")})
_ENGAGEMENT: Final = _Form(
    Engagement,
    {
        "employer": _plain("employer"),
        "kind": _plain("kind"),
        "fraction": _Field("fraction", _fraction, _collect_fraction),
        "from": _date("from_"),
        "until": _date("until"),
        "affiliated": _plain("affiliated"),
        "notice_from": _date("notice_from"),
        "notice_until": _date("notice_until"),
        "severance_until": _date("severance_until"),
    },
    pairs=(("from_", "until"), ("notice_from", "notice_until")),
)
_APPROVAL: Final = _Form(
    Approval,
    {
        "quarter": _scalar("quarter", _quarter),
        "granted": _plain("granted"),
        "issued_on": _date("issued_on"),
        "reference": _plain("reference"),
    },
)
_REQUEST: Final = _Form(
    Request, {"quarter": _scalar("quarter", _quarter), "made_on": _date("made_on"), "by": _plain("by")}
)
_DECLARATION: Final = _Form(
    Declaration,
    {
        "filed_on": _date("filed_on"),
        "result": _plain("result"),
        "anomalies": _Field("anomalies", _list, _collect_anomalies),
    },
)
_FORMALITIES: Final = _Form(
    Formalities,
    {"framework_agreement": _plain("framework_agreement"), "declaration": _nested("declaration", _DECLARATION)},
)
_CASE: Final = _Form(
    Case,
    {
        "quarter": _scalar("quarter", _quarter),
        "start": _date("start"),
        "worker": _nested("worker", _WORKER),
        "employer": _nested("employer", _EMPLOYER),
        "function": _nested("function", _FUNCTION),
        "agency": _nested("agency", _AGENCY),
        "engagements": _entries("engagements", _ENGAGEMENT),
        "approvals": _entries("approvals", _APPROVAL, unrepeated=True),
        "requests": _entries("requests", _REQUEST),
        "formalities": _nested("formalities", _FORMALITIES),
        "readings": _Field("readings", _readings, _collect_readings),
    },
    pairs=(("quarter", "start"),),
    required=("quarter",),
    stand_in={"quarter": _STAND_IN},
)


def _made(document: object) -> Case:
    return _build(_CASE, document)  # type: ignore[return-value]  # what this form makes


def _collected(document: object, problems: Problems) -> Case:
    case = _collect(_CASE, "$", document, problems)
    if problems:
        error = collected(problems)
        if len(error.problems) > MAX_ENTRIES:
            rest = Problem("E-TOO-MANY", "$", f"{len(error.problems) - MAX_ENTRIES} more problems are not shown")
            raise type(error)(error.code, error.path, error.message, (*error.problems[:MAX_ENTRIES], rest))
        raise error
    return case  # type: ignore[return-value]  # what this form makes
