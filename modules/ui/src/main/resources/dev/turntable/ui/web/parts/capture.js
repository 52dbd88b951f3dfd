// What was recorded of a request and its answer: as chat, as JSON, raw; a stream joined to what it says.
import {Part, html, nothing} from "./part.js";
import {call, url} from "../data/api.js";
import {copyButton} from "./bits.js";
import {download} from "./toast.js";

const text = base64 => (base64 === null ? null : new TextDecoder().decode(Uint8Array.from(atob(base64), c => c.charCodeAt(0))));
const json = raw => {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
};

/** The chunks of an event stream as JSON; null when it is none. */
function chunks(raw) {
  if (!/^\s*(event|data|id|:)/.test(raw ?? "")) return null;
  return raw
    .split(/\r?\n/)
    .filter(l => l.startsWith("data:"))
    .map(l => json(l.slice(5)))
    .filter(Boolean);
}

/** What an answer says, put together: OpenAI chat, completions and responses, Anthropic messages; thoughts and tool calls apart. */
export function said(raw) {
  const stream = chunks(raw);
  const parts = stream ?? [json(raw)].filter(Boolean);
  const all = {content: "", thoughts: "", calls: []};
  const content = c => (typeof c === "string" ? c : (c ?? []).map(p => p.text ?? "").join(""));
  for (const part of parts) {
    for (const choice of part.choices ?? []) {
      const m = choice.delta ?? choice.message ?? choice;
      all.content += content(m.content) || choice.text || "";
      all.thoughts += m.reasoning_content ?? m.reasoning ?? "";
      for (const t of m.tool_calls ?? []) {
        const at = (all.calls[t.index ?? all.calls.length] ??= {name: "", arguments: ""});
        at.name += t.function?.name ?? "";
        at.arguments += t.function?.arguments ?? "";
      }
    }
    if (part.type === "content_block_delta") {
      all.content += part.delta?.text ?? "";
      all.thoughts += part.delta?.thinking ?? "";
    }
    if (part.type === "response.output_text.delta") all.content += part.delta ?? "";
    if (Array.isArray(part.content)) {
      all.content += content(part.content.filter(p => p.type === "text"));
      all.thoughts += part.content.map(p => p.thinking ?? "").join("");
    }
    if (Array.isArray(part.output)) all.content += part.output.map(o => content(o.content)).join("");
  }
  all.calls = all.calls.filter(Boolean);
  return all;
}

class Capture extends Part {
  static properties = {row: {attribute: false}, view: {}, ended: {attribute: false}};
  capture = null;

  updated(changed) {
    if (changed.has("row") && this.row?.has_capture && this.capture?.id !== this.row.id) this.load();
  }

  load() {
    if (this.row?.has_capture)
      this.ask(
        () => call(url("api", "captures", String(this.row.id))),
        capture => {
          this.capture = capture;
        },
      );
  }

  body(raw, headers, name) {
    if (raw === null) return html`<p class="soft">Its body was not recorded.</p>`;
    const parsed = json(raw);
    const shown = parsed ? JSON.stringify(parsed, null, 2) : raw;
    const all = said(raw);
    const joined = chunks(raw) ? all.thoughts + all.content : null;
    return html`<div class="row">
        ${copyButton(shown, "Body")}<button
          class="tiny quiet"
          @click=${() => download(`${this.row.request}-${name}.${parsed ? "json" : "txt"}`, "text/plain", raw)}>
          Download
        </button>
        ${joined ? html`<span class="soft small">a stream of ${chunks(raw).length} events</span>` : nothing}
      </div>
      ${
        joined
          ? html`<h3>Joined</h3>
              <pre tabindex="0">${joined}</pre>
              <h3>As it came</h3>`
          : nothing
      }
      <pre tabindex="0">${shown}</pre>
      <details>
        <summary>Headers</summary>
        <dl class="mono">
          ${Object.entries(headers).map(
            ([k, v]) =>
              html`<dt>${k}</dt>
                <dd>${v}</dd>`,
          )}
        </dl>
      </details>`;
  }

  chat() {
    const asked = json(text(this.capture.req_body)) ?? {};
    const answer = said(text(this.capture.resp_body));
    const turns = [
      ...(asked.system ? [{role: "system", content: asked.system}] : []),
      ...(asked.messages ?? (asked.input || asked.prompt ? [{role: "user", content: asked.input ?? asked.prompt}] : [])),
    ];
    if (!turns.length && !answer.content) return html`<p class="soft">This is no conversation; see the request and the answer.</p>`;
    const piece = p =>
      typeof p === "string"
        ? p
        : p.type === "image_url"
          ? html`<img alt="picture that was sent" src=${p.image_url?.url?.startsWith("data:image/") ? p.image_url.url : ""} />`
          : (p.text ?? JSON.stringify(p));
    return html`<div class="chat">
      ${turns.map(
        m =>
          html`<div class="say ${m.role === "user" ? "user" : ""}">
            <span class="small soft">${m.role}</span>
            <div>${[m.content].flat().map(p => (p ? piece(p) : nothing))}</div>
          </div>`,
      )}
      <div class="say">
        <span class="small soft">${this.row.model}</span>${answer.thoughts ? html`<div class="thoughts">${answer.thoughts}</div>` : nothing}
        ${answer.content ? html`<div class="wrap" .style=${"white-space:pre-wrap"}>${answer.content}</div>` : answer.calls.length ? nothing : html`<span class="soft">(nothing)</span>`}
        ${answer.calls.map(c => html`<pre>${c.name}(${c.arguments})</pre>`)}
      </div>
    </div>`;
  }

  render() {
    if (this.problem) return html`<p class="soft">${this.problem}</p>`;
    if (!this.row?.has_capture)
      return html`<p class="soft">
        ${this.row || this.ended ? "What it said is not kept (captures are held in memory, up to captureBuffer)." : "What it said is known when it has ended."}
      </p>`;
    if (!this.capture) return nothing;
    const c = this.capture;
    return this.view === "request"
      ? this.body(text(c.req_body), c.req_headers, "request")
      : this.view === "answer"
        ? this.body(text(c.resp_body), c.resp_headers, "answer")
        : this.chat();
  }
}
customElements.define("t-capture", Capture);
