// One model: its state and what one can do, how to ask it, its requests, swaps, log and story.
import {Part, html, nothing} from "../parts/part.js";
import {call, query} from "../data/api.js";
import {live} from "../data/live.js";
import {modelOf, stateOf, refresh, room} from "../data/room.js";
import {choose, place} from "../data/place.js";
import {bytes, ms} from "../data/format.js";
import {copyButton, empty, facts, linked, problem, requestLink, runLink, stateBadge, tabs, until, when} from "../parts/bits.js";
import {actions, clients, curl, doing} from "../parts/model-actions.js";
import "../parts/activity-list.js";
import "../parts/event-list.js";
import "../parts/log-view.js";

const TABS = [
  ["overview", "Overview"],
  ["requests", "Requests"],
  ["log", "Log"],
  ["story", "Story"],
];

class ModelPage extends Part {
  static draws = ["models", "room", "inflight"];
  static loads = ["models"];

  connectedCallback() {
    super.connectedCallback();
    refresh();
  }

  moved() {
    this.requestUpdate();
    if (this.why === undefined) this.load();
  }

  load() {
    this.why ??= null;
    const m = modelOf(this.subject);
    const nothingYet = e => {
      if (e.status !== 404) throw e;
      return {answer: null};
    };
    if (!m?.peerID)
      this.ask(
        () => call(query("api/why", {model: m?.id ?? this.subject})).catch(nothingYet),
        ({answer}) => {
          this.why = answer;
        },
      );
  }

  overview(m) {
    const here = room.requests.filter(r => r.model === m.id);
    return html`<div class="split">
      <div class="stack">
        ${this.why ? html`<p class="lead">${linked(this.why)}</p>` : nothing}
        ${stateOf(m) === "failed" ? html`<div class="problem">${linked(m.last_failure ?? "")}${m.backed_off_until && Date.parse(m.backed_off_until) > Date.now() ? html` ${until(m.backed_off_until, "Tried again on demand in")}` : nothing}${m.last_lines?.length ? html`<pre>${m.last_lines.join("\n")}</pre>` : nothing}</div>` : nothing}
        ${
          here.length
            ? html`<h2>Requests under way</h2>
                <div class="scroll">
                  <table aria-label="Requests under way">
                    <tbody>
                      ${here.slice(0, 30).map(
                        r =>
                          html`<tr>
                            <td>${requestLink(r.request)}</td>
                            <td>${linked(r.place)}</td>
                            <td>${when(r.arrived)}</td>
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>`
            : nothing
        }
        <h2>Ask it</h2>
        ${[["curl", curl(m)], ...Object.entries(clients(m))].map(
          ([name, text]) =>
            html`<div class="stack">
              <div class="row">
                <h3 class="grow">${name}</h3>
                ${copyButton(text, name)}
              </div>
              <pre tabindex="0">${text}</pre>
            </div>`,
        )}
      </div>
      <div class="card">
        ${facts([
          ["Name", m.name],
          ["Description", m.description],
          ["Aliases", (m.aliases ?? []).join(", ")],
          [
            "Can",
            Object.keys(m.capabilities ?? {})
              .join(", ")
              .replaceAll("_", " "),
          ],
          ["Context", m.context_length ? m.context_length.toLocaleString("en") + " tokens" : null],
          ["Peer", m.peerID],
          ["Run", m.run ? runLink(m.run) : null],
          ["Process", m.pid],
          ["Port", m.port],
          ["Memory", m.memory_bytes ? bytes(m.memory_bytes) : null],
          ["Ready since", m.ready ? when(m.ready) : null],
          ["Unloads", m.unload_due ? until(m.unload_due, "in") : null],
          ["Usually loads in", m.usual_load_ms ? ms(m.usual_load_ms) : null],
          ["Serving", m.leases || null],
          ["Waiting", m.waiting || null],
          ["Failed starts", m.failures || null],
          ["Listed", m.unlisted ? "no" : null],
        ])}
      </div>
    </div>`;
  }

  render() {
    const m = modelOf(this.subject);
    if (!m) return live.models.length || live.connection === "open" ? empty("There is no model of that name.", this.subject) : nothing;
    const q = place().query;
    const tab = q.get("tab") ?? "overview";
    const filter = q.get("run") ? {run: q.get("run")} : {model: m.id};
    return html`<div class="stack">
      <div class="row">${stateBadge(stateOf(m))}<span class="grow">${doing(m, {until, linked})}</span>${actions(m)}</div>
      ${problem(this.problem)} ${tabs(m.peerID ? TABS.slice(0, 2) : TABS, tab, t => choose({tab: t === "overview" ? "" : t, run: ""}), "About this model")}
      ${
        tab === "requests"
          ? html`<t-activity .model=${m.id}></t-activity>`
          : tab === "log"
            ? html`<t-log .source=${"model:" + m.id}></t-log>`
            : tab === "story"
              ? html`${
                    q.get("run")
                      ? html`<div class="row">
                          <span>Only run <b class="mono">${q.get("run")}</b></span
                          ><button class="tiny" @click=${() => choose({run: ""})}>All of the model</button>
                        </div>`
                      : nothing
                  }<t-event-list .filter=${filter}></t-event-list>`
              : this.overview(m)
      }
    </div>`;
  }
}
customElements.define("p-model", ModelPage);
