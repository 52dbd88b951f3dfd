// One swap: its phases on an axis, step by step, who had to leave, who waited and why.
import {Part, html, nothing} from "../parts/part.js";
import {call, url} from "../data/api.js";
import {at} from "../data/place.js";
import {modelOfRun, ms, number} from "../data/format.js";
import {phases, totalOf} from "../data/swaps.js";
import {facts, linked, modelLink, problem, requestLink, runLink, swapBadge} from "../parts/bits.js";
import {legend} from "../parts/lanes.js";

class SwapPage extends Part {
  static loads = ["models", "activity"];
  swap = null;

  load() {
    this.ask(
      () => call(url("api", "swaps", this.subject)),
      swap => {
        this.swap = swap;
      },
    );
  }

  lanes(s) {
    const total = totalOf(s) || 1;
    const ended = s.timeline.find(t => t.step === "ended")?.ms ?? total;
    const own = phases(s).filter(p => !(s.evicted.length && (p.kind === "drain" || p.kind === "stop")));
    const bars = own.map(p => ({
      ...p,
      kind: s.outcome === "failed" && p.kind === "start" ? "failed" : p.kind,
      text: p.kind === "first" ? "first byte" : p.kind,
      title: `${p.kind}: ${ms(p.to - p.from)}`,
    }));
    const begun = s.timeline.find(t => t.step === "begun")?.ms ?? 0;
    const evicted = s.evicted.map(run => {
      const step = name => s.timeline.find(t => t.step === name && t.run === run)?.ms;
      const order = step("stop_ordered") ?? begun,
        gone = step("stopped") ?? ended;
      return {
        name: run,
        href: at("models", modelOfRun(run)),
        bars: [
          {kind: "drain", from: begun, to: order, text: "drain", title: "drain: " + ms(order - begun)},
          {kind: "stop", from: order, to: gone, text: "stop", title: "stop: " + ms(gone - order)},
        ].filter(b => b.to > b.from),
      };
    });
    const waiters = s.waited
      .slice(0, 30)
      .map(w => ({
        name: w.request,
        href: at("activity", w.request),
        bars: [{kind: "wait", from: w.arrived_ms, to: Math.max(w.arrived_ms, ended), text: ms(w.waited_ms), title: w.why, href: at("activity", w.request)}],
      }));
    return [...evicted, {name: s.run, href: at("models", s.model), bars}, ...waiters];
  }

  render() {
    const s = this.swap;
    if (!s) return problem(this.problem);
    return html`<div class="stack">
      <div class="row">
        ${swapBadge(s.outcome)}${modelLink(s.model)}<span class="soft"
          >${s.reason.replaceAll("_", " ")}, router ${s.router}${s.set ? ", set " + s.set : ""}</span
        ><span class="grow"></span><span class="soft">${new Date(s.asked).toLocaleString()}</span>
      </div>
      ${problem(this.problem)}${s.detail ? html`<p class="lead bad-text">${linked(s.detail)}</p>` : nothing}
      <t-lanes relative name="The swap" .view=${[0, (totalOf(s) || 1) * 1.01]} .lanes=${this.lanes(s)}></t-lanes>
      ${legend([
        ["wait", "wait"],
        ["drain", "drain"],
        ["stop", "stop"],
        ["start", "start"],
        ["first", "first byte"],
        ["failed", "failed"],
      ])}
      <div class="split">
        <div class="stack">
          ${
            s.waited.length
              ? html`<h2>Who waited <span class="soft">${number(s.waiting)}</span></h2>
                  <div class="scroll">
                    <table aria-label="Who waited">
                      <tbody>
                        ${s.waited.map(
                          w =>
                            html`<tr>
                              <td>${requestLink(w.request)}</td>
                              <td class="num">${ms(w.waited_ms)}</td>
                              <td class="wide">${w.why}</td>
                            </tr>`,
                        )}
                      </tbody>
                    </table>
                  </div>`
              : html`<p class="soft">No request waited for it.</p>`
          }
          <h2>Steps</h2>
          <div class="scroll">
            <table aria-label="Steps">
              <tbody>
                ${s.timeline.map(
                  t =>
                    html`<tr>
                      <td class="num">${ms(t.ms)}</td>
                      <td>${t.step.replaceAll("_", " ")}</td>
                      <td>${t.run ? runLink(t.run) : nothing}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </div>
        <div class="card">
          ${facts([
            ["Run", runLink(s.run)],
            ["Evicted", s.evicted.length ? s.evicted.map((r, i) => html`${i ? ", " : ""}${runLink(r)}`) : null],
            ["Drain", s.drain_ms === undefined ? null : ms(s.drain_ms)],
            ["Stop", s.stop_ms === undefined ? null : ms(s.stop_ms)],
            ["Start", s.start_ms === undefined ? null : ms(s.start_ms)],
            ["In all", ms(s.total_ms ?? null)],
            ["Began in", html`<a class="mono" href=${at("time", "", {at: s.seq})}>commit ${number(s.seq)}</a>`],
            [
              "Timeline",
              html`<a href=${at("swaps", "", {end: Math.round(Date.parse(s.asked) + totalOf(s) * 1.5 + 500), span: Math.round(totalOf(s) * 2.5 + 1000)})}
                >among the others</a
              >`,
            ],
            ["Events", html`<a href=${at("record", "", {swap: s.id})}>of this swap</a>`],
          ])}
        </div>
      </div>
    </div>`;
  }
}
customElements.define("p-swap", SwapPage);
