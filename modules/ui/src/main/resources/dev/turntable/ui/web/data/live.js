// What /api/events tells, kept for all pages; each says which topics it wants to hear of.
import {query} from "./api.js";

const LOG_KEPT = 100 * 1024;
const PAUSES = [0.5, 1, 2, 4, 5];
const BEAT = 60;

export const live = {connection: "connecting", models: [], profile: null, inflight: new Map(), sessionHeaders: [], logs: {proxy: "", upstream: ""}};

const listeners = new Set();
const pending = new Set();

/** Calls fn(topics) at most some times a second; returns what ends it. Topic "connection": it broke, or it is back and all must be asked anew. */
export function subscribe(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

function changed(topic) {
  if (!pending.size)
    setTimeout(() => {
      const topics = new Set(pending);
      pending.clear();
      listeners.forEach(fn => fn(topics));
    }, BEAT);
  pending.add(topic);
}

const handlers = {
  modelStatus(data) {
    live.models = data;
    changed("models");
  },
  uiConfig(data) {
    live.sessionHeaders = data.activity?.session_id ?? [];
  },
  profileChanged(data) {
    live.profile = data.active;
    changed("profile");
  },
  activity() {
    changed("activity");
  },
  logData({source, data}) {
    const text = live.logs[source] + data;
    live.logs[source] = text.length > LOG_KEPT ? text.slice(-LOG_KEPT) : text;
    changed("log-" + source);
  },
  inflight(data) {
    if (data.operation === "snapshot") live.inflight = new Map((data.requests ?? []).map(r => [r.id, stamped(r)]));
    else if (data.operation === "upsert") live.inflight.set(data.request.id, stamped(data.request));
    else live.inflight.delete(data.id);
    changed("inflight");
  },
};

function stamped(request) {
  return {...request, begun: live.inflight.get(request.id)?.begun ?? Date.now() - request.elapsed_ms};
}

/** Opens the event stream and keeps it open. */
export function connect(attempt = 0) {
  const source = new EventSource(query("api/events"));
  source.onopen = () => {
    attempt = 0;
    Object.assign(live, {inflight: new Map(), logs: {proxy: "", upstream: ""}, connection: "open"});
    changed("connection");
  };
  source.onmessage = ({data}) => {
    const {type, data: inner} = JSON.parse(data);
    handlers[type]?.(JSON.parse(inner));
  };
  source.onerror = () => {
    source.close();
    live.connection = "closed";
    changed("connection");
    setTimeout(() => connect(attempt + 1), 1000 * PAUSES[Math.min(attempt, PAUSES.length - 1)]);
  };
}
