// The machine over the last hour: GPUs first, then processor, memory, load and network.
import {Part, html, nothing} from "../parts/part.js";
import {call, query} from "../data/api.js";
import {choose, place} from "../data/place.js";
import {bytes} from "../data/format.js";
import {empty, problem} from "../parts/bits.js";
import "../parts/chart.js";

const MIB = 1 << 20;
const EVERY = 5_000;
const SPANS = [
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3600, "1 hour"],
];
const percent = v => Math.round(v) + " %";
const line = (name, samples, value) => ({name, points: samples.map(s => [Date.parse(s.timestamp) / 1000, value(s)])});

function network(samples) {
  const names = [...new Set(samples.flatMap(s => (s.net_io ?? []).map(n => n.name)))];
  return names
    .flatMap(name =>
      ["recv", "sent"].map(way => {
        const points = [];
        for (let i = 1; i < samples.length; i++) {
          const count = s => s.net_io?.find(n => n.name === name)?.["bytes_" + way];
          const seconds = (Date.parse(samples[i].timestamp) - Date.parse(samples[i - 1].timestamp)) / 1000;
          const more = count(samples[i]) - count(samples[i - 1]);
          if (seconds > 0 && more >= 0) points.push([Date.parse(samples[i].timestamp) / 1000, more / seconds]);
        }
        return {name: name + (way === "recv" ? " in" : " out"), points};
      }),
    )
    .filter(series => series.points.some(p => p[1] > 0));
}

class Performance extends Part {
  sys = [];
  gpu = [];

  connectedCallback() {
    super.connectedCallback();
    this.every(EVERY, () => document.visibilityState === "visible" && this.load());
  }

  moved() {
    this.requestUpdate();
    if (!this.asked) this.load();
  }

  /** Goes on asking whatever happens: a server that was restarted has new samples. */
  load() {
    this.asked = true;
    this.ask(
      () => call(query("api/performance", {after: this.sys.at(-1)?.timestamp})),
      data => {
        const fresh = x => Date.parse(x.timestamp) > Date.now() - 3_600_000;
        this.sys = [...this.sys, ...(data.sys_stats ?? [])].filter(fresh);
        this.gpu = [...this.gpu, ...(data.gpu_stats ?? [])].filter(fresh);
      },
    );
  }

  render() {
    const span = Number(place().query.get("span")) || 900;
    const now = Date.now() / 1000;
    const {sys, gpu} = this;
    const cards = [...new Set(gpu.map(x => x.id))];
    const ofGpu = field =>
      cards.map(id =>
        line(
          gpu.find(x => x.id === id).name + " " + id,
          gpu.filter(x => x.id === id),
          x => x[field],
        ),
      );
    const cores = sys.at(-1)?.cpu_util_per_core.length ?? 0;
    const mean = s => s.cpu_util_per_core.reduce((a, b) => a + b, 0) / Math.max(1, s.cpu_util_per_core.length);
    const chart = (heading, series, show, top) =>
      html`<t-chart .heading=${heading} .series=${series} .show=${show} .top=${top} .span=${[now - span, now]}></t-chart>`;
    const off = this.problem && !sys.length && this.problem.includes("enabled");
    return html`<div class="stack">
      <div class="tools">
        <label
          >Span
          <select @change=${e => choose({span: e.target.value === "900" ? "" : e.target.value})}>
            ${SPANS.map(([v, t]) => html`<option value=${v} .selected=${v === span}>${t}</option>`)}
          </select></label
        >
      </div>
      ${off ? empty("Sampling is switched off.", "performance.disabled in the configuration") : problem(this.problem)}
      ${
        sys.length
          ? html`<div class="panes">
              ${cards.length ? [chart("GPU busy, %", ofGpu("gpu_util_pct"), percent, 100), chart("GPU memory, %", ofGpu("mem_util_pct"), percent, 100), chart("GPU temperature, °C", ofGpu("temp_c"), v => Math.round(v) + " °C"), chart("GPU power, W", ofGpu("power_draw_w"), v => Math.round(v) + " W")] : nothing}
              ${chart("Processor, % of " + cores + " cores", cores <= 8 ? Array.from({length: cores}, (_, i) => line("core " + i, sys, x => x.cpu_util_per_core[i] ?? 0)) : [line("all cores", sys, mean), line("busiest core", sys, s => Math.max(...s.cpu_util_per_core))], percent, 100)}
              ${chart("Memory, of " + bytes((sys.at(-1).mem_total_mb ?? 0) * MIB), [line("used", sys, x => x.mem_used_mb * MIB), line("swap", sys, x => x.swap_used_mb * MIB)], bytes, (sys.at(-1).mem_total_mb ?? 1) * MIB)}
              ${chart("Load, processes", [line("1 min", sys, x => x.load_avg_1), line("5 min", sys, x => x.load_avg_5), line("15 min", sys, x => x.load_avg_15)], v => v.toFixed(1))}
              ${chart("Network, bytes/s", network(sys), v => bytes(v) + "/s")}
            </div>`
          : this.problem
            ? nothing
            : empty("No samples yet.", "The first comes some seconds after the start.")
      }
    </div>`;
  }
}
customElements.define("p-performance", Performance);
