"""English texts, made from reason codes when they are asked for and never stored as the only carrier of meaning."""

import re
from typing import Final

REASONS: Final = {
    "law-in-force": "Flexi-jobs exist on this day.",
    "before-the-law": "No flexi-job can start before 1 December 2015.",
    "belgian-legislation": "Belgian social security governs the job.",
    "other-legislation": "Another state's social security governs this job under the EU rules, so it cannot be a "
    "flexi-job.",
    "sector-listed": "The sector is on the list in force.",
    "sector-open": "The sector is open to flexi-jobs.",
    "sector-excluded": "The sector is excluded, by the reading chosen.",
    "sector-not-listed": "The sector is not on the list in force.",
    "sector-facts-missing": "What is known of the employer does not yet show whether the sector is admitted.",
    "law-not-settled": "Whether this sector or employer is admitted is not settled in law.",
    "nace-2025-list-not-read": "The list of main activities in NACE-BEL 2025 was not read.",
    "agency-user-needed": "With an agency the sector of the user decides, and the case does not show the user.",
    "agency-user-route-not-settled": "Whether an agency may send flexi-jobbers to such a user is not settled.",
    "function-free": "The function is not barred.",
    "function-barred": "This function is barred from flexi-jobs.",
    "activity-not-admitted": "The sector is admitted for other activities only.",
    "activity-not-known": "Whether the function is barred depends on the activity.",
    "four-fifths-in-belgium": "Work in Belgium with other employers reaches four fifths in T-3; "
    "a decision on other work is not needed and a refusal does not touch it.",
    "approval-held": "The NSSO has approved T-3 in writing for this quarter. "
    "The page says nothing of work begun before the letter.",
    "pensioner": "A pensioner need not have worked in T-3.",
    "age-practice": "By the practice on age (never law; the reading chosen).",
    "dimona-accepted": "Dimona accepted the declaration without a warning, so the NSSO found T-3 in order.",
    "approval-needed": "The work abroad would be enough; the NSSO has to say so in writing.",
    "approval-pending": "The question was put to the OSS; the written decision of the NSSO is awaited.",
    "approval-other-quarter": "The decision held is for another quarter; for this one it must be asked again.",
    "approval-refused": "The NSSO has refused for this quarter.",
    "approvals-conflict": "Two decisions for this quarter contradict each other and no rule says which counts.",
    "foreign-pension": "A pension of another state counts, but the register does not show it: the NSSO has to say so.",
    "pension-day-not-settled": "On which day of T the pension must run is not settled.",
    "dimona-and-facts-differ": "Dimona accepted the declaration, yet the facts stated show too little work in T-3.",
    "below-four-fifths": "The work in T-3 with other employers is below four fifths.",
    "not-employee": "Work as self-employed does not count in T-3.",
    "work-facts-missing": "What is known of work, pension and decisions does not yet settle it.",
    "every-way-agrees": "Whatever is still open, the answer is the same.",
    "not-yet-in-force": "The reduction rule holds from 1 January 2024.",
    "no-reduction": "No fall from full-time to four fifths in the quarters that count.",
    "pensioner-not-tested": "A pensioner is not tested for a reduction (by the reading in use).",
    "approval-and-reduction": "An approval is held and the facts show a reduction; which counts is not settled.",
    "reduced-from-full-time": "A fall from full-time to four fifths blocks this quarter.",
    "no-tie": "No link that blocks.",
    "does-not-apply": "Does not apply here.",
    "engagements-not-known": "The other links with the employer in T are not known.",
    "tie-facts-missing": "A link in T is not known well enough.",
    "own-employer-tie": "Another contract with the flexi-job employer in the same quarter.",
    "agency-user-tie": "The user itself employs the worker.",
    "affiliated-tie": "A contract with an affiliated undertaking of a size that bars.",
    "severance-with-flexi-employer": "Severance pay of the flexi-job employer reaches into the quarter.",
    "notice-with-flexi-employer": "A notice period with the flexi-job employer touches the quarter.",
    "notice-with-another": "A notice period touches the quarter (by the reading chosen).",
    "notice-with-anybody-not-known": "By the reading chosen a notice with anybody blocks, and a case cannot show that.",
    "agency-period-not-settled": "The text names the employer, not the user of an agency: not settled.",
    "statutory-tie-not-settled": "Whether a statutory appointment is a contract in this sense is not settled.",
    "party-not-known": "The employer or the agency is not named, so it may be one of those named.",
    "agency-contract": "Through an agency no framework agreement is made.",
    "no-framework-agreement": "Work began without a complete framework agreement.",
    "framework-agreement-signed": "A complete framework agreement was signed.",
    "framework-agreement-ahead": "The framework agreement still has to be signed.",
    "declaration-ahead": "The Dimona FLX still has to be filed.",
    "declaration-blocked": "The declaration was blocked; a correct one is to be filed.",
    "filing-day-not-known": "A declaration was filed, on a day that is not stated; it has to be before the work "
    "begins.",
    "declared-late": "The declaration was filed after the work began: it never becomes a flexi-job.",
    "declared-too-early": "The declaration was filed too early.",
    "declared-in-time": "The declaration was filed in time, before the work began.",
}
"""Every reason code with its sentence."""

