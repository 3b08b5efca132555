// The explorer: a form that asks what still matters, and the library itself, in the page, that answers.
// Every text about the law comes from the library; the case is held in the address and leaves the browser by no way.

import { python } from "./python.js";

const UI = {
  en: {
    loading: "Loading Python, once…", language: "Language", quarter: "Quarter of the flexi-job", start: "First day",
    unknown: "not known", more: "Other facts", timeline: "Timeline", source: "The same case", json: "As JSON",
    python: "As Python", copy: "Copy", copied: "Copied", none: "none", one: "one link",
    again: "Begin anew", work: "Part of a full-time job, with other employers", scheme: "Who sees this work",
    failed: "This build of the pages has no Python.", agency: "Through an agency", no: "no",
    yes: "yes", accepted: "accepted", warned: "warning", blocked: "blocked", dimona: "Answer of Dimona",
    requested: "Asked the OSS", filed: "Declaration filed on",
  },
  nl: {
    loading: "Python wordt geladen, één keer…", language: "Taal", quarter: "Kwartaal van de flexi-job",
    start: "Eerste dag", unknown: "niet bekend", more: "Andere feiten", timeline: "Tijdlijn", source: "Hetzelfde geval",
    json: "Als JSON", python: "Als Python", copy: "Kopiëren", copied: "Gekopieerd", none: "geen",
    one: "één band", again: "Opnieuw beginnen", work: "Deel van een voltijdse job, bij andere werkgevers",
    scheme: "Wie dit werk ziet", failed: "Deze versie van de pagina's heeft geen Python.",
    agency: "Via een uitzendbureau", no: "neen", yes: "ja", accepted: "aanvaard", warned: "waarschuwing",
    blocked: "geblokkeerd", dimona: "Antwoord van Dimona", requested: "Gevraagd aan de Overzeese Sociale Zekerheid",
    filed: "Aangifte ingediend op",
  },
  fr: {
    loading: "Chargement de Python, une seule fois…", language: "Langue", quarter: "Trimestre du flexi-job",
    start: "Premier jour", unknown: "inconnu", more: "Autres faits", timeline: "Ligne du temps", source: "Le même cas",
    json: "En JSON", python: "En Python", copy: "Copier", copied: "Copié", none: "aucun",
    one: "un lien", again: "Recommencer", work: "Part d'un emploi à temps plein, chez d'autres employeurs",
    scheme: "Qui voit ce travail", failed: "Cette version des pages n'a pas de Python.",
    agency: "Par une entreprise de travail intérimaire", no: "non", yes: "oui", accepted: "acceptée",
    warned: "avertissement", blocked: "bloquée", dimona: "Réponse de Dimona",
    requested: "Demandé à la Sécurité sociale d'outre-mer", filed: "Déclaration introduite le",
  },
  de: {
    loading: "Python wird geladen, einmal…", language: "Sprache", quarter: "Quartal des Flexi-Jobs", start: "Erster Tag",
    unknown: "nicht bekannt", more: "Andere Tatsachen", timeline: "Zeitleiste", source: "Derselbe Fall", json: "Als JSON",
    python: "Als Python", copy: "Kopieren", copied: "Kopiert", none: "keine", one: "eine Bindung",
    again: "Neu beginnen", work: "Teil einer Vollzeitbeschäftigung, bei anderen Arbeitgebern",
    scheme: "Wer diese Arbeit sieht", failed: "Diese Fassung der Seiten hat kein Python.",
    agency: "Über ein Leiharbeitsunternehmen", no: "nein", yes: "ja", accepted: "angenommen", warned: "Warnung",
    blocked: "blockiert", dimona: "Antwort von Dimona", requested: "Die Überseeische Soziale Sicherheit gefragt",
    filed: "Meldung eingereicht am",
  },
};

const root = document.getElementById("explorer");
const fresh = () => ({ lang: "en", quarter: "2026Q4" });
let state = { ...fresh(), ...remembered() };
let texts = null;
let turn = 0;

function remembered() {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}");
  } catch {
    return {};
  }
}

const ui = (name) => UI[state.lang][name];

