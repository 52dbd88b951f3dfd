// The shell: navigation, profile selector, theme; shows the page that the hash names.
import {h, fill} from "./dom.js";
import {call, act} from "./api.js";
import {state, subscribe, connect} from "./store.js";
import {models, model} from "./models.js";
import {activity} from "./activity.js";
import {swaps} from "./swaps.js";
import {history} from "./history.js";
import {logs} from "./logs.js";
import {performance} from "./performance.js";
import {server} from "./server.js";

const PAGES = [
  ["models", "Models", models], ["activity", "Activity", activity], ["swaps", "Swaps", swaps], ["history", "History", history],
  ["logs", "Logs", logs], ["performance", "Performance", performance], ["server", "Server", server],
];

const view = document.getElementById("view");
let leave = () => {};
let profiles = [];
let version = null;

function place() {
  const hash = location.hash.replace(/^#\/?/, "");
  const [page, ...rest] = (hash || location.pathname.replace(/^\/ui\/?/, "") || "models").split("?")[0].split("/");
  return {page, rest: decodeURIComponent(rest.join("/"))};
}

function show() {
  leave();
  const {page, rest} = place();
  const [name, title, render] = PAGES.find(p => p[0] === page) ?? PAGES[0];
  const detail = name === "models" && rest;
  document.getElementById("title").textContent = detail ? rest : title;
  fill(view);
  leave = (detail ? model(view, rest) : render(view, rest)) ?? (() => {});
  navigation();
  view.scrollTop = 0;
}

function navigation() {
  const {page} = place();
  const ready = state.models.filter(m => m.state === "ready").length;
  const counts = {models: ready || "", activity: state.inflight.size || ""};
  fill(document.getElementById("nav"), PAGES.map(([name, title]) =>
    h("a", {href: "#/" + name, "aria-current": name === page ? "page" : null}, title, h("span.count", counts[name] ?? ""))));
  fill(document.getElementById("foot"),
    h("span.state", {class: state.connection}, {open: "live", connecting: "connecting", closed: "disconnected"}[state.connection]),
    version && h("span", {title: version.commit + " " + version.build_date}, version.version));
  const dot = state.connection === "open" ? "" : "○ ";
  document.title = dot + "Turntable" + (ready ? " · " + ready + " ready" : "");
}

function tools() {
  const choose = e => act("/api/profiles/active", {method: "PUT", body: JSON.stringify({name: e.target.value || null})});
  const next = {light: "dark", dark: "system", system: "light"};
  fill(document.getElementById("tools"),
    profiles.length > 0 && h("label.row.small", "Profile", h("select", {onchange: choose},
      h("option", {value: "", selected: !state.profile}, "None"),
      profiles.map(p => h("option", {value: p.id, selected: p.id === state.profile, title: p.description}, p.id)))),
    h("button.tiny", {title: "Theme: " + theme(), onclick: () => { localStorage.setItem("theme", next[theme()]); paint(); tools(); }},
      {light: "☀", dark: "☾", system: "◐"}[theme()]));
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => localStorage.getItem("theme") ?? "system";
const paint = () => { document.documentElement.dataset.theme = theme() === "system" ? (dark.matches ? "dark" : "light") : theme(); };

async function welcome() {
  try {
    [{profiles}, version] = await Promise.all([call("/api/profiles"), call("/api/version")]);
  } catch { /* the next connection tries again */ }
  tools();
  navigation();
}

dark.addEventListener("change", paint);
addEventListener("hashchange", show);
subscribe(topics => {
  if (topics.has("connection") && state.connection === "open") welcome();
  if (topics.has("profile")) tools();
  if (["connection", "models", "inflight"].some(t => topics.has(t))) navigation();
});
paint();
tools();
show();
connect();
