"""The command line, through ``main`` and once as a program of its own."""

import io
import json
import os
import runpy
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import flexirules
from flexirules import Case, evaluate
from flexirules.__main__ import main
from flexirules.document import MAX_TEXT
from flexirules.texts import CONDITIONS, HOLDERS, VERDICTS

SOURCE = str(Path(flexirules.__file__).parents[1])

GIVEN = {
    "quarter": "2026Q4",
    "start": "2026-10-05",
    "worker": {
        "employments": [
            {"quarter": "2026Q1", "employer": "acme", "fraction": "1", "status": "employee", "scheme": "overseas"}
        ],
        "pension": {"kind": "none"},
    },
    "employer": {"id": "cafe-central", "sector": {"joint_committee": "302"}},
    "function": {"activity": "ordinary"},
    "engagements": [],
    "approvals": [{"quarter": "2026Q4", "granted": True, "issued_on": "2026-09-21"}],
    "formalities": {
        "framework_agreement": True,
        "declaration": {"filed_on": "2026-10-01", "result": "W", "anomalies": ["90017-510"]},
    },
}
TEXT = json.dumps(GIVEN)
BARE = json.dumps({"quarter": "2026Q4", "worker": GIVEN["worker"], "employer": GIVEN["employer"]})


@pytest.fixture
def case(tmp_path):
    """A file with an approved expat."""
    path = tmp_path / "case.json"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


@pytest.fixture
def say(monkeypatch):
    """Put a text on standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def decision(text, **readings):
    """The decision that the library gives on the same text."""
    return evaluate(Case.from_json(text), readings=readings)


def refused(arguments):
    """The status with which a command line is refused before anything runs."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


class TestEvaluateText:
    """``evaluate CASE.json``: an answer for people."""

    def test_status(self, case, capsys):
        """Any answer is success."""
        assert main(["evaluate", case]) == 0

    def test_first_line(self, case, capsys):
        """The answer comes first."""
        main(["evaluate", case])
        assert capsys.readouterr().out.splitlines()[0] == "2026Q4: Eligible"

    def test_nothing_on_standard_error(self, case, capsys):
        """An answer is no complaint."""
        main(["evaluate", case])
        assert capsys.readouterr().err == ""

    def test_every_condition(self, case, capsys):
        """Every condition stands in it with its sentence."""
        main(["evaluate", case])
        lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
        wanted = [f"{CONDITIONS[f.condition]} {VERDICTS[f.verdict.value]} {f.text}" for f in decision(TEXT).findings]
        assert [line for line in wanted if line not in lines] == []

    def test_every_action(self, case, capsys):
        """Every action stands in it, with its day."""
        main(["evaluate", case])
        lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
        wanted = [a.text + (f" By {a.by}." if a.by else "") for a in decision(TEXT).actions]
        assert [line for line in wanted if line not in lines] == []

    def test_the_warning(self, case, capsys):
        """That a warning may be ignored is said."""
        main(["evaluate", case])
        assert "warning may be ignored" in capsys.readouterr().out

    def test_no_word_on_a_warning_that_counts(self, say, capsys):
        """Without a letter nothing of the kind is said."""
        say(BARE)
        main(["evaluate", "-"])
        assert "may be ignored" not in capsys.readouterr().out

    def test_what_is_missing(self, say, capsys):
        """What is missing stands in it, with who holds it and the question."""
        say(BARE)
        main(["evaluate", "-"])
        lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
        wanted = [f"{m.path} ({HOLDERS[m.holder]}): {m.question}" for m in decision(BARE).missing]
        assert (bool(wanted), [line for line in wanted if line not in lines]) == (True, [])

    def test_nothing_missing_nothing_said(self, case, capsys):
        """A case that misses nothing has no such part."""
        main(["evaluate", case])
        assert "What is missing" not in capsys.readouterr().out

    def test_the_days_for_filing(self, case, capsys):
        """The days for filing, and below them the expected answer."""
        main(["evaluate", case])
        lines = capsys.readouterr().out.splitlines()
        place = lines.index("Dimona FLX: file from 2026-08-31 on, before the work begins on 2026-10-05.")
        assert lines[place + 1] == "   Expected answer of Dimona: a warning."

    def test_citations(self, case, capsys):
        """The provisions that decided are cited."""
        main(["evaluate", case])
        assert "   OSS-approval: " in capsys.readouterr().out

    def test_decisive(self, say, capsys):
        """The condition that forces the answer is marked."""
        say(json.dumps({**GIVEN, "approvals": []}))
        main(["evaluate", "-"])
        marked = [line[3:29] for line in capsys.readouterr().out.splitlines() if line.startswith(" * ")]
        assert marked == [CONDITIONS["employment"]]

    def test_provisional(self, say, capsys):
        """A day after the last one checked is said to be provisional."""
        say('{"quarter": "2199Q4"}')
        main(["evaluate", "-"])
        assert "Law read on 2199-10-01, provisionally: it lies beyond the horizon." in capsys.readouterr().out

    def test_no_colour(self, case, capsys):
        """No colour goes to a file or a pipe."""
        main(["evaluate", case])
        assert "\x1b" not in capsys.readouterr().out

    def test_colour(self, case, capsys, monkeypatch):
        """A terminal shows the verdicts in colour."""
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        main(["evaluate", case])
        assert "\x1b[32mmet " in capsys.readouterr().out

    def test_a_no_is_an_answer(self, say, capsys):
        """Not eligible is a result, not a failure."""
        say('{"quarter": "2015Q3"}')
        assert main(["evaluate", "-"]) == 0


