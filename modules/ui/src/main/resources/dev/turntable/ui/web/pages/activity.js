// Requests under way, with cancel, and all that ended.
import {Part, html, nothing} from "../parts/part.js";
import {call, post, query, url} from "../data/api.js";
import {live} from "../data/live.js";
import {room} from "../data/room.js";
import {bytes, ms, number} from "../data/format.js";
import {linked, modelLink} from "../parts/bits.js";
import "../parts/activity-list.js";

class Activity extends Part {
  static draws = ["inflight", "room"];
  static loads = ["activity"];
  stats = null;

  connectedCallback() {
    super.connectedCallback();
    this.every(1000, () => live.inflight.size && this.requestUpdate());
  }

  load() {
    this.ask(
      () => call(query("api/metrics/stats")),
      stats => {
        this.stats = stats;
      },
    );
  }

  row(r) {
    const place = room.requests.find(o => o.request === "r-" + r.id)?.place;
    return html`<tr>
      <td class="mono"><a href="#/activity/r-${r.id}">r-${r.id}</a></td>
      <td>${modelLink(r.model)}</td>
      <td class="mono">${r.method} ${r.req_path}</td>
      <td>${Object.keys(r.resp_headers).length ? "answering" : place ? linked(place) : "waiting"}</td>
      <td class="num">${ms(Date.now() - r.begun)}</td>
      <td class="num">${bytes(r.resp_bytes)}</td>
      <td class="mono hide-small">${r.remote_ip}</td>
      <td class="fill hide-small">
        <span class="soft">${live.sessionHeaders.map(n => r.req_headers[n]).find(Boolean) ?? r.req_headers["User-Agent"] ?? ""}</span>
      </td>
      <td>
        <button class="tiny bad" aria-label="Cancel r-${r.id}" @click=${() => post(url("api", "inflight", r.id, "cancel"), "r-" + r.id + " is cancelled")}>
          Cancel
        </button>
      </td>
    </tr>`;
  }

  render() {
    const s = this.stats;
    const rows = [...live.inflight.values()];
    const speeds = h => (h ? number(Math.round(h.p50)) + " /s" : "–");
    return html`<div class="stack">
      ${
        s
          ? html`<div class="tiles">
              ${[
                ["requests kept", number(s.total_requests)],
                ["prompt tokens", number(s.total_input_tokens)],
                ["of them cached", number(s.total_cache_tokens)],
                ["generated tokens", number(s.total_output_tokens)],
                ["median prefill", speeds(s.prompt_histogram)],
                ["median decode", speeds(s.gen_histogram)],
              ].map(([name, value]) => html`<div><b>${value}</b><span>${name}</span></div>`)}
            </div>`
          : nothing
      }
      ${
        rows.length
          ? html`<h2>Under way <span class="soft">${rows.length}</span></h2>
              <div class="scroll">
                <table aria-label="Requests under way">
                  <thead>
                    <tr>
                      ${["Request", "Model", "What", "State", "For", "Received", "Client", "Session or agent", ""].map((t, i) => html`<th scope="col" class="${i === 4 || i === 5 ? "num" : ""} ${i === 6 || i === 7 ? "hide-small" : ""}">${t || html`<span class="sr">Actions</span>`}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.slice(0, 200).map(r => this.row(r))}
                  </tbody>
                </table>
              </div>`
          : nothing
      }
      <t-activity></t-activity>
    </div>`;
  }
}
customElements.define("p-activity", Activity);
