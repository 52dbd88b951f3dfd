// Builds elements, formats values, shows dialogs and notices. Text always goes in as text, never as HTML.

/** h("td.num", {title: "x"}, "text", child, …): an element; functions under on* become listeners, null and false are left out. */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const el = document.createElement(tag || "div");
  if (classes.length) el.className = classes.join(" ");
  if (props !== null && (typeof props !== "object" || props instanceof Node || Array.isArray(props))) {
    children.unshift(props);
    props = null;
  }
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(el.style, value);
    else if (name === "class") el.classList.add(...String(value).split(" ").filter(Boolean));
    else if (name in el && typeof value !== "string") el[name] = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  append(el, children);
  return el;
}

function append(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what is in the element. */
export function fill(el, ...children) {
  el.replaceChildren();
  append(el, children);
  return el;
}

export function table(columns, rows, empty) {
  if (!rows.length) return h("div.scroll", h("div.empty", empty ?? "Nothing yet."));
  return h("div.scroll", h("table", h("thead", h("tr", columns)), h("tbody", rows)));
}

export function stateBadge(state) {
  return h("span.state", {class: state || "stopped"}, state || "remote");
}

/** A dialog with a title; it goes when it is closed. */
export function dialog(title, ...content) {
  const box = h("dialog", {"aria-label": title},
    h("header", h("h2", title), h("button", {onclick: () => box.close()}, "Close")), h("div", ...content));
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", e => { if (e.target === box) box.close(); });
  document.body.append(box);
  box.showModal();
  return box;
}

export function toast(text, bad = false) {
  const note = h("div.toast", {class: bad ? "bad" : ""}, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4000);
}

export const number = new Intl.NumberFormat("en").format;

export function ms(value) {
  if (value === null || value === undefined) return "–";
  if (value < 1) return value.toFixed(2) + " ms";
  if (value < 1000) return Math.round(value) + " ms";
  if (value < 60_000) return (value / 1000).toFixed(value < 10_000 ? 2 : 1) + " s";
  return Math.floor(value / 60_000) + " min " + Math.round(value % 60_000 / 1000) + " s";
}

export function bytes(value) {
  if (value === null || value === undefined) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  while (value >= 1024 && i < units.length - 1) { value /= 1024; i++; }
  return (i && value < 100 ? value.toFixed(1) : Math.round(value)) + " " + units[i];
}

export function ago(time) {
  const seconds = Math.max(0, (Date.now() - new Date(time)) / 1000);
  if (seconds < 60) return Math.floor(seconds) + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86_400) return Math.floor(seconds / 3600) + " h ago";
  return new Date(time).toLocaleString();
}

export function clock(time) {
  const t = new Date(time);
  return t.toLocaleTimeString([], {hour12: false}) + "." + String(t.getMilliseconds()).padStart(3, "0");
}
