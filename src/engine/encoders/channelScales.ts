import { row, type Matrix } from "../../core/math/matrix";

/** Mean and standard deviation of each channel over all readings of all windows. */
export interface ChannelScales {
  /** [channels] */
  readonly mean: readonly number[];
  /** [channels], 1 where a channel never changes, so that it becomes zeros and not NaN. */
  readonly std: readonly number[];
}

/** Below this share of its size, what a channel changes by is rounding of float32 and no signal. */
const ROUNDING = 1e-6;

/**
 * Scales of windows, in two passes in float64, so that a large offset costs no digits.
 *
 * @param windows [channels, readings] each, of finite readings.
 */
export function channelScales(windows: readonly Matrix[], channels: number): ChannelScales {
  const readings = windows.reduce((sum, { cols }) => sum + cols, 0);
  const over = (channel: number, of: (value: number) => number) =>
    windows.reduce(
      (total, window) => row(window, channel).reduce((sum, value) => sum + of(value), total),
      0,
    ) / readings;
  const all = Array.from({ length: channels }, (_, channel) => channel);
  const mean = all.map((channel) => over(channel, (value) => value));
  const std = all.map((channel) => {
    const centre = mean[channel] ?? 0;
    const deviation = Math.sqrt(over(channel, (value) => (value - centre) ** 2));
    return deviation > ROUNDING * Math.abs(centre) && deviation > 0 ? deviation : 1;
  });
  return { mean, std };
}