class TestEvaluateJson:
    """``evaluate --json``: an answer for programs."""

    def test_the_decision(self, case, capsys):
        """The JSON is that of the library."""
        main(["evaluate", case, "--json"])
        assert json.loads(capsys.readouterr().out) == json.loads(decision(TEXT).to_json())

    def test_standard_input(self, say, capsys):
        """A dash reads standard input."""
        say(TEXT)
        main(["evaluate", "-", "--json"])
        assert json.loads(capsys.readouterr().out) == json.loads(decision(TEXT).to_json())

    def test_status(self, say, capsys):
        """A dash gives the same status as a file."""
        say(TEXT)
        assert main(["evaluate", "-", "--json"]) == 0


class TestReadings:
    """``--reading NAME=VALUE``: how to read the law where sources disagree."""

    def test_shown(self, case, capsys):
        """The reading in use stands in the decision."""
        main(["evaluate", case, "--json", "--reading", "foreign_work=belgian_only"])
        assert json.loads(capsys.readouterr().out)["readings"] == {"foreign_work": "belgian_only"}

    def test_used(self, case, capsys):
        """The decision is that of the library by the same reading."""
        main(["evaluate", case, "--json", "--reading", "notice_employer=any"])
        wanted = json.loads(decision(TEXT, notice_employer="any").to_json())
        assert json.loads(capsys.readouterr().out) == wanted

    def test_several(self, case, capsys):
        """Several readings may be chosen."""
        main(["evaluate", case, "--json", "--reading", "carry_over=true", "--reading", "public_default=open"])
        assert json.loads(capsys.readouterr().out)["readings"] == {"carry_over": "true", "public_default": "open"}

    def test_in_the_text(self, case, capsys):
        """The text names the reading in use."""
        main(["evaluate", case, "--reading", "carry_over=true"])
        assert "   Reading: carry_over=true" in capsys.readouterr().out.splitlines()

    @pytest.mark.parametrize("reading", ["nothing=any", "notice_employer=both", "notice_employer", "", "=any"])
    def test_refused(self, case, capsys, reading):
        """A reading that does not exist is refused with status 2."""
        assert main(["evaluate", case, "--reading", reading]) == 2

    @pytest.mark.parametrize("reading", ["nothing=any", "notice_employer=both", "notice_employer", ""])
    def test_refused_in_one_line(self, case, capsys, reading):
        """The complaint is one line on standard error, and there is no answer."""
        main(["evaluate", case, "--reading", reading])
        out, err = capsys.readouterr()
        assert (out, err.startswith("flexirules: "), err.count("\n")) == ("", True, 1)


