"""The expat's procedure: one class for each clause of the OSS page (S1 to S16), and the table of outcomes."""

import json
from datetime import date

import attrs
import pytest

from flexirules import (
    Approval,
    Case,
    Declaration,
    Employer,
    Employment,
    Engagement,
    Formalities,
    Function,
    JointCommittee,
    Outcome,
    Pension,
    Quarter,
    Request,
    Sector,
    Verdict,
    Worker,
    evaluate,
)
from flexirules.approval import TRANSITIONS, advance

T = Quarter(2026, 4)
START = date(2026, 10, 5)
IN_TIME, TOO_LATE = date(2026, 10, 1), date(2026, 10, 6)
NO_PENSION = Pension(kind="none")
GRANTED = Approval(quarter=T, granted=True, issued_on=date(2026, 9, 21), reference="OSS/2026/118")
REFUSED = attrs.evolve(GRANTED, granted=False)
GRANTED_BEFORE = attrs.evolve(GRANTED, quarter=T - 1)
ASKED = Request(quarter=T, made_on=date(2026, 9, 1), by="worker")
# What belongs to the formalities or is said to every expat, whatever became of the procedure.
BESIDE = frozenset(("file-declaration", "sign-framework-agreement", "await-answer", "oss-extension-ends"))


def work(fraction="1", *, status="employee", scheme="overseas", employer="acme-kinshasa"):
    """The same work in T-3, T-4 and T-5."""
    return tuple(
        Employment(quarter=T - n, employer=employer, fraction=fraction, status=status, scheme=scheme) for n in (3, 4, 5)
    )


def filed(result, *, on=IN_TIME, anomalies=None):
    """An FLX with its answer; a warning is the one on T-3 unless another is given."""
    return Declaration(filed_on=on, result=result, anomalies=anomalies or (("90017-510",) if result == "W" else ()))


def expat(*, jobs=None, pension=NO_PENSION, approvals=(), requests=(), declaration=None, engagements=()):
    """A returning expat: full-time overseas in T-3, T-4 and T-5, to work in a cafe; what is given stands instead."""
    return Case(
        quarter=T,
        start=START,
        worker=Worker(employments=work() if jobs is None else jobs, pension=pension),
        employer=Employer("cafe-central", Sector(joint_committee=JointCommittee("302"), public=False)),
        function=Function("ordinary"),
        engagements=engagements,
        approvals=approvals,
        requests=requests,
        formalities=Formalities(framework_agreement=True, declaration=declaration),
    )


def employment(case):
    """Verdict and reason of the condition that the procedure is about."""
    finding = evaluate(case).finding("employment")
    return finding.verdict, finding.reason


def ids(case):
    """Ids of the actions of a case."""
    return [action.id for action in evaluate(case).actions]


def by(case):
    """The day by which each action is to be done."""
    return {action.id: action.by for action in evaluate(case).actions}


NEEDED = (Verdict.NEEDS_DECISION, "approval-needed")
PENDING = (Verdict.NEEDS_DECISION, "approval-pending")
OTHER_QUARTER = (Verdict.NEEDS_DECISION, "approval-other-quarter")
HELD = (Verdict.MET, "approval-held")
NO_LETTER = (Verdict.NOT_MET, "approval-refused")


class TestS01ReturningExpat:
    """An expat who is back for a while is not shut out: work seen by the OSS is a way in, on conditions."""

    def test_overseas_work_is_no_bar(self):
        """Overseas work alone never gives a no; it leaves the question to the NSSO."""
        assert evaluate(expat()).outcome is Outcome.CLARIFICATION_REQUIRED

    def test_overseas_work_is_a_way_in(self):
        """With the written approval the whole answer is yes."""
        assert evaluate(expat(approvals=(GRANTED,))).outcome is Outcome.ELIGIBLE

    @pytest.mark.parametrize(("added", "expected"), [((), "not_met"), (work("3/10", employer="b"), "needs_decision")])
    def test_overseas_work_adds_to_belgian_work(self, added, expected):
        """Half-time in Belgium is too little; with three tenths overseas it is enough, and the NSSO has to say so."""
        jobs = (*work("1/2", scheme="belgium", employer="a"), *added)
        assert evaluate(expat(jobs=jobs)).finding("employment").verdict.value == expected

    def test_overseas_work_takes_nothing_away(self):
        """Overseas work beside four fifths in Belgium changes nothing: no decision is needed."""
        jobs = (*work("4/5", scheme="belgium", employer="a"), *work("1/5"))
        assert employment(expat(jobs=jobs)) == (Verdict.MET, "four-fifths-in-belgium")


