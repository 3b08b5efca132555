"""Why and why not: exact over the cells of three eras against brute force, and hitting sets of each other."""

import json
from datetime import date
from functools import cache
from importlib import import_module
from itertools import combinations, product

import attrs
import pytest
from floors import holds
from hypothesis import strategies as st

from flexirules import (
    Agency,
    Case,
    Employer,
    Engagement,
    Function,
    Nace,
    Outcome,
    Quarter,
    Sector,
    Verdict,
    Worker,
    evaluate,
)
from flexirules.__main__ import main
from flexirules.approval import Approval
from flexirules.case import Declaration, Employment, Formalities, Pension
from flexirules.explain import _REMEDY, MOST_SETS, NAMES, Every, Ground, Some, Way
from flexirules.explain.parts import PATHS
from flexirules.explain.sets import boxes, hitting, smallest, smallest_changes
from flexirules.fraction import WorkFraction
from flexirules.law import scope
from flexirules.law.ruleset import current
from flexirules.predicate import MET, NOT_MET, UNKNOWN, known_in, rank
from flexirules.proof.groups import link_group, ordinary, papers_group, start_of, work_group
from flexirules.testing.strategies import cases, partial_cases
from flexirules.texts import FACTS, REMEDIES

ERAS = (date(2016, 1, 1), date(2024, 1, 1), date(2026, 7, 1))
VERDICTS = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NEEDS_DECISION, Verdict.MET)
MARKS = (WorkFraction(79, 100), WorkFraction(4, 5), WorkFraction(1))
"""Just below four fifths, on it, and full-time: sums of work of which one is part of the other."""


def named(leaf):
    """The facts of a leaf, each by its name."""
    return {leaf.fact} if isinstance(leaf, Ground) else {change.fact for change in leaf.changes}


def sets_of(answer, facts):
    """The smallest sets of an answer, as far as they are about some facts."""
    return {frozenset(name for leaf in found for name in named(leaf) if name in facts) for found in answer.sets()}


def levels_of(group, facts):
    """The levels to which a cell can come, each way of deciding the open points by itself: the trees, folded."""
    found = set()
    points = group.points()
    known = known_in(facts)
    for decided in product((False, True), repeat=len(points)):
        point = dict(zip(points, decided, strict=True)).__getitem__
        verdicts = []
        for ways in group.ways.values():
            level = max(rank(way, known, point) for way in ways)
            verdicts.append({NOT_MET: MET, MET: NOT_MET}.get(level, level) if group.bars else level)
        found.add(min(verdicts))
    return frozenset(found)


def cells_of(group):
    """Every cell of a group: its facts and the levels to which it can come."""
    domains = group.facts()
    domains |= {name: MARKS for name in ("belgian_work", "counted_work", "volume_t3") if name in domains}
    truths = {}
    atoms = sorted(group.atoms(), key=repr)
    for values in product(*domains.values()):
        facts = dict(zip(domains, values, strict=True))
        if group.feasible(facts):
            known = known_in(facts)
            key = tuple(known(atom) for atom in atoms)
            if key not in truths:
                truths[key] = levels_of(group, facts)
            yield {name: value for name, value in facts.items() if name != "no_decision"}, facts, truths[key]


