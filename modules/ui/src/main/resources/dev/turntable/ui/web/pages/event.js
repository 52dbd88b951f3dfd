// One event between what it follows from and what followed from it; every neighbour is a step further.
import {Part, html, nothing} from "../parts/part.js";
import {call, url} from "../data/api.js";
import {at} from "../data/place.js";
import {clock, ms} from "../data/format.js";
import {gist} from "../data/events.js";
import {copyButton, eventLink, facts, linked, modelLink, problem, requestLink, runLink, swapLink} from "../parts/bits.js";

/** Causes shown; the farther ones are a walk away. */
const NEAR = 5;

class EventPage extends Part {
  chain = null;

  load() {
    this.ask(
      () => call(url("api", "history", this.subject, "causes")),
      chain => {
        this.chain = chain;
      },
    );
  }

  render() {
    const c = this.chain;
    if (!c) return problem(this.problem);
    const e = c.event;
    const delay = other => {
      const d = Date.parse(other.time) - Date.parse(e.time);
      return d === 0 ? "same commit or moment" : ms(Math.abs(d)) + (d < 0 ? " before" : " after");
    };
    const node = (other, here) =>
      html`<a class="node ${here ? "here" : ""}" href=${at("record", other.id)} aria-current=${here ? "true" : nothing}
        ><b>${other.type}</b> <span class="small soft">${other.run ?? other.model ?? other.swap ?? ""} ${other.request ?? ""}</span
        ><span class="small soft mono">${other.id} · ${here ? clock(other.time) : delay(other)}</span></a
      >`;
    return html`<div class="stack">
      ${problem(this.problem)}
      <p class="lead"><b>${e.type}</b> <span class="soft">${linked(gist(e))}</span></p>
      <div class="graph">
        <div>
          <h2>Because of</h2>
          ${c.causes.length ? html`${c.causes.slice(0, NEAR).map(x => node(x))}${c.causes.length > NEAR ? html`<p class="soft small">${c.causes.length - NEAR} more steps back to ${eventLink(c.causes.at(-1).id)} ${c.causes.at(-1).type}</p>` : nothing}` : html`<p class="soft">Nothing earlier: a root.</p>`}
        </div>
        <div>${node(e, true)}</div>
        <div>
          <h2>Led to</h2>
          ${c.consequences.length ? c.consequences.slice(0, 40).map(x => node(x)) : html`<p class="soft">Nothing yet.</p>`}${c.consequences.length > 40 ? html`<p class="soft">and ${c.consequences.length - 40} more</p>` : nothing}
        </div>
      </div>
      <div class="split">
        <div class="stack">
          <div class="row">
            <h2 class="grow">As it is recorded</h2>
            ${copyButton(() => JSON.stringify(e, null, 2), "Event")}
          </div>
          <pre tabindex="0">${JSON.stringify(e, null, 2)}</pre>
        </div>
        <div class="card">
          ${facts([
            ["Time", new Date(e.time).toLocaleString()],
            ["Kind", e.kind],
            ["By", e.actor],
            ["Model", e.model ? modelLink(e.model) : null],
            ["Run", e.run ? runLink(e.run) : null],
            ["Swap", e.swap ? swapLink(e.swap) : null],
            ["Request", e.request ? requestLink(e.request) : null],
            ["State then", html`<a href=${at("time", "", {at: e.seq})}>all models after commit ${e.seq}</a>`],
          ])}
        </div>
      </div>
    </div>`;
  }
}
customElements.define("p-event", EventPage);
