import type { AudioAxis } from "../domain/audioPreprocessing";

/** What a network is fed for a clip as a small picture. */
export interface FeatureStrip {
  /** Bands, the lowest first; 1 for samples. */
  readonly rows: number;
  readonly cols: number;
  /**
   * [rows, cols] in 0 to 1. Bands: from the lowest value of all to the highest. Samples: the loudest
   * of each stretch, 1 at full scale of the clip.
   */
  readonly values: Float32Array<ArrayBuffer>;
  /** Of what the network is fed. */
  readonly lowest: number;
  readonly highest: number;
}

/** Columns of a strip, at most: more than a small picture has pixels for. */
const COLUMNS = 240;

/**
 * A picture of a clip's features over time, whatever the order of their axes.
 *
 * @param dims sizes along `axes`.
 */
export function featureStrip(
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
  axes: readonly AudioAxis[],
): FeatureStrip {
  const size = (axis: AudioAxis) => dims[axes.indexOf(axis)] ?? 1;
  const time = size("time");
  const rows = axes.includes("bands") ? size("bands") : 1;
  const bandsFirst = axes.indexOf("bands") < axes.indexOf("time");
  const at = (band: number, t: number) => data[bandsFirst ? band * time + t : t * rows + band] ?? 0;
  const cols = Math.min(COLUMNS, time);
  const values = new Float32Array(rows * cols);
  const isWave = !axes.includes("bands");
  for (let band = 0; band < rows; band++) {
    for (let col = 0; col < cols; col++) {
      const start = Math.floor((col * time) / cols);
      const end = Math.max(start + 1, Math.floor(((col + 1) * time) / cols));
      let value = 0;
      for (let t = start; t < end; t++) {
        value = isWave ? Math.max(value, Math.abs(at(0, t))) : value + at(band, t) / (end - start);
      }
      values[band * cols + col] = value;
    }
  }
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of data) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return { rows, cols, values: scaled(values, isWave), lowest, highest };
}

/** To 0 to 1; all zeros where nothing differs. */
function scaled(values: Float32Array<ArrayBuffer>, isWave: boolean): Float32Array<ArrayBuffer> {
  let [low, high] = isWave ? [0, 0] : [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0));
}
