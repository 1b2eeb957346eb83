import type { SensorSettings } from "../../../core/domain/importFormat";
import type { SensorLayout } from "../../../core/domain/sensor";
import { WINDOW_TYPE, writeWindow } from "../../../core/formats/sensorWindow";
import type { Fault } from "../faults";
import { unevenSteps } from "./sensorFaults";
import { fitWindow, readWindowFile } from "./windowFile";

/** What windows of an import must be like. */
export interface WindowRules {
  readonly layout: SensorLayout;
  readonly axis: SensorSettings["axis"];
}

/** A window as it will be stored: npy [channels, readings] of float32, however it came. */
export interface CheckedWindow {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly facts: { readonly durationMs?: number };
  /** Used all the same. */
  readonly doubt?: Fault;
}

/** Reads a window file and brings it into the form of all windows; what it cannot be is a fault. */
export function checkWindow(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
  { layout, axis }: WindowRules,
): CheckedWindow | { readonly fault: Fault } {
  const file = readWindowFile(bytes, path, axis);
  if ("fault" in file) return file;
  const window = fitWindow(file, layout);
  if ("fault" in window) return window;
  const { rate, lines } = file;
  const hz = rate?.hz ?? layout.rateHz;
  const facts = hz === undefined ? {} : { durationMs: Math.round((1000 * window.cols) / hz) };
  const doubt =
    rate && rate.uneven > 0 ? unevenSteps(rate.uneven, lines?.[rate.firstUneven] ?? 0) : undefined;
  return { bytes: writeWindow(window), type: WINDOW_TYPE, facts, ...(doubt && { doubt }) };
}
