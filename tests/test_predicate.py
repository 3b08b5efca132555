"""The tree of conditions: what each node means, and every fold over it."""

from itertools import product

import pytest

from flexirules.errors import UndecidedTruth
from flexirules.fraction import WorkFraction
from flexirules.predicate import (
    LEVELS,
    MET,
    MET_ALWAYS,
    NEEDS_DECISION,
    NEVER,
    NOT_MET,
    UNKNOWN,
    WRITTEN_DECISION,
    AllOf,
    AnyOf,
    Atom,
    Cited,
    Fact,
    Open,
    Predicate,
    Settled,
    atoms,
    citations,
    columns,
    compiled,
    holds,
    known_in,
    levels,
    points,
    rank,
    undecided,
)

work = Fact("work")
kind = Fact("kind")
flag = Fact("flag")
HALF = WorkFraction(1, 2)
FOUR_FIFTHS = WorkFraction(4, 5)
LADDER = (NOT_MET, UNKNOWN, NEEDS_DECISION, MET)
TREE = AnyOf(
    (
        Cited(("P1",), "first", AllOf((work >= FOUR_FIFTHS, Open("C1")))),
        Cited(("P2",), "second", AnyOf((flag.yes(), Cited(("P3",), "inner", Open("C2")), WRITTEN_DECISION))),
    )
)


def verdict(node, facts=(), open_points=()):
    """The verdict of a tree over facts."""
    return rank(node, known_in(dict(facts)), dict(open_points).get)


class TestBuilding:
    """Handles make atoms; operators make trees."""

    @pytest.mark.parametrize(
        ("made", "operator", "constant"),
        [
            (work < HALF, "<", HALF),
            (work <= HALF, "<=", HALF),
            (work >= HALF, ">=", HALF),
            (kind.equals("a"), "==", "a"),
            (kind.differs("a"), "!=", "a"),
            (kind.one_of("a", "b"), "in", frozenset(("a", "b"))),
            (flag.yes(), "==", True),
            (flag.no(), "==", False),
        ],
    )
    def test_a_handle_makes_an_atom(self, made, operator, constant):
        """Every comparison of a fact keeps its operator and constant."""
        assert (made.operator, made.constant) == (operator, constant)

    def test_and_of_two(self):
        """``&`` makes an all-of in the order written."""
        assert (flag.yes() & kind.equals("a")) == AllOf((flag.yes(), kind.equals("a")))

    def test_and_flattens_on_the_left(self):
        """A chain of ``&`` is one node."""
        assert (flag.yes() & MET_ALWAYS & NEVER) == AllOf((flag.yes(), MET_ALWAYS, NEVER))

    def test_or_of_two(self):
        """``|`` makes an any-of in the order written."""
        assert (flag.yes() | kind.equals("a")) == AnyOf((flag.yes(), kind.equals("a")))

    def test_or_flattens_on_the_left(self):
        """A chain of ``|`` is one node."""
        assert (flag.yes() | MET_ALWAYS | NEVER) == AnyOf((flag.yes(), MET_ALWAYS, NEVER))

    def test_and_does_not_flatten_an_or(self):
        """``(a | b) & c`` keeps the any-of as one part."""
        either = flag.yes() | NEVER
        assert (either & MET_ALWAYS) == AllOf((either, MET_ALWAYS))

    def test_or_does_not_flatten_an_and(self):
        """``(a & b) | c`` keeps the all-of as one part."""
        both = flag.yes() & NEVER
        assert (both | MET_ALWAYS) == AnyOf((both, MET_ALWAYS))

    @pytest.mark.parametrize("node", [flag.yes(), TREE, AllOf(()), MET_ALWAYS, Open("C1"), TREE.parts[0]])
    def test_a_predicate_has_no_truth(self, node):
        """An ``if`` on a tree is a mistake, and says so."""
        with pytest.raises(UndecidedTruth, match="fold it over facts"):
            bool(node)

    def test_equal_trees_are_one_key(self):
        """Atoms are values: two that say the same are one in a set."""
        assert len({work >= FOUR_FIFTHS, work >= WorkFraction(8, 10)}) == 1


