// Try a model: chat, embeddings, rerank, speech, transcription, pictures, and a small load test; what a model can do decides what is offered.
import {Part, html, nothing} from "../parts/part.js";
import {call, query, complaint} from "../data/api.js";
import {talk} from "../data/talk.js";
import {live} from "../data/live.js";
import {modelOf, stateOf} from "../data/room.js";
import {choose, place} from "../data/place.js";
import {ms, number} from "../data/format.js";
import {copyButton, empty, facts, modelLink, problem, requestLink, stateBadge, tabs, until, linked} from "../parts/bits.js";
import {doing} from "../parts/model-actions.js";
import "../parts/markdown.js";

const MODES = [
  ["chat", "Chat", () => true],
  ["embeddings", "Embeddings", can => !can.audio_speech && !can.image_generation && !can.audio_transcriptions],
  ["rerank", "Rerank", can => can.reranker || !Object.keys(can).length],
  ["speech", "Speech", can => can.audio_speech],
  ["transcription", "Transcription", can => can.audio_transcriptions],
  ["images", "Images", can => can.image_generation],
  ["load", "Load test", () => true],
];
const PARAMETERS = [
  ["temperature", "Temperature", 0.1],
  ["top_p", "Top p", 0.05],
  ["max_tokens", "Most tokens", 1],
  ["seed", "Seed", 1],
];
const kept = JSON.parse(sessionStorage.getItem("playground") ?? "null") ?? {system: "", turns: [], parameters: {}};
const keep = () => {
  try {
    sessionStorage.setItem("playground", JSON.stringify({...kept, turns: kept.turns.map(({pictures, ...t}) => t)}));
  } catch {
    /* too much to keep is kept until the page goes */
  }
};
const fileText = file =>
  new Promise((done, failed) => {
    const r = new FileReader();
    r.onload = () => done(r.result);
    r.onerror = failed;
    r.readAsDataURL(file);
  });

class Playground extends Part {
  static draws = ["models", "room", "inflight"];
  pictures = [];
  result = null;

  get model() {
    const asked = place().query.get("model");
    return asked || live.models.find(m => m.state === "ready")?.id || live.models[0]?.id || "";
  }

