// Markdown of a model, made harmless, as elements.
import {Part, html} from "./part.js";

let library;
const ready = () =>
  (library ??= Promise.all([import("marked"), import("dompurify")]).then(([{marked}, {default: purify}]) => {
    // A model's answer may not make the browser ask anybody for anything: no pictures but those it holds itself, links only on a click.
    purify.addHook("afterSanitizeAttributes", el => {
      if (el.tagName === "A") {
        el.setAttribute("target", "_blank");
        el.setAttribute("rel", "noopener noreferrer");
      }
      if (el.tagName === "IMG" && !/^data:image\//.test(el.getAttribute("src") ?? "")) el.removeAttribute("src");
    });
    return text =>
      purify.sanitize(marked.parse(text, {gfm: true, breaks: true}), {
        RETURN_DOM_FRAGMENT: true,
        FORBID_TAGS: ["style", "form", "input", "button", "iframe", "video", "audio"],
        FORBID_ATTR: ["style", "id", "class"],
      });
  }));

class Markdown extends Part {
  static properties = {text: {attribute: false}};

  async updated() {
    const text = this.text;
    if (this.busy) return;
    this.busy = true;
    const render = await ready();
    await new Promise(r => setTimeout(r, 60)); // pieces come faster than an eye reads
    this.busy = false;
    this.querySelector("div").replaceChildren(render(this.text));
    if (text !== this.text) this.requestUpdate();
  }

  render() {
    return html`<div></div>`;
  }
}
customElements.define("t-markdown", Markdown);