class TestLines:
    """``--lines``: one case a line, one decision a line."""

    def run(self, say, capsys, text, *more):
        """Status and answers."""
        say(text)
        status = main(["evaluate", "-", "--lines", *more])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def test_each_in_order(self, say, capsys):
        """Each line has its decision, in order."""
        status, found = self.run(say, capsys, f"{TEXT}\n{BARE}\n")
        assert (status, found) == (0, [json.loads(decision(text).to_json()) for text in (TEXT, BARE)])

    def test_from_a_file(self, tmp_path, capsys):
        """A file is read the same way."""
        path = tmp_path / "cases.jsonl"
        path.write_text(f"{TEXT}\n{TEXT}\n", encoding="utf-8")
        main(["evaluate", str(path), "--lines"])
        assert len(capsys.readouterr().out.splitlines()) == 2

    def test_without_a_last_newline(self, say, capsys):
        """The last line need not end."""
        assert len(self.run(say, capsys, f"{TEXT}\n{TEXT}")[1]) == 2

    def test_blank_lines(self, say, capsys):
        """Blank lines say nothing and get no answer."""
        status, found = self.run(say, capsys, f"\n{TEXT}\n  \n\n")
        assert (status, len(found)) == (0, 1)

    def test_nothing(self, say, capsys):
        """No lines, no answers."""
        assert self.run(say, capsys, "") == (0, [])

    @pytest.mark.parametrize("bad", ["{", "[]", '{"quarter": "2026Q5"}', '{"quarter": "2026Q4", "more": 1}', "null"])
    def test_a_bad_line(self, say, capsys, bad):
        """A bad line gives an error with its number, the rest goes on, and the status is 2."""
        status, found = self.run(say, capsys, f"{TEXT}\n{bad}\n{BARE}\n")
        shape = ["error" if set(answer) == {"error", "line"} else answer["outcome"] for answer in found]
        assert (status, shape) == (2, ["eligible", "error", decision(BARE).outcome.value])

    def test_the_number_counts_blank_lines(self, say, capsys):
        """The number is that of the line in the file."""
        assert self.run(say, capsys, f"\n\n{TEXT}\n[]\n")[1][1]["line"] == 4

    def test_every_problem(self, say, capsys):
        """All problems of a line come at once, each with its code, path and message."""
        _, [answer] = self.run(say, capsys, '{"quarter": "2026Q5", "start": "yesterday"}\n')
        assert [sorted(problem) for problem in answer["error"]] == [["code", "message", "path"]] * 2

    def test_the_paths_of_the_problems(self, say, capsys):
        """Each problem says where it is."""
        _, [answer] = self.run(say, capsys, '{"quarter": "2026Q4", "requests": "none", "agency": 5}\n')
        assert {problem["path"] for problem in answer["error"]} == {"$.requests", "$.agency"}

    def test_readings(self, say, capsys):
        """A reading holds for every line."""
        _, found = self.run(say, capsys, f"{TEXT}\n{BARE}\n", "--reading", "carry_over=true")
        assert [answer["readings"] for answer in found] == [{"carry_over": "true"}] * 2

    def test_a_bad_reading_stops(self, say, capsys):
        """A reading that does not exist is no fault of a line: status 2."""
        assert self.run(say, capsys, f"{TEXT}\n", "--reading", "carry_over")[0] == 2

    def test_no_progress_in_a_pipe(self, say, capsys):
        """Progress goes to terminals only."""
        say('{"quarter": "2015Q5"}\n' * 1000)
        main(["evaluate", "-", "--lines"])
        assert capsys.readouterr().err == ""

    def test_progress(self, say, capsys, monkeypatch):
        """On a terminal every thousandth case is counted."""
        say('{"quarter": "2015Q5"}\n' * 2000)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        main(["evaluate", "-", "--lines"])
        assert capsys.readouterr().err.replace("\r", " ").split(" cases")[:2] == [" 1000", " 2000"]


