import { DEFAULT_COMPARISON } from "../../src/core/domain/comparison";
import { matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { compareSets } from "../../src/engine/selection/compareSets";

// The embedded encoders: six embeddings of images, eight of texts.
const IMAGE_WIDTHS = [40, 80, 112, 192, 320, 1_280];
const TEXT_WIDTHS = [384, 384, 384, 384, 384, 384, 384, 384];

function set(pairs: number, width: number, seed: number) {
  const random = rng(seed);
  const data = Float32Array.from({ length: pairs * width }, (_, at) => {
    return (random() - 0.5) * ((at % width) + 1) ** -0.5; // a decaying spectrum, as real ones have
  });
  const choice = { id: `${seed}`, pooling: "mean" as const, layer: null };
  return { choice, name: `${width}`, load: async () => matrix(pairs, width, data) };
}

/** Seconds of one core for comparing the embedded encoders on so many pairs, by stage. */
export async function benchCompare(pairs = 5_000): Promise<string> {
  await openBackend("wasm");
  const cpu = process.cpuUsage();
  const used = () => (process.cpuUsage(cpu).user / 1e6).toFixed(1);
  const stages = new Map<string, string>();
  await compareSets(
    {
      image: IMAGE_WIDTHS.map((width, i) => set(pairs, width, i)),
      text: TEXT_WIDTHS.map((width, i) => set(pairs, width, 100 + i)),
    },
    {
      ...DEFAULT_COMPARISON,
      signal: new AbortController().signal,
      report: ({ stage }) => {
        if (!stages.has(stage)) stages.set(stage, used());
      },
    },
  );
  const starts = [...stages].map(([stage, at]) => `${stage} from ${at} s`).join(", ");
  const sets = `${IMAGE_WIDTHS.length} × ${TEXT_WIDTHS.length} embeddings`;
  return `${pairs} pairs, ${sets}: ${used()} s of one core (${starts})`;
}
