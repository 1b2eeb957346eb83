import { rng, seedFrom } from "../../src/core/math/rng";
import { FLOAT, floats, ints, node, onnxModel, value } from "./writeOnnx";

/** Bands the tiny sound network takes, and the width it gives. */
export const TINY_SOUND = { bands: 32, width: 12 } as const;

interface SoundOptions {
  /** A network that must be refused when it is checked. */
  readonly fault?: "constant" | "nan";
}

/**
 * A network of sounds as convolutional ones come: `mel` [N, 1, 32, time] → `hidden` [N, 12, time], a
 * matrix times every moment, and `embedding` [N, 12], its mean over time.
 */
export function tinySoundModel({ fault }: SoundOptions = {}): Uint8Array<ArrayBuffer> {
  const { bands, width } = TINY_SOUND;
  const random = rng(seedFrom("sound"));
  const data = Float32Array.from({ length: width * bands }, () =>
    fault === "constant" ? 0 : random() - 0.5,
  );
  const mean = (axis: number) => [ints("axes", [axis]), ints("keepdims", 0)];
  return onnxModel({
    nodes: [
      node("ReduceMean", [["mel"], ["bands"]], mean(1)),
      node("MatMul", [["W", "bands"], ["mixed"]]),
      node("Abs", [["mixed"], ["loud"]]),
      node("Neg", [["loud"], ["minus"]]),
      fault === "nan"
        ? node("Sqrt", [["minus"], ["hidden"]])
        : node("Identity", [["loud"], ["hidden"]]),
      node("ReduceMean", [["hidden"], ["embedding"]], mean(2)),
    ],
    weights: [floats("W", { shape: [width, bands], data })],
    inputs: [value("mel", FLOAT, ["batch", 1, bands, "time"])],
    outputs: [
      value("hidden", FLOAT, ["batch", width, "time"]),
      value("embedding", FLOAT, ["batch", width]),
    ],
  });
}
