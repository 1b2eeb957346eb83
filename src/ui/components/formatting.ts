const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `3,246`. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Decimal bytes with two significant places below ten: `0 B`, `4.9 MB`, `148 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Two units at most: `85 ms`, `12 s`, `4 min`, `1 h 05 min`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 89.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A share in [0, 1] as `69.4 %`; `n/a` when it is not a number. */
export function formatPercent(value: number, digits = 1): string {
  return Number.isFinite(value) ? `${(value * 100).toFixed(digits)} %` : "n/a";
}

/** `41 images/s`, `3.2 steps/s`, or per minute below one in two seconds: `12 images/min`. */
export function formatRate(perSecond: number, unit: string): string {
  if (perSecond < 0.5)
    return `${(perSecond * 60).toFixed(perSecond * 60 < 9.95 ? 1 : 0)} ${unit}/min`;
  if (unit === "bytes") return `${formatBytes(perSecond)}/s`;
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : WHOLE.format(perSecond)} ${unit}/s`;
}

/** `1 image`, `3,246 images`. */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `21 Nov 2026, 13:07` in the visitor's time zone. */
export function formatDate(time: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(time);
}

const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const AGES = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** `3 days ago`, `yesterday`, `5 minutes ago`; below a minute `just now`. */
export function formatAge(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const [unit, length] = AGES.find(([, each]) => seconds >= each) ?? [];
  return unit === undefined ? "just now" : AGO.format(-Math.floor(seconds / length), unit);
}
