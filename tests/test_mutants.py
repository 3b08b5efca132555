"""Mutants of the law: rows dropped, moved by a day or changed, trees changed in one node; the vectors notice each.

``flexirules verify --mutants`` goes through all; here are the small tables, the first trees, and the ways to fail.
"""

from datetime import date, timedelta

import attrs
import pytest

from flexirules.__main__ import main
from flexirules.fraction import WorkFraction
from flexirules.law.ruleset import current
from flexirules.predicate import Atom, Cited, Fact
from flexirules.testing import mutants, strength
from flexirules.testing.mutants import Mutant, of_rows, of_trees
from flexirules.testing.strength import Asked

pytestmark = pytest.mark.slow

LAW = current()
SMALL = ("counting", "exemption", "age_practice", "ties", "turns")


@pytest.fixture(scope="module")
def asked():
    """The vectors, each with what the law says."""
    return Asked(LAW)


def unnoticed(asked, found):
    """The mutants that nobody notices and that are not proven to say what the law says."""
    return [m.name for m in found if not asked.notices(m) and not asked.proven_same(m)]


@pytest.mark.parametrize("table", SMALL)
def test_rows(asked, table):
    """Every mutant of a row of the small tables is noticed, or proven to change nothing."""
    mine = [m for m in of_rows(LAW) if m.name.startswith(f"{table} ")]
    assert unnoticed(asked, mine) == []
    assert len(mine) >= 5


@pytest.mark.parametrize("era", ["2015-12-01", "2022-05-07"])
def test_trees(asked, era):
    """Every mutant of a tree of these eras is noticed, or proven to change nothing."""
    mine = [found.mutant for found in of_trees(LAW) if found.mutant.name.startswith(era)]
    assert unnoticed(asked, mine) == []
    assert len(mine) >= 40


def one(name):
    """The one mutant of a row that is called so."""
    [found] = [m for m in of_rows(LAW) if m.name == name]
    return found


class TestNoticed:
    """What a vector sees."""

    @pytest.mark.parametrize(
        "name",
        [
            "sectors S-302 from 2015-12-01 dropped",
            "sectors S-118-fund from 2018-01-01 bakery_fund=False",
            "sectors S-143-shore from 2025-01-01 activity=",
            "sectors D-322 from 2026-07-01 dropped",
            "sectors S-EVENT from 2024-01-01 ended a day later",
            "nace SPORT_CULTURE 931 from 2024-01-01 dropped",
        ],
    )
    def test_rows_of_lists(self, asked, name):
        """A row of the lists that is not there, asks for less, or holds for a day too long."""
        assert asked.notices(one(name))

    def test_without_its_vectors_it_is_not(self):
        """Where no vector asks for a row its mutant survives."""
        weak = Asked(LAW)
        weak.by_day.clear()
        dropped = one("sectors S-302 from 2015-12-01 dropped")
        assert (weak.notices(dropped), weak.proven_same(dropped)) == (False, False)

    def test_a_law_in_which_nothing_can_be_said(self, asked, monkeypatch):
        """A mutant under which a case cannot be settled any more is noticed."""

        def unsettled(*_):
            raise ValueError

        monkeypatch.setattr(strength, "settle", unsettled)
        assert asked.notices(Mutant("any", (date(2018, 1, 1),), LAW.on))

    def test_a_tree_is_changed_for_the_default_readings(self, asked):
        """Cases with a reading of their own are not asked about a mutant of a tree."""
        same = Mutant("any", (date(2025, 10, 1),), lambda day, _: LAW.on(day), same_law=True)
        assert not asked.notices(same)


class TestProvenSame:
    """What is proven to say what the law says."""

    @pytest.mark.parametrize(
        ("name", "same"),
        [
            ("sectors S-322-v1 from 2015-12-01 dropped", True),
            ("sectors S-302 from 2015-12-01 dropped", False),
            ("counting student dropped", True),
            ("counting employee dropped", False),
            ("exemption 0 from 2018-01-01 dropped", False),
            ("ties agency-user from 2022-05-07 dropped", False),
            ("ties own-employer span=begun", False),
            ("nace CARE 86101 from 2023-01-01 nace=8610", False),
        ],
    )
    def test_rows(self, asked, name, same):
        """A row that decides nothing can be left out; one that decides cannot."""
        assert asked.proven_same(one(name)) is same

    def test_a_law_that_asks_for_more_facts(self):
        """Where the trees ask for other facts nothing is proven by comparing cells: T-4 was first asked for in 2024."""
        assert not mutants.same(LAW.on(date(2023, 12, 31)), LAW.on(date(2024, 1, 1)))

    def test_a_law_in_which_a_tree_asks_for_more(self):
        """The same where all that is listed is the same."""
        era, other = LAW.on(date(2023, 4, 23)), attrs.evolve(LAW).on(date(2023, 4, 23))
        first, *rest = other.employment
        other.__dict__["employment"] = (attrs.evolve(first, part=Fact("volume_t4") >= WorkFraction(1)), *rest)
        assert not mutants.same(era, other)

    def test_a_tree_that_is_stricter(self, asked):
        """A tree that comes to another verdict on one cell is not the same."""
        turned = next(f.mutant for f in of_trees(LAW) if f.mutant.name.endswith("belgian_work >= 4/5 turned"))
        assert not asked.proven_same(turned)

    def test_a_tree_that_is_as_strict(self, asked):
        """A tree that differs and comes to the same on every cell."""
        [mine] = [
            f.mutant for f in of_trees(LAW) if f.mutant.name == "2015-12-01 papers declaration-ahead: part 1 left out"
        ]
        assert asked.proven_same(mine)


