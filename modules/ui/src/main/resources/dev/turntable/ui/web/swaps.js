// Swaps as timelines: who was evicted, how long each part took, who waited and why.
import {h, fill, ms, ago, dialog} from "./dom.js";
import {call} from "./api.js";
import {state, subscribe} from "./store.js";
import {why} from "./models.js";

const PARTS = [["wait", "queued"], ["drain", "drained"], ["stop", "stopped"], ["start", "started"], ["first", "first byte"]];
const RESULTS = {ready: "ok-text", running: "warn-text", failed: "bad-text", cancelled: "soft", interrupted: "soft"};

export const legend = () => h("div.legend", PARTS.map(([key, title]) => h("span", h("i", {class: "seg-" + key}), title)));

/** The lengths of the parts in milliseconds, read off the timeline, so that a swap that failed or still runs shows its parts too. */
function parts(s) {
  const at = (...names) => s.timeline.filter(t => names.includes(t.step)).map(t => t.ms);
  const first = (...names) => at(...names)[0];
  const end = first("ready", "ended") ?? s.total_ms ?? s.timeline.at(-1)?.ms ?? 0;
  const begun = first("begun") ?? 0;
  const start = first("start_ordered") ?? end;
  const stop = first("stop_ordered") ?? start;
  return {wait: begun, drain: Math.max(0, stop - begun), stop: Math.max(0, start - stop), start: Math.max(0, end - start), first: Math.max(0, (first("first_byte") ?? end) - end)};
}

/** One swap as a card. */
export function timeline(s) {
  const lengths = parts(s);
  const total = Object.values(lengths).reduce((a, b) => a + b, 0) || 1;
  return h("article.card",
    h("div.row", h("h3.grow", h("a", {href: "#/models/" + encodeURIComponent(s.model)}, s.model), h("span.soft.small", " " + s.id)),
      h("span.small", {class: RESULTS[s.outcome] ?? ""}, s.outcome), h("span.small.soft", {title: s.asked}, ago(s.asked)), h("b", ms(s.total_ms ?? null))),
    h("div.bar", PARTS.filter(([key]) => lengths[key] > 0).map(([key, title]) =>
      h("span", {class: "seg-" + key, style: {width: 100 * lengths[key] / total + "%"}, title: title + " " + ms(lengths[key])}))),
    h("div.row.small.soft",
      h("span", s.reason + (s.set ? ", set " + s.set : "") + ", by " + s.router), s.evicted.length > 0 && h("span", "evicted " + s.evicted.join(", ")),
      s.detail && h("span.bad-text", s.detail), h("span.grow"),
      h("button.tiny", {onclick: () => details(s)}, s.waiting ? s.waiting + " waited: why?" : "Details")));
}

function details(s) {
  dialog(s.id + ": " + s.model,
    h("div.scroll", h("table", h("thead", h("tr", ["Step", "Run", "After"].map(t => h("th", t)))),
      h("tbody", s.timeline.map(t => h("tr", h("td", t.step.replaceAll("_", " ")), h("td.mono", t.run ?? ""), h("td.num", ms(t.ms))))))),
    s.waited.length > 0 && h("h3", "Who waited"),
    s.waited.length > 0 && h("div.scroll", h("table", h("tbody", s.waited.map(w => h("tr",
      h("td", h("button.tiny", {onclick: () => why({request: w.request}, "Why did " + w.request + " wait?")}, w.request)),
      h("td.num", ms(w.waited_ms ?? null)), h("td.wide", w.why)))))));
}

export function swaps(view) {
  const list = h("div.stack");
  const choice = h("select", {onchange: () => load(), "aria-label": "Model"}, h("option", {value: ""}, "All models"),
    state.models.filter(m => !m.peerID).map(m => h("option", {value: m.id}, m.id)));
  let due = 0;
  async function load(before) {
    try {
      const page = await call("/api/swaps?" + new URLSearchParams({...(choice.value && {model: choice.value}), ...(before && {before})}));
      if (!before) fill(list);
      list.querySelector("button.more")?.remove();
      list.append(...page.swaps.map(timeline));
      if (!list.children.length) fill(list, h("div.card.empty", "No model was swapped yet."));
      if (page.next) list.append(h("button.more", {onclick: () => load(page.next)}, "Older"));
    } catch (e) { fill(list, h("div.card.empty", e.message)); }
  }
  view.append(h("div.stack", h("div.row", choice, h("span.grow"), legend()), list));
  load();
  const quiet = subscribe(topics => {
    if (topics.has("models") && !due) due = setTimeout(() => { due = 0; load(); }, 1500);
  });
  return () => { quiet(); clearTimeout(due); };
}
