// Bars on lanes over one time axis, with lines between them; zoomed with the wheel or + and −, moved by dragging or the arrow keys.
import {Part, html, nothing, svg} from "./part.js";
import {clock, ms} from "../data/format.js";

const LANE = 30,
  HEAD = 24,
  PAD = 6;
/** More lines than this say nothing any more; zooming in brings them back. */
const TIES = 24;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 144e5, 288e5, 864e5];

/**
 * lanes: [{name, href, bars: [{from, to, kind, title, href, text}], dots: [{at, to, title, href}]}], times in milliseconds;
 * ties: [{from: [lane, time], to: [lane, time], title}]; view: [from, to]; relative: the axis counts from 0 instead of showing the clock.
 */
class Lanes extends Part {
  static properties = {
    lanes: {attribute: false},
    ties: {attribute: false},
    view: {attribute: false},
    relative: {type: Boolean},
    onview: {attribute: false},
    name: {},
  };
  width = 900;

  constructor() {
    super();
    Object.assign(this, {lanes: [], ties: [], view: [0, 1]});
  }

  connectedCallback() {
    super.connectedCallback();
    const watch = new ResizeObserver(([entry]) => {
      this.width = Math.max(240, entry.contentRect.width - 2);
      this.requestUpdate();
    });
    watch.observe(this);
    this.until(() => watch.disconnect());
  }

  get left() {
    return this.width < 560 ? 90 : Math.min(220, 24 + 7.2 * Math.max(6, ...this.lanes.map(l => l.name.length)));
  }
  x(t) {
    return this.left + ((t - this.view[0]) / (this.view[1] - this.view[0])) * (this.width - this.left - PAD);
  }

  zoom(factor, around = (this.view[0] + this.view[1]) / 2) {
    if (!this.onview) return;
    const [from, to] = this.view;
    const span = Math.min(30 * 864e5, Math.max(5, (to - from) * factor));
    const part = (around - from) / (to - from);
    this.onview([around - span * part, around + span * (1 - part)]);
  }

  move(part) {
    const by = (this.view[1] - this.view[0]) * part;
    this.onview?.([this.view[0] + by, this.view[1] + by]);
  }

