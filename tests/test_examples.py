"""The examples and the README: real situations, each with the answer that the law papers give by hand."""

import doctest
import json
import re
from pathlib import Path

import pytest

from flexirules import Case, evaluate

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

# What decides, so that an example cannot give the right answer for a wrong reason: the outcome, the verdict of the
# condition that it is about, and what Dimona will answer.
EXPECTED = {
    # The outcome table of the expat procedure: answer W, approval for T held.
    "returning-expat": ("eligible", "employment", "met", "warning"),
    # Full-time with another employer in T-3, T-4 and T-5.
    "belgian-full-time": ("eligible", "employment", "met", "ok"),
    # From 2026-07-01 the pension is tested in T; tested in T-2 it would not yet exempt.
    "pensioner-2026": ("eligible", "employment", "met", "ok"),
    # An agency is judged by its user, here horeca; exactly 4/5 is enough.
    "agency-horeca": ("eligible", "sector", "met", "ok"),
    # Summer days with deferred pay count, but the data that Dimona reads do not show them.
    "teacher-deferred-pay": ("eligible", "employment", "met", "warning"),
    # Full-time in T-4 and 4/5 in T-3.
    "reduction-blocked": ("not_eligible", "no-reduction", "not_met", "warning"),
    # The outcome table of the expat procedure: answer W, no decision, nothing asked.
    "expat-warned-not-approved": ("clarification_required", "employment", "needs_decision", "warning"),
    # Public employers in general from 2026-07-01: not settled.
    "public-employer-2026": ("undetermined", "sector", "unknown", "ok"),
    # Another state's social security governs the job, whatever T-3 shows.
    "cross-border-dutch": ("not_eligible", "legislation", "not_met", "ok"),
    # Joint committee 112 is on the list from 2024-01-01 only.
    "garage-before-2024": ("not_eligible", "sector", "not_met", "ok"),
    # Half of a full-time job does not reach 4/5; a pension would exempt, and nobody has asked.
    "half-time-pension-not-known": ("undetermined", "employment", "unknown", "unknown"),
}


def read(name):
    """The text of an example."""
    return (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")


def test_every_example_has_an_expectation():
    """No example stands untested, and none is expected that is not there."""
    assert {path.stem for path in EXAMPLES.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_outcome(name):
    """The outcome of each example is the one worked out by hand."""
    assert evaluate(Case.from_json(read(name))).outcome.value == EXPECTED[name][0]


@pytest.mark.parametrize("name", EXPECTED)
def test_reason(name):
    """Each example shows the condition that it is about, and what Dimona will answer."""
    decision = json.loads(evaluate(Case.from_json(read(name))).to_json())
    verdicts = {condition["id"]: condition["verdict"] for condition in decision["conditions"]}
    _, condition, verdict, dimona = EXPECTED[name]
    assert (verdicts[condition], decision["dimona"]["expected"]) == (verdict, dimona)


@pytest.mark.parametrize("name", EXPECTED)
def test_lossless(name):
    """A case read and written says what was said."""
    case = Case.from_json(read(name))
    assert Case.from_json(case.to_json()) == case


def test_an_approval_lets_the_warning_be_ignored():
    """The returning expat holds a letter for T: the warning that came may be ignored."""
    decision = json.loads(evaluate(Case.from_json(read("returning-expat"))).to_json())
    assert decision["dimona"]["warning_may_be_ignored"] is True


def test_what_is_not_known_is_asked_for():
    """The half-time worker's pension is what is missing."""
    decision = json.loads(evaluate(Case.from_json(read("half-time-pension-not-known"))).to_json())
    assert "$.worker.pension" in {entry["path"] for entry in decision["missing"]}


PYCON = re.compile(r"^```pycon\n(.*?)^```", re.DOTALL | re.MULTILINE)


def readme_blocks():
    """Language and text of each code block of the README, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_readme_commands():
    """The first two code blocks of the README are its two commands, each one line and without a prompt sign."""
    blocks = readme_blocks()
    assert [language for language, _ in blocks].count("sh") == 2
    for (language, command), last in zip(
        blocks[:2], ("examples/returning-expat.json", "-m pytest -n auto"), strict=True
    ):
        assert language == "sh"
        assert command.startswith("python3 -m venv ")
        assert command.endswith(f"{last}\n")
        assert command.count("\n") == 1


def test_readme_python(monkeypatch):
    """The Python of the README gives what it says."""
    monkeypatch.chdir(ROOT)
    [example] = [text for language, text in readme_blocks() if language == "pycon"]
    test = doctest.DocTestParser().get_doctest(example, {}, "README", "README.md", 0)
    assert len(test.examples) == 5
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("explain", 17),
        ("languages", 5),
        ("index", 4),
        ("tutorial", 22),
        ("three-answers", 4),
        ("howto/procedure", 16),
        ("break-the-law", 9),
        ("howto/warning", 9),
    ],
)
def test_documented_python(name, least, monkeypatch):
    """The Python of a page of the documentation gives what it says, from the first block to the last."""
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest("\n".join(PYCON.findall(page)), {}, name, f"docs/{name}.md", 0)
    assert len(test.examples) >= least
    assert doctest.DocTestRunner().run(test).failed == 0
