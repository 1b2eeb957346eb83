/**
 * One channel of several: their plain mean, the bass channel of 5.1 like any other. Opposite phases
 * cancel out, as they do in every mono loudspeaker.
 *
 * @param channels each of the same length; at least one.
 */
export function mixDown(channels: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  const [first = new Float32Array(0), ...others] = channels;
  if (others.length === 0) return first;
  return first.map((value, i) => {
    let sum = value;
    for (const channel of others) sum += channel[i]!;
    return sum / channels.length;
  });
}
