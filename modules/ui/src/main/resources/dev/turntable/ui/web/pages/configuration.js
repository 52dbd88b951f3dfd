// What is in force, what lies in the file, how they differ and what a reload would do; history and the way back.
import {Part, html, nothing} from "../parts/part.js";
import {call, query, url} from "../data/api.js";
import {choose, place} from "../data/place.js";
import {diff} from "../data/diff.js";
import {copyButton, modelLink, problem, tabs, when} from "../parts/bits.js";
import {toast} from "../parts/toast.js";

const KINDS = [["added", "New models"], ["removed", "Models that go"], ["restarted", "Models that restart"], ["retuned", "Changed without a restart"], ["settings", "Settings"]];

class Configuration extends Part {
  past = null;
  current = null;
  plan = null;
  refused = null;
  other = null;

  moved() {
    this.requestUpdate();
    if (!this.current) this.load();
    this.compare();
  }

  load() {
    this.ask(() => Promise.all([call(query("api/config")), call(query("api/config/history"))]), ([current, past]) => { Object.assign(this, {current, past}); this.compare(); });
  }

  /** The file as it lies there, not applied: its errors, or what it would change. */
  async check() {
    this.refused = this.plan = null;
    try {
      this.plan = await call(query("api/config/check"), {method: "POST"});
    } catch (e) { this.refused = e.body?.errors ?? [e.message]; }
    this.requestUpdate();
  }

  async change(address) {
    try {
      const done = await call(address, {method: "POST"});
      toast(done.changed ? "Applied" : "Nothing has changed");
      Object.assign(this, {plan: null, refused: null});
      this.load();
    } catch (e) { this.refused = e.body?.errors ?? [e.message]; }
    this.requestUpdate();
  }

  async compare() {
    const hash = place().query.get("with");
    if (!hash || hash === this.other?.hash) return;
    this.other = await call(url("api", "config", "history", hash)).catch(e => ({hash, text: "", problem: e.message}));
    this.requestUpdate();
  }

  difference(before, after) {
    if (before === after) return html`<p class="soft">They say the same.</p>`;
    return html`<pre class="diff" tabindex="0">${diff(before, after).map(([kind, text]) => html`<div class=${kind === "+" ? "add" : kind === "-" ? "del" : "soft"}>${kind} ${text}</div>`)}</pre>`;
  }

  outcome() {
    if (this.refused) return html`<div class="problem" role="alert"><b>Refused; what is in force stays.</b>\n\n${this.refused.join("\n\n")}</div>`;
    const p = this.plan;
    if (!p) return nothing;
    return html`<section class="card"><h2>${p.changed ? "What a reload would do" : "The file says what is in force."}</h2>
      ${p.changed ? KINDS.filter(([k]) => p[k]?.length).map(([k, title]) => html`<div><b>${title}:</b> ${p[k].map((name, i) => html`${i ? ", " : ""}${k === "settings" || k === "added" ? name : modelLink(name)}`)}</div>`) : nothing}
      ${(p.warnings ?? []).map(w => html`<p class="warn-text small">${w}</p>`)}
      ${p.text && this.current ? html`<h3>Against what is in force</h3>${this.difference(this.current.text, p.text)}` : nothing}</section>`;
  }

  render() {
    const {current: c, past} = this;
    if (!c || !past) return problem(this.problem);
    const q = place().query;
    const tab = q.get("tab") ?? "force";
    const lines = c.text.split("\n");
    const compared = q.get("with");
    return html`<div class="stack">
      <div class="tools"><span class="mono small soft">${c.hash.slice(0, 12)}</span>${(c.warnings ?? []).length ? html`<span class="warn-text small">${c.warnings.length} warnings</span>` : nothing}<span class="grow"></span>
        <button @click=${() => this.check()}>Check the file</button><button class="main" @click=${() => this.change(query("api/config/reload"))}>Reload it</button></div>
      ${problem(this.problem)}${this.outcome()}
      ${(c.warnings ?? []).map(w => html`<p class="warn-text small wrap">${w}</p>`)}
      ${tabs([["force", "In force"], ["history", "History"]], tab, t => choose({tab: t === "force" ? "" : t}), "Configuration")}
      ${tab === "force" ? html`<div class="row"><span class="soft small grow">After macros, secrets masked. The file itself is edited where it lies; saved changes are picked up by <i>Reload</i>.</span>${copyButton(c.text, "Configuration")}</div>
        <div class="code"><div class="lines" aria-hidden="true">${lines.map((_, i) => i + 1).join("\n")}</div><pre class="text" tabindex="0" aria-label="Its text">${c.text}</pre></div>`
        : html`<div class="scroll"><table aria-label="Earlier configurations"><tbody>${past.configs.map((one, i) => html`<tr aria-selected=${compared === one.hash ? "true" : nothing}><td class="mono">${one.hash.slice(0, 12)}</td><td>${when(one.at)}</td><td>${one.origin}</td><td>${one.hash === past.current ? html`<span class="badge o-ok">in force</span>` : nothing}</td>
          <td>${one.kept ? html`<button class="tiny" aria-label="Compare ${one.hash.slice(0, 12)}, number ${i + 1}" @click=${() => choose({with: one.hash})}>Compare</button> ${one.hash === past.current ? nothing : html`<button class="tiny" aria-label="Go back to ${one.hash.slice(0, 12)}, number ${i + 1}" @click=${() => this.change(query("api/config/rollback", {hash: one.hash}))}>Go back to it</button>`}` : html`<span class="soft small">no longer kept</span>`}</td></tr>`)}</tbody></table></div>
          ${compared && this.other?.hash === compared ? html`<h2>From ${compared.slice(0, 12)} to what is in force</h2>${this.other.problem ? problem(this.other.problem) : this.difference(this.other.text, c.text)}` : nothing}`}</div>`;
  }
}
customElements.define("p-configuration", Configuration);
