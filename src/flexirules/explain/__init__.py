"""Why, and what would have to be different: the smallest sets of facts, exact over every cell of the law.

A set of facts forces an outcome if every case that agrees with them has it, whatever else may be. The smallest changes
are sets of facts of which other values lead to another outcome. The sets of either kind are the smallest that meet each
of the other kind.
"""

from collections.abc import Iterable
from itertools import product
from typing import Final

import attrs

from flexirules.block import ONLY, reached
from flexirules.case import Case
from flexirules.explain.parts import Part, parts
from flexirules.explain.sets import Box, boxes, hitting, members, smallest_changes
from flexirules.explain.tables import Value
from flexirules.explain.trees import Change, Every, Ground, Leaf, Node, Some, Way, document, smallest_sets
from flexirules.finding import OUTCOMES, VERDICTS, Outcome
from flexirules.law.ruleset import Settled
from flexirules.predicate import MET, NEEDS_DECISION, NOT_MET, UNKNOWN

__all__ = ["Change", "Every", "Ground", "Some", "Way", "Why", "WhyNot", "what_would_change", "why"]

MOST_SETS: Final = 1000
"""Of many links that each have several reasons there are more combinations than anybody reads."""

_REMEDY: Final = {
    "jc": "another-employer",
    "public": "another-employer",
    "lists": "another-employer",
    "authority": "another-employer",
    "fund": "another-employer",
    "place": "another-employer",
    "activity": "another-function",
    "in_force": "later",
    "belgian_work": "later",
    "counted_work": "later",
    "volume_t3": "later",
    "volume_t4": "later",
    "volume_t5": "later",
    "same_employer_drop": "later",
    "pension_timing": "later",
    "begun": "later",
    "running": "later",
    "severance": "later",
    "notice": "later",
    "blocked": "file-again",
}
"""What can still be done about a fact, whatever it is to become."""
NAMES: Final = {"jc": "joint_committee", "lists": "main_activity", "fund": "bakery_fund"}
"""Names of facts as the JSON form has them, where the law's own are shorter."""


@attrs.frozen(kw_only=True)
class _Explained:
    outcome: Outcome
    tree: Every | Some | None
    missing: tuple[str, ...]

    def sets(self, *, most: int = MOST_SETS) -> tuple[tuple[Leaf, ...], ...]:
        """The sets of the tree, the smallest first, at most so many: of facts, or of ways that go together."""
        return () if self.tree is None else smallest_sets(self.tree, most)

    def _document(self, tree: str) -> dict[str, object]:
        return {
            "outcome": self.outcome.value,
            tree: None if self.tree is None else document(self.tree),
            "missing": list(self.missing),
        }


@attrs.frozen(kw_only=True)
class Why(_Explained):
    """What forces an outcome.

    ``tree`` is ``None`` where nothing does: completions of what is not known, or of law that is not settled, differ;
    ``missing`` are the facts that would settle it.
    """

    def to_document(self) -> dict[str, object]:
        """The JSON form as plain values."""
        return self._document("forced_by")


@attrs.frozen(kw_only=True)
class WhyNot(_Explained):
    """The smallest changes that lead to another outcome; ``tree`` is ``None`` where nothing forces the present one."""

    def to_document(self) -> dict[str, object]:
        """The JSON form as plain values."""
        return self._document("changed_by")


def why(case: Case, settled: Settled) -> Why:
    """What forces the outcome to which a case was settled."""
    found = _forcing(case, settled)
    if not found:
        return Why(outcome=settled.outcome, tree=None, missing=settled.missing)
    level = OUTCOMES.index(settled.outcome)
    nodes = tuple(_grounds(part, _keeps(part, level)) for part in found)
    return Why(outcome=settled.outcome, tree=_join(nodes, every=level != NOT_MET), missing=())


def what_would_change(case: Case, settled: Settled) -> WhyNot:
    """The smallest changes of a case that lead to another outcome than that to which it was settled."""
    found = _forcing(case, settled)
    if not found:
        return WhyNot(outcome=settled.outcome, tree=None, missing=settled.missing)
    level = OUTCOMES.index(settled.outcome)
    nodes = tuple(Some(tuple(_ways(part, _keeps(part, level)))) for part in found)
    return WhyNot(outcome=settled.outcome, tree=_join(nodes, every=level == NOT_MET), missing=())


def _join(nodes: tuple[Node, ...], *, every: bool) -> Every | Some:
    return Every(nodes) if every else Some(nodes)


