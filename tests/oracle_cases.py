"""Random valid cases in the JSON form, built so that every rule of the law fires often."""

import copy
import csv
import datetime as dt
import os
from functools import lru_cache
from importlib import resources
import random

D = dt.date
DAY = dt.timedelta(days=1)
CHANGES = [
    D(2015, 12, 1),
    D(2018, 1, 1),
    D(2022, 5, 7),
    D(2023, 1, 1),
    D(2023, 4, 23),
    D(2024, 1, 1),
    D(2024, 4, 1),
    D(2024, 7, 1),
    D(2024, 12, 1),
    D(2025, 1, 1),
    D(2025, 10, 1),
    D(2026, 7, 1),
]
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
OWN, AGENCY, SISTER = "flexi", "agency", "sister"
EXACTLY = [
    "4/5",
    "0.8",
    "80%",
    {"worked": 52, "reference": 65, "unit": "days"},
    {"worked": "30.4", "reference": 38, "unit": "hours"},
]
BELOW = ["799/1000", "0.7999999999", {"worked": 51, "reference": 65, "unit": "days"}, "79%"]
FULL = [1, "1", "100%", {"worked": 65, "reference": 65, "unit": "days"}]
NEARLY = ["999/1000", "0.9999999", "9/10", {"worked": 64, "reference": 65, "unit": "days"}]
READINGS = {
    "reduction_employer": ["same", "any"],
    "notice_employer": ["any", "flexi"],
    "suspensions": ["all_unpaid"],
    "foreign_work": ["belgian_only", "on_proof"],
    "pension_and_t3": ["both", "either"],
    "agency_as_employer": ["agency", "user"],
    "age_shortcut": ["practice", "off"],
    "period_extent": ["days", "quarter"],
    "reduction_pensioner": ["text", "practice"],
    "approval_and_reduction": ["letter", "facts", "unknown"],
    "reduction_band": ["exact", "below_full"],
    "t3_agency_ties": ["count", "exclude", "unknown"],
    "care_nace_330": ["true"],
    "public_default": ["open"],
    "carry_over": ["true", "false"],
}


def number(day):
    return day.year * 4 + (day.month - 1) // 3


