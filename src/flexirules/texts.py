"""The texts of codes, made when they are asked for and never stored as the only carrier of meaning.

Here they are English; ``flexirules.language`` gives them in the others.
"""

import re
from typing import Final

from flexirules.language import ENGLISH, message, speaker

REASONS: Final = {
    "law-in-force": message("Flexi-jobs exist on this day."),
    "before-the-law": message("No flexi-job can start before 1 December 2015."),
    "belgian-legislation": message("Belgian social security governs the job."),
    "other-legislation": message(
        "Another state's social security governs this job under the EU rules, so it cannot be a flexi-job."
    ),
    "sector-listed": message("The sector is on the list in force."),
    "sector-open": message("The sector is open to flexi-jobs."),
    "sector-excluded": message("The sector is excluded, by the reading chosen."),
    "sector-not-listed": message("The sector is not on the list in force."),
    "sector-facts-missing": message("What is known of the employer does not yet show whether the sector is admitted."),
    "law-not-settled": message("Whether this sector or employer is admitted is not settled in law."),
    "nace-2025-list-not-read": message("The list of main activities in NACE-BEL 2025 was not read."),
    "agency-user-needed": message(
        "With an agency the sector of the user decides, and the case does not show the user."
    ),
    "agency-user-route-not-settled": message("Whether an agency may send flexi-jobbers to such a user is not settled."),
    "function-free": message("The function is not barred."),
    "function-barred": message("This function is barred from flexi-jobs."),
    "activity-not-admitted": message("The sector is admitted for other activities only."),
    "activity-not-known": message("Whether the function is barred depends on the activity."),
    "four-fifths-in-belgium": message(
        "Work in Belgium with other employers reaches four fifths in T-3; "
        "a decision on other work is not needed and a refusal does not touch it."
    ),
    "approval-held": message(
        "The NSSO has approved T-3 in writing for this quarter. The page says nothing of work begun before the letter."
    ),
    "pensioner": message("A pensioner need not have worked in T-3."),
    "age-practice": message("By the practice on age (never law; the reading chosen)."),
    "dimona-accepted": message("Dimona accepted the declaration without a warning, so the NSSO found T-3 in order."),
    "approval-needed": message("The work abroad would be enough; the NSSO has to say so in writing."),
    "approval-pending": message("The question was put to the OSS; the written decision of the NSSO is awaited."),
    "approval-other-quarter": message("The decision held is for another quarter; for this one it must be asked again."),
    "approval-refused": message("The NSSO has refused for this quarter."),
    "approvals-conflict": message(
        "Two decisions for this quarter contradict each other and no rule says which counts."
    ),
    "foreign-pension": message(
        "A pension of another state counts, but the register does not show it: the NSSO has to say so."
    ),
    "pension-day-not-settled": message("On which day of T the pension must run is not settled."),
    "dimona-and-facts-differ": message(
        "Dimona accepted the declaration, yet the facts stated show too little work in T-3."
    ),
    "below-four-fifths": message("The work in T-3 with other employers is below four fifths."),
    "not-employee": message("Work as self-employed does not count in T-3."),
    "work-facts-missing": message("What is known of work, pension and decisions does not yet settle it."),
    "every-way-agrees": message("Whatever is still open, the answer is the same."),
    "not-yet-in-force": message("The reduction rule holds from 1 January 2024."),
    "no-reduction": message("No fall from full-time to four fifths in the quarters that count."),
    "pensioner-not-tested": message("A pensioner is not tested for a reduction (by the reading in use)."),
    "approval-and-reduction": message(
        "An approval is held and the facts show a reduction; which counts is not settled."
    ),
    "reduced-from-full-time": message("A fall from full-time to four fifths blocks this quarter."),
    "no-tie": message("No link that blocks."),
    "does-not-apply": message("Does not apply here."),
    "engagements-not-known": message("The other links with the employer in T are not known."),
    "tie-facts-missing": message("A link in T is not known well enough."),
    "own-employer-tie": message("Another contract with the flexi-job employer in the same quarter."),
    "agency-user-tie": message("The user itself employs the worker."),
    "affiliated-tie": message("A contract with an affiliated undertaking of a size that bars."),
    "severance-with-flexi-employer": message("Severance pay of the flexi-job employer reaches into the quarter."),
    "notice-with-flexi-employer": message("A notice period with the flexi-job employer touches the quarter."),
    "notice-with-another": message("A notice period touches the quarter (by the reading chosen)."),
    "notice-with-anybody-not-known": message(
        "By the reading chosen a notice with anybody blocks, and a case cannot show that."
    ),
    "agency-period-not-settled": message("The text names the employer, not the user of an agency: not settled."),
    "statutory-tie-not-settled": message("Whether a statutory appointment is a contract in this sense is not settled."),
    "party-not-known": message("The employer or the agency is not named, so it may be one of those named."),
    "agency-contract": message("Through an agency no framework agreement is made."),
    "no-framework-agreement": message("Work began without a complete framework agreement."),
    "framework-agreement-signed": message("A complete framework agreement was signed."),
    "framework-agreement-ahead": message("The framework agreement still has to be signed."),
    "declaration-ahead": message("The Dimona FLX still has to be filed."),
    "declaration-blocked": message("The declaration was blocked; a correct one is to be filed."),
    "filing-day-not-known": message(
        "A declaration was filed, on a day that is not stated; it has to be before the work begins."
    ),
    "declared-late": message("The declaration was filed after the work began: it never becomes a flexi-job."),
    "declared-too-early": message("The declaration was filed too early."),
    "declared-in-time": message("The declaration was filed in time, before the work began."),
}
"""Every reason code with its sentence."""

