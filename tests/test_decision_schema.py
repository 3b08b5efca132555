"""The JSON form of a decision: every decision satisfies its schema, and every code in it has a text."""

import copy
import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from flexirules import Case, Outcome, Verdict, evaluate
from flexirules.decision import CONDITIONS
from flexirules.readings import READINGS
from flexirules.testing import official
from flexirules.texts import ACTIONS, QUESTIONS, REASONS, action_text, question_text, reason_text

SCHEMA = json.loads((files("flexirules") / "schema" / "decision.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def document(given):
    """The decision on a case, once through its JSON text."""
    return json.loads(evaluate(Case.from_json(json.dumps(given))).to_json())


@pytest.fixture(scope="module")
def documents():
    """The decisions on all conformance cases."""
    return {vector.id: document(vector.given) for vector in official()}


GIVEN = {
    "quarter": "2026Q4",
    "worker": {
        "employments": [
            {"quarter": "2026Q1", "employer": "a", "fraction": "1", "status": "employee", "scheme": "overseas"}
        ]
    },
    "employer": {"id": "b", "sector": {"joint_committee": "302"}},
}


@pytest.fixture(scope="module")
def one():
    """One decision to spoil copies of: an expat of whom much is not known, and a reading chosen."""
    return document({**GIVEN, "readings": {"carry_over": "true"}})


def objects(schema):
    """Every part of the schema that describes an object."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)


class TestSchema:
    """The schema itself."""

    def test_is_a_schema(self):
        """It is valid JSON Schema 2020-12."""
        Draft202012Validator.check_schema(SCHEMA)

    def test_names_its_version(self):
        """It says which version of JSON Schema it is."""
        assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def test_allows_nothing_more(self):
        """No object allows a field that is not named, but for the facts, which are text by any name."""
        facts = SCHEMA["$defs"]["condition"]["properties"]["facts"]
        assert facts["additionalProperties"] == {"type": "string"}
        assert [part for part in objects(SCHEMA) if part.get("additionalProperties") is not False] == [facts]

    def test_requires_everything(self):
        """A decision says everything, always; only a reading may be absent, where the outcome does not depend on it."""
        named = [part for part in objects(SCHEMA) if "properties" in part]
        partial = [part for part in named if part.get("required") != list(part["properties"])]
        assert partial == [SCHEMA["properties"]["readings"]]

    def test_conditions(self):
        """It names the conditions of the library, in their order."""
        assert SCHEMA["$defs"]["condition"]["properties"]["id"]["enum"] == list(CONDITIONS)

    def test_as_many_conditions(self):
        """It asks for every condition."""
        conditions = SCHEMA["properties"]["conditions"]
        assert (conditions["minItems"], conditions["maxItems"]) == (len(CONDITIONS), len(CONDITIONS))

    def test_outcomes(self):
        """It names the outcomes of the library."""
        assert SCHEMA["properties"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]

    def test_verdicts(self):
        """It names the verdicts of the library."""
        assert SCHEMA["$defs"]["condition"]["properties"]["verdict"]["enum"] == [verdict.value for verdict in Verdict]

    def test_readings(self):
        """It names every reading, with its values."""
        named = {name: tuple(part["enum"]) for name, part in SCHEMA["properties"]["readings"]["properties"].items()}
        assert named == {name: reading.values for name, reading in READINGS.items()}

    def test_order_of_fields(self, one):
        """A decision has its fields in the order of the schema."""
        assert list(one) == list(SCHEMA["properties"])


class TestDecisions:
    """Decisions against the schema."""

    @pytest.mark.parametrize("name", [vector.id for vector in official()])
    def test_conformance_cases(self, documents, name):
        """The decision on every conformance case satisfies the schema."""
        assert [error.message for error in VALIDATOR.iter_errors(documents[name])] == []

    @pytest.mark.parametrize("quarter", ["1900Q1", "1900Q4", "2026Q4", "2199Q4"])
    def test_nothing_known(self, quarter):
        """A case of which only the quarter is known has a decision in the schema, at the edges of time too."""
        assert [error.message for error in VALIDATOR.iter_errors(document({"quarter": quarter}))] == []

    def test_every_reading(self):
        """A decision by any reading satisfies the schema."""
        chosen = [(name, value) for name, reading in READINGS.items() for value in reading.values]
        case = Case.from_json(json.dumps(GIVEN))
        found = [json.loads(evaluate(case, readings={name: value}).to_json()) for name, value in chosen]
        assert [error.message for answer in found for error in VALIDATOR.iter_errors(answer)] == []

    def test_conditions_in_order(self, documents):
        """Every decision has every condition, in the order of a reader's questions."""
        orders = {tuple(condition["id"] for condition in found["conditions"]) for found in documents.values()}
        assert orders == {CONDITIONS}

    def test_the_spoilt_one_is_whole(self, one):
        """The decision that the next test spoils has an entry of every kind."""
        assert [name for name in ("conditions", "actions", "missing", "consulted", "readings") if not one[name]] == []

    @pytest.mark.parametrize(
        "path",
        [(), ("conditions", 0), ("dimona",), ("actions", 0), ("missing", 0), ("readings",), ("law",)],
        ids=lambda path: ".".join(map(str, path)) or "decision",
    )
    def test_unknown_field(self, one, path):
        """A field that the form does not name is refused, at every level."""
        part = spoilt = copy.deepcopy(one)
        for step in path:
            part = part[step]
        part["more"] = "x"
        assert not VALIDATOR.is_valid(spoilt)

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("quarter",), "2026-Q4"),
            (("quarter",), "2026Q4\n"),
            (("reference_quarter",), ""),
            (("outcome",), "maybe"),
            (("conditions",), []),
            (("conditions", 0, "id"), "dimona"),
            (("conditions", 0, "verdict"), "eligible"),
            (("conditions", 0, "reason"), "Not A Code"),
            (("conditions", 0, "decisive"), 1),
            (("conditions", 0, "text"), ""),
            (("conditions", 0, "provisions"), None),
            (("dimona", "expected"), "refused"),
            (("dimona", "warning_may_be_ignored"), None),
            (("dimona", "file_from"), "31-08-2026"),
            (("dimona", "file_before"), None),
            (("actions", 0, "id"), ""),
            (("actions", 0, "by"), ""),
            (("missing", 0, "path"), "worker"),
            (("missing", 0, "holder"), "library"),
            (("consulted",), ["$.quarter"]),
            (("valid_for",), None),
            (("readings", "carry_over"), "perhaps"),
            (("law", "read_on"), None),
            (("law", "digest"), "abc"),
            (("law", "provisional"), "no"),
        ],
    )
    def test_wrong_value(self, one, path, value):
        """A value of another form is refused."""
        part = spoilt = copy.deepcopy(one)
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value
        assert not VALIDATOR.is_valid(spoilt)

    @pytest.mark.parametrize("field", list(SCHEMA["properties"]))
    def test_absent_field(self, one, field):
        """No field of a decision may be absent."""
        spoilt = {name: value for name, value in one.items() if name != field}
        assert not VALIDATOR.is_valid(spoilt)