class TestS02Sector:
    """Flexi-jobs exist in the sectors that the law names, for an expat as for anybody."""

    BEFORE = Quarter(2018, 1)

    def case(self, committee):
        """An approved expat of 2018Q1 with an employer in a joint committee."""
        jobs = tuple(attrs.evolve(job, quarter=job.quarter - (T.index - self.BEFORE.index)) for job in work())
        letter = Approval(quarter=self.BEFORE, granted=True, issued_on=date(2017, 12, 15))
        sector = Sector(joint_committee=JointCommittee(committee))
        return Case(
            quarter=self.BEFORE,
            worker=Worker(employments=jobs, pension=NO_PENSION),
            employer=Employer("garage", sector),
            function=Function("ordinary"),
            engagements=(),
            approvals=(letter,),
        )

    def test_a_letter_does_not_cure_the_sector(self):
        """Garages (112) were not on the list of 2018: the letter settles employment and nothing else."""
        decision = evaluate(self.case("112"))
        verdicts = (decision.finding("employment").verdict, decision.finding("sector").verdict)
        assert verdicts == (Verdict.MET, Verdict.NOT_MET)

    def test_outside_the_list_is_a_no(self):
        """An approved expat in a sector that is not on the list is not eligible."""
        assert evaluate(self.case("112")).outcome is Outcome.NOT_ELIGIBLE

    def test_on_the_list_is_a_yes(self):
        """The same expat in horeca (302) is eligible."""
        assert evaluate(self.case("302")).outcome is Outcome.ELIGIBLE


class TestS03FourFifths:
    """In T-3 the expat must have worked at least four fifths of full-time, as an employee."""

    def test_exactly_four_fifths_is_enough(self):
        """The edge itself is inside."""
        assert employment(expat(jobs=work("4/5"))) == NEEDED

    def test_a_hair_below_is_not_enough(self):
        """Just below the edge no question to the NSSO is left."""
        assert employment(expat(jobs=work("79999999/100000000"))) == (Verdict.NOT_MET, "below-four-fifths")

    def test_jobs_are_added(self):
        """Two jobs overseas that make four fifths together are enough."""
        jobs = (*work("1/2", employer="a"), *work("3/10", employer="b"))
        assert employment(expat(jobs=jobs)) == NEEDED

    def test_a_civil_servant_counts(self):
        """Statutory work counts as an employee's does."""
        assert employment(expat(jobs=work(status="statutory"))) == NEEDED

    def test_self_employed_does_not_count(self):
        """The OSS insures the self-employed too, but their work does not count."""
        assert employment(expat(jobs=work(status="self_employed"))) == (Verdict.NOT_MET, "not-employee")

    @pytest.mark.parametrize(
        "status",
        ["flexi_job", "apprentice", "student", "minor_part_time", "occasional_agriculture", "occasional_horeca"],
    )
    def test_other_statuses_do_not_count(self, status):
        """Only employees and civil servants count."""
        assert evaluate(expat(jobs=work(status=status))).finding("employment").verdict is Verdict.NOT_MET

    def test_only_t3_counts(self):
        """Full-time in T-4 and T-5 does not make up for T-3."""
        assert employment(expat(jobs=work()[1:])) == (Verdict.NOT_MET, "below-four-fifths")

    def test_t3_alone_is_enough(self):
        """T-3 of 2026Q4 is 2026Q1, and nothing more is needed."""
        jobs = (Employment(quarter=Quarter(2026, 1), employer="a", fraction="1", status="employee", scheme="overseas"),)
        assert employment(expat(jobs=jobs)) == NEEDED


class TestS04Dimona:
    """It is the flexi employer who declares the work in Dimona."""

    def test_to_be_filed_before_the_work(self):
        """While no FLX is filed, filing it by the first day of work is something to do."""
        assert by(expat())["file-declaration"] == START

    def test_a_declaration_still_ahead_is_no_obstacle(self):
        """What still can be done in time is an action, not an unknown."""
        finding = evaluate(expat(approvals=(GRANTED,))).finding("declaration")
        assert (finding.verdict, finding.reason) == (Verdict.MET, "declaration-ahead")

    def test_filed_is_no_longer_to_be_filed(self):
        """After the FLX nobody is told to file it."""
        assert "file-declaration" not in ids(expat(declaration=filed("W")))

    def test_the_days_for_filing(self):
        """An FLX for 2026Q4 may be filed from 31 days before the quarter, and before the work."""
        dimona = evaluate(expat()).dimona
        assert (dimona.file_from, dimona.file_before) == (date(2026, 8, 31), START)