class Brute:
    """All cells of a group as bits, and the smallest sets by going through every set of facts."""

    def __init__(self, rows):
        self.rows = rows
        self.facts = tuple(rows[0][0])
        self.sets = [chosen for size in range(len(self.facts) + 1) for chosen in combinations(self.facts, size)]
        self.apart = {chosen: tuple(name for name in self.facts if name not in chosen) for chosen in self.sets}
        self.at = {}
        self.by_levels = {}
        for position, (told, levels) in enumerate(rows):
            self.by_levels[levels] = self.by_levels.get(levels, 0) | 1 << position
            for name, value in told.items():
                self.at[name, value] = self.at.get((name, value), 0) | 1 << position

    def against(self, keeps):
        """The cells that can come to another level."""
        return sum(1 << position for position, (_, levels) in enumerate(self.rows) if not levels <= set(keeps))

    def agreeing(self, told):
        """The cells that agree with one in each set of facts."""
        found = {(): (1 << len(self.rows)) - 1}
        for chosen in self.sets[1:]:
            found[chosen] = found[chosen[:-1]] & self.at[chosen[-1], told[chosen[-1]]]
        return found

    def why(self, agreeing, against):
        """The smallest sets of facts with which no cell that agrees is against: each that holds no smaller one."""
        return self._smallest(chosen for chosen in self.sets if not agreeing[chosen] & against)

    def why_not(self, agreeing, against):
        """The smallest sets of facts by which alone some cell differs that is against, and the verdicts of those."""
        found = self._smallest(chosen for chosen in self.sets if agreeing[self.apart[chosen]] & against)
        return {facts: self._verdicts(agreeing[self.apart[chosen]] & against) for facts, chosen in found.items()}

    def _smallest(self, sets):
        found = {}
        for chosen in sets:
            facts = frozenset(chosen)
            if not any(known <= facts for known in found):
                found[facts] = chosen
        return found

    def _verdicts(self, cells):
        reached = (levels for levels, mine in self.by_levels.items() if mine & cells)
        return {VERDICTS[min(levels)] if len(levels) == 1 else Verdict.UNKNOWN for levels in reached}


def check(brute, told, decision, against):
    """One decision has exactly the smallest sets that brute force finds, with the verdicts to which changes lead."""
    agreeing = brute.agreeing(told)
    assert sets_of(decision.why(), told) == {*brute.why(agreeing, against)}
    found = {}
    for ways in decision.what_would_change().sets():
        for way in ways:
            if named(way) <= set(told):
                found.setdefault(frozenset(named(way)), set()).add(way.verdict)
    assert found == brute.why_not(agreeing, against)


