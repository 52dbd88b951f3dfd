// The journal: every event, filtered, live.
import {Part, html} from "../parts/part.js";
import {choose, place} from "../data/place.js";
import {live} from "../data/live.js";
import {EVENT_GROUPS} from "../data/events.js";
import "../parts/event-list.js";

class Record extends Part {
  static draws = ["models"];

  moved() {
    this.requestUpdate();
  }

  render() {
    const q = place().query;
    const value = name => q.get(name) ?? "";
    const field = (name, hint) =>
      html`<input
        type="search"
        placeholder=${hint}
        aria-label=${hint}
        size="11"
        .value=${value(name)}
        @change=${e => choose({[name]: e.target.value.trim()})} />`;
    const filter = Object.fromEntries(["type", "model", "request", "swap", "run", "actor", "from", "to"].map(k => [k, value(k)]).filter(([, v]) => v));
    return html`<div class="stack">
      <div class="tools">
        <select aria-label="Type" @change=${e => choose({type: e.target.value})}>
          <option value="">All but page loads</option>
          <option value="*" .selected=${value("type") === "*"}>Everything</option>
          ${[...new Set([...EVENT_GROUPS, value("type")])].filter(t => t && t !== "*").map(t => html`<option .selected=${t === value("type")}>${t}</option>`)}
        </select>
        <select aria-label="Model" @change=${e => choose({model: e.target.value})}>
          <option value="">All models</option>
          ${[...new Set([...live.models.map(m => m.id), value("model")])].filter(Boolean).map(id => html`<option .selected=${id === value("model")}>${id}</option>`)}
        </select>
        ${field("request", "Request r-…")}${field("swap", "Swap s-…")}${field("run", "Run model#n")}${field("actor", "Actor")}
        <label><input type="checkbox" .checked=${value("live") !== "0"} @change=${e => choose({live: e.target.checked ? "" : "0"})} />Live</label>
      </div>
      <t-event-list .filter=${filter} .live=${value("live") !== "0"}></t-event-list>
    </div>`;
  }
}
customElements.define("p-record", Record);
