/** Maps a data range onto pixels. */
export interface LinearScale {
  readonly domain: readonly [number, number];
  readonly toPixel: (value: number) => number;
}

/** Straight-line map of `domain` onto `range`; a domain without extent maps to the middle. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): LinearScale {
  const extent = domain[1] - domain[0];
  const share = (value: number) => (extent === 0 ? 0.5 : (value - domain[0]) / extent);
  return { domain, toPixel: (value) => range[0] + share(value) * (range[1] - range[0]) };
}

/**
 * Round values that span [min, max] in about `count` steps of 1, 2 or 5 times a power of ten.
 * The first is at most `min`, the last at least `max`.
 *
 * @param smallest least step; 1 for counts.
 */
export function roundTicks(min: number, max: number, count: number, smallest = 0): number[] {
  const extent = max - min || Math.abs(max) || 1;
  const rough = extent / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((step) => step * power >= rough * (1 - 1e-9)) ?? 10;
  const step = Math.max(factor * power, smallest);
  const first = Math.floor(min / step + 1e-9);
  const last = Math.max(Math.ceil(max / step - 1e-9), first + 1);
  // Divided rather than multiplied where the step is a fraction: 3 / 10 is 0.3, 3 * 0.1 is not.
  const value = (i: number) => (step < 1 ? i / Math.round(1 / step) : i * step);
  return Array.from({ length: last - first + 1 }, (_, i) => value(first + i));
}

/** Three decimals are below a pixel on every screen and keep the marks comparable as text. */
export function rounded(pixel: number): number {
  return Math.round(pixel * 1000) / 1000;
}
