// Models with their states, and one model with its log, its requests and its story.
import {h, fill, stateBadge, dialog, ms} from "./dom.js";
import {call, post, path} from "./api.js";
import {state, subscribe} from "./store.js";
import {activityTable} from "./activity.js";
import {logPane} from "./logs.js";
import {timeline, legend} from "./swaps.js";

const load = id => post(path("api", "models", "load", id), "Loading " + id);
const unload = id => post(path("api", "models", "unload", id), id + " is unloaded");

/** One plain sentence and the chain behind it. */
export async function why(query, title) {
  try {
    const answer = await call("/api/why?" + new URLSearchParams(query));
    dialog(title, h("p", answer.answer),
      answer.chain.length > 0 && h("div.scroll", h("table", h("tbody", answer.chain.map(e => h("tr",
        h("td.mono", e.id), h("td", e.type), h("td.wide.mono.small", JSON.stringify(e.data))))))));
  } catch (e) {
    dialog(title, h("p", e.message));
  }
}

function actions(m) {
  if (m.peerID) return null;
  const idle = !m.state || m.state === "stopped" || m.state === "shutdown";
  return h("div.row",
    idle ? h("button.main.tiny", {onclick: () => load(m.id)}, "Load")
      : h("button.tiny", {onclick: () => unload(m.id)}, m.state === "starting" ? "Cancel load" : "Unload"),
    m.state === "ready" && h("a.small", {href: path("upstream", m.id) + "/", target: "_blank", rel: "noopener"}, "Open its own page"),
    h("button.tiny", {onclick: () => why({model: m.id}, "Why is " + m.id + " " + (m.state || "stopped") + "?")}, "Why?"));
}

function card(m) {
  return h("article.card",
    h("div.row", h("h2.grow", h("a", {href: "#/models/" + encodeURIComponent(m.id)}, m.name || m.id)), stateBadge(m.peerID ? "" : m.state)),
    m.name && h("div.mono.soft.wrap", m.id),
    m.description && h("div.small.soft", m.description),
    h("div.row", (m.aliases ?? []).map(a => h("span.chip", a)), Object.keys(m.capabilities ?? {}).map(c => h("span.chip", c.replaceAll("_", " "))),
      m.context_length > 0 && h("span.chip", m.context_length.toLocaleString("en") + " tokens"), m.unlisted && h("span.chip", "unlisted"), m.peerID && h("span.chip", "peer " + m.peerID)),
    actions(m));
}

async function hold(box) {
  const now = await call("/api/hold").catch(() => null);
  if (!now) return;
  const set = async method => { await call("/api/hold", {method}); hold(box); };
  fill(box, now.held
    ? h("button.main.tiny", {onclick: () => set("DELETE"), title: now.note || null}, "Lift the hold")
    : h("button.tiny", {onclick: () => set("POST"), title: "Unload everything and start nothing until lifted"}, "Keep the GPU free"));
}

export function models(view) {
  const list = h("div.stack");
  const box = h("span");
  let hidden = localStorage.getItem("unlisted") === "1";
  function draw() {
    const local = state.models.filter(m => !m.peerID && (hidden || !m.unlisted));
    const peers = state.models.filter(m => m.peerID);
    const ready = local.filter(m => m.state === "ready").length;
    fill(list,
      h("div.soft.small", local.length + " models, " + ready + " ready"),
      local.length ? h("div.cards", local.map(card)) : h("div.card.empty", "No models are configured."),
      peers.length > 0 && h("h2", "Peers"), peers.length > 0 && h("div.cards", peers.map(card)));
  }
  view.append(h("div.stack", h("div.row",
    h("label.row.small", h("input", {type: "checkbox", checked: hidden, onchange: e => { hidden = e.target.checked; localStorage.setItem("unlisted", hidden ? "1" : "0"); draw(); }}), "Show unlisted"),
    h("span.grow"), box, h("button.tiny", {onclick: () => post("/api/models/unload", "Everything is unloaded")}, "Unload all")), list));
  hold(box);
  draw();
  return subscribe(topics => { if (topics.has("models")) draw(); });
}

/** One model: its state on top, then its requests, its log or its swaps. */
export function model(view, name) {
  const find = () => state.models.find(m => m.id === name || (m.aliases ?? []).includes(name));
  const top = h("div");
  const body = h("div");
  let end = () => {};
  const draw = () => fill(top, find() ? card(find()) : h("div.card.empty", "There is no model of that name."));
  const tabs = {
    Requests: box => activityTable(box, find()?.id ?? name),
    Log: box => logPane(box, path("logs", "stream", find()?.id ?? name)),
    Swaps: box => { swapsOf(box, find()?.id ?? name); },
  };
  function open(tab) {
    end();
    fill(bar, Object.keys(tabs).map(t => h("button", {role: "tab", "aria-selected": String(t === tab), onclick: () => open(t)}, t)));
    fill(body);
    end = tabs[tab](body) ?? (() => {});
  }
  const bar = h("div.tabs", {role: "tablist"});
  view.append(h("div.stack", top, bar, body));
  draw();
  open("Requests");
  const quiet = subscribe(topics => { if (topics.has("models")) draw(); });
  return () => { quiet(); end(); };
}

async function swapsOf(box, id) {
  try {
    const {swaps} = await call("/api/swaps?" + new URLSearchParams({model: id}));
    fill(box, swaps.length ? h("div.stack", legend(), swaps.map(timeline)) : h("div.card.empty", "It was never loaded in a swap."));
  } catch (e) {
    fill(box, h("div.card.empty", e.message));
  }
}
