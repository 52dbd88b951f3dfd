// Logs: the proxy's, all upstream output, or one model's; filtered, with terminal colours, kept at the bottom unless scrolled up.
import {h, fill} from "./dom.js";
import {path} from "./api.js";
import {state} from "./store.js";

const KEPT = 200 * 1024;
const COLORS = ["var(--soft)", "var(--bad)", "var(--ok)", "var(--warn)", "var(--info)", "#b36ad8", "#3aa6b9", "var(--ink)"];

/** A line with its terminal colours as spans. */
function colored(line) {
  const pieces = [];
  let style = {};
  // eslint-disable-next-line no-control-regex
  for (const part of line.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    if (part.startsWith("\x1b[")) {
      if (!part.endsWith("m")) continue;
      for (const code of part.slice(2, -1).split(";").map(Number)) {
        if (code === 0) style = {};
        else if (code === 1) style = {...style, fontWeight: "700"};
        else if (code >= 30 && code <= 37) style = {...style, color: COLORS[code - 30]};
        else if (code >= 90 && code <= 97) style = {...style, color: COLORS[code - 90]};
      }
    } else if (part) pieces.push(Object.keys(style).length ? h("span", {style}, part) : part);
  }
  return pieces;
}

function pattern(text) {
  try { return text ? new RegExp(text, "i") : null; } catch { return null; }
}

/** Streams one log into the box until the answer is called. */
export function logPane(box, url) {
  const out = h("pre.log", {tabIndex: 0});
  const search = h("input", {placeholder: "filter (regular expression)", size: 28, "aria-label": "Filter", oninput: () => draw()});
  const stop = new AbortController();
  let text = "";
  let due = 0;
  function draw() {
    const wanted = pattern(search.value);
    const bottom = out.scrollHeight - out.scrollTop - out.clientHeight < 40;
    fill(out, text.split("\n").filter(l => !wanted || wanted.test(l)).map(l => [colored(l), "\n"]));
    if (bottom) out.scrollTop = out.scrollHeight;
  }
  function soon() { if (!due) due = setTimeout(() => { due = 0; draw(); }, 120); }
  async function read() {
    while (!stop.signal.aborted) {
      try {
        const response = await fetch(url, {signal: stop.signal});
        if (!response.ok) { text = await response.text(); soon(); return; }
        text = "";
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          text = (text + part.value).slice(-KEPT);
          soon();
        }
      } catch { if (stop.signal.aborted) return; }
      await new Promise(r => setTimeout(r, 2000));
    }
  }
  fill(box, h("div.stack", h("div.row", search,
    h("label.row.small", h("input", {type: "checkbox", checked: true, onchange: e => out.classList.toggle("nowrap", !e.target.checked)}), "Wrap"),
    h("button.tiny", {onclick: () => { text = ""; draw(); }}, "Clear")), out));
  read();
  return () => { stop.abort(); clearTimeout(due); };
}

export function logs(view, chosen) {
  const bar = h("div.tabs", {role: "tablist"});
  const box = h("div");
  let end = () => {};
  const names = ["proxy", "upstream"];
  const models = h("select", {"aria-label": "Model", onchange: e => e.target.value && open("model:" + e.target.value)},
    h("option", {value: ""}, "A model…"), state.models.filter(m => !m.peerID).map(m => h("option", {value: m.id}, m.id)));
  function open(name) {
    end();
    fill(bar, names.map(n => h("button", {role: "tab", "aria-selected": String(n === name), onclick: () => { models.value = ""; open(n); }}, n === "proxy" ? "Proxy" : "Upstream")), models);
    end = logPane(box, path("logs", "stream", name.replace(/^model:/, "")));
  }
  view.append(h("div.stack", bar, box));
  open(chosen || "proxy");
  return () => end();
}