class TestS05AutomaticCheck:
    """Dimona checks by itself only what was worked in Belgium."""

    @pytest.mark.parametrize(
        ("belgian", "overseas", "expected"),
        [
            (None, "1", "warning"),
            ("79/100", "1/5", "warning"),
            ("1/2", "1/2", "warning"),
            ("4/5", "1/5", "ok"),
            ("1", None, "ok"),
        ],
    )
    def test_belgian_part_alone(self, belgian, overseas, expected):
        """Four fifths in Belgium gives OK; less gives a warning, however much was worked overseas."""
        jobs = work(belgian, scheme="belgium", employer="a") if belgian else ()
        jobs += work(overseas) if overseas else ()
        assert evaluate(expat(jobs=jobs)).dimona.expected == expected

    def test_posted_from_belgium(self):
        """Who stays in the Belgian scheme while abroad is seen by the check: no letter, no warning."""
        decision = evaluate(expat(jobs=work(scheme="belgium")))
        assert (decision.outcome, decision.dimona.expected) == (Outcome.ELIGIBLE, "ok")


class TestS06Warning:
    """So the employer of an expat gets a warning, and it can be said beforehand."""

    def test_predicted_before_anything_happened(self):
        """Nothing was filed or asked, and the warning is already said."""
        assert evaluate(expat()).dimona.expected == "warning"

    def test_said_as_something_to_expect(self):
        """With the question to the NSSO goes the word that a warning will come."""
        assert ids(expat())[:2] == ["request-approval", "expect-warning"]

    def test_not_said_once_it_came(self):
        """After the warning nobody is told to expect it."""
        assert "expect-warning" not in ids(expat(declaration=filed("W")))

    def test_a_letter_does_not_prevent_it(self):
        """The warning comes with the letter too."""
        assert evaluate(expat(approvals=(GRANTED,))).dimona.expected == "warning"


class TestS07WarningIsNoRefusal:
    """A warning does not mean that the condition is not met."""

    @pytest.mark.parametrize("approvals", [(), (GRANTED_BEFORE,), (GRANTED,), None])
    @pytest.mark.parametrize("requests", [(), (ASKED,)])
    def test_never_not_met_by_a_warning(self, approvals, requests):
        """Whatever was asked and is held, short of a refusal: W never makes employment not met."""
        case = expat(approvals=approvals, requests=requests, declaration=filed("W"))
        assert evaluate(case).finding("employment").verdict is not Verdict.NOT_MET

    @pytest.mark.parametrize("approvals", [(), (GRANTED_BEFORE,), (GRANTED,), (REFUSED,), None])
    def test_a_warning_changes_no_verdict(self, approvals):
        """The verdict with the warning is the verdict without an FLX."""
        with_warning = expat(approvals=approvals, declaration=filed("W"))
        assert employment(with_warning) == employment(expat(approvals=approvals))

    def test_a_warning_is_no_decision_either(self):
        """Only the NSSO can say: the outcome asks for clarification."""
        assert evaluate(expat(declaration=filed("W"))).outcome is Outcome.CLARIFICATION_REQUIRED


class TestS08Report:
    """After a warning the OSS is written to; worker or employer may do it."""

    def test_report(self):
        """A warning without a question put is to be reported."""
        assert ids(expat(declaration=filed("W")))[0] == "report-to-oss"

    def test_by_the_first_day_of_work(self):
        """The report should be made before the work begins."""
        assert by(expat(declaration=filed("W")))["report-to-oss"] == START

    def test_not_twice(self):
        """A question already put is not put again."""
        assert "report-to-oss" not in ids(expat(declaration=filed("W"), requests=(ASKED,)))

    @pytest.mark.parametrize("who", ["worker", "employer", None])
    def test_whoever_asked(self, who):
        """A question by either counts (A11)."""
        request = attrs.evolve(ASKED, by=who)
        assert employment(expat(declaration=filed("W"), requests=(request,))) == PENDING

    def test_a_question_for_another_quarter_is_none(self):
        """A question for the quarter before was not put for this one."""
        request = attrs.evolve(ASKED, quarter=T - 1)
        assert employment(expat(declaration=filed("W"), requests=(request,))) == NEEDED

    def test_no_warning_nothing_to_report(self):
        """Without an FLX the question is put up front instead."""
        assert "report-to-oss" not in ids(expat())


