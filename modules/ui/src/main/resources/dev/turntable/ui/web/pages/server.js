// The server itself: its journal and who follows it, the machine, and addresses for tools.
import {Part, html, nothing} from "../parts/part.js";
import {call, query} from "../data/api.js";
import {bytes, number} from "../data/format.js";
import {facts, problem} from "../parts/bits.js";

class Server extends Part {
  static loads = ["activity", "models"];
  static pause = 3000;
  journal = null;
  machine = null;

  load() {
    this.ask(
      () => Promise.all([call(query("api/journal")), this.machine ?? call(query("api/hardware")).catch(() => null)]),
      ([journal, machine]) => Object.assign(this, {journal, machine}),
    );
  }

  render() {
    const {journal: j, machine: m} = this;
    if (!j) return problem(this.problem);
    const gpu = a =>
      [a.vendor, a.model, a.memory.capacity_bytes && bytes(a.memory.capacity_bytes), a.driver && a.driver.name + " " + (a.driver.version ?? "")]
        .filter(Boolean)
        .join(", ");
    return html`<div class="stack">
      ${problem(this.problem)}
      <div class="panes">
        <section class="card">
          <h2>Journal</h2>
          ${facts([
            ["Newest commit", number(j.head)],
            ["Oldest kept", number(j.earliest)],
            ["Size", bytes(j.bytes)],
            ["Durability", j.durability],
            ["State", j.degraded ? html`<span class="bad-text">degraded: the disk is full</span>` : "sound"],
            ["Last recovery", j.recovery],
            ["Lineage", html`<span class="mono">${j.lineage}</span>`],
          ])}
          <div class="scroll">
            <table aria-label="Followers">
              <thead>
                <tr>
                  <th scope="col">Follower</th>
                  <th scope="col" class="num">At</th>
                  <th scope="col" class="num">Behind</th>
                </tr>
              </thead>
              <tbody>
                ${j.followers.map(
                  f =>
                    html`<tr>
                      <td>${f.name}</td>
                      <td class="num">${number(f.position)}</td>
                      <td class="num ${f.lag > 1000 ? "warn-text" : ""}">${number(f.lag)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </section>
        ${
          m
            ? html`<section class="card">
                <h2>Machine</h2>
                ${facts([
                  ["System", [m.operating_system.name, m.operating_system.version].filter(Boolean).join(" ") || m.operating_system.family],
                  ["Kernel", m.operating_system.kernel],
                  ["Environment", [m.environment.kind.replace("_", " "), m.environment.name].filter(Boolean).join(", ")],
                  ["Architecture", m.architecture.name],
                  ["Processor", [m.cpu.vendor, m.cpu.model].filter(Boolean).join(" ")],
                  ["Cores, threads", (m.cpu.physical_core_count ?? "?") + ", " + (m.cpu.logical_thread_count ?? "?")],
                  ["Memory", m.memory.capacity_bytes && bytes(m.memory.capacity_bytes)],
                  ...m.accelerators.map(a => ["GPU " + a.index, gpu(a)]),
                  ...(m.accelerators.length ? [] : [["GPU", "none found"]]),
                ])}
              </section>`
            : nothing
        }
        <section class="card">
          <h2>For tools</h2>
          ${["api/openapi.json", "metrics", "v1/models", "running", "logs/stream"].map(path => html`<div><a class="mono" href=${query(path)} target="_blank" rel="noopener">/${path}</a></div>`)}
        </section>
      </div>
    </div>`;
  }
}
customElements.define("p-server", Server);