function made(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

// Each field: its key in the state, its label, its choices or kind, and the paths of the library that ask for it.
function fields() {
  const q = texts.questions;
  const v = texts.values;
  const flag = { true: ui("yes"), false: ui("no") };
  const sector = "$.employer.sector";
  const list = [
    { key: "activity", label: q["$.function.activity"], choices: texts.activities, asks: ["$.function"] },
    {
      key: "jc", label: q[`${sector}.joint_committee`], kind: "committee",
      asks: [`${sector}.joint_committee`, sector, "$.employer"],
    },
    { key: "public", label: q[`${sector}.public`], choices: flag, asks: [`${sector}.public`] },
    { key: "nace", label: q[`${sector}.nace`], kind: "text", pattern: "[0-9]{5}", asks: [`${sector}.nace`] },
    {
      key: "nace_version", label: q[`${sector}.nace_version`], choices: { 2008: "2008", 2025: "2025" },
      asks: [`${sector}.nace_version`],
    },
    { key: "authority", label: q[`${sector}.authority`], choices: v.authority, asks: [`${sector}.authority`] },
    { key: "fund", label: q[`${sector}.bakery_fund`], choices: flag, asks: [`${sector}.bakery_fund`] },
  ];
  for (const back of [3, 4, 5]) {
    const name = `T-${back} (${before(back)}): ${ui("work")}`;
    list.push({ key: `t${back}`, label: name, kind: "fraction", asks: ["$.worker.employments", "$.worker"] });
    if (back === 3 && state.t3) {
      list.push({ key: "s3", label: `T-3: ${ui("scheme")}`, choices: texts.schemes, asks: [], always: true });
    }
  }
  list.push({ key: "pension", label: q["$.worker.pension.kind"], choices: v.pension_kind, asks: ["$.worker.pension", "$.worker"] });
  if (state.pension && state.pension !== "none") {
    list.push({ key: "since", label: q["$.worker.pension.since"], kind: "date", asks: [], always: true });
    list.push({ key: "register", label: texts.facts.pension_register, choices: v.pension_register, asks: [], always: true });
  }
  list.push({ key: "links", label: q["$.engagements"], choices: { none: ui("none"), one: ui("one") }, asks: ["$.engagements"] });
  if (state.links === "one") {
    const place = { employer: v.place.employer, affiliate: v.place.affiliate, elsewhere: v.place.elsewhere };
    list.push({ key: "place", label: q["$.engagements[].employer"], choices: place, asks: [], always: true });
    list.push({ key: "kind", label: q["$.engagements[].kind"], choices: v.kind, asks: [], always: true });
    list.push({ key: "size", label: q["$.engagements[].fraction"], kind: "fraction", asks: [], always: true });
    list.push({ key: "from", label: q["$.engagements[].from"], kind: "date", asks: [], always: true });
  }
  const decisions = { none: v.decision.none, granted: v.decision.granted, refused: v.decision.refused };
  list.push({ key: "decision", label: texts.facts.decision, choices: decisions, asks: ["$.approvals"] });
  list.push({ key: "born", label: q["$.worker.birth_date"], kind: "date", asks: ["$.worker.birth_date"] });
  list.push({ key: "requested", label: ui("requested"), choices: flag, asks: [] });
  list.push({ key: "law", label: texts.facts.legislation, choices: { belgian: v.legislation.belgian, other: v.legislation.other }, asks: [] });
  list.push({ key: "agency", label: ui("agency"), choices: flag, asks: [] });
  list.push({ key: "agreement", label: texts.facts.agreement, choices: { signed: v.agreement.signed, lacking: v.agreement.lacking }, asks: [] });
  list.push({ key: "dimona", label: ui("dimona"), choices: { A: ui("accepted"), W: ui("warned"), B: ui("blocked") }, asks: [] });
  list.push({ key: "filed", label: ui("filed"), kind: "date", asks: [] });
  return list;
}

function before(quarters) {
  const [year, number] = state.quarter.split("Q").map(Number);
  const index = year * 4 + number - 1 - quarters;
  return `${Math.floor(index / 4)}Q${(index % 4) + 1}`;
}

// The case in the form of the library; what was not told is left out, and so not known.
export function caseOf(told) {
  const flag = (value) => (value === undefined ? undefined : value === "true");
  const sector = {
    joint_committee: told.jc, public: flag(told.public), authority: told.authority, bakery_fund: flag(told.fund),
    nace: told.nace, nace_version: told.nace_version,
  };
  const sums = [3, 4, 5].filter((back) => told[`t${back}`] !== undefined);
  const jobs = [3, 4, 5].flatMap((back) => {
    const job = { quarter: before(back), employer: "another", status: "employee", fraction: told[`t${back}`] };
    if (back === 3 && told.s3) job.scheme = told.s3;
    return told[`t${back}`] === "0" ? [] : [job];
  });
  const worker = {
    birth_date: told.born,
    employments: sums.length ? jobs : undefined,
    pension: told.pension && { kind: told.pension, since: told.since, register: told.register },
    habitual_legislation: told.law === "other" ? "another" : undefined,
  };
  const places = { employer: "employer", affiliate: "sister", elsewhere: "elsewhere" };
  const link = {
    employer: places[told.place], kind: told.kind, fraction: told.size, from: told.from,
    affiliated: told.place === undefined ? undefined : told.place === "affiliate",
  };
  const declared = told.dimona || told.filed;
  const formalities = {
    framework_agreement: told.agreement && told.agreement === "signed",
    declaration: declared ? { filed_on: told.filed, result: told.dimona } : undefined,
  };
  return {
    quarter: told.quarter,
    start: told.start,
    worker,
    employer: { id: "employer", sector },
    function: told.activity && { activity: told.activity },
    agency: told.agency === "true" ? { id: "agency" } : undefined,
    engagements: told.links === "none" ? [] : told.links === "one" ? [link] : undefined,
    approvals: { none: [], granted: [{ quarter: told.quarter, granted: true }], refused: [{ quarter: told.quarter, granted: false }] }[told.decision],
    requests: told.requested === "true" ? [{ quarter: told.quarter }] : undefined,
    formalities,
  };
}

// Objects that tell nothing are not told.
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).map(([key, one]) => [key, bare(one)]).filter(([, one]) => one !== undefined);
  return kept.length ? Object.fromEntries(kept) : undefined;
}