CONFIDENCE: Final = {
    "several": message("This rests on secondary sources."),
    "one": message("This rests on one secondary source."),
    "inferred": message("This is a reading: no source says it in terms."),
}
"""What is said of a finding that rests on less than an official text."""

ACTIONS: Final = {
    "request-approval": message(
        "Write to the OSS (overseas@rsz.fgov.be) and ask for the NSSO's written decision on T-3."
    ),
    "report-to-oss": message("Report the warning to the OSS (overseas@rsz.fgov.be); worker or employer may do it."),
    "expect-warning": message("Dimona will warn. A warning is not a refusal."),
    "wait-for-decision": message("Wait for the written decision of the NSSO; a message of the OSS is not yet one."),
    "reapply": message("Apply again for this quarter, with its own T-3."),
    "reapply-next-quarter": message("The approval is for this quarter only: apply again for the next."),
    "prove-foreign-pension": message("Prove the foreign pension to the NSSO and ask for its written decision."),
    "declare-otherwise": message("Do not declare this work as a flexi-job."),
    "give-letter-to-employer": message("Give the employer a copy of the letter."),
    "keep-letter": message("Keep the letter with the file."),
    "do-not-cancel": message("Neither cancel the FLX nor declare anew because of the warning."),
    "oss-extension-ends": message("An OSS extension without activity ends when the flexi-job begins."),
    "late-stays-flexi": message(
        "Leave the late FLX as it is; the work is ordinary work. Relabelled it would bar the quarter."
    ),
    "file-correct-declaration": message("File a correct FLX."),
    "file-declaration": message("File the Dimona FLX before the work begins."),
    "await-answer": message("Wait for the final answer of Dimona."),
    "sign-framework-agreement": message("Sign a complete framework agreement before the first job."),
    "stop-flexi-on-that-day": message("From this day on no flexi day with this employer is valid in the quarter."),
}
"""Every action with its sentence."""

