// Calls to the server. Keys are the browser's business: it asks once (Basic dialog) and keeps them for the session.
import {ROOT} from "./place.js";
import {toast} from "../parts/toast.js";

/** url("api", "models", "load", "a/b"): an address below the server's root; each part is escaped but for its slashes. */
export const url = (...parts) => new URL(parts.map(part => encodeURIComponent(part).replaceAll("%2F", "/")).join("/"), ROOT).href;

/** query("api/swaps", {model}): the same with choices; empty ones are left out, lists are repeated. */
export function query(path, choices = {}) {
  const pairs = Object.entries(choices)
    .flatMap(([k, v]) => [v].flat().map(one => [k, one]))
    .filter(([, v]) => v !== null && v !== undefined && v !== "");
  return new URL(path + (pairs.length ? "?" + new URLSearchParams(pairs) : ""), ROOT).href;
}

/** What an answer says of its own failure, in whatever form it comes. */
export function complaint(response, text, body) {
  const said = body?.error?.message ?? body?.errors?.join("\n\n") ?? (typeof body === "object" ? "" : text.replace(/<[^>]*>/g, " "));
  return said.trim() || response.status + " " + response.statusText;
}

/** The answer as JSON (or text); throws an Error with the server's own words. */
export async function call(address, options = {}) {
  const response = await fetch(address, {...options, headers: {Accept: "application/json", ...(options.headers ?? {})}});
  const text = await response.text();
  const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  const body = json && text ? JSON.parse(text) : text;
  if (!response.ok) throw Object.assign(new Error(complaint(response, text, body)), {status: response.status, body});
  return body;
}

/** Does something for a person: says what came of it, and gives undefined when it failed. */
export async function act(address, options, said) {
  try {
    const body = await call(address, options);
    if (said) toast(said);
    return body || true;
  } catch (e) {
    toast(e.message, true);
    return undefined;
  }
}

export const post = (address, said) => act(address, {method: "POST"}, said);
