import { BETA1, BETA2, EPSILON } from "../adamW";
import {
  assemble,
  defineFunction,
  f32,
  f32x4,
  FLOAT_BYTES,
  i32,
  seq,
  whileLoop,
  type Code,
} from "./assembler";

/** The exports of the module that `adamWModule` writes. */
export interface AdamWExports {
  /**
   * One AdamW update in place of `count` floats at four addresses, all arithmetic in float32.
   *
   * @param gradientScale 1, or what clipping asks for.
   * @param step          learning rate / (1 − β1ⁿ).
   * @param correction    1 / √(1 − β2ⁿ).
   * @param keep          1 − learning rate · decay.
   */
  update(
    weights: number,
    first: number,
    second: number,
    gradient: number,
    count: number,
    gradientScale: number,
    step: number,
    correction: number,
    keep: number,
  ): void;
}

/** The bytes of a WebAssembly module that does AdamW's update, formula as in adamW.ts. */
export function adamWModule(): Uint8Array<ArrayBuffer> {
  const parameters = {
    weights: "i32",
    first: "i32",
    second: "i32",
    gradient: "i32",
    count: "i32",
    gradientScale: "f32",
    step: "f32",
    correction: "f32",
    keep: "f32",
  } as const;
  const update = defineFunction({ index: 0, name: "update", parameters }, (p, local) => {
    const addresses = [p.weights, p.first, p.second, p.gradient];
    /** Four floats at a time, or one. */
    const pass = (lanes: 4 | 1): Code => {
      const op = lanes === 4 ? f32x4 : f32;
      const spread = (value: Code) => (lanes === 4 ? f32x4.splat(value) : value);
      const constant = (value: number) => spread(f32.constant(value));
      const type = lanes === 4 ? "v128" : "f32";
      const [g, m, v] = [local(type), local(type), local(type)];
      const size = op.add(
        op.multiply(op.squareRoot(v.get), spread(p.correction.get)),
        constant(EPSILON),
      );
      const moved = op.divide(op.multiply(spread(p.step.get), m.get), size);
      const weight = op.multiply(spread(p.keep.get), op.load(p.weights.get));
      const body = seq(
        g.set(op.multiply(op.load(p.gradient.get), spread(p.gradientScale.get))),
        m.set(
          op.add(
            op.multiply(constant(BETA1), op.load(p.first.get)),
            op.multiply(constant(1 - BETA1), g.get),
          ),
        ),
        v.set(
          op.add(
            op.multiply(constant(BETA2), op.load(p.second.get)),
            op.multiply(op.multiply(constant(1 - BETA2), g.get), g.get),
          ),
        ),
        op.store(p.first.get, m.get),
        op.store(p.second.get, v.get),
        op.store(p.weights.get, op.subtract(weight, moved)),
        ...addresses.map((address) => address.increase(i32.constant(lanes * FLOAT_BYTES))),
        p.count.increase(i32.constant(-lanes)),
      );
      return whileLoop(i32.less(i32.constant(lanes - 1), p.count.get), body);
    };
    return seq(pass(4), pass(1));
  });
  return assemble([update]);
}
