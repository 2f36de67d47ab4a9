// What makes a page follow the builds (« bilan serve --suivre »): a new version is shown at the same place, and
// what is to be mended over the version that stays.
"use strict";
(() => {
  const KEPT = "bilan-suivi";
  const version = document.currentScript.dataset.version;

  const detailsByName = () => {
    const named = new Map(), counts = new Map();
    for (const details of document.querySelectorAll("details")) {
      const owner = details.closest("[id]")?.id ?? "";
      const rank = counts.get(owner) ?? 0;
      counts.set(owner, rank + 1);
      named.set(`${owner}/${rank}`, details);
    }
    return named;
  };

  // The element with a name that stands nearest to the top of the screen: what is above may have grown.
  const mark = () => {
    let best = null;
    for (const element of document.querySelectorAll("main [id]")) {
      if (!element.getClientRects().length) continue;
      const top = element.getBoundingClientRect().top;
      if (!best || Math.abs(top) < Math.abs(best.top)) best = { id: element.id, top };
    }
    return best;
  };

  const reload = () => {
    const open = [...detailsByName()].map(([name, details]) => [name, details.open]);
    const place = { page: location.pathname, y: scrollY, mark: mark(), open };
    sessionStorage.setItem(KEPT, JSON.stringify(place));
    history.scrollRestoration = "manual";
    location.reload();
  };

  const restore = () => {
    const place = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    sessionStorage.removeItem(KEPT);
    history.scrollRestoration = "auto";
    if (place?.page !== location.pathname) return;
    const details = detailsByName();
    for (const [name, open] of place.open) if (details.has(name)) details.get(name).open = open;
    const found = place.mark && document.getElementById(place.mark.id);
    const y = found ? scrollY + found.getBoundingClientRect().top - place.mark.top : place.y;
    scrollTo({ top: y, behavior: "instant" });
  };

  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { position: fixed; inset: auto 0 0 0; z-index: 2147483647; font: 15px/1.45 system-ui, sans-serif; }
    section { max-height: 45vh; overflow: auto; padding: 0.8rem 1.2rem; background: #4a1410; color: #fff;
      border-top: 4px solid #f08a5d; }
    h2 { font-size: 1rem; margin: 0 0 0.4rem; }
    p { margin: 0.2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    .note { opacity: 0.85; }
    .cours { position: fixed; right: 1rem; bottom: 1rem; padding: 0.3rem 0.8rem; border-radius: 1rem;
      background: #1d2733; color: #fff; }
    @media print { :host { display: none; } }
  `);
  const host = document.createElement("div");
  host.id = "suivi";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];

  const made = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const show = (state) => {
    root.replaceChildren();
    if (state.faults.length) {
      const panel = made("section", "", { role: "alert", "aria-labelledby": "titre" });
      panel.append(made("h2", "À corriger", { id: "titre" }));
      for (const fault of state.faults) panel.append(made("p", fault));
      const note = "Cette page est la dernière bonne version.";
      if (version !== "rien") panel.append(made("p", note, { class: "note" }));
      root.append(panel);
    }
    if (state.is_building) root.append(made("div", "Mise à jour…", { class: "cours", role: "status" }));
  };

  const follow = () => {
    document.body.append(host);
    const source = new EventSource("/.suivi/etat");
    source.onmessage = (event) => {
      const state = JSON.parse(event.data);
      if (state.version !== version) {
        source.close();
        reload();
      } else {
        show(state);
      }
    };
    source.onerror = () => {
      root.replaceChildren(made("div", "Le serveur s'est arrêté.", { class: "cours", role: "status" }));
    };
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  };

  follow();
  if (document.readyState === "complete") restore();
  else addEventListener("load", restore);
})();
