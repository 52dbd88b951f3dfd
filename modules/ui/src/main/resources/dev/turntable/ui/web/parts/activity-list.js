// Requests that ended: filters, columns, rows a page, sorting and paging, all in the address. Of one model where one is given.
import {Part, html, nothing} from "./part.js";
import {call, query} from "../data/api.js";
import {choose, place} from "../data/place.js";
import {live} from "../data/live.js";
import {ms, number, plural} from "../data/format.js";
import {OUTCOME_NAMES, modelLink, outcomeBadge, problem, requestLink, runLink, when} from "./bits.js";
import {download, toast} from "./toast.js";
import "./rows.js";

const known = v => (v < 0 ? "–" : number(v));
const speed = v => (v <= 0 ? "–" : number(v < 1000 ? Math.round(v * 10) / 10 : Math.round(v)));
const COLUMNS = [
  {key: "request", title: "Request", cell: r => requestLink(r.request)},
  {key: "time", title: "Ended", sorts: true, cell: r => when(r.timestamp)},
  {key: "model", title: "Model", sorts: true, cell: r => modelLink(r.model)},
  {key: "outcome", title: "Outcome", cell: r => outcomeBadge(r.outcome)},
  {key: "resp_status_code", title: "Status", class: "num", sorts: true, cell: r => r.resp_status_code},
  {key: "req_path", title: "Path", sorts: true, cell: r => html`<span class="mono">${r.req_path}</span>`},
  {
    key: "wait",
    title: "Waited",
    class: "num",
    cell: r =>
      r.wait_ms === undefined
        ? "–"
        : r.wait_ms
          ? html`<span class=${r.wait_ms > 1000 ? "warn-text" : ""}>${ms(r.wait_ms)}</span>`
          : html`<span class="soft">0</span>`,
  },
  {key: "duration", title: "Took", class: "num", sorts: true, cell: r => ms(r.duration_ms)},
  {key: "prompt", title: "Prompt", class: "num", sorts: true, cell: r => number(r.tokens.input_tokens)},
  {key: "cached", title: "Cached", class: "num", sorts: true, cell: r => known(r.tokens.cache_tokens)},
  {key: "generated", title: "Generated", class: "num", sorts: true, cell: r => number(r.tokens.output_tokens)},
  {key: "prompt_speed", title: "Prefill/s", class: "num", sorts: true, cell: r => speed(r.tokens.prompt_per_second)},
  {key: "gen_speed", title: "Decode/s", class: "num", sorts: true, cell: r => speed(r.tokens.tokens_per_second)},
  {key: "run", title: "Run", cell: r => (r.run ? runLink(r.run) : "–")},
  {
    key: "note",
    title: "Note",
    class: "fill",
    cell: r =>
      html`<span class="soft" title=${r.error_msg ?? nothing}
        >${
          r.error_msg ??
          Object.entries(r.metadata ?? {})
            .filter(([k, v]) => k !== "fifo_priority" || v !== "0")
            .map(([k, v]) => k.replaceAll("_", " ") + " " + v)
            .join(", ")
        }</span
      >`,
  },
];
const HIDDEN = ["cached", "prompt_speed", "run"];
const LIMITS = [25, 50, 100, 250, 999];
const PARAMETERS = ["model", "outcome", "path", "start", "end", "sort", "order"];
const local = iso => (iso ? new Date(Date.parse(iso) - new Date(iso).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "");

class ActivityList extends Part {
  static properties = {model: {}};
  static draws = ["models"];
  static loads = ["activity"];
  data = null;

  get choices() {
    const {query: q} = place();
    return {
      ...Object.fromEntries(PARAMETERS.map(p => [p, q.getAll(p)])),
      ...(this.model ? {model: this.model} : {}),
      limit: q.get("limit") ?? 50,
      page: q.get("page") ?? 1,
    };
  }

  moved() {
    this.requestUpdate();
    const asked = query("api/metrics/activity", this.choices);
    if (asked !== this.asked) this.load();
  }

  /** Older pages stay as they are: new rows would move them under the reader's eyes. */
  load() {
    const choices = this.choices;
    this.asked = query("api/metrics/activity", choices);
    this.ask(
      () => call(this.asked),
      data => {
        this.data = data;
      },
    );
  }

  sortBy(key) {
    const {sort = "id", order = "desc"} = Object.fromEntries(place().query);
    choose({sort: key, order: sort === key && order === "desc" ? "asc" : "desc", page: ""});
  }

  async export(kind) {
    const rows = [];
    try {
      for (let page = 1, pages = 1; page <= pages; page++) {
        const part = await call(query("api/metrics/activity", {...this.choices, limit: 999, page}));
        pages = part.total_pages;
        rows.push(...part.data);
      }
    } catch (e) {
      return toast(e.message, true);
    }
    if (kind === "json") return download("activity.json", "application/json", JSON.stringify(rows, null, 1));
    const flat = rows.map(({tokens, metadata, ...row}) => ({...row, ...tokens, metadata: metadata ? JSON.stringify(metadata) : ""}));
    const heads = [...new Set(flat.flatMap(Object.keys))];
    const cell = v =>
      v === undefined ? "" : /[",\n]|^[=+\-@]/.test(String(v)) && typeof v !== "number" ? '"' + String(v).replaceAll('"', '""') + '"' : String(v);
    download("activity.csv", "text/csv", [heads.join(","), ...flat.map(row => heads.map(k => cell(row[k])).join(","))].join("\n") + "\n");
  }

  render() {
    const {query: q} = place();
    const hidden = q.has("hide") ? q.get("hide").split(",") : HIDDEN;
    const columns = COLUMNS.filter(c => !hidden.includes(c.key) && !(this.model && c.key === "model"));
    const d = this.data;
    const page = Number(q.get("page") ?? 1);
    const chosen = q.getAll("outcome");
    const filter = (name, value) => choose({[name]: value, page: ""});
    const from = d ? (d.page - 1) * d.limit + 1 : 0;
    return html`<div class="stack">
      <div class="tools">
        ${
          this.model
            ? nothing
            : html`<select aria-label="Model" @change=${e => filter("model", e.target.value)}>
                <option value="">All models</option>
                ${[...new Set([...live.models.map(m => m.id), ...q.getAll("model")])].map(id => html`<option .selected=${q.get("model") === id}>${id}</option>`)}
              </select>`
        }
        <details class="menu left">
          <summary>${chosen.length ? chosen.map(o => o.replaceAll("_", " ")).join(", ") : "All outcomes"}</summary>
          <div>
            ${OUTCOME_NAMES.map(
              o =>
                html`<label
                  ><input
                    type="checkbox"
                    .checked=${chosen.includes(o)}
                    @change=${e => filter("outcome", e.target.checked ? [...chosen, o] : chosen.filter(c => c !== o))} />${outcomeBadge(o)}</label
                >`,
            )}
          </div>
        </details>
        <input type="search" placeholder="Path" aria-label="Path" size="14" .value=${q.get("path") ?? ""} @change=${e => filter("path", e.target.value)} />
        <details class="menu left">
          <summary>${q.get("start") || q.get("end") ? "Some time" : "Any time"}</summary>
          <div>
            <label
              ><span class="grow">From</span
              ><input
                type="datetime-local"
                .value=${local(q.get("start"))}
                @change=${e => filter("start", e.target.value && new Date(e.target.value).toISOString())}
            /></label>
            <label
              ><span class="grow">to</span
              ><input
                type="datetime-local"
                .value=${local(q.get("end"))}
                @change=${e => filter("end", e.target.value && new Date(e.target.value).toISOString())}
            /></label>
            ${[
              ["Last 15 minutes", 9e5],
              ["Last hour", 36e5],
              ["Last day", 864e5],
            ].map(([t, v]) => html`<button @click=${() => choose({start: new Date(Date.now() - v).toISOString(), end: "", page: ""})}>${t}</button>`)}
            <button @click=${() => choose({start: "", end: "", page: ""})}>Any time</button>
          </div>
        </details>
        <span class="grow"></span>
        <details class="menu">
          <summary>Columns</summary>
          <div>
            ${COLUMNS.map(
              c =>
                html`<label
                  ><input
                    type="checkbox"
                    .checked=${!hidden.includes(c.key)}
                    @change=${e => choose({hide: (e.target.checked ? hidden.filter(k => k !== c.key) : [...hidden, c.key]).join(",") || "none"})} />${c.title}</label
                >`,
            )}
          </div>
        </details>
        <label
          >Rows
          <select @change=${e => choose({limit: e.target.value, page: ""})}>
            ${LIMITS.map(n => html`<option .selected=${String(n) === String(q.get("limit") ?? 50)}>${n}</option>`)}
          </select></label
        >
        <button class="tiny" @click=${() => this.export("csv")}>CSV</button><button class="tiny" @click=${() => this.export("json")}>JSON</button>
      </div>
      ${problem(this.problem)}
      ${
        !d
          ? nothing
          : !d.data.length
            ? html`<div class="empty">
                <p>${d.total || q.size ? "No request matches." : "No requests yet."}</p>
                ${d.total || q.size ? nothing : html`<p class="soft">Ask something in the <a href="#/playground">playground</a>.</p>`}
              </div>`
            : html` <t-rows
                  name="Requests"
                  .columns=${columns}
                  .rows=${d.data}
                  .sort=${q.get("sort") ?? ""}
                  .order=${q.get("order") ?? "desc"}
                  .onsort=${key => this.sortBy(key)}></t-rows>
                <div class="row">
                  <button class="tiny" ?disabled=${page <= 1} @click=${() => choose({page: page - 1 === 1 ? "" : page - 1}, true)}>Newer</button>
                  <span class="small soft" data-total
                    >${number(from)}–${number(from + d.data.length - 1)} of ${plural(d.total, "request")}
                    kept${this.ever > d.total && !this.model && ![...q.keys()].some(k => PARAMETERS.includes(k)) ? html` (the last of ${number(this.ever)})` : nothing},
                    page ${d.page} of ${d.total_pages}</span
                  >
                  <button class="tiny" ?disabled=${page >= d.total_pages} @click=${() => choose({page: page + 1}, true)}>Older</button>
                </div>`
      }
    </div>`;
  }

  /** Rows are numbered from the first one ever: the newest number says how many there were. */
  get ever() {
    return Math.max(0, ...this.data.data.map(r => r.id));
  }
}
customElements.define("t-activity", ActivityList);