class TestS09WhatIsChecked:
    """The OSS then looks whether enough was worked in T-3, and at nothing else."""

    def test_own_employer_is_not_cured(self):
        """Another contract with the flexi employer in T bars, letter or not."""
        link = Engagement(employer="cafe-central", kind="employment", fraction="1/2", from_=date(2026, 9, 1))
        decision = evaluate(expat(approvals=(GRANTED,), engagements=(link,)))
        assert (decision.finding("own-employer").verdict, decision.outcome) == (Verdict.NOT_MET, Outcome.NOT_ELIGIBLE)

    def test_notice_is_not_cured(self):
        """A notice with the flexi employer in T bars, letter or not."""
        link = Engagement(
            employer="cafe-central",
            kind="flexi_job",
            fraction="1/2",
            from_=date(2026, 1, 1),
            notice_from=date(2026, 9, 1),
            notice_until=date(2026, 10, 20),
        )
        decision = evaluate(expat(approvals=(GRANTED,), engagements=(link,)))
        assert (decision.finding("notice").verdict, decision.outcome) == (Verdict.NOT_MET, Outcome.NOT_ELIGIBLE)

    def test_the_framework_agreement_is_not_cured(self):
        """Work without a framework agreement stays so."""
        case = attrs.evolve(expat(approvals=(GRANTED,)), formalities=Formalities(framework_agreement=False))
        assert evaluate(case).outcome is Outcome.NOT_ELIGIBLE

    def test_a_reduction_is_not_cured(self):
        """Whether a letter counts against a stated fall from full-time is not settled: never a plain yes."""
        jobs = (attrs.evolve(work("4/5")[0]), *work()[1:])
        decision = evaluate(expat(jobs=jobs, approvals=(GRANTED,)))
        assert (decision.finding("no-reduction").verdict, decision.outcome) == (Verdict.UNKNOWN, Outcome.UNDETERMINED)

    def test_enough_days_are_not_an_approval(self):
        """That T-3 holds all its days is what the OSS finds; it decides nothing (A4, A5)."""
        assert employment(expat(jobs=work("1"), requests=(ASKED,))) == PENDING

    def test_a_need_for_a_decision_hides_nothing_worse(self):
        """A bar elsewhere stays the answer while the decision is awaited."""
        link = Engagement(employer="cafe-central", kind="employment", fraction="1/2", from_=date(2026, 9, 1))
        assert evaluate(expat(engagements=(link,))).outcome is Outcome.NOT_ELIGIBLE


class TestS10Decision:
    """The NSSO approves or refuses, in writing."""

    def test_approved(self):
        """An approval meets the condition."""
        assert employment(expat(approvals=(GRANTED,))) == HELD

    def test_refused(self):
        """A refusal closes the way of work."""
        assert employment(expat(approvals=(REFUSED,))) == NO_LETTER

    def test_refused_means_declare_otherwise(self):
        """After a refusal the work is not to be declared as a flexi-job."""
        assert ids(expat(approvals=(REFUSED,), declaration=filed("W")))[0] == "declare-otherwise"

    @pytest.mark.parametrize(("later", "expected"), [(GRANTED, HELD), (REFUSED, NO_LETTER)])
    def test_the_later_of_two_counts(self, later, expected):
        """Of two decisions for T the one with the later date counts, in whatever order they stand (A9)."""
        earlier = attrs.evolve(GRANTED, granted=not later.granted, issued_on=date(2026, 9, 1))
        found = {employment(expat(approvals=pair)) for pair in ((earlier, later), (later, earlier))}
        assert found == {expected}

    def test_two_of_one_day_decide_nothing(self):
        """Two letters of one day that contradict each other are not settled."""
        case = expat(approvals=(GRANTED, REFUSED))
        assert employment(case) == (Verdict.UNKNOWN, "approvals-conflict")

    def test_an_answer_not_known_is_asked_for(self):
        """A letter of which nobody says what it says decides nothing, and what it says is asked."""
        decision = evaluate(expat(approvals=(attrs.evolve(GRANTED, granted=None),)))
        assert [entry.path for entry in decision.missing] == ["$.approvals[0].granted"]

    def test_an_answer_not_known_is_asked_of_the_nsso(self):
        """The NSSO holds what it wrote."""
        decision = evaluate(expat(approvals=(attrs.evolve(GRANTED, granted=None),)))
        assert [entry.holder for entry in decision.missing] == ["nsso"]

    def test_a_decision_goes_before_a_question(self):
        """Once the letter is there nothing is pending any more."""
        assert employment(expat(approvals=(GRANTED,), requests=(ASKED,))) == HELD

    def test_the_letter_may_say_more_than_the_facts(self):
        """The stated fraction is an indication; the approval counts (A4)."""
        assert employment(expat(jobs=work("1/2"), approvals=(GRANTED,))) == HELD

    def test_the_letter_may_say_more_than_the_status(self):
        """The same for work stated as self-employed."""
        assert employment(expat(jobs=work(status="self_employed"), approvals=(GRANTED,))) == HELD