class TestHolds:
    """One atom against one known value, every operator on both sides of its edge."""

    @pytest.mark.parametrize(
        ("atom", "value", "expected"),
        [
            (work < FOUR_FIFTHS, WorkFraction(79, 100), True),
            (work < FOUR_FIFTHS, FOUR_FIFTHS, False),
            (work < FOUR_FIFTHS, WorkFraction(81, 100), False),
            (work <= FOUR_FIFTHS, WorkFraction(79, 100), True),
            (work <= FOUR_FIFTHS, FOUR_FIFTHS, True),
            (work <= FOUR_FIFTHS, WorkFraction(81, 100), False),
            (work >= FOUR_FIFTHS, WorkFraction(79, 100), False),
            (work >= FOUR_FIFTHS, FOUR_FIFTHS, True),
            (work >= FOUR_FIFTHS, WorkFraction(81, 100), True),
            (work <= 2, 2, True),
            (work < 2, 2, False),
            (work >= 2, 1, False),
            (kind.equals("a"), "a", True),
            (kind.equals("a"), "b", False),
            (kind.differs("a"), "a", False),
            (kind.differs("a"), "b", True),
            (kind.differs("b"), "a", True),
            # Equal and not the same object, as a value that was read is.
            (work.equals(HALF), WorkFraction(2, 4), True),
            (work.differs(HALF), WorkFraction(2, 4), False),
            (kind.one_of("a", "b"), "b", True),
            (kind.one_of("a", "b"), "c", False),
            (flag.yes(), True, True),
            (flag.yes(), False, False),
            (flag.no(), True, False),
            (flag.no(), False, True),
        ],
    )
    def test_operator(self, atom, value, expected):
        """The operator means what it says, at the edge too."""
        assert holds(atom, value) is expected


class TestRank:
    """The ladder: all-of is the minimum, any-of the maximum."""

    def test_the_rungs(self):
        """Not met 0, unknown 1, needs a written decision 2, met 3."""
        assert LADDER == (0, 1, 2, 3)

    @pytest.mark.parametrize(("left", "right"), list(product(LADDER, repeat=2)))
    def test_all_of_is_the_lowest(self, left, right):
        """Strong Kleene conjunction with a fourth value between unknown and met."""
        assert verdict(AllOf((Settled(left), Settled(right)))) == min(left, right)

    @pytest.mark.parametrize(("left", "right"), list(product(LADDER, repeat=2)))
    def test_any_of_is_the_highest(self, left, right):
        """Strong Kleene disjunction with a fourth value between unknown and met."""
        assert verdict(AnyOf((Settled(left), Settled(right)))) == max(left, right)

    @pytest.mark.parametrize(("value", "expected"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)])
    def test_an_atom_has_three_values(self, value, expected):
        """True is met, false is not met, not known is unknown."""
        assert rank(flag.yes(), lambda _: value, lambda _: None) == expected

    @pytest.mark.parametrize(("value", "expected"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)])
    def test_an_open_point_has_three_values(self, value, expected):
        """A point of law reads as its answer, and as unknown where there is none."""
        assert rank(Open("C1"), lambda _: None, lambda _: value) == expected

    def test_an_open_point_is_asked_by_name(self):
        """The function for points gets the name of the point."""
        assert verdict(Open("C2"), open_points={"C1": False, "C2": True}) == MET

    def test_a_citation_changes_nothing(self):
        """A cited tree has the verdict of its part."""
        assert verdict(Cited(("P1",), "because", WRITTEN_DECISION)) == NEEDS_DECISION

    @pytest.mark.parametrize(
        ("constant", "expected"), [(NEVER, NOT_MET), (WRITTEN_DECISION, NEEDS_DECISION), (MET_ALWAYS, MET)]
    )
    def test_constants(self, constant, expected):
        """The three settled constants have the verdict that their name says."""
        assert verdict(constant) == expected

    def test_an_unknown_does_not_hide_a_no(self):
        """Not met and unknown together are not met."""
        assert verdict(AllOf((flag.yes(), work >= FOUR_FIFTHS)), {"work": HALF}) == NOT_MET

    def test_an_unknown_does_not_hide_a_yes(self):
        """Met or unknown is met."""
        assert verdict(AnyOf((flag.yes(), work >= FOUR_FIFTHS)), {"work": FOUR_FIFTHS}) == MET

    @pytest.mark.parametrize("node", [Predicate(), "work >= 4/5"])
    def test_a_stranger_is_refused(self, node):
        """What is none of the six kinds of node is no predicate."""
        with pytest.raises(TypeError, match="not a predicate"):
            verdict(node)


