// Events of the record: a filter, live if wanted, older ones on demand; nothing that was loaded is thrown away while one reads it.
import {Part, html, nothing} from "./part.js";
import {call, query, complaint} from "../data/api.js";
import {serverSent, forEver} from "../data/stream.js";
import {ALL_BUT_PAGES, gist} from "../data/events.js";
import {clock} from "../data/format.js";
import {eventLink, linked, modelLink, problem, requestLink, runLink, swapLink} from "./bits.js";
import "./rows.js";

const MOST = 5_000;
const COLUMNS = [
  {title: "Event", cell: e => eventLink(e.id)},
  {title: "Time", class: "mono", cell: e => html`<span title=${e.time}>${clock(e.time)}</span>`},
  {title: "Type", cell: e => html`<span class=${e.kind === "fact" ? "" : "soft"}>${e.type}</span>`},
  {title: "Of", cell: e => (e.run ? runLink(e.run) : e.model ? modelLink(e.model) : e.swap ? swapLink(e.swap) : nothing)},
  {title: "Request", cell: e => (e.request ? requestLink(e.request) : nothing)},
  {title: "By", cell: e => e.actor},
  {title: "What", class: "fill", cell: e => html`<span class="small soft" title=${gist(e)}>${linked(gist(e))}</span>`},
];

class EventList extends Part {
  /** The filter as parameters of /api/history; live: follow what comes. */
  static properties = {filter: {attribute: false}, live: {attribute: false}};
  events = [];
  next = null;
  shown = "";

  updated() {
    const asked = JSON.stringify([this.filter, this.live]);
    if (asked === this.shown) return;
    this.shown = asked;
    this.events = [];
    this.load();
  }

  get choices() {
    const {type, ...rest} = this.filter ?? {};
    return {...rest, type: type === "*" ? [] : type ? type : ALL_BUT_PAGES};
  }

  load() {
    if (!this.shown) return;
    this.stop?.abort();
    this.ask(
      () => call(query("api/history", {...this.choices, order: "desc", limit: 100})),
      page => {
        this.events = page.events;
        this.next = page.next;
        if (this.live !== false) this.follow(page.head);
      },
    );
  }

  follow(from) {
    this.stop = new AbortController();
    const {signal} = this.stop;
    let last = from;
    forEver(signal, async () => {
      const response = await fetch(query("api/history/stream", {...this.choices, after: last}), {signal});
      if (!response.ok) {
        if (response.status >= 500) return "";
        this.problem = complaint(response, await response.text(), null);
        this.requestUpdate();
        return "over";
      }
      await serverSent(response, ({event, data, id}) => {
        if (id) last = id;
        if (event === "reset") this.load();
        else if (event !== "bookmark") this.came(JSON.parse(data));
      });
    });
  }

  came(event) {
    if (this.events[0]?.cursor === event.cursor) return;
    this.events = [event, ...this.events];
    if (this.events.length > MOST) {
      this.events.length = MOST;
      this.next = this.events.at(-1).cursor; // Older goes on where the list now ends
    }
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.requestUpdate();
    }, 150);
  }

  async older() {
    try {
      const page = await call(query("api/history", {...this.choices, order: "desc", limit: 200, before: this.next}));
      this.events = [...this.events, ...page.events];
      this.over = page.next === this.next || (!page.events.length && page.next <= page.earliest);
      this.next = page.next;
    } catch (e) {
      this.problem = e.message;
      this.over = true;
    }
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  render() {
    return html`<div class="stack">
      ${problem(this.problem)}
      ${this.events.length ? html`<t-rows name="Events" .columns=${COLUMNS} .rows=${this.events}></t-rows>` : html`<div class="empty"><p>Nothing matches so far.</p></div>`}
      <div class="row">
        ${this.over || !this.next ? nothing : html`<button @click=${() => this.older()}>Older</button>`}<span class="small soft"
          >${this.events.length} shown${this.live === false ? "" : ", live"}</span
        >
      </div>
    </div>`;
  }
}
customElements.define("t-event-list", EventList);
