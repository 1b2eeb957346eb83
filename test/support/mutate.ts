import { rng } from "../../src/core/math/rng";

/** Damaged copies of a file: bytes changed, cut off, doubled or dropped. The same for a seed. */
export function* mutated(
  file: Uint8Array,
  copies: number,
  seed = 1,
): Generator<Uint8Array<ArrayBuffer>> {
  const random = rng(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  for (let copy = 0; copy < copies; copy++) {
    const bytes = [...file];
    for (let change = 0; change <= below(4); change++) {
      const at = below(bytes.length);
      switch (below(5)) {
        case 0:
          bytes[at] = below(256);
          break;
        case 1:
          bytes.splice(at, 1);
          break;
        case 2:
          bytes.splice(at, 0, below(256));
          break;
        case 3:
          bytes.length = Math.max(1, at);
          break;
        default:
          // Digits stay digits, so that sizes change and the header stays readable.
          bytes[at] = /\d/.test(String.fromCharCode(bytes[at]!)) ? 48 + below(10) : bytes[at]! ^ 1;
      }
    }
    yield Uint8Array.from(bytes);
  }
}
