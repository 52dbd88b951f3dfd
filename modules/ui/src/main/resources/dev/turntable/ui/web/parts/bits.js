// The small pieces every page uses: links to requests, swaps, models, runs and events; badges; times that age; copying.
import {LitElement} from "lit";
import {html, nothing} from "./part.js";
import {at} from "../data/place.js";
import {ago, left, modelOfRun} from "../data/format.js";
import {copy} from "./toast.js";

export const modelLink = (id, text = id) => html`<a href=${at("models", id)}>${text}</a>`;
export const requestLink = id => html`<a class="mono" href=${at("activity", id)}>${id}</a>`;
export const swapLink = id => html`<a class="mono" href=${at("swaps", id)}>${id}</a>`;
export const runLink = run => html`<a class="mono" href=${at("models", modelOfRun(run), {tab: "story", run})}>${run}</a>`;
export const eventLink = id => html`<a class="mono" href=${at("record", id)}>${id}</a>`;

/** Text of the server with its r-N, s-N and runs (model#n) as links. */
export function linked(text) {
  return text
    .split(/(\br-\d+\b|\bs-\d+\b|[\w./:@-]+#\d+\b)/)
    .map((piece, i) =>
      i % 2 === 0 ? piece : piece.startsWith("r-") && !piece.includes("#") ? requestLink(piece) : piece.includes("#") ? runLink(piece) : swapLink(piece),
    );
}

const OUTCOMES = {
  ok: "answered",
  upstream_error: "the model answered with an error",
  upstream_died: "the model's process ended in the middle",
  client_gone: "the client left before the end",
  cancelled: "cancelled by an operator",
  load_failed: "the model did not start",
  shed: "refused without serving it",
  timeout: "a time limit passed",
};
export const OUTCOME_NAMES = Object.keys(OUTCOMES);

export const outcomeBadge = outcome => html`<span class="badge o-${outcome}" title=${OUTCOMES[outcome] ?? outcome}>${outcome.replaceAll("_", " ")}</span>`;
export const stateBadge = state => html`<span class="state s-${state}">${state}</span>`;
export const swapBadge = outcome => html`<span class="badge w-${outcome}">${outcome}</span>`;
export const when = time => html`<t-ago .time=${time}></t-ago>`;
export const until = (time, words) => html`<t-left .words=${words ?? ""} .time=${time}></t-left>`;
export const copyButton = (text, what, label = "Copy") =>
  html`<button class="tiny quiet" @click=${() => copy(typeof text === "function" ? text() : text, what)}>${label}</button>`;
export const empty = (title, hint) =>
  html`<div class="empty">
    <p>${title}</p>
    ${hint ? html`<p class="soft">${hint}</p>` : nothing}
  </div>`;
export const problem = text => (text ? html`<div class="problem" role="alert">${text}</div>` : nothing);
export const facts = pairs =>
  html`<dl>
    ${pairs
      .filter(([, v]) => v !== null && v !== undefined && v !== "")
      .map(
        ([k, v]) =>
          html`<dt>${k}</dt>
            <dd>${v}</dd>`,
      )}
  </dl>`;

/** Tabs whose choice stands in the address. */
export const tabs = (names, chosen, choose, label) =>
  html`<div
    class="tabs"
    role="tablist"
    aria-label=${label}
    @keydown=${e => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[e.key];
      if (!step) return;
      const all = [...e.currentTarget.children];
      const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      next.click();
    }}>
    ${names.map(([key, title]) => html`<button role="tab" aria-selected=${key === chosen} tabindex=${key === chosen ? 0 : -1} @click=${() => choose(key)}>${title}</button>`)}
  </div>`;

// One clock for every time on the page: it touches only the text that changed.
const ticking = new Set();
setInterval(() => ticking.forEach(el => el.tick()), 1000);

class Ticking extends HTMLElement {
  #time = null;
  words = "";
  set time(time) {
    this.#time = time;
    this.tick();
  }
  get time() {
    return this.#time;
  }
  connectedCallback() {
    ticking.add(this);
    this.tick();
  }
  disconnectedCallback() {
    ticking.delete(this);
  }
  tick() {
    const text = this.time ? this.text() : "";
    if (this.textContent !== text) this.textContent = text;
  }
}
customElements.define(
  "t-ago",
  class extends Ticking {
    text() {
      this.title = new Date(this.time).toLocaleString();
      return ago(this.time);
    }
  },
);
customElements.define(
  "t-left",
  class extends Ticking {
    text() {
      return (this.words ? this.words + " " : "") + left(this.time);
    }
  },
);

/** How far a load is, against what it usually takes. */
customElements.define(
  "t-load",
  class extends LitElement {
    static properties = {since: {attribute: false}, usual: {attribute: false}};
    createRenderRoot() {
      return this;
    }
    connectedCallback() {
      super.connectedCallback();
      this.timer = setInterval(() => this.requestUpdate(), 250);
    }
    disconnectedCallback() {
      super.disconnectedCallback();
      clearInterval(this.timer);
    }
    render() {
      const gone = Math.max(0, Date.now() - (Date.parse(this.since) || Date.now()));
      const part = this.usual ? Math.min(0.98, gone / this.usual) : null;
      return html`<span class="load"
        ><progress aria-label="Load progress" max="1" .value=${part ?? 0} ?indeterminate=${part === null}></progress>
        <span class="num"
          >${(gone / 1000).toFixed(1)} s${this.usual ? html` <span class="soft">of about ${(this.usual / 1000).toFixed(1)} s</span>` : nothing}</span
        ></span
      >`;
    }
  },
);
