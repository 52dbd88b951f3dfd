// The journal: events with filters, live if wanted, and the chain behind each.
import {h, fill, dialog, clock} from "./dom.js";
import {call, path} from "./api.js";

const GROUPS = ["request.*", "swap.*", "process.*", "state.changed", "config.*", "server.*", "ttl.*", "backoff.*", "profile.activated", "hold.*", "unload.asked", "load.*", "timer.fired"];
const KEPT = 500;

function row(e) {
  const subject = e.run ?? e.model ?? e.swap ?? "";
  return h("tr.link", {onclick: () => chain(e.id), title: e.time},
    h("td.mono.soft", e.id), h("td.mono", clock(e.time)), h("td", {class: e.kind === "fact" ? "" : "soft"}, e.type), h("td.mono", subject), h("td.mono", e.request ?? ""),
    h("td", e.actor), h("td.wide.mono.small.soft", h("div.clamp", JSON.stringify(e.data))));
}

async function chain(id) {
  try {
    const c = await call(path("api", "history", id, "causes"));
    const lines = events => h("div.scroll", h("table", h("tbody", events.map(e => h("tr", h("td.mono", e.id), h("td.mono", clock(e.time)), h("td", e.type), h("td.wide.mono.small", JSON.stringify(e.data)))))));
    dialog(c.event.type + " " + c.event.id, h("pre", JSON.stringify(c.event, null, 2)),
      c.causes.length > 0 && h("h3", "Because of"), c.causes.length > 0 && lines(c.causes),
      c.consequences.length > 0 && h("h3", "Led to"), c.consequences.length > 0 && lines(c.consequences));
  } catch (e) { dialog(id, h("p", e.message)); }
}

export function history(view) {
  const body = h("tbody");
  const note = h("span.small.soft");
  const type = h("select", {"aria-label": "Type"}, h("option", {value: ""}, "All but page loads"), h("option", {value: "*"}, "Everything"),
    [...GROUPS, "http.served"].map(t => h("option", t)));
  const model = h("input", {placeholder: "model", size: 16, "aria-label": "Model"});
  const request = h("input", {placeholder: "request r-…", size: 12, "aria-label": "Request"});
  let source = null;
  let older = null;

  /** The query for the chosen filter; pages are not served for nothing, so by default their own requests are left out. */
  function filter(more = {}) {
    const types = type.value === "" ? EVENT_TYPES.filter(t => t !== "http.served") : type.value === "*" ? [] : [type.value];
    const rest = Object.entries({model: model.value.trim(), request: request.value.trim(), ...more}).filter(([, v]) => v);
    return new URLSearchParams([...types.map(t => ["type", t]), ...rest]);
  }
  async function load(before) {
    try {
      const page = await call("/api/history?" + filter({order: "desc", limit: 100, before}));
      if (!before) fill(body);
      body.append(...page.events.map(row));
      older = page.next;
      note.textContent = body.children.length ? "" : "Nothing matches so far back; older pages may.";
    } catch (e) { fill(body); note.textContent = e.message; }
  }
  function follow(on) {
    source?.close();
    source = null;
    if (!on) return;
    source = new EventSource("/api/history/stream?" + filter());
    const show = e => {
      body.prepend(row(JSON.parse(e.data)));
      while (body.children.length > KEPT) body.lastChild.remove();
    };
    source.onmessage = show;
    EVENT_TYPES.forEach(t => source.addEventListener(t, show));
    source.addEventListener("reset", () => { load(); });
  }
  const live = h("input", {type: "checkbox", checked: true, onchange: e => follow(e.target.checked)});
  const again = () => { load(); follow(live.checked); };
  for (const input of [type, model, request]) input.addEventListener("change", again);
  view.append(h("div.stack",
    h("div.row", type, model, request, h("label.row.small", live, "Live"), note),
    h("div.scroll", h("table", h("thead", h("tr", ["Id", "Time", "Type", "Subject", "Request", "By", "Data"].map(t => h("th", t)))), body)),
    h("div", h("button", {onclick: () => older && load(older)}, "Older"))));
  again();
  return () => source?.close();
}

// Server-sent events carry their type as their name, and a page hears only the names it asks for.
const EVENT_TYPES = [
  "server.started", "server.listening", "server.stopping", "server.drained", "server.stopped", "config.applied", "config.rejected", "clock.stepped",
  "request.arrived", "request.finished", "request.abandoned", "request.retried", "http.served", "process.spawned", "process.spawn_failed", "process.ready", "process.probe_timed_out",
  "process.exited", "process.stop_failed", "process.orphan_found", "process.lost", "timer.fired", "load.asked", "unload.asked", "profile.activated", "hold.placed",
  "hold.lifted", "disk.low", "disk.recovered", "snapshot.due", "load.queued", "load.dropped", "turn.released", "linger.armed", "request.queued", "request.joined", "request.admitted", "request.shed", "swap.started", "swap.finished", "swap.failed",
  "swap.cancelled", "start.ordered", "stop.ordered", "kill.ordered", "state.changed", "ttl.armed", "ttl.cancelled", "backoff.armed", "backoff.cleared", "turn.claimed",
  "orphan.adopted", "orphan.reaped", "deadline.missed", "transition.refused", "snapshot.taken",
];
