import type { Device } from "../../../src/core/domain/encoder";
import { openBackend } from "../../../src/engine/align/backend";
import * as tf from "../../../src/engine/align/tf";
import { WASM_FILES } from "../../../src/engine/align/wasmFiles";
import { openOurs, type Contestant } from "./ours";
import { openPlainTfjs } from "./plainTfjs";

/** What the benchmark's driver calls in a page, which holds one contestant. */
export interface TrainPage {
  /** @returns the graphics adapter's name; null on WebAssembly. */
  open(name: "ours" | "plain", device: Device, batch: number): Promise<string | null>;
  /** Steps done to the end, one after the other. @returns milliseconds on the clock. */
  run(steps: number): Promise<number>;
  close(): void;
}

let contestant: Contestant | undefined;

const page: TrainPage = {
  async open(name, device, batch) {
    if (name === "plain" && device === "wasm") {
      await openStockWasm();
      contestant = openPlainTfjs(batch);
      return null;
    }
    const { adapter } = await openBackend(device, { wasmPaths: WASM_FILES });
    contestant = name === "ours" ? openOurs(batch, device) : openPlainTfjs(batch);
    return adapter;
  },
  async run(steps) {
    if (!contestant) throw new Error("open() first");
    const start = performance.now();
    for (let i = 0; i < steps; i++) {
      const loss = await contestant.step();
      // On a graphics processor steps queue up; the last one's loss says when all are done.
      if (i === steps - 1) await loss.data();
      loss.dispose();
    }
    return performance.now() - start;
  },
  close() {
    contestant?.close();
    contestant = undefined;
  },
};

/** tfjs' WebAssembly backend as it comes, without the matrix product that openBackend puts in. */
async function openStockWasm(): Promise<void> {
  tf.enableProdMode();
  const { setWasmPaths } = await tf.loadWasmBackend();
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setWasmPaths({ ...WASM_FILES });
  await tf.setBackend("wasm");
}

Object.assign(globalThis, { train: page });
