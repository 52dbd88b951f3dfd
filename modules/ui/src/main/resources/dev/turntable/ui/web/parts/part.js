// The base of every component: Lit without a shadow, so that one style sheet and one tab order hold for the whole page.
import {LitElement} from "lit";
import {live, subscribe} from "../data/live.js";
import {onRoom} from "../data/room.js";
import {onMove} from "../data/place.js";

export {html, svg, nothing} from "lit";
export {repeat} from "lit/directives/repeat.js";
export {live as asShown} from "lit/directives/live.js";

export class Part extends LitElement {
  /** Topics of the event stream after which it is drawn anew. */
  static draws = [];
  /** Topics after which load() is called again, at most once in {@link pause} milliseconds. */
  static loads = [];
  static pause = 800;

  #ends = [];
  #due = 0;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    const {draws, loads, pause} = this.constructor;
    this.#ends.push(
      subscribe(topics => {
        if (draws.some(t => topics.has(t)) || topics.has("connection")) this.requestUpdate();
        if (topics.has("connection") && live.connection === "open") this.load?.();
        else if (loads.some(t => topics.has(t)) && !this.#due)
          this.#due = setTimeout(() => {
            this.#due = 0;
            this.load?.();
          }, pause);
      }),
    );
    if (draws.includes("room")) this.#ends.push(onRoom(() => this.requestUpdate()));
    if (this.moved) this.#ends.push(onMove(() => this.moved()));
    this.moved ? this.moved() : this.load?.();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#ends.splice(0).forEach(end => end());
    clearTimeout(this.#due);
  }

  /** An element that has the focus keeps it, also when it moves. */
  update(changed) {
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    super.update(changed);
    if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({preventScroll: true});
  }

  /** What ends with this component. */
  until(end) {
    this.#ends.push(end);
  }

  every(millis, fn) {
    const timer = setInterval(fn, millis);
    this.until(() => clearInterval(timer));
  }

  /** Runs a question to the server; a failure stands in this.problem until the next success. An answer that is no longer wanted is dropped. */
  async ask(question, take) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const answer = await question();
      if (turn !== this.turn || !this.isConnected) return;
      this.problem = null;
      take(answer);
    } catch (e) {
      if (turn !== this.turn) return;
      this.problem = e.message === "Failed to fetch" ? "The server does not answer; this goes on when it is back." : e.message;
    }
    this.requestUpdate();
  }
}
