// Values as people read them.
export const number = new Intl.NumberFormat("en").format;
const CLOCK = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit", second: "2-digit"});

export function ms(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value > 0 && value < 1) return value.toFixed(2) + " ms";
  if (value < 1000) return Math.round(value) + " ms";
  if (value < 60_000) return (value / 1000).toFixed(value < 10_000 ? 2 : 1) + " s";
  if (value < 3_600_000) return Math.floor(value / 60_000) + " min " + Math.round((value % 60_000) / 1000) + " s";
  return Math.floor(value / 3_600_000) + " h " + Math.round((value % 3_600_000) / 60_000) + " min";
}

export function bytes(value) {
  if (value === null || value === undefined) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  while (value >= 1024 && i < units.length - 1) {
    value /= 1024;
    i++;
  }
  return (i && value < 100 ? value.toFixed(1) : Math.round(value)) + " " + units[i];
}

export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (seconds < 60) return Math.floor(seconds) + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86_400) return Math.floor(seconds / 3600) + " h ago";
  return new Date(time).toLocaleDateString();
}

/** Minutes and seconds left: 4:05. */
export function left(time, now = Date.now()) {
  const seconds = Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
  return seconds < 60 ? seconds + " s" : Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}

export const clock = (time, fine = true) => CLOCK.format(new Date(time)) + (fine ? "." + String(new Date(time).getMilliseconds()).padStart(3, "0") : "");
export const plural = (n, one, many = one + "s") => number(n) + " " + (n === 1 ? one : many);
export const modelOfRun = run => run.slice(0, run.lastIndexOf("#"));