QUESTIONS: Final = {
    "$.worker": message("What work, pension and age does the worker have?"),
    "$.worker.employments": message("Which jobs did the worker have in T-3, T-4 and T-5?"),
    "$.worker.employments[].quarter": message("In which quarter was this job?"),
    "$.worker.employments[].employer": message("With which employer was this job?"),
    "$.worker.employments[].fraction": message("Which part of a full-time job was this?"),
    "$.worker.employments[].status": message("As what was this work done?"),
    "$.worker.pension": message("Does the worker draw a pension, which, and since when?"),
    "$.worker.pension.kind": message("Which kind of pension is it?"),
    "$.worker.pension.since": message("Since which day does the pension run?"),
    "$.worker.birth_date": message("When was the worker born?"),
    "$.employer": message("Who is the employer, and in which sector?"),
    "$.employer.id": message("Who is the flexi-job employer?"),
    "$.employer.sector": message("In which joint committee, and with which main activity?"),
    "$.employer.sector.joint_committee": message("Which joint (sub)committee is the employer in?"),
    "$.employer.sector.public": message("Is it a public employer?"),
    "$.employer.sector.nace": message("What is the employer's main NACE-BEL code?"),
    "$.employer.sector.nace_version": message("Is that code of NACE-BEL 2008 or 2025?"),
    "$.employer.sector.authority": message("Which community organises, subsidises or recognises the employer?"),
    "$.employer.sector.bakery_fund": message("Does the employer pay into the bakery fund?"),
    "$.function": message("What will the worker do?"),
    "$.function.activity": message("What will the worker do?"),
    "$.agency": message("Who is the agency, and for which user is the work?"),
    "$.agency.id": message("Which agency is it?"),
    "$.engagements": message("Which other links with the employer, user or group does the worker have in T?"),
    "$.engagements[].employer": message("With whom is this link?"),
    "$.engagements[].kind": message("What kind of link is this?"),
    "$.engagements[].fraction": message("How large is this contract?"),
    "$.engagements[].from": message("Since which day?"),
    "$.engagements[].affiliated": message("Does that employer belong to the same group?"),
    "$.engagements[].notice_from": message("On which day did the notice begin?"),
    "$.engagements[].notice_until": message("On which day does the notice end?"),
    "$.approvals": message("Which written decisions of the NSSO are held?"),
    "$.approvals[].quarter": message("For which quarter is this decision?"),
    "$.approvals[].granted": message("Did the NSSO approve or refuse?"),
    "$.approvals[].issued_on": message("Which date does this decision bear?"),
}
"""Every path that can be missing, with its question."""

EVENTS: Final = {
    "ask-oss-from": message(
        "T-3 is over: from now on the OSS (overseas@rsz.fgov.be) can be asked for the written decision."
    ),
    "ask-oss-by": message(
        "The work begins: have the written decision by then; nothing is said of work begun before it."
    ),
    "file-from": message("From this day on the Dimona FLX may be filed."),
    "file-by": message("The work begins: the Dimona FLX has to be filed before."),
    "approval-lapses": message("The last day of the approval; for the next quarter it must be asked for again."),
    "pension-begins": message("The pension begins."),
    "law-changes": message("The law changes on this day."),
}
"""Every kind of day in a plan with its sentence."""

FACTS: Final = {
    "in_force": message("flexi-jobs exist on this day"),
    "legislation": message("legislation that governs the job"),
    "joint_committee": message("joint committee"),
    "public": message("public employer"),
    "main_activity": message("main activity (NACE-BEL)"),
    "authority": message("community or authority"),
    "bakery_fund": message("in the bakery fund"),
    "activity": message("what the worker will do"),
    "belgian_work": message("work in T-3 declared in Belgium, with other employers"),
    "counted_work": message("all work in T-3 that counts, with other employers"),
    "decision": message("written decision of the NSSO for this quarter"),
    "accepted": message("declaration accepted without a warning"),
    "pension_kind": message("kind of pension"),
    "pension_timing": message("when the pension began"),
    "pension_register": message("pension register that shows it"),
    "age": message("age"),
    "volume_t3": message("all work in T-3"),
    "volume_t4": message("all work in T-4"),
    "volume_t5": message("all work in T-5"),
    "same_employer_drop": message("fall from full-time with one employer"),
    "links": message("other links with the employer or its group in T"),
    "place": message("with whom this link is"),
    "kind": message("contract"),
    "size": message("size of the contract"),
    "begun": message("contract begun by the first flexi day"),
    "running": message("contract that runs on a day from the first flexi day on"),
    "severance": message("severance pay that reaches into the quarter"),
    "notice": message("notice period that touches the quarter"),
    "agreement": message("framework agreement"),
    "filing": message("when the declaration was filed"),
    "blocked": message("declaration blocked"),
    "status": message("kind of work"),
}
"""Every fact of an explanation with its name."""

REMEDIES: Final = {
    "ask-oss": message("Still open: ask the OSS for a written decision."),
    "file-again": message("Still open: file a correct declaration."),
    "another-employer": message("Still open: another flexi-job employer."),
    "another-function": message("Still open: other work."),
    "later": message("Still open: begin in a later quarter."),
}
"""What somebody can still do, with its sentence."""