class TestTexts:
    """Every code that appears in the conformance cases has a text, and the text stands in the decision."""

    def test_reasons(self, documents):
        """Every reason code has a sentence."""
        codes = {condition["reason"] for found in documents.values() for condition in found["conditions"]}
        assert codes - REASONS.keys() == set()

    def test_reason_texts(self, documents):
        """The text of a condition begins with the sentence of its reason."""
        conditions = [condition for found in documents.values() for condition in found["conditions"]]
        assert [c["reason"] for c in conditions if not c["text"].startswith(reason_text(c["reason"]))] == []

    @pytest.mark.parametrize(
        ("name", "condition", "sentence"),
        [
            ("legislation-dutch", "legislation", "This rests on one secondary source."),
        ],
    )
    def test_confidence(self, name, condition, sentence):
        """A finding that rests on less than an official text says so."""
        given = {**GIVEN, "worker": {**GIVEN["worker"], "habitual_legislation": "dutch"}}
        found = {c["id"]: c["text"] for c in document(given)["conditions"]}
        assert found[condition].endswith(sentence), name

    def test_actions(self, documents):
        """Every action has a sentence."""
        codes = {action["id"] for found in documents.values() for action in found["actions"]}
        assert codes - ACTIONS.keys() == set()

    def test_action_texts(self, documents):
        """The text of an action is the sentence of its id."""
        actions = [action for found in documents.values() for action in found["actions"]]
        assert [a["id"] for a in actions if a["text"] != action_text(a["id"])] == []

    def test_questions(self, documents):
        """Every path that is missing has a question."""
        paths = {entry["path"] for found in documents.values() for entry in found["missing"]}
        assert {re.sub(r"\[[0-9]+\]", "[]", path) for path in paths} - QUESTIONS.keys() == set()

    def test_question_texts(self, documents):
        """The question is that of the path."""
        entries = [entry for found in documents.values() for entry in found["missing"]]
        assert [e["path"] for e in entries if e["question"] != question_text(e["path"])] == []

    @pytest.mark.parametrize("path", QUESTIONS)
    def test_questions_have_paths_of_the_form(self, path):
        """Every question belongs to a path that a decision can name."""
        pattern = SCHEMA["$defs"]["missing"]["properties"]["path"]["pattern"]
        assert re.search(pattern, path.replace("[]", "[0]"))

    @pytest.mark.parametrize("code", [*REASONS, *ACTIONS])
    def test_codes_have_the_form(self, code):
        """Every code that has a sentence is one that the schema allows."""
        assert re.search(SCHEMA["$defs"]["action"]["properties"]["id"]["pattern"], code)

    @pytest.mark.parametrize("text", [*REASONS.values(), *ACTIONS.values(), *QUESTIONS.values()])
    def test_texts_are_sentences(self, text):
        """Every text begins with a capital, ends as a sentence does and stands on one line."""
        assert re.fullmatch(r"[A-Z][^\n]*[.?]", text)
