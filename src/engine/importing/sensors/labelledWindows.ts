import type { WindowCut } from "../../../core/domain/dataset";
import { WINDOW_READINGS_MIN } from "../../../core/domain/sensor";
import type { Fault } from "../faults";
import type { Cell, MetadataRow, MetadataTable } from "../metadataTable";
import type { SourceEntry } from "../sourceEntry";
import { labelOf, spanEntry, spanFault, spanName, spansOf, stretches } from "./cutWindows";
import type { Recording } from "./recording";
import { tooFewReadings, unevenSteps } from "./sensorFaults";
import { groupColumnOf } from "./sensorTables";

/** Windows of one recording as rows, and a file for each. */
export interface CutRecording {
  /** The column of labels, where they make the captions. */
  readonly caption?: string;
  readonly table: MetadataTable;
  readonly entries: readonly SourceEntry[];
}

/** Columns that rows of windows have besides the words of the recording. */
export const WINDOW_COLUMNS = {
  window: "window",
  recording: "recording",
  stretch: "stretch",
} as const;

const CAPTION =
  /^(captions?|text|descriptions?|annotations?|labels?|activity|activities|gestures?|events?|class|category|target)/i;

/** The column whose words say what happens; undefined: none does. */
export function labelColumnOf(recording: Recording): string | undefined {
  const names = [...recording.readings.words.keys()];
  const others = names.filter((name) => groupColumnOf([name]) === undefined);
  const order = /^(captions?|text|descriptions?)/i;
  return (
    others.find((name) => order.test(name)) ??
    others.find((name) => CAPTION.test(name)) ??
    others[0]
  );
}

interface CutOptions {
  readonly cut: WindowCut;
  /** The only recording there is: its stretches of equal labels are its groups. */
  readonly isAlone: boolean;
}

/**
 * Cuts a recording into windows of equal length; each has the label that most of it has. None lies
 * across a change of subject or recording. Windows that cannot be used are broken rows.
 */
export function cutLabelled(recording: Recording, { cut, isAlone }: CutOptions): CutRecording {
  const { path, readings, rate } = recording;
  const label = labelColumnOf(recording) ?? "";
  const labels = readings.words.get(label) ?? [];
  const owners = [...readings.words].filter(([name]) => groupColumnOf([name]) !== undefined);
  const held = owners.map(([, list]) => list);
  const groups = isAlone && owners.length === 0 ? stretches(recording, labels) : undefined;
  const rows: MetadataRow[] = [];
  const broken: { where: string; fault: Fault }[] = [];
  const flagged: { where: string; fault: Fault }[] = [];
  const entries: SourceEntry[] = [];
  const isTooShort = cut.readings < WINDOW_READINGS_MIN;
  for (const span of spansOf(readings.count, cut, held)) {
    const where = spanName(recording, span);
    const found = labelOf(labels, span, groups !== undefined);
    const fault = isTooShort
      ? tooFewReadings(cut.readings)
      : (spanFault(recording, span) ?? ("fault" in found ? found.fault : undefined));
    if (fault || "fault" in found) {
      if (fault) broken.push({ where, fault });
      continue;
    }
    if (found.doubt) flagged.push({ where, fault: found.doubt });
    entries.push(spanEntry(recording, span));
    const cells: Cell[] = [where, found.label, path, ...held.map((list) => list[span.from] ?? "")];
    rows.push({ where, cells: groups ? [...cells, groups[span.from] ?? ""] : cells });
  }
  if (rate && rate.uneven > 0) {
    flagged.push({
      where: path,
      fault: unevenSteps(rate.uneven, readings.lines[rate.firstUneven] ?? 0),
    });
  }
  const columns = [
    WINDOW_COLUMNS.window,
    label,
    WINDOW_COLUMNS.recording,
    ...owners.map(([name]) => name),
  ];
  return {
    caption: label,
    table: {
      path,
      anywhere: true,
      columns: unique(groups ? [...columns, WINDOW_COLUMNS.stretch] : columns),
      ...{ rows, broken, flagged },
    },
    entries,
  };
}

/** A column of the recording may be called as one of ours. */
function unique(columns: readonly string[]): string[] {
  return columns.map((column, i) => (columns.indexOf(column) < i ? `${column} (column)` : column));
}
