"""Independent oracle for Belgian flexi-job eligibility, written from the law papers alone.

Verdicts are ranks: 0 not_met, 1 unknown, 2 needs_decision, 3 met.

How it works.  A WORLD is a case in which nothing is absent or too coarse, plus an answer to every open point of
law that is met on the way (class Law).  In a world every condition is 0, 2 or 3, by plain ifs.
The LADDER's verdict of a condition is read off the worlds of that condition's own facts: one common verdict, or
unknown (with the any-of rule of the papers for `employment` and `no-reduction`).
The OUTCOME is exact: the common one of all worlds, else the ladder's.
"""

import copy
import csv
import datetime as dt
import functools
import itertools
import os
from importlib import resources
import re
from fractions import Fraction as Fr

NOT, UNK, NEEDS, MET = 0, 1, 2, 3
VERDICT = {0: "not_met", 1: "unknown", 2: "needs_decision", 3: "met"}
OUTCOME = {0: "not_eligible", 1: "undetermined", 2: "clarification_required", 3: "eligible"}
EPS = Fr(1, 10**25)
FOUR_FIFTHS = Fr(4, 5)
D = dt.date
DAY = dt.timedelta(days=1)
FOREVER = D(9999, 12, 31)
LONG_AGO = D(1801, 1, 1)
ACTIVITIES = [
    "ordinary",
    "artistic",
    "regulated_care",
    "domestic",
    "sex_work",
    "funeral_casual",
    "event_organisation",
    "lifeguard_certified",
    "parks_and_gardens",
    "shore_staff",
    "warehouse_staff",
    "subsidised_education",
]
CONDITIONS = [
    "in-force",
    "legislation",
    "sector",
    "function",
    "employment",
    "no-reduction",
    "own-employer",
    "severance",
    "notice",
    "agency-user",
    "affiliated",
    "framework-agreement",
    "declaration",
]


# ------------------------------------------------------------------ small helpers
def date(text):
    return D.fromisoformat(text)


def parse_quarter(text):
    return int(text[:4]) * 4 + int(text[5]) - 1  # a running number


