// The record as a film: everything as it was after any commit, with a slider, steps, play, and the events around it.
import {Part, html, nothing} from "../parts/part.js";
import {call, query} from "../data/api.js";
import {at, choose, place} from "../data/place.js";
import {ALL_BUT_PAGES, gist} from "../data/events.js";
import {clock, ms, number, plural} from "../data/format.js";
import {eventLink, linked, modelLink, problem, requestLink, runLink, stateBadge, swapLink} from "../parts/bits.js";

class Time extends Part {
  span = null;
  state = null;
  before = [];
  after = [];
  seen = new Map();

  get seq() {
    return Math.min(this.span?.head ?? Infinity, Math.max(this.span?.earliest ?? 1, Number(place().query.get("at")) || this.span?.head || 1));
  }

  load() {
    this.ask(
      () => call(query("api/journal")),
      journal => {
        this.span = journal;
        this.look();
      },
    );
  }

  moved() {
    this.requestUpdate();
    if (!this.span) this.load();
    else this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.playing);
  }

  /** While the slider is dragged, only the place where it rests is asked for. */
  look() {
    clearTimeout(this.soon);
    this.soon = setTimeout(
      () =>
        this.ask(
          async () => {
            const seq = this.seq;
            const state = await call(query("api/state", {at: seq}));
            const [before, after] = await Promise.all([
              call(query("api/history", {before: state.cursor, order: "desc", limit: 40, type: ALL_BUT_PAGES})),
              call(query("api/history", {after: state.cursor, limit: 12, type: ALL_BUT_PAGES})),
            ]);
            return {state, before: before.events, after: after.events};
          },
          ({state, before, after}) => {
            this.changed = this.state
              ? new Set(state.models.filter(m => this.state.models.find(o => o.model === m.model)?.state !== m.state).map(m => m.model))
              : new Set();
            Object.assign(this, {state, before, after});
            if (this.playing) this.playing = setTimeout(() => this.step(1), 700);
          },
        ),
      60,
    );
  }

  /** To the next commit in that direction that is more than a page load. */
  step(by) {
    const next = by > 0 ? this.after.find(e => e.seq > this.seq)?.seq : this.before.find(e => e.seq < this.state.seq && e.seq < this.seq)?.seq;
    if (next === undefined) {
      this.playing = 0;
      this.requestUpdate();
      return;
    }
    choose({at: next});
  }

  play() {
    if (this.playing) {
      clearTimeout(this.playing);
      this.playing = 0;
      this.requestUpdate();
      return;
    }
    this.playing = 1;
    this.step(1);
  }

  render() {
    const {span, state} = this;
    if (!span || !state) return problem(this.problem);
    const busy = state.models.filter(m => m.state !== "stopped" || m.failures).sort((a, b) => a.model.localeCompare(b.model));
    const idle = state.models.length - busy.length;
    const line = (e, later) =>
      html`<tr aria-selected=${e.seq === state.seq ? "true" : nothing}>
        <td>${eventLink(e.id)}</td>
        <td class="mono">${clock(e.time)}</td>
        <td><a class=${later ? "soft" : ""} href=${at("time", "", {at: e.seq})}>${e.type}</a></td>
        <td class="fill"><span class="small soft">${e.run ?? e.model ?? ""} ${e.request ? linked(e.request) : ""} ${linked(gist(e))}</span></td>
      </tr>`;
    const since = time => ms(Math.max(0, Date.parse(state.time) - Date.parse(time)));
    return html`<div class="stack">
      <div class="card">
        <div class="row">
          <button class="tiny" aria-label="One commit back" @click=${() => this.step(-1)}>◀</button
          ><button class="tiny" @click=${() => this.play()}>${this.playing ? "Pause" : "Play"}</button
          ><button class="tiny" aria-label="One commit forward" @click=${() => this.step(1)}>▶</button>
          <b>${new Date(state.time).toLocaleDateString()} <span class="mono">${clock(state.time)}</span></b
          ><span class="soft">after commit ${number(state.seq)} of ${number(span.head)}</span><span class="grow"></span>
          <label
            >Time
            <input
              type="datetime-local"
              step="1"
              @change=${async e => {
                if (!e.target.value) return;
                try {
                  choose({at: (await call(query("api/state", {at: new Date(e.target.value).toISOString()}))).seq});
                } catch (x) {
                  this.problem = x.message;
                  this.requestUpdate();
                }
              }} /></label
          ><button
            class="tiny"
            @click=${() => {
              choose({at: ""});
              this.load();
            }}>
            Now
          </button>
        </div>
        <input
          type="range"
          aria-label="Commit"
          aria-valuetext="commit ${state.seq}, ${new Date(state.time).toLocaleString()}"
          min=${span.earliest}
          max=${span.head}
          .value=${String(this.seq)}
          @input=${e => choose({at: e.target.value})} />
      </div>
      ${problem(this.problem)}
      ${state.hold ? html`<div class="banner hold">A hold was in force${state.hold.note ? ": “" + state.hold.note + "”" : ""}</div>` : nothing}
      <div class="split" .style=${"grid-template-columns:minmax(0,1fr) minmax(0,1fr)"}>
        <div class="stack">
          <h2>Models <span class="soft">${idle ? plural(idle, "other") + " not loaded" : ""}</span></h2>
          ${
            busy.length
              ? html`<div class="scroll">
                  <table aria-label="Models then">
                    <tbody>
                      ${busy.map(
                        m =>
                          html`<tr aria-selected=${this.changed?.has(m.model) ? "true" : nothing}>
                            <td>${stateBadge(m.failures && m.state === "stopped" ? "failed" : m.state)}</td>
                            <td>${modelLink(m.model)}</td>
                            <td>${m.run ? runLink(m.run) : nothing}</td>
                            <td class="num">${m.leases ? plural(m.leases, "request") : nothing}</td>
                            <td class="fill">
                              <span class="small soft"
                                >${m.last_failure ?? (m.ready ? "ready for " + since(m.ready) : m.ordered ? "ordered " + since(m.ordered) + " before" : "")}</span
                              >
                            </td>
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>`
              : html`<p class="soft">Nothing was loaded.</p>`
          }
          ${
            state.swaps?.length
              ? html`<h2>Swaps under way</h2>
                  <div class="scroll">
                    <table aria-label="Swaps then">
                      <tbody>
                        ${state.swaps.map(
                          s =>
                            html`<tr>
                              <td>${swapLink(s.swap)}</td>
                              <td>${runLink(s.run)}</td>
                              <td class="wide small soft">
                                ${s.awaiting.length ? html`waits for ${linked(s.awaiting.join(", "))} to go` : "starting"}${s.joined.length ? html`; for ${linked(s.joined.join(", "))}` : nothing}
                              </td>
                            </tr>`,
                        )}
                      </tbody>
                    </table>
                  </div>`
              : nothing
          }
          <h2>Queue <span class="soft">${state.queue?.length || "empty"}</span></h2>
          ${
            state.queue?.length
              ? html`<div class="scroll">
                  <table aria-label="Queue then">
                    <tbody>
                      ${state.queue.slice(0, 50).map(
                        w =>
                          html`<tr>
                            <td>${w.request ? requestLink(w.request) : w.by}</td>
                            <td>${modelLink(w.model)}</td>
                            <td class="num">priority ${w.priority}</td>
                            <td class="num">${since(w.since)}</td>
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>`
              : nothing
          }
          ${
            state.requests?.length
              ? html`<h2>Requests <span class="soft">${state.requests.length}</span></h2>
                  <div class="scroll">
                    <table aria-label="Requests then">
                      <tbody>
                        ${state.requests.slice(0, 50).map(
                          r =>
                            html`<tr>
                              <td>${requestLink(r.request)}</td>
                              <td>${modelLink(r.model)}</td>
                              <td>${linked(r.place)}</td>
                              <td class="num">${since(r.arrived)}</td>
                            </tr>`,
                        )}
                      </tbody>
                    </table>
                  </div>`
              : nothing
          }
        </div>
        <div class="stack">
          <h2>Events</h2>
          <div class="scroll">
            <table aria-label="Events around">
              <tbody>
                ${this.after.toReversed().map(e => line(e, true))}${this.before.map(e => line(e))}
              </tbody>
            </table>
          </div>
        </div>
      </div>
    </div>`;
  }
}
customElements.define("p-time", Time);