class TestBytes:
    """Input and output are UTF-8, line by line."""

    def run(self, capsys, tmp_path, content):
        """Status and answers of a file with one case a line."""
        path = tmp_path / "cases.jsonl"
        path.write_bytes(content)
        status = main(["evaluate", str(path), "--lines"])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def test_a_line_that_is_not_utf_8(self, capsys, tmp_path):
        """It gives an error with its number, and the rest goes on."""
        status, found = self.run(capsys, tmp_path, b'{"quarter": "\xe9"}\n' + BARE.encode() + b"\n")
        message = "a case is UTF-8 text; byte 14 is not"
        error = {"error": [{"code": "E-JSON", "path": "$", "message": message}], "line": 1}
        assert (status, found[0], len(found)) == (2, error, 2)

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_a_line_that_is_too_long(self, capsys, tmp_path, times):
        """It gives one error, however long it is, and the next line has the next number."""
        long = b'{"quarter": "' + b"2" * (MAX_TEXT * times) + b'"}\n'
        status, found = self.run(capsys, tmp_path, long + b"[]\n" + BARE.encode())
        codes = [(answer["line"], answer["error"][0]["code"]) for answer in found[:2]]
        assert (status, codes, len(found)) == (2, [(1, "E-JSON-SIZE"), (2, "E-TYPE")], 3)

    def test_a_last_line_that_is_too_long(self, capsys, tmp_path):
        """It need not end."""
        status, found = self.run(capsys, tmp_path, b"2" * (MAX_TEXT * 2))
        assert (status, [answer["line"] for answer in found]) == (2, [1])

    def test_a_character_that_is_cut_in_two(self, capsys, tmp_path):
        """A text that is too long is said to be too long, also where reading stops inside a character."""
        path = tmp_path / "long.json"
        path.write_bytes(b"2" + "\N{EURO SIGN}".encode() * MAX_TEXT)
        assert (main(["evaluate", str(path)]), "at most" in capsys.readouterr().err) == (2, True)

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_whatever_the_environment_says(self, encoding):
        """The encoding of a terminal changes no byte that is read or written."""
        named = json.loads(BARE) | {"approvals": [{"quarter": "2026Q9", "reference": "\N{EURO SIGN}"}]}
        done = subprocess.run(
            [sys.executable, "-m", "flexirules", "evaluate", "-", "--lines"],
            input=json.dumps(named, ensure_ascii=False).encode() + b"\n" + BARE.encode(),
            env={**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        lines = done.stdout.decode("utf-8").splitlines()
        assert (done.returncode, len(lines), done.stderr) == (2, 2, b"")


class TestInputThatCannotBeRead:
    """Status 2, one line on standard error, no answer and no traceback."""

    def test_missing_file(self, tmp_path, capsys):
        """A file that is not there."""
        assert main(["evaluate", str(tmp_path / "none.json")]) == 2

    def test_missing_file_is_named(self, tmp_path, capsys):
        """The complaint names the file."""
        path = str(tmp_path / "none.json")
        main(["evaluate", path])
        assert path in capsys.readouterr().err

    def test_a_folder(self, tmp_path, capsys):
        """A folder is not a case."""
        assert main(["evaluate", str(tmp_path)]) == 2

    def test_not_utf_8(self, tmp_path, capsys):
        """A file that is not UTF-8."""
        path = tmp_path / "latin.json"
        path.write_bytes(b'{"quarter": "\xe9"}')
        assert main(["evaluate", str(path)]) == 2

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"quarter": 20264}', '{"quarter": "2026Q4", "colour": "red"}'])
    def test_not_a_case(self, say, capsys, text):
        """Text that is not a case."""
        say(text)
        status = main(["evaluate", "-"])
        out, err = capsys.readouterr()
        assert (status, out, err.startswith("flexirules: ")) == (2, "", True)

    def test_unknown_field_is_named(self, say, capsys):
        """The complaint names the field."""
        say('{"quarter": "2026Q4", "colour": "red"}')
        main(["evaluate", "-"])
        assert "colour" in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [[], ["decide"], ["evaluate"], ["evaluate", "-", "--fast"], ["schema"]])
    def test_not_a_command(self, capsys, arguments):
        """A command line that does not exist."""
        assert refused(arguments) == 2

    def test_help(self, capsys):
        """Help is an answer."""
        assert refused(["--help"]) == 0


