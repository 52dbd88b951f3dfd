// One request from its arrival to its end on one time axis, and why: the queue, the swap, the run, its log at that moment, what was said.
import {Part, html, nothing} from "../parts/part.js";
import {call, post, query, url} from "../data/api.js";
import {live} from "../data/live.js";
import {choose, place, at} from "../data/place.js";
import {clock, ms, number, bytes, modelOfRun} from "../data/format.js";
import {phases} from "../data/swaps.js";
import {gist} from "../data/events.js";
import {empty, eventLink, facts, linked, modelLink, outcomeBadge, problem, runLink, swapLink, tabs} from "../parts/bits.js";
import {legend} from "../parts/lanes.js";
import "../parts/capture.js";

const KINDS = [
  ["wait", "wait"],
  ["drain", "drain"],
  ["stop", "stop"],
  ["start", "start"],
  ["prefill", "to the first byte"],
  ["serve", "answer"],
];
const quiet = promise => promise.catch(() => null);

class RequestPage extends Part {
  static loads = ["activity", "inflight", "models"];
  static pause = 300;
  found = null;

  moved() {
    this.requestUpdate();
    if (!this.found) this.load();
  }

  load() {
    if (this.found?.finished) return;
    this.ask(
      async () => {
        const page = await call(query("api/history", {request: this.subject, limit: 200}));
        const of = type => page.events.findLast(e => e.type === type);
        const swap = of("request.joined")?.swap;
        const [why, row, swapFound] = await Promise.all([
          quiet(call(query("api/why", {request: this.subject}))),
          quiet(call(query("api/metrics/activity", {request: this.subject}))),
          swap ? quiet(call(url("api", "swaps", swap))) : null,
        ]);
        return {
          events: page.events,
          arrived: of("request.arrived"),
          queued: of("request.queued"),
          joined: of("request.joined"),
          admitted: of("request.admitted"),
          shed: of("request.shed"),
          finished: of("request.finished"),
          why: why?.answer,
          row: row?.data[0],
          swap: swapFound,
        };
      },
      found => {
        this.found = found;
        if (found.admitted && found.finished) this.readLog();
      },
    );
  }

  async readLog() {
    const {admitted, arrived, finished} = this.found;
    const from = new Date(Date.parse(arrived.time) - 1000).toISOString(),
      to = new Date(Date.parse(finished.time) + 1000).toISOString();
    this.log = await quiet(call(query("api/output", {run: admitted.run, from, to})));
    this.requestUpdate();
  }

  /** The parts of its life in milliseconds after its arrival. */
  bars() {
    const {arrived, queued, joined, admitted, finished, swap} = this.found;
    const zero = Date.parse(arrived.time);
    const since = e => (e ? Date.parse(e.time) - zero : null);
    const end = finished ? finished.data.duration / 1000 : Date.now() - zero;
    const served = since(admitted) ?? end;
    const first = finished?.data.first_byte ? Math.min(finished.data.first_byte / 1000, end) : null;
    const bars = [];
    const add = (kind, from, to, title, href) => {
      if (to - from > 0.05) bars.push({kind, from, to, title: title + ": " + ms(to - from), text: title, href});
    };
    if (swap) {
      const offset = Date.parse(swap.asked) - zero;
      const parts = phases(swap)
        .filter(p => p.kind !== "first")
        .map(p => ({...p, from: Math.max(0, p.from + offset), to: Math.min(served, p.to + offset)}));
      const begin = parts[0]?.from ?? since(joined);
      if (begin > 0) add("wait", 0, begin, "wait");
      parts.forEach(p => add(p.kind, p.from, p.to, p.kind, at("swaps", swap.id)));
      if (parts.length && served > parts.at(-1).to) add("wait", parts.at(-1).to, served, "wait");
    } else add("wait", 0, served, queued ? "queued" : "wait");
    if (admitted) {
      add("prefill", served, first ?? end, "first byte");
      if (first !== null) add("serve", first, end, "answer");
    }
    const bad = finished && finished.data.outcome !== "ok";
    return {
      bars,
      end: Math.max(end, 0.5),
      mark: bad ? [{from: end - Math.max(end, 1) * 0.004, to: end, kind: "failed", title: finished.data.outcome.replaceAll("_", " ")}] : [],
    };
  }

