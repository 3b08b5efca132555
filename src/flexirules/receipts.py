"""Receipts: an answer that can be shown with the facts that decided it and no others, and decided again years later.

A receipt commits to every fact of a case by a salted hash, so that a fact that is not shown can neither be read nor
changed afterwards. It is no signature: who wrote it is for the file in which it lies to say.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from flexirules._evaluate import evaluate
from flexirules.case import Case
from flexirules.codec import case_from_document
from flexirules.decision import Decision
from flexirules.document import case_to_document, encoded
from flexirules.errors import InvalidInput, show, wrong_type
from flexirules.finding import CONDITIONS, Outcome, Verdict
from flexirules.law.ruleset import Ruleset
from flexirules.questions import minimal
from flexirules.readings import check_readings

__all__ = ["Receipt", "Replay", "replay"]

LEAST_SALT: Final = 16
FORMAT: Final = "flexirules receipt 1"
NODES: Final = ("worker", "employer")
"""Parts of a case whose fields are facts of their own; every other field of a case is one fact."""
FIXED: Final = ("$.quarter", "$.start", "$.worker.habitual_legislation", "$.agency", "$.formalities", "$.readings")
"""Facts whose absence does not mean "not known": they are shown with every receipt."""


@attrs.frozen(kw_only=True)
class Receipt:
    """What was decided, and a commitment to every fact.

    Args:
        decided: the ruleset with its digest, the day on which the law was read, the readings, the outcome, and of every
            condition verdict, reason and provisions.
        commitments: of each fact, by its path, SHA-256 over its key, its path and its value.
        shown: of each fact that is shown its path, its key and its value as canonical JSON.
        needed: the paths of the facts without which the outcome would not have been reached.
    """

    decided: str
    commitments: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str, str], ...]
    needed: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """The outcome that was given."""
        return Outcome(json.loads(self.decided)["outcome"])

    @property
    def digest(self) -> str:
        """SHA-256 over what was decided and every commitment: the same however much is shown."""
        return _sha(self.decided, *(part for pair in self.commitments for part in pair))

    def showing(self, paths: Iterable[str]) -> "Receipt":
        """The same receipt with these facts shown, and those whose absence would say something, and no others."""
        wanted = {*paths, *FIXED}
        return attrs.evolve(self, shown=tuple(fact for fact in self.shown if fact[0] in wanted))

    def only_what_decided(self) -> "Receipt":
        """The same receipt with nothing shown but the facts that the outcome took."""
        return self.showing(self.needed)

    @property
    def case(self) -> Case:
        """The case as far as it is shown; what is not shown is not known."""
        document: dict[str, object] = {}
        nodes: dict[str, dict[str, object]] = {}
        for path, _, value in self.shown:
            match path.split("."):
                case ["$", str(name)] if name not in NODES:
                    document[name] = json.loads(value)
                case ["$", str(node), str(name)] if node in NODES:
                    nodes.setdefault(node, {})[name] = json.loads(value)
                case _:
                    raise InvalidInput("E-RECEIPT", "$.shown", f"a case has no fact {show(path)}")
        return case_from_document(document | nodes)

    def verify(self) -> None:
        """Whether every shown fact is the one that was committed to.

        Raises:
            InvalidInput: one is not.
        """
        committed = dict(self.commitments)
        for path, key, value in self.shown:
            if committed.get(path) != _sha(key, path, value):
                raise InvalidInput("E-RECEIPT", path, "the fact shown is not the one that the receipt was made of")

    def to_json(self) -> str:
        """Canonical JSON: the same bytes for the same receipt."""
        return _canonical(
            {
                "format": FORMAT,
                "decided": json.loads(self.decided),
                "commitments": dict(self.commitments),
                "shown": [{"path": path, "key": key, "value": json.loads(value)} for path, key, value in self.shown],
                "needed": list(self.needed),
                "digest": self.digest,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Receipt":
        """Read a receipt, and check it.

        Raises:
            InvalidInput: no receipt, or one that was changed.
        """
        if type(text) is not str:
            raise wrong_type("", text, "text")
        encoded(text)
        try:
            document = json.loads(text)
            made = cls(
                decided=_canonical(_known(document["decided"])),
                commitments=tuple(sorted((str(path), str(mark)) for path, mark in document["commitments"].items())),
                shown=tuple((str(f["path"]), str(f["key"]), _canonical(f["value"])) for f in document["shown"]),
                needed=tuple(map(str, document["needed"])),
            )
            known, digest = document["format"] == FORMAT, str(document["digest"])
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            known, digest = False, ""
            made = None
        if not known or made is None:
            raise InvalidInput("E-RECEIPT", "$", f"this is not a {FORMAT}")
        if digest != made.digest:
            raise InvalidInput("E-RECEIPT", "$.digest", f"the receipt was changed: its digest is not {show(digest)}")
        made.verify()
        return made


@attrs.frozen(kw_only=True)
class Replay:
    """What an old answer is worth today.

    Args:
        then: the outcome of the receipt.
        now: the outcome of the facts that it shows, by the law of today for the day on which it was read.
        same_law: whether the ruleset is the very same.
        changed: the conditions whose verdict is another, each with the provisions that it rests on today.
    """

    then: Outcome
    now: Outcome
    same_law: bool
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def holds(self) -> bool:
        """Whether the outcome is still the same."""
        return self.now is self.then


def receipt(decision: Decision, chosen: Mapping[str, str], *, salt: bytes) -> Receipt:
    """The receipt of a decision under chosen readings: what ``decision.receipt`` gives."""
    if type(salt) is not bytes:
        raise wrong_type("salt", salt, "bytes")
    if len(salt) < LEAST_SALT:
        raise InvalidInput("E-SALT", "salt", f"a salt has at least {LEAST_SALT} bytes, not {len(salt)}")
    told = decision.to_document()
    decided = {
        "law": told["law"],
        "readings": dict(chosen),
        "outcome": decision.outcome.value,
        "conditions": [
            {"id": f.condition, "verdict": f.verdict.value, "reason": f.reason, "provisions": list(f.provisions)}
            for f in decision.findings
        ],
    }
    shown = tuple(
        (path, hmac.new(salt, path.encode(), hashlib.sha256).hexdigest(), _canonical(value))
        for path, value in sorted(_facts(decision.case))
    )
    spare = minimal(decision.case, law=decision.law, readings=chosen).not_needed
    return Receipt(
        decided=_canonical(decided),
        commitments=tuple((path, _sha(key, path, value)) for path, key, value in shown),
        shown=shown,
        needed=tuple(path for path, _, _ in shown if path not in spare),
    )


def replay(receipt: Receipt, *, law: Ruleset | None = None) -> Replay:
    """Decide again what a receipt shows, on the day on which the law was read for it.

    Args:
        receipt: with the facts shown that are to be taken into account.
        law: ``None``: the ruleset of this release.

    Raises:
        InvalidInput: a fact that is not the one that the receipt was made of.
    """
    receipt.verify()
    then = json.loads(receipt.decided)
    now = evaluate(receipt.case, law=law, readings=then["readings"])
    verdicts = {each["id"]: each["verdict"] for each in then["conditions"]}
    return Replay(
        then=receipt.outcome,
        now=now.outcome,
        same_law=now.law.digest == then["law"]["digest"],
        changed=tuple((f.condition, f.provisions) for f in now.findings if verdicts[f.condition] != f.verdict.value),
    )


def _facts(case: Case) -> Iterator[tuple[str, object]]:
    """Every fact of a case, by its path."""
    for name, value in case_to_document(case).items():
        if name in NODES:
            assert isinstance(value, Mapping)
            yield from ((f"$.{name}.{inner}", found) for inner, found in value.items())
        else:
            yield f"$.{name}", value


def _known(decided: dict[str, object]) -> dict[str, object]:
    """What was decided, if it is of the shape that a receipt has."""
    law, readings, conditions = decided["law"], decided["readings"], decided["conditions"]
    Outcome(decided["outcome"])
    if not (isinstance(law, dict) and isinstance(readings, dict) and isinstance(conditions, list)):
        raise TypeError
    str(law["digest"])
    verdicts = {each["id"]: Verdict(each["verdict"]) for each in conditions}
    if (*verdicts,) != CONDITIONS:
        raise ValueError
    check_readings(tuple(sorted(readings.items())))
    return decided


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha(*parts: str) -> str:
    """SHA-256 over some texts, each with its length before it, so that no two lists of texts are one."""
    found = hashlib.sha256()
    for part in parts:
        text = part.encode()
        found.update(f"{len(text)}:".encode())
        found.update(text)
    return found.hexdigest()
