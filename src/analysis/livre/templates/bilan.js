// What a page does for its reader: sort a table, close what Escape closes, search the book. No other file is asked for.
"use strict";

const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/œ/g, "oe").replace(/’/g, "'");

function sortable() {
  for (const table of document.querySelectorAll(".tableau table")) {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 3 || table.tHead?.rows.length !== 1) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = "Trier selon cette colonne";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, rows, head, column));
    });
  }
}

function sort(table, original, head, column) {
  const next = { none: "ascending", ascending: "descending", descending: "none" };
  const order = next[head.getAttribute("aria-sort") ?? "none"];
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  let rows = [...original];
  if (order !== "none") {
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => compared(a.cells[column], b.cells[column], sign));
  }
  table.tBodies[0].append(...rows);
}

// Numbers before words, whatever the direction: « secret » and « absent » are not small numbers.
function compared(a, b, sign) {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return sign * (x - y);
  if (x !== null || y !== null) return x !== null ? -1 : 1;
  return sign * folded(a.textContent).localeCompare(folded(b.textContent), "fr", { numeric: true });
}

function numberOf(cell) {
  const data = cell.querySelector("data");
  if (data) return Number(data.value);
  const text = cell.textContent.trim().replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-").replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function closable() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    document.activeElement?.closest(".terme")?.classList.add("ferme");
    document.querySelector(".terme:hover")?.classList.add("ferme");
  });
  for (const term of document.querySelectorAll(".terme")) {
    term.addEventListener("focusout", () => term.classList.remove("ferme"));
    term.addEventListener("mouseleave", () => term.classList.remove("ferme"));
  }
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

const SHOWN = 40;

function searchable() {
  const form = document.getElementById("recherche");
  if (!form || !window.BILAN_INDEX) return;
  const [field, count, list] = ["question", "compte", "resultats"].map((id) => document.getElementById(id));
  const sections = window.BILAN_INDEX.map(([address, page, title, words]) => ({
    address, page, title, words, in: folded(`${page} ${title} ${words}`), head: folded(`${title} ${page}`),
  }));
  let waiting;
  const answer = () => {
    const words = folded(field.value).split(/[^a-z0-9]+/).filter((word) => word.length > 1);
    const found = words.length ? sections.filter((s) => words.every((word) => s.in.includes(word))) : [];
    const score = (s) => words.reduce((sum, word) => sum + (s.head.includes(word) ? 10 : 0) + 1 / (1 + s.in.indexOf(word)), 0);
    found.sort((a, b) => score(b) - score(a));
    list.replaceChildren(...found.slice(0, SHOWN).map((section) => shown(section, words)));
    count.textContent = told(words, found.length);
    history.replaceState(null, "", field.value ? `#${encodeURIComponent(field.value)}` : "#");
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(answer, 150); });
  field.value = decodeURIComponent(location.hash.slice(1));
  if (field.value) answer();
  field.focus();
}

function told(words, number) {
  if (!words.length) return "";
  if (!number) return "Aucune page ne contient tous ces mots. Essayez-en moins, ou le début d'un mot.";
  const places = number > 1 ? `${number} passages` : "1 passage";
  return number > SHOWN ? `${places}, les ${SHOWN} plus proches sont montrés.` : `${places}.`;
}

function shown(section, words) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = section.address;
  link.textContent = section.title === section.page ? section.page : `${section.page} : ${section.title}`;
  const extract = document.createElement("p");
  const at = Math.max(0, ...words.map((word) => folded(section.words).indexOf(word)));
  const from = Math.max(0, section.words.lastIndexOf(" ", Math.max(0, at - 60)) + 1);
  const text = section.words.slice(from, from + 220);
  extract.append(...marked((from ? "… " : "") + text + (from + 220 < section.words.length ? " …" : ""), words));
  item.append(link, extract);
  return item;
}

// Letters and their folded forms are of one length but « œ », which moves a mark by one letter.
function marked(text, words) {
  const plain = folded(text);
  const parts = [];
  let position = 0;
  while (position < text.length) {
    const next = words.map((word) => ({ word, at: plain.indexOf(word, position) })).filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(next.at, next.at + next.word.length);
    parts.push(text.slice(position, next.at), mark);
    position = next.at + next.word.length;
  }
  return [...parts, text.slice(position)];
}

sortable();
closable();
document.addEventListener("DOMContentLoaded", searchable);
