// Every model, the busy ones first: state, progress, what it serves, what waits for it, what it holds, and what one can do.
import {Part, html, nothing, repeat} from "../parts/part.js";
import {live} from "../data/live.js";
import {room, stateOf, refresh} from "../data/room.js";
import {choose, place} from "../data/place.js";
import {post, act, query} from "../data/api.js";
import {bytes, plural} from "../data/format.js";
import {empty, linked, modelLink, stateBadge, until} from "../parts/bits.js";
import {actions, doing} from "../parts/model-actions.js";

const RANK = ["starting", "stopping", "ready", "failed", "stopped", "shutdown", "peer"];
const TITLES = {starting: "Starting", stopping: "Stopping", ready: "Ready", failed: "Failed", stopped: "Not loaded", shutdown: "Shut down", peer: "At peers"};
const SORTS = {
  state: ["State", (a, b) => RANK.indexOf(stateOf(a)) - RANK.indexOf(stateOf(b)) || a.id.localeCompare(b.id)],
  name: ["Name", (a, b) => a.id.localeCompare(b.id)],
  busy: ["Requests", (a, b) => (b.leases ?? 0) + (b.waiting ?? 0) - (a.leases ?? 0) - (a.waiting ?? 0)],
  memory: ["Memory", (a, b) => (b.memory_bytes ?? 0) - (a.memory_bytes ?? 0)],
};

class Models extends Part {
  static draws = ["models", "room"];

  moved() {
    this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    refresh();
  }

  row(m) {
    const state = stateOf(m);
    const chips = Object.keys(m.capabilities ?? {})
      .filter(k => m.capabilities[k])
      .map(k => k.replaceAll("_", " "));
    return html`<tr>
      <td>${stateBadge(state)}</td>
      <td class="clip name" title=${m.description || nothing}>
        ${modelLink(m.id)}${m.name ? html` <span class="soft">${m.name}</span>` : nothing}
        ${(m.aliases ?? []).map(a => html` <span class="chip hide-small">${a}</span>`)}${m.unlisted ? html` <span class="chip">unlisted</span>` : nothing}${chips.map(c => html` <span class="chip hide-small">${c}</span>`)}
      </td>
      <td class="fill ${state === "failed" ? "wraps" : ""}">${doing(m, {until, linked})}</td>
      <td class="num">${m.leases || nothing}</td>
      <td class="num">${m.waiting ? html`<span class="warn-text">${m.waiting}</span>` : nothing}</td>
      <td class="num hide-small">${m.memory_bytes ? bytes(m.memory_bytes) : nothing}</td>
      <td class="num hide-small mono">${m.port ?? nothing}</td>
      <td>${actions(m)}</td>
    </tr>`;
  }

  render() {
    const {query: q} = place();
    const [text, sort, group, unlisted] = [q.get("q") ?? "", q.get("sort") ?? "state", q.get("group") ?? "state", q.get("unlisted") === "1"];
    const all = live.models.map(m => ({...room.models.get(m.id), ...m}));
    const wanted = text.toLowerCase();
    const shown = all.filter(
      m =>
        (unlisted || !m.unlisted || m.state !== "stopped") &&
        (!wanted ||
          [m.id, m.name, m.description, ...(m.aliases ?? []), ...Object.keys(m.capabilities ?? {})].some(t => (t ?? "").toLowerCase().includes(wanted))),
    );
    shown.sort((SORTS[sort] ?? SORTS.state)[1]);
    const count = state => all.filter(m => stateOf(m) === state).length;
    const groups = new Map();
    for (const m of shown) {
      const key = group === "state" ? TITLES[stateOf(m)] : group === "peer" ? m.peerID || "This server" : "";
      groups.set(key, [...(groups.get(key) ?? []), m]);
    }
    const sum = field => all.reduce((n, m) => n + (m[field] ?? 0), 0);
    return html`<div class="stack">
      <div class="tiles">
        ${[
          ["ready", count("ready")],
          ["starting or stopping", count("starting") + count("stopping")],
          ["failed", count("failed")],
          ["requests under way", sum("leases")],
          ["waiting", sum("waiting")],
          ["held in memory", bytes(sum("memory_bytes"))],
        ].map(([name, value]) => html`<div><b class=${name === "failed" && value ? "bad-text" : ""}>${value}</b><span>${name}</span></div>`)}
      </div>
      <div class="tools">
        <input type="search" placeholder="Search models" aria-label="Search models" .value=${text} @input=${e => choose({q: e.target.value})} />
        <label
          >Sort
          <select @change=${e => choose({sort: e.target.value === "state" ? "" : e.target.value})}>
            ${Object.entries(SORTS).map(([k, [t]]) => html`<option value=${k} .selected=${k === sort}>${t}</option>`)}
          </select></label
        >
        <label
          >Group
          <select @change=${e => choose({group: e.target.value === "state" ? "" : e.target.value})}>
            ${[
              ["state", "by state"],
              ["peer", "by server"],
              ["none", "not"],
            ].map(([k, t]) => html`<option value=${k} .selected=${k === group}>${t}</option>`)}
          </select></label
        >
        <label><input type="checkbox" .checked=${unlisted} @change=${e => choose({unlisted: e.target.checked ? "1" : ""})} />Unlisted</label>
        <span class="grow"></span
        ><span class="soft small">${shown.length === all.length ? plural(all.length, "model") : shown.length + " of " + plural(all.length, "model")}</span>
        ${
          room.hold
            ? nothing
            : html`<button
                class="tiny"
                title="Unload everything and start nothing until it is lifted"
                @click=${async () => {
                  const note = prompt("Unload everything and start nothing until lifted. A note for others:", "");
                  if (note === null) return;
                  await act(query("api/hold", {note}), {method: "POST"}, "The machine is kept free");
                  refresh(true);
                }}>
                Hold…
              </button>`
        }
        <button class="tiny" @click=${() => post(query("api/models/unload"), "Everything is unloaded")}>Unload all</button>
      </div>
      ${
        !all.length
          ? live.connection === "open"
            ? empty("No models are configured.", "Add some below models: in the configuration file.")
            : nothing
          : !shown.length
            ? empty("No model matches.", text)
            : html`<div class="scroll models">
                <table aria-label="Models">
                  <thead>
                    <tr>
                      ${["State", "Model", "", "Serving", "Waiting", "Memory", "Port", ""].map((t, i) => html`<th scope="col" class="${i > 2 && i < 7 ? "num" : ""} ${i === 5 || i === 6 ? "hide-small" : ""}">${t || html`<span class="sr">${i === 2 ? "Doing" : "Actions"}</span>`}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${repeat(
                      [...groups].flatMap(([title, members]) => [...(title && groups.size > 1 ? [{title, count: members.length}] : []), ...members]),
                      r => r.id ?? "/" + r.title,
                      r =>
                        r.title
                          ? html`<tr>
                              <td class="grouped" colspan="8">${r.title} · ${r.count}</td>
                            </tr>`
                          : this.row(r),
                    )}
                  </tbody>
                </table>
              </div>`
      }
    </div>`;
  }
}
customElements.define("p-models", Models);
