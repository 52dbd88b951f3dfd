// The server itself: its journal, its configuration with reload and rollback, the machine it runs on.
import {h, fill, dialog, bytes, number, toast, ago} from "./dom.js";
import {call, path} from "./api.js";

const list = pairs => h("dl", pairs.map(([k, v]) => [h("dt", k), h("dd", v === null || v === undefined || v === "" ? "unknown" : v)]));

async function section(box, url, draw) {
  try { fill(box, draw(await call(url))); } catch (e) { fill(box, h("p.soft", e.message)); }
}

function journal(j, again) {
  return [h("div.row", h("span.grow"), h("button.tiny", {onclick: again}, "Refresh")), list([["Newest commit", number(j.head)], ["Oldest kept", number(j.earliest)], ["Size", bytes(j.bytes)], ["Durability", j.durability],
    ["State", j.degraded ? "degraded: the disk is full" : "sound"], ["Last recovery", j.recovery], ["Lineage", j.lineage]]),
  h("div.scroll", h("table", h("thead", h("tr", h("th", "Follower"), h("th.num", "At"), h("th.num", "Behind"))),
    h("tbody", j.followers.map(f => h("tr", h("td", f.name), h("td.num", number(f.position)), h("td.num", number(f.lag)))))))];
}

function hardware(m) {
  const gpu = a => [a.vendor, a.model, a.memory.capacity_bytes && bytes(a.memory.capacity_bytes), a.driver && a.driver.name + " " + (a.driver.version ?? "")].filter(Boolean).join(", ");
  return list([["System", [m.operating_system.name, m.operating_system.version].filter(Boolean).join(" ") || m.operating_system.family], ["Kernel", m.operating_system.kernel],
    ["Environment", [m.environment.kind.replace("_", " "), m.environment.name].filter(Boolean).join(", ")], ["Architecture", m.architecture.name],
    ["Processor", [m.cpu.vendor, m.cpu.model].filter(Boolean).join(" ")], ["Cores, threads", (m.cpu.physical_core_count ?? "?") + ", " + (m.cpu.logical_thread_count ?? "?")],
    ["Memory", m.memory.capacity_bytes && bytes(m.memory.capacity_bytes)], ...m.accelerators.map(a => ["GPU " + a.index, gpu(a)]), ...(m.accelerators.length ? [] : [["GPU", "none found"]])]);
}

function outcome(o) {
  if (!o.changed) return toast("Nothing has changed.");
  const parts = ["added", "removed", "restarted", "retuned", "settings"].filter(k => o[k]?.length).map(k => k + ": " + o[k].join(", "));
  toast("Applied. " + parts.join("; "));
}

async function change(url, again) {
  try {
    outcome(await call(url, {method: "POST"}));
    again();
  } catch (e) {
    dialog("Refused; what was in force stays", h("pre", (e.body?.errors ?? [e.message]).join("\n\n")));
  }
}

function config(c, again) {
  return [h("div.row", h("span.mono.small", c.current.slice(0, 12)), h("span.grow"), h("button.tiny", {onclick: () => text("/api/config", "In force")}, "Show"),
    h("button.main.tiny", {onclick: () => change("/api/config/reload", again)}, "Reload from disk")),
  h("div.scroll", h("table", h("tbody", c.configs.map(one => h("tr",
    h("td.mono", one.hash.slice(0, 12)), h("td", {title: one.at}, ago(one.at)), h("td", one.origin), h("td", one.hash === c.current && "in force"),
    h("td", one.kept && h("button.tiny", {onclick: () => text(path("api", "config", "history", one.hash), one.hash.slice(0, 12))}, "Show")),
    h("td", one.kept && one.hash !== c.current && h("button.tiny", {onclick: () => change("/api/config/rollback?hash=" + one.hash, again)}, "Go back to it")))))))];
}

async function text(url, title) {
  try {
    const c = await call(url);
    dialog(title, (c.warnings ?? []).map(w => h("p.warn-text.small", w)), h("pre", c.text));
  } catch (e) { dialog(title, h("p", e.message)); }
}

export function server(view) {
  const boxes = {};
  const card = (key, title) => h("div.card", h("h2", title), boxes[key] = h("div.stack"));
  view.append(h("div.cards.broad", card("config", "Configuration"), card("journal", "Journal"), card("hardware", "Machine"), card("links", "For tools")));
  const configs = () => section(boxes.config, "/api/config/history", c => config(c, configs));
  configs();
  const look = () => section(boxes.journal, "/api/journal", j => journal(j, look));
  look();
  section(boxes.hardware, "/api/hardware", hardware);
  fill(boxes.links, ["/api/openapi.json", "/metrics", "/v1/models", "/running", "/logs"].map(url => h("div", h("a.mono", {href: url, target: "_blank"}, url))));
}
