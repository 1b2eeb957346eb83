/** One row of a window: what it measures and in which unit, as the data say it. */
export interface SensorChannel {
  readonly name: string;
  /** `m/s²`; absent where nothing says it. */
  readonly unit?: string;
}

/** What every window of a project has in common. */
export interface SensorLayout {
  /** In the order of the rows of a window. */
  readonly channels: readonly SensorChannel[];
  /** Readings per second; absent where no time tells. */
  readonly rateHz?: number;
}

/** The kernels that encode windows are 9 readings long and spread over more: fewer say nothing. */
export const WINDOW_READINGS_MIN = 16;

/** Channels a window may have: what the encoder of windows is made for. */
export const CHANNELS_MAX = 64;

/** Readings of a window over all channels: 4 MB of float32. */
export const WINDOW_VALUES_MAX = 2 ** 20;

const UNIT = /^(.*\S)\s*(?:\[([^\]]*)\]|\(([^)]*)\))$/;

/** A channel by its column's header: `ax [m/s²]` and `ax (g)` name a unit. */
export function channelOf(header: string): SensorChannel {
  const [, name, squared, round] = UNIT.exec(header.trim()) ?? [];
  const unit = (squared ?? round ?? "").trim();
  return name === undefined || unit === "" ? { name: header.trim() } : { name: name.trim(), unit };
}

/** `ax (g), ay (g), az`: channels as a list in words. */
export function channelWords(channels: readonly SensorChannel[]): string {
  return channels
    .map(({ name, unit }) => (unit === undefined ? name : `${name} (${unit})`))
    .join(", ");
}

/** Whether two layouts have the same channels in the same order, whatever their units say. */
export function isSameChannels(a: readonly SensorChannel[], b: readonly SensorChannel[]): boolean {
  return a.length === b.length && a.every(({ name }, i) => name === b[i]?.name);
}

const TIME_NAME =
  /^(t|time|times|timestamp|time_?stamp|datetime|date_?time|seconds|elapsed|uptime|sec|ms|millis|nanos|timestamp_?(s|ms|us|ns)|time_?(s|sec|ms|us|ns)|seconds_elapsed|elapsed_?(s|ms))$/;

/** True of names that columns of times usually have: `time`, `timestamp [ms]`, `t_ms`. */
export function isTimeName(header: string): boolean {
  const { name } = channelOf(header);
  return TIME_NAME.test(name.toLowerCase().replaceAll(/[\s-]+/g, "_"));
}

/** Seconds per step of a time column. */
export interface TimeUnit {
  readonly seconds: number;
  /** `seconds`, `milliseconds`, … */
  readonly words: string;
  /** Neither name nor unit says it. */
  readonly isAssumed: boolean;
}

const UNITS = {
  s: { seconds: 1, words: "seconds" },
  ms: { seconds: 1e-3, words: "milliseconds" },
  us: { seconds: 1e-6, words: "microseconds" },
  ns: { seconds: 1e-9, words: "nanoseconds" },
} as const;

/** An epoch time in seconds has 10 digits; three more for each smaller unit. */
const EPOCH = [
  [1e17, "ns"],
  [1e14, "us"],
  [1e11, "ms"],
] as const;

/**
 * What a time column counts in: its unit, else the ending of its name (`time_ms`), else the size of
 * its first value where that can only be a time since 1970, else seconds.
 */
export function timeUnitOf(header: string, first: number): TimeUnit {
  const { name, unit = "" } = channelOf(header);
  const said = [unit, name].map(unitNamed).find((found) => found !== undefined);
  if (said) return { ...UNITS[said], isAssumed: false };
  const epoch = EPOCH.find(([least]) => Math.abs(first) >= least)?.[1];
  return { ...UNITS[epoch ?? "s"], isAssumed: true };
}

function unitNamed(text: string): keyof typeof UNITS | undefined {
  const word =
    text
      .toLowerCase()
      .replaceAll(/[µμ]/g, "u")
      .split(/[\s_-]+/)
      .at(-1) ?? "";
  if (/^(s|secs?|seconds?)$/.test(word)) return "s";
  if (/^(ms|msecs?|millis|milliseconds?)$/.test(word)) return "ms";
  if (/^(us|usecs?|micros|microseconds?)$/.test(word)) return "us";
  return /^(ns|nanos|nanoseconds?)$/.test(word) ? "ns" : undefined;
}

/** Steps that differ by more than this share of the usual one make a rate uneven. */
const UNEVEN_SHARE = 0.05;

/** How evenly readings follow each other. */
export interface Rate {
  readonly hz: number;
  /** Steps that are off by more than 5 % of the usual one. */
  readonly uneven: number;
  /** The first of them, as the reading it leads to, from 0. */
  readonly firstUneven: number;
}

/**
 * Readings per second by the median step, which a few gaps do not move.
 *
 * @param seconds times of the readings, in order.
 * @returns undefined below two readings, or where time does not go on.
 */
export function rateOf(seconds: Float64Array): Rate | undefined {
  if (seconds.length < 2) return undefined;
  const steps = Float64Array.from({ length: seconds.length - 1 }, (_, i) => {
    return (seconds[i + 1] ?? NaN) - (seconds[i] ?? NaN);
  });
  const usual = steps.toSorted()[steps.length >> 1] ?? NaN;
  if (!(usual > 0)) return undefined;
  const isUneven = (step: number) => !(Math.abs(step - usual) <= UNEVEN_SHARE * usual);
  const uneven = steps.reduce((sum, step) => sum + Number(isUneven(step)), 0);
  // 100 Hz written in milliseconds gives 99.99999; nobody means that.
  const hz = Number((1 / usual).toPrecision(6));
  return { hz, uneven, firstUneven: uneven > 0 ? steps.findIndex(isUneven) + 1 : -1 };
}
