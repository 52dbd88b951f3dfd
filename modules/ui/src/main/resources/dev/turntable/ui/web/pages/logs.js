// Logs, up to three side by side; sources and filters stand in the address.
import {Part, html, nothing} from "../parts/part.js";
import {live} from "../data/live.js";
import {choose, place} from "../data/place.js";
import "../parts/log-view.js";

/** A browser allows six connections to a server; each log holds one, and the events another. */
const MOST = 3;

class Logs extends Part {
  static draws = ["models"];

  moved() {
    this.requestUpdate();
  }

  render() {
    const q = place().query;
    const sources = q.getAll("source").length ? q.getAll("source").slice(0, MOST) : [place().subject || "proxy"];
    const filters = sources.map((_, i) => q.getAll("filter")[i] ?? "");
    const put = (list, i, value) => list.map((v, n) => (n === i ? value : v));
    const keep = list => (list.some(Boolean) ? list.map(v => v || " ").map(v => (v === " " ? " " : v)) : "");
    const models = live.models.filter(m => !m.peerID).map(m => m.id);
    return html`<div class="stack">
      <div class="panes">
        ${sources.map(
          (source, i) =>
            html`<section class="stack" aria-label="Log ${i + 1}">
              <div class="row">
                <select aria-label="Source ${i + 1}" @change=${e => choose({source: put(sources, i, e.target.value), filter: keep(filters)})}>
                  <option value="proxy" .selected=${source === "proxy"}>Proxy</option>
                  <option value="upstream" .selected=${source === "upstream"}>All models</option>
                  <optgroup label="Models">
                    ${[...new Set([...models, ...(source.startsWith("model:") ? [source.slice(6)] : [])])].map(id => html`<option value="model:${id}" .selected=${source === "model:" + id}>${id}</option>`)}
                  </optgroup>
                </select>
                ${sources.length > 1 ? html`<button class="tiny" aria-label="Close log ${i + 1}" @click=${() => choose({source: sources.filter((_, n) => n !== i), filter: keep(filters.filter((_, n) => n !== i))})}>Close</button>` : nothing}
                <span class="grow"></span
                >${i === sources.length - 1 && sources.length < MOST ? html`<button class="tiny" @click=${() => choose({source: [...sources, sources.includes("upstream") ? "proxy" : "upstream"], filter: keep([...filters, ""])})}>Another beside it</button>` : nothing}
              </div>
              <t-log .source=${source} .search=${filters[i].trim()} .onsearch=${text => choose({filter: keep(put(filters, i, text))})}></t-log>
            </section>`,
        )}
      </div>
    </div>`;
  }
}
customElements.define("p-logs", Logs);
