// The machine over the last hour, drawn as lines.
import {h, fill, bytes} from "./dom.js";
import {call} from "./api.js";

const NS = "http://www.w3.org/2000/svg";
const COLORS = ["var(--accent)", "var(--info)", "var(--warn)", "var(--bad)", "#b36ad8", "#3aa6b9", "#8a9a5b", "#c97b63"];
const MIB = 1 << 20;

function svg(name, attributes) {
  const el = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  return el;
}

/** Lines over time: series = [{name, points: [[ms, value]…]}]; top is the scale's end, or the largest value. */
function chart(title, series, show, top) {
  const drawn = series.filter(s => s.points.length);
  const all = drawn.flatMap(s => s.points);
  const from = Math.min(...all.map(p => p[0])), to = Math.max(...all.map(p => p[0]), from + 1);
  const max = top ?? Math.max(...all.map(p => p[1]), 1);
  const plot = svg("svg", {class: "chart", viewBox: "0 0 600 120", preserveAspectRatio: "none", role: "img"});
  for (const y of [1, 60, 119]) plot.append(svg("line", {x1: 0, x2: 600, y1: y, y2: y}));
  drawn.forEach((s, i) => {
    const d = s.points.map(([t, v], n) => (n ? "L" : "M") + (600 * (t - from) / (to - from)).toFixed(1) + " " + (119 - 118 * Math.min(v, max) / max).toFixed(1)).join("");
    const line = svg("path", {d});
    line.style.stroke = COLORS[i % COLORS.length];
    plot.append(line);
  });
  return h("div.card", h("div.row", h("h3.grow", title), h("span.small.soft", "to " + show(max))), all.length ? plot : h("div.empty", "No samples yet."),
    h("div.legend", drawn.slice(0, 12).map((s, i) => h("span", (() => { const dot = h("i"); dot.style.background = COLORS[i % COLORS.length]; return dot; })(), s.name + " " + show(s.points.at(-1)[1])))));
}

const percent = v => Math.round(v) + " %";
const line = (name, samples, value) => ({name, points: samples.map(s => [Date.parse(s.timestamp), value(s)])});

function network(samples) {
  const names = [...new Set(samples.flatMap(s => (s.net_io ?? []).map(n => n.name)))];
  return names.flatMap(name => ["recv", "sent"].map(way => {
    const points = [];
    for (let i = 1; i < samples.length; i++) {
      const count = s => s.net_io?.find(n => n.name === name)?.["bytes_" + way];
      const seconds = (Date.parse(samples[i].timestamp) - Date.parse(samples[i - 1].timestamp)) / 1000;
      const delta = count(samples[i]) - count(samples[i - 1]);
      if (seconds > 0 && delta >= 0) points.push([Date.parse(samples[i].timestamp), delta * 8 / seconds / 1e6]);
    }
    return {name: name + " " + way, points};
  })).filter(series => series.points.some(p => p[1] > 0));
}

export function performance(view) {
  let sys = [], gpu = [], minutes = 15;
  const box = h("div.cards");
  const window_ = h("select", {"aria-label": "Window", onchange: e => { minutes = Number(e.target.value); draw(); }},
    [5, 15, 60].map(m => h("option", {value: m, selected: m === minutes}, m === 60 ? "1 hour" : m + " minutes")));
  function draw() {
    const since = Date.now() - minutes * 60_000;
    const s = sys.filter(x => Date.parse(x.timestamp) > since), g = gpu.filter(x => Date.parse(x.timestamp) > since);
    const cores = s.at(-1)?.cpu_util_per_core.length ?? 0;
    const cards = [...new Set(g.map(x => x.id))];
    const ofGpu = field => cards.map(id => line(g.find(x => x.id === id).name + " " + id, g.filter(x => x.id === id), x => x[field]));
    fill(box,
      cards.length > 0 && [chart("GPU busy", ofGpu("gpu_util_pct"), percent, 100), chart("GPU memory", ofGpu("mem_util_pct"), percent, 100),
        chart("GPU temperature", ofGpu("temp_c"), v => Math.round(v) + " °C", 110), chart("GPU power", ofGpu("power_draw_w"), v => Math.round(v) + " W")],
      chart("Processor, by core", Array.from({length: cores}, (_, i) => line(String(i), s, x => x.cpu_util_per_core[i] ?? 0)), percent, 100),
      chart("Memory", [line("used", s, x => x.mem_used_mb * MIB), line("swap", s, x => x.swap_used_mb * MIB)], bytes, (s.at(-1)?.mem_total_mb ?? 1) * MIB),
      chart("Load", [line("1 min", s, x => x.load_avg_1), line("5 min", s, x => x.load_avg_5), line("15 min", s, x => x.load_avg_15)], v => v.toFixed(2)),
      chart("Network", network(s), v => v.toFixed(2) + " Mbit/s"));
  }
  async function load() {
    try {
      const last = sys.at(-1)?.timestamp;
      const data = await call("/api/performance" + (last ? "?" + new URLSearchParams({after: last}) : ""));
      const fresh = x => Date.parse(x.timestamp) > Date.now() - 3_600_000;
      sys = [...sys, ...(data.sys_stats ?? [])].filter(fresh);
      gpu = [...gpu, ...(data.gpu_stats ?? [])].filter(fresh);
      draw();
    } catch (e) {
      fill(box, h("div.card.empty", e.body?.enabled === false ? "Sampling is switched off (performance.disabled)." : e.message));
      clearInterval(timer);
    }
  }
  view.append(h("div.stack", h("div.row", window_), box));
  const timer = setInterval(load, 5000);
  load();
  return () => clearInterval(timer);
}
