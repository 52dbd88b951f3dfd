// Swaps on one time axis, a lane for each model, and beside it the list.
import {Part, html, nothing} from "../parts/part.js";
import {call, query} from "../data/api.js";
import {live} from "../data/live.js";
import {at, choose, place} from "../data/place.js";
import {modelOfRun, ms} from "../data/format.js";
import {PHASES, phases, totalOf} from "../data/swaps.js";
import {empty, linked, modelLink, problem, requestLink, swapBadge, swapLink, when} from "../parts/bits.js";
import {legend} from "../parts/lanes.js";

const SPAN = 300_000;
const SPANS = [
  [60_000, "1 min"],
  [300_000, "5 min"],
  [1_800_000, "30 min"],
  [7_200_000, "2 h"],
  [86_400_000, "1 day"],
];
const PAGE = 100;
const STATES = {starting: "start", ready: "ready", stopping: "stop"};
const KINDS = [
  ["wait", "wait"],
  ["drain", "drain"],
  ["stop", "stop"],
  ["start", "start"],
  ["ready", "ready"],
  ["failed", "failed"],
];

class Swaps extends Part {
  static draws = ["models"];
  static loads = ["models", "activity"];
  swaps = [];
  changes = [];
  next = null;

  get model() {
    return place().query.get("model") ?? "";
  }
  /** Unless one chose, the last dozen swaps are in sight. */
  get view() {
    const q = place().query;
    const span = Number(q.get("span")) || (this.usual ?? SPAN);
    const end = Number(q.get("end")) || (this.now ??= Date.now()) + span * 0.02;
    return [end - span, end];
  }

  connectedCallback() {
    super.connectedCallback();
    this.every(1000, () => {
      if (!place().query.get("end")) {
        this.now = Date.now();
        this.requestUpdate();
      }
    });
  }

  moved() {
    this.requestUpdate();
    if (this.model !== this.of) {
      this.of = this.model;
      this.swaps = [];
      this.load();
    }
    clearTimeout(this.late);
    this.late = setTimeout(() => this.window(), 250);
  }

  /** The newest page is asked for again and joined to the older ones that were looked at. */
  load() {
    this.ask(
      () => call(query("api/swaps", {model: this.model, limit: PAGE})),
      page => {
        const news = new Set(page.swaps.map(s => s.id));
        const older = this.swaps.filter(s => !news.has(s.id));
        if (!older.length) this.next = page.next ?? null;
        this.swaps = [...page.swaps, ...older];
        const recent = page.swaps.slice(0, 12).at(-1);
        if (recent && !this.usual) this.usual = Math.min(3_600_000, Math.max(20_000, (Date.now() - Date.parse(recent.asked)) * 1.1));
      },
    );
    this.window();
  }

  async older() {
    const page = await call(query("api/swaps", {model: this.model, limit: PAGE, before: this.next})).catch(e => {
      this.problem = e.message;
      return {swaps: []};
    });
    const known = new Set(this.swaps.map(s => s.id));
    this.swaps = [...this.swaps, ...page.swaps.filter(s => !known.has(s.id))];
    this.next = page.next ?? null;
    this.requestUpdate();
  }

  /** What changed state in the part of time that is shown, and a little before it. */
  async window() {
    const [from, to] = this.view;
    try {
      const page = await call(
        query("api/history", {
          type: "state.changed",
          model: this.model,
          order: "desc",
          limit: 1000,
          from: new Date(from - (to - from)).toISOString(),
          to: new Date(Math.min(to, Date.now() + 60_000)).toISOString(),
        }),
      );
      this.changes = page.events.reverse();
    } catch {
      /* before the record began there is nothing to draw */
    }
    this.requestUpdate();
  }

