"""The JSON form of a case: lossless, strict, and never anything but our own errors."""

import json
from datetime import date
from importlib.resources import files

import pytest
from case_strategies import cases
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flexirules import approval, case, sector
from flexirules._checks import MAX_ENTRIES, MAX_IDENTIFIER
from flexirules.approval import Approval
from flexirules.case import Case, Employment, Engagement, Worker
from flexirules.codec import _collected, case_from_document, read_case
from flexirules.document import MAX_TEXT, case_to_document, write_case
from flexirules.errors import FlexirulesError, InvalidInput, WrongType
from flexirules.fraction import WorkFraction
from flexirules.quarter import Quarter
from flexirules.readings import READINGS
from flexirules.sector import Employer, Nace, Sector

T = Quarter(2026, 4)
SCHEMA = json.loads((files("flexirules") / "schema" / "case.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
EXACT = '"4/5", "0.8", "80%", 1 or {"worked": 52, "reference": 65, "unit": "days"}'

FULL = {
    "quarter": "2026Q4",
    "start": "2026-10-05",
    "worker": {
        "birth_date": "1987-03-14",
        "employments": [
            {"quarter": "2026Q1", "employer": "acme", "fraction": "4/5", "status": "employee", "scheme": "overseas"},
            {
                "quarter": "2026Q1",
                "employer": "school",
                "fraction": "1/10",
                "status": "statutory",
                "deferred_pay": True,
            },
        ],
        "pension": {"kind": "retirement", "since": "2026-01-01", "register": "foreign"},
        "habitual_legislation": "dutch",
    },
    "employer": {
        "id": "cafe-central",
        "sector": {
            "joint_committee": "118.03",
            "nace": "10711",
            "nace_version": "2008",
            "public": False,
            "authority": "flemish",
            "bakery_fund": True,
        },
    },
    "function": {"activity": "ordinary"},
    "agency": {"id": "interim"},
    "engagements": [
        {
            "employer": "cafe-west",
            "kind": "employment",
            "fraction": "1/2",
            "from": "2026-01-01",
            "until": "2026-12-31",
            "affiliated": True,
            "notice_from": "2026-10-01",
            "notice_until": "2026-10-31",
            "severance_until": "2026-11-30",
        }
    ],
    "approvals": [{"quarter": "2026Q4", "granted": True, "issued_on": "2026-09-21", "reference": "OSS/2026/118"}],
    "requests": [{"quarter": "2026Q4", "made_on": "2026-08-01", "by": "worker"}],
    "formalities": {
        "framework_agreement": True,
        "declaration": {"filed_on": "2026-10-01", "result": "W", "anomalies": ["90017-510"]},
    },
    "readings": {"notice_employer": "any"},
}


def refusal(document):
    """The error of a document, given as text or as what a parser makes of it."""
    with pytest.raises(FlexirulesError) as caught:
        read_case(document if isinstance(document, str) else json.dumps(document))
    return caught.value


def with_(path, value, document=FULL):
    """The full document, or another, with one value laid over it at a path of keys and positions."""
    document = json.loads(json.dumps(document))
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return document


def paths(document, at=()):
    """Every path of a document, the whole included."""
    yield at
    if isinstance(document, dict | list):
        for step, part in document.items() if isinstance(document, dict) else enumerate(document):
            yield from paths(part, (*at, step))


def written_path(path):
    """A path of keys and positions as an error writes it."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
# Values that stand somewhere in a good document, and near misses: laid over another place they are often wrong there.
plausible = st.sampled_from(
    (
        "2026Q4",
        "2026Q1",
        "2026-10-05",
        "2026-02-29",
        "2028-02-29",
        "2025-12-31",
        "belgium",
        "foreign",
        "none",
        "4/5",
        "0.8",
        "80%",
        "5/4",
        "302",
        "302.00",
        "118.3",
        "10711",
        "2008",
        "W",
        "employee",
        "employment",
        "flexi",
        "any",
        "90017-510",
        "dutch",
        "Caf\u00e9",
        "Cafe\u0301",
        "a b",
        " a",
        "",
        0,
        1,
        2,
        True,
        False,
        None,
        [],
        {},
        [{}],
        [{}, {}],
        {"worked": 1, "reference": 2, "unit": "days"},
        {"id": "x"},
        {"kind": "none"},
        {"quarter": "2026Q4"},
    )
)


class TestRoundTrip:
    """What is written is read back equal."""

    @given(cases())
    @settings(max_examples=150)
    def test_every_case(self, value):
        """Every case survives its JSON text, and its document."""
        text = write_case(value)
        assert (read_case(text), case_from_document(case_to_document(value))) == (value, value)

    @given(cases())
    @settings(max_examples=50)
    def test_writing_is_stable(self, value):
        """What was read is written the same, on one line or on many."""
        text = write_case(value)
        assert write_case(read_case(write_case(value, indent=2))) == text

    @given(cases())
    @settings(max_examples=100)
    def test_both_passes_agree(self, value):
        """The pass that collects problems builds the same case from a good document as the fast one."""
        assert _collected(case_to_document(value), []) == value

    @given(cases())
    @settings(max_examples=100)
    def test_what_is_written_satisfies_the_schema(self, value):
        """Every case that can be written is one that the schema allows."""
        assert list(VALIDATOR.iter_errors(case_to_document(value))) == []

    def test_full_document(self):
        """A document with every field comes back as it was."""
        assert case_to_document(read_case(json.dumps(FULL))) == FULL

    def test_absent_and_empty(self):
        """Not known is left out, known: none is an empty list."""
        assert write_case(Case(quarter=T, approvals=())) == '{"quarter": "2026Q4", "approvals": []}'

    def test_empty_objects_stay(self):
        """A worker of whom nothing is known is not an absent worker."""
        assert write_case(Case(quarter=T, worker=Worker())) == '{"quarter": "2026Q4", "worker": {}}'

    def test_defaults_are_left_out(self):
        """Defaults are left out."""
        job = Employment(scheme="belgium", deferred_pay=False)
        assert case_to_document(Case(quarter=T, worker=Worker(employments=(job,))))["worker"] == {"employments": [{}]}

    def test_from(self):
        """``from_`` is called ``from`` in JSON."""
        link = Engagement(from_=date(2026, 1, 1))
        assert case_to_document(Case(quarter=T, engagements=(link,)))["engagements"] == [{"from": "2026-01-01"}]

    def test_version_without_code(self):
        """The version of a NACE code may be known without the code."""
        value = Case(quarter=T, employer=Employer(sector=Sector(nace=Nace(None, "2025"))))
        assert read_case(write_case(value)) == value

    def test_not_ascii(self):
        """Text is written as itself."""
        value = Case(quarter=T, employer=Employer(id="Café"))
        assert write_case(value) == '{"quarter": "2026Q4", "employer": {"id": "Café"}}'

    def test_indent(self):
        """With an indent there is one field a line."""
        assert write_case(Case(quarter=T), indent=2) == '{\n  "quarter": "2026Q4"\n}'

    def test_too_long_to_read_back(self):
        """A case that nobody could read back is not written."""
        many = [Approval(reference=f"{i:04}" + "é" * 196) for i in range(1000)]
        links = [Engagement(employer=f"{i:04}" + "é" * 196, affiliated=True) for i in range(1000)]
        jobs = [Employment(employer=f"{i:04}" + "é" * 196) for i in range(1000)]
        value = Case(quarter=T, approvals=many, engagements=links, worker=Worker(employments=jobs))
        with pytest.raises(InvalidInput, match=r"\A\$: a case has at most 1048576 bytes of text\Z"):
            write_case(value)

    @pytest.mark.parametrize(
        ("act", "text"),
        [
            (lambda: write_case({"quarter": "2026Q4"}), "case: expected a Case, not dict"),
            (lambda: write_case(Case(quarter=T), indent="  "), "indent: expected a number of spaces or None, not str"),
            (lambda: write_case(Case(quarter=T), indent=9), "indent: an indent has 0 to 8 spaces, not 9"),
        ],
    )
    def test_refused(self, act, text):
        """Only a case is written, in 0 to 8 spaces a level."""
        with pytest.raises(FlexirulesError) as caught:
            act()
        assert str(caught.value) == text


class TestAccepted:
    """Spellings that mean the same."""

    @pytest.mark.parametrize("path", [path for path in paths(FULL) if path and not isinstance(path[-1], int)])
    def test_null_is_absent(self, path):
        """Null means absent, everywhere; only the quarter has to be there."""
        document = with_(path, None)
        if path == ("quarter",):
            assert str(refusal(document)) == "$: the field quarter is missing"
            return
        node = without = with_(path, None)
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]
        assert read_case(json.dumps(document)) == read_case(json.dumps(without))

    @pytest.mark.parametrize(
        ("fraction", "expected"),
        [
            (0, WorkFraction(0)),
            (1, WorkFraction(1)),
            ("0.8", WorkFraction(4, 5)),
            ("80%", WorkFraction(4, 5)),
            ({"worked": 52, "reference": 65, "unit": "days"}, WorkFraction(4, 5)),
            ({"worked": "30.4", "reference": 38, "unit": "hours"}, WorkFraction(4, 5)),
            ({"worked": 0, "reference": "38", "unit": "hours"}, WorkFraction(0)),
            (None, None),
        ],
    )
    def test_fractions(self, fraction, expected):
        """Every exact spelling of a fraction is read."""
        value = read_case(json.dumps(with_(("worker", "employments", 0, "fraction"), fraction)))
        assert value.worker.employments[0].fraction == expected

    def test_depth_eight(self):
        """Brackets inside text are no levels; a quote after a backslash does not end text."""
        name = 'a[[[[[[[[[[{{{{"\\[[[[["'
        assert read_case(json.dumps({"quarter": "2026Q4", "employer": {"id": name}})).employer.id == name

    def test_exactly_the_limit(self):
        """1 MiB of text is accepted, one byte more is not."""
        text = '{"quarter": "2026Q4"}'
        assert read_case(text + " " * (MAX_TEXT - len(text))) == Case(quarter=T)
        assert refusal(text + " " * (MAX_TEXT - len(text) + 1)).code == "E-JSON-SIZE"

    def test_twenty_digits(self):
        """A number of twenty digits is accepted."""
        fraction = {"worked": 10**19, "reference": 10**20 - 1, "unit": "hours"}
        value = read_case(json.dumps(with_(("worker", "employments", 0, "fraction"), fraction)))
        assert value.worker.employments[0].fraction == WorkFraction(10**19, 10**20 - 1)

    def test_null_reading(self):
        """A reading that is null is the default."""
        assert read_case('{"quarter": "2026Q4", "readings": {"notice_employer": null}}') == Case(quarter=T)


class TestText:
    """Limits and mistakes of form, before there is a document."""

    @pytest.mark.parametrize(
        ("text", "code", "message"),
        [
            (" " * (MAX_TEXT + 1), "E-JSON-SIZE", "$: a case has at most 1048576 bytes of text"),
            ('"' + "é" * (MAX_TEXT // 2) + '"', "E-JSON-SIZE", "$: a case has at most 1048576 bytes of text"),
            ("[" * 9, "E-JSON-DEPTH", "$: a case is at most 8 levels deep"),
            ("[" * 100_000, "E-JSON-DEPTH", "$: a case is at most 8 levels deep"),
            ('{"a":' * 50_000, "E-JSON-DEPTH", "$: a case is at most 8 levels deep"),
            ("[{" * 5, "E-JSON-DEPTH", "$: a case is at most 8 levels deep"),
            ("[[[[[[[[[1]]]]]]]]]", "E-JSON-DEPTH", "$: a case is at most 8 levels deep"),
            # Quotes after a backslash, so that brackets inside text look like brackets outside it.
            (
                "[" * 8 + r'"\"]]]]]]]]", "\"", ' + "[" * 8 + "]" * 8 + r', "\"[[[[[[[[", "\""' + "]" * 8,
                "E-JSON-DEPTH",
                "$: a case is at most 8 levels deep",
            ),
            ("\ufeff{}", "E-JSON", "$: no JSON at line 1 column 1: a byte order mark (BOM)"),
            ("", "E-JSON", "$: no JSON at line 1 column 1: Expecting value"),
            ("{} {}", "E-JSON", "$: no JSON at line 1 column 4: Extra data"),
            ('{"a": "\x01"}', "E-JSON", "$: no JSON at line 1 column 8: Invalid control character at"),
            ("[]]]]", "E-JSON", "$: no JSON at line 1 column 3: Extra data"),
            ("NaN", "E-JSON-NUMBER", f"$: NaN is no number; exact are {EXACT}"),
            ("-Infinity", "E-JSON-NUMBER", f"$: -Infinity is no number; exact are {EXACT}"),
            ("0.8", "E-JSON-NUMBER", f"$: 0.8 would become a binary float; exact are {EXACT}"),
            ("1E2", "E-JSON-NUMBER", f"$: 1E2 would become a binary float; exact are {EXACT}"),
            ("9" * 21, "E-JSON-NUMBER", f"$: a number has at most 20 digits, not '{'9' * 21}'"),
            ("-" + "9" * 5000, "E-JSON-NUMBER", f"$: a number has at most 20 digits, not '-{'9' * 37}…"),
            ("7", "E-TYPE", "$: expected an object, not int"),
            ("null", "E-TYPE", "$: expected an object, not NoneType"),
            ('"x"', "E-TYPE", "$: expected an object, not str"),
            ("[]", "E-TYPE", "$: expected an object, not list"),
            ("{}", "E-JSON-KEYS", "$: the field quarter is missing"),
        ],
    )
    def test_refused(self, text, code, message):
        """What is no document is refused as a whole."""
        error = refusal(text)
        assert (error.code, str(error)) == (code, message)

    @given(
        st.text(st.sampled_from("[{"), min_size=1, max_size=20), st.sampled_from(("1", '"]]]["', '"\\\\"', '"\\"["'))
    )
    @settings(max_examples=200)
    @example("[{" * 5, "1")
    @example("{" * 8, "1")
    @example("[" * 9, "1")
    def test_depth_is_exact(self, kinds, inside):
        """Eight levels are accepted and nine are not, whatever brackets they are of, with text inside or not."""
        text = inside
        for kind in kinds:
            text = f"[{text}, []]" if kind == "[" else f'{{"a": {text}, "b": {{}}}}'
        depth = len(kinds) + 1  # beside the innermost value stands an empty list or object
        assert (refusal(text).code == "E-JSON-DEPTH") == (depth > 8)

    @pytest.mark.parametrize("text", [b"{}", None, bytearray(b"{}"), type("Text", (str,), {})("{}")])
    def test_not_text(self, text):
        """Only text is read: an encoding is never guessed."""
        with pytest.raises(WrongType) as caught:
            read_case(text)
        assert str(caught.value) == f"$: expected text, not {type(text).__name__}"

    @given(st.text(st.sampled_from('{}[]",:\\u0019aeE.-+ntrf \n\ufeff\ud800é'), max_size=40))
    @settings(max_examples=300)
    @example('{"\ud800": "\udfff"}')
    @example('{"quarter": "\\ud800"}')
    @example('{"' + "x" * 5000 + '": 1}')
    def test_nothing_but_our_errors(self, text):
        """For any text at all there is a case or one of our errors, each problem with a path."""
        try:
            read_case(text)
        except FlexirulesError as error:
            found = [problem.path for problem in error.problems]
            str(error).encode()
        else:
            found = []
        assert [path for path in found if not path.startswith("$")] == []

    @given(st.data())
    @settings(max_examples=300)
    def test_broken_anywhere(self, data):
        """A good document with anything at any place, or with a piece cut out, gives a case or one of our errors."""
        place = data.draw(st.sampled_from([path for path in paths(FULL) if path]))
        text = json.dumps(with_(place, data.draw(junk)))
        cut = data.draw(st.integers(0, len(text)))
        found = []
        for tried in (text, text[:cut], text[:cut] + text[cut + 1 :]):
            try:
                read_case(tried)
            except FlexirulesError as error:
                found += [problem.path for problem in error.problems]
        assert [path for path in found if not path.startswith("$")] == []


class TestDocument:
    """Problems of a document, each with its path."""

    @pytest.mark.parametrize("path", list(paths(FULL)))
    @pytest.mark.parametrize("value", [7, 0.5, [[]], {"x": 1}, "\ud800"])
    def test_wrong_value_names_its_place(self, path, value):
        """A value that cannot be what it should is refused at its own place."""
        document = with_(path, value) if path else value
        place = written_path(path)
        assert not VALIDATOR.is_valid(document)
        assert [
            problem.path
            for problem in refusal(document).problems
            if problem.path != place and not problem.path.startswith((f"{place}.", f"{place}["))
        ] == []

    @pytest.mark.parametrize(
        ("path", "value", "message"),
        [
            (("quarter",), "2026Q5", """$.quarter: a quarter is written like "2024Q3", not '2026Q5'"""),
            (("quarter",), 20264, '$.quarter: expected text such as "2024Q3", not int'),
            (("start",), "2027-01-01", "$.start: the first day of work lies in 2026Q4, not on 2027-01-01"),
            (("start",), "20261005", """$.start: a date is written like "2026-10-05", not '20261005'"""),
            (("start",), "2026-W41-1", """$.start: a date is written like "2026-10-05", not '2026-W41-1'"""),
            (("start",), "2026-02-30", """$.start: a date is written like "2026-10-05", not '2026-02-30'"""),
            (("start",), "2026-10-05\n", """$.start: a date is written like "2026-10-05", not '2026-10-05\\n'"""),
            (("start",), "\uff12026-10-05", """$.start: a date is written like "2026-10-05", not '\uff12026-10-05'"""),
            (("start",), "1899-12-31", "$.start: a year lies between 1900 and 2199, not 1899"),
            (("start",), 20261005, '$.start: expected a date such as "2026-10-05", not int'),
            (("worker",), [], "$.worker: expected an object, not list"),
            (("worker", "employments"), {}, "$.worker.employments: expected a list, not dict"),
            (("worker", "employments"), "abc", "$.worker.employments: expected a list, not str"),
            (("worker", "employments"), [None], "$.worker.employments[0]: expected an object, not NoneType"),
            (
                ("worker", "employments"),
                [{}] * 1001,
                "$.worker.employments: a list has at most 1000 entries, not 1001",
            ),
            (
                ("worker", "employments"),
                [{"fraction": "4/5"}, {"fraction": "0.8"}, {"fraction": "80%"}],
                (
                    "$.worker.employments[1]: the same entry as $.worker.employments[0]: the row was read twice\n"
                    "$.worker.employments[2]: the same entry as $.worker.employments[0]: the row was read twice"
                ),
            ),
            (
                ("approvals",),
                [{}, {"quarter": None}],
                "$.approvals[1]: the same entry as $.approvals[0]: the row was read twice",
            ),
            (
                ("worker", "employments", 0, "country"),
                "NL",
                (
                    "$.worker.employments[0]: no such field 'country'; known: quarter, employer, fraction, status, "
                    "scheme, deferred_pay"
                ),
            ),
            (
                ("worker", "employments", 1, "fraction"),
                2,
                "$.worker.employments[1].fraction: one job is a fraction in 0..1, not '2'",
            ),
            (
                ("worker", "employments", 1, "fraction"),
                True,
                f"$.worker.employments[1].fraction: expected an exact fraction: {EXACT}, not bool",
            ),
            (
                ("worker", "employments", 1, "fraction"),
                0.8,
                f"$.worker.employments[1].fraction: 0.8 would become a binary float; exact are {EXACT}",
            ),
            (
                ("worker", "employments", 1, "fraction"),
                {"worked": 66, "reference": 65, "unit": "days"},
                "$.worker.employments[1].fraction: one job is a fraction in 0..1, not '66/65'",
            ),
            (
                ("worker", "employments", 1, "fraction"),
                {"worked": "4/5", "reference": 0, "unit": "weeks"},
                (
                    '$.worker.employments[1].fraction.worked: a number of days or hours is written like 52 or "7.6", '
                    "not '4/5'\n"
                    "$.worker.employments[1].fraction.reference: the reference of a work fraction is more than 0\n"
                    "$.worker.employments[1].fraction.unit: expected one of days, hours, not 'weeks'"
                ),
            ),
            (
                ("worker", "employments", 1, "fraction"),
                {"worked": [], "reference": -1, "days": 1},
                (
                    '$.worker.employments[1].fraction.worked: expected an integer or exact decimal text such as "7.6", '
                    "not list\n"
                    "$.worker.employments[1].fraction.reference: work is never negative, not -1\n"
                    "$.worker.employments[1].fraction: no such field 'days'; known: worked, reference, unit\n"
                    "$.worker.employments[1].fraction: the field unit is missing"
                ),
            ),
            (
                ("worker", "employments", 1, "fraction"),
                {"worked": "0.0000000000000000001", "reference": "9999999999999999999.9", "unit": "hours"},
                "$.worker.employments[1].fraction.reference: a number has at most 20 digits",
            ),
            (
                ("worker", "habitual_legislation"),
                "Dutch",
                "$.worker.habitual_legislation: a lower-case adjective such as dutch or belgian, not 'Dutch'",
            ),
            (
                ("employer", "sector", "joint_committee"),
                118.03,
                f"$.employer.sector.joint_committee: 118.03 would become a binary float; exact are {EXACT}",
            ),
            (
                ("employer", "sector", "joint_committee"),
                302,
                '$.employer.sector.joint_committee: expected text such as "302" or "118.03", not int',
            ),
            (
                ("employer", "sector", "nace"),
                "1071",
                """$.employer.sector.nace: a NACE-BEL code has five digits like "85531", not '1071'""",
            ),
            (("employer", "sector", "nace_version"), 2008, "$.employer.sector.nace_version: expected text, not int"),
            (
                ("engagements", 0, "until"),
                "2025-12-31",
                "$.engagements[0].until: a period ends on or after its first day, not 2025-12-31 after 2026-01-01",
            ),
            (("engagements", 0, "affiliated"), "no", "$.engagements[0].affiliated: expected True or False, not str"),
            (
                ("formalities", "declaration", "anomalies"),
                ["90017-510", "x", 1],
                (
                    """$.formalities.declaration.anomalies[1]: an anomaly is written like "90017-510", not 'x'\n"""
                    "$.formalities.declaration.anomalies[2]: expected a str, not int"
                ),
            ),
            (
                ("formalities", "declaration", "anomalies"),
                ["90017-510"] * 1001,
                "$.formalities.declaration.anomalies: a list has at most 1000 entries, not 1001",
            ),
            (
                ("formalities", "declaration", "anomalies"),
                "90017-510",
                "$.formalities.declaration.anomalies: expected a list, not str",
            ),
            (("readings",), ["notice_employer"], "$.readings: expected an object, not list"),
            (
                ("readings",),
                {"notice_employer": "all", "mood": None, "suspensions": 1},
                (
                    "$.readings.notice_employer: expected one of flexi, any, not 'all'\n"
                    f"$.readings: no such reading 'mood'; known: {', '.join(READINGS)}\n"
                    "$.readings.suspensions: expected text, not int"
                ),
            ),
        ],
    )
    def test_refused(self, path, value, message):
        """What is impossible is refused with its path, what was given and what is possible."""
        assert str(refusal(with_(path, value))) == message

    def test_everything_at_once(self):
        """All problems of a document come in one error, first what is no number, then the rest in order."""
        text = (
            '{"quarter": "2026Q9", "start": "x", "pensioner": {"since": NaN, "a b": [1.5]}, '
            '"worker": {"birth_date": 1, '
            '"employments": [7, {"fraction": 0.8, "status": "boss"}, {"employer": ""}], "employments": 3}, '
            '"engagements": [{"from": "2026-02-01", "until": "2026-01-01", "notice_from": "2026-02-01", '
            '"notice_until": "2026-01-01", "kind": 3}], "formalities": {"declaration": {"anomalies": [0.5]}}, '
            '"readings": 0.5}'
        )
        assert [(problem.code, problem.path) for problem in refusal(text).problems] == [
            ("E-JSON-NUMBER", "$.pensioner.since"),
            ("E-JSON-NUMBER", "$.pensioner['a b'][0]"),
            ("E-JSON-NUMBER", "$.worker.employments[1].fraction"),
            ("E-JSON-DUPLICATE", "$.worker"),
            ("E-JSON-NUMBER", "$.formalities.declaration.anomalies[0]"),
            ("E-JSON-NUMBER", "$.readings"),
            ("E-QUARTER-TEXT", "$.quarter"),
            ("E-DATE", "$.start"),
            ("E-JSON-KEYS", "$"),
            ("E-TYPE", "$.worker.birth_date"),
            ("E-TYPE", "$.worker.employments"),
            ("E-TYPE", "$.engagements[0].kind"),
            ("E-PERIOD", "$.engagements[0].until"),
            ("E-PERIOD", "$.engagements[0].notice_until"),
        ]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('{"quarter": "2026Q4", "quarter": "2027Q1"}', [("E-JSON-DUPLICATE", "$")]),
            (
                '{"quarter": "2026Q4", "readings": {"suspensions": "x", "suspensions": "closed_list"}}',
                [("E-JSON-DUPLICATE", "$.readings")],
            ),
            ('{"quarter": "2026Q4", "readings": {"suspensions": 0.5}}', [("E-JSON-NUMBER", "$.readings.suspensions")]),
            ('{"quarter": "2026Q4", "approvals": [0.5]}', [("E-JSON-NUMBER", "$.approvals[0]")]),
            (
                (
                    '{"quarter": "2026Q4", "engagements": [{"fraction": {"worked": 1, "worked": 1, "reference": 2, '
                    '"unit": "days"}}]}'
                ),
                [("E-JSON-DUPLICATE", "$.engagements[0].fraction")],
            ),
        ],
    )
    def test_told_once(self, text, expected):
        """What the parser refused is told once, at its place."""
        assert [(problem.code, problem.path) for problem in refusal(text).problems] == expected

    def test_a_flood_of_problems(self):
        """After a thousand problems the rest is counted."""
        error = refusal({"quarter": "2026Q4", **{f"x{i}": 1 for i in range(1500)}})
        assert len(error.problems) == 1001
        assert str(error.problems[-1]) == "$: 500 more problems are not shown"

    def test_from_document(self):
        """A document that another parser made is read as strictly; its floats are refused as types."""
        with pytest.raises(WrongType) as caught:
            case_from_document({"quarter": "2026Q4", "engagements": [{"fraction": 0.5}]})
        assert str(caught.value) == f"$.engagements[0].fraction: expected an exact fraction: {EXACT}, not float"

    def test_odd_keys(self):
        """A key that is no text is a field that nobody knows."""
        with pytest.raises(InvalidInput) as caught:
            case_from_document({"quarter": "2026Q4", 1: 2, "readings": {1: "any"}})
        assert [problem.path for problem in caught.value.problems] == ["$", "$.readings"]


# What only the reader can refuse, since a schema looks at one value at a time: rows that agree once they are read, a
# start outside T, periods that end before they begin, ratios over 1, the form of a number (1.0 is an integer to a
# schema), 20 digits after a ratio was reduced, Unicode form NFC, characters that are not printable in the tables of
# Unicode, a field that stands twice, and the limits of the text.
READER_ONLY = [
    ("rows that agree", with_(("worker", "employments"), [{"fraction": "4/5"}, {"fraction": "0.8"}])),
    ("rows that agree", with_(("approvals",), [{}, {"granted": None}])),
    ("start outside T", with_(("start",), "2027-01-01")),
    ("period", with_(("engagements", 0, "until"), "2025-12-31")),
    ("period", with_(("engagements", 0, "notice_until"), "2026-09-30")),
    ("ratio over 1", with_(("worker", "employments", 0, "fraction"), "6/5")),
    (
        "ratio over 1",
        with_(("worker", "employments", 0, "fraction"), {"worked": 66, "reference": 65, "unit": "days"}),
    ),
    ("form of a number", with_(("worker", "employments", 0, "fraction"), 1.0)),
    (
        "digits",
        with_(
            ("worker", "employments", 0, "fraction"),
            {"worked": "0.0000000000000000001", "reference": "9999999999999999999.9", "unit": "hours"},
        ),
    ),
    ("NFC", with_(("employer", "id"), "Cafe\u0301")),
    ("printable", with_(("employer", "id"), "a\U000e0001b")),
]

BAD = [
    [],
    None,
    {},
    with_(("quarter",), None),
    with_(("quarter",), "2026Q4\n"),
    with_(("quarter",), "2026Q5"),
    with_(("quarter",), "1899Q4"),
    with_(("quarter",), "\u0662\u0660\u0662\u0666Q4"),
    with_(("pensioner",), True),
    with_(("start",), "2026-02-30"),
    with_(("start",), "2026-10-05\n"),
    with_(("start",), "2026-13-01"),
    with_(("worker", "birth_date"), "2100-02-29"),
    with_(("worker", "birth_date"), "1900-02-29"),
    with_(("worker", "birth_date"), "2199-04-31"),
    with_(("worker", "birth_date"), "2200-01-01"),
    with_(("worker", "birth_date"), 1987),
    with_(("worker", "employments"), [{}, {}]),
    with_(("worker", "employments"), [None]),
    with_(("worker", "employments"), {}),
    with_(("worker", "employments", 0, "employer"), ""),
    with_(("worker", "employments", 0, "employer"), " a"),
    with_(("worker", "employments", 0, "employer"), "a "),
    with_(("worker", "employments", 0, "employer"), "a\n"),
    with_(("worker", "employments", 0, "employer"), "a\u200b"),
    with_(("worker", "employments", 0, "employer"), "a\u202eb"),
    with_(("worker", "employments", 0, "employer"), "a\x00"),
    with_(("worker", "employments", 0, "employer"), "x" * 201),
    with_(("worker", "employments", 0, "employer"), 418),
    *(
        with_(("worker", "employments", 0, "fraction"), fraction)
        for fraction in (
            2,
            -1,
            True,
            "0,8",
            "4/0",
            "4/5\n",
            "1e3",
            "-1/5",
            "1.1",
            "101%",
            "100.1%",
            "0." + "3" * 20,
            " 0.8",
            "",
            "1/" + "1" * 21,
            [],
            {},
            {"worked": 52, "reference": 65},
            {"worked": 52, "reference": 0, "unit": "days"},
            {"worked": 52, "reference": "0.0", "unit": "days"},
            {"worked": "4/5", "reference": 1, "unit": "days"},
            {"worked": 52, "reference": 65, "unit": "weeks"},
            {"worked": -1, "reference": 65, "unit": "days"},
            {"worked": 52, "reference": 10**20, "unit": "days"},
            {"worked": 52, "reference": None, "unit": "days"},
            {"worked": 52, "reference": 65, "unit": "days", "period": "2026Q1"},
        )
    ),
    with_(("worker", "employments", 0, "status"), "boss"),
    with_(("worker", "employments", 0, "scheme"), "french"),
    with_(("worker", "employments", 0, "deferred_pay"), 1),
    with_(("worker", "pension", "kind"), "Retirement"),
    with_(("worker", "pension", "register"), ""),
    with_(("worker", "habitual_legislation"), "Dutch"),
    with_(("worker", "habitual_legislation"), "dutch\n"),
    with_(("worker", "habitual_legislation"), "_"),
    with_(("employer", "sector", "joint_committee"), "PC302"),
    with_(("employer", "sector", "joint_committee"), "118.3"),
    with_(("employer", "sector", "joint_committee"), "302\n"),
    with_(("employer", "sector", "joint_committee"), ""),
    with_(("employer", "sector", "nace"), "1071"),
    with_(("employer", "sector", "nace"), "107.11"),
    with_(("employer", "sector", "nace_version"), "2003"),
    with_(("employer", "sector", "public"), "false"),
    with_(("employer", "sector", "authority"), "walloon"),
    with_(("function", "activity"), "any"),
    with_(("agency",), "interim"),
    with_(("engagements", 0, "kind"), "friend"),
    with_(("engagements", 0, "from_"), "2026-01-01"),
    with_(("approvals", 0, "person"), "p"),
    with_(("approvals", 0, "granted"), "approved"),
    with_(("approvals",), [{}] * 1001),
    with_(("requests", 0, "by"), "oss"),
    with_(("formalities", "declaration", "result"), "w"),
    with_(("formalities", "declaration", "anomalies"), ["90017510"]),
    with_(("formalities", "declaration", "anomalies"), [None]),
    with_(("readings",), {"mood": "good"}),
    with_(("readings",), {"mood": None}),
    with_(("readings", "notice_employer"), "all"),
]

GOOD = [
    FULL,
    {"quarter": "1900Q1"},
    {"quarter": "2199Q4", "start": None, "worker": {}, "engagements": [], "readings": {}},
    with_(("worker", "birth_date"), "2000-02-29"),
    with_(("worker", "birth_date"), "2104-02-29"),
    with_(("worker", "birth_date"), "1904-02-29"),
    with_(("worker", "employments", 0, "employer"), "x" * 200),
    with_(("worker", "employments", 0, "employer"), "Café 名前"),
    with_(("worker", "employments", 0, "employer"), "a  b"),
    *(
        with_(("worker", "employments", 0, "fraction"), fraction)
        for fraction in (
            0,
            1,
            "0",
            "1",
            "1.00",
            "00.8",
            "100%",
            "99.99%",
            "0.5%",
            "0/1",
            "1/" + "9" * 20,
            "0." + "3" * 19,
            {"worked": "0", "reference": "0.5", "unit": "hours"},
        )
    ),
    with_(("worker", "habitual_legislation"), "north_macedonian"),
    with_(("employer", "sector", "joint_committee"), "118.03.00-00.00"),
    with_(("employer", "sector", "nace"), "10.711"),
    with_(("engagements",), [{}, {}]),
    with_(("formalities", "declaration", "anomalies"), ["90017-510", "90017-510"]),
]


class TestSchema:
    """The schema and the reader say the same."""

    def test_is_a_schema(self):
        """The schema is valid JSON Schema 2020-12."""
        Draft202012Validator.check_schema(SCHEMA)

    @given(st.data())
    @settings(max_examples=400)
    def test_they_agree(self, data):
        """On a good document with two places laid over, only what no schema can see is refused by the reader alone."""
        document = FULL
        for _ in range(2):
            place = data.draw(st.sampled_from([path for path in paths(document) if path]))
            document = with_(place, data.draw(junk | plausible), document)
        text = json.dumps(document)
        try:
            read_case(text)
        except FlexirulesError as error:
            codes = {problem.code for problem in error.problems}
        else:
            codes = set()
        if VALIDATOR.is_valid(document):
            assert codes <= {"E-DUPLICATE", "E-START", "E-PERIOD", "E-FRACTION-RANGE", "E-JSON-NUMBER", "E-NAME"}
        else:
            assert codes

    @pytest.mark.parametrize("document", GOOD)
    def test_both_accept(self, document):
        """What the reader accepts the schema accepts."""
        assert list(VALIDATOR.iter_errors(document)) == []
        read_case(json.dumps(document))

    @pytest.mark.parametrize("document", BAD)
    def test_both_refuse(self, document):
        """What the schema refuses the reader refuses."""
        assert not VALIDATOR.is_valid(document)
        refusal(document)

    @pytest.mark.parametrize(("why", "document"), READER_ONLY)
    def test_only_the_reader_refuses(self, why, document):
        """What no schema can see the reader sees."""
        assert VALIDATOR.is_valid(document)
        refusal(document)

    @pytest.mark.parametrize(
        ("place", "values"),
        [
            (("$defs", "employment", "properties", "status"), case.STATUSES),
            (("$defs", "employment", "properties", "scheme"), case.SCHEMES),
            (("$defs", "engagement", "properties", "kind"), case.ENGAGEMENT_KINDS),
            (("$defs", "request", "properties", "by"), ("worker", "employer")),
            (("$defs", "sector", "properties", "authority"), sector.AUTHORITIES),
            (("$defs", "sector", "properties", "nace_version"), sector.NACE_VERSIONS),
            (("properties", "worker", "properties", "pension", "properties", "kind"), case.PENSION_KINDS),
            (("properties", "worker", "properties", "pension", "properties", "register"), case.REGISTERS),
            (("properties", "function", "properties", "activity"), sector.ACTIVITIES),
            (
                ("properties", "formalities", "properties", "declaration", "properties", "result"),
                case.RESULTS,
            ),
            *((("properties", "readings", "properties", name), reading.values) for name, reading in READINGS.items()),
        ],
    )
    def test_enums(self, place, values):
        """Every list of words is that of the code, and null."""
        node = SCHEMA
        for step in place:
            node = node[step]
        assert node["enum"] == [*values, None]

    def test_askers(self):
        """Those who may ask are the two of the code."""
        assert {"worker", "employer"} == approval.ASKERS

    def test_readings(self):
        """The schema knows every reading, and no other."""
        assert list(SCHEMA["properties"]["readings"]["properties"]) == list(READINGS)

    def test_nothing_else(self):
        """Every object refuses fields that it does not name, every list has its limit, every identifier too."""

        def nodes(node):
            if isinstance(node, dict):
                yield node
                for part in node.values():
                    yield from nodes(part)
            elif isinstance(node, list):
                for part in node:
                    yield from nodes(part)

        everything = list(nodes(SCHEMA))
        assert {
            node["additionalProperties"]
            for node in everything
            if isinstance(node.get("properties"), dict) and "type" in node
        } == {False}
        assert {node.get("maxItems") for node in everything if isinstance(node.get("items"), dict)} == {MAX_ENTRIES}
        assert SCHEMA["$defs"]["identifier"]["maxLength"] == MAX_IDENTIFIER

    def test_field_names(self):
        """The schema names the fields in the order in which they are written."""
        assert list(SCHEMA["properties"]) == list(FULL)


@pytest.mark.parametrize(("name", "shown"), [("x" * 40, "x" * 40), ("x" * 41, "['" + "x" * 38 + "…]")])
def test_an_endless_name_is_not_shown_whole(name, shown):
    """The path of what stands under an endless name shows it as far as it helps."""
    with pytest.raises(InvalidInput) as caught:
        Case.from_json(f'{{"quarter": "2026Q4", "{name}": 0.5}}')
    paths = [problem.path for problem in caught.value.problems if problem.code == "E-JSON-NUMBER"]
    assert paths == ["$" + ("." if len(name) <= 40 else "") + shown]
