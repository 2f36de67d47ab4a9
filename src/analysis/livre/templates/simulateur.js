// The simulator: the same sum of products as src/analysis/indicateurs/depenses_passives/scenarios.py, in cents.
// It reads COEFFICIENTS (simulateur-donnees.js) and asks for no other file.
"use strict";

const PARTS = ["part_rsa", "part_ass", "part_aah", "part_are", "part_aucune"];
const CDE = "cde";

function normalised(hypotheses) {
  const total = PARTS.reduce((sum, name) => sum + hypotheses[name], 0);
  if (!(total > 0)) throw new Error("Les parts des ressources avant l'embauche sont toutes nulles : il en faut au moins une.");
  const kept = { ...hypotheses };
  for (const name of PARTS) kept[name] = hypotheses[name] / total;
  return kept;
}

// The weights of the low, central and high values at a place between 0 and 1.
function place(t) {
  return { basse: Math.max(1 - 2 * t, 0), centrale: 1 - Math.abs(2 * t - 1), haute: Math.max(2 * t - 1, 0) };
}

function variants(hypotheses) {
  const weights = { ...place(1 - hypotheses.cumul) };
  for (const [name, weight] of Object.entries(place(hypotheses.lignes_declarees))) weights[`declaree_${name}`] = weight;
  return weights;
}

// Cents per ETP by year since the hire, payer and line: [{ annee, payeur, ligne, perimetre, centimes }].
function evaluer(table, hypotheses, perimetre) {
  const counted = [...table.perimetres.slice(0, table.perimetres.indexOf(perimetre) + 1), CDE];
  const weights = variants(hypotheses);
  const cells = new Map();
  for (const [millesime, annee, variante, , de, ligne, payeur, facteurs, montant] of table.lignes) {
    if (millesime !== hypotheses.millesime || !counted.includes(de)) continue;
    const product = facteurs.split(" ").reduce((value, name) => value * hypotheses[name], montant * weights[variante]);
    const key = [annee, payeur, ligne, de].join("|");
    cells.set(key, (cells.get(key) ?? 0) + product);
  }
  const rounded = [...cells].map(([key, euros]) => {
    const [annee, payeur, ligne, de] = key.split("|");
    return { annee: Number(annee), payeur, ligne, perimetre: de, centimes: Math.round(euros * 100) };
  });
  return balanced(rounded);
}

// A compensation that rounding left a cent short: the State takes it, so that nothing is created.
function balanced(cells) {
  const left = new Map();
  for (const cell of cells.filter((one) => one.ligne.startsWith("compensation_"))) {
    const key = `${cell.annee}|${cell.ligne}`;
    left.set(key, (left.get(key) ?? 0) + cell.centimes);
  }
  return cells.map((cell) => {
    const short = cell.payeur === "etat" ? left.get(`${cell.annee}|${cell.ligne}`) ?? 0 : 0;
    return { ...cell, centimes: cell.centimes - short };
  });
}

globalThis.bilanSimulateur = { evaluer, normalised };

const NUMBER = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });
const euros = (cents) => NUMBER.format(Math.round(cents / 100) + 0).replace("-", "\u2212");

function fields(form) {
  return [...form.querySelectorAll("input[type=number]")];
}

// The value of a field, or a French sentence that says what was found and what is expected.
function read(field) {
  const value = field.valueAsNumber;
  const [low, high] = [Number(field.min), Number(field.max)];
  const isGood = Number.isFinite(value) && value >= low && value <= high;
  field.setAttribute("aria-invalid", String(!isGood));
  if (isGood) return value;
  const label = form().querySelector(`label[for="${field.id}"]`).textContent;
  throw new Error(`« ${label} » : trouvé « ${field.value || "rien"} », attendu un nombre de ${low} à ${high}.`);
}

const form = () => document.querySelector("#simulateur");

function typed() {
  const faults = [];
  const values = {};
  for (const field of fields(form())) {
    try {
      values[field.name] = read(field) / (field.dataset.pourcent === undefined ? 1 : 100);
    } catch (fault) {
      faults.push(fault.message);
    }
  }
  for (const choice of form().querySelectorAll("select[name]")) {
    values[choice.name] = choice.dataset.nombre === undefined ? choice.value : Number(choice.value);
  }
  if (faults.length) throw new Error(faults.join(" "));
  return normalised(values);
}

function computed() {
  const values = typed();
  const cells = evaluer(COEFFICIENTS, values, values.perimetre);
  const isNet = form().querySelector("#compensee").checked;
  return { values, cells: isNet ? cells : cells.filter((cell) => !cell.ligne.startsWith("compensation_")) };
}