  wheel(e) {
    if (!this.onview || !(e.ctrlKey || e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY) || e.altKey)) return;
    e.preventDefault();
    if (e.ctrlKey || e.altKey) {
      const x = e.clientX - this.getBoundingClientRect().left;
      const at = this.view[0] + ((x - this.left) / (this.width - this.left)) * (this.view[1] - this.view[0]);
      this.zoom(e.deltaY > 0 ? 1.25 : 0.8, at);
    } else this.move((e.deltaX || e.deltaY) / 900);
  }

  grab(e) {
    if (!this.onview || e.button !== 0 || e.target.closest("a")) return;
    const start = e.clientX,
      [from, to] = this.view,
      box = e.currentTarget;
    box.setPointerCapture(e.pointerId);
    const drag = m => {
      const by = ((start - m.clientX) / (this.width - this.left)) * (to - from);
      this.onview([from + by, to + by]);
    };
    box.addEventListener("pointermove", drag);
    box.addEventListener("pointerup", () => box.removeEventListener("pointermove", drag), {once: true});
  }

  key(e) {
    const does = {
      "+": () => this.zoom(0.6),
      "=": () => this.zoom(0.6),
      "-": () => this.zoom(1.6),
      ArrowLeft: () => this.move(-0.2),
      ArrowRight: () => this.move(0.2),
    }[e.key];
    if (!does || !this.onview) return;
    e.preventDefault();
    does();
  }

  ticks() {
    const [from, to] = this.view;
    const most = Math.max(2, (this.width - this.left) / 110);
    const step = STEPS.find(s => (to - from) / s <= most) ?? 864e5 * Math.ceil((to - from) / 864e5 / most);
    const zone = this.relative ? 0 : new Date(to).getTimezoneOffset() * 60_000;
    const found = [];
    for (let t = Math.ceil((from - zone) / step) * step + zone; t <= to; t += step) found.push(t);
    return found.map(t => [t, this.relative ? ms(t) : clock(t, step < 1000)]);
  }

  bar(b, y) {
    const [x1, x2] = [Math.max(this.left, this.x(b.from)), Math.min(this.width - PAD, this.x(b.to))];
    if (x2 < this.left || x1 > this.width - PAD || x2 < x1) return nothing;
    const width = Math.max(2, x2 - x1);
    const thin = b.kind === "wait" && !b.text; // it stands beside what went on meanwhile
    const shape = svg`<g><title>${b.title}</title><rect class="p-${b.kind}" x=${x1} y=${thin ? y + 11 : y + 5} width=${width} height=${thin ? LANE - 22 : LANE - 10} rx="2.5"></rect>
      ${b.text && width > 7 * b.text.length + 8 ? svg`<text class="on" x=${x1 + 5} y=${y + 19}>${b.text}</text>` : nothing}</g>`;
    return b.href ? svg`<a href=${b.href} tabindex="-1">${shape}</a>` : shape;
  }

  dot(d, y) {
    const [x1, x2] = [this.x(d.at), this.x(d.to)];
    if (x2 < this.left || x1 > this.width) return nothing;
    const from = Math.max(this.left, x1);
    return svg`<a href=${d.href} tabindex="-1"><g><title>${d.title}</title><line class="who" x1=${from} x2=${Math.max(from, x2)} y1=${y + LANE - 3} y2=${y + LANE - 3}></line>${x1 >= this.left ? svg`<circle class="dot" cx=${x1} cy=${y + LANE - 3} r="3"></circle>` : nothing}</g></a>`;
  }

  tie({from, to, title}) {
    const point = ([lane, t]) => [this.x(t), HEAD + lane * LANE + LANE / 2];
    const [[x1, y1], [x2, y2]] = [point(from), point(to)];
    if (Math.min(x1, x2) < this.left || Math.max(x1, x2) > this.width) return nothing;
    return svg`<path class="who tie" d="M${x1} ${y1} C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}" marker-end="url(#arrow)"><title>${title}</title></path>`;
  }

  render() {
    const ties = this.ties.filter(({from, to}) => to[1] >= this.view[0] && from[1] <= this.view[1]);
    const height = HEAD + this.lanes.length * LANE + 4;
    return html`<div
      class="axis"
      tabindex=${this.onview ? 0 : nothing}
      role="group"
      aria-label="${this.name ?? "Timeline"}${this.onview ? "; plus and minus zoom, the arrows move" : ""}"
      @wheel=${{handleEvent: e => this.wheel(e), passive: false}}
      @pointerdown=${e => this.grab(e)}
      @keydown=${e => this.key(e)}>
      <svg width=${this.width} height=${height} viewBox="0 0 ${this.width} ${height}">
        <defs>
          <marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path class="dot" d="M0 0L6 3L0 6z"></path>
          </marker>
        </defs>
        ${this.ticks().map(([t, text]) => svg`<line class="grid" x1=${this.x(t)} x2=${this.x(t)} y1=${HEAD - 5} y2=${height}></line><text x=${this.x(t) + 3} y="15">${this.x(t) + 7 * text.length < this.width ? text : ""}</text>`)}
        ${this.lanes.map((lane, i) => {
          const y = HEAD + i * LANE;
          const most = Math.floor((this.left - 16) / 7);
          const name = lane.name.length > most ? lane.name.slice(0, most - 1) + "…" : lane.name;
          return svg`<line class="lane" x1="0" x2=${this.width} y1=${y} y2=${y}></line>
            ${lane.href ? svg`<a href=${lane.href}><text class="name" x="10" y=${y + 19}>${name}<title>${lane.name}</title></text></a>` : svg`<text class="name" x="10" y=${y + 19}>${name}</text>`}
            ${lane.bars.map(b => this.bar(b, y))}${(lane.dots ?? []).map(d => this.dot(d, y))}`;
        })}
        ${ties.length <= TIES ? ties.map(t => this.tie(t)) : nothing}
      </svg>
    </div>`;
  }
}
customElements.define("t-lanes", Lanes);

export const legend = kinds => html`<div class="legend">${kinds.map(([kind, title]) => html`<span><i class="p-${kind}"></i>${title}</span>`)}</div>`;
