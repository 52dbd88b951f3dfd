// One log, live: filtered, coloured, kept at the end unless one scrolls up or selects text; lines are added, never redrawn.
import {Part, html, nothing} from "./part.js";
import {complaint, url} from "../data/api.js";
import {forEver, pieces} from "../data/stream.js";

const KEPT = 4_000;
const SHOWN = 1_500;
const BEAT = 200;
const COLORS = ["var(--soft)", "var(--bad)", "var(--ok)", "var(--warn)", "var(--info)", "var(--c4)", "var(--c7)", "var(--ink)"];

/** A line with its terminal colours as spans, and what was searched for marked. */
function element(line, pattern) {
  const div = document.createElement("div");
  if (!line.includes("\x1b") && !pattern) {
    div.textContent = line || "\u200b";
    return div;
  }
  let style = "";
  // eslint-disable-next-line no-control-regex
  for (const part of line.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    if (part.startsWith("\x1b[")) {
      if (!part.endsWith("m")) continue;
      for (const code of part.slice(2, -1).split(";").map(Number)) {
        if (code === 0) style = "";
        else if (code === 1) style += "font-weight:700;";
        else if (code >= 30 && code <= 37) style += "color:" + COLORS[code - 30] + ";";
        else if (code >= 90 && code <= 97) style += "color:" + COLORS[code - 90] + ";";
      }
    } else if (part) {
      const span = div.appendChild(document.createElement("span"));
      if (style) span.style.cssText = style;
      mark(span, part, pattern);
    }
  }
  return div;
}

function mark(span, text, pattern) {
  let at = 0;
  if (pattern)
    for (const m of text.matchAll(pattern)) {
      if (!m[0]) break;
      span.append(text.slice(at, m.index), Object.assign(document.createElement("mark"), {textContent: m[0]}));
      at = m.index + m[0].length;
    }
  span.append(text.slice(at));
}

class LogView extends Part {
  static properties = {source: {}, search: {}, onsearch: {attribute: false}};
  lines = [];
  fresh = [];
  rest = "";
  wrong = "";
  pattern = null;
  waiting = 0;

  connectedCallback() {
    super.connectedCallback();
    this.every(BEAT, () => this.add());
    this.until(() => this.stop?.abort());
  }

  updated(changed) {
    if (changed.has("search")) this.filter(this.search ?? "");
    if (changed.has("source")) this.follow();
  }

  follow() {
    this.stop?.abort();
    this.stop = new AbortController();
    const {signal} = this.stop;
    this.clear();
    forEver(signal, async () => {
      const response = await fetch(url("logs", "stream", ...this.source.replace(/^model:/, "").split("/")), {signal});
      if (!response.ok) {
        const text = await response.text();
        this.problem = complaint(response, text, null);
        this.requestUpdate();
        return response.status < 500 ? "over" : "";
      }
      if (this.problem) {
        this.problem = null;
        this.requestUpdate();
      }
      this.clear();
      await pieces(response, text => {
        const all = (this.rest + text).split("\n");
        this.rest = all.pop();
        this.fresh.push(...all);
      });
    });
  }

  clear() {
    Object.assign(this, {lines: [], fresh: [], rest: "", waiting: 0});
    this.querySelector("pre")?.replaceChildren();
  }

  filter(text) {
    try {
      this.pattern = text ? new RegExp(text, "gi") : null;
      this.wrong = "";
    } catch (e) {
      this.wrong = e.message.replace(/^Invalid regular expression: /, ""); // what was shown before stays
      this.requestUpdate();
      return;
    }
    this.requestUpdate();
    const pre = this.querySelector("pre");
    pre?.replaceChildren(
      ...this.lines
        .filter(l => this.wanted(l))
        .slice(-SHOWN)
        .map(l => element(l, this.pattern)),
    );
    if (pre) pre.scrollTop = pre.scrollHeight;
  }

  wanted(line) {
    if (!this.pattern) return true;
    this.pattern.lastIndex = 0;
    return this.pattern.test(line);
  }

  get selecting() {
    const selection = getSelection();
    return !selection.isCollapsed && this.querySelector("pre").contains(selection.anchorNode);
  }

  /** Adds what came since the last beat. While text is selected nothing moves: the lines wait. */
  add() {
    if (!this.fresh.length) return;
    if (this.selecting) {
      this.fresh = this.fresh.slice(-KEPT);
      this.waiting = this.fresh.length;
      this.requestUpdate();
      return;
    }
    const pre = this.querySelector("pre");
    const atEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 40;
    const came = this.fresh.splice(0);
    this.lines = [...this.lines, ...came].slice(-KEPT);
    const lines = came.filter(l => this.wanted(l)).slice(-SHOWN);
    const more = document.createDocumentFragment();
    for (const line of lines) more.append(element(line, this.pattern));
    const spare = pre.childElementCount + lines.length - SHOWN;
    if (spare > 0 && atEnd) {
      const range = document.createRange();
      range.setStart(pre, 0);
      range.setEnd(pre, Math.min(spare, pre.childNodes.length));
      range.deleteContents();
    }
    pre.append(more);
    if (atEnd) pre.scrollTop = pre.scrollHeight;
    if (this.waiting) {
      this.waiting = 0;
      this.requestUpdate();
    }
  }

  render() {
    return html`<div class="logbox ${this.nowrap ? "nowrap" : ""}">
      <div class="tools">
        <input
          type="search"
          class=${this.wrong ? "invalid" : ""}
          placeholder="Filter (regular expression)"
          aria-label="Filter ${this.source}"
          aria-invalid=${this.wrong ? "true" : "false"}
          .value=${this.search ?? ""}
          @input=${e => (this.onsearch ? this.onsearch(e.target.value) : this.filter(e.target.value))} />
        ${this.wrong ? html`<span class="bad-text small" role="alert">${this.wrong}</span>` : nothing}
        <label
          ><input
            type="checkbox"
            .checked=${!this.nowrap}
            @change=${e => {
              this.nowrap = !e.target.checked;
              this.requestUpdate();
            }} />Wrap</label
        >
        <button class="tiny" @click=${() => this.clear()}>Clear</button>
        ${this.waiting ? html`<span class="small warn-text">${this.waiting} new lines wait while text is selected</span>` : nothing}
      </div>
      ${this.problem ? html`<div class="problem" role="alert">${this.problem}</div>` : nothing}
      <pre tabindex="0" role="log" aria-live="off" aria-label="Log of ${this.source}"></pre>
    </div>`;
  }
}
customElements.define("t-log", LogView);
