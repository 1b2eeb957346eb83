/** Maps a data range onto pixels. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly toPixel: (value: number) => number;
}

/** Straight-line map of `domain` onto `range`; a domain without extent maps to the middle. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const extent = domain[1] - domain[0];
  const share = (value: number) => (extent === 0 ? 0.5 : (value - domain[0]) / extent);
  return { domain, toPixel: (value) => range[0] + share(value) * (range[1] - range[0]) };
}

/**
 * Map of `domain` onto `range` by the logarithm. Values at or below 0 have no place: NaN.
 *
 * @param domain both ends above 0.
 */
export function logScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const { toPixel } = linearScale([Math.log(domain[0]), Math.log(domain[1])], range);
  return { domain, toPixel: (value) => (value > 0 ? toPixel(Math.log(value)) : NaN) };
}

/**
 * Values for a logarithmic axis: 1, 2 and 5 times powers of ten where there is room for them, else
 * powers of ten, else every so many of them. The first is at most `min`, the last at least `max`.
 *
 * @param min above 0.
 * @param count about how many.
 */
export function logTicks(min: number, max: number, count: number): number[] {
  const low = Math.floor(Math.log10(min) + 1e-9);
  const high = Math.max(Math.ceil(Math.log10(max) - 1e-9), low + 1);
  const decades = high - low;
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const factors = decades * 3 <= count * 1.5 ? [1, 2, 5] : [1];
  const values = [];
  for (let power = low; power < high + every; power += every) {
    // A negative power divides: 10 ** -3 is not the nearest number to 0.001.
    for (const factor of factors)
      values.push(power < 0 ? factor / 10 ** -power : factor * 10 ** power);
  }
  const first = Math.max(
    0,
    values.findLastIndex((value) => value <= min * (1 + 1e-9)),
  );
  const last = values.findIndex((value) => value >= max * (1 - 1e-9));
  return values.slice(first, Math.max(last, first + 1) + 1);
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
