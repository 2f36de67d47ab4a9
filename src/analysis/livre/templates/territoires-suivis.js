// Filters the table of the followed territories and says what is shown and how it is sorted. Sorting itself is bilan.js's.
"use strict";

(() => {
  const form = document.getElementById("filtre");
  const table = document.querySelector("#suivis table");
  if (!form || !table) return;
  const [words, alert, count] = ["filtre-mots", "filtre-alerte", "filtre-compte"].map((id) => document.getElementById(id));
  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\u2019/g, "'");
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, name: folded(row.cells[0].textContent), alerts: row.dataset.alertes.split(" ").filter(Boolean) }));
  const orders = { ascending: "croissant", descending: "décroissant" };

  const sorted = () => {
    const head = table.querySelector("thead [aria-sort]");
    return head ? `triés par « ${head.textContent.trim()} », ordre ${orders[head.getAttribute("aria-sort")]}` : "dans l’ordre de leur habilitation";
  };

  const answer = () => {
    const asked = folded(words.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, name, alerts } of rows) {
      const hasAlert = alert.value === "" || (alert.value === "*" ? alerts.length > 0 : alerts.includes(alert.value));
      row.hidden = !(hasAlert && asked.every((word) => name.includes(word)));
      if (!row.hidden) shown += 1;
    }
    const all = shown === rows.length ? "" : ` sur ${rows.length}`;
    count.textContent = `${shown} territoire${shown > 1 ? "s" : ""}${all}, ${sorted()}.`;
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", answer);
  form.addEventListener("reset", () => setTimeout(answer));
  new MutationObserver(answer).observe(table.tHead, { attributes: true, subtree: true, attributeFilter: ["aria-sort"] });
  answer();
})();