OUTCOMES: Final = {
    "eligible": message("Eligible"),
    "not_eligible": message("Not eligible"),
    "clarification_required": message("Clarification required: only a written decision of the NSSO can say"),
    "undetermined": message("Undetermined: a fact is missing or the law is not settled"),
}

OUTCOME_WORDS: Final = {
    "eligible": message("eligible"),
    "not_eligible": message("not eligible"),
    "clarification_required": message("to be clarified"),
    "undetermined": message("not known"),
}
"""The outcomes in few words, for a picture."""

VERDICTS: Final = {
    "met": message("met"),
    "not_met": message("not met"),
    "needs_decision": message("needs a decision"),
    "unknown": message("unknown"),
}
"""The verdicts of a condition."""

CONDITIONS: Final = {
    "in-force": message("Law in force"),
    "legislation": message("Governing legislation"),
    "sector": message("Sector"),
    "function": message("Function"),
    "employment": message("Employment condition (T-3)"),
    "no-reduction": message("No reduction of working time"),
    "own-employer": message("No other contract with the employer"),
    "severance": message("No severance pay"),
    "notice": message("No notice period"),
    "agency-user": message("No contract with the user"),
    "affiliated": message("No contract with an affiliated undertaking"),
    "framework-agreement": message("Framework agreement"),
    "declaration": message("Dimona declaration"),
}
"""Every condition with its name."""

HOLDERS: Final = {
    "worker": message("worker"),
    "employer": message("employer"),
    "nsso": message("NSSO"),
}
"""Who holds a fact."""

EXPECTED: Final = {
    "ok": message("Expected answer of Dimona: accepted."),
    "warning": message("Expected answer of Dimona: a warning."),
    "unknown": message("Expected answer of Dimona: not known."),
}
"""What Dimona is expected to answer."""

_YES_NO: Final = {"true": message("yes"), "false": message("no")}
_KINDS: Final = {
    "employment": message("employment contract"),
    "statutory": message("statutory appointment"),
    "student": message("student contract"),
    "occasional": message("occasional work"),
    "flexi_job": message("flexi-job"),
}

ACTIVITIES: Final = {
    "ordinary": message("ordinary work"),
    "artistic": message("artistic work"),
    "regulated_care": message("regulated health care"),
    "domestic": message("domestic work"),
    "sex_work": message("sex work"),
    "funeral_casual": message("casual tasks at funerals"),
    "event_organisation": message("organising events"),
    "lifeguard_certified": message("certified lifeguard"),
    "parks_and_gardens": message("parks and gardens"),
    "shore_staff": message("shore staff of sea fishing"),
    "warehouse_staff": message("warehouse staff of sea fishing"),
    "subsidised_education": message("subsidised education"),
}
"""What a worker can do."""