class TestKnownIn:
    """Atoms over a mapping of facts."""

    @pytest.mark.parametrize(("facts", "expected"), [({}, None), ({"work": None}, None)])
    def test_absent_and_none_are_not_known(self, facts, expected):
        """A fact that is absent or None answers nothing."""
        assert known_in(facts)(work >= FOUR_FIFTHS) is expected

    @pytest.mark.parametrize(("value", "expected"), [(FOUR_FIFTHS, True), (HALF, False), (WorkFraction(0), False)])
    def test_a_known_fact_answers(self, value, expected):
        """A known fact answers, zero too."""
        assert known_in({"work": value})(work >= FOUR_FIFTHS) is expected

    def test_false_is_known(self):
        """False is an answer and not an absence."""
        assert known_in({"flag": False})(flag.yes()) is False


class TestCollections:
    """What a tree is made of."""

    def test_atoms(self):
        """Every atom, and neither points nor settled verdicts."""
        assert atoms(TREE) == {work >= FOUR_FIFTHS, flag.yes()}

    def test_points(self):
        """Every unsettled point, and nothing else."""
        assert points(AllOf((TREE, MET_ALWAYS))) == {"C1", "C2"}

    def test_citations(self):
        """Every cited part in the order of the law, the outer before the inner."""
        assert [c.provisions for c in citations(AllOf((TREE, MET_ALWAYS)))] == [("P1",), ("P2",), ("P3",)]

    @pytest.mark.parametrize("collect", [atoms, points, citations])
    def test_a_settled_verdict_holds_nothing(self, collect):
        """A constant has no atom, point or citation."""
        assert list(collect(NEVER)) == []

    @pytest.mark.parametrize("collect", [atoms, points, citations])
    @pytest.mark.parametrize("empty", [AllOf(()), AnyOf(())])
    def test_an_empty_node_holds_nothing(self, collect, empty):
        """A node without parts has no atom, point or citation."""
        assert list(collect(empty)) == []


def decided(node, decided_points=(), **facts):
    """The value of the compiled form of a tree, its atoms looked up by their places."""
    places = {atom: place for place, atom in enumerate(sorted(atoms(node), key=repr))}
    truths = [holds(atom, facts[atom.fact]) for atom in places]
    ways = {point: point in decided_points for point in points(node)}
    return sum(at_least(truths, ways, 1) for at_least in compiled(node, places))


ATOMS = (work >= FOUR_FIFTHS, work < FOUR_FIFTHS, work <= HALF, kind.equals("a"), kind.differs("a"))
ATOMS += (kind.one_of("b", "c"), flag.yes(), flag.no(), Atom("flag", "!=", True), Atom("flag", "!=", False))
PARTS = (*ATOMS[:2], flag.yes(), Open("C1"), NEVER, WRITTEN_DECISION, MET_ALWAYS)


UNDECIDED = dict.fromkeys(["C1", "C2"], False)
"""Every open point of these trees, the same way as where none is decided."""


