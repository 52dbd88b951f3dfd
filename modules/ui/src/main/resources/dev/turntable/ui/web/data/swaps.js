// A swap's phases, read off its timeline, so that one that failed or still runs shows them too. One word a phase, everywhere:
// wait (its turn), drain (requests there end), stop (the evicted go), start (until ready), first (until the first byte).
export const PHASES = [
  ["wait", "wait"],
  ["drain", "drain"],
  ["stop", "stop"],
  ["start", "start"],
  ["first", "first byte"],
];

/** [{kind, from, to}] in milliseconds after it was asked for. */
export function phases(s, now = Date.now()) {
  const first = name => s.timeline.find(t => t.step === name)?.ms;
  const running = s.outcome === "running";
  const end = first("ready") ?? first("ended") ?? (running ? now - Date.parse(s.asked) : (s.timeline.at(-1)?.ms ?? 0));
  const begun = first("begun") ?? 0;
  const start = Math.min(first("start_ordered") ?? end, end);
  const stop = Math.min(first("stop_ordered") ?? start, start);
  const failed = s.outcome === "failed" || s.outcome === "cancelled" || s.outcome === "interrupted";
  return [
    {kind: "wait", from: 0, to: begun},
    {kind: "drain", from: begun, to: stop},
    {kind: "stop", from: stop, to: start},
    {kind: "start", from: start, to: end},
    {kind: "first", from: end, to: failed ? end : (first("first_byte") ?? end)},
  ].filter(p => p.to - p.from > 0.0005);
}

export const totalOf = s => phases(s).at(-1)?.to ?? 0;