class TestS11IgnoreTheWarning:
    """With the written approval at hand the warning stays, and may be ignored."""

    def test_may_be_ignored(self):
        """The approval for T is held: the warning may be ignored."""
        assert evaluate(expat(approvals=(GRANTED,), declaration=filed("W"))).dimona.warning_may_be_ignored is True

    def test_the_warning_stays(self):
        """The same FLX would be warned again; the letter removes nothing."""
        assert evaluate(expat(approvals=(GRANTED,), declaration=filed("W"))).dimona.expected == "warning"

    @pytest.mark.parametrize(
        "approvals",
        [(), None, (REFUSED,), (GRANTED_BEFORE,), (attrs.evolve(GRANTED, granted=None),), (GRANTED, REFUSED)],
    )
    def test_may_not_be_ignored_without_the_letter(self, approvals):
        """Anything but an approval for this very quarter is not enough."""
        decision = evaluate(expat(approvals=approvals, declaration=filed("W")))
        assert decision.dimona.warning_may_be_ignored is False

    def test_a_question_is_not_a_letter(self):
        """While the decision is awaited the warning may not be ignored."""
        decision = evaluate(expat(requests=(ASKED,), declaration=filed("W")))
        assert decision.dimona.warning_may_be_ignored is False

    def test_do_not_cancel(self):
        """An approved expat's FLX is neither cancelled nor declared anew."""
        assert "do-not-cancel" in ids(expat(approvals=(GRANTED,), declaration=filed("W")))

    def test_nothing_to_report(self):
        """With the letter nothing is reported or asked."""
        assert not {"report-to-oss", "request-approval"} & set(ids(expat(approvals=(GRANTED,), declaration=filed("W"))))

    def test_a_warning_of_another_kind(self):
        """A warning that is not about T-3 is not covered by the letter."""
        warned = filed("W", anomalies=("90017-369",))
        assert evaluate(expat(approvals=(GRANTED,), declaration=warned)).dimona.warning_may_be_ignored is False

    def test_a_warning_without_its_code(self):
        """A warning whose anomalies nobody gave counts as the one on T-3."""
        warned = Declaration(filed_on=IN_TIME, result="W")
        assert evaluate(expat(approvals=(GRANTED,), declaration=warned)).dimona.warning_may_be_ignored is True

    def test_a_letter_dated_after_the_start(self):
        """A letter that came after the work began is accepted for T (A10)."""
        late = attrs.evolve(GRANTED, issued_on=date(2026, 11, 1))
        assert employment(expat(approvals=(late,), declaration=filed("W"))) == HELD


class TestS12AskUpFront:
    """An expat may also ask directly, before anything is declared."""

    def test_no_declaration_is_needed(self):
        """The question is put and nothing was filed: the decision is awaited."""
        assert employment(expat(requests=(ASKED,))) == PENDING

    def test_then_wait(self):
        """What is left is to wait."""
        assert ids(expat(requests=(ASKED,)))[0] == "wait-for-decision"

    def test_a_letter_without_a_declaration(self):
        """The answer to a question up front is a full approval."""
        assert evaluate(expat(requests=(ASKED,), approvals=(GRANTED,))).outcome is Outcome.ELIGIBLE

    def test_the_way_to_ask(self):
        """Without a question and an FLX, asking by the first day of work is the first thing to do."""
        assert by(expat())["request-approval"] == START

    def test_the_table_knows_the_way(self):
        """Asking comes first, the letter follows, the FLX comes last."""
        assert advance(advance(advance("none", "request"), "approve"), "file-warned") == "granted-and-warned"


class TestS13LetterToTheExpat:
    """It is the same mailbox and the same check, but the letter goes to the expat, who passes it on."""

    def test_pass_it_on(self):
        """The letter is to be with the employer before the work begins (A8)."""
        assert by(expat(requests=(ASKED,), approvals=(GRANTED,)))["give-letter-to-employer"] == START

    def test_keep_it(self):
        """The letter is to be kept."""
        assert "keep-letter" in ids(expat(requests=(ASKED,), approvals=(GRANTED,)))

    @pytest.mark.parametrize("approvals", [(), (REFUSED,), (GRANTED_BEFORE,), None])
    def test_no_letter_to_pass_on(self, approvals):
        """Without an approval for T there is no letter to pass on or keep."""
        assert not {"give-letter-to-employer", "keep-letter"} & set(ids(expat(approvals=approvals)))

    def test_same_mailbox(self):
        """The question up front and the report go to one address."""
        texts = {action.text for case in (expat(), expat(declaration=filed("W"))) for action in evaluate(case).actions}
        assert sum("overseas@rsz.fgov.be" in text for text in texts) == 2

    def test_same_verdict_by_either_way(self):
        """A letter asked for up front and one after a warning are worth the same."""
        up_front = expat(requests=(ASKED,), approvals=(GRANTED,))
        reported = expat(requests=(attrs.evolve(ASKED, by="employer"),), approvals=(GRANTED,), declaration=filed("W"))
        assert employment(up_front) == employment(reported)