CONFIDENCE: Final = {
    "several": ("This rests on secondary sources.",),
    "one": ("This rests on one secondary source.",),
    "inferred": ("This is a reading: no source says it in terms.",),
}
"""What is said of a finding that rests on less than an official text."""

ACTIONS: Final = {
    "request-approval": "Write to the OSS (overseas@rsz.fgov.be) and ask for the NSSO's written decision on T-3.",
    "report-to-oss": "Report the warning to the OSS (overseas@rsz.fgov.be); worker or employer may do it.",
    "expect-warning": "Dimona will warn. A warning is not a refusal.",
    "wait-for-decision": "Wait for the written decision of the NSSO; a message of the OSS is not yet one.",
    "reapply": "Apply again for this quarter, with its own T-3.",
    "reapply-next-quarter": "The approval is for this quarter only: apply again for the next.",
    "prove-foreign-pension": "Prove the foreign pension to the NSSO and ask for its written decision.",
    "declare-otherwise": "Do not declare this work as a flexi-job.",
    "give-letter-to-employer": "Give the employer a copy of the letter.",
    "keep-letter": "Keep the letter with the file.",
    "do-not-cancel": "Neither cancel the FLX nor declare anew because of the warning.",
    "oss-extension-ends": "An OSS extension without activity ends when the flexi-job begins.",
    "late-stays-flexi": "Leave the late FLX as it is; the work is ordinary work. Relabelled it would bar the quarter.",
    "file-correct-declaration": "File a correct FLX.",
    "file-declaration": "File the Dimona FLX before the work begins.",
    "await-answer": "Wait for the final answer of Dimona.",
    "sign-framework-agreement": "Sign a complete framework agreement before the first job.",
    "stop-flexi-on-that-day": "From this day on no flexi day with this employer is valid in the quarter.",
}
"""Every action with its sentence."""

QUESTIONS: Final = {
    "$.worker": "What work, pension and age does the worker have?",
    "$.worker.employments": "Which jobs did the worker have in T-3, T-4 and T-5?",
    "$.worker.employments[].quarter": "In which quarter was this job?",
    "$.worker.employments[].employer": "With which employer was this job?",
    "$.worker.employments[].fraction": "Which part of a full-time job was this?",
    "$.worker.employments[].status": "As what was this work done?",
    "$.worker.pension": "Does the worker draw a pension, which, and since when?",
    "$.worker.pension.kind": "Which kind of pension is it?",
    "$.worker.pension.since": "Since which day does the pension run?",
    "$.worker.birth_date": "When was the worker born?",
    "$.employer": "Who is the employer, and in which sector?",
    "$.employer.id": "Who is the flexi-job employer?",
    "$.employer.sector": "In which joint committee, and with which main activity?",
    "$.employer.sector.joint_committee": "Which joint (sub)committee is the employer in?",
    "$.employer.sector.public": "Is it a public employer?",
    "$.employer.sector.nace": "What is the employer's main NACE-BEL code?",
    "$.employer.sector.nace_version": "Is that code of NACE-BEL 2008 or 2025?",
    "$.employer.sector.authority": "Which community organises, subsidises or recognises the employer?",
    "$.employer.sector.bakery_fund": "Does the employer pay into the bakery fund?",
    "$.function": "What will the worker do?",
    "$.function.activity": "What will the worker do?",
    "$.agency": "Who is the agency, and for which user is the work?",
    "$.agency.id": "Which agency is it?",
    "$.engagements": "Which other links with the employer, user or group does the worker have in T?",
    "$.engagements[].employer": "With whom is this link?",
    "$.engagements[].kind": "What kind of link is this?",
    "$.engagements[].fraction": "How large is this contract?",
    "$.engagements[].from": "Since which day?",
    "$.engagements[].affiliated": "Does that employer belong to the same group?",
    "$.engagements[].notice_from": "On which day did the notice begin?",
    "$.engagements[].notice_until": "On which day does the notice end?",
    "$.approvals": "Which written decisions of the NSSO are held?",
    "$.approvals[].quarter": "For which quarter is this decision?",
    "$.approvals[].granted": "Did the NSSO approve or refuse?",
    "$.approvals[].issued_on": "Which date does this decision bear?",
}
"""Every path that can be missing, with its question."""

