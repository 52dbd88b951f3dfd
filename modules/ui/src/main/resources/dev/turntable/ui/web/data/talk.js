// A streamed chat: text and thoughts as they come, with how long each part took.
import {query, complaint} from "./api.js";
import {serverSent} from "./stream.js";

/** Sends body to /v1/chat/completions; take({text, thoughts}) for each piece. Gives {first, end, tokens, request} in milliseconds. */
export async function talk(body, signal, take) {
  const begun = performance.now();
  const response = await fetch(query("v1/chat/completions"), {
    method: "POST",
    signal,
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({...body, stream: true, stream_options: {include_usage: true}}),
  });
  const result = {request: response.headers.get("X-Request-Id"), first: null, end: null, tokens: 0, usage: null};
  if (!response.ok) {
    const text = await response.text();
    let json = null;
    try {
      json = JSON.parse(text);
    } catch {
      /* plain text or a page */
    }
    throw Object.assign(new Error(complaint(response, text, json)), result);
  }
  const split = thoughtful(take);
  const one = message => {
    if (message.error) throw Object.assign(new Error(message.error.message ?? JSON.stringify(message.error)), result);
    if (message.usage) result.usage = message.usage;
    for (const choice of message.choices ?? []) {
      const m = choice.delta ?? choice.message ?? {};
      const thoughts = m.reasoning_content ?? m.reasoning ?? "";
      if (m.content || thoughts) {
        result.first ??= performance.now() - begun;
        result.tokens++;
      }
      if (thoughts) take({text: "", thoughts});
      if (m.content) split(m.content);
    }
  };
  if ((response.headers.get("Content-Type") ?? "").includes("event-stream"))
    await serverSent(response, ({data}) => {
      if (data !== "[DONE]") one(JSON.parse(data));
    });
  else one(await response.json());
  split("", true);
  result.tokens = result.usage?.completion_tokens ?? result.tokens;
  result.end = performance.now() - begun;
  return result;
}

/** Takes <think>…</think> out of the text, also where a tag comes in pieces. */
function thoughtful(take) {
  let inside = false,
    rest = "";
  return (text, last = false) => {
    rest += text;
    while (rest) {
      const tag = inside ? "</think>" : "<think>";
      const at = rest.indexOf(tag);
      if (at >= 0) {
        give(rest.slice(0, at));
        rest = rest.slice(at + tag.length);
        inside = !inside;
        continue;
      }
      let keep = last ? 0 : [...Array(tag.length - 1).keys()].reverse().find(n => rest.endsWith(tag.slice(0, n + 1)));
      keep = keep === undefined || last ? 0 : keep + 1;
      give(rest.slice(0, rest.length - keep));
      rest = rest.slice(rest.length - keep);
      return;
    }
  };
  function give(piece) {
    if (piece) take(inside ? {text: "", thoughts: piece} : {text: piece, thoughts: ""});
  }
}
