// Lines that differ between two texts, with some around them (the longest common subsequence, by Myers).
const AROUND = 3;

export function diff(before, after) {
  const a = before.split("\n"),
    b = after.split("\n");
  const max = a.length + b.length;
  let v = new Map([[1, 0]]);
  const trace = [];
  search: for (let d = 0; d <= max; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? (v.get(k + 1) ?? 0) : (v.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      v.set(k, x);
      if (x >= a.length && y >= b.length) break search;
    }
  }
  const lines = [];
  let x = a.length,
    y = b.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const seen = trace[d],
      k = x - y;
    const from = k === -d || (k !== d && (seen.get(k - 1) ?? -1) < (seen.get(k + 1) ?? -1)) ? k + 1 : k - 1;
    const px = seen.get(from) ?? 0,
      py = px - from;
    while (x > px && y > py && x > 0 && y > 0) {
      lines.unshift([" ", a[--x]]);
      y--;
    }
    if (d > 0) lines.unshift(x === px ? ["+", b[--y]] : ["-", a[--x]]);
  }
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(([kind]) => kind !== " "));
  return lines.map((l, i) => (near[i] ? l : i && near[i - 1] ? ["…", ""] : null)).filter(Boolean);
}
