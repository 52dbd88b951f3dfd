// Where one is: page, subject and every choice stand behind the hash, so that reload, back and a copied address lead to the same view.

/** The server's own root; the page also works below a prefix that a proxy adds. */
export const ROOT = new URL("../../", import.meta.url);

const listeners = new Set();

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** {page, subject, query}: of "#/models/fox?tab=log" models, fox and the tab. A broken escape is taken as it stands. */
export function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [page, ...rest] = path.split("/");
  return {page: page || "models", subject: decoded(rest.filter(Boolean).join("/")), query: new URLSearchParams(query ?? "")};
}

/** The address of a place; empty choices are left out. */
export function at(page, subject = "", choices = {}) {
  const pairs = Object.entries(choices)
    .flatMap(([k, v]) => [v].flat().map(one => [k, one]))
    .filter(([, v]) => v !== null && v !== undefined && v !== "");
  const query = new URLSearchParams(pairs).toString();
  return "#/" + page + (subject ? "/" + encodeURIComponent(subject).replaceAll("%2F", "/") : "") + (query ? "?" + query : "");
}

/** Changes choices of this place; with push, the way back leads to the choices before. */
export function choose(changes, push = false) {
  const {page, subject, query} = place();
  const choices = {};
  for (const key of new Set(query.keys())) choices[key] = query.getAll(key);
  const next = at(page, subject, {...choices, ...changes});
  if (next === location.hash) return;
  history[push ? "pushState" : "replaceState"](null, "", next);
  moved();
}

export function go(hash) {
  location.hash = hash;
}

/** Calls fn whenever the place changed; returns what ends it. */
export function onMove(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

const moved = () => listeners.forEach(fn => fn());
addEventListener("hashchange", moved);
addEventListener("popstate", moved);
