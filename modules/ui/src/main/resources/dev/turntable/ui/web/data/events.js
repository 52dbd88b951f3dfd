// The kinds of events there are, and an event in one line.

/** Prefixes of all types; pages that are served are left out where nobody asks for them. */
export const EVENT_GROUPS = [
  "request.*",
  "swap.*",
  "process.*",
  "state.*",
  "start.*",
  "stop.*",
  "kill.*",
  "load.*",
  "unload.*",
  "ttl.*",
  "backoff.*",
  "turn.*",
  "linger.*",
  "timer.*",
  "deadline.*",
  "orphan.*",
  "config.*",
  "profile.*",
  "hold.*",
  "server.*",
  "clock.*",
  "disk.*",
  "snapshot.*",
  "transition.*",
  "http.*",
];
export const ALL_BUT_PAGES = EVENT_GROUPS.filter(g => g !== "http.*");

/** What an event says, without braces. Durations are microseconds. */
export function gist(e) {
  return Object.entries(e.data)
    .filter(([, v]) => v !== null && v !== "" && !(Array.isArray(v) && !v.length))
    .map(([k, v]) => k.replaceAll("_", " ") + " " + (typeof v === "object" ? JSON.stringify(v) : v))
    .join(" · ");
}
