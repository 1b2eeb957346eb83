import { writeWindow } from "../../../core/formats/sensorWindow";
import type { WindowCut } from "../../../core/domain/dataset";
import type { Fault } from "../faults";
import type { SourceEntry } from "../sourceEntry";
import type { Recording } from "./recording";
import {
  brokenReading,
  NO_LABEL,
  noMajority,
  noNumber,
  straddles,
  straddlesAlone,
} from "./sensorFaults";
import { windowOf } from "./windowFile";

/** Readings `from` to `to` (exclusive) of a recording. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `walk.csv:122-221`: the lines of a span, as an editor counts them. */
export function spanName({ path, readings: { lines } }: Recording, { from, to }: Span): string {
  return `${path}:${lines[from]}-${lines[to - 1]}`;
}

/** A span as a file of its own; cut out only when it is read. */
export function spanEntry(recording: Recording, span: Span): SourceEntry {
  const { values } = recording.readings;
  return {
    path: spanName(recording, span),
    sizeBytes: values.length * (span.to - span.from) * 4,
    read: async () => writeWindow(windowOf(values, span.from, span.to)),
  };
}

/** Why a span cannot be a window: a reading in it that is broken or no number. */
export function spanFault({ readings }: Recording, { from, to }: Span): Fault | undefined {
  const { values, broken, lines, channels } = readings;
  for (let reading = from; reading < to; reading++) {
    const reason = broken.size > 0 ? broken.get(reading) : undefined;
    if (reason !== undefined) return brokenReading(`line ${lines[reading]}`, reason);
  }
  for (const [c, channel] of values.entries()) {
    for (let reading = from; reading < to; reading++) {
      if (Number.isFinite(channel[reading])) continue;
      return noNumber(`line ${lines[reading]}`, channels[c]?.name ?? "");
    }
  }
  return undefined;
}

/** Spans of equal length, one every `hop` readings, none across a change of what `breaks` says. */
export function* spansOf(
  count: number,
  { readings, hop }: WindowCut,
  breaks: readonly (readonly string[])[],
): Generator<Span> {
  let start = 0;
  while (start < count) {
    const end = stretchEnd(start, count, breaks);
    for (let from = start; from + readings <= end; from += hop) yield { from, to: from + readings };
    start = end;
  }
}

/** Where the values of all lists next change. */
function stretchEnd(start: number, count: number, lists: readonly (readonly string[])[]): number {
  let end = start + 1;
  while (end < count && lists.every((list) => list[end] === list[start])) end++;
  return end;
}

/** The label of a span, and what is to be said about it. */
export type SpanLabel =
  { readonly label: string; readonly doubt?: Fault } | { readonly fault: Fault };

/**
 * The label that more than half of a span's readings have; readings without one count as well.
 *
 * @param isAlone in a lone recording, where splits are cut at changes of the label, a window over
 *   two labels would be in two splits.
 */
export function labelOf(
  labels: readonly string[],
  { from, to }: Span,
  isAlone: boolean,
): SpanLabel {
  const counts = new Map<string, number>();
  for (let i = from; i < to; i++)
    counts.set(labels[i] ?? "", (counts.get(labels[i] ?? "") ?? 0) + 1);
  const [[label, count] = ["", 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  const share = count / (to - from);
  const names = [...counts.keys()].map((name) => (name === "" ? "none" : `“${name}”`));
  if (share <= 0.5) return { fault: noMajority(names) };
  if (label === "") return { fault: NO_LABEL };
  if (counts.size === 1) return { label };
  return isAlone ? { fault: straddlesAlone(names) } : { label, doubt: straddles(label, share) };
}

/** [count] for each reading the stretch of equal labels it lies in, named by its lines. */
export function stretches(recording: Recording, labels: readonly string[]): string[] {
  const { count } = recording.readings;
  const names = new Array<string>(count);
  for (let start = 0; start < count;) {
    const end = stretchEnd(start, count, [labels]);
    names.fill(spanName(recording, { from: start, to: end }), start, end);
    start = end;
  }
  return names;
}
