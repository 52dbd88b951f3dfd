// The shell: navigation, connection, hold, profile, theme; shows the page that the address names.
import {Part, html, nothing} from "./parts/part.js";
import {call, act, query} from "./data/api.js";
import {connect, live} from "./data/live.js";
import {room, refresh, stateOf} from "./data/room.js";
import {at, place} from "./data/place.js";
import {linked, when} from "./parts/bits.js";

/** Pages are loaded when they are first looked at. The second file, if any, shows one thing of the page's kind. */
const PAGES = [
  ["models", "Models", "M4 5h16v6H4zM4 14h16v5H4zM7 8h.01M7 16.5h.01", "model"],
  ["playground", "Playground", "M4 5h16v11H9l-5 4z"],
  ["activity", "Activity", "M3 12h4l3-8 4 16 3-8h4", "request"],
  ["swaps", "Swaps", "M4 8h13l-4-4M20 16H7l4 4", "swap"],
  ["time", "Time travel", "M12 7v5l3 2M4 12a8 8 0 1 0 3-6L4 8M4 4v4h4"],
  ["record", "Record", "M6 4h12v16H6zM9 8h6M9 12h6M9 16h4", "event"],
  ["logs", "Logs", "M4 6h16M4 11h10M4 16h13M4 20h7"],
  ["performance", "Performance", "M4 20V4M4 20h16M8 16l4-6 3 3 5-7"],
  ["configuration", "Configuration", "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4"],
  ["server", "Server", "M5 4h14v7H5zM5 13h14v7H5zM8 7.5h3M8 16.5h3"],
];
const dark = matchMedia("(prefers-color-scheme: dark)");
const THEMES = {system: ["◐", "light"], light: ["☀", "dark"], dark: ["☾", "system"]};
const kept = (key, fallback) => {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
};

class App extends Part {
  static draws = ["models", "profile", "inflight", "room"];
  profiles = [];
  version = null;
  theme = kept("theme", "system");

  load() {
    this.ask(
      () => Promise.all([call(query("api/profiles")), call(query("api/version"))]),
      ([{profiles}, version]) => Object.assign(this, {profiles, version}),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.paint();
    dark.addEventListener("change", () => this.paint());
  }

  paint() {
    document.documentElement.dataset.theme = this.theme === "system" ? (dark.matches ? "dark" : "light") : this.theme;
  }

  moved() {
    const {page, subject} = place();
    const known = PAGES.find(([name]) => name === page) ?? PAGES[0];
    this.page = known[0];
    const file = subject && known[3] ? known[3] : known[0];
    const title = subject && known[3] ? subject : known[1];
    const key = file + (known[3] ? "/" + subject : "");
    if (key !== this.shown) {
      this.shown = key;
      this.heading = title;
      import(`./pages/${file}.js`).then(
        () => {
          if (this.shown !== key) return;
          const element = document.createElement("p-" + file);
          if (known[3]) element.subject = subject;
          this.querySelector("#view").replaceChildren(element);
          this.querySelector("main").scrollTop = 0;
        },
        e => {
          this.problem = "This page could not be loaded: " + e.message;
          this.requestUpdate();
        },
      );
    }
    this.requestUpdate();
  }

  updated() {
    const ready = live.models.filter(m => m.state === "ready").length;
    document.title = (live.connection === "open" ? "" : "○ ") + this.heading + " · Turntable" + (ready ? " · " + ready + " ready" : "");
  }

  render() {
    const counts = {models: live.models.filter(m => m.state === "ready").length, activity: live.inflight.size};
    const words = {open: "live", connecting: "connecting", closed: "disconnected"};
    return html` <a
        class="skip"
        href="#view"
        @click=${e => {
          e.preventDefault();
          this.querySelector("#view").focus();
        }}
        >Skip to the page</a
      >
      <aside>
        <a class="brand" aria-label="Turntable" href=${at("models")}><img src="./icon.svg" alt="" width="24" height="24" /><span>Turntable</span></a>
        <nav aria-label="Pages">
          ${PAGES.map(
            ([name, title, path]) =>
              html` <a href=${at(name)} aria-current=${this.page === name ? "page" : nothing}
                ><svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>
                <span class="grow">${title}</span>${counts[name] ? html`<span class="count">${counts[name]}</span>` : nothing}</a
              >`,
          )}
        </nav>
        <footer>
          <span class="state s-${live.connection}" role="status">${words[live.connection]}</span>
          ${
            this.profiles.length
              ? html`<label
                  >Profile
                  <select @change=${e => act(query("api/profiles/active"), {method: "PUT", body: JSON.stringify({name: e.target.value || null})})}>
                    <option value="" .selected=${!live.profile}>none</option>
                    ${this.profiles.map(p => html`<option value=${p.id} .selected=${p.id === live.profile} title=${p.description ?? ""}>${p.id}</option>`)}
                  </select></label
                >`
              : nothing
          }
          <span class="row"
            ><button
              class="tiny quiet"
              aria-label="Theme: ${this.theme}"
              title="Theme: ${this.theme}"
              @click=${() => {
                this.theme = THEMES[this.theme][1];
                try {
                  localStorage.setItem("theme", this.theme);
                } catch {
                  /* a private window forgets */
                }
                this.paint();
                this.requestUpdate();
              }}>
              ${THEMES[this.theme][0]}</button
            >${this.version ? html`<span title="${this.version.commit} ${this.version.build_date}">${this.version.version}</span>` : nothing}</span
          >
        </footer>
      </aside>
      <main>
        ${live.connection === "closed" ? html`<div class="banner bad" role="alert">The server does not answer. This page shows what was last known, and goes on by itself when it is back.</div>` : nothing}
        ${
          room.hold
            ? html`<div class="banner hold" role="status">
                <b>On hold</b>
                <span class="grow"
                  >nothing is started${room.hold.note ? html`: “${room.hold.note}”` : nothing}
                  <span class="soft">since ${when(room.hold.since)}, by ${linked(room.hold.by)}</span></span
                >
                <button
                  @click=${async () => {
                    await act(query("api/hold"), {method: "DELETE"}, "The hold is lifted");
                    refresh(true);
                  }}>
                  Lift the hold
                </button>
              </div>`
            : nothing
        }
        ${this.problem && live.connection === "open" ? html`<div class="banner bad" role="alert">${this.problem}</div>` : nothing}
        <h1>${this.heading}</h1>
        <div id="view" tabindex="-1"></div>
      </main>`;
  }
}
customElements.define("t-app", App);
connect();