class TestS14OneQuarter:
    """The letter holds only for the quarter for which it was written."""

    @pytest.mark.parametrize("quarters", [-4, -3, -1, 1, 2, 4])
    def test_another_quarter_is_none(self, quarters):
        """No quarter but T is near enough, least of all that of the work."""
        assert employment(expat(approvals=(attrs.evolve(GRANTED, quarter=T + quarters),))) == OTHER_QUARTER

    def test_this_quarter(self):
        """Equality with T, and nothing else."""
        assert employment(expat(approvals=(GRANTED,))) == HELD

    def test_a_refusal_holds_for_one_quarter_too(self):
        """A refusal for the quarter before does not close this one."""
        refused_before = attrs.evolve(REFUSED, quarter=T - 1)
        assert evaluate(expat(approvals=(refused_before,))).finding("employment").verdict is Verdict.NEEDS_DECISION

    def test_other_quarters_do_not_disturb(self):
        """The letter for T counts among letters for others."""
        others = tuple(attrs.evolve(REFUSED, quarter=T + n) for n in (-2, -1, 1))
        assert employment(expat(approvals=(*others, GRANTED))) == HELD

    def test_the_answer_holds_for_t(self):
        """The decision is for T alone."""
        assert json.loads(evaluate(expat(approvals=(GRANTED,))).to_json())["valid_for"] == "2026Q4"

    def test_a_quarter_not_known_is_asked_for(self):
        """A letter without its quarter may be for T or not, and that is asked."""
        decision = evaluate(expat(approvals=(attrs.evolve(GRANTED, quarter=None),)))
        assert [entry.path for entry in decision.missing] == ["$.approvals[0].quarter"]


class TestS15ApplyAgain:
    """For the next quarter the expat asks again, on that quarter's own T-3."""

    def test_reapply(self):
        """With a letter for another quarter the thing to do is to apply again."""
        assert ids(expat(approvals=(GRANTED_BEFORE,)))[0] == "reapply"

    def test_by_the_first_day_of_work(self):
        """The new question should be put before the work begins."""
        assert by(expat(approvals=(GRANTED_BEFORE,)))["reapply"] == START

    def test_said_with_every_letter(self):
        """Who holds a letter is told that the next quarter needs another."""
        assert "reapply-next-quarter" in ids(expat(approvals=(GRANTED,)))

    @pytest.mark.parametrize(("t", "t3"), [("2026Q4", "2026Q1"), ("2027Q1", "2026Q2")])
    def test_the_new_t3(self, t, t3):
        """The next quarter looks at its own T-3."""
        case = Case.from_json(json.dumps({"quarter": t}))
        assert json.loads(evaluate(case).to_json())["reference_quarter"] == t3

    def test_applied_again(self):
        """Once the new question is put, the decision is awaited, whatever was held before."""
        assert employment(expat(approvals=(GRANTED_BEFORE,), requests=(ASKED,))) == PENDING

    def test_every_quarter_begins_anew(self):
        """From a letter no event leads back: the next quarter begins at none."""
        assert "none" not in TRANSITIONS.values()


class TestS16Questions:
    """Questions go to the OSS: an address in a text, never a step of the procedure."""

    @pytest.mark.parametrize("declaration", [None, filed("W")])
    def test_the_address_is_in_the_text(self, declaration):
        """Where the OSS is to be written to, the text says where."""
        assert "overseas@rsz.fgov.be" in evaluate(expat(declaration=declaration)).actions[0].text

    def test_no_question_to_the_oss_is_a_fact(self):
        """A question put decides nothing, however often."""
        again = attrs.evolve(ASKED, by="employer", made_on=date(2026, 9, 20))
        assert evaluate(expat(requests=(ASKED, again))).outcome is Outcome.CLARIFICATION_REQUIRED


LATE = filed("W", on=TOO_LATE)

# FLX for T, decisions held, questions put; verdict and reason of employment; the actions of the procedure that the
# row of the law paper names. Formalities and the word on an OSS extension stand in tests of their own.
TABLE = {
    "none-none": (None, (), (), NEEDED, {"request-approval", "expect-warning"}),
    "none-requested": (None, (), (ASKED,), PENDING, {"wait-for-decision"}),
    "none-granted": (None, (GRANTED,), (), HELD, {"keep-letter", "file-declaration"}),
    "a-none": (filed("A"), (), (), (Verdict.MET, "dimona-accepted"), set()),
    "w-none": (filed("W"), (), (), NEEDED, {"report-to-oss"}),
    "w-requested": (filed("W"), (), (ASKED,), PENDING, {"wait-for-decision"}),
    "w-granted": (filed("W"), (GRANTED,), (), HELD, {"keep-letter", "do-not-cancel"}),
    "w-other-quarter": (filed("W"), (GRANTED_BEFORE,), (), OTHER_QUARTER, {"reapply"}),
    "none-refused": (None, (REFUSED,), (), NO_LETTER, {"declare-otherwise"}),
    "a-refused": (filed("A"), (REFUSED,), (), NO_LETTER, {"declare-otherwise"}),
    "w-refused": (filed("W"), (REFUSED,), (), NO_LETTER, {"declare-otherwise"}),
    "b-refused": (filed("B"), (REFUSED,), (), NO_LETTER, {"declare-otherwise"}),
    "s-refused": (filed("S"), (REFUSED,), (), NO_LETTER, {"declare-otherwise"}),
    "late-granted": (LATE, (GRANTED,), (), HELD, {"keep-letter"}),
    "b-none": (filed("B"), (), (), NEEDED, {"file-correct-declaration"}),
    "b-requested": (filed("B"), (), (ASKED,), PENDING, {"wait-for-decision", "file-correct-declaration"}),
    "b-granted": (filed("B"), (GRANTED,), (), HELD, {"keep-letter", "file-correct-declaration"}),
    "s-none": (filed("S"), (), (), NEEDED, {"await-answer"}),
    "s-requested": (filed("S"), (), (ASKED,), PENDING, {"wait-for-decision", "await-answer"}),
    "s-granted": (filed("S"), (GRANTED,), (), HELD, {"keep-letter", "await-answer"}),
}
rows = pytest.mark.parametrize(
    ("declaration", "approvals", "requests", "expected", "actions"), TABLE.values(), ids=TABLE
)