VALUES: Final = {
    "in_force": _YES_NO,
    "legislation": {"belgian": message("Belgian"), "other": message("that of another state")},
    "joint_committee": {
        "none": message("no joint committee"),
        "other": message("any that no row names"),
        "322-user-admitted": message("322, for a user that is admitted"),
        "322-user-not-admitted": message("322, for a user that is not admitted"),
    },
    "public": _YES_NO,
    "main_activity": {
        "none": message("on no list"),
        "CARE": message("on the care list"),
        "CHILDCARE": message("on the childcare list"),
        "CHOCOLATE": message("on the chocolate list"),
        "DRIVING": message("on the driving-school list"),
        "EDU_FREE": message("on the list of free education"),
        "EDU_FREE+EDU_OFFICIAL": message("on the lists of free and of official education"),
        "EDU_OFFICIAL": message("on the list of official education"),
        "EVENT": message("on the events list"),
        "SPORT_CULTURE": message("on the list of sport and culture"),
    },
    "authority": {
        "flemish": message("Flemish Community"),
        "french": message("French Community"),
        "german_speaking": message("German-speaking Community"),
        "federal": message("federal authority"),
        "local": message("local authority"),
    },
    "bakery_fund": _YES_NO,
    "activity": ACTIVITIES,
    "decision": {
        "granted": message("approval"),
        "refused": message("refusal"),
        "none": message("no decision"),
        "unsettled": message("decisions that contradict each other"),
    },
    "accepted": _YES_NO,
    "pension_kind": {
        "retirement": message("retirement pension"),
        "survivor": message("survivor's pension"),
        "transition_allowance": message("transition allowance"),
        "company_supplement": message("unemployment with company supplement"),
        "none": message("no pension"),
        "other": message("no pension in the sense of this law"),
    },
    "pension_timing": {
        "before-T-1": message("before T-1"),
        "by-the-start": message("by the first day of the work"),
        "inside-T": message("inside T, after the first day of the work"),
        "after-T": message("after T"),
    },
    "pension_register": {
        "belgium": message("the Belgian register"),
        "foreign": message("a register of another state"),
    },
    "same_employer_drop": _YES_NO,
    "links": {"no-more": message("no further link"), "another-that-bars": message("another link, one that bars")},
    "place": {
        "employer": message("the flexi-job employer"),
        "user": message("the user of the agency"),
        "affiliate": message("an affiliated undertaking"),
        "elsewhere": message("anybody else"),
    },
    "kind": _KINDS,
    "begun": _YES_NO,
    "running": _YES_NO,
    "severance": _YES_NO,
    "notice": _YES_NO,
    "agreement": {
        "agency": message("none is made: the work is through an agency"),
        "ahead": message("still to be signed"),
        "lacking": message("not signed"),
        "signed": message("signed"),
    },
    "filing": {
        "ahead": message("still to be filed"),
        "in-time": message("filed in time"),
        "late": message("filed after the work began"),
        "not-dated": message("filed, on a day that is not stated"),
        "too-early": message("filed too early"),
    },
    "blocked": _YES_NO,
    "status": {
        "employee": message("employee"),
        "statutory": message("civil servant (statutory)"),
        "self_employed": message("self-employed"),
        "flexi_job": message("flexi-job"),
        "apprentice": message("apprentice"),
        "student": message("student"),
        "minor_part_time": message("young part-time learner"),
        "occasional_agriculture": message("occasional worker in agriculture or horticulture"),
        "occasional_horeca": message("occasional worker in hotels and catering"),
        "deferred_pay": message("teacher with deferred pay"),
    },
}
"""Of every fact whose values are words, each word with its text; other values are numbers and codes."""

SCHEMES: Final = {
    "belgium": message("seen by the NSSO"),
    "overseas": message("under the OSS"),
    "foreign": message("under another state's scheme"),
}
"""Who sees work."""

READ: Final = {
    False: message("Law read on {day}."),
    True: message("Law read on {day}, provisionally: it lies beyond the horizon."),
}
"""Which law was read; whether provisionally."""

PARTS: Final = {
    "day": message("the day itself"),
    "counting": message("which work counts in T-3"),
    "work": message("work in T-3, pension and decisions"),
    "link": message("one link in T"),
    "link-of-an-agency": message("one link in T, through an agency"),
    "sector": message("sector and function"),
    "sector-through-an-agency": message("sector of the user and function, through an agency"),
}
"""The parts of the law that a law diff compares."""

INSTRUMENTS: Final = {
    text: text
    for text in (
        message("Law of 16 November 2015 (various social provisions)"),
        message("Regulation (EC) No 883/2004 on the coordination of social security systems"),
        message("Programme Law of 25 December 2017"),
        message("Programme Law of 26 December 2022"),
        message("Law of 16 October 2023"),
        message("Law of 27 March 2023 (artisanal chocolate)"),
        message("Programme Law of 22 December 2023"),
        message("Law of 3 May 2024 on sex work under an employment contract"),
        message(
            "Amending act of 2026 (bill DOC 56 1526/001, filed 2026-05-08); date of the act and "
            "gazette reference not confirmed"
        ),
        message("Royal decree of 18 April 2024"),
        message("Royal decree of 9 June 2024 (German-speaking Community)"),
        message("Royal decree of 20 June 2024 (joint committees 139 and 320)"),
        message("Royal decree of 31 January 2025"),
        message("NSSO instruction, state of June 2026 (public copy)"),
        message("Overseas Social Security, public page on flexi-jobs for expats"),
        message("NSSO practice"),
        message("NSSO instruction on Dimona FLX"),
        message("Law of 1 April 2022"),
        message(
            "Royal decree of 5 November 2002 on the immediate declaration of employment, as changed by "
            "the Law of 16 November 2015"
        ),
        message("NSSO Dimona glossary, edition 2023/2"),
        message("Royal decree of 13 December 2016"),
        message("Law of 29 June 1981, as changed by the Law of 16 November 2015"),
        message("Law of 29 June 1981, as changed by the Programme Law of 22 December 2023"),
        message("Income Tax Code 1992"),
    )
}
"""Every legal text that the provisions cite, by its name in the law papers."""