  lanes() {
    const [from, to] = this.view;
    const lanes = new Map();
    const lane = model => lanes.get(model) ?? lanes.set(model, {name: model, href: at("models", model), bars: [], dots: []}).get(model);
    const open = new Map();
    const now = Date.now();
    const close = (model, end) => {
      const o = open.get(model);
      if (o && STATES[o.state])
        lane(model).bars.push({kind: STATES[o.state], from: o.since, to: end, title: `${model} ${STATES[o.state]}: ${ms(end - o.since)}`});
    };
    for (const e of this.changes) {
      const model = e.model ?? modelOfRun(e.run ?? "#");
      close(model, Date.parse(e.time));
      open.set(model, {state: e.data.to, since: Date.parse(e.time)});
    }
    for (const model of open.keys()) close(model, now);
    for (const m of live.models)
      if (m.state === "ready" && !open.has(m.id) && (!this.model || m.id === this.model))
        lane(m.id).bars.push({kind: "ready", from: from - 1, to: now, title: m.id + " ready"});
    const ties = [];
    for (const s of this.swaps) {
      const zero = Date.parse(s.asked),
        end = zero + totalOf(s);
      if (end < from || zero > to) continue;
      const target = lane(s.model);
      const parts = phases(s);
      const text = p => `${s.id} ${p.kind}: ${ms(p.to - p.from)}`;
      for (const p of parts.filter(p => p.kind === "wait" || (p.kind === "drain" && !s.evicted.length)))
        target.bars.push({...p, from: zero + p.from, to: zero + p.to, title: text(p), href: at("swaps", s.id)});
      for (const run of s.evicted) {
        const evicted = lane(modelOfRun(run));
        const step = name => s.timeline.find(t => t.step === name && t.run === run)?.ms;
        const begun = s.timeline.find(t => t.step === "begun")?.ms ?? 0;
        if (step("stop_ordered") > begun + 0.5)
          evicted.bars.push({
            kind: "drain",
            from: zero + begun,
            to: zero + step("stop_ordered"),
            title: `${run} drain for ${s.id}: ${ms(step("stop_ordered") - begun)}`,
            href: at("swaps", s.id),
          });
        const gone = step("stopped") ?? step("stop_ordered");
        if (gone !== undefined)
          ties.push({
            from: [modelOfRun(run), zero + gone],
            to: [s.model, zero + (s.timeline.find(t => t.step === "start_ordered")?.ms ?? gone)],
            title: `${run} left for ${s.model} (${s.id})`,
          });
      }
      if (s.outcome === "failed") {
        const start = parts.find(p => p.kind === "start") ?? parts.at(-1);
        if (start)
          target.bars.push({
            kind: "failed",
            from: zero + start.from,
            to: zero + start.to,
            title: `${s.id} failed: ${s.detail ?? ""}`,
            href: at("swaps", s.id),
            text: "failed",
          });
      }
      const ended = s.timeline.find(t => t.step === "ended")?.ms ?? totalOf(s);
      for (const w of s.waited.slice(0, 20))
        target.dots.push({
          at: zero + w.arrived_ms,
          to: zero + ended,
          title: `${w.request} waited ${ms(w.waited_ms)}: ${w.why}`,
          href: at("activity", w.request),
        });
    }
    const all = [...lanes.values()]
      .filter(l => l.bars.some(b => b.to >= from && b.from <= to) || l.dots.some(d => d.at <= to && d.to >= from))
      .sort((a, b) => a.name.localeCompare(b.name))
      .slice(0, 60);
    const index = new Map(all.map((l, i) => [l.name, i]));
    return {
      lanes: all,
      ties: ties
        .filter(t => index.has(t.from[0]) && index.has(t.to[0]))
        .map(t => ({...t, from: [index.get(t.from[0]), t.from[1]], to: [index.get(t.to[0]), t.to[1]]})),
    };
  }

  show([from, to]) {
    const now = Date.now();
    choose({end: to >= now ? "" : Math.round(to), span: Math.round(to - from)});
    if (to >= now) this.now = now;
  }

