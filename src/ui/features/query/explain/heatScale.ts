/** matplotlib's viridis at eleven places: even steps look even, in grey and to colour-blind eyes. */
const STOPS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

type Colour = readonly [red: number, green: number, blue: number];

/** The colour of a share in [0, 1], low dark and high light. Source: viridis, van der Walt and Smith 2015, CC0. */
export function heatColour(share: number): Colour {
  const place = Math.min(Math.max(share, 0), 1) * (STOPS.length - 1);
  const from = Math.min(Math.floor(place), STOPS.length - 2);
  const [low, high] = [STOPS[from]!, STOPS[from + 1]!];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (place - from) * (high[channel] - low[channel]));
  return [mix(0), mix(1), mix(2)];
}

/** Pixels of a map, [rows × cols] RGBA, opaque. One value everywhere is the middle of the scale. */
export function heatPixels(values: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  const { low, high } = extentOf(values);
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const share = high > low ? (values[i]! - low) / (high - low) : 0.5;
    pixels.set([...heatColour(share), 255], i * 4);
  }
  return pixels;
}

/** The whole scale as a CSS background, low at the left. */
export const HEAT_GRADIENT = `linear-gradient(to right, ${STOPS.map(
  (colour) => `rgb(${colour.join(" ")})`,
).join(", ")})`;

/** Lowest and highest of some values. */
export function extentOf(values: ArrayLike<number>): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}