ARTICLES: Final = {
    text: text
    for text in (
        message("art. 11 to 13"),
        message("art. 2 (from 2018 § 1 al. 1, 5°)"),
        message("art. 33 (art. 2 § 1, last paragraph of the list)"),
        message("art. 182 (art. 2 § 1 al. 1, 24° and the paragraph after it)"),
        message("art. 182 (art. 2 § 1 and § 4)"),
        message("art. 146 (art. 2 § 1 al. 1, 12°, tail)"),
        message("art. 146 (art. 2 § 1 al. 1, 13°, tail)"),
        message("flexi-job exclusion"),
        message("new art. 2"),
        message("opt-out"),
        message("opt-in (Flemish Community)"),
        message("childcare cap"),
        message("opt-in (German-speaking Community)"),
        message("opt-in"),
        message("art. 5 of the bill (art. 2 replaced)"),
        message("T-3 condition"),
        message("change to art. 4 § 3"),
        message("whole page (seed.txt)"),
        message("art. 183 (art. 4 § 1, last paragraph)"),
        message("double check"),
        message("extra work condition"),
        message("agency clarification"),
        message("change to art. 4 § 1 e)"),
        message("art. 8 to 10"),
        message("art. 7/1 (inserted by art. 23)"),
        message("zone 00910"),
        message("art. 24 and 25"),
        message("surcharge"),
        message("art. 33 to 36"),
        message("change to art. 5"),
        message("art. 38 § 3sexdecies (inserted by art. 16)"),
        message("art. 38 § 3sexdecies (art. 181 and 194)"),
    )
}
"""What stands for an article and has words to translate, by its form in the law papers."""

_INDEX: Final = re.compile(r"\[[0-9]+\]")


def citation_text(instrument: str, article: str, language: str = ENGLISH) -> str:
    """A legal text and the article in it; ``citation`` of a provision in one of the four languages."""
    say = speaker(language)
    return ", ".join(filter(None, (say(INSTRUMENTS[instrument]), say(article) if article in ARTICLES else article)))


def reason_text(code: str, language: str = ENGLISH) -> str:
    """The sentence of a reason code."""
    return speaker(language)(REASONS[code])


def confidence_text(confidence: str, language: str = ENGLISH) -> str:
    """What is said of a finding that rests on less than an official text; empty of any other."""
    found = CONFIDENCE.get(confidence)
    return "" if found is None else speaker(language)(found)


def action_text(code: str, language: str = ENGLISH) -> str:
    """The sentence of an action."""
    return speaker(language)(ACTIONS[code])


def question_text(path: str, language: str = ENGLISH) -> str:
    """The question for a path that is missing."""
    return speaker(language)(QUESTIONS[_INDEX.sub("[]", path)])


def reading_text(name: str, value: str, language: str = ENGLISH) -> str:
    """The sentence that names a reading on which a verdict depends."""
    say = speaker(language)
    return say("So by the reading {name}={value}; another reading gives another answer.").format(name=name, value=value)


def value_text(fact: str, value: str, language: str = ENGLISH) -> str:
    """A value of a fact as ``explain`` and ``lawdiff`` tell it; where one of several, all of them."""
    say, words = speaker(language), VALUES.get(fact, {})
    several = [say(words[one]) if one in words else _span(one, language) for one in value.split(" or ")]
    return several[0] if len(several) == 1 else say("one of: {values}").format(values=", ".join(several))


def _span(value: str, language: str) -> str:
    """A number, a code or what lies between two numbers."""
    say, (low, both, high) = speaker(language), value.partition(" and ")
    return say("{low} and {high}").format(low=low, high=high) if both else value
