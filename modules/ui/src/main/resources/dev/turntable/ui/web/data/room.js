// The control room's facts: the fold of the record as it is now, with what the machine adds. Asked for whenever something moved.
import {call, query} from "./api.js";
import {live, subscribe} from "./live.js";

const AT_MOST_EVERY = 700;
const AT_LEAST_EVERY = 10_000;

export const room = {models: new Map(), queue: [], requests: [], swaps: [], hold: null, phase: "running", known: false};

const listeners = new Set();
let due = 0;
let asked = 0;

export function onRoom(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

async function ask() {
  asked = performance.now();
  try {
    const [state, details] = await Promise.all([call(query("api/state")), call(query("api/models"))]);
    const models = new Map(state.models.map(m => [m.model, {...m, waiting: 0}]));
    for (const more of details.models) if (models.has(more.model)) Object.assign(models.get(more.model), more);
    for (const waiter of state.queue ?? []) if (models.has(waiter.model)) models.get(waiter.model).waiting++;
    for (const r of state.requests ?? []) if (r.place.startsWith("waits") && models.has(r.model)) models.get(r.model).waiting++;
    Object.assign(room, {
      models,
      queue: state.queue ?? [],
      requests: state.requests ?? [],
      swaps: state.swaps ?? [],
      hold: state.hold ?? null,
      phase: state.phase,
      known: true,
    });
    listeners.forEach(fn => fn());
  } catch {
    /* the next beat, or the next connection, asks again */
  }
}

/** Asks soon; many wishes in a row are one question. */
export function refresh(now = false) {
  if (due && !now) return;
  clearTimeout(due);
  due = setTimeout(
    () => {
      due = 0;
      ask();
    },
    now ? 0 : Math.max(120, AT_MOST_EVERY - (performance.now() - asked)),
  );
}

/** What is known of a model: its description and its state, joined. */
export function modelOf(id) {
  const told = live.models.find(m => m.id === id || (m.aliases ?? []).includes(id));
  return told ? {...room.models.get(told.id), ...told} : null;
}

/** "failed" is no state of the record: the model is stopped, and its last start failed. */
export const stateOf = m => (m.peerID ? "peer" : m.failures > 0 && (m.state === "stopped" || !m.state) ? "failed" : m.state || "stopped");

subscribe(topics => {
  if (["models", "inflight", "connection", "activity"].some(t => topics.has(t)) && live.connection === "open") refresh();
});
setInterval(() => {
  if (document.visibilityState === "visible" && live.connection === "open") refresh();
}, AT_LEAST_EVERY);
