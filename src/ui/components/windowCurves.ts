import { row, type Matrix } from "../../core/math/matrix";

/** One channel of a window, ready to be drawn. */
export interface WindowCurve {
  /** Points of a polyline in a box of `width` × `height`, `x,y x,y …`. */
  readonly points: string;
  readonly lowest: number;
  readonly highest: number;
}

/** What a window is drawn into. */
export interface CurveBox {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 1; // half of a line's width, so that peaks are not cut off

/**
 * A curve per channel, each at its own scale: the lowest reading at the bottom, the highest at the
 * top. Where there are more readings than pixels each pixel keeps its lowest and its highest, so
 * that no spike is lost. A channel that never changes is a line in the middle.
 *
 * @param window [channels, readings], of finite readings.
 */
export function windowCurves(window: Matrix, box: CurveBox): WindowCurve[] {
  return Array.from({ length: window.rows }, (_, channel) => curveOf(row(window, channel), box));
}

function curveOf(readings: Float32Array, { width, height }: CurveBox): WindowCurve {
  const lowest = readings.reduce((least, value) => Math.min(least, value), Infinity);
  const highest = readings.reduce((most, value) => Math.max(most, value), -Infinity);
  const span = highest - lowest;
  const inner = height - 2 * MARGIN;
  const yOf = (value: number) =>
    span > 0 ? MARGIN + inner * (1 - (value - lowest) / span) : height / 2;
  const xOf = (at: number) => (readings.length > 1 ? (at * width) / (readings.length - 1) : 0);
  const points = kept(readings, width).map((at) => {
    return `${xOf(at).toFixed(1)},${yOf(readings[at] ?? 0).toFixed(1)}`;
  });
  return { points: points.join(" "), lowest, highest };
}

/** Readings worth drawing: all of them, or of each pixel the lowest and the highest, in order. */
function kept(readings: Float32Array, width: number): number[] {
  if (readings.length <= 2 * width) return [...readings.keys()];
  const places: number[] = [];
  for (let pixel = 0; pixel < width; pixel++) {
    const start = Math.floor((pixel * readings.length) / width);
    const end = Math.floor(((pixel + 1) * readings.length) / width);
    let low = start;
    let high = start;
    for (let at = start; at < end; at++) {
      if ((readings[at] ?? 0) < (readings[low] ?? 0)) low = at;
      if ((readings[at] ?? 0) > (readings[high] ?? 0)) high = at;
    }
    places.push(Math.min(low, high));
    if (low !== high) places.push(Math.max(low, high));
  }
  return places;
}