def show(n):
    return "%04dQ%d" % (n // 4, n % 4 + 1)


def first(n):
    return D(n // 4, n % 4 * 3 + 1, 1)


def last(n):
    return first(n + 1) - DAY


@lru_cache(maxsize=1)
def tables():
    folder = str(resources.files("flexirules") / "law" / "data")
    with open(os.path.join(folder, "sectors.csv"), encoding="utf-8", newline="") as h:
        rows = list(csv.DictReader(h))
    with open(os.path.join(folder, "nace_lists.csv"), encoding="utf-8", newline="") as h:
        lists = list(csv.DictReader(h))
    return rows, lists


def fraction(rng):
    return rng.choice(rng.choice([EXACTLY, BELOW, FULL, NEARLY, FULL, EXACTLY, ["1/2"], ["3/10"], [0]]))


def make_employments(rng, t, agency):
    jobs = []

    def job(back, value, employer=None, status=None, scheme=None):
        entry = {
            "quarter": show(t - back),
            "employer": employer or "main",
            "fraction": value,
            "status": status or "employee",
        }
        if scheme and not (scheme == "belgium" and rng.random() < 0.7):
            entry["scheme"] = scheme
        jobs.append(entry)
        return entry

    style = rng.random()
    scheme = rng.choices(["belgium", "overseas", "foreign"], [6, 3, 1])[0]
    if style < 0.35:  # one career over three quarters, any edges
        who = rng.choice(["main"] * 8 + [OWN] + ([AGENCY] * 4 if agency else []))
        profile = rng.choice(
            [
                (FULL, FULL, FULL),
                (EXACTLY, EXACTLY, EXACTLY),
                (EXACTLY, FULL, FULL),
                (NEARLY, FULL, FULL),
                (EXACTLY, EXACTLY, FULL),
                (FULL, NEARLY, FULL),
                (FULL, EXACTLY, EXACTLY),
                (BELOW, FULL, FULL),
                (FULL, BELOW, FULL),
                (NEARLY, NEARLY, NEARLY),
                (BELOW, EXACTLY, FULL),
            ]
        )
        for back, values in zip((3, 4, 5), profile):
            job(back, rng.choice(values), who if rng.random() < 0.85 else "second", scheme=scheme)
    elif style < 0.6:  # two jobs that add up in T-3
        other = rng.choice(["second", OWN, "second"] + ([AGENCY, AGENCY] if agency else []))
        job(3, "1/2", scheme=scheme)
        job(
            3, rng.choice(["3/10", "30%", "299/1000", "1/2"]), other, scheme=rng.choice(["belgium", "overseas", scheme])
        )
        for back in (4, 5):
            if rng.random() < 0.7:
                job(back, fraction(rng), scheme=scheme)
            if rng.random() < 0.3:
                job(back, fraction(rng), rng.choice(["second", OWN]), scheme=scheme)
    elif style < 0.95:  # loose
        for back in (3, 4, 5, 3, 2):
            if rng.random() < 0.6:
                entry = job(
                    back,
                    fraction(rng),
                    rng.choice(["main", "main", "second", OWN] + ([AGENCY] if agency else [])),
                    rng.choice(
                        ["employee"] * 6
                        + ["statutory"] * 2
                        + [
                            "self_employed",
                            "flexi_job",
                            "apprentice",
                            "student",
                            "minor_part_time",
                            "occasional_agriculture",
                            "occasional_horeca",
                        ]
                    ),
                    rng.choice(["belgium", "belgium", "overseas", "foreign"]),
                )
                if rng.random() < 0.12:
                    entry["deferred_pay"] = rng.random() < 0.85
    if rng.random() < 0.06 and jobs:
        entry = rng.choice(jobs)
        entry["deferred_pay"] = True
    rng.shuffle(jobs)
    return distinct(jobs)


def distinct(items):
    out = []
    for x in items:
        if x not in out:
            out.append(x)
    return out


def pension(rng, t, start):
    kind = rng.choice(
        ["none"] * 5 + ["retirement"] * 4 + ["survivor"] * 2 + ["transition_allowance", "company_supplement"]
    )
    node = {"kind": kind}
    if kind != "none":
        node["since"] = rng.choice(
            [
                last(t - 2),
                last(t - 2) + DAY,
                last(t - 2) - 40 * DAY,
                start,
                start - DAY,
                start + DAY,
                first(t),
                last(t),
                last(t) + DAY,
                D(2012, 1, 1),
                first(t - 1),
            ]
        ).isoformat()
        if rng.random() < 0.6:
            node["register"] = rng.choice(["belgium", "foreign"])
    return node


def sector(rng, start, agency):
    rows, lists = tables()
    day = start
    live = [
        r
        for r in rows
        if (not r["from"] or D.fromisoformat(r["from"]) <= day) and (not r["to"] or D.fromisoformat(r["to"]) >= day)
    ]
    row = rng.choice(live) if live and rng.random() < 0.65 else rng.choice(rows)
    if row["effect"] == "DENY" and rng.random() < 0.5:
        row = rng.choice(rows)
    node = {}
    activity = "ordinary"
    jc = row["jc"]
    if jc in ("", "*"):
        jc = rng.choice(
            ["124", "124", "329", "330", "302", "331", "152", "225", "329.01", "227", "999"]
            + ([""] * 6 if row["public"] == "true" else [])
        )
    if jc == "322" and rng.random() < (0.9 if agency else 0.5):
        jc = rng.choice(["302", "119", "124", "139", "322.01"])
    if rng.random() < 0.12:
        jc = rng.choice(
            [
                "118",
                "140",
                "303",
                "118.01",
                "140.03",
                "303.01",
                "303.03",
                "119.01",
                "202.01",
                "202.02",
                "145.04",
                "320.01",
                "118.03.01",
                "302.00",
                "118.03.00-00.00",
                "200",
                "201",
                "209",
                "304",
                "330.01",
                "331",
            ]
        )
    public = None
    if row["public"]:
        public = row["public"] == "true"
        if rng.random() < 0.1:
            public = not public
    elif rng.random() < 0.3:
        public = rng.random() < 0.3
    if public is False and not jc:
        jc = "329"
    if not jc and public is None:
        public = True
    if jc == "999":
        public = True
    if jc:
        node["joint_committee"] = jc
    if public is not None:
        node["public"] = public
    names = sorted({r["list"] for r in lists})
    listed = row["nace_list"] or (rng.choice(names) if rng.random() < 0.3 else "")
    if row["id"] == "S-330" and rng.random() < 0.5:
        listed = "CARE"
    if listed and rng.random() < 0.85:
        code = rng.choice([r["nace"] for r in lists if r["list"] == listed])
        while len(code) < 5:
            code += rng.choice("0123456789")
        node["nace"] = code
    else:
        node["nace"] = rng.choice(["62010", "84111", "85590", "93290", "47241", "88990", "86902", "10711", "56101"])
    if start < D(2025, 1, 1):
        if rng.random() < 0.5:
            node["nace_version"] = "2008"
    else:
        node["nace_version"] = rng.choice(["2008"] * 3 + ["2025"])
    node["authority"] = (
        row["authority"]
        if row["authority"] and rng.random() < 0.8
        else rng.choice(["flemish", "german_speaking", "french", "federal"])
    )
    node["bakery_fund"] = (row["bakery_fund"] == "true" and rng.random() < 0.85) or rng.random() < 0.08
    if row["activity"] and rng.random() < 0.75:
        activity = row["activity"]
    elif rng.random() < 0.25:
        activity = rng.choice(ACTIVITIES)
    return node, {"activity": activity}


def engagement(rng, t, start, agency):
    day = lambda: rng.choice(
        [
            first(t) - DAY,
            first(t),
            start - DAY,
            start,
            start + DAY,
            last(t),
            last(t) + DAY,
            first(t - 1),
            first(t - 6),
            min(start + 10 * DAY, last(t)),
        ]
    )
    who = rng.choice([OWN, OWN, SISTER, SISTER] + ([AGENCY, OWN] if agency else []) + ["stranger"])
    kind = rng.choice(["employment"] * 4 + ["statutory", "student", "occasional", "flexi_job"])
    node = {
        "employer": who,
        "kind": kind,
        "fraction": fraction(rng),
        "from": rng.choice([first(t - 6), day(), day()]).isoformat(),
    }
    if rng.random() < 0.55:
        until = max(day(), D.fromisoformat(node["from"]))
        node["until"] = until.isoformat()
    if who == SISTER:
        node["affiliated"] = rng.random() < 0.9
    elif who == "stranger":
        node["affiliated"] = False
    extra = rng.random()
    if extra < 0.2:
        a = day()
        node["notice_from"] = a.isoformat()
        node["notice_until"] = max(a, day()).isoformat()
        if rng.random() < 0.7:
            node["from"] = min(node["from"], node["notice_from"])
    elif extra < 0.4:
        node["severance_until"] = max(day(), D.fromisoformat(node.get("until", node["from"]))).isoformat()
    return node


def whole_case(rng):
    """In two cases of three only one or two parts are random; the others are clear, so that the part decides."""
    agency = rng.random() < 0.25
    parts = ["sector", "work", "ties", "formalities"]
    focus = set(parts) if rng.random() < 0.3 else set(rng.sample(parts, rng.choice([1, 1, 2])))
    if rng.random() < 0.75:
        change = rng.choice(CHANGES + [D(2026, 7, 1), D(2024, 1, 1)])
        day = change + rng.choice([-1, 0, 0, 1, 2, -40, 45, 100]) * DAY
    else:
        day = D(2015, 10, 1) + rng.randrange(0, 4130) * DAY
    t = number(day)
    case = {"quarter": show(t)}
    if rng.random() < 0.85:
        start = rng.choice([day, day, day, first(t), last(t), first(t) + rng.randrange(80) * DAY])
        case["start"] = start.isoformat()
    start = D.fromisoformat(case["start"]) if "start" in case else first(t)
    worker = {"employments": make_employments(rng, t, agency), "pension": pension(rng, t, start)}
    if rng.random() < 0.4:
        age = rng.choice([64, 65, 66, 67, 30])
        near = start + rng.choice([-1, 0, 1, 100]) * DAY
        worker["birth_date"] = D(near.year - age, near.month, min(near.day, 28)).isoformat()
    if rng.random() < 0.05:
        worker["habitual_legislation"] = rng.choice(["dutch", "french", "belgian"])
    case["worker"] = worker
    node, function = sector(rng, start, agency)
    if "sector" not in focus:  # clear the way for the other conditions
        node, function = {"joint_committee": "302", "public": False}, {"activity": "ordinary"}
    case["employer"] = {"id": OWN, "sector": node}
    case["function"] = function
    if agency:
        case["agency"] = {"id": AGENCY}
    elif rng.random() < 0.3:
        case["agency"] = None
    count = rng.choice([0, 1, 1, 1, 2]) if "ties" in focus else 0
    case["engagements"] = distinct([engagement(rng, t, start, agency) for _ in range(count)])
    approvals = []
    style = rng.random()
    issued = rng.choice([first(t) - 20 * DAY, start - DAY, start, start + 3 * DAY])
    if style < 0.2:
        approvals = [{"quarter": show(t), "granted": True, "issued_on": issued.isoformat(), "reference": "OSS/1"}]
    elif style < 0.28:
        approvals = [{"quarter": show(t), "granted": False, "issued_on": issued.isoformat()}]
    elif style < 0.33:
        approvals = [
            {
                "quarter": show(t + rng.choice([-1, 1, -3])),
                "granted": rng.random() < 0.8,
                "issued_on": issued.isoformat(),
            }
        ]
    elif style < 0.45:
        other = issued + rng.choice([0, 0, 1, -1]) * DAY
        approvals = [
            {"quarter": show(t), "granted": True, "issued_on": issued.isoformat(), "reference": "a"},
            {"quarter": show(t), "granted": rng.random() < 0.2, "issued_on": other.isoformat(), "reference": "b"},
        ]
        rng.shuffle(approvals)
        if rng.random() < 0.15:
            approvals.append({"quarter": show(t - 1), "granted": True, "issued_on": issued.isoformat()})
    case["approvals"] = distinct(approvals)
    case["requests"] = []
    if rng.random() < 0.25:
        case["requests"] = [
            {
                "quarter": show(rng.choice([t, t - 1])),
                "made_on": (first(t) - 10 * DAY).isoformat(),
                "by": rng.choice(["worker", "employer"]),
            }
        ]
    if "work" not in focus:
        case["approvals"] = []
        worker["employments"] = [
            {"quarter": show(t - b), "employer": "main", "fraction": 1, "status": "employee"} for b in (3, 4, 5)
        ]
    elif "sector" not in focus and rng.random() < 0.3:  # letters and pensions decide
        worker["employments"] = [dict(j, scheme="overseas") if rng.random() < 0.8 else j for j in worker["employments"]]
        worker["employments"] = distinct(worker["employments"])
    if "formalities" not in focus and rng.random() < 0.25:
        case["formalities"] = {"declaration": {"filed_on": first(t).isoformat(), "result": "A", "anomalies": []}}
    if "formalities" in focus:
        formal = {}
        if rng.random() < 0.7:
            formal["framework_agreement"] = rng.random() < 0.85
        if rng.random() < 0.8:
            early = first(t) - 31 * DAY
            filed = rng.choice([early - DAY, early, start, start - DAY, start + DAY, first(t), early + 10 * DAY])
            if filed > start and rng.random() < 0.6:
                filed = start
            formal["declaration"] = {
                "filed_on": filed.isoformat(),
                "result": rng.choice("AAAWWBS"),
                "anomalies": rng.choice([[], ["90017-510"], ["90017-369"], ["90017-510", "90017-369"], ["00913-355"]]),
            }
            if formal["declaration"]["result"] != "W":
                formal["declaration"]["anomalies"] = []
            if rng.random() < 0.1:
                del formal["declaration"][rng.choice(["filed_on", "result", "anomalies"])]
        case["formalities"] = formal
    if rng.random() < 0.35:
        case["readings"] = {n: rng.choice(READINGS[n]) for n in rng.sample(sorted(READINGS), rng.choice([1, 1, 2, 3]))}
        if start >= D(2026, 7, 1) and case["readings"].get("agency_as_employer") == "agency":
            case["readings"]["agency_as_employer"] = "user"
    return case


def nodes(case):
    """Paths (tuples) of everything whose absence means not known, with a weight."""
    out = [
        (("worker",), 1),
        (("worker", "employments"), 5),
        (("worker", "pension"), 6),
        (("employer", "sector"), 2),
        (("employer",), 1),
        (("function",), 3),
        (("function", "activity"), 5),
        (("approvals",), 5),
        (("engagements",), 5),
    ]
    if "birth_date" in case["worker"]:
        out.append((("worker", "birth_date"), 2))
    for field in ("kind", "since", "register"):
        if field in case["worker"]["pension"]:
            out.append((("worker", "pension", field), 4 if field == "since" else 2))
    for i, job in enumerate(case["worker"]["employments"]):
        for field in ("fraction", "status", "employer", "quarter"):
            out.append((("worker", "employments", i, field), {"fraction": 4, "status": 2}.get(field, 1)))
    for field in case["employer"]["sector"]:
        out.append((("employer", "sector", field), 3))
        if field in ("joint_committee", "authority"):
            out.append((("employer", "sector", field, "~coarse"), 3))
    for i, entry in enumerate(case["approvals"]):
        for field in ("quarter", "granted", "issued_on"):
            out.append((("approvals", i, field), 3 if field == "issued_on" else 2))
    for i, entry in enumerate(case["engagements"]):
        for field in ("employer", "kind", "fraction", "from", "until", "affiliated", "notice_from", "notice_until"):
            if field in entry:
                out.append((("engagements", i, field), 3))
    return out


def remove(case, path):
    node = case
    coarse = path[-1] == "~coarse"
    steps = path[:-1] if coarse else path
    for step in steps[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError):
            return
    key = steps[-1]
    if key not in node:
        return
    if coarse:
        node[key] = "local" if key == "authority" else str(node[key]).split(".")[0]
    else:
        del node[key]


def partial_case(rng):
    case = whole_case(rng)
    options = nodes(case)
    for _ in range(rng.choice([1, 1, 2, 3])):
        path = rng.choices([p for p, _ in options], [w for _, w in options])[0]
        remove(case, path)
    return case


def valid(case):
    for jobs in (case.get("worker", {}).get("employments", []), case.get("approvals", []), case.get("engagements", [])):
        if len(distinct(jobs)) != len(jobs):
            return False
    return True


def whole_cases(seed, n):
    rng = random.Random("whole-%s" % seed)
    out = []
    while len(out) < n:
        case = whole_case(rng)
        if valid(case):
            out.append(copy.deepcopy(case))
    return out


def partial_cases(seed, n):
    rng = random.Random("partial-%s" % seed)
    out = []
    while len(out) < n:
        case = partial_case(rng)
        if valid(case):
            out.append(copy.deepcopy(case))
    return out
