import {
  CHANNELS_MAX,
  channelWords,
  WINDOW_READINGS_MIN,
  WINDOW_VALUES_MAX,
  type SensorChannel,
} from "../../../core/domain/sensor";
import { count, type Fault } from "../faults";

/** A window file that holds no numbers over time. */
export const NO_CHANNELS: Fault = {
  topic: "no channels",
  reason: "no column of numbers besides the time",
  remedy: "Write one column per channel, with a name in the first row.",
};

/** Neither CSV nor npy, or an npy of another shape. */
export const notAWindow = (reason: string): Fault => ({
  topic: "not a window",
  reason,
  remedy: "Save it as CSV with one row per moment, or as npy of shape [channels, time].",
});

export const otherChannels = (
  found: readonly SensorChannel[],
  wanted: readonly SensorChannel[],
): Fault => ({
  topic: "other channels",
  reason: `${count(found.length, "channel")} (${channelWords(found)}) where most windows have ${wanted.length} (${channelWords(wanted)})`,
  remedy: "Record or export it with the channels of the other windows, or import it by itself.",
});

/** @param where the reading: `line 17` of a text, `reading 17` of an array. */
export const noNumber = (where: string, channel: string): Fault => ({
  topic: "reading without a number",
  reason: `${where}: ${channel} is empty or no finite number`,
  remedy: "Fill in the reading, or leave the window out.",
});

/** A row of readings that is not as wide as the others. */
export const brokenReading = (where: string, reason: string): Fault => ({
  topic: "row of another width",
  reason: `${where}: ${reason}`,
  remedy: "Correct the row; every row needs one field per column.",
});

export const tooFewReadings = (readings: number): Fault => ({
  topic: "too few readings",
  reason: `${count(readings, "reading")}, fewer than the ${WINDOW_READINGS_MIN} a window needs`,
  remedy: "Record for longer, or take longer windows.",
});

export const tooManyReadings = (channels: number, readings: number): Fault => ({
  topic: "too many readings",
  reason: `${count(channels, "channel")} × ${count(readings, "reading")} are more than ${WINDOW_VALUES_MAX.toLocaleString("en")} numbers`,
  remedy: "Cut it into shorter windows, or take fewer readings per second.",
});

export const tooManyChannels = (channels: number): Fault => ({
  topic: "too many channels",
  reason: `${count(channels, "channel")}, more than ${CHANNELS_MAX}`,
  remedy: "Leave out channels, or divide them over two projects.",
});

/** Flag: steps of time that differ from the usual one. */
export const unevenSteps = (steps: number, line: number): Fault => ({
  topic: "uneven steps of time",
  reason: `${count(steps, "step")} of time off by more than 5 %, the first at line ${line}; readings are taken as evenly spaced`,
  remedy: "Nothing to do if the sensor only jitters; fill gaps, or cut the recording at them.",
});

/** Flag: a window with more than one label goes with the one that has more than half of it. */
export const straddles = (label: string, share: number): Fault => ({
  topic: "window over two labels",
  reason: `the label changes inside; “${label}” has ${Math.round(100 * share)} % of it and is used`,
  remedy: "Nothing to do, or take shorter windows.",
});

/** A window that goes with no label. */
export const noMajority = (labels: readonly string[]): Fault => ({
  topic: "window over several labels",
  reason: `no label has more than half of it (${labels.join(", ")})`,
  remedy: "Take shorter windows, so that each lies within one label.",
});

/** In a lone recording windows over a change of label would be in two splits at once. */
export const straddlesAlone = (labels: readonly string[]): Fault => ({
  topic: "window over two labels",
  reason: `the label changes inside (${labels.join(", ")}), and with one recording splits are cut there`,
  remedy: "Nothing to do, or take shorter windows.",
});

export const NO_LABEL: Fault = {
  topic: "window without a label",
  reason: "most of it has no label",
  remedy: "Label these readings, or leave the window out.",
};

/** A row of a table of events. */
export const badEvent = (reason: string): Fault => ({
  topic: "event outside its recording",
  reason,
  remedy: "Give start and end in the recording’s own time, within the recording.",
});

export const noRecording = (name: string, known: readonly string[]): Fault => ({
  topic: "event of an unknown recording",
  reason:
    name === ""
      ? `names no recording, and there are ${known.length}`
      : `no recording “${name}” among ${known.slice(0, 5).join(", ")}`,
  remedy: "Write the recording’s file name in the column recording.",
});