class TestOutcomeTable:
    """The table of outcomes: Belgian part below four fifths, all stated work at or above."""

    @rows
    def test_employment(self, declaration, approvals, requests, expected, actions):
        """Verdict and reason of employment."""
        assert employment(expat(declaration=declaration, approvals=approvals, requests=requests)) == expected

    @rows
    def test_actions(self, declaration, approvals, requests, expected, actions):
        """Every action that the row names is said."""
        assert actions <= set(ids(expat(declaration=declaration, approvals=approvals, requests=requests)))

    @rows
    def test_warning(self, declaration, approvals, requests, expected, actions):
        """A warning is expected in every row: neither letters nor answers change what declarations show."""
        case = expat(declaration=declaration, approvals=approvals, requests=requests)
        assert evaluate(case).dimona.expected == "warning"

    @rows
    def test_nothing_is_missing(self, declaration, approvals, requests, expected, actions):
        """The rows say all there is to know: nothing is asked for."""
        assert evaluate(expat(declaration=declaration, approvals=approvals, requests=requests)).missing == ()

    @pytest.mark.parametrize("name", ["none-none", "none-requested", "w-none", "w-requested", "w-other-quarter"])
    def test_only_these_actions(self, name):
        """While the decision is open, the procedure asks for what the row names and no more."""
        declaration, approvals, requests, _, actions = TABLE[name]
        found = set(ids(expat(declaration=declaration, approvals=approvals, requests=requests)))
        assert found - BESIDE == actions - BESIDE

    def test_accepted_asks_for_nothing(self):
        """After an OK nothing of the procedure is left to do."""
        assert set(ids(expat(declaration=filed("A")))) <= BESIDE

    def test_late(self):
        """A letter on T-3 does not cure a late FLX (A6)."""
        finding = evaluate(expat(approvals=(GRANTED,), declaration=LATE)).finding("declaration")
        assert (finding.verdict, finding.reason) == (Verdict.NOT_MET, "declared-late")

    def test_late_may_not_be_ignored(self):
        """The warning of a late FLX may not be ignored, letter or not."""
        assert evaluate(expat(approvals=(GRANTED,), declaration=LATE)).dimona.warning_may_be_ignored is False

    @pytest.mark.parametrize("approvals", [(), (GRANTED,), (GRANTED_BEFORE,), (REFUSED,)])
    def test_blocked(self, approvals):
        """A blocked FLX breaks the declaration and says nothing of the work."""
        decision = evaluate(expat(approvals=approvals, declaration=filed("B")))
        found = (decision.finding("declaration").reason, decision.finding("employment").verdict)
        assert found == ("declaration-blocked", evaluate(expat(approvals=approvals)).finding("employment").verdict)

    @pytest.mark.parametrize("approvals", [(), (GRANTED,), (GRANTED_BEFORE,), (REFUSED,)])
    def test_awaited(self, approvals):
        """While the answer is awaited, the work is judged as without it."""
        assert employment(expat(approvals=approvals, declaration=filed("S"))) == employment(expat(approvals=approvals))


