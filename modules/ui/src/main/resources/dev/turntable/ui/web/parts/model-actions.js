// What one can do with a model: load, unload, look, copy. Used by the list and by the model's own page.
import {html, nothing} from "./part.js";
import {post, url, query, call} from "../data/api.js";
import {at, ROOT} from "../data/place.js";
import {stateOf, refresh} from "../data/room.js";
import {copy, toast} from "./toast.js";

const load = async m => {
  await post(url("api", "models", "load", m.id), "Loading " + m.id);
  refresh(true);
};
const unload = async m => {
  await post(url("api", "models", "unload", m.id), m.id + " is unloaded");
  refresh(true);
};
const kinds = m => m.capabilities ?? {};

/** What the model is asked with: the path and the smallest body that says something. */
function sample(m) {
  const can = kinds(m);
  if (can.embedding || can.embeddings) return ["v1/embeddings", {model: m.id, input: "hello"}];
  if (can.rerank) return ["v1/rerank", {model: m.id, query: "a question", documents: ["one", "two"]}];
  return ["v1/chat/completions", {model: m.id, messages: [{role: "user", content: "hello"}]}];
}

export function curl(m) {
  const [path, body] = sample(m);
  return `curl ${new URL(path, ROOT).href} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

export const clients = m => ({
  "OpenAI SDK (Python)": `from openai import OpenAI\nclient = OpenAI(base_url="${new URL("v1", ROOT).href}", api_key="none")\nprint(client.chat.completions.create(model="${m.id}", messages=[{"role": "user", "content": "hello"}]).choices[0].message.content)`,
  Environment: `export OPENAI_BASE_URL=${new URL("v1", ROOT).href}\nexport OPENAI_API_KEY=none\nexport OPENAI_MODEL=${m.id}`,
  "Claude Code": `export ANTHROPIC_BASE_URL=${ROOT.href.replace(/\/$/, "")}\nexport ANTHROPIC_AUTH_TOKEN=none\nexport ANTHROPIC_MODEL=${m.id}`,
});

async function why(m) {
  try {
    toast((await call(query("api/why", {model: m.id}))).answer);
  } catch (e) {
    toast(e.message, true);
  }
}

const WORDS = {starting: ["Cancel", "Cancel the load of"], stopped: ["Load", "Load"], failed: ["Load", "Load"], shutdown: ["Load", "Load"]};

const mainAction = m => {
  const state = stateOf(m);
  if (state === "peer") return nothing;
  const [word, long] = WORDS[state] ?? ["Unload", "Unload"];
  return html`<button
    class="tiny"
    aria-label="${long} ${m.id}"
    aria-disabled=${state === "stopping"}
    @click=${() => (state === "stopping" ? null : word === "Load" ? load(m) : unload(m))}>
    ${word}
  </button>`;
};

export const actions = m =>
  html`<span class="row"
    >${mainAction(m)}
    <details
      class="menu"
      @focusout=${e => {
        if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.open = false;
      }}
      @keydown=${e => {
        if (e.key === "Escape") {
          e.currentTarget.open = false;
          e.currentTarget.firstElementChild.focus();
        }
      }}>
      <summary aria-label="More for ${m.id}">⋯</summary>
      <div
        @click=${e => {
          e.currentTarget.parentElement.open = false;
        }}>
        <a href=${at("playground", "", {model: m.id})}>Open in the playground</a>
        ${m.peerID ? nothing : html`<a href=${at("logs", "", {source: "model:" + m.id})}>Log</a>`}
        <a href=${at("activity", "", {model: m.id})}>Requests</a>
        ${m.peerID ? nothing : html`<a href=${at("swaps", "", {model: m.id})}>Swaps</a> <button @click=${() => why(m)}>Why is it ${stateOf(m)}?</button>`}
        <button @click=${() => copy(curl(m), "curl command")}>Copy curl</button>
        <button @click=${() => copy(new URL("v1", ROOT).href, "Base URL")}>Copy base URL</button>
        <button @click=${() => copy(clients(m)["Environment"], "Client configuration")}>Copy client configuration</button>
        ${m.state === "ready" ? html`<a href=${url("upstream", m.id) + "/"} target="_blank" rel="noopener">Its own page ↗</a>` : nothing}
      </div>
    </details></span
  >`;

/** In one line: what it does at this moment, or what kept it from doing so. */
export function doing(m, {until, linked}) {
  const state = stateOf(m);
  if (state === "starting") return html`<t-load .since=${m.ordered} .usual=${m.usual_load_ms}></t-load>`;
  if (state === "stopping") return html`<span class="soft">stopping${m.stopping_because ? ": " + m.stopping_because.replaceAll("_", " ") : ""}</span>`;
  if (state === "failed")
    return html`<span class="bad-text">${linked(m.last_failure ?? "its last start failed")}</span>${
        m.backed_off_until && Date.parse(m.backed_off_until) > Date.now()
          ? html` <span class="soft">${until(m.backed_off_until, "tried again in")}</span>`
          : nothing
      }${m.last_lines?.length ? html` <span class="mono soft">${m.last_lines.at(-1)}</span>` : nothing}`;
  if (state === "ready") return html`<span class="soft">${m.unload_due ? until(m.unload_due, "unloads in") : m.leases ? "serving" : ""}</span>`;
  return html`<span class="soft">${m.usual_load_ms ? "loads in about " + (m.usual_load_ms / 1000).toFixed(1) + " s" : (m.description ?? "")}</span>`;
}
