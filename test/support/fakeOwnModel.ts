import type { TensorInfo } from "../../src/core/domain/ownModel";
import { rng } from "../../src/core/math/rng";
import { Mutex } from "../../src/engine/encoders/mutex";
import type { OwnModelPlatform } from "../../src/engine/encoders/own/openOwnModel";
import type { DescribedSession, Feeds, OutputTensor } from "../../src/engine/encoders/session";
import { memoryCaches } from "./memoryCaches";

export const PICTURE_INPUT: TensorInfo = {
  name: "pixel_values",
  type: "float32",
  shape: ["batch", 3, 16, 16],
};
export const TEXT_INPUTS: readonly TensorInfo[] = ["input_ids", "attention_mask"].map((name) => ({
  name,
  type: "int64",
  shape: ["batch", "sequence"],
}));

const WIDTH = 4;

/** A made-up network; each field is one way to misbehave. */
export interface FakeNetwork {
  readonly inputs?: readonly TensorInfo[];
  readonly outputs?: readonly TensorInfo[];
  /** Added to every number, by call, device and place in the batch. */
  readonly drift?: (at: { run: number; device: string; row: number; rows: number }) => number;
  /** The same for every item. */
  readonly isConstant?: boolean;
  readonly refuses?: string;
}

/** The world around own models, with networks that need no runtime. */
export function fakeOwnModels(network: FakeNetwork = {}, adapter: string | null = null) {
  const memory = memoryCaches();
  const log: string[] = [];
  let runs = 0;
  const createSession: OwnModelPlatform["createSession"] = async (_model, device, external) => {
    log.push(`create ${device}${external ? ` with ${external.path}` : ""}`);
    if (network.refuses !== undefined) throw new Error(network.refuses);
    const { inputs = [PICTURE_INPUT], outputs = OUTPUTS } = network;
    const session: DescribedSession = {
      ...{ inputs, outputs },
      inputNames: inputs.map(({ name }) => name),
      outputNames: outputs.map(({ name }) => name),
      run: async (feeds, names) => {
        runs++;
        const all = compute(feeds, (row, rows) => ({ run: runs, device, row, rows }), network);
        return Object.fromEntries(names.map((name) => [name, all[name]!]));
      },
      release: async () => void log.push(`release ${device}`),
    };
    return session;
  };
  const platform: OwnModelPlatform = {
    base: "https://site.example/",
    caches: memory.caches,
    mutex: new Mutex(),
    probeAdapter: async () => ({ name: adapter, isFallback: false, reason: "no WebGPU here" }),
    createSession,
    decode: async (blob) => {
      const random = rng(blob.size + (await blob.bytes())[60]!); // the pictures differ there
      const data = Uint8Array.from({ length: 16 * 16 * 3 }, () => random() * 256);
      return { data, width: 16, height: 16 };
    },
    clock: () => runs,
  };
  return { platform, log, memory };
}

const OUTPUTS: readonly TensorInfo[] = [
  { name: "last_hidden_state", type: "float32", shape: [] },
  { name: "image_embeds", type: "float32", shape: ["batch", WIDTH] },
  { name: "labels", type: "int64", shape: ["batch"] },
];

type At = Parameters<NonNullable<FakeNetwork["drift"]>>[0];

/** Token t of an item is its first numbers, shifted by t; the pooled output is token 0. */
function compute(
  feeds: Feeds,
  at: (row: number, rows: number) => At,
  { drift = () => 0, isConstant = false }: FakeNetwork,
): Record<string, OutputTensor> {
  const [{ data, dims }] = Object.values(feeds) as [Feeds[string]];
  const [rows = 0] = dims;
  const perItem = data.length / rows;
  const tokens = 5;
  const hidden = new Float32Array(rows * tokens * WIDTH);
  for (let i = 0; i < hidden.length; i++) {
    const row = Math.floor(i / (tokens * WIDTH));
    const place = isConstant ? 0 : row * perItem + Math.min(i % (tokens * WIDTH), perItem - 1);
    hidden[i] = Number(data[place]) + 0.1 * (i % WIDTH) + 0.5 + drift(at(row, rows));
  }
  const pooled = new Float32Array(rows * WIDTH);
  for (let row = 0; row < rows; row++) {
    const start = row * tokens * WIDTH;
    pooled.set(hidden.subarray(start, start + WIDTH), row * WIDTH);
  }
  return {
    last_hidden_state: { data: hidden, dims: [rows, tokens, WIDTH] },
    image_embeds: { data: pooled, dims: [rows, WIDTH] },
  };
}