class TestNodes:
    """In how many ways a node is changed."""

    @pytest.mark.parametrize(
        ("atom", "number"),
        [
            (Fact("a") >= WorkFraction(4, 5), 4),
            (Fact("a") < WorkFraction(4, 5), 4),
            (Fact("a") <= 1, 2),
            (Fact("a").equals("x"), 1),
            (Fact("a").differs("x"), 1),
            (Fact("a").yes(), 1),
            (Fact("a").one_of("x", "y"), 2),
        ],
        ids=lambda given: (
            f"{given.fact}{given.operator}{mutants._shown(given.constant)}" if isinstance(given, Atom) else None
        ),
    )
    def test_an_atom(self, atom, number):
        """Turned, strictly or loosely, and against neighbouring constants: each another comparison."""
        found = [changed for _, changed in mutants._atoms(atom)]
        assert (len(found), atom in found, len(set(found))) == (number, False, number)

    def test_a_way_within_a_way(self):
        """What cites a provision is changed in what it asks for, and cites it still."""
        flag = Fact("a")
        found = list(mutants._nodes(Cited(("L2015-4-1",), "any", flag.yes())))
        assert [(change, node.provisions) for change, node in found] == [
            (change, ("L2015-4-1",)) for change, _ in mutants._nodes(flag.yes())
        ]

    def test_near(self):
        """A hundredth below and above a mark."""
        found = {a.constant for _, a in mutants._atoms(Fact("a") >= WorkFraction(1)) if isinstance(a, Atom)}
        assert found == {WorkFraction(1), WorkFraction(99, 100), WorkFraction(101, 100)}


class TestScore:
    """``flexirules verify --mutants``."""

    @pytest.fixture
    def three(self, monkeypatch):
        """One mutant that is noticed, one that says what the law says, and one on a day without a vector."""
        later = date(2026, 7, 1) + timedelta(40)
        dropped = one("sectors S-302 from 2015-12-01 dropped")
        lost = attrs.evolve(LAW, sectors=())
        few = [dropped, one("counting student dropped"), Mutant("all sectors lost", (later,), lost.on)]
        monkeypatch.setattr(strength, "mutants", lambda _: few)

    def test_one_that_nobody_notices(self, three, monkeypatch):
        """What no vector notices and is not proven the same is a survivor."""
        monkeypatch.setattr(Asked, "notices", lambda *_: False)
        assert strength.strength(LAW).survived == ("all sectors lost", "sectors S-302 from 2015-12-01 dropped")

    def test_a_share(self, three):
        """One of two processes takes the second mutant, and none that the other takes."""
        assert strength._share(LAW, 1, 2) == (0, ("counting student dropped",), ())

    def test_counted(self, three):
        """Each is counted as what it is."""
        assert strength.strength(LAW) == (1, ("counting student dropped",), ("all sectors lost",))

    def test_shared_among_processes(self, monkeypatch):
        """With two processes each takes every second mutant."""
        monkeypatch.setattr(strength, "_share", _counted)
        assert strength.strength(LAW, processes=2) == (2, ("0 of 2", "1 of 2"), ())

    @pytest.mark.parametrize(("survived", "status"), [((), 0), (("a row",), 1)])
    def test_printed(self, monkeypatch, capsys, survived, status):
        """The score is printed with the name of each survivor, and one survivor fails."""
        found = strength.Strength(3, ("same",), survived)
        monkeypatch.setattr(strength, "strength", lambda _law, processes: found)
        assert main(["verify", "--mutants"]) == status
        lines = [f"   SURVIVED {name}" for name in survived]
        score = f"3 of {3 + status} mutants noticed; 1 more are proven to say what the law says"
        assert capsys.readouterr().out.splitlines() == [*lines, score]

    def test_all(self):
        """Rows and trees are among the mutants."""
        names = [m.name for m in strength.mutants(LAW)]
        assert len(names) == len(set(names)) or len(names) > 2000
        assert {name.split()[0] for name in names} >= {*mutants.TABLES, "2015-12-01", "2026-07-01"}


def _counted(_law, remainder, divisor):
    """A share that tells which one it is."""
    return strength.Strength(1, (f"{remainder} of {divisor}",), ())