function tell(key, value) {
  if (value === "" || value === undefined) delete state[key];
  else state[key] = value;
  show();
}

const PATTERNS = {
  committee: "[0-9]{3}(\\.[0-9]{2}){0,3}( .*)?",
  fraction: "0|1|[0-9]{1,6}/[1-9][0-9]{0,5}",
};
const kept = new Map();

// A control is made anew only where its label or its choices change, so that whoever types is not interrupted.
function control(field) {
  const name = JSON.stringify([state.lang, field]);
  if (!kept.has(name)) kept.set(name, newControl(field));
  const found = kept.get(name);
  const input = found.querySelector("input, select");
  if (input !== document.activeElement) input.value = state[field.key] ?? "";
  return found;
}

function newControl(field) {
  const id = `explorer-${field.key}`;
  let input;
  if (field.choices) {
    input = made("select", { id }, made("option", { value: "" }, ui("unknown")));
    for (const [code, text] of Object.entries(field.choices)) input.append(made("option", { value: code }, text));
  } else {
    const kind = field.kind === "date" ? "date" : "text";
    const list = { committee: "explorer-committees", fraction: "explorer-fractions" }[field.kind];
    input = made("input", { id, type: kind, list, pattern: field.pattern ?? PATTERNS[field.kind], autocomplete: "off", placeholder: kind === "text" ? ui("unknown") : undefined });
  }
  const told = () => input.value.trim().split(" ")[0];
  input.addEventListener("change", () => tell(field.key, told()));
  if (input.type === "text") {
    let pause;
    input.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => input.checkValidity() && told() !== (state[field.key] ?? "") && tell(field.key, told()), 300);
    });
  }
  return made("div", { class: "field", "data-key": field.key }, made("label", { for: id }, field.label), input);
}

