// Short notices, and dialogs.
let box;

export function toast(text, bad = false) {
  if (!box) {
    box = Object.assign(document.createElement("div"), {id: "toasts"});
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  const note = Object.assign(document.createElement("div"), {className: "toast" + (bad ? " bad" : ""), textContent: text});
  box.append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4000);
}

/** Puts text on the clipboard, or shows it for copying by hand where the browser forbids that (plain HTTP from another machine). */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(what + " copied");
  } catch {
    const area = Object.assign(document.createElement("textarea"), {value: text});
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    toast(done ? what + " copied" : text, !done);
  }
}

export function download(name, type, text) {
  const link = Object.assign(document.createElement("a"), {download: name, href: URL.createObjectURL(new Blob([text], {type}))});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
