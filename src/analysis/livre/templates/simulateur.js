// The simulator: the same sum of products as src/analysis/indicateurs/depenses_passives/scenarios.py, in cents.
// It reads COEFFICIENTS (simulateur-donnees.js) and asks for no other file.
"use strict";

// Its names are its own: the page has another script.
(() => {
  const PARTS = ["part_rsa", "part_ass", "part_aah", "part_are", "part_aucune"];
  const CDE = "cde";
  const LOI = ["cde_etat", "cde_departement"];

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

  // A half goes away from zero, as in src/analysis/noyau/arrondi.py; what the order of a sum leaves under a
  // millionth decides nothing.
  const rounded = (value) => Math.sign(value) * Math.floor(Math.round(Math.abs(value) * 1e6) / 1e6 + 0.5) + 0;
  const cents = (euros) => rounded(euros * 100);

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
    const inCents = [...cells].map(([key, euros]) => {
      const [annee, payeur, ligne, de] = key.split("|");
      return { annee: Number(annee), payeur, ligne, perimetre: de, centimes: cents(euros) };
    });
    return balanced(inCents);
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

  // What the law asks for in a budget year: the last rates that begin by then, and the last law that is known.
  function law(budget) {
    const rate = COEFFICIENTS.taux.filter((one) => one.debut <= budget).at(-1);
    return { ...rate, millesime: Math.min(budget, COEFFICIENTS.derniere) };
  }

  const budgets = ({ budget, annees }) => Array.from({ length: annees }, (_, index) => budget + index);

  // The rates of one budget year: those of its law, unless the reader typed one, which holds for every year.
  function rates(values, budget) {
    const asked = law(budget);
    return Object.fromEntries(LOI.map((name) => [name, values[name] ?? asked[name]]));
  }

  // The hire whose second year has the amounts of the budget year of that rank: the law moves on with the years,
  // up to the last that is known.
  const hired = (table, millesime, index) => Math.max(millesime, Math.min(millesime + index - 1, Math.max(...table.lignes.map(([year]) => year))));

  // The cells of each budget year, under its rates and with the amounts of its year.
  // The second year after a hire stands for the later ones, but the right to ARE has ended in the third.
  function yearly(table, values) {
    return budgets(values).map((budget, index) =>
      evaluer(table, { ...values, ...rates(values, budget), millesime: hired(table, values.millesime, index) }, values.perimetre).filter(
        ({ annee, ligne }) => annee === Math.min(index + 1, 2) && !(index > 1 && ligne === "are"),
      ),
    );
  }

  // The year of the euros of each budget year: its own, up to the last law that is known.
  const yearsOfEuros = ({ millesime, annees }) => Array.from({ length: annees }, (_, index) => Math.min(millesime + index, COEFFICIENTS.derniere));

  // By payer, the cents of each budget year for all the jobs: what it gains apart from the CDE, and the CDE.
  function byYear(years, { etp, commune }) {
    const rows = new Map(Object.keys(COEFFICIENTS.payeurs).map((payeur) => [payeur, years.map(() => ({ gain: 0, cde: 0 }))]));
    years.forEach((cells, index) => {
      for (const cell of cells) rows.get(cell.payeur)[index][cell.perimetre === CDE ? "cde" : "gain"] += cell.centimes * etp;
    });
    for (const year of rows.get("commune")) year.cde -= cents(commune) * etp;
    return rows;
  }

  // The spaces and the apostrophes of French print: the same as analysis.noyau.french.typography.
  function typeset(text) {
    return text
      .replace(/(\S)[ \t\n](?=[;?!])/g, "$1\u202f")
      .replace(/(\S)[ \t\n](?=[:»%‰€])/g, "$1\u00a0")
      .replace(/«[ \t\n]/g, "«\u00a0")
      .replace(/([nN]°)[ \t\n](?=\S)/g, "$1\u00a0")
      .replace(/(\d)[ \t\n](?=(?:k€|M€|Md€|£|h|min|km|m²|ha|ko|Mo|kg|ETP)(?![\p{L}\p{N}_]))/gu, "$1\u00a0")
      .replace(/(^|[^\p{L}\p{N}_.,])(\d{1,3}(?:,\d{3})?(?:[ \t\n\u00a0\u202f]\d{3})+)(?!\d)/gu, (_, before, number) => before + number.replace(/[ \t\n]/g, "\u202f"))
      .replace(/(\p{L})'/gu, "$1’");
  }

  globalThis.bilanSimulateur = {
    evaluer,
    normalised,
    yearly,
    byYear,
    law,
    typeset,
    rounded,
    valeurs: () => typed(),
    resultat: () => byYearOf(computed()),
  };

  const NUMBER = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });
  const EXACT = new Intl.NumberFormat("fr-FR");
  const euros = (cents) => NUMBER.format(rounded(cents / 100)).replace("-", "\u2212");
  const percent = (rate) => `${EXACT.format(Number((100 * rate).toFixed(4)))} %`;
  const sums = (row) => row.reduce((sum, year) => ({ gain: sum.gain + year.gain, cde: sum.cde + year.cde }), { gain: 0, cde: 0 });
  const byYearOf = ({ values, years }) => byYear(years, values);

  const form = () => document.querySelector("#simulateur");
  const tell = (id, text) => {
    document.querySelector(id).textContent = typeset(text);
  };

  function fields() {
    return [...form().querySelectorAll("input[type=number]")];
  }

  const label = (field) => form().querySelector(`label[for="${field.id}"]`).textContent;

  // The value of a field (null where it is left to the law), or a French sentence that says what was found and
  // what is expected.
  function read(field) {
    const isOfLaw = LOI.includes(field.name) && field.value === "" && !field.validity.badInput;
    const value = field.valueAsNumber;
    const [low, high] = [Number(field.min), Number(field.max)];
    const isGood = isOfLaw || (Number.isFinite(value) && value >= low && value <= high && (field.step !== "1" || Number.isInteger(value)));
    field.setAttribute("aria-invalid", String(!isGood));
    if (isGood) return isOfLaw ? null : value / (field.dataset.pourcent === undefined ? 1 : 100);
    const wanted = field.step === "1" ? "un nombre entier" : "un nombre";
    throw new Error(`« ${label(field)} » : trouvé « ${field.value || "rien"} », attendu ${wanted} de ${low} à ${high}.`);
  }

  function typed() {
    const faults = [];
    const values = {};
    for (const field of fields()) {
      try {
        values[field.name] = read(field);
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
    const years = yearly(COEFFICIENTS, values);
    const isNet = form().querySelector("#compensee").checked;
    return { values, years: isNet ? years : years.map((cells) => cells.filter((cell) => !cell.ligne.startsWith("compensation_"))) };
  }

  function show() {
    let result;
    try {
      result = computed();
    } catch (fault) {
      tell("#message", fault.message);
      tell("#pour", "Corrigez la valeur signalée : le résultat est encore celui d'avant.");
      return;
    }
    tell("#message", "");
    const { values } = result;
    const rows = byYearOf(result);
    const all = [...rows.values()][0].map((_, index) => sums([...rows.values()].map((row) => row[index])));
    tell("#loi", lawInWords(values));
    hintLaw(values);
    tell("#pour", forPayer(values, sums(rows.get(values.payeur))));
    tell("#resume", forAll(values, sums(all)));
    tell("#euros", yearOfEuros(values));
    draw(values, rows);
    fillTable(values, rows, all);
    fillAssumptions(values);
  }

  const jobs = (etp) => `${EXACT.format(etp)} ${etp >= 2 ? "emplois" : "emploi"} à temps plein`;
  const span = (annees) => (annees > 1 ? `en ${annees} ans` : "en un an");
  const balance = (cents) => (rounded(cents / 100) === 0 ? "ni gain ni perte" : `${cents > 0 ? "un gain" : "une perte"} de ${euros(Math.abs(cents))} €`);
  const gained = (cents) => (cents < 0 ? `${euros(-cents)} € de dépenses en plus` : `${euros(cents)} € d'économies et de recettes`);

  function forPayer(values, { gain, cde }) {
    return `Pour ${COEFFICIENTS.pour[values.payeur]} : ${balance(gain + cde)} ${span(values.annees)} (${gained(gain)}, ${euros(-cde)} € de contribution).`;
  }

  function forAll(values, { gain, cde }) {
    const net = -gain - cde;
    const end = net < 0 ? `un gain net de ${euros(-net)} €` : `une contribution nette de ${euros(net)} €`;
    return `Pour ${jobs(values.etp)}, ${span(values.annees)}, tous payeurs : ${gained(gain)}, ${euros(-cde)} € de contribution, soit ${end}.`;
  }

  const between = (years) => (years.length > 1 ? `${years[0]}${years.length > 2 ? " à " : " et "}${years.at(-1)}` : `${years[0]}`);

  // The budget years that a value holds for, one after another: [{ value, years }].
  function inTurn(values, valueOf) {
    return budgets(values).reduce((told, budget) => {
      const value = valueOf(budget);
      if (told.at(-1)?.value === value) told.at(-1).years.push(budget);
      else told.push({ value, years: [budget] });
      return told;
    }, []);
  }

  function lawInWords(values) {
    const asked = inTurn(values, (budget) => law(budget).note).map(({ value, years }) => `${between(years)} : ${value}`);
    const own = LOI.filter((name) => values[name] !== null);
    const instead = own.map((name) => `« ${COEFFICIENTS.hypotheses[name]} » : ${percent(values[name])} pour toutes les années, comme vous l'avez écrit.`);
    const kept = values.budget > COEFFICIENTS.derniere ? [`La législation de ${values.budget} n'est pas connue : celle de ${COEFFICIENTS.derniere} est gardée.`] : [];
    return [...asked, ...kept, ...instead].join(" ");
  }

  // An empty field of the law shows the rates that the law gives it over the years.
  function hintLaw(values) {
    for (const name of LOI) {
      const asked = budgets(values).map((budget) => law(budget)[name]);
      const ends = [...new Set([Math.min(...asked), Math.max(...asked)])];
      form().querySelector(`#${name}`).placeholder = ends.map((rate) => EXACT.format(Number((100 * rate).toFixed(4)))).join(" à ");
    }
  }

  const lawOf = (values, name) =>
    `${inTurn(values, (budget) => law(budget)[name]).map(({ value, years }, _, all) => (all.length > 1 ? `${percent(value)} ${years.length > 2 ? "de" : "en"} ${between(years)}` : percent(value))).join(", ")} (loi)`;

  // What the columns of the table are in: each in the euros of its year, and a sum of several years in none.
  function yearOfEuros(values) {
    const years = yearsOfEuros(values);
    const areMany = new Set(years).size > 1;
    const inWords = areMany ? "Chaque colonne est dans les euros que dit son titre ; le total ajoute des euros d'années différentes, tels quels." : `Les montants sont en euros de ${years[0]}.`;
    const isKept = values.budget + values.annees - 1 > COEFFICIENTS.derniere;
    return isKept ? `${inWords} Après ${COEFFICIENTS.derniere}, le Smic et les barèmes connus sont gardés : aucune hausse n'est supposée.` : inWords;
  }

  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 46;

  function shape(tag, attributes, text = "") {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = typeset(text);
    return made;
  }

  // One row a payer: what it gains on the right of nought; what it spends more, then its contribution, on the left.
  function draw(values, rows) {
    const svg = document.querySelector("#graphe");
    const width = Math.max(svg.parentElement.clientWidth, 260);
    const told = [...rows].map(([payeur, row]) => ({ payeur, nom: COEFFICIENTS.payeurs[payeur].replace(/ (\(|ou ).*/, ""), ...sums(row) }));
    const left = Math.max(...told.map(({ gain, cde }) => Math.max(-gain, 0) - Math.min(cde, 0)));
    const right = Math.max(...told.map(({ gain, cde }) => Math.max(gain, 0) + Math.max(cde, 0)));
    const scale = width / (left + right || 1);
    const zero = left * scale;
    const height = ROW * told.length;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...told.flatMap((one, index) => bars(one, index * ROW, { zero, scale, width, isOwn: one.payeur === values.payeur })));
    svg.append(shape("line", { x1: zero, x2: zero, y1: 0, y2: height, class: "zero" }));
    const own = told.find(({ payeur }) => payeur === values.payeur);
    const winners = told.filter(({ gain, cde }) => gain + cde > 0).length;
    tell("#graphe-titre", winning(winners, told.length, own));
    tell("#graphe-unite", `Euros ${span(values.annees)}, pour ${jobs(values.etp)} ; le solde est écrit à droite du nom`);
    tell("#graphe-texte", told.map(({ nom, gain, cde }) => `${nom} : ${gained(gain)}, ${euros(-cde)} € de contribution, ${balance(gain + cde)}`).join(". ") + ".");
  }

  function winning(count, all, own) {
    if (!count) return `Aucun payeur sur ${all} n'y gagne`;
    const verb = count > 1 ? `payeurs sur ${all} y gagnent` : `payeur sur ${all} y gagne`;
    return `${count} ${verb} ; ${COEFFICIENTS.pour[own.payeur]} ${own.gain + own.cde > 0 ? "en est" : "n'en est pas"}`;
  }

  function bars({ nom, gain, cde }, top, { zero, scale, width, isOwn }) {
    const bar = (from, to, kind) => shape("rect", { x: zero + Math.min(from, to) * scale, y: top + 22, width: Math.abs(to - from) * scale, height: 16, class: kind });
    const less = Math.min(gain, 0);
    return [
      shape("text", { x: 0, y: top + 15, class: isOwn ? "nom choisi" : "nom" }, nom),
      shape("text", { x: width, y: top + 15, class: isOwn ? "solde choisi" : "solde" }, `${euros(gain + cde)} €`),
      bar(0, Math.max(gain, 0), "gain"),
      bar(0, less, "surcout"),
      bar(less, less + cde, "contribution"),
    ];
  }

  function fillTable(values, rows, all) {
    const table = document.querySelector("#resultats table");
    const ofYears = yearsOfEuros(values);
    const areMany = new Set(ofYears).size > 1;
    const unit = areMany ? "" : `, en euros de ${ofYears[0]}`;
    table.createCaption().textContent = typeset(`Solde de chaque payeur, par année budgétaire puis sur toute la période${unit}`);
    const head = table.querySelector("thead tr");
    const inEuros = (text, year) => `${text} (${areMany ? `€\u00a0${year ? `de\u00a0${year}` : "courants"}` : "€"})`;
    const totals = ["Économies et recettes", "Contribution (CDE)", "Solde"].map((text) => inEuros(text));
    const heads = [...ofYears.map((year, index) => inEuros(values.budget + index, year)), ...totals];
    head.replaceChildren(cellOf("th", "Payeur", { scope: "col" }), ...heads.map((text) => cellOf("th", text, { scope: "col", class: "nombre" })));
    const lines = [...rows].map(([payeur, row]) => lineOf(COEFFICIENTS.payeurs[payeur], row));
    document.querySelector("#resultats tbody").replaceChildren(...lines, lineOf("Ensemble", all));
  }

  function lineOf(name, row) {
    const line = document.createElement("tr");
    const { gain, cde } = sums(row);
    const amounts = [...row.map((year) => year.gain + year.cde), gain, cde, gain + cde];
    line.append(cellOf("th", name, { scope: "row" }), ...amounts.map((cents) => cellOf("td", euros(cents), { class: "nombre" })));
    return line;
  }

  function cellOf(tag, text, attributes) {
    const cell = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) cell.setAttribute(name, value);
    cell.textContent = typeset(text);
    return cell;
  }

  function printed(field, values) {
    if (values[field.name] === null) return lawOf(values, field.name);
    return field.dataset.pourcent === undefined ? field.value.replace(".", ",") : `${EXACT.format(field.valueAsNumber)} %`;
  }

  // What the printed page says that was supposed: every field as it stands.
  function fillAssumptions(values) {
    const told = [...form().querySelectorAll("select, input[type=number]")].flatMap((field) => [
      cellOf("dt", label(field), {}),
      cellOf("dd", field.tagName === "SELECT" ? field.selectedOptions[0].textContent : printed(field, values), {}),
    ]);
    document.querySelector("#hypotheses").replaceChildren(...told);
  }

  function put(values) {
    for (const field of fields()) {
      if (!(field.name in values)) continue;
      const value = values[field.name] * (field.dataset.pourcent === undefined ? 1 : 100);
      field.value = String(Number(value.toFixed(4)));
    }
    for (const choice of form().querySelectorAll("select[name]")) {
      if (choice.name in values) choice.value = String(values[choice.name]);
    }
  }

  // A budget year brings its law and a scenario its assumptions; a rate that the reader typed stays.
  function follow(event) {
    if (event.target.id === "scenario") put(COEFFICIENTS.scenarios[event.target.value]);
    if (event.target.id === "budget" && event.target.validity.valid && event.target.value) put({ millesime: law(event.target.valueAsNumber).millesime });
    show();
  }

  // What was typed and every cell that it gives, as a spreadsheet reads it.
  function trace() {
    const { values, years } = computed();
    const comma = (value) => String(value).replace(".", ",");
    const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
    const held = Object.entries(values).filter(([, value]) => value !== null);
    const lines = [["Hypothèse", "Valeur"], ...held.map(([name, value]) => [COEFFICIENTS.hypotheses[name] ?? name, comma(value)])];
    for (const name of LOI.filter((one) => values[one] === null)) {
      for (const budget of budgets(values)) lines.push([`${COEFFICIENTS.hypotheses[name]} (loi, ${budget})`, comma(law(budget)[name])]);
    }
    const ofYears = yearsOfEuros(values);
    lines.push([], ["Année budgétaire", "Euros de", "Payeur", "Ligne", "Périmètre", "Euros par ETP", "Euros"]);
    years.forEach((cells, index) => {
      for (const cell of cells) {
        lines.push([values.budget + index, ofYears[index], COEFFICIENTS.payeurs[cell.payeur], COEFFICIENTS.libelles[cell.ligne], cell.perimetre, comma(cell.centimes / 100), comma((cell.centimes * values.etp) / 100)]);
      }
    });
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
    form().addEventListener("input", follow);
    document.querySelector("#remettre").addEventListener("click", () => {
      form().reset();
      show();
    });
    document.querySelector("#trace").addEventListener("click", save);
    document.querySelector("#imprimer").addEventListener("click", () => print());
    addEventListener("resize", show);
    show();
  }
})();