function layOut(asks) {
  const focused = document.activeElement?.id;
  const matters = (field) => field.always || state[field.key] !== undefined || field.asks.some((path) => asks.some((asked) => asked.startsWith(path) && !(path === "$.worker" && asked !== path) && !(path === "$.employer" && asked !== path)));
  const all = fields();
  const form = root.querySelector(".asked");
  const rest = root.querySelector(".rest");
  form.replaceChildren(...all.filter(matters).map(control));
  rest.replaceChildren(...all.filter((field) => !matters(field)).map(control));
  if (focused) document.getElementById(focused)?.focus();
}

async function show() {
  const mine = (turn += 1);
  history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify(state))}`);
  const given = JSON.stringify(bare(caseOf(state)));
  const found = JSON.parse(await python("answer", given, state.lang));
  if (mine !== turn) return;
  const out = root.querySelector(".answer");
  if (found.problems) {
    out.replaceChildren(made("p", { class: "problem", role: "alert" }, found.problems.map((one) => `${one.path}: ${one.message}`).join("; ")));
    return;
  }
  root.dataset.outcome = found.outcome;
  root.querySelector(".said").innerHTML = found.said;
  out.innerHTML = found.card;
  const line = made("div", { class: "wide", role: "region", tabindex: 0, "aria-label": ui("timeline") });
  line.innerHTML = found.timeline;
  out.append(made("h3", {}, ui("timeline")), line, made("h3", {}, ui("source")), source("json", found.json), source("python", found.python));
  layOut(found.asks);
}

function source(name, text) {
  const button = made("button", { type: "button" }, ui("copy"));
  button.onclick = async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = ui("copied");
  };
  return made("details", { class: name }, made("summary", {}, ui(name)), button, made("pre", { tabindex: 0 }, text));
}

async function begin() {
  root.replaceChildren(made("p", { class: "loading", role: "status" }, ui("loading")));
  root.lang = state.lang;
  const offline = new URL("offline/files.json", new URL(document.documentElement.dataset.content_root ?? "./", location.href));
  if (!(await fetch(offline)).ok) {
    root.replaceChildren(made("p", { role: "status" }, ui("failed")));
    return;
  }
  texts = JSON.parse(await python("form", state.lang));
  const languages = made("select", { id: "explorer-lang" });
  for (const code of Object.keys(UI)) languages.append(made("option", { value: code }, code));
  languages.value = state.lang;
  languages.onchange = () => {
    state.lang = languages.value;
    begin();
  };
  const quarter = made("input", { id: "explorer-quarter", type: "text", pattern: "[0-9]{4}Q[1-4]", value: state.quarter });
  quarter.onchange = () => tell("quarter", quarter.value.trim());
  const start = made("input", { id: "explorer-start", type: "date", value: state.start ?? "" });
  start.onchange = () => tell("start", start.value);
  const again = made("button", { type: "button" }, ui("again"));
  again.onclick = () => {
    state = { ...fresh(), lang: state.lang };
    begin();
  };
  const committees = made("datalist", { id: "explorer-committees" });
  for (const [code, name] of Object.entries(texts.committees)) committees.append(made("option", { value: `${code} ${name}` }));
  const fractions = made("datalist", { id: "explorer-fractions" });
  for (const part of ["0", "1/2", "4/5", "1"]) fractions.append(made("option", { value: part }));
  const pair = (id, text, input) => made("div", { class: "field" }, made("label", { for: id }, text), input);
  root.replaceChildren(
    made("style", {}, texts.style),
    made("div", { class: "said", role: "status" }),
    made(
      "form", { "aria-label": ui("source") },
      made(
        "div", { class: "always" },
        pair("explorer-lang", ui("language"), languages),
        pair("explorer-quarter", ui("quarter"), quarter),
        pair("explorer-start", ui("start"), start),
      ),
      made("div", { class: "asked" }),
      made("details", {}, made("summary", {}, ui("more")), made("div", { class: "rest" })),
      again, committees, fractions,
    ),
    made("div", { class: "answer" }),
  );
  root.querySelector("form").onsubmit = (event) => event.preventDefault();
  await show();
}

window.explorer = { ask: async (given, language) => JSON.parse(await python("answer", given, language)) };
window.addEventListener("hashchange", () => {
  state = { ...fresh(), ...remembered() };
  begin();
});
begin();