// By payer and budget year, in cents, for all the jobs: without the CDE, the CDE, the commune's own contribution.
function byYear({ values, cells }) {
  const years = Array.from({ length: values.annees }, (_, index) => index + 1);
  const rows = new Map(Object.keys(COEFFICIENTS.payeurs).map((payeur) => [payeur, years.map(() => ({ gain: 0, cde: 0 }))]));
  for (const cell of cells) {
    years.forEach((year, index) => {
      if (Math.min(year, 2) !== cell.annee || (year > 2 && cell.ligne === "are")) return; // the right to ARE has ended
      const kind = cell.perimetre === CDE ? "cde" : "gain";
      rows.get(cell.payeur)[index][kind] += cell.centimes * values.etp;
    });
  }
  for (const year of rows.get("commune")) year.cde -= Math.round(values.commune * 100) * values.etp;
  return { years, rows };
}

function show() {
  const message = document.querySelector("#message");
  let result;
  try {
    result = computed();
  } catch (fault) {
    message.textContent = fault.message;
    document.querySelector("#resume").textContent = "Corrigez la valeur signalée : le tableau est encore celui d'avant.";
    return;
  }
  message.textContent = "";
  const { years, rows } = byYear(result);
  fillTable(result.values, years, rows);
  const total = [...rows.values()].flat();
  const sum = (kind) => total.reduce((value, year) => value + year[kind], 0);
  const span = years.length > 1 ? `en ${years.length} ans` : "en un an";
  document.querySelector("#resume").textContent =
    `Pour ${new Intl.NumberFormat("fr-FR").format(result.values.etp)} ETP, ${span} : ${euros(sum("gain"))} € évités ou reçus, ` +
    `${euros(-sum("cde"))} € de contributions, soit un coût net de ${euros(-sum("gain") - sum("cde"))} €.`;
}

function fillTable(values, years, rows) {
  const head = document.querySelector("#resultats thead tr");
  head.replaceChildren(cellOf("th", "Payeur", { scope: "col" }));
  const heads = [...years.map((year) => `${values.budget + year - 1}, solde (€)`), "Gains (€)", "Contributions (€)", "Solde (€)"];
  head.append(...heads.map((text) => cellOf("th", text, { scope: "col", class: "nombre" })));
  const body = document.querySelector("#resultats tbody");
  const all = years.map((_, index) => [...rows.values()].reduce((sum, row) => ({ gain: sum.gain + row[index].gain, cde: sum.cde + row[index].cde }), { gain: 0, cde: 0 }));
  const lines = [...rows].map(([payeur, row]) => lineOf(COEFFICIENTS.payeurs[payeur], row));
  body.replaceChildren(...lines, lineOf("Ensemble", all));
}

function lineOf(name, row) {
  const line = document.createElement("tr");
  line.append(cellOf("th", name, { scope: "row" }));
  const sum = (of) => row.reduce((total, year) => total + of(year), 0);
  const amounts = [...row.map((year) => year.gain + year.cde), sum((year) => year.gain), sum((year) => year.cde), sum((year) => year.gain + year.cde)];
  line.append(...amounts.map((cents) => cellOf("td", euros(cents), { class: "nombre" })));
  return line;
}

function cellOf(tag, text, attributes) {
  const cell = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) cell.setAttribute(name, value);
  cell.textContent = text;
  return cell;
}

function choose(code) {
  const scenario = COEFFICIENTS.scenarios[code];
  for (const field of fields(form())) {
    if (!(field.name in scenario)) continue;
    const value = scenario[field.name] * (field.dataset.pourcent === undefined ? 1 : 100);
    field.value = String(Number(value.toFixed(4)));
  }
  for (const choice of form().querySelectorAll("select[name]")) {
    if (choice.name in scenario) choice.value = String(scenario[choice.name]);
  }
  show();
}

// What was typed and every cell that it gives, as a spreadsheet reads it.
function trace() {
  const { values, cells } = computed();
  const comma = (value) => String(value).replace(".", ",");
  const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = [["Hypothèse", "Valeur"], ...Object.entries(values).map(([name, value]) => [COEFFICIENTS.hypotheses[name] ?? name, comma(value)])];
  lines.push([], ["Année", "Payeur", "Ligne", "Périmètre", "Euros par ETP", "Euros"]);
  for (const cell of cells) {
    lines.push([cell.annee, COEFFICIENTS.payeurs[cell.payeur], COEFFICIENTS.libelles[cell.ligne], cell.perimetre, comma(cell.centimes / 100), comma((cell.centimes * values.etp) / 100)]);
  }
  lines.push([], [COEFFICIENTS.modele]);
  return "\ufeff" + lines.map((line) => line.map(quoted).join(";")).join("\r\n") + "\r\n";
}

function save() {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([trace()], { type: "text/csv;charset=utf-8" }));
  anchor.download = "simulation.csv";
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

if (form()) {
  form().hidden = false;
  form().addEventListener("input", (event) => (event.target.id === "scenario" ? choose(event.target.value) : show()));
  document.querySelector("#remettre").addEventListener("click", () => {
    form().reset();
    show();
  });
  document.querySelector("#trace").addEventListener("click", save);
  document.querySelector("#imprimer").addEventListener("click", () => print());
  show();
}