class TestLaw:
    """``law``: the provisions in force."""

    def heads(self, capsys, *arguments):
        """The first line of each provision."""
        assert main(["law", *arguments]) == 0
        return [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]

    def test_three_lines_each(self, capsys):
        """Each provision has its head, its citation and its content."""
        main(["law", "--on", "2026-10-01"])
        lines = capsys.readouterr().out.splitlines()
        assert [line.startswith("    ") for line in lines] == [False, True, True] * (len(lines) // 3)

    def test_on_a_day(self, capsys):
        """Joint committee 302 was admitted by the list until 2026-06-30, and no longer."""
        found = [
            any(line.startswith("L2015-2-1-302 ") for line in self.heads(capsys, "--on", day))
            for day in ("2015-12-01", "2026-06-30", "2026-07-01")
        ]
        assert found == [True, True, False]

    def test_today_is_the_last_day_checked(self, capsys):
        """Without a day the law of the horizon is shown."""
        from flexirules.dated import HORIZON

        assert self.heads(capsys) == self.heads(capsys, "--on", HORIZON.isoformat())

    def test_condition(self, capsys):
        """One condition alone."""
        assert {line.split("[")[1].split("]")[0] for line in self.heads(capsys, "--condition", "notice")} == {"notice"}

    def test_condition_is_a_part(self, capsys):
        """What one condition shows is part of the whole."""
        assert set(self.heads(capsys, "--condition", "employment")) < set(self.heads(capsys))

    def test_condition_on_a_day(self, capsys):
        """Before 2024 nothing forbade a reduction."""
        found = [
            bool(self.heads(capsys, "--condition", "no-reduction", "--on", day)) for day in ("2023-12-31", "2024-01-01")
        ]
        assert found == [False, True]

    @pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "20261001", "1-1-2026", "today", ""])
    def test_no_such_day(self, capsys, day):
        """A day that does not exist, or is written otherwise, is refused."""
        assert refused(["law", "--on", day]) == 2


class TestSectors:
    """``sectors``: which sectors are open."""

    def lines(self, capsys, *arguments):
        """The lines that are shown."""
        assert main(["sectors", *arguments]) == 0
        return capsys.readouterr().out.splitlines()

    def test_the_first_list(self, capsys):
        """In 2015 the list held horeca and agencies, and nothing else."""
        allowed = [line.split()[1] for line in self.lines(capsys, "--on", "2015-12-01") if line.startswith("ALLOW")]
        assert allowed == ["302", "322"]

    def test_one_committee(self, capsys):
        """One committee shows its own row and not another's."""
        found = {line.split()[1] for line in self.lines(capsys, "302", "--on", "2025-01-01")}
        assert ("302" in found, found - {"302", "*"}) == (True, set())

    def test_a_subcommittee(self, capsys):
        """A row of the parent covers its subcommittee: the bakery row of 118 holds for 118.03."""
        assert any(line.split()[1] == "118" for line in self.lines(capsys, "118.03", "--on", "2020-01-01"))

    def test_what_a_row_asks(self, capsys):
        """A row with a test on the employer names the test."""
        [row] = [line for line in self.lines(capsys, "118.03", "--on", "2020-01-01") if "Bakeries" in line]
        assert row.endswith("(in the bakery fund)")

    def test_today_is_the_last_day_checked(self, capsys):
        """Without a day the law of the horizon is shown."""
        from flexirules.dated import HORIZON

        assert self.lines(capsys) == self.lines(capsys, "--on", HORIZON.isoformat())

    @pytest.mark.parametrize("committee", ["abc", "30", "302.1.1.1", ""])
    def test_no_such_form(self, capsys, committee):
        """What is not written like a committee is refused with status 2."""
        assert main(["sectors", committee]) == 2


