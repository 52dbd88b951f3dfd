// The file with its mistakes in place and what a reload would do; what is in force; history and the way back.
import {Part, html, nothing} from "../parts/part.js";
import {call, query, url} from "../data/api.js";
import {choose, place} from "../data/place.js";
import {diff} from "../data/diff.js";
import {copyButton, empty, modelLink, problem, tabs, when} from "../parts/bits.js";
import {download, toast} from "../parts/toast.js";

const KINDS = [
  ["added", "New models"],
  ["removed", "Models that go"],
  ["restarted", "Models that restart"],
  ["retuned", "Changed without a restart"],
  ["settings", "Settings"],
];
const TABS = [
  ["file", "File"],
  ["force", "In force"],
  ["history", "History"],
];
const REST = 500;

class Configuration extends Part {
  past = null;
  current = null;
  checked = null;
  edited = null;
  other = null;

  moved() {
    this.requestUpdate();
    if (!this.current) this.load();
    this.compare();
  }

  load() {
    this.ask(
      () => Promise.all([call(query("api/config")), call(query("api/config/history"))]),
      ([current, past]) => {
        Object.assign(this, {current, past});
        this.compare();
        this.check();
      },
    );
  }

  /** The files as they lie there, or what was typed instead of them. Nothing is applied. */
  async check() {
    const text = this.edited;
    const turn = (this.checking = (this.checking ?? 0) + 1);
    const options = {method: "POST", ...(text === null ? {} : {body: text, headers: {"Content-Type": "application/yaml"}})};
    const answer = await call(query("api/config/check"), options).catch(e => (e.body?.marks ? e.body : {errors: [e.message], files: [], marks: []}));
    if (turn !== this.checking) return;
    this.checked = answer;
    this.requestUpdate();
  }

