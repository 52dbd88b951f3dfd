// Answers that come bit by bit: text, and server-sent events whatever their names.

/** Calls take(text) for every piece of the answer; ends when it ends. Throws like fetch. */
export async function pieces(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
}

/** Calls take({event, data, id}) for every event of the answer. */
export async function serverSent(response, take) {
  let rest = "";
  await pieces(response, text => {
    const frames = (rest + text).split(/\r?\n\r?\n/);
    rest = frames.pop();
    for (const frame of frames) {
      const found = {event: "message", data: "", id: ""};
      for (const line of frame.split(/\r?\n/)) {
        const [, name, value] = line.match(/^(event|data|id): ?(.*)$/) ?? [];
        if (name === "data") found.data += (found.data && "\n") + value;
        else if (name) found[name] = value;
      }
      if (found.data) take(found);
    }
  });
}

/** Asks again and again until the signal: open(last) makes the request, take() gets what comes. Begins anew when the server is back. */
export async function forEver(signal, once) {
  while (!signal.aborted) {
    try {
      if ((await once()) === "over") return;
    } catch (e) {
      if (signal.aborted) return;
    }
    await new Promise(r => setTimeout(r, 1500));
  }
}