  render() {
    const f = this.found;
    if (!f) return this.problem ? problem(this.problem) : nothing;
    if (!f.arrived) return empty(this.subject + " is not on record.", "It is older than what is kept, or was never made.");
    const {bars, end, mark} = this.bars();
    const d = f.finished?.data;
    const tab = place().query.get("tab") ?? "chat";
    const inflight = live.inflight.get(this.subject.slice(2));
    const tokens = d?.tokens;
    const swapsAt = f.swap ? {end: Date.parse(f.swap.asked) + 2 * f.swap.total_ms + 2000, span: Math.max(5000, 4 * f.swap.total_ms)} : {};
    return html`<div class="stack">
      <div class="row">
        ${outcomeBadge(d?.outcome ?? "under_way")}<span>${modelLink(f.arrived.model)}</span
        ><span class="mono soft">${f.arrived.data.method} ${f.arrived.data.path}</span><span class="grow"></span>
        <span class="soft">${new Date(f.arrived.time).toLocaleString()}</span
        >${inflight ? html`<button class="tiny bad" @click=${() => post(url("api", "inflight", inflight.id, "cancel"), this.subject + " is cancelled")}>Cancel</button>` : nothing}
      </div>
      ${problem(this.problem)} ${f.why ? html`<p class="lead" data-why>${linked(f.why)}</p>` : nothing}
      <t-lanes relative name="From arrival to end" .view=${[0, end * 1.01]} .lanes=${[{name: this.subject, bars: [...bars, ...mark]}]}></t-lanes>
      ${legend(KINDS)}
      <div class="split">
        <div class="stack">
          ${tabs(
            [
              ["chat", "As chat"],
              ["request", "Request"],
              ["answer", "Answer"],
              ["log", "Log at that moment"],
              ["events", "Events"],
            ],
            tab,
            t => choose({tab: t === "chat" ? "" : t}),
            "What was recorded",
          )}
          ${
            tab === "events"
              ? html`<div class="scroll">
                  <table aria-label="Events">
                    <tbody>
                      ${f.events.map(
                        e =>
                          html`<tr>
                            <td>${eventLink(e.id)}</td>
                            <td class="mono num">${ms(Date.parse(e.time) - Date.parse(f.arrived.time))}</td>
                            <td>${e.type}</td>
                            <td class="wide small soft">${linked(gist(e))}</td>
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>`
              : tab === "log"
                ? this.log
                  ? html`<pre tabindex="0" aria-label="Log">${this.log || "The run printed nothing while this request was served."}</pre>`
                  : html`<p class="soft">The output of that run is no longer kept, or the request was never served.</p>`
                : html`<t-capture .row=${f.row ?? null} .ended=${Boolean(d)} .view=${tab}></t-capture>`
          }
        </div>
        <div class="card">
          ${facts([
            ["Arrived", clock(f.arrived.time)],
            ["Queued behind", f.queued?.data.behind?.length ? f.queued.data.behind.map((m, i) => html`${i ? ", " : ""}${modelLink(m)}`) : null],
            ["Swap", f.swap ? html`${swapLink(f.swap.id)} <a class="small" href=${at("swaps", "", swapsAt)}>in the timeline</a>` : null],
            ["Served by", f.admitted ? runLink(f.admitted.run) : null],
            ["Waited", f.admitted ? ms(Date.parse(f.admitted.time) - Date.parse(f.arrived.time)) : null],
            ["First byte", d?.first_byte ? ms(d.first_byte / 1000) : null],
            ["Took", d ? ms(d.duration / 1000) : null],
            ["Status", d?.status || null],
            ["Error", d?.error],
            ["Received", d ? bytes(d.bytes) : null],
            [
              "Tokens",
              tokens
                ? html`${number(tokens.input)} in, ${number(tokens.output)} out${tokens.cached > 0 ? ", " + number(tokens.cached) + " cached" : ""}`
                : null,
            ],
            ["Speed", tokens?.tokens_per_second > 0 ? tokens.tokens_per_second.toFixed(1) + " tokens/s" : null],
            ["Asked for", f.arrived.data.asked !== f.arrived.model ? f.arrived.data.asked : null],
            ["Client", html`<span class="mono">${f.arrived.data.client}</span>`],
            ["Agent", f.arrived.data.agent],
            ["State then", html`<a href=${at("time", "", {at: f.arrived.seq})}>see all models at its arrival</a>`],
            ["Log", f.admitted ? html`<a href=${at("logs", "", {source: "model:" + modelOfRun(f.admitted.run)})}>of the model, now</a>` : null],
          ])}
        </div>
      </div>
    </div>`;
  }
}
customElements.define("p-request", RequestPage);
