import type { SensorSettings } from "../../../core/domain/importFormat";
import {
  CHANNELS_MAX,
  isSameChannels,
  rateOf,
  WINDOW_READINGS_MIN,
  WINDOW_VALUES_MAX,
  type Rate,
  type SensorChannel,
  type SensorLayout,
} from "../../../core/domain/sensor";
import { decodeElements, ELEMENT_BYTES } from "../../../core/formats/arrayElements";
import { readNpyHeader } from "../../../core/formats/npy";
import { readReadings, type Readings } from "../../../core/formats/readings";
import { AppError } from "../../../core/errors";
import { matrix, type Matrix } from "../../../core/math/matrix";
import { decodeText } from "../decodeText";
import type { Fault } from "../faults";
import {
  brokenReading,
  NO_CHANNELS,
  noNumber,
  notAWindow,
  otherChannels,
  tooFewReadings,
  tooManyChannels,
  tooManyReadings,
} from "./sensorFaults";

/** One window as its file has it. */
export interface WindowFile {
  readonly channels: readonly SensorChannel[];
  /** [channels, readings] */
  readonly window: Matrix;
  readonly rate?: Rate;
  /** [readings] lines of the text they stand on. */
  readonly lines?: Uint32Array;
}

type Axis = NonNullable<SensorSettings["axis"]>;

/**
 * A window from a CSV (rows are moments) or an npy (of [channels, time], either way round).
 *
 * @param axis which side of an array is channels; `auto`: the shorter, or first of equals.
 */
export function readWindowFile(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  axis: Axis = "auto",
): WindowFile | { readonly fault: Fault } {
  try {
    return bytes[0] === 0x93 ? fromArray(bytes, path, axis) : fromText(bytes, path);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!error.code.startsWith("import/")) throw error;
    return { fault: notAWindow(error.detail.replace(`${path}: `, "")) };
  }
}

/** The names of channels that have none: `channel 1`, … */
export function numberedChannels(count: number): SensorChannel[] {
  return Array.from({ length: count }, (_, i) => ({ name: `channel ${i + 1}` }));
}

function fromText(bytes: Uint8Array<ArrayBuffer>, path: string): WindowFile | { fault: Fault } {
  const readings = readReadings(decodeText(bytes).text, path);
  const { channels, values, count, times, lines } = readings;
  if (channels.length === 0) return { fault: NO_CHANNELS };
  const [row, reason] = [...readings.broken][0] ?? [];
  if (row !== undefined && reason !== undefined) {
    return { fault: brokenReading(`line ${lines[row]}`, reason) };
  }
  const window = windowOf(values, 0, count);
  const rate = times && rateOf(times);
  return { channels, window, lines, ...(rate && { rate }) };
}

/** Readings `from` to `to` (exclusive) of channels as one window. */
export function windowOf(values: Readings["values"], from: number, to: number): Matrix {
  const window = matrix(values.length, to - from);
  values.forEach((channel, c) => window.data.set(channel.subarray(from, to), c * (to - from)));
  return window;
}

function fromArray(bytes: Uint8Array<ArrayBuffer>, path: string, axis: Axis): WindowFile {
  const header = readNpyHeader(bytes, bytes.length, path, { integers: true });
  const { shape, offset, type, littleEndian, isFortran } = header;
  const [first = 0, second = 1, ...others] = shape.length === 1 ? [1, ...shape] : shape;
  if (shape.length === 0 || others.length > 0 || first * second === 0) {
    const detail = `${path}: shape [${shape.join(", ")}] is not [channels, time]`;
    throw new AppError("import/embeddings", detail);
  }
  const size = first * second * ELEMENT_BYTES[type];
  const data = decodeElements(bytes.subarray(offset, offset + size), type, littleEndian);
  // Columns one after the other are the rows of the array turned round.
  const stored = isFortran ? matrix(second, first, data) : matrix(first, second, data);
  const isTurned = shape.length > 1 && isTimeFirst(first, second, axis);
  const window = isTurned === isFortran ? stored : turned(stored);
  return { channels: numberedChannels(window.rows), window };
}

/** Whether an array of two sides has time on the first. */
export function isTimeFirst(first: number, second: number, axis: Axis): boolean {
  return axis === "auto" ? first > second : axis === "time-first";
}

/** Rows become columns. */
export function turned({ data, rows, cols }: Matrix): Matrix {
  const out = matrix(cols, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out.data[j * rows + i] = data[i * cols + j] ?? NaN;
  }
  return out;
}

/**
 * The window with the channels of the others, in their order.
 *
 * @returns a fault for other channels, too few or many readings, and readings that are no numbers.
 */
export function fitWindow(
  { channels, window, lines }: WindowFile,
  layout: SensorLayout,
): Matrix | { readonly fault: Fault } {
  const { rows, cols } = window;
  if (rows > CHANNELS_MAX) return { fault: tooManyChannels(rows) };
  const order = orderOf(channels, layout.channels);
  if (!order) return { fault: otherChannels(channels, layout.channels) };
  if (cols < WINDOW_READINGS_MIN) return { fault: tooFewReadings(cols) };
  if (rows * cols > WINDOW_VALUES_MAX) return { fault: tooManyReadings(rows, cols) };
  const place = window.data.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) {
    const reading = place % cols;
    const where = lines ? `line ${lines[reading]}` : `reading ${reading + 1}`;
    return { fault: noNumber(where, channels[Math.floor(place / cols)]?.name ?? "") };
  }
  if (order.every((from, to) => from === to)) return window;
  const out = matrix(rows, cols);
  order.forEach((from, to) => {
    out.data.set(window.data.subarray(from * cols, (from + 1) * cols), to * cols);
  });
  return out;
}

/** Which channel of a window stands where; by name where both have names, else by place. */
function orderOf(
  found: readonly SensorChannel[],
  wanted: readonly SensorChannel[],
): number[] | undefined {
  if (found.length !== wanted.length) return undefined;
  const places = found.map((_, i) => i);
  if (isSameChannels(found, wanted) || isNumbered(found) || isNumbered(wanted)) return places;
  const order = wanted.map(({ name }) => found.findIndex((channel) => channel.name === name));
  return order.every((place) => place >= 0) && new Set(order).size === order.length
    ? order
    : undefined;
}

const isNumbered = (channels: readonly SensorChannel[]) =>
  channels.every(({ name }, i) => name === `channel ${i + 1}`);