EVENTS: Final = {
    "ask-oss-from": "T-3 is over: from now on the OSS (overseas@rsz.fgov.be) can be asked for the written decision.",
    "ask-oss-by": "The work begins: have the written decision by then; nothing is said of work begun before it.",
    "file-from": "From this day on the Dimona FLX may be filed.",
    "file-by": "The work begins: the Dimona FLX has to be filed before.",
    "approval-lapses": "The last day of the approval; for the next quarter it must be asked for again.",
    "pension-begins": "The pension begins.",
    "law-changes": "The law changes on this day.",
}
"""Every kind of day in a plan with its sentence."""

FACTS: Final = {
    "in_force": "flexi-jobs exist on this day",
    "legislation": "legislation that governs the job",
    "joint_committee": "joint committee",
    "public": "public employer",
    "main_activity": "main activity (NACE-BEL)",
    "authority": "community or authority",
    "bakery_fund": "in the bakery fund",
    "activity": "what the worker will do",
    "belgian_work": "work in T-3 declared in Belgium, with other employers",
    "counted_work": "all work in T-3 that counts, with other employers",
    "decision": "written decision of the NSSO for this quarter",
    "accepted": "declaration accepted without a warning",
    "pension_kind": "kind of pension",
    "pension_timing": "when the pension began",
    "pension_register": "pension register that shows it",
    "age": "age",
    "volume_t3": "all work in T-3",
    "volume_t4": "all work in T-4",
    "volume_t5": "all work in T-5",
    "same_employer_drop": "fall from full-time with one employer",
    "links": "other links with the employer or its group in T",
    "place": "with whom this link is",
    "kind": "contract",
    "size": "size of the contract",
    "begun": "contract begun by the first flexi day",
    "running": "contract that runs on a day from the first flexi day on",
    "severance": "severance pay that reaches into the quarter",
    "notice": "notice period that touches the quarter",
    "agreement": "framework agreement",
    "filing": "when the declaration was filed",
    "blocked": "declaration blocked",
    "status": "kind of work",
}
"""Every fact of an explanation with its name."""

REMEDIES: Final = {
    "ask-oss": "Still open: ask the OSS for a written decision.",
    "file-again": "Still open: file a correct declaration.",
    "another-employer": "Still open: another flexi-job employer.",
    "another-function": "Still open: other work.",
    "later": "Still open: begin in a later quarter.",
}
"""What somebody can still do, with its sentence."""

_INDEX: Final = re.compile(r"\[[0-9]+\]")

OUTCOMES: Final = {
    "eligible": "Eligible",
    "not_eligible": "Not eligible",
    "clarification_required": "Clarification required: only a written decision of the NSSO can say",
    "undetermined": "Undetermined: a fact is missing or the law is not settled",
}

OUTCOME_WORDS: Final = {
    "eligible": "eligible",
    "not_eligible": "not eligible",
    "clarification_required": "to be clarified",
    "undetermined": "not known",
}
"""The outcomes in few words, for a picture."""


def reason_text(code: str) -> str:
    """The sentence of a reason code."""
    return REASONS[code]


def action_text(code: str) -> str:
    """The sentence of an action."""
    return ACTIONS[code]


def question_text(path: str) -> str:
    """The question for a path that is missing."""
    return QUESTIONS[_INDEX.sub("[]", path)]


def reading_text(name: str, value: str) -> str:
    """The sentence that names a reading on which a verdict depends."""
    return f"So by the reading {name}={value}; another reading gives another answer."