class TestCompiled:
    """The compiled form of a tree says what ``rank`` says with every point open."""

    @pytest.mark.parametrize(
        "atom", ATOMS, ids=lambda a: f"{a.fact}{a.operator}{sorted(a.constant) if a.operator == 'in' else a.constant}"
    )
    @pytest.mark.parametrize("fraction", [WorkFraction(0), HALF, FOUR_FIFTHS, WorkFraction(1)], ids=str)
    @pytest.mark.parametrize(("word", "truth"), [("a", True), ("b", False)])
    def test_an_atom(self, atom, fraction, word, truth):
        """Each operator compiles to the comparison that it is."""
        facts = {"work": fraction, "kind": word, "flag": truth}
        assert decided(atom, **facts) == verdict(atom, facts)

    @pytest.mark.parametrize("node", [AllOf, AnyOf])
    @pytest.mark.parametrize("size", [1, 2, 3])
    def test_a_node_of_parts(self, node, size):
        """Every order of parts of every kind folds to the same verdict, on both sides of each atom."""
        facts = [{"work": w, "flag": f} for w in (HALF, FOUR_FIFTHS) for f in (True, False)]
        wrong = [
            parts
            for parts in product(PARTS, repeat=size)
            for given in facts
            if decided(node(parts), **given) != verdict(node(parts), given, UNDECIDED)
        ]
        assert wrong == []

    @pytest.mark.parametrize("truth", [True, False])
    @pytest.mark.parametrize("fraction", [HALF, FOUR_FIFTHS], ids=str)
    def test_a_nested_tree(self, truth, fraction):
        """A tree with citations inside citations compiles to its verdict."""
        assert decided(TREE, work=fraction, flag=truth) == verdict(TREE, {"work": fraction, "flag": truth})

    @pytest.mark.parametrize("inner", [AllOf, AnyOf])
    @pytest.mark.parametrize("outer", [AllOf, AnyOf])
    def test_nodes_in_nodes(self, outer, inner):
        """An any-of in an all-of, and every other pair, in both positions."""
        facts = [{"work": w, "flag": f} for w in (HALF, FOUR_FIFTHS) for f in (True, False)]
        wrong = [
            node
            for a, b, c in product(PARTS, repeat=3)
            for node in (outer((inner((a, b)), c)), outer((c, inner((a, b)))))
            for given in facts
            if decided(node, **given) != verdict(node, given, UNDECIDED)
        ]
        assert wrong == []

    @pytest.mark.parametrize(("points_decided", "verdict"), [((), NOT_MET), (("C1",), MET)])
    def test_an_open_point_is_decided(self, points_decided, verdict):
        """The compiled form asks which way an open point goes."""
        assert decided(Open("C1"), points_decided) == verdict

    def test_what_can_never_hold_ends_an_all_of(self):
        """After a part that is never met nothing of an all-of is looked at."""
        assert [at((), {}, 1) for at in compiled(AllOf((NEVER, flag.yes())), {flag.yes(): 0})] == [0, 0, 0]

    def test_what_always_holds_ends_an_any_of(self):
        """After a part that is always met nothing of an any-of is looked at."""
        assert [at((), {}, 1) for at in compiled(AnyOf((MET_ALWAYS, flag.yes())), {flag.yes(): 0})] == [1, 1, 1]


PLACES = {flag.yes(): 0, kind.equals("a"): 1}
TRUTHS = [(f, k) for f in (False, True) for k in (False, True)]
"""Two atoms, and every completion of them."""


class TestManyAtOnce:
    """The compiled form answers any number of completions in one pass."""

    def levels(self, node):
        """The level of each completion, with open points undecided."""
        names = tuple(points(node))
        form, bits = compiled(node, PLACES), [columns(TRUTHS)] * len(LEVELS)
        return levels(form, bits, undecided(names, len(TRUTHS)), len(TRUTHS))

    @pytest.mark.parametrize("inner", [Open("C1"), WRITTEN_DECISION, NEVER, MET_ALWAYS], ids=repr)
    @pytest.mark.parametrize("outer", [AllOf, AnyOf])
    def test_each_as_it_is_alone(self, inner, outer):
        """Together they come to what each comes to alone, with what is not settled as unknown."""
        node = outer((flag.yes(), AnyOf((kind.equals("a"), inner)), inner))
        facts = [{"flag": f, "kind": "a" if k else "b"} for f, k in TRUTHS]
        assert self.levels(node) == [verdict(node, given) for given in facts]

    @pytest.mark.parametrize("given", [1, 2, 4])
    def test_every_level_has_its_bits(self, given):
        """Bits for fewer levels, or more, than a tree has are refused and not cut to what fits."""
        form, bits = compiled(flag.yes(), PLACES), [columns(TRUTHS)] * given
        with pytest.raises(ValueError, match=r"is (shorter|longer) than argument"):
            levels(form, bits, undecided((), len(TRUTHS)), len(TRUTHS))

    def test_columns(self):
        """Of each atom the bits of the completions in which it holds, the first completion in the lowest."""
        assert columns(TRUTHS) == [0b1100, 0b1010]

    def test_columns_apart(self):
        """So many bits apart, where others stand between."""
        assert columns([(True,), (True,)], 3) == [0b1001]

    @pytest.mark.parametrize("step", [1, 2, 3])
    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
    def test_columns_leave_nobody_out(self, count, step):
        """However many completions there are, and however far apart, each has its bit."""
        assert columns([(True,)] * count, step) == [sum(2 ** (n * step) for n in range(count))]