@pytest.mark.slow
class TestAgainstBruteForce:
    """Every cell of the eras of 2016, 2024 and July 2026."""

    @pytest.mark.parametrize("day", ERAS)
    @pytest.mark.parametrize("name", ["work", "link", "link of an agency", "papers"])
    def test_every_cell_of_the_trees(self, day, name):
        """The smallest sets are those that going through every set of facts finds."""
        era = current().on(day)
        group = {
            "work": work_group,
            "link": lambda era: link_group(era, via_agency=False),
            "link of an agency": lambda era: link_group(era, via_agency=True),
            "papers": papers_group,
        }[name](era)
        if name == "papers":
            # An agency stands between or not for the whole case; a case before the law lies in another era.
            group = group._replace(feasible=lambda facts: not (facts["filing"] == "ahead" and facts["blocked"]))
        found = [row for row in cells_of(group) if name != "papers" or row[0]["agreement"] != "agency"]
        brute = Brute([(told, levels) for told, _, levels in found])
        against = {level: brute.against((level,)) for level in (0, 2, 3)}
        seen = dict.fromkeys((0, 1, 2, 3), 0)
        for told, facts, levels in found:
            if not facts.get("in_force", True):
                continue
            level = min(levels) if len(levels) == 1 else UNKNOWN
            seen[level] += 1
            decision = evaluate(group.case(facts, era))
            if level == UNKNOWN:
                assert decision.why().tree is None
                assert decision.what_would_change().tree is None
            else:
                check(brute, told, decision, against[level])
        assert seen[0] > 0
        assert seen[3] > 0

    @pytest.mark.parametrize("day", ERAS)
    def test_sector_and_function(self, day):
        """Of employers and activities too, against evaluate() on every combination of what a case can say of them."""
        era = current().on(day)
        base = ordinary(era, start_of(era))
        tests = scope.tests(era.rows, era)
        codes = {scope.lists_of(code, era): code for code in ("00000", *(row.nace.ljust(5, "0") for row in era.nace))}
        # Of a parent committee a case has to say which part; here it is one that no row names.
        committees = [f"{c}.99" if scope.children(c, era) else c for c in scope.committees(era)]
        domains = {
            "joint_committee": committees,
            "public": (False, True),
            "main_activity": tuple(codes.values()),
            "authority": tests.authorities,
            "bakery_fund": tests.funds,
            "activity": tests.activities,
        }

        @cache
        def decided(*values):
            committee, public, code, authority, fund, activity = values
            nace = Nace(code, "2008")
            sector = Sector(joint_committee=committee, public=public, nace=nace, authority=authority, bakery_fund=fund)
            return evaluate(attrs.evolve(base, employer=Employer("cafe", sector), function=Function(activity)))

        outcomes = {Outcome.NOT_ELIGIBLE: {0}, Outcome.UNDETERMINED: {0, 3}, Outcome.ELIGIBLE: {3}}
        rows = [
            (dict(zip(domains, values, strict=True)), frozenset(outcomes[decided(*values).outcome]))
            for values in product(*domains.values())
        ]
        brute = Brute(rows)
        against = {level: brute.against((level,)) for level in (0, 3)}
        asked = [row for row in rows if len(row[1]) == 1]
        for told, levels in asked[:: max(1, len(asked) // 150)]:
            level = min(levels)
            decision = decided(*told.values())
            agreeing = brute.agreeing(told)
            assert sets_of(decision.why(), told) == {*brute.why(agreeing, against[level])}
            changes = sets_of(decision.what_would_change(), told) - {frozenset()}
            assert changes == {*brute.why_not(agreeing, against[level])}


class TestDuality:
    """The two kinds of smallest sets."""

    @pytest.mark.slow
    def test_each_hits_the_other(self):
        """Of drawn cases the sets that force and the changes are the smallest hitting sets of each other."""

        def check(case):
            decision = evaluate(case)
            forcing, changing = facts(decision.why()), facts(decision.what_would_change())
            assert len(decision.why().sets()) < MOST_SETS
            assert len(decision.what_would_change().sets()) < MOST_SETS
            names = sorted(frozenset().union(*forcing, *changing))
            bits = {name: 1 << place for place, name in enumerate(names)}
            forces, changes = ({sum(map(bits.get, each)) for each in found} for found in (forcing, changing))
            assert set(hitting(forces)) == changes
            assert set(hitting(changes)) == forces
            return decision.outcome

        def facts(answer):
            return {
                frozenset(
                    name
                    for leaf in found
                    for name in ([f"{leaf.path} {leaf.fact}"] if isinstance(leaf, Ground) else leaf.facts)
                )
                for found in answer.sets()
            }

        settled = cases().filter(lambda case: evaluate(case).why().tree is not None)
        holds(check, settled, floors={Outcome.ELIGIBLE: 20, Outcome.NOT_ELIGIBLE: 20}, number=200)

    def test_hitting_sets(self):
        """Of no set the empty one alone; of an empty set none; of two that share nothing every pair."""
        assert hitting(()) == (0,)
        assert hitting((0,)) == ()
        assert hitting((0b0011, 0b1100)) == (0b0101, 0b0110, 0b1001, 0b1010)
        assert hitting((0b011, 0b110)) == (0b010, 0b101)

    def test_smallest(self):
        """What holds another is left out, the smallest come first."""
        assert smallest((0b111, 0b011, 0b100, 0b011)) == (0b100, 0b011)

    def test_changes(self):
        """A cell against the answer that differs in two facts asks for both, if none differs in one of them."""
        assert smallest_changes([0b0001, 0b0011], 0b0100) == (0b11,)
        assert smallest_changes([0b0001, 0b0011], 0b0110) == (0b01,)
        assert smallest_changes([0b0001], 0b0000) == ()
        assert smallest_changes([0b0011], 0b0010) == (0,)

    def test_boxes(self):
        """Combinations become few boxes that hold these and no other."""
        points = {(1, "a"), (2, "a"), (1, "b"), (2, "b"), (3, "b")}
        found = boxes(sorted(points))
        assert {point for box in found for point in product(*box)} == points
        assert len(found) == 2
        assert boxes(()) == ()


class TestSettled:
    """An answer has an explanation exactly when it is settled."""

    @pytest.mark.slow
    def test_whole_cases(self):
        """Of a whole case a refusal and an approval are always explained."""

        def check(case):
            decision = evaluate(case)
            forced = decision.why().tree is not None
            assert forced == (decision.what_would_change().tree is not None)
            assert forced or decision.outcome in (Outcome.UNDETERMINED, Outcome.CLARIFICATION_REQUIRED)
            return decision.outcome, forced

        floors = {(Outcome.ELIGIBLE, True): 40, (Outcome.NOT_ELIGIBLE, True): 40, (Outcome.UNDETERMINED, False): 15}
        holds(check, cases(), floors=floors, number=300)

    @pytest.mark.slow
    def test_partial_cases(self):
        """Of a case known in part a settled answer is explained from what is known; else the missing facts are told."""

        def check(case):
            decision = evaluate(case)
            why = decision.why()
            if why.tree is None:
                assert why.missing == tuple(m.path for m in decision.missing)
            else:
                assert decision.missing == ()
            return why.tree is not None

        holds(check, partial_cases(), floors={True: 40, False: 40}, number=300)

    @pytest.mark.slow
    def test_a_refusal_stands_on_its_facts(self):
        """With nothing but what one set for a refusal names of the worker and the employer, it is refused still."""

        def check(case, pick):
            decision = evaluate(case)
            sets = decision.why().sets()
            chosen = {ground.path.split(".")[1].split("[")[0] for ground in sets[pick % len(sets)]}
            left = {"worker", "employer", "function", "engagements", "approvals", "formalities"} - chosen - {"start"}
            # Who the employer is and how far a case goes through an agency stand with the links and the work.
            if {"worker", "engagements"} & chosen:
                left -= {"employer"}
            bare = attrs.evolve(case, **dict.fromkeys(left))
            assert evaluate(bare).outcome is Outcome.NOT_ELIGIBLE
            return len(left)

        refused = cases(Outcome.NOT_ELIGIBLE)
        holds(check, refused, st.integers(0, 5), floors={5: 20}, number=200)


DAY = date(2026, 10, 1)
T = Quarter(2026, 4)


def abroad(**changes):
    """The seed's expat, back from work under the OSS, before any decision."""
    jobs = tuple(
        Employment(quarter=T - back, employer="acme", fraction="1", status="employee", scheme="overseas")
        for back in (3, 4, 5)
    )
    made = Case(
        quarter=T,
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer("cafe", Sector(joint_committee="302")),
        function=Function("ordinary"),
        engagements=(),
        approvals=(),
    )
    return attrs.evolve(made, **changes)


class TestCommand:
    """``flexirules why``."""

    def test_a_refusal(self, tmp_path, capsys):
        """Every ground with its paragraph, every change with what somebody can still do."""
        link = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2020, 1, 1))
        path = tmp_path / "case.json"
        path.write_text(Case(quarter=T, employer=Employer("cafe"), engagements=(link,)).to_json(), encoding="utf-8")
        assert main(["why", str(path)]) == 0
        employer, contracts = "the flexi-job employer", "employment contract, occasional work, statutory appointment"
        assert capsys.readouterr().out.splitlines() == [
            "2026Q4: Not eligible",
            "",
            "Why",
            "   All of these:",
            f"      - with whom this link is: {employer} (stands with: {employer}) [L2015-4-1-a]",
            f"      - contract: employment contract (stands with: {contracts}, student contract) [L2015-4-1-a]",
            "      - contract begun by the first flexi day: yes (stands with: yes) [L2015-4-1-a]",
            "",
            "What would change it",
            "   Any one of these:",
            f"      - with whom this link is: {employer} -> an affiliated undertaking, anybody else [L2015-4-1-a]",
            "        Then: met",
            "        Still open: another flexi-job employer.",
            "      - contract: employment contract -> flexi-job [L2015-4-1-a]",
            "        Then: met",
            "      - contract begun by the first flexi day: yes -> no [L2015-4-1-a]",
            "        Then: met",
            "        Still open: begin in a later quarter.",
        ]

    def test_nothing_forces_it(self, tmp_path, capsys):
        """What is missing is told where nothing forces the answer."""
        path = tmp_path / "case.json"
        path.write_text(abroad(approvals=None).to_json(), encoding="utf-8")
        assert main(["why", str(path)]) == 0
        said = capsys.readouterr().out
        assert "Nothing forces this" in said
        assert "$.approvals (NSSO)" in said

    def test_json(self, tmp_path, capsys):
        """Both trees as JSON, under a reading."""
        path = tmp_path / "case.json"
        path.write_text(abroad().to_json(), encoding="utf-8")
        assert main(["why", "--json", "--reading", "notice_employer=flexi", str(path)]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["why"]["outcome"] == "clarification_required"
        assert [*said["why_not"]["changed_by"]] == ["any_of"]

    @pytest.mark.parametrize(("filed_on", "remedy"), [(date(2026, 8, 30), "file-again"), (date(2026, 10, 2), "")])
    def test_filed_on_the_wrong_day(self, filed_on, remedy):
        """A declaration that was filed too early can be filed again; for one that was filed too late that is over."""
        filed = Formalities(framework_agreement=True, declaration=Declaration(filed_on=filed_on, result="A"))
        found = evaluate(abroad(formalities=filed)).what_would_change()
        ways = [way for ways in found.sets() for way in ways if way.changes[0].fact == "filing"]
        assert {way.changes[0].remedy for way in ways} == {remedy}

    def test_every_fact_and_remedy_has_a_text(self):
        """What an explanation can name is in the table of names, and nothing else is."""
        assert {*FACTS} == {NAMES.get(fact, fact) for fact in PATHS} | {"status"}
        assert {*REMEDIES} == {"ask-oss", "file-again", *_REMEDY.values()}


class TestSectorAndFunction:
    """What a case tells of employer and activity."""

    @pytest.mark.parametrize(
        ("sector", "expected"),
        [
            (
                Sector(public=True, nace=Nace("85201", "2008"), authority="french"),
                {"joint_committee": "none", "main_activity": "85201", "authority": "french", "activity": "ordinary"},
            ),
            (
                Sector(joint_committee="118.05", nace=Nace("10711", "2008"), bakery_fund=False),
                {"joint_committee": "118.05", "main_activity": "10711", "bakery_fund": "false", "activity": "ordinary"},
            ),
        ],
    )
    def test_a_refusal(self, sector, expected):
        """A sector off the list is refused on what the rows of its committee ask for, and on nothing else."""
        case = Case(quarter=Quarter(2024, 3), employer=Employer("x", sector), function=Function("ordinary"))
        decision = evaluate(case)
        assert decision.outcome is Outcome.NOT_ELIGIBLE
        assert [{ground.fact: ground.found for ground in grounds} for grounds in decision.why().sets()] == [expected]


class TestWords:
    """What is told of each fact."""

    def test_the_expat(self):
        """To the expat it is told that a written decision would do, and that asking for it is still open."""
        ways = [way for (way,) in evaluate(abroad()).what_would_change().sets() if way.open_to_act]
        (asked,) = [way for way in ways if way.changes[0].fact == "decision"]
        assert asked.verdict is Verdict.MET
        assert asked.facts == {"$.approvals decision"}
        assert attrs.asdict(asked.changes[0]) == {
            "fact": "decision",
            "path": "$.approvals",
            "found": "none",
            "to": ("granted",),
            "provisions": ("OSS-approval", "L2015-4-1-last"),
            "remedy": "ask-oss",
        }

    def test_two_facts_alone(self):
        """A half-time contract with the flexi-job employer bars by three facts of that link and no other."""
        link = Engagement(employer="cafe", kind="employment", fraction="1/2", from_=date(2020, 1, 1))
        (grounds,) = evaluate(Case(quarter=T, employer=Employer("cafe"), engagements=(link,))).why().sets()
        assert [(g.fact, g.path, g.found) for g in grounds] == [
            ("place", "$.engagements[0].employer", "employer"),
            ("kind", "$.engagements[0].kind", "employment"),
            ("begun", "$.engagements[0].from", "true"),
        ]
        assert {g.provisions for g in grounds} == {("L2015-4-1-a",)}
        assert grounds[1].required == ("employment", "occasional", "statutory", "student")

    def test_a_fall_from_full_time(self):
        """Numbers are told as what the law compares them to."""
        jobs = tuple(
            Employment(quarter=T - back, employer="mill", fraction=part, status="employee")
            for back, part in ((3, "4/5"), (4, "1"), (5, "1"))
        )
        decision = evaluate(abroad(worker=Worker(employments=jobs, pension=Pension(kind="none"))))
        required = {ground.fact: (ground.found, ground.required) for ground in decision.why().sets()[0]}
        assert required["volume_t3"] == ("4/5", (">= 4/5 and < 1",))
        assert required["volume_t4"] == ("1", (">= 1",))
        later = {c.fact for (way,) in decision.what_would_change().sets() for c in way.changes if c.remedy == "later"}
        assert later == {"volume_t3", "volume_t4"}

    def test_exactly_four_fifths(self):
        """By the reading that takes four fifths exactly, a fall to that very size bars and no other."""
        jobs = tuple(
            Employment(quarter=T - back, employer="mill", fraction=part, status="employee")
            for back, part in ((3, "4/5"), (4, "1"), (5, "1"))
        )
        case = abroad(worker=Worker(employments=jobs, pension=Pension(kind="none")))
        (grounds,) = evaluate(case, readings={"reduction_band": "exact"}).why().sets()[:1]
        assert next(g.required for g in grounds if g.fact == "volume_t3") == ("== 4/5",)

    def test_an_age(self):
        """By the practice on age, an age is told as from which birthday on it holds."""
        worker = Worker(employments=(), birth_date=date(1950, 1, 1), pension=Pension(kind="none"))
        case = abroad(quarter=Quarter(2025, 1), worker=worker)
        (grounds,) = evaluate(case, readings={"age_shortcut": "practice"}).why().sets()[:1]
        assert next((g.found, g.required) for g in grounds if g.fact == "age") == ("75", (">= 66",))

    def test_a_committee_not_on_the_list(self):
        """Other committees would do, each that the rows match alike, and the rows that admit them are cited."""
        garage = abroad(quarter=Quarter(2023, 3), employer=Employer("cafe", Sector(joint_committee="112")))
        (ways,) = evaluate(garage).what_would_change().sets()[:1]
        (change,) = ways[0].changes
        assert {"302", "119", "330"} <= set(change.to)
        assert "112" not in change.to
        assert {"L2015-2-1-302", "L2015-2-1-330"} <= set(change.provisions)
        assert change.remedy == "another-employer"

    def test_a_decree_that_takes_a_committee_out(self):
        """Lifeguards are admitted anywhere; other work of a committee that a decree took out cites the decree."""
        t = Quarter(2024, 3)
        farm = Employer("farm", Sector(joint_committee="144"))
        letters = (Approval(quarter=t, granted=True),)
        guard = abroad(quarter=t, employer=farm, function=Function("lifeguard_certified"), approvals=letters)
        ways = [way for (way,) in evaluate(guard).what_would_change().sets()]
        changes = [way.changes[0] for way in ways if way.verdict is Verdict.NOT_MET]
        (other_work,) = [change for change in changes if change.fact == "activity" and "ordinary" in change.to]
        assert "RD2024-04-18-144" in other_work.provisions

    def test_an_activity_of_which_no_row_speaks_yet(self):
        """An activity that no row of the day names is like ordinary work."""
        letters = (Approval(quarter=Quarter(2016, 1), granted=True),)
        early = abroad(quarter=Quarter(2016, 1), function=Function("lifeguard_certified"), approvals=letters)
        told = {leaf.fact: leaf for leaf in evaluate(early).why().sets()[0]}
        assert "joint_committee" in told
        assert "activity" not in told

    def test_no_pension_has_no_first_day(self):
        """Where there is no pension, when it began is no ground; a pension at all would be the change."""
        facts = {name for found in evaluate(abroad()).why().sets() for leaf in found for name in named(leaf)}
        assert "pension_kind" in facts
        assert not {"pension_timing", "pension_register"} & facts

    def test_known_in_part(self):
        """Of two letters whose dates are not known, what they may come to together is told."""
        letters = tuple(Approval(quarter=T, granted=answer) for answer in (True, False))
        belgian = Employment(quarter=T - 3, employer="mill", fraction="1", status="employee")
        case = abroad(approvals=letters, worker=Worker(employments=(belgian,), pension=Pension(kind="none")))
        decision = evaluate(case)
        assert decision.outcome is Outcome.ELIGIBLE
        assert "decision" not in {name for found in decision.why().sets() for leaf in found for name in named(leaf)}

    def test_someone_without_a_name(self):
        """A refusal that stands whoever the employer is, is explained without saying who."""
        short = Worker(employments=(), pension=Pension(kind="none"))
        decision = evaluate(abroad(worker=short, employer=Employer(None, Sector(joint_committee="302"))))
        assert decision.outcome is Outcome.NOT_ELIGIBLE
        facts = [sorted(name for leaf in found for name in named(leaf)) for found in decision.why().sets()]
        assert facts[0] == ["accepted", "counted_work", "decision", "pension_kind"]

    @pytest.mark.slow
    def test_too_much_open(self):
        """Where more is open than is gone through, an answer that is settled elsewhere has no explanation here."""
        jobs = tuple(Employment(quarter=T - 3, fraction=f"{n}/100") for n in range(1, 20))
        dutch = Worker(employments=jobs, habitual_legislation="dutch")
        assert evaluate(abroad(worker=dutch)).why().tree is None
        many = tuple(Engagement(employer=f"mill-{n}") for n in range(20))
        nobody = abroad(
            worker=Worker(habitual_legislation="dutch"), employer=None, agency=Agency(None), engagements=many
        )
        assert evaluate(nobody).why().tree is None

    @pytest.mark.slow
    def test_many_links(self):
        """Of forty links that bar nothing there are more combinations of grounds than stars: the smallest come."""
        links = tuple(Engagement(employer=f"mill-{n}", kind="flexi_job", affiliated=False) for n in range(40))
        decision = evaluate(abroad(engagements=links, approvals=(Approval(quarter=T, granted=True),)))
        assert decision.outcome is Outcome.ELIGIBLE
        sets = decision.why().sets()
        sizes = [len(found) for found in sets]
        assert len(sets) == 1000
        assert sizes == sorted(sizes)
        assert len(decision.why().sets(most=1)) == 1
        assert sizes[0] == len(decision.why().sets(most=1)[0])

    def test_too_many_places(self, monkeypatch):
        """Nor where more employers may be meant than are gone through."""
        monkeypatch.setattr(import_module("flexirules.settle.scope"), "MOST_PLACES", 0)
        dutch = Worker(habitual_legislation="dutch")
        assert evaluate(abroad(worker=dutch), law=attrs.evolve(current())).why().tree is None

    def test_documents(self):
        """The trees as plain values: all of, any of, grounds with what was found and required, ways with changes."""
        decision = evaluate(Case(quarter=T, worker=Worker(habitual_legislation="dutch")))
        ground = {
            "fact": "legislation",
            "path": "$.worker.habitual_legislation",
            "found": "dutch",
            "required": ["other"],
            "provisions": ["EU883-13"],
        }
        assert decision.why().to_document() == {
            "outcome": "not_eligible",
            "forced_by": {"any_of": [{"any_of": [{"all_of": [ground]}]}]},
            "missing": [],
        }
        change = ground | {"to": ["belgian"], "remedy": ""}
        del change["required"]
        assert decision.what_would_change().to_document() == {
            "outcome": "not_eligible",
            "changed_by": {"all_of": [{"any_of": [{"verdict": "met", "changes": [change]}]}]},
            "missing": [],
        }
        nothing = evaluate(Case(quarter=T)).why().to_document()
        assert nothing["forced_by"] is None
        assert "$.worker" in nothing["missing"]
        assert evaluate(Case(quarter=T)).what_would_change().to_document()["changed_by"] is None

    def test_notice_with_anybody(self):
        """By the reading that takes notice with anybody, law that no case shows stays open: nothing forces a yes."""
        decision = evaluate(abroad(), readings={"notice_employer": "any"})
        assert decision.why().tree is None

    def test_a_node_is_one_of_four(self):
        """All of, any of, a ground, a way: trees are made of nothing else."""

        def walk(node):
            yield type(node)
            for part in getattr(node, "parts", ()):
                yield from walk(part)

        decision = evaluate(abroad())
        assert {*walk(decision.why().tree)} == {Every, Some, Ground}
        assert {*walk(decision.what_would_change().tree)} == {Some, Way}
