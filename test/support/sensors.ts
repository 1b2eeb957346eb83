import { rng } from "../../src/core/math/rng";
import { matrix, type Matrix } from "../../src/core/math/matrix";

/** What each synthetic gesture moves, how fast and which way. */
export const GESTURES = [
  { text: "raise the left arm quickly", channel: 0, turns: 1, sign: 1 },
  { text: "lower the left arm quickly", channel: 0, turns: 1, sign: -1 },
  { text: "shake the right hand", channel: 1, turns: 8, sign: 1 },
  { text: "wave the right hand slowly", channel: 1, turns: 3, sign: 1 },
  { text: "walk straight ahead", channel: 2, turns: 5, sign: 1 },
  { text: "stand still", channel: 2, turns: 0, sign: 1 },
] as const;

const READINGS = 64;

/** One window [3, 64] of a gesture, m/s²: its motion in one channel, noise and gravity in all. */
export function gestureWindow(gesture: number, seed: number): Matrix {
  const random = rng(seed * 97 + gesture);
  const { channel, turns, sign } = GESTURES[gesture % GESTURES.length] ?? GESTURES[0];
  const window = matrix(3, READINGS);
  const phase = 0.4 * random();
  const size = 2 + random();
  for (let c = 0; c < 3; c++) {
    for (let t = 0; t < READINGS; t++) {
      const motion =
        turns === 0 ? 0 : sign * size * Math.sin(phase + (2 * Math.PI * turns * t) / READINGS);
      const shape = turns === 1 ? motion * (1 - t / READINGS) : motion;
      window.data[c * READINGS + t] =
        (c === channel ? shape : 0) + (c === 2 ? 9.81 : 0) + 0.5 * (random() - 0.5);
    }
  }
  return window;
}

/** A window as a CSV with a time column, rows are moments. */
export function windowCsv(
  window: Matrix,
  { header = ["time", "ax [m/s²]", "ay [m/s²]", "az [m/s²]"], rateHz = 50, delimiter = "," } = {},
): string {
  const rows = Array.from({ length: window.cols }, (_, t) => {
    const values = Array.from({ length: window.rows }, (_value, c) => {
      return (window.data[c * window.cols + t] ?? 0).toFixed(5);
    });
    return [(t / rateHz).toFixed(3), ...values].join(delimiter);
  });
  return [header.join(delimiter), ...rows, ""].join("\n");
}

/** Files of windows with their metadata.csv: gestures × `each`, several recordings of each. */
export function gestureFiles(
  each: number,
  captionOf = (gesture: number) => gesture,
): Record<string, string> {
  const files: Record<string, string> = {};
  const rows: string[] = [];
  GESTURES.forEach((_, gesture) => {
    for (let k = 0; k < each; k++) {
      const name = `windows/${gesture}-${k}.csv`;
      files[name] = windowCsv(gestureWindow(gesture, k));
      rows.push(`${name},${GESTURES[captionOf(gesture)]?.text ?? ""},person ${k % 10}`);
    }
  });
  return { "metadata.csv": ["file_name,text,subject", ...rows, ""].join("\n"), ...files };
}
