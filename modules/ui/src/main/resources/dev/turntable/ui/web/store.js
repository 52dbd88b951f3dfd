// What the event stream tells, kept for the pages; each page says which topics it wants to hear of.
const LOG_KEPT = 100 * 1024;
const PAUSES = [1, 2, 4, 5];

export const state = {connection: "connecting", models: [], profile: null, inflight: new Map(), sessionHeaders: [], logs: {proxy: "", upstream: ""}};

const listeners = new Set();
const pending = new Set();

/** Calls fn(topics) at most once a frame; returns what ends it. */
export function subscribe(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

function changed(topic) {
  if (!pending.size) setTimeout(() => {
    const topics = new Set(pending);
    pending.clear();
    listeners.forEach(fn => fn(topics));
  }, 60);
  pending.add(topic);
}

const handlers = {
  modelStatus(data) { state.models = data; changed("models"); },
  uiConfig(data) { state.sessionHeaders = data.activity?.session_id ?? []; },
  profileChanged(data) { state.profile = data.active; changed("profile"); },
  activity() { changed("activity"); },
  logData({source, data}) {
    const text = state.logs[source] + data;
    state.logs[source] = text.length > LOG_KEPT ? text.slice(-LOG_KEPT) : text;
    changed("log-" + source);
  },
  inflight(data) {
    if (data.operation === "snapshot") state.inflight = new Map((data.requests ?? []).map(r => [r.id, stamped(r)]));
    else if (data.operation === "upsert") state.inflight.set(data.request.id, stamped(data.request));
    else state.inflight.delete(data.id);
    changed("inflight");
  },
};

function stamped(request) {
  return {...request, begun: state.inflight.get(request.id)?.begun ?? Date.now() - request.elapsed_ms};
}

/** Opens the event stream and keeps it open. */
export function connect(attempt = 0) {
  const source = new EventSource("/api/events");
  source.onopen = () => {
    attempt = 0;
    Object.assign(state, {inflight: new Map(), logs: {proxy: "", upstream: ""}, connection: "open"});
    changed("connection");
  };
  source.onmessage = ({data}) => {
    const {type, data: inner} = JSON.parse(data);
    handlers[type]?.(JSON.parse(inner));
  };
  source.onerror = () => {
    source.close();
    state.connection = "closed";
    changed("connection");
    setTimeout(() => connect(attempt + 1), 1000 * PAUSES[Math.min(attempt, PAUSES.length - 1)]);
  };
}
