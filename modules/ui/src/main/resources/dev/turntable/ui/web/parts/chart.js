// Lines over time with axes and units, by uPlot; drawn anew when the theme or the width changes.
import {Part, html} from "./part.js";

const COLORS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"];
const HEIGHT = 170;

/** series: [{name, points: [[seconds, value]…]}]; show: value to text; top: end of the scale, if it has one; span: [from, to] in seconds. */
class Chart extends Part {
  static properties = {heading: {}, series: {attribute: false}, show: {attribute: false}, top: {attribute: false}, span: {attribute: false}};

  connectedCallback() {
    super.connectedCallback();
    const size = new ResizeObserver(() => this.plot?.setSize({width: this.inner, height: HEIGHT}));
    size.observe(this);
    const theme = new MutationObserver(() => this.draw(true));
    theme.observe(document.documentElement, {attributeFilter: ["data-theme"]});
    this.until(() => {
      size.disconnect();
      theme.disconnect();
      this.plot?.destroy();
      this.plot = null;
    });
  }

  get inner() {
    return Math.max(200, this.clientWidth - 30);
  }

  updated() {
    this.draw(false);
  }

  async draw(anew) {
    const {default: uPlot} = await import("uplot");
    if (!this.isConnected) return;
    const times = [...new Set(this.series.flatMap(s => s.points.map(p => p[0])))].sort((a, b) => a - b);
    const data = [
      times,
      ...this.series.map(s => {
        const at = new Map(s.points);
        return times.map(t => at.get(t) ?? null);
      }),
    ];
    const names = this.series.map(s => s.name).join("\n");
    if (this.plot && !anew && names === this.names) {
      this.plot.setData(data, false);
      this.plot.setScale("x", {min: this.span[0], max: this.span[1]});
      return;
    }
    this.names = names;
    this.plot?.destroy();
    const css = getComputedStyle(document.documentElement);
    const color = name => css.getPropertyValue(name).trim();
    const axis = {stroke: color("--soft"), grid: {stroke: color("--line"), width: 1}, ticks: {stroke: color("--line"), width: 1}, font: "11.5px system-ui"};
    this.plot = new uPlot(
      {
        width: this.inner,
        height: HEIGHT,
        cursor: {y: false},
        legend: {live: true},
        scales: {x: {time: true}, y: {range: (_, min, max) => [0, this.top ?? (max > 0 ? max * 1.1 : 1)]}},
        axes: [
          {
            ...axis,
            values: [
              [3600, "{HH}:{mm}"],
              [60, "{HH}:{mm}"],
              [1, "{HH}:{mm}:{ss}"],
            ].map(([s, f]) => [s, f, null, null, null, null, null, null, 1]),
          },
          {...axis, size: 74, values: (_, splits) => splits.map(v => this.show(v))},
        ],
        series: [
          {value: (_, t) => (t === null ? "–" : new Date(t * 1000).toLocaleTimeString("en-GB"))},
          ...this.series.map((s, i) => ({
            label: s.name,
            stroke: color(COLORS[i % COLORS.length]),
            width: 1.5,
            spanGaps: true,
            value: (_, v) => (v === null ? "–" : this.show(v)),
          })),
        ],
      },
      data,
      this.querySelector("[data-plot]"),
    );
    this.plot.setScale("x", {min: this.span[0], max: this.span[1]});
  }

  render() {
    return html`<section class="card" aria-label=${this.heading}>
      <h2>${this.heading}</h2>
      <div data-plot></div>
    </section>`;
  }
}
customElements.define("t-chart", Chart);
