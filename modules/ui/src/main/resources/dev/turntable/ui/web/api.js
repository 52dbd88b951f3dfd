// Calls to the server. Credentials are the browser's own (Basic dialog), so none are added here.
import {toast} from "./dom.js";

export const path = (...parts) => "/" + parts.map(encodeURIComponent).join("/");

/** The answer as JSON (or text); throws an Error with the server's own message. */
export async function call(url, options = {}) {
  const response = await fetch(url, {...options, headers: {Accept: "application/json", ...(options.headers ?? {})}});
  const text = await response.text();
  let body = text;
  if ((response.headers.get("Content-Type") ?? "").startsWith("application/json")) body = JSON.parse(text);
  if (!response.ok) {
    const message = body?.error?.message ?? (body?.errors ?? []).join("\n") ?? text;
    throw Object.assign(new Error(message || response.status + " " + response.statusText), {status: response.status, body});
  }
  return body;
}

/** Does something for a person: says what went wrong, and gives undefined then. */
export async function act(url, options, said) {
  try {
    const body = await call(url, options);
    if (said) toast(said);
    return body ?? true;
  } catch (e) {
    toast(e.message, true);
    return undefined;
  }
}

export const post = (url, said) => act(url, {method: "POST"}, said);