  moved() {
    const {query: q} = place();
    const mode = q.get("mode") ?? "";
    if (mode !== this.mode) Object.assign(this, {mode, result: null, wrong: null});
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  /** Runs one question; while it runs, Stop ends it. */
  async run(fn) {
    this.stop?.abort();
    const stop = (this.stop = new AbortController());
    Object.assign(this, {busy: true, wrong: null, begun: Date.now()});
    this.requestUpdate();
    try {
      await fn(stop.signal);
    } catch (e) {
      if (!stop.signal.aborted) this.wrong = e.message;
    }
    if (this.stop === stop) this.busy = false;
    keep();
    this.requestUpdate();
  }

  send(e) {
    e?.preventDefault();
    const box = this.querySelector("textarea[name=say]");
    const text = box.value.trim();
    if ((!text && !this.pictures.length) || this.busy) return;
    const model = this.model;
    kept.turns.push({role: "user", text, pictures: this.pictures});
    box.value = "";
    this.pictures = [];
    this.answer(model);
  }

  answer(model) {
    const content = t => (t.pictures?.length ? [{type: "text", text: t.text}, ...t.pictures.map(url => ({type: "image_url", image_url: {url}}))] : t.text);
    const messages = [
      ...(kept.system ? [{role: "system", content: kept.system}] : []),
      ...kept.turns.filter(t => t.text || t.pictures?.length).map(t => ({role: t.role, content: content(t)})),
    ];
    const reply = {role: "assistant", model, text: "", thoughts: ""};
    kept.turns.push(reply);
    const parameters = Object.fromEntries(
      Object.entries(kept.parameters)
        .filter(([, v]) => v !== "")
        .map(([k, v]) => [k, Number(v)]),
    );
    this.run(async signal => {
      try {
        Object.assign(
          reply,
          await talk({model, messages, ...parameters}, signal, piece => {
            reply.text += piece.text;
            reply.thoughts += piece.thoughts;
            this.requestUpdate();
          }),
        );
      } catch (e) {
        if (e.request) reply.request = e.request;
        reply.stopped = true;
        if (!signal.aborted) throw e;
      } finally {
        if (!reply.text && !reply.thoughts) kept.turns.splice(kept.turns.indexOf(reply), 1);
      }
    });
    this.updateComplete.then(() => this.querySelector(".compose")?.scrollIntoView({block: "end"}));
  }

  async post(path, body, signal) {
    const form = body instanceof FormData;
    const response = await fetch(query(path), {
      method: "POST",
      signal,
      headers: form ? {} : {"Content-Type": "application/json"},
      body: form ? body : JSON.stringify(body),
    });
    if (response.ok) return response;
    const text = await response.text();
    let json = null;
    try {
      json = JSON.parse(text);
    } catch {
      /* not JSON */
    }
    throw new Error(complaint(response, text, json));
  }

  chat(m) {
    const speed = t => (t.end && t.first !== null && t.tokens > 1 ? ((1000 * t.tokens) / Math.max(1, t.end - t.first)).toFixed(1) + " tokens/s" : "");
    return html`<div class="split">
      <div class="stack">
        <div class="chat" role="log" aria-label="Conversation">
          ${kept.turns.length ? nothing : empty("Say something.", m.state === "ready" ? m.id + " is ready." : m.id + " is loaded when you ask.")}
          ${kept.turns.map(t =>
            t.role === "user"
              ? html`<div class="say user">${(t.pictures ?? []).map(p => html`<img alt="picture" src=${p} />`)}${t.text}</div>`
              : html`<div class="say">
                  ${
                    t.thoughts
                      ? html`<details ?open=${!t.text}>
                          <summary class="soft small">Thoughts</summary>
                          <div class="thoughts">${t.thoughts}</div>
                        </details>`
                      : nothing
                  }
                  <t-markdown .text=${t.text}></t-markdown>
                  <div class="row small soft">
                    <span>${t.model}</span
                    >${t.end ? html`<span>first word ${ms(t.first)}</span><span>${number(t.tokens)} tokens</span><span>${speed(t)}</span>` : t.stopped ? html`<span>stopped</span>` : nothing}${t.request ? requestLink(t.request) : nothing}${t.text ? copyButton(t.text, "Answer") : nothing}
                  </div>
                </div>`,
          )}
          ${this.busy && !kept.turns.at(-1)?.text && !kept.turns.at(-1)?.thoughts ? html`<div class="say soft" data-waiting>${stateOf(m) === "ready" ? "waiting for the first word" : html`<span class="row">${stateBadge(stateOf(m))} ${doing(m, {until, linked})}</span>`}</div>` : nothing}
        </div>
        <form class="compose" @submit=${e => this.send(e)}>
          <textarea
            name="say"
            aria-label="Message"
            placeholder="Message; Enter sends, Shift+Enter is a new line"
            @keydown=${e => {
              if (e.key === "Enter" && !e.shiftKey && !e.isComposing) this.send(e);
            }}></textarea>
          <label class="tiny" title="Pictures for models that see"
            >+ picture<input
              class="sr"
              type="file"
              accept="image/*"
              multiple
              @change=${async e => {
                this.pictures = await Promise.all([...e.target.files].map(fileText));
                e.target.value = "";
                this.requestUpdate();
              }} /></label
          >${this.pictures.length ? html`<span class="chip">${this.pictures.length}</span>` : nothing}
          ${this.busy ? html`<button type="button" class="bad" @click=${() => this.stop.abort()}>Stop</button>` : html`<button class="main">Send</button>`}
        </form>
      </div>
      <div class="card">
        <label class="stack"
          >System prompt<textarea
            rows="4"
            .value=${kept.system}
            @change=${e => {
              kept.system = e.target.value;
              keep();
            }}></textarea>
        </label>
        ${PARAMETERS.map(
          ([key, title, step]) =>
            html`<label
              ><span class="grow">${title}</span
              ><input
                type="number"
                class="short"
                .step=${String(step)}
                min="0"
                placeholder="as the model"
                .value=${kept.parameters[key] ?? ""}
                @change=${e => {
                  kept.parameters[key] = e.target.value;
                  keep();
                }}
            /></label>`,
        )}
        <div class="row">
          <button
            class="tiny"
            ?disabled=${!kept.turns.length}
            @click=${() => {
              this.stop?.abort();
              kept.turns = [];
              keep();
              this.requestUpdate();
            }}>
            New conversation
          </button>
          <button
            class="tiny"
            ?disabled=${this.busy || kept.turns.at(-1)?.role !== "assistant"}
            @click=${() => {
              kept.turns.pop();
              this.answer(this.model);
            }}>
            Again
          </button>
        </div>
      </div>
    </div>`;
  }

  /** A form with one button, and what came of it. */
  tool(fields, label, fn) {
    return html`<form
        class="stack"
        @submit=${e => {
          e.preventDefault();
          const data = new FormData(e.target);
          this.run(signal => fn(data, signal));
        }}>
        ${fields}
        <div class="row">
          ${this.busy ? html`<button type="button" class="bad" @click=${() => this.stop.abort()}>Stop</button>` : html`<button class="main">${label}</button>`}
        </div>
      </form>
      ${this.result ?? nothing}`;
  }

  embeddings(m) {
    return this.tool(
      html`<label class="stack"
        >Texts, one a line<textarea name="texts" rows="5">
The cat sat on the mat.
A feline rested on a rug.
Shares fell on Tuesday.</textarea>
      </label>`,
      "Embed",
      async (data, signal) => {
        const input = data.get("texts").split("\n").filter(Boolean);
        const answer = await (await this.post("v1/embeddings", {model: m.id, input}, signal)).json();
        const vectors = answer.data.map(d => d.embedding);
        const length = v => Math.hypot(...v);
        const near = (a, b) => a.reduce((n, x, i) => n + x * b[i], 0) / (length(a) * length(b) || 1);
        this.result = html`<p>${vectors.length} vectors of ${vectors[0]?.length ?? 0} numbers. How alike the texts are:</p>
          <div class="scroll">
            <table aria-label="Likeness">
              <tbody>
                ${input.slice(0, vectors.length).map(
                  (text, i) =>
                    html`<tr>
                      <td class="clip" .style=${"max-width:300px"}>${text}</td>
                      ${vectors.map(v => html`<td class="num">${near(vectors[i], v).toFixed(3)}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`;
      },
    );
  }

  rerank(m) {
    return this.tool(
      html`<label class="stack">Question<input name="query" value="What do cats like?" /></label
        ><label class="stack"
          >Documents, one a line<textarea name="documents" rows="5">
Cats like warm places.
The market closed higher.
A mat is a good place for a cat.</textarea>
        </label>`,
      "Rank",
      async (data, signal) => {
        const documents = data.get("documents").split("\n").filter(Boolean);
        const answer = await (await this.post("v1/rerank", {model: m.id, query: data.get("query"), documents}, signal)).json();
        const found = (answer.results ?? []).toSorted((a, b) => b.relevance_score - a.relevance_score);
        this.result = html`<div class="scroll">
          <table aria-label="Ranking">
            <tbody>
              ${found.map(
                r =>
                  html`<tr>
                    <td class="num">${r.relevance_score?.toFixed(4)}</td>
                    <td class="wide">${documents[r.index]}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;
      },
    );
  }

  speech(m) {
    return this.tool(
      html`<label class="stack">Text<textarea name="input" rows="4">Hello from Turntable.</textarea></label
        ><label>Voice <input name="voice" value="alloy" /></label>`,
      "Speak",
      async (data, signal) => {
        const sound = await (await this.post("v1/audio/speech", {model: m.id, input: data.get("input"), voice: data.get("voice")}, signal)).blob();
        this.result = html`<audio controls src=${URL.createObjectURL(sound)}></audio>`;
      },
    );
  }

  transcription(m) {
    return this.tool(
      html`<label class="stack">Recording<input type="file" name="file" accept="audio/*" required /></label>`,
      "Transcribe",
      async (data, signal) => {
        data.set("model", m.id);
        const response = await this.post("v1/audio/transcriptions", data, signal);
        const text = await response.text();
        let shown = text;
        try {
          shown = JSON.parse(text).text ?? text;
        } catch {
          /* plain text was asked for */
        }
        this.result = html`<p class="lead">${shown}</p>`;
      },
    );
  }

  images(m) {
    return this.tool(
      html`<label class="stack">Prompt<textarea name="prompt" rows="3">A fox on a turntable, woodcut</textarea></label
        ><label>Size <input name="size" value="1024x1024" size="10" /></label>`,
      "Draw",
      async (data, signal) => {
        const answer = await (
          await this.post("v1/images/generations", {model: m.id, prompt: data.get("prompt"), size: data.get("size"), response_format: "b64_json"}, signal)
        ).json();
        this.result = html`<div class="panes">
          ${(answer.data ?? []).map(d => html`<img alt=${data.get("prompt")} src=${d.b64_json ? "data:image/png;base64," + d.b64_json : ""} />`)}
        </div>`;
      },
    );
  }

  loadTest(m) {
    return this.tool(
      html`<div class="tools">
          <label>Requests <input type="number" name="count" value="20" min="1" max="500" /></label
          ><label>At once <input type="number" name="at" value="4" min="1" max="32" /></label
          ><label>Most tokens <input type="number" name="tokens" value="64" min="1" /></label>
        </div>
        <label class="stack">Prompt<input name="prompt" value="Count to ten." /></label>`,
      "Go",
      async (data, signal) => {
        const count = Number(data.get("count")),
          done = [];
        let next = 0,
          failed = 0;
        const begun = performance.now();
        const show = () => {
          const quantile = (field, q) => {
            const all = done
              .map(d => d[field])
              .filter(v => v !== null)
              .toSorted((a, b) => a - b);
            return all.length ? ms(all[Math.min(all.length - 1, Math.floor(q * all.length))]) : "–";
          };
          const seconds = (performance.now() - begun) / 1000,
            tokens = done.reduce((n, d) => n + d.tokens, 0);
          this.result = html`<progress aria-label="Done" max=${count} .value=${done.length + failed}></progress>${facts([
              ["Done", done.length + " of " + count],
              ["Failed", failed || null],
              ["Requests/s", (done.length / seconds).toFixed(2)],
              ["Tokens/s, all together", (tokens / seconds).toFixed(1)],
              ["First word, median", quantile("first", 0.5)],
              ["First word, 95 %", quantile("first", 0.95)],
              ["Whole answer, median", quantile("end", 0.5)],
              ["Whole answer, 95 %", quantile("end", 0.95)],
            ])}`;
          this.requestUpdate();
        };
        const worker = async () => {
          while (next < count && !signal.aborted) {
            next++;
            try {
              done.push(
                await talk({model: m.id, max_tokens: Number(data.get("tokens")), messages: [{role: "user", content: data.get("prompt")}]}, signal, () => {}),
              );
            } catch (e) {
              failed++;
              this.wrong = e.message;
            }
            show();
          }
        };
        await Promise.all(Array.from({length: Math.min(Number(data.get("at")), count)}, worker));
      },
    );
  }

  render() {
    if (!live.models.length) return live.connection === "open" ? empty("No models are configured.") : nothing;
    const m = modelOf(this.model) ?? {id: this.model, state: ""};
    const can = m.capabilities ?? {};
    const modes = MODES.filter(([, , offered]) => offered(can));
    const mode = modes.find(([key]) => key === (this.mode || "chat"))?.[0] ?? "chat";
    return html`<div class="stack">
      <div class="tools">
        <label
          >Model
          <select @change=${e => choose({model: e.target.value})}>
            ${[...new Set([...live.models.map(x => x.id), m.id])].map(id => html`<option .selected=${id === m.id}>${id}</option>`)}
          </select></label
        >
        ${stateBadge(stateOf(m))}<span class="grow">${m.peerID ? nothing : doing(m, {until, linked})}</span>${modelLink(m.id, "About it")}
      </div>
      ${tabs(modes, mode, key => choose({mode: key === "chat" ? "" : key}, true), "What to try")} ${problem(this.wrong)}
      ${mode === "chat" ? this.chat(m) : mode === "load" ? this.loadTest(m) : this[mode](m)}
    </div>`;
  }
}
customElements.define("p-playground", Playground);