class TestOtherRows:
    """The rows below the table."""

    @pytest.mark.parametrize("declaration", [None, filed("W"), filed("B"), filed("S")])
    def test_too_little_in_all(self, declaration):
        """Stated work below four fifths in all is not met."""
        case = expat(jobs=work("1/2"), declaration=declaration)
        assert employment(case) == (Verdict.NOT_MET, "below-four-fifths")

    @pytest.mark.parametrize("jobs", [work("1/2"), work(status="self_employed")])
    def test_too_little_and_letters_not_known(self, jobs):
        """Too little stated, and nobody says which letters are held: unknown, and that is asked."""
        decision = evaluate(expat(jobs=jobs, approvals=None))
        found = (decision.finding("employment").verdict, [entry.path for entry in decision.missing])
        assert found == (Verdict.UNKNOWN, ["$.approvals"])

    @pytest.mark.parametrize("approvals", [(), (REFUSED,), (GRANTED_BEFORE,), None])
    def test_belgian_work_needs_no_letter(self, approvals):
        """Four fifths in Belgium is met, even after a refusal."""
        case = expat(jobs=work(scheme="belgium"), approvals=approvals)
        assert employment(case) == (Verdict.MET, "four-fifths-in-belgium")

    def test_the_reason_speaks_of_the_refusal(self):
        """That the refusal is about other work is said."""
        case = expat(jobs=work(scheme="belgium"), approvals=(REFUSED,))
        assert "refusal" in evaluate(case).finding("employment").text

    def test_refused_but_pensioner(self):
        """A refusal closes the way of work only: a pension keeps its verdict."""
        pension = Pension(kind="retirement", since=date(2020, 1, 1))
        assert employment(expat(approvals=(REFUSED,), pension=pension)) == (Verdict.MET, "pensioner")

    def test_refused_but_foreign_pension(self):
        """A foreign pension still needs a decision."""
        pension = Pension(kind="retirement", since=date(2020, 1, 1), register="foreign")
        assert employment(expat(approvals=(REFUSED,), pension=pension)) == (Verdict.NEEDS_DECISION, "foreign-pension")

    def test_refused_and_pension_not_known(self):
        """A pension that nobody spoke of may still be the way in, and is asked for."""
        decision = evaluate(expat(approvals=(REFUSED,), pension=None))
        found = (decision.finding("employment").verdict, [entry.path for entry in decision.missing])
        assert found == (Verdict.UNKNOWN, ["$.worker.pension"])

    def test_pension_not_known_is_asked_beside_the_letter(self):
        """Work that needs a decision needs it still; the pension is asked for as the other way in."""
        decision = evaluate(expat(pension=None))
        found = (decision.finding("employment").reason, [entry.path for entry in decision.missing])
        assert found == ("approval-needed", ["$.worker.pension"])

    @pytest.mark.parametrize("declaration", [None, filed("W")])
    def test_letters_not_known(self, declaration):
        """Not known is not none: the decision is needed still, and what is held is asked for."""
        decision = evaluate(expat(approvals=None, declaration=declaration))
        found = (decision.finding("employment").verdict, [entry.path for entry in decision.missing])
        assert found == (Verdict.NEEDS_DECISION, ["$.approvals"])

    def test_letters_not_known_and_accepted(self):
        """Dimona said OK, yet a refusal may be held: unknown, and that is asked (A7)."""
        decision = evaluate(expat(approvals=None, declaration=filed("A")))
        found = (decision.finding("employment").verdict, [entry.path for entry in decision.missing])
        assert found == (Verdict.UNKNOWN, ["$.approvals"])

    def test_accepted_against_the_facts(self):
        """Dimona said OK, the facts stated say too little: unknown (A7)."""
        case = expat(jobs=work("1/2"), declaration=filed("A"))
        assert employment(case) == (Verdict.UNKNOWN, "dimona-and-facts-differ")

    @pytest.mark.parametrize("declaration", [None, filed("A"), filed("W"), filed("S")])
    @pytest.mark.parametrize("approvals", [(), (GRANTED_BEFORE,)])
    def test_foreign_scheme(self, declaration, approvals):
        """Work under another state's scheme asks for the same letter (A2)."""
        overseas = expat(declaration=declaration, approvals=approvals)
        foreign = expat(jobs=work(scheme="foreign"), declaration=declaration, approvals=approvals)
        assert employment(foreign) == employment(overseas)

    def test_extension_is_spoken_of(self):
        """Whoever worked under the OSS is told that an extension ends with the job."""
        assert "oss-extension-ends" in ids(expat())

    def test_extension_is_not_spoken_of(self):
        """Nobody else is told so."""
        assert "oss-extension-ends" not in ids(expat(jobs=work(scheme="foreign")))


def test_a_letter_for_a_quarter_that_is_not_known():
    """A letter that approves, for this quarter or for another, leaves a decision to be needed, or better."""
    jobs = tuple(
        Employment(quarter=Quarter(2026, 1) - back, employer="kin", fraction="1", status="employee", scheme="overseas")
        for back in range(3)
    )
    case = Case(
        quarter=Quarter(2026, 4),
        worker=Worker(employments=jobs, pension=Pension(kind="none")),
        employer=Employer("cafe", Sector(joint_committee="302", public=False)),
        function=Function("ordinary"),
        engagements=(),
        approvals=(Approval(granted=True),),
    )
    decision = evaluate(case)
    finding = decision.finding("employment")
    assert (decision.outcome.value, finding.verdict.value, [m.path for m in decision.missing]) == (
        "clarification_required",
        "needs_decision",
        ["$.approvals[0].quarter"],
    )