  typed(text) {
    this.edited = text;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.check(), REST);
    this.requestUpdate();
  }

  async change(address) {
    try {
      const done = await call(address, {method: "POST"});
      toast(done.changed ? "Applied" : "Nothing has changed");
      this.edited = null;
    } catch (e) {
      toast((e.body?.errors ?? [e.message]).join("\n\n"), true);
    }
    this.load();
  }

  async compare() {
    const hash = place().query.get("with");
    if (!hash || hash === this.other?.hash) return;
    this.other = await call(url("api", "config", "history", hash)).catch(e => ({hash, text: "", problem: e.message}));
    this.requestUpdate();
  }

  difference(before, after) {
    if (before === after) return html`<p class="soft">They say the same.</p>`;
    const line = ([kind, text]) => html`<div class=${kind === "+" ? "add" : kind === "-" ? "del" : "soft"}>${kind} ${text}</div>`;
    return html`<pre class="diff" tabindex="0">${diff(before, after).map(line)}</pre>`;
  }

  /** To the line of a mark, in the editor. */
  show(mark) {
    const area = this.querySelector("textarea[name=file]");
    if (!area || !mark.line) return;
    const lines = area.value.split("\n");
    const start = lines.slice(0, mark.line - 1).join("\n").length + (mark.line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[mark.line - 1] ?? "").length);
    this.querySelector(".code").scrollTop = Math.max(0, (mark.line - 6) * 18.75);
  }

  plan() {
    const p = this.checked;
    if (!p) return nothing;
    const marks = p.marks.map(
      m =>
        html`<button class="mark ${m.kind}" @click=${() => this.show(m)}>
          <b>${m.kind}</b>${m.line ? html` <span class="mono">line ${m.line}</span>` : nothing}
          ${m.message}${m.hint ? html`<br /><span class="soft">${m.hint}</span>` : nothing}
        </button>`,
    );
    const state = p.errors
      ? html`<h2 class="bad-text">Refused: what is in force stays</h2>`
      : p.changed
        ? html`<h2>What a reload would do</h2>`
        : html`<h2>It says what is in force</h2>`;
    const names = (k, list) => list.map((name, i) => html`${i ? ", " : ""}${k === "settings" || k === "added" ? name : modelLink(name)}`);
    return html`<section class="card" aria-live="polite" data-plan>
      ${state} ${p.changed ? KINDS.filter(([k]) => p[k]?.length).map(([k, title]) => html`<div><b>${title}:</b> ${names(k, p[k])}</div>`) : nothing}
      ${marks.length ? marks : (p.errors ?? []).map(e => html`<pre>${e}</pre>`)}
      ${
        p.changed && p.text
          ? html`<details>
              <summary>Against what is in force, after macros</summary>
              ${this.difference(this.current.text, p.text)}
            </details>`
          : nothing
      }
    </section>`;
  }

  file() {
    const files = this.checked?.files ?? [];
    if (!this.checked) return nothing;
    if (!files.length) return html`${this.plan()}${empty("The file cannot be shown.")}`;
    const name = place().query.get("file");
    const shown = files.find(f => f.name === name) ?? files[0];
    const text = this.edited ?? shown.text;
    const count = text.split("\n").length;
    const marked = new Map(this.checked.marks.filter(m => m.file === shown.name || this.edited !== null).map(m => [m.line, m.kind]));
    const numbers = Array.from({length: count}, (_, i) => (marked.has(i + 1) ? html`<b class=${marked.get(i + 1)}>${i + 1}</b> ` : i + 1 + "\n"));
    const single = files.length === 1;
    return html`<div class="tools">
        ${
          single
            ? html`<span class="mono small soft">${shown.name}</span>`
            : html`<select aria-label="File" @change=${e => choose({file: e.target.value})}>
                ${files.map(f => html`<option .selected=${f === shown}>${f.name}</option>`)}
              </select>`
        }
        <span class="grow soft small"
          >${this.edited !== null ? "A copy of yours: checked as you type, saved nowhere." : single ? "Type to try a change; secrets are masked." : "One of several files: to be read."}</span
        >
        ${
          this.edited !== null
            ? html`<button
                  class="tiny"
                  @click=${() => {
                    this.edited = null;
                    this.check();
                  }}>
                  Throw the copy away
                </button>
                <button class="tiny" @click=${() => download("config.yaml", "application/yaml", this.edited)}>Download it</button>`
            : nothing
        }
        <button class="tiny" @click=${() => this.check()}>Check again</button>
      </div>
      <div class="split">
        <div class="code">
          <div class="lines" aria-hidden="true">${numbers}</div>
          <textarea
            name="file"
            aria-label="Configuration file"
            spellcheck="false"
            rows=${count}
            .value=${text}
            ?readonly=${!single}
            @input=${e => this.typed(e.target.value)}></textarea>
        </div>
        ${this.plan()}
      </div>`;
  }

  force(c) {
    const count = c.text.split("\n").length;
    return html`<div class="row"><span class="soft small grow">After macros, secrets masked.</span>${copyButton(c.text, "Configuration")}</div>
      ${(c.warnings ?? []).map(w => html`<p class="warn-text small wrap">${w}</p>`)}
      <div class="code">
        <div class="lines" aria-hidden="true">${Array.from({length: count}, (_, i) => i + 1).join("\n")}</div>
        <pre class="text" tabindex="0" aria-label="Configuration in force">${c.text}</pre>
      </div>`;
  }

  history(c, past) {
    const compared = place().query.get("with");
    const buttons = (one, i) =>
      html`<button class="tiny" aria-label="Compare ${one.hash.slice(0, 12)}, number ${i + 1}" @click=${() => choose({with: one.hash})}>Compare</button> ${
          one.hash === past.current
            ? nothing
            : html`<button
                class="tiny"
                aria-label="Go back to ${one.hash.slice(0, 12)}, number ${i + 1}"
                @click=${() => this.change(query("api/config/rollback", {hash: one.hash}))}>
                Go back to it
              </button>`
        }`;
    const row = (one, i) =>
      html`<tr aria-selected=${compared === one.hash ? "true" : nothing}>
        <td class="mono">${one.hash.slice(0, 12)}</td>
        <td>${when(one.at)}</td>
        <td>${one.origin}</td>
        <td>${one.hash === past.current ? html`<span class="badge o-ok">in force</span>` : nothing}</td>
        <td>${one.kept ? buttons(one, i) : html`<span class="soft small">no longer kept</span>`}</td>
      </tr>`;
    return html`<div class="scroll">
        <table aria-label="Earlier configurations">
          <tbody>
            ${past.configs.map(row)}
          </tbody>
        </table>
      </div>
      ${
        compared && this.other?.hash === compared
          ? html`<h2>From ${compared.slice(0, 12)} to what is in force</h2>
              ${this.other.problem ? problem(this.other.problem) : this.difference(this.other.text, c.text)}`
          : nothing
      }`;
  }

  render() {
    const {current: c, past} = this;
    if (!c || !past) return problem(this.problem);
    const tab = place().query.get("tab") ?? "file";
    return html`<div class="stack">
      <div class="row">
        <span class="soft small grow">In force: <span class="mono">${c.hash.slice(0, 12)}</span></span>
        <button class="main" ?disabled=${this.edited !== null} @click=${() => this.change(query("api/config/reload"))}>Reload from disk</button>
      </div>
      ${problem(this.problem)} ${tabs(TABS, tab, t => choose({tab: t === "file" ? "" : t}), "Configuration")}
      ${tab === "file" ? this.file() : tab === "force" ? this.force(c) : this.history(c, past)}
    </div>`;
  }
}
customElements.define("p-configuration", Configuration);