def show_quarter(n):
    return "%04dQ%d" % (n // 4, n % 4 + 1)


def first_day(n):
    return D(n // 4, (n % 4) * 3 + 1, 1)


def last_day(n):
    return first_day(n + 1) - DAY


def parse_fraction(value):
    if isinstance(value, dict):
        return exact(value["worked"]) / exact(value["reference"])
    return exact(value)


def exact(value):
    if isinstance(value, Fr):
        return value
    if isinstance(value, str) and value.endswith("%"):
        return Fr(value[:-1]) / 100
    if isinstance(value, float):
        return Fr(repr(value))
    return Fr(value)


def clean(node):
    """null is absent."""
    if isinstance(node, dict):
        return {k: clean(v) for k, v in node.items() if v is not None}
    if isinstance(node, list):
        return [clean(v) for v in node]
    return node


def reading(case, name, default):
    value = case.get("readings", {}).get(name, default)
    if value is True:
        return "true"
    if value is False:
        return "false"
    return value


def flx(case):
    return case.get("formalities", {}).get("declaration", {})


def accepted(case):
    return flx(case).get("result") == "A"


# ------------------------------------------------------------------ open points of law
class Open(Exception):
    pass


class Law:
    def __init__(self, choices):
        self.choices = choices

    def ask(self, key):
        if key not in self.choices:
            raise Open(key)
        return self.choices[key]


def explore(function):
    """Yield function(law) for every way to settle the points it asks about."""
    stack = [{}]
    while stack:
        choices = stack.pop()
        try:
            result = function(Law(choices))
        except Open as point:
            key = point.args[0]
            stack.append({**choices, key: False})
            stack.append({**choices, key: True})
            continue
        yield result


# ------------------------------------------------------------------ the tables
@functools.lru_cache(None)
def tables():
    folder = str(resources.files("flexirules") / "law" / "data")
    with open(os.path.join(folder, "sectors.csv"), encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with open(os.path.join(folder, "nace_lists.csv"), encoding="utf-8", newline="") as handle:
        lists = list(csv.DictReader(handle))
    return rows, lists


def in_force(row, day):
    if row["from"] and day < date(row["from"]):
        return False
    if row["to"] and day > date(row["to"]):
        return False
    return True


def regime_on(day):
    return "LIST" if day <= D(2026, 6, 30) else "DEFAULT"


@functools.lru_cache(None)
def rows_on(day):
    return [
        r for r in tables()[0] if in_force(r, day) and r["regime"] in ("*", regime_on(day)) and r["effect"] != "CAP"
    ]


@functools.lru_cache(None)
def list_on(name, day):
    return [r["nace"] for r in tables()[1] if r["list"] == name and r["nace_version"] == "2008" and in_force(r, day)]


def normal_jc(text):
    """Dots and trailing zero parts."""
    if text is None:
        return None
    parts = [p for p in re.split(r"[.\-]", text) if p]
    while len(parts) > 1 and set(parts[-1]) == {"0"}:
        parts.pop()
    return ".".join(parts)


def jc_matches(row_jc, jc):
    if row_jc == "" or row_jc == "*":
        return True
    if jc is None:
        return False
    if jc == row_jc:
        return True
    if row_jc == "322":
        return False  # 322 matches 322 only
    return jc.startswith(row_jc + ".")


# ------------------------------------------------------------------ sector and function, in a world
# facts = (jc or None, public, nace, version, authority, bakery_fund, activity)
def on_list(name, nace, version, day, law):
    if version == "2008":
        return any(nace.startswith(code) for code in list_on(name, day))
    return law.ask(("nace-2025", name, nace))  # nace-2025-list-not-read


def row_holds(row, facts, day, law, care330, with_activity=True):
    jc, public, nace, version, authority, fund, activity = facts
    if not jc_matches(row["jc"], jc):
        return False
    if row["public"] == "true" and not public:
        return False
    if row["public"] == "false" and public:
        return False
    if row["bakery_fund"] == "true" and not fund:
        return False
    if row["authority"] and row["authority"] != authority:
        return False
    if with_activity and row["activity"] and row["activity"] != activity:
        return False
    wanted = row["nace_list"]
    if care330 and row["id"] == "S-330":
        wanted = "CARE"  # reading care_nace_330
    if wanted and not on_list(wanted, nace, version, day, law):
        return False
    return True


def sector_world(facts, day, agency, readings, law):
    """(allowed, ids of activity rows whose employer part holds, denied)"""
    carry_over, public_default, care330 = readings
    care330 = care330 == "true"
    rows = rows_on(day)
    denied = False
    for row in rows:
        if row["effect"] == "DENY" and row_holds(row, facts, day, law, care330):
            denied = True
    if regime_on(day) == "LIST":
        allowed = False
        by_route = False  # admitted, but not through a committee or the fund
        fits = set()
        for row in rows:
            if row["effect"] != "ALLOW":
                continue
            if row["activity"] and row["activity"] != facts[6]:
                has_employer_part = row["jc"] or row["public"] or row["nace_list"] or row["authority"]
                if has_employer_part and row_holds(row, facts, day, law, care330, with_activity=False):
                    fits.add(row["id"])
                continue
            if not row_holds(row, facts, day, law, care330):
                continue
            if not agency:
                allowed = True
            elif day <= D(2017, 12, 31):
                if row["jc"] == "302":
                    allowed = True
            elif row["jc"] and row["group"] in ("1", "2"):
                allowed = True  # through a joint committee or the bakery fund
            else:
                by_route = True
        if not allowed and by_route:
            allowed = law.ask("agency-user-route")  # agency-user-route-not-settled
        return allowed, frozenset(fits), denied
    best = None
    for row in rows:
        if row["effect"] not in ("ALLOW", "UNKNOWN") or not row_holds(row, facts, day, law, care330):
            continue
        filled = sum(1 for f in ("jc", "public", "nace_list", "activity", "authority") if row[f])
        rank = (0, 0) if row["id"] == "D-ALL" else (filled, len(row["jc"]))
        if best is None or rank > best[0]:
            best = (rank, row)
    if best is None:
        return False, frozenset(), denied
    row = best[1]
    if row["effect"] == "ALLOW":
        return True, frozenset(), denied
    if row["id"] == "D-PUBLIC":
        if public_default == "open":
            return True, frozenset(), denied
        return law.ask("public-default"), frozenset(), denied
    if row["id"] in ("D-132", "D-144", "D-145", "D-320", "D-323-domestic"):
        if carry_over == "true":
            return False, frozenset(), denied
        if carry_over == "false":
            return True, frozenset(), denied
        return law.ask("carry-over"), frozenset(), denied
    return law.ask(("row", row["id"])), frozenset(), denied


@functools.lru_cache(None)
def nace_representatives(day):
    codes = {"62010"}
    names = sorted({r["list"] for r in tables()[1]})
    for r in tables()[1]:
        codes.add((r["nace"] + "99999")[:5] if len(r["nace"]) < 5 else r["nace"])
    seen = {}
    for code in sorted(codes):
        signature = tuple(any(code.startswith(c) for c in list_on(n, day)) for n in names)
        seen.setdefault(signature, code)
    return sorted(seen.values())


@functools.lru_cache(None)
def jc_representatives(day):
    seen = {}
    for jc in ["124"] + sorted({r["jc"] for r in tables()[0]} - {"", "*", "322"}) + ["118.99", "140.99", "303.99"]:
        if children(jc, day):
            continue  # too coarse to be a completion
        signature = frozenset(
            (
                r["effect"],
                r["id"] if r["effect"] == "UNKNOWN" else "",
                r["group"] in ("1", "2"),
                r["public"],
                r["nace_list"],
                r["activity"],
                r["authority"],
                r["bakery_fund"],
                r["id"] == "S-302",
                r["id"] == "S-330",
            )
            for r in rows_on(day)
            if r["jc"] not in ("", "*") and jc_matches(r["jc"], jc)
        )
        seen.setdefault(signature, jc)
    return sorted(seen.values())


@functools.lru_cache(None)
def activity_representatives(day):
    named = {r["activity"] for r in rows_on(day) if r["activity"]}
    return ["ordinary"] + [a for a in ACTIVITIES if a in named]


@functools.lru_cache(None)
def children(jc, day):
    """Subcommittees with a row of their own, where the parent has no plain row: the parent is too coarse."""
    if jc is None:
        return ()
    below = sorted(
        {r["jc"] for r in rows_on(day) if r["effect"] in ("ALLOW", "UNKNOWN") and r["jc"].startswith(jc + ".")}
    )
    if not below:
        return ()
    for r in rows_on(day):
        if (
            r["effect"] == "ALLOW"
            and r["jc"] == jc
            and not (r["public"] or r["nace_list"] or r["activity"] or r["authority"] or r["bakery_fund"])
        ):
            return ()  # the parent's own row already admits it
    return tuple(below) + (jc + ".99",)


def sector_variables(case):
    """The absent or too coarse facts behind sector and function: {path: domain}; and the base facts."""
    day = start_of(case)
    base = "$.employer.sector"
    sector = case.get("employer", {}).get("sector", {})
    if "employer" not in case:
        whole = "$.employer"
    elif "sector" not in case["employer"]:
        whole = base
    else:
        whole = None
    activity = case.get("function", {}).get("activity")
    jc = normal_jc(sector.get("joint_committee"))
    domains = {}
    if activity is None:
        domains["activity"] = (
            "$.function" if "function" not in case else "$.function.activity",
            activity_representatives(day),
        )
    else:
        domains["activity"] = (None, [activity])
    nace = sector.get("nace")
    if nace is None:
        domains["nace"] = (base + ".nace", nace_representatives(day))
    else:
        domains["nace"] = (None, [nace.replace(".", "")])
    version = sector.get("nace_version")
    if version is not None:
        domains["version"] = (None, [str(version)])
    elif day < D(2025, 1, 1):
        domains["version"] = (None, ["2008"])
    else:
        domains["version"] = (base + ".nace_version", ["2008", "2025"])
    authority = sector.get("authority")
    if authority is None or authority == "local":
        domains["authority"] = (base + ".authority", ["flemish", "german_speaking", "french"])
    else:
        domains["authority"] = (None, [authority])
    fund = sector.get("bakery_fund")
    domains["fund"] = (None, [fund]) if fund is not None else (base + ".bakery_fund", [True, False])
    public = sector.get("public")
    if jc is not None:
        domains["public"] = (None, [bool(public)])  # committee given, public absent: private
        below = children(jc, day)
        domains["jc"] = (base + ".joint_committee", list(below)) if below else (None, [jc])
    elif public is True:
        domains["public"] = (None, [True])
        domains["jc"] = (None, [None])  # a public employer may have none
    else:
        domains["public"] = (None, [False]) if public is False else (base + ".public", [True, False])
        domains["jc"] = (base + ".joint_committee", jc_representatives(day) + ([None] if public is None else []))
    if whole:
        for key in ("nace", "version", "authority", "fund", "public", "jc"):
            if domains[key][0]:
                domains[key] = (whole, domains[key][1])
    return domains


SECTOR_KEYS = ["jc", "public", "nace", "version", "authority", "fund", "activity"]


def sector_group(case):
    """ladder verdicts of sector and function, the set of group verdicts, and {path: lowest verdict that can change}"""
    day = start_of(case)
    agency = "agency" in case
    readings = (
        reading(case, "carry_over", "unknown"),
        reading(case, "public_default", "unknown"),
        reading(case, "care_nace_330", "false"),
    )
    domains = sector_variables(case)
    key = (day, agency, readings, tuple((domains[k][0], tuple(domains[k][1])) for k in SECTOR_KEYS))
    return sector_group_cached(*key)


@functools.lru_cache(4096)
def sector_group_cached(day, agency, readings, domains):
    jc_domain = domains[0][1]
    user_needed = jc_domain == ("322",) and not agency
    worlds = []  # facts
    for facts in itertools.product(*[d[1] for d in domains]):
        if facts[0] is None and not facts[1]:
            continue  # a private employer has a committee
        if user_needed:
            worlds.append(facts + (True,))
            worlds.append(facts + (False,))
        else:
            worlds.append(facts + (None,))
    memo = {}

    def triple(facts, law):
        if facts[7] is not None:  # 322 without agency: the user is not shown
            denied = sector_world(facts[:7], day, agency, readings, Law(AlwaysTrue()))[2]
            return facts[7], frozenset(), denied
        return sector_world(facts[:7], day, agency, readings, law)

    def group(facts, law):
        allowed, _, denied = triple(facts, law)
        return MET if allowed and not denied else NOT

    results = []
    for facts in worlds:
        answers = list(explore(lambda law: triple(facts, law)))
        memo[facts] = answers
        for answer in answers:
            results.append((facts, answer))
    # -------- ladder
    activity_given = domains[6][0] is None
    denials = {r[1][2] for r in results}
    if activity_given:
        can = {r[1][0] for r in results}
        function = NOT if denials == {True} else MET if denials == {False} else UNK
        if can == {True}:
            sector = MET
        elif can == {False}:
            surely = frozenset.intersection(*[r[1][1] for r in results])
            if surely:
                sector, function = MET, NOT  # the sector fits, the work does not
            else:
                sector = NOT
        else:
            sector = UNK
    else:
        sectors = {MET if a or fits else NOT for _, (a, fits, _) in results}
        functions = {NOT if denied or (fits and not a) else MET for _, (a, fits, denied) in results}
        sector = sectors.pop() if len(sectors) == 1 else UNK
        function = functions.pop() if len(functions) == 1 else UNK
    verdicts = {MET if a and not denied else NOT for _, (a, _, denied) in results}
    # -------- which absent fact can change the group's verdict
    change = {}
    paths = {}
    for index, (path, _) in enumerate(domains):
        if path:
            paths.setdefault(path, []).append(index)
    if user_needed:
        paths["$.agency"] = [7]
    if len(verdicts) > 1:
        for path, indexes in paths.items():
            families = {}
            for facts in worlds:
                rest = tuple(v for i, v in enumerate(facts) if i not in indexes)
                families.setdefault(rest, []).append(facts)
            for family in families.values():
                sure = {MET if a and not d else NOT for f in family for a, _, d in memo[f]}
                if len(sure) == 1:
                    continue
                if changes(family_kinds(family, memo), group):
                    change[path] = NOT
                    break
    return sector, function, frozenset(verdicts), change


class AlwaysTrue(dict):
    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return False


def family_kinds(family, memo):
    """Among worlds that need no open law, one of each answer is enough."""
    out, seen = [], set()
    for facts in family:
        if len(memo[facts]) > 1:
            out.append(facts)
        elif memo[facts][0] not in seen:
            seen.add(memo[facts][0])
            out.append(facts)
    return out


def changes(family, group):
    """Do two of these worlds, under one and the same law, have different verdicts?  Pair by pair."""
    for one, other in itertools.combinations(family, 2):
        for first, second in explore(lambda law: (group(one, law), group(other, law))):
            if first != second:
                return True
    return False


# ------------------------------------------------------------------ dates of a case
def start_of(case):
    if "start" in case:
        return date(case["start"])
    return first_day(parse_quarter(case["quarter"]))


# ------------------------------------------------------------------ work: employment and no-reduction
def counted(job, case):
    if job["status"] not in ("employee", "statutory"):
        return False
    if job.get("deferred_pay", False) and start_of(case) < D(2018, 1, 1):
        return False
    if job.get("scheme", "belgium") == "foreign" and reading(case, "foreign_work", "on_proof") == "belgian_only":
        return False
    return True


def work_signature(jobs, case):
    """(work counting C14 ties, work excluding them, drop, expected ok counting, expected ok excluding)

    work: MET / NEEDS / NOT before any decision of the NSSO."""
    t = parse_quarter(case["quarter"])
    own = case["employer"]["id"]
    agency = case["agency"].get("id") if "agency" in case else None
    sums = {}
    per_employer = {}
    belgian_per_employer = {}
    for job in jobs:
        if not counted(job, case):
            continue
        back = t - parse_quarter(job["quarter"])
        if back not in (3, 4, 5):
            continue
        fraction = parse_fraction(job["fraction"])
        belgian = job.get("scheme", "belgium") == "belgium"
        seen = belgian and not job.get("deferred_pay", False)  # in the declarations
        tied = job["employer"] == own or (agency is not None and job["employer"] == agency)
        sums.setdefault((back, tied, belgian, seen), Fr(0))
        sums[back, tied, belgian, seen] += fraction
        who = (back, job["employer"])
        per_employer[who] = per_employer.get(who, 0) + fraction
        if seen:
            belgian_per_employer[who] = belgian_per_employer.get(who, 0) + fraction

    def total(back, tied=None, belgian=None, seen=None):
        result = Fr(0)
        for (b, ti, be, se), value in sums.items():
            if (
                b == back
                and (tied is None or ti == tied)
                and (belgian is None or be == belgian)
                and (seen is None or se == seen)
            ):
                result += value
        return result

    def work(count_ties):
        tied = None if count_ties else False
        if total(3, tied, True) >= FOUR_FIFTHS:
            return MET
        if total(3, tied) >= FOUR_FIFTHS:
            return NEEDS
        return NOT

    band = reading(case, "reduction_band", "below_full")

    def full(v):
        return v >= 1

    def reduced(v):
        if band == "exact":
            return v == FOUR_FIFTHS
        return FOUR_FIFTHS <= v < 1

    def drop(only_seen):
        if start_of(case) < D(2024, 1, 1):
            return False
        for a, b in ((4, 3), (5, 4)):
            if reading(case, "reduction_employer", "any") == "same":
                table = belgian_per_employer if only_seen else per_employer
                for employer in {who[1] for who in table}:
                    if full(table.get((a, employer), 0)) and reduced(table.get((b, employer), 0)):
                        return True
            else:
                seen = True if only_seen else None
                if full(total(a, seen=seen)) and reduced(total(b, seen=seen)):
                    return True
        return False

    no_drop_seen = not drop(True)
    ok_count = total(3, None, None, True) >= FOUR_FIFTHS and no_drop_seen
    ok_excl = total(3, False, None, True) >= FOUR_FIFTHS and no_drop_seen
    if "agency" not in case:  # the flexi employer itself never counts
        return work(False), work(False), drop(False), ok_excl, ok_excl
    ties = reading(case, "t3_agency_ties", "unknown")
    if ties == "count":
        return work(True), work(True), drop(False), ok_count, ok_count
    if ties == "exclude":
        return work(False), work(False), drop(False), ok_excl, ok_excl
    return work(True), work(False), drop(False), ok_count, ok_excl


def pension_state(pension, case):
    """'no', 'yes', 'foreign' (would exempt, not in the register), 'open' / 'open-foreign' (inside T after start)"""
    start = start_of(case)
    t = parse_quarter(case["quarter"])
    if pension["kind"] not in ("retirement", "survivor"):
        return "no"
    if start <= D(2017, 12, 31):
        return "no"
    foreign = pension.get("register", "belgium") == "foreign"
    since = date(pension["since"])
    if start <= D(2026, 6, 30):
        if since <= last_day(t - 2):
            return "foreign" if foreign else "yes"
        return "no"
    if since <= start:
        return "foreign" if foreign else "yes"
    if since <= last_day(t):
        return "open-foreign" if foreign else "open"
    return "no"


def approval_state(approvals, case):
    """'none', 'granted', 'refused', 'conflict' (C17: one day, both ways; or no dates known to be told apart)"""
    mine = [a for a in approvals if a["quarter"] == case["quarter"]]
    if not mine:
        return "none"
    if len({a["granted"] for a in mine}) == 1:
        return "granted" if mine[0]["granted"] else "refused"
    latest = max(a["issued_on"] for a in mine)
    last = {a["granted"] for a in mine if a["issued_on"] == latest}
    if last == {True}:
        return "granted"
    if last == {False}:
        return "refused"
    return "conflict"


def old_enough(birth, case):
    """C7: age 65 (66 from 2025-01-01) at start, T 2018Q1 to 2025Q3, reading `practice` only"""
    if reading(case, "age_shortcut", "off") != "practice":
        return False
    t = parse_quarter(case["quarter"])
    if t < parse_quarter("2018Q1") or t > parse_quarter("2025Q3"):
        return False
    start = start_of(case)
    born = date(birth)
    age = start.year - born.year - ((start.month, start.day) < (born.month, born.day))
    return age >= (66 if start >= D(2025, 1, 1) else 65)


def work_way(signature, a, law):
    """the way of work before any letter, C14 settled"""
    if signature[0] == signature[1]:
        return signature[0]
    if a:
        return max(signature[:2])  # A7 settles what hangs on unsettled law, for the worker
    return signature[0] if law.ask("C14") else signature[1]


def pension_way(state, a, law):
    if state == "no":
        return NOT
    if state == "yes":
        return MET
    if state == "foreign":
        return MET if a else NEEDS
    if a:
        return MET
    if not law.ask("pension-inside-T"):
        return NOT
    return MET if state == "open" else NEEDS


def employment_world(signature, pension, letter, aged, case, law):
    a = accepted(case)
    both = reading(case, "pension_and_t3", "either") == "both"
    if letter == "granted":
        return MET
    if letter == "conflict":
        if a:
            return MET
        if law.ask("C17"):
            return MET
        letter = "refused"
    way = work_way(signature, a, law)
    if way == NEEDS:
        if letter == "refused":
            way = NOT
        elif a:
            way = MET
    best = way
    if not both:
        best = max(best, pension_way(pension, a, law))
        if aged:
            best = MET
    if best == NOT and a and letter != "refused":
        return MET if law.ask("dimona-and-facts-differ") else NOT
    return best


def reduction_world(signature, pension, letter, case, law):
    if start_of(case) < D(2024, 1, 1):
        return MET
    if not signature[2]:
        return MET
    rule = reading(case, "approval_and_reduction", "unknown")
    if rule == "facts":
        shown = NOT
    else:
        if letter == "conflict":
            letter = "granted" if law.ask("C17") else "refused"
        if letter != "granted":
            shown = NOT
        elif rule == "letter":
            shown = MET
        else:
            shown = MET if law.ask("C12") else NOT
    if reading(case, "reduction_pensioner", "practice") == "text":
        return shown
    return max(shown, pension_way(pension, False, law))


# ------------------------------------------------------------------ completions of the work group
JOB_FRACTIONS = [Fr(3, 10), Fr(1, 2), FOUR_FIFTHS - EPS, FOUR_FIFTHS, 1 - EPS, Fr(1)]


def all_employments(case):
    """Representative lists for an absent $.worker.employments, one per signature."""
    key = (
        case["quarter"],
        start_of(case),
        case["employer"]["id"],
        case["agency"].get("id") if "agency" in case else None,
        "agency" in case,
        tuple(
            reading(case, n, None) for n in ("foreign_work", "reduction_band", "reduction_employer", "t3_agency_ties")
        ),
    )
    if key not in EMPLOYMENT_CACHE:
        t = parse_quarter(case["quarter"])
        employers = ["~other", case["employer"]["id"]]
        if "agency" in case:
            employers.append(case["agency"]["id"])
        schemes = (
            ["belgium", "overseas", "foreign"]
            if reading(case, "foreign_work", "on_proof") == "belgian_only"
            else ["belgium", "overseas"]
        )
        per_quarter = {}
        for back in (3, 4, 5):
            if back > 3 and start_of(case) < D(2024, 1, 1):
                per_quarter[back] = [[]]
                continue
            jobs = [
                {"quarter": show_quarter(t - back), "employer": e, "fraction": f, "status": "employee", "scheme": s}
                for e in employers
                for f in JOB_FRACTIONS
                for s in schemes
            ]
            seen = {}
            for size in (0, 1, 2):
                for combo in itertools.combinations(jobs, size):
                    seen.setdefault(quarter_signature(combo, case), list(combo))
            per_quarter[back] = list(seen.values())
        found = {}
        for parts in itertools.product(*per_quarter.values()):
            jobs = [j for p in parts for j in p]
            found.setdefault(work_signature(jobs, case), jobs)
        EMPLOYMENT_CACHE[key] = list(found.values())
    return EMPLOYMENT_CACHE[key]


EMPLOYMENT_CACHE = {}


def quarter_signature(jobs, case):
    """All that the sums of this quarter's jobs can decide: full matters in T-5 and T-4, reduced in T-4 and T-3."""
    own = case["employer"]["id"]
    agency = case["agency"].get("id") if "agency" in case else None
    back = parse_quarter(case["quarter"]) - parse_quarter(jobs[0]["quarter"]) if jobs else None
    exactly = reading(case, "reduction_band", "below_full") == "exact"
    counts = [(j["employer"], j["scheme"] == "belgium", j["fraction"]) for j in jobs if counted(j, case)]

    def cls(v):
        if v >= 1:
            return "full" if back in (4, 5) else ""
        if back in (3, 4) and (v == FOUR_FIFTHS if exactly else v >= FOUR_FIFTHS):
            return "reduced"
        return ""

    out = []
    if reading(case, "reduction_employer", "any") == "same":
        for e in [own, "~other"] + ([agency] if agency else []):
            out.append(cls(sum((f for x, _, f in counts if x == e), Fr(0))))
            out.append(cls(sum((f for x, be, f in counts if x == e and be), Fr(0))))
    else:
        out.append(cls(sum((f for _, _, f in counts), Fr(0))))
        out.append(cls(sum((f for _, be, f in counts if be), Fr(0))))
    for ties in (False, True):
        for only in (False, True):
            total = sum((f for x, be, f in counts if (be or not only) and (ties or x not in (own, agency))), Fr(0))
            out.append(total >= FOUR_FIFTHS if back == 3 else False)
    return tuple(out)


def fraction_domain(jobs, index, case):
    """Edge values of a missing fraction: the thresholds less every sum the rest of the quarter can make."""
    job = jobs[index]
    rest = []
    for i, other in enumerate(jobs):
        if (
            i != index
            and "fraction" in other
            and ("quarter" not in job or other.get("quarter", job["quarter"]) == job["quarter"])
        ):
            rest.append(parse_fraction(other["fraction"]))
    sums = {Fr(0)}
    for f in rest[:4]:
        sums |= {s + f for s in sums}
    sums.add(sum(rest, Fr(0)))
    values = {Fr(0), Fr(1)}
    for threshold in (FOUR_FIFTHS, Fr(1)):
        for s in sums:
            for v in (threshold - s, threshold - s - EPS, threshold - s + EPS):
                if 0 <= v <= 1:
                    values.add(v)
    missing = sum(1 for j in jobs if "fraction" not in j)
    if missing > 1:
        values |= {Fr(1, 2), Fr(3, 10)}
        if missing > 2:
            values = {v for v in values if (v + EPS) not in values or v + EPS in (FOUR_FIFTHS, 1)} | {Fr(0), Fr(1)}
    return sorted(values)


def employment_variables(case):
    """[(path, key, domain)] for the jobs given with parts absent; key = (index, field)"""
    jobs = case["worker"]["employments"]
    t = parse_quarter(case["quarter"])
    last = 5 if start_of(case) >= D(2024, 1, 1) else 3
    out = []
    for i, job in enumerate(jobs):
        if "quarter" in job and not 3 <= t - parse_quarter(job["quarter"]) <= last:
            continue
        path = "$.worker.employments[%d]" % i
        if "quarter" not in job:
            out.append((path + ".quarter", (i, "quarter"), [show_quarter(t - b) for b in (1, 3, 4, 5)]))
        if "employer" not in job:
            names = {"~fresh", case["employer"]["id"]} | {j["employer"] for j in jobs if "employer" in j}
            if "agency" in case:
                names.add(case["agency"]["id"])
            out.append((path + ".employer", (i, "employer"), sorted(names)))
        if "status" not in job:
            out.append((path + ".status", (i, "status"), ["employee", "self_employed"]))
        elif job["status"] not in ("employee", "statutory"):
            continue
        if "fraction" not in job:
            out.append((path + ".fraction", (i, "fraction"), fraction_domain(jobs, i, case)))
    return out


def pension_domain(partial, case):
    """Completions of the pension node (partial: what is known of it, or None)."""
    t = parse_quarter(case["quarter"])
    start = start_of(case)
    dates = sorted(
        {LONG_AGO, last_day(t - 2), last_day(t - 2) + DAY, start, start + DAY, last_day(t), last_day(t) + DAY}
    )
    out = {}
    kinds = [partial["kind"]] if partial and "kind" in partial else ["none", "retirement"]
    for kind in kinds:
        if partial and "since" in partial:
            sinces = [date(partial["since"])]
        else:
            sinces = dates
        if partial is None:
            registers = ["belgium", "foreign"]
        else:
            registers = [partial.get("register", "belgium")]
        for since in sinces:
            for register in registers:
                node = {"kind": kind, "since": since.isoformat(), "register": register}
                out.setdefault((kind, pension_state(node, case)), node)
    return list(out.values())


def work_group(case, ladder_only=False):
    """Ladder verdicts of employment and no-reduction, dimona, set of verdicts, {path: lowest verdict that changes}."""
    worker = case.get("worker", {})
    t = parse_quarter(case["quarter"])
    # ---- variables; each is (path, name, domain); a world is {name: value}
    variables = []
    no_worker = "worker" not in case
    # signatures of the work
    if "employments" in worker:
        job_vars = employment_variables(case)
    else:
        lists = all_employments(case)
        job_vars = [("$.worker" if no_worker else "$.worker.employments", None, range(len(lists)))]
    jobs_given = worker.get("employments")
    signatures = {}  # assignment of job variables -> signature
    for values in itertools.product(*[v[2] for v in job_vars]):
        if "employments" not in worker:
            jobs = lists[values[0]]
        elif job_vars:
            jobs = [dict(j) for j in jobs_given]
            for (_, (i, field), _), value in zip(job_vars, values):
                jobs[i][field] = value
            for j in jobs:  # parts that cannot matter
                j.setdefault("status", "employee")
                j.setdefault("fraction", 0)
                j.setdefault("employer", "~fresh")
        else:
            jobs = []
            for j in jobs_given:
                j = dict(j)
                j.setdefault("status", "employee")
                j.setdefault("fraction", 0)
                j.setdefault("employer", "~fresh")
                jobs.append(j)
        signatures[values] = work_signature(jobs, case)
    all_signatures = sorted(set(signatures.values()))
    # pension
    pension = worker.get("pension")
    if pension is None:
        pension_path = "$.worker" if no_worker else "$.worker.pension"
        pensions = {(n["kind"], pension_state(n, case)): pension_state(n, case) for n in pension_domain(None, case)}
        pension_vars = [(pension_path, "pension")]
        pension_worlds = {(s,): s for s in sorted(set(pensions.values()))}
    else:
        names = [n for n in ("kind", "since") if n not in pension]
        pension_vars = []
        pension_worlds = {}
        if "kind" in pension and (pension["kind"] not in ("retirement", "survivor")):
            names = []
        for n in names:
            pension_vars.append(("$.worker.pension." + n, n))
        for node in full_pension_domain(pension, names, case):
            pension_worlds[tuple(node[n] for n in names)] = pension_state(node, case)
    all_pensions = sorted(set(pension_worlds.values()))
    # approvals
    if "approvals" not in case:
        approval_vars = [("$.approvals", None)]
        approval_worlds = {("none",): "none", ("granted",): "granted", ("refused",): "refused"}
    else:
        approval_vars, approval_worlds = approval_completions(case)
    letters = sorted(set(approval_worlds.values()))
    # age
    ages = [False]
    age_path = None
    if "birth_date" in worker:
        ages = [old_enough(worker["birth_date"], case)]
    elif old_enough("1900-01-01", case) if start_of(case) >= D(1970, 1, 1) else False:
        ages = [False, True]
        age_path = "$.worker" if no_worker else "$.worker.birth_date"

    # ---- ladder
    a = accepted(case)
    both = reading(case, "pension_and_t3", "either") == "both"
    absent = "approvals" not in case
    states = set(letters)
    # the way of work
    ways = set()
    for s in all_signatures:
        for w in explore(lambda law: work_way(s, a, law)):
            if w == NEEDS:
                if absent:
                    w = UNK if a else NEEDS
                elif states == {"refused"}:
                    w = NOT
                elif states == {"conflict"}:
                    w = MET if a else UNK
                elif "refused" in states or "conflict" in states:
                    w = UNK
                else:
                    w = MET if a else NEEDS
            ways.add(w)
    work = summary(ways)
    # the letter
    if states == {"granted"}:
        letter = MET
    elif states == {"conflict"}:
        letter = MET if a else UNK
    elif "granted" in states or "conflict" in states:
        letter = UNK
    else:
        letter = NOT
    # the pension
    ways = set()
    for s in all_pensions:
        ways |= set(explore(lambda law: pension_way(s, a, law)))
    pens = summary(ways)
    employment = max(work, letter)
    if not both:
        employment = max(employment, pens)
        if ages == [True]:
            employment = MET
        elif len(ages) == 2:
            employment = max(employment, UNK)
    if employment == NOT and a and states != {"refused"}:
        employment = UNK  # dimona-and-facts-differ
    # no-reduction
    drops = {s[2] for s in all_signatures}
    rule = reading(case, "approval_and_reduction", "unknown")
    if start_of(case) < D(2024, 1, 1) or drops == {False}:
        reduction = MET
    else:
        if rule == "letter" and states == {"granted"}:
            shown = MET
        elif drops != {True}:
            shown = UNK
        elif rule == "facts":
            shown = NOT
        elif "granted" in states or "conflict" in states:
            shown = UNK
        else:
            shown = NOT
        reduction = shown
        if reading(case, "reduction_pensioner", "practice") == "practice":
            ways = set()
            for s in all_pensions:
                ways |= set(explore(lambda law: pension_way(s, False, law)))
            reduction = max(shown, summary(ways))
    # ---- dimona
    answers = set()
    for s in all_signatures:
        for p in all_pensions:
            if p == "yes" and not both:
                answers.add("ok")
            elif s[3] and s[4]:
                answers.add("ok")
            elif s[3] != s[4]:
                answers.add("unknown")
            elif p == "open" and not both:
                answers.add("unknown")
            else:
                answers.add("warning")
    expected = answers.pop() if len(answers) == 1 else "unknown"
    ignore = states == {"granted"}
    filed = flx(case).get("filed_on")
    if filed is not None and date(filed) > start_of(case):
        ignore = False
    if flx(case).get("result") == "W" and flx(case).get("anomalies"):
        if not any(x.split("-")[-1] == "510" for x in flx(case)["anomalies"]):
            ignore = False
    dimona = {"expected": expected, "warning_may_be_ignored": ignore}
    if ladder_only:
        return employment, reduction, dimona, None, None

    # ---- the worlds
    def group(world, law):
        s, p, l, g = world
        return min(employment_world(s, p, l, g, case, law), reduction_world(s, p, l, case, law))

    explored = {}

    def outcomes(world):
        if world not in explored:
            explored[world] = frozenset(explore(lambda law: group(world, law)))
        return explored[world]

    verdicts = set()
    everything = list(itertools.product(all_signatures, all_pensions, letters, ages))
    for world in everything:
        verdicts |= outcomes(world)
    change = {}
    if len(verdicts) > 1:

        def note(path, family):
            if len(frozenset().union(*[outcomes(w) for w in family])) == 1:
                return
            for got in explore(lambda law: frozenset(group(w, law) for w in family)):
                if len(got) > 1:
                    change[path] = min(change.get(path, MET), min(got))

        def families(names, worlds):
            """For each variable: the sets of values reachable by moving it alone."""
            for k, (path, *_) in enumerate(names):
                rests = {}
                for values, result in worlds.items():
                    rests.setdefault(values[:k] + values[k + 1 :], set()).add(result)
                for results in {frozenset(r) for r in rests.values() if len(r) > 1}:
                    yield path, sorted(results)

        if no_worker:
            for l in letters:
                note("$.worker", [(s, p, l, g) for s in all_signatures for p in all_pensions for g in ages])
        else:
            for path, some in families(job_vars, signatures):
                for p, l, g in itertools.product(all_pensions, letters, ages):
                    note(path, [(s, p, l, g) for s in some])
            for path, some in families(pension_vars, pension_worlds):
                for s, l, g in itertools.product(all_signatures, letters, ages):
                    note(path, [(s, p, l, g) for p in some])
            if age_path:
                for s, p, l in itertools.product(all_signatures, all_pensions, letters):
                    note(age_path, [(s, p, l, g) for g in ages])
        for path, some in families(approval_vars, approval_worlds):
            for s, p, g in itertools.product(all_signatures, all_pensions, ages):
                note(path, [(s, p, l, g) for l in some])
    return employment, reduction, dimona, frozenset(verdicts), change


def full_pension_domain(partial, names, case):
    t = parse_quarter(case["quarter"])
    start = start_of(case)
    dates = sorted(
        {LONG_AGO, last_day(t - 2), last_day(t - 2) + DAY, start, start + DAY, last_day(t), last_day(t) + DAY}
    )
    kinds = ["none", "retirement"] if "kind" in names else [partial.get("kind")]
    sinces = [d.isoformat() for d in dates] if "since" in names else [partial.get("since", "1990-01-01")]
    for kind in kinds:
        for since in sinces:
            yield {**partial, "kind": kind, "since": since}


def approval_completions(case):
    """Variables and worlds of an approvals list of which parts are absent."""
    entries = case["approvals"]
    t = parse_quarter(case["quarter"])
    variables = []
    for i, entry in enumerate(entries):
        path = "$.approvals[%d]" % i
        if "quarter" in entry and entry["quarter"] != case["quarter"]:
            continue
        if "quarter" not in entry:
            variables.append((path + ".quarter", (i, "quarter"), [show_quarter(t), show_quarter(t - 1)]))
        if "granted" not in entry:
            variables.append((path + ".granted", (i, "granted"), [True, False]))
        if "issued_on" not in entry:
            days = set()
            for other in entries:
                if "issued_on" in other:
                    d = date(other["issued_on"])
                    days |= {(d - DAY).isoformat(), d.isoformat(), (d + DAY).isoformat()}
            if len(entries) > 1 and len([e for e in entries if "issued_on" not in e]) > 1 or not days:
                days |= {"2001-01-01", "2001-01-02", "2001-01-03"}
            variables.append((path + ".issued_on", (i, "issued_on"), sorted(days)))
    worlds = {}
    for values in itertools.product(*[v[2] for v in variables]):
        full = [dict(e) for e in entries]
        for (_, (i, field), _), value in zip(variables, values):
            full[i][field] = value
        worlds[values] = approval_state(full, case)
    return variables, worlds


def summary(ways):
    if len(ways) == 1:
        return next(iter(ways))
    if min(ways) >= NEEDS:
        return NEEDS  # any-of is the maximum: it needs a decision, or better
    return UNK


# ------------------------------------------------------------------ the five ties, in a world
def ties_world(engagements, case, law):
    """[own-employer, severance, notice, agency-user, affiliated]"""
    return [f(engagements, case, law) for f in (own_employer, severance, notice, agency_user, affiliated)]


def bounds(case):
    t = parse_quarter(case["quarter"])
    return first_day(t), last_day(t), start_of(case)


def span(e):
    return date(e["from"]), date(e["until"]) if "until" in e else FOREVER


def own_employer(engagements, case, law):
    first, last, start = bounds(case)
    if "agency" in case:
        if reading(case, "agency_as_employer", "user") != "agency" or start >= D(2026, 7, 1):
            return MET  # C6
        who = case["agency"]["id"]
    else:
        who = case["employer"]["id"]
    for e in engagements:
        if e["employer"] != who:
            continue
        begins, ends = span(e)
        if start <= D(2023, 12, 31):
            if e["kind"] == "employment" and parse_fraction(e["fraction"]) >= FOUR_FIFTHS:
                if begins <= last and ends >= start:
                    return NOT
        else:
            if e["kind"] in ("employment", "statutory", "student", "occasional"):
                if begins <= start and ends >= first:
                    return NOT
    return MET


def severance(engagements, case, law):
    first, last, start = bounds(case)
    edge = start if reading(case, "period_extent", "quarter") == "days" else first
    user = False
    for e in engagements:
        if "severance_until" not in e or date(e["severance_until"]) < edge:
            continue
        if "agency" in case:
            if e["employer"] == case["agency"]["id"]:
                return NOT
            if e["employer"] == case["employer"]["id"]:
                user = True
        elif e["employer"] == case["employer"]["id"]:
            return NOT
    if user and law.ask("agency-period"):
        return NOT
    return MET


def notice(engagements, case, law):
    first, last, start = bounds(case)
    edge = start if reading(case, "period_extent", "quarter") == "days" else first
    user = False
    for e in engagements:
        if "notice_from" not in e and "notice_until" not in e:
            continue
        if date(e["notice_until"]) < edge or date(e["notice_from"]) > last:
            continue
        if "agency" in case:
            if e["employer"] == case["agency"]["id"]:
                return NOT
            if e["employer"] == case["employer"]["id"]:
                user = True
        elif e["employer"] == case["employer"]["id"]:
            return NOT
        # C2 `any`, and the case itself shows the notice: decided as docs/decisions/0002 records it
        if reading(case, "notice_employer", "flexi") == "any":
            return NOT
    if user and law.ask("agency-period"):
        return NOT
    if reading(case, "notice_employer", "flexi") == "any" and law.ask("C2"):
        return NOT
    return MET


def agency_user(engagements, case, law):
    first, last, start = bounds(case)
    if "agency" not in case or start < D(2022, 5, 7):
        return MET
    statutory = False
    for e in engagements:
        if e["employer"] != case["employer"]["id"]:
            continue
        begins, ends = span(e)
        if begins <= start and ends >= first:
            if e["kind"] in ("employment", "student", "occasional"):
                return NOT
            if e["kind"] == "statutory":
                statutory = True
    if statutory and law.ask("agency-user-statutory"):
        return NOT
    return MET


def affiliated(engagements, case, law):
    first, last, start = bounds(case)
    if start < D(2024, 1, 1):
        return MET
    statutory = False
    for e in engagements:
        if e["employer"] == case["employer"]["id"]:
            continue
        if "agency" in case and e["employer"] == case["agency"]["id"]:
            continue
        if not e["affiliated"] or e["kind"] not in ("employment", "statutory"):
            continue
        begins, ends = span(e)
        if begins > last or ends < start:
            continue
        fraction = parse_fraction(e["fraction"])
        if fraction < FOUR_FIFTHS:
            continue
        if fraction >= 1 and start >= D(2026, 7, 1):
            continue
        if e["kind"] == "employment":
            return NOT
        statutory = True
    if statutory and law.ask("affiliated-statutory"):
        return NOT
    return MET


def engagement_templates(case):
    """Lists for an absent $.engagements: none, and one of each kind that may block."""
    first, last, start = bounds(case)
    names = [case["employer"]["id"]]
    if "agency" in case:
        names.append(case["agency"]["id"])
    early = LONG_AGO.isoformat()
    out = [[]]
    for who in names:
        base = {"employer": who, "affiliated": False, "fraction": 1, "from": early}
        for kind in ("employment", "statutory", "student"):
            out.append([{**base, "kind": kind}])
        out.append([{**base, "kind": "flexi_job", "severance_until": last.isoformat()}])
        out.append([{**base, "kind": "flexi_job", "notice_from": first.isoformat(), "notice_until": last.isoformat()}])
    for kind in ("employment", "statutory"):
        out.append([{"employer": "~sister", "affiliated": True, "kind": kind, "fraction": FOUR_FIFTHS, "from": early}])
    return out


def tie_variables(case):
    first, last, start = bounds(case)
    own = case["employer"]["id"]
    agency = case["agency"]["id"] if "agency" in case else None
    edges = sorted({LONG_AGO, first - DAY, first, start - DAY, start, start + DAY, last, last + DAY})
    out = []
    for i, e in enumerate(case["engagements"]):
        path = "$.engagements[%d]" % i
        if "employer" not in e:
            out.append((path + ".employer", (i, "employer"), [own, "~sister"] + ([agency] if agency else [])))
        if "affiliated" not in e and e.get("employer", "?") not in (own, agency):
            out.append((path + ".affiliated", (i, "affiliated"), [True, False]))
        if "kind" not in e:
            out.append((path + ".kind", (i, "kind"), ["employment", "statutory", "student", "flexi_job"]))
        if "fraction" not in e:
            out.append((path + ".fraction", (i, "fraction"), [Fr(1, 2), FOUR_FIFTHS, Fr(1)]))
        if "from" not in e:
            days = [d.isoformat() for d in edges if "until" not in e or d <= date(e["until"])]
            out.append((path + ".from", (i, "from"), days or [LONG_AGO.isoformat()]))
        if "notice_from" in e and "notice_until" not in e:
            days = [d.isoformat() for d in edges + [FOREVER] if d >= date(e["notice_from"])]
            out.append((path + ".notice_until", (i, "notice_until"), days))
        if "notice_until" in e and "notice_from" not in e:
            days = [d.isoformat() for d in edges if d <= date(e["notice_until"])]
            out.append((path + ".notice_from", (i, "notice_from"), days or [LONG_AGO.isoformat()]))
    return out


def prune(engagements, case):
    """Entries that name an employer without any tie cannot matter: keep the products small."""
    own = case["employer"]["id"]
    agency = case["agency"]["id"] if "agency" in case else None
    keep = []
    for i, e in enumerate(engagements):
        if "employer" in e and e["employer"] not in (own, agency) and e.get("affiliated") is False:
            # but under C2 `any` a notice with anybody is a tie
            if not ("notice_from" in e or "notice_until" in e) or reading(case, "notice_employer", "flexi") != "any":
                continue
        keep.append(i)
    return keep


def tie_worlds(case):
    """variables and {values: engagements}"""
    if "engagements" not in case:
        templates = engagement_templates(case)
        return [("$.engagements", None, templates)], {(i,): t for i, t in enumerate(templates)}
    keep = prune(case["engagements"], case)
    variables = [v for v in tie_variables(case) if v[1][0] in keep]
    worlds = {}
    for values in itertools.product(*[v[2] for v in variables]):
        full = [dict(e) for e in case["engagements"]]
        for (_, (i, field), _), value in zip(variables, values):
            full[i][field] = value
        full = [e for i, e in enumerate(full) if i in keep]
        for e in full:
            e.setdefault("affiliated", False)
        worlds[values] = full
    return variables, worlds


def tie_group(case):
    variables, worlds = tie_worlds(case)
    vectors = {}  # a world's answers, per law, as one hashable thing
    ladder = [set() for _ in range(5)]
    verdicts = set()
    for values, engagements in worlds.items():
        got = frozenset(tuple(x) for x in explore(lambda law: ties_world(engagements, case, law)))
        vectors[values] = got
        for vector in got:
            verdicts.add(min(vector))
            for k in range(5):
                ladder[k].add(vector[k])
    change = {}
    if len(verdicts) > 1:
        for k, (path, *_) in enumerate(variables):
            rests = {}
            for values in worlds:
                rests.setdefault(values[:k] + values[k + 1 :], []).append(values)
            for family in rests.values():
                if len({vectors[v] for v in family}) == 1:
                    continue
                if changes(family, lambda v, law: min(ties_world(worlds[v], case, law))):
                    change[path] = NOT
                    break
    return [summary(s) for s in ladder], frozenset(verdicts), change


# ------------------------------------------------------------------ formalities
def formalities(case):
    given = case.get("formalities", {})
    if "agency" in case:
        framework = MET  # none is needed
    elif given.get("framework_agreement") is False:
        framework = NOT
    else:
        framework = MET
    declaration = MET
    filed = flx(case).get("filed_on")
    start = start_of(case)
    earliest = first_day(parse_quarter(case["quarter"])) - 31 * DAY
    if filed is not None:
        if date(filed) > start:
            declaration = NOT
        if date(filed) < earliest:
            declaration = NOT
    if flx(case).get("result") == "B":
        declaration = NOT
    return framework, declaration


# ------------------------------------------------------------------ the decision
def id_candidates(case):
    """Values for an absent employer.id: every name the case holds, and two fresh ones."""
    names = {j["employer"] for j in case.get("worker", {}).get("employments", []) if "employer" in j}
    names |= {e["employer"] for e in case.get("engagements", []) if "employer" in e}
    names.discard(case.get("agency", {}).get("id"))
    return ["~flexi", "~flexi-too"] + sorted(names)


def agency_candidates(case):
    names = {j["employer"] for j in case.get("worker", {}).get("employments", []) if "employer" in j}
    names |= {e["employer"] for e in case.get("engagements", []) if "employer" in e}
    names.discard(case.get("employer", {}).get("id"))
    return ["~agency", "~agency-too"] + sorted(names)


def with_ids(case, own, agency):
    new = dict(case)
    if "employer" in case:
        new["employer"] = {**case["employer"], "id": own}
    else:
        new["employer"] = {"id": own}
    if "agency" in case:
        new["agency"] = {**case["agency"], "id": agency}
    return new


def decide(case, exactly=True, collect=None):
    case = clean(copy.deepcopy(case))
    t = parse_quarter(case["quarter"])
    start = start_of(case)
    fixed = {}
    fixed["in-force"] = MET if start >= D(2015, 12, 1) else NOT
    law = case.get("worker", {}).get("habitual_legislation", "belgian")
    fixed["legislation"] = MET if law == "belgian" else NOT
    fixed["framework-agreement"], fixed["declaration"] = formalities(case)
    constant = min(fixed.values())
    sector, function, sector_verdicts, sector_change = sector_group(case)

    own_ids = [case["employer"]["id"]] if "id" in case.get("employer", {}) else id_candidates(case)
    agency_ids = (
        [case["agency"]["id"]]
        if "id" in case.get("agency", {})
        else (agency_candidates(case) if "agency" in case else [None])
    )
    runs = []
    for own in own_ids:
        for agency in agency_ids:
            if "agency" in case and own == agency:
                continue
            full = with_ids(case, own, agency)
            runs.append((full, work_group(full, not exactly), tie_group(full)))
    conditions = dict(fixed)
    conditions["sector"], conditions["function"] = sector, function
    conditions["employment"] = summary({r[1][0] for r in runs}) if len(runs) > 1 else runs[0][1][0]
    conditions["no-reduction"] = summary({r[1][1] for r in runs}) if len(runs) > 1 else runs[0][1][1]
    for k, name in enumerate(("own-employer", "severance", "notice", "agency-user", "affiliated")):
        got = {r[2][0][k] for r in runs}
        conditions[name] = next(iter(got)) if len(got) == 1 else UNK
    ladder = min(conditions.values())
    expected = {r[1][2]["expected"] for r in runs}
    dimona = {
        "expected": expected.pop() if len(expected) == 1 else "unknown",
        "warning_may_be_ignored": runs[0][1][2]["warning_may_be_ignored"],
        "file_from": (first_day(t) - 31 * DAY).isoformat(),
        "file_before": start.isoformat(),
    }
    result = {
        "outcome": OUTCOME[ladder],
        "conditions": {c: VERDICT[conditions[c]] for c in CONDITIONS},
        "reference_quarter": show_quarter(t - 3),
        "dimona": dimona,
    }
    if not exactly:
        return result
    # ---- every completion
    outcomes = set()
    missing = set()
    top_sector = max(sector_verdicts)
    top_run = NOT
    for _, work, tie in runs:
        for w, x, s in itertools.product(work[3], tie[1], sector_verdicts):
            outcomes.add(min(constant, w, x, s))
        top_work, top_tie = max(work[3]), max(tie[1])
        top_run = max(top_run, min(top_work, top_tie))
        for path, low in work[4].items():
            if low < min(constant, top_sector, top_tie):
                missing.add(path)
        for path, low in tie[2].items():
            if low < min(constant, top_sector, top_work):
                missing.add(path)
    for path, low in sector_change.items():
        if low < min(constant, top_run):
            missing.add(path)
    if len(runs) > 1 and len(outcomes) > 1:
        missing |= ids_missing(case, own_ids, agency_ids, min(constant, top_sector))
    if collect is not None:
        collect |= outcomes
    if len(outcomes) == 1:
        only = next(iter(outcomes))
        if ladder in (NOT, MET):
            assert ladder == only, ("ladder is unsound", ladder, only, case)
        result["outcome"] = OUTCOME[only]
    else:
        assert ladder not in (NOT, MET), ("ladder is unsound", ladder, outcomes, case)
    result["missing"] = sorted(missing)
    return result


def ids_missing(case, own_ids, agency_ids, cap):
    """Is an absent employer.id (or agency.id) one that changes the outcome alone?  Work and ties together."""
    found = set()
    if cap == NOT:
        return found

    def verdict(own, agency, jobs, pension, letter, aged, engagements, law):
        full = with_ids(case, own, agency)
        sig = work_signature(jobs, full)
        w = min(
            employment_world(sig, pension, letter, aged, full, law), reduction_world(sig, pension, letter, full, law)
        )
        return min(w, cap, *ties_world(engagements, full, law))

    pairs = [(o, g) for o in own_ids for g in agency_ids if o != g]
    job_lists, tie_lists = [], []
    worker = case.get("worker", {})
    pens, letters, ages = set(), set(), {False}
    for own, agency in pairs:
        full = with_ids(case, own, agency)
        if "employments" in worker:
            jv = employment_variables(full)
            for values in itertools.product(*[v[2] for v in jv]):
                jobs = [dict(j) for j in worker["employments"]]
                for (_, (i, field), _), value in zip(jv, values):
                    jobs[i][field] = value
                for j in jobs:
                    j.setdefault("status", "employee")
                    j.setdefault("fraction", 0)
                    j.setdefault("employer", "~fresh")
                job_lists.append(jobs)
        else:
            some = all_employments(full)
            job_lists += some
            # One list stands for all with its sums; whose the work was matters here, so each party has had all of it.
            for party in {own, agency} - {None}:
                job_lists += [[{**j, "employer": party} for j in jobs] for jobs in some]
        tie_lists += list(tie_worlds(full)[1].values())
        if "pension" in worker:
            p = worker["pension"]
            names = (
                [n for n in ("kind", "since") if n not in p]
                if p.get("kind") not in ("none", "transition_allowance", "company_supplement")
                else []
            )
            pens |= {pension_state(n, full) for n in full_pension_domain(p, names, full)}
        else:
            pens |= {pension_state(n, full) for n in pension_domain(None, full)}
        letters |= (
            set(approval_completions(full)[1].values()) if "approvals" in case else {"none", "granted", "refused"}
        )
        if "birth_date" in worker:
            ages = {old_enough(worker["birth_date"], full)}
        elif old_enough("1900-01-01", full):
            ages = {False, True}
    own_families = [[(o, g) for o in own_ids if o != g] for g in agency_ids]
    agency_families = [[(o, g) for g in agency_ids if o != g] for o in own_ids]
    for path, fams, ids in (
        ("$.employer.id" if "employer" in case else "$.employer", own_families, own_ids),
        ("$.agency.id", agency_families, agency_ids),
    ):
        if len(ids) < 2:
            continue
        try:
            for fam in fams:
                for jobs, p, l, g, ties in itertools.product(
                    unique(job_lists), sorted(pens), sorted(letters), sorted(ages), unique(tie_lists)
                ):
                    for got in explore(lambda law: {verdict(o, a, jobs, p, l, g, ties, law) for o, a in fam}):
                        if len(got) > 1:
                            raise StopIteration
        except StopIteration:
            found.add(path)
    return found


def unique(lists):
    out, seen = [], set()
    for x in lists:
        key = repr(x)
        if key not in seen:
            seen.add(key)
            out.append(x)
    return out


def decide_whole(case):
    """The ladder, condition by condition; no search for what is missing."""
    return decide(case, exactly=False)
