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

// Numbers, dates and ranks before words, whatever the direction: « secret » and « non datée » are not small.
function compared(a, b, sign) {
  const [x, y] = [keyOf(a), keyOf(b)];
  if (x !== null && y !== null) return sign * (x - y);
  if (x !== null || y !== null) return x !== null ? -1 : 1;
  return sign * folded(a.textContent).localeCompare(folded(b.textContent), "fr", { numeric: true });
}

// What a cell is sorted by: its rank, else its number, else its first day.
function keyOf(cell) {
  const keyed = cell.querySelector("[data-tri]") ?? cell.querySelector("data") ?? cell.querySelector("time");
  if (keyed) return keyed.matches("time") ? Date.parse(keyed.dateTime) : Number(keyed.dataset.tri ?? keyed.value);
  const text = cell.textContent.trim().replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-").replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

// The list of contents is closed under the title of a narrow page, open beside a wide one.
function foldable() {
  const wide = matchMedia("(min-width: 64rem)");
  const contents = document.querySelector(".sommaire details");
  if (!contents) return;
  contents.open = wide.matches;
  wide.addEventListener("change", () => { contents.open = wide.matches; });
}

// A table that is wider than its place says so and can be reached to be scrolled; the others are no stop of the keyboard.
function scrollable() {
  const watched = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      target.classList.remove("defile");
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      target.classList.toggle("defile", scrolls);
      if (scrolls) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of document.querySelectorAll(".tableau")) watched.observe(region);
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

// A text as words that each follow a space: a word is looked for at its beginning, a number is one word.
const worded = (text) => ` ${folded(text.replace(/(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g, "")).replace(/[^a-z0-9]+/g, " ")}`;
const asked = (text) => worded(text.replace(/(?<=\d) (?=\d{3}(?!\d))/g, "")).split(" ").filter((word) => word.length > 1);
const carries = (text, words) => words.every((word) => text.includes(` ${word}`));

function searchable() {
  const form = document.getElementById("recherche");
  if (!form || !window.BILAN_INDEX) return;
  const [field, count, list] = ["question", "compte", "resultats"].map((id) => document.getElementById(id));
  const sections = window.BILAN_INDEX.map(([address, page, title, words, keys]) => ({
    address, page, title, words: [keys, words].filter(Boolean).join(" "), isPage: keys !== undefined,
    own: worded(title), head: worded(`${page} ${title}`), keys: worded(keys ?? ""), in: worded(`${page} ${title} ${keys ?? ""} ${words}`),
  }));
  let waiting;
  const answer = () => {
    const words = asked(field.value);
    const found = words.length ? ranked(sections.filter((section) => carries(section.in, words)), words) : [];
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

// First the pages that the words name, then those whose key figures carry them, the one that says most of them before
// the others; then the sections that they name; then the rest, in the order of the book.
function ranked(found, words) {
  const said = new Map();
  for (const { page } of found) said.set(page, (said.get(page) ?? 0) + 1);
  const rank = (section) => {
    if (section.isPage) return carries(section.own, words) ? 3 : carries(section.own + section.keys, words) ? 2 : 0;
    return carries(section.head, words) && words.some((word) => carries(section.own, [word])) ? 1 : 0;
  };
  return found.map((section) => ({ section, rank: rank(section) }))
    .sort((a, b) => b.rank - a.rank
      || (a.rank === 3 ? a.section.own.length - b.section.own.length : 0)
      || (a.rank > 1 ? said.get(b.section.page) - said.get(a.section.page) : 0))
    .map(({ section }) => section);
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
  const at = Math.max(0, folded(section.words).search(beginnings(words)));
  const from = Math.max(0, section.words.lastIndexOf(" ", Math.max(0, at - 60)) + 1);
  const text = section.words.slice(from, from + 220);
  extract.append(...marked((from ? "… " : "") + text + (from + 220 < section.words.length ? " …" : ""), words));
  item.append(link, extract);
  return item;
}

const beginnings = (words) => new RegExp(`(?<![a-z0-9])(?:${words.join("|")})`, "g");

// Letters and their folded forms are of one length but « œ », which moves a mark by one letter.
function marked(text, words) {
  const parts = [];
  let position = 0;
  for (const { 0: { length }, index } of folded(text).matchAll(beginnings(words))) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(index, index + length);
    parts.push(text.slice(position, index), mark);
    position = index + length;
  }
  return [...parts, text.slice(position)];
}

sortable();
foldable();
scrollable();
closable();
document.addEventListener("DOMContentLoaded", searchable);