class TestSchema:
    """``schema``: the JSON Schemas."""

    @pytest.mark.parametrize("which", ["case", "decision"])
    def test_as_carried(self, capsys, which):
        """What is printed is the carried file, byte for byte."""
        main(["schema", which])
        carried = (files("flexirules") / "schema" / f"{which}.schema.json").read_text(encoding="utf-8")
        assert capsys.readouterr().out == carried

    @pytest.mark.parametrize("which", ["case", "decision"])
    def test_json(self, capsys, which):
        """What is printed is one JSON document, of the name asked for."""
        main(["schema", which])
        assert json.loads(capsys.readouterr().out)["$id"] == f"urn:flexirules:{which}"

    def test_no_other(self, capsys):
        """There is no other schema."""
        assert refused(["schema", "law"]) == 2


class TestProgram:
    """``python -m flexirules`` as a program."""

    def run(self, *arguments, said=""):
        """Run it with the interpreter of the tests and the library under test."""
        environment = {**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, "-m", "flexirules", *arguments],
            input=said,
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
            timeout=60,
        )

    def test_an_answer(self):
        """A case on standard input gives its decision and status 0."""
        done = self.run("evaluate", "-", "--json", said=TEXT)
        assert (done.returncode, json.loads(done.stdout)) == (0, json.loads(decision(TEXT).to_json()))

    def test_a_complaint(self):
        """What is not a case gives status 2 and one line."""
        done = self.run("evaluate", "-", said="{")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)

    def test_name(self):
        """The program calls itself by its name."""
        assert self.run("--help").stdout.startswith("usage: flexirules ")

    def test_as_a_module(self, monkeypatch, capsys):
        """``python -m flexirules`` ends with the status of the command."""
        monkeypatch.setattr(sys, "argv", ["flexirules", "schema", "case"])
        monkeypatch.delitem(sys.modules, "flexirules.__main__")
        with pytest.raises(SystemExit) as ended:
            runpy.run_module("flexirules", run_name="__main__")
        assert (ended.value.code, capsys.readouterr().out[:1]) == (0, "{")

    def test_a_reader_who_has_seen_enough(self, say, monkeypatch):
        """Where the reader of a pipe goes away the rest is not complained about."""
        reader, writer = os.pipe()
        os.close(reader)
        say(f"{TEXT}\n" * 20)
        with os.fdopen(writer, "w", encoding="utf-8") as gone:
            monkeypatch.setattr(sys, "stdout", gone)
            assert main(["evaluate", "-", "--lines"]) == 0

    def test_a_notebook(self, say, monkeypatch):
        """Standard output may be something else than a file: then it has its own idea of text."""
        say(TEXT)
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        main(["evaluate", "-", "--json"])
        assert json.loads(sys.stdout.getvalue())["outcome"] == "eligible"

    def test_nothing_to_do(self, say, capsys):
        """Where there is nothing to do nothing is said of it."""
        declared = {"declaration": {"filed_on": "2026-10-01", "result": "A"}, "framework_agreement": True}
        say(json.dumps(json.loads(BELGIAN) | {"formalities": declared}))
        main(["evaluate", "-"])
        assert "What to do" not in capsys.readouterr().out


BELGIAN = json.dumps(
    {
        "quarter": "2026Q4",
        "start": "2026-10-05",
        "worker": {
            "employments": [{"quarter": "2026Q1", "employer": "bank", "fraction": "4/5", "status": "employee"}],
            "pension": {"kind": "none"},
        },
        "employer": {"id": "cafe", "sector": {"joint_committee": "302"}},
        "function": {"activity": "ordinary"},
        "engagements": [],
        "approvals": [],
    }
)