  render() {
    const {lanes, ties} = this.lanes();
    const q = place().query;
    const [from, to] = this.view;
    const zoom = factor => this.show([to - (to - from) * factor, to]);
    return html`<div class="stack">
      <div class="tools">
        <select aria-label="Model" @change=${e => choose({model: e.target.value})}>
          <option value="">All models</option>
          ${live.models.filter(m => !m.peerID).map(m => html`<option .selected=${m.id === this.model}>${m.id}</option>`)}
        </select>
        <button class="tiny" aria-label="Earlier" @click=${() => this.show([from - (to - from) / 2, to - (to - from) / 2])}>←</button
        ><button class="tiny" aria-label="Zoom in" @click=${() => zoom(0.5)}>+</button
        ><button class="tiny" aria-label="Zoom out" @click=${() => zoom(2)}>−</button>
        <button class="tiny" aria-label="Later" @click=${() => this.show([from + (to - from) / 2, to + (to - from) / 2])}>→</button>
        <select aria-label="Span" @change=${e => this.show([to - Number(e.target.value), to])}>
          ${SPANS.some(([v]) => v === to - from) ? nothing : html`<option value="" disabled .selected=${true}>${ms(to - from)}</option>`}
          ${SPANS.map(([v, t]) => html`<option value=${v} .selected=${v === to - from}>${t}</option>`)}
        </select>
        ${q.get("end") ? html`<button class="tiny" @click=${() => choose({end: ""})}>Now</button>` : html`<span class="state s-open small">live</span>`}
        <span class="grow"></span>${legend(KINDS)}
      </div>
      ${problem(this.problem)}
      ${lanes.length ? html`<t-lanes name="Models over time" .lanes=${lanes} .ties=${ties} .view=${[from, to]} .onview=${v => this.show(v)}></t-lanes>` : this.swaps.length ? empty("Nothing happened in this part of time.", html`<a href=${at("swaps", "", {end: Date.parse(this.swaps[0].asked) + 30_000, span: 60_000, model: this.model})}>Go to the newest swap</a>`) : nothing}
      ${
        this.swaps.length
          ? html`<div class="scroll">
                <table aria-label="Swaps">
                  <thead>
                    <tr>
                      ${["Swap", "Asked", "Model", "Outcome", "Phases", "Took", "Evicted", "Waited", "Why"].map((t, i) => html`<th scope="col" class=${i === 5 || i === 7 ? "num" : ""}>${t}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${this.swaps.map(s => swapRow(s, () => choose({end: Math.round(Date.parse(s.asked) + Math.max(1000, totalOf(s)) * 1.5), span: Math.round(Math.max(1000, totalOf(s)) * 2.5)}, true)))}
                  </tbody>
                </table>
              </div>
              <div class="row">
                ${this.next ? html`<button @click=${() => this.older()}>Older</button>` : nothing}<span class="soft small" data-total
                  >${this.swaps.length} shown${this.next ? "" : ", all there are"}</span
                >
              </div>`
          : this.problem
            ? nothing
            : empty("No model was swapped yet.")
      }
    </div>`;
  }
}
customElements.define("p-swaps", Swaps);

const swapRow = (s, show) =>
  html`<tr>
    <td>${swapLink(s.id)}</td>
    <td>${when(s.asked)}</td>
    <td>${modelLink(s.model)}</td>
    <td>${swapBadge(s.outcome)}</td>
    <td><button class="quiet tiny" title="Show in the timeline" aria-label="Show ${s.id} in the timeline" @click=${show}>${bar(s)}</button></td>
    <td class="num">${ms(totalOf(s))}</td>
    <td>${s.evicted.map((r, i) => html`${i ? ", " : ""}${modelLink(modelOfRun(r))}`)}</td>
    <td class="num">${s.waiting ? html`${s.waiting === 1 ? requestLink(s.waited[0].request) : s.waiting}` : nothing}</td>
    <td class="fill">
      ${s.detail ? html`<span class="bad-text">${linked(s.detail)}</span>` : html`<span class="soft">${s.reason.replaceAll("_", " ")}${s.set ? ", set " + s.set : ""}</span>`}
    </td>
  </tr>`;

function bar(s) {
  const parts = phases(s),
    total = totalOf(s) || 1;
  return html`<span class="phases"
    >${parts.map(p => html`<span class="p-${s.outcome === "failed" && p.kind === "start" ? "failed" : p.kind}" title="${PHASES.find(([k]) => k === p.kind)[1]} ${ms(p.to - p.from)}" .style=${"width:" + (100 * (p.to - p.from)) / total + "%"}></span>`)}</span
  >`;
}
