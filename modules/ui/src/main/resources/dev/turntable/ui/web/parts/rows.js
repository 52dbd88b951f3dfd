// A table that shows any number of rows: only those in sight are in the document. Sorting is its owner's business.
import {Part, html, nothing} from "./part.js";

const ROW = 33;
const AROUND = 12;
/** So few rows are simply shown, in a table as tall as they are. */
const FEW = 60;

class Rows extends Part {
  static properties = {
    columns: {attribute: false},
    rows: {attribute: false},
    sort: {attribute: false},
    order: {attribute: false},
    onsort: {attribute: false},
    name: {},
    key: {attribute: false},
  };
  first = 0;

  constructor() {
    super();
    Object.assign(this, {rows: [], columns: []});
  }

  get many() {
    return this.rows.length > FEW;
  }

  scrolled(box) {
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - AROUND);
    if (Math.abs(first - this.first) >= AROUND / 2 || (first === 0 && this.first !== 0)) {
      this.first = first;
      this.requestUpdate();
    }
  }

  head(c) {
    const sorted = this.sort === c.key && c.key;
    const title = c.sorts
      ? html`<button @click=${() => this.onsort(c.key)}>${c.title}${sorted ? (this.order === "asc" ? " ↑" : " ↓") : nothing}</button>`
      : c.title;
    return html`<th scope="col" class=${c.class ?? ""} aria-sort=${sorted ? (this.order === "asc" ? "ascending" : "descending") : nothing}>${title}</th>`;
  }

  render() {
    const many = this.many;
    const shown = Math.ceil(innerHeight / ROW) + 2 * AROUND;
    const first = many ? Math.min(this.first, Math.max(0, this.rows.length - 10)) : 0;
    const part = many ? this.rows.slice(first, first + shown) : this.rows;
    const rest = many ? this.rows.length - first - part.length : 0;
    const gap = n =>
      n > 0
        ? html`<tr aria-hidden="true">
            <td .style=${"height:" + n * ROW + "px;padding:0;border:0"} colspan=${this.columns.length}></td>
          </tr>`
        : nothing;
    return html`<div
      class="scroll ${many ? "tall" : ""}"
      tabindex=${many ? 0 : nothing}
      role=${many ? "region" : nothing}
      aria-label=${many ? this.name : nothing}
      @scroll=${e => many && this.scrolled(e.currentTarget)}>
      <table aria-label=${this.name} aria-rowcount=${this.rows.length}>
        <thead>
          <tr>
            ${this.columns.map(c => this.head(c))}
          </tr>
        </thead>
        <tbody>
          ${gap(first)}${part.map(
            r =>
              html`<tr>
                ${this.columns.map(c => html`<td class=${c.class ?? ""}>${c.cell(r)}</td>`)}
              </tr>`,
          )}${gap(rest)}
        </tbody>
      </table>
    </div>`;
  }
}
customElements.define("t-rows", Rows);
