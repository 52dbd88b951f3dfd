// Requests under way, with cancel, and requests that ended, with what was recorded of them.
import {h, fill, table, dialog, number, ms, bytes, ago} from "./dom.js";
import {call, post, path} from "./api.js";
import {state, subscribe} from "./store.js";

const COLUMNS = [
  ["id", "ID", "num"], ["time", "Time"], ["model", "Model"], ["req_path", "Path"], ["resp_status_code", "Status", "num"], ["cached", "Cached", "num"],
  ["prompt", "Prompt", "num"], ["generated", "Generated", "num"], ["prompt_speed", "Prefill/s", "num"], ["gen_speed", "Decode/s", "num"], ["duration", "Duration", "num"],
];
const known = v => v < 0 ? "–" : number(v);
const speed = v => v <= 0 ? "–" : v.toFixed(1);

function row(r) {
  const ok = r.resp_status_code >= 200 && r.resp_status_code < 300;
  return h("tr", {title: r.error_msg ?? null},
    h("td.num", r.id), h("td", {title: r.timestamp}, ago(r.timestamp)), h("td", h("a", {href: "#/models/" + encodeURIComponent(r.model)}, r.model)),
    h("td.mono", r.req_path), h("td.num", {class: ok ? "ok-text" : "bad-text"}, r.resp_status_code), h("td.num", known(r.tokens.cache_tokens)),
    h("td.num", number(r.tokens.input_tokens)), h("td.num", number(r.tokens.output_tokens)), h("td.num", speed(r.tokens.prompt_per_second)),
    h("td.num", speed(r.tokens.tokens_per_second)), h("td.num", ms(r.duration_ms)),
    h("td", r.has_capture && h("button.tiny", {onclick: () => capture(r.id)}, "Show")), h("td.wide.small.soft", r.error_msg ?? meta(r.metadata)));
}

const meta = m => Object.entries(m ?? {}).map(([k, v]) => k + " " + v).join(", ");

function text(base64) {
  if (base64 === null) return null;
  const raw = new TextDecoder().decode(Uint8Array.from(atob(base64), c => c.charCodeAt(0)));
  try { return JSON.stringify(JSON.parse(raw), null, 2); } catch { return raw; }
}

async function capture(id) {
  try {
    const c = await call(path("api", "captures", id));
    const headers = m => h("dl.small.mono", Object.entries(m).map(([k, v]) => [h("dt", k), h("dd", v)]));
    const body = b => b === null ? h("p.soft", "Not recorded.") : h("pre", text(b));
    dialog("Request " + id + " " + c.req_path, h("h3", "Request"), headers(c.req_headers), body(c.req_body), h("h3", "Answer"), headers(c.resp_headers), body(c.resp_body));
  } catch (e) {
    dialog("Request " + id, h("p", e.status === 404 ? "No capture is kept." : e.message));
  }
}

/** A table of ended requests with sorting and paging; of one model, if one is given. Returns what ends it. */
export function activityTable(box, model) {
  const view = {page: 1, sort: "id", order: "desc", limit: 25};
  let due = 0;
  async function load() {
    try {
      const data = await call("/api/metrics/activity?" + new URLSearchParams({...view, ...(model ? {model} : {})}));
      draw(data);
    } catch (e) { fill(box, h("div.card.empty", e.message)); }
  }
  function sortBy(column) {
    view.order = view.sort === column && view.order === "desc" ? "asc" : "desc";
    view.sort = column;
    view.page = 1;
    load();
  }
  function draw(data) {
    const heads = COLUMNS.map(([key, title, kind]) => h("th", {class: kind ?? "", "aria-sort": view.sort === key ? (view.order === "asc" ? "ascending" : "descending") : null},
      h("button", {onclick: () => sortBy(key)}, title + (view.sort === key ? (view.order === "asc" ? " ↑" : " ↓") : ""))));
    const turn = by => () => { view.page += by; load(); };
    fill(box, h("div.stack", table([...heads, h("th", "Capture"), h("th", "")], data.data.map(row), "No requests yet."),
      data.total_pages > 1 && h("div.row", h("button.tiny", {disabled: view.page <= 1, onclick: turn(-1)}, "Newer"),
        h("span.small.soft", "page " + data.page + " of " + data.total_pages + ", " + number(data.total) + " requests"),
        h("button.tiny", {disabled: view.page >= data.total_pages, onclick: turn(1)}, "Older"))));
  }
  load();
  const quiet = subscribe(topics => {
    if (topics.has("activity") && view.page === 1 && !due) due = setTimeout(() => { due = 0; load(); }, 1000);
  });
  return () => { quiet(); clearTimeout(due); };
}

function underWay(box) {
  const rows = [...state.inflight.values()].map(r => h("tr",
    h("td.num", r.id), h("td", r.model), h("td.mono", r.method + " " + r.req_path), h("td", r.remote_ip),
    h("td.small.soft", (state.sessionHeaders.map(n => r.req_headers[n]).find(Boolean) ?? r.req_headers["User-Agent"] ?? "").slice(0, 60)),
    h("td", Object.keys(r.resp_headers).length ? "answering" : "waiting"), h("td.num", bytes(r.resp_bytes)), h("td.num", ms(Date.now() - r.begun)),
    h("td", h("button.tiny.bad", {onclick: () => post(path("api", "inflight", r.id, "cancel"), "Cancelled")}, "Cancel"))));
  fill(box, table(["ID", "Model", "Request", "Client", "Session or agent", "State", "Received", "Elapsed", ""].map(t => h("th", t)), rows, "Nothing is under way."));
}

function histogram(title, data) {
  if (!data) return null;
  const most = Math.max(...data.bins);
  return h("div.card", h("h3", title), h("div.row", {style: {alignItems: "flex-end", height: "70px", gap: "2px", flexWrap: "nowrap"}},
    data.bins.map((n, i) => h("span.seg-start.grow", {style: {height: 4 + 66 * n / most + "px", borderRadius: "3px"}, title: n + " at " + (data.min + i * data.binSize).toFixed(1)}))),
    h("div.small.soft", "median " + data.p50.toFixed(1) + ", p95 " + data.p95.toFixed(1) + ", p99 " + data.p99.toFixed(1)));
}

export function activity(view) {
  const totals = h("div.stack");
  const live = h("div");
  const rows = h("div");
  let due = 0;
  async function sums() {
    const s = await call("/api/metrics/stats").catch(() => null);
    if (!s) return;
    fill(totals, h("div.tiles", [["Requests", s.total_requests], ["Prompt tokens", s.total_input_tokens], ["Cached tokens", s.total_cache_tokens], ["Generated tokens", s.total_output_tokens]]
      .map(([name, value]) => h("div.card.tile", h("span.soft.small", name), h("b", number(value))))),
      (s.prompt_histogram || s.gen_histogram) && h("div.cards", histogram("Prefill, tokens/s", s.prompt_histogram), histogram("Decode, tokens/s", s.gen_histogram)));
  }
  view.append(h("div.stack", totals, h("h2", "Under way"), live, h("h2", "Done"), rows));
  sums();
  underWay(live);
  const end = activityTable(rows);
  const tick = setInterval(() => { if (state.inflight.size) underWay(live); }, 1000);
  const quiet = subscribe(topics => {
    if (topics.has("inflight")) underWay(live);
    if (topics.has("activity") && !due) due = setTimeout(() => { due = 0; sums(); }, 1000);
  });
  return () => { end(); quiet(); clearInterval(tick); clearTimeout(due); };
}