def _forcing(case: Case, settled: Settled) -> tuple[Part, ...]:
    """The parts of the law that force an outcome: of a refusal each that does so alone; empty where nothing does."""
    if ONLY[reached(settled.blocks)] < 0:
        return ()
    level, found = OUTCOMES.index(settled.outcome), parts(case, settled)
    if level == NOT_MET:
        return tuple(part for part in found if _levels(part) == {NOT_MET})
    return found if all(_levels(part) <= {*_keeps(part, level)} for part in found) else ()


def _levels(part: Part) -> frozenset[int]:
    return part.table.levels(part.agreeing())


def _keeps(part: Part, level: int) -> tuple[int, ...]:
    """The levels to which a part may come so that the outcome stays."""
    if level == NEEDS_DECISION and part.table.reach[NEEDS_DECISION] == 0:
        return (NEEDS_DECISION, MET)
    return (level,)


def _masks(part: Part, keeps: Iterable[int]) -> tuple[int, ...]:
    agree = [part.table.agree(fact, values) for fact, values in part.known.items()]
    return smallest_changes(agree, part.table.not_only(keeps))


def _grounds(part: Part, keeps: tuple[int, ...]) -> Some:
    """The smallest sets of known facts of a part that keep it at some levels."""
    facts = tuple(part.known)
    sets = ([facts[place] for place in members(mask)] for mask in hitting(_masks(part, keeps)))
    return Some(tuple(Every(tuple(_ground(part, fact, chosen, keeps) for fact in chosen)) for chosen in sets))


def _ground(part: Part, fact: str, chosen: Iterable[str], keeps: tuple[int, ...]) -> Ground:
    table = part.table
    rest = part.agreeing(other for other in chosen if other != fact)
    against = rest & table.not_only(keeps)
    required = frozenset(value for value in table.values[fact] if not table.at(fact, value) & against)
    # Where a decision is needed, that is for want of every other way, beside conditions that are met.
    levels = (NOT_MET, NEEDS_DECISION, MET) if keeps == (NEEDS_DECISION,) else keeps
    return Ground(
        fact=NAMES.get(fact, fact),
        path=part.path(fact),
        found=part.shown[fact],
        required=table.words(fact, required),
        provisions=part.standing(fact, rest & table.agree(fact, part.known[fact]), levels),
    )


def _ways(part: Part, keeps: tuple[int, ...]) -> Iterable[Way]:
    """The smallest changes of a part, each as few ways: the values to which its facts can change together."""
    table, facts = part.table, tuple(part.known)
    for mask in _masks(part, keeps):
        chosen = [facts[place] for place in members(mask)]
        cells = part.agreeing(fact for fact in facts if fact not in chosen)
        by_level: dict[int, list[tuple[Value, ...]]] = {}
        for values in product(*(_others(part, fact) for fact in chosen)):
            mine = cells
            for fact, value in zip(chosen, values, strict=True):
                mine &= table.at(fact, value)
            levels = table.levels(mine)
            if not levels <= {*keeps}:
                by_level.setdefault(min(levels) if len(levels) == 1 else UNKNOWN, []).append(values)
        for level in sorted(by_level, reverse=True):
            for box in boxes(by_level[level]):
                better = level > min(keeps)
                yield Way(changes=_changes(part, chosen, box, cells, better=better), verdict=VERDICTS[level])


def _others(part: Part, fact: str) -> list[Value]:
    """The values that a fact does not have."""
    table, known = part.table, part.known[fact]
    mine = table.agree(fact, known)
    return [value for value in table.values[fact] if table.at(fact, value) & ~mine]


def _changes(part: Part, chosen: list[str], box: Box, cells: int, *, better: bool) -> tuple[Change, ...]:
    table, after = part.table, cells
    for fact, values in zip(chosen, box, strict=True):
        after &= table.at_any(fact, values)
    return tuple(
        Change(
            fact=NAMES.get(fact, fact),
            path=part.path(fact),
            found=part.shown[fact],
            to=table.words(fact, values),
            provisions=part.turning(fact, chosen, after),
            remedy=_remedy(part, fact, values) if better else "",
        )
        for fact, values in zip(chosen, box, strict=True)
    )


def _remedy(part: Part, fact: str, values: frozenset[Value]) -> str:
    if fact == "decision":
        return "ask-oss" if part.known[fact] == {"none"} and values == {"granted"} else ""
    if fact == "filing":
        return "file-again" if part.shown[fact] == "too-early" else ""
    return _REMEDY.get(fact, "")
