import { DEFAULT_COMPARISON } from "../../src/core/domain/comparison";
import { matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { compareSets } from "../../src/engine/selection/compareSets";

// The embedded encoders: six embeddings of images, eight of texts.
const IMAGE_WIDTHS = [40, 80, 112, 192, 320, 1_280];
const TEXT_WIDTHS = [384, 384, 384, 384, 384, 384, 384, 384];

const pairs = Number(process.argv[2] ?? 5_000);

function set(width: number, seed: number) {
  const random = rng(seed);
  const data = Float32Array.from({ length: pairs * width }, (_, at) => {
    return (random() - 0.5) * ((at % width) + 1) ** -0.5; // a decaying spectrum, as real ones have
  });
  const choice = { id: `${seed}`, pooling: "mean" as const, layer: null };
  return { choice, name: `${width}`, load: async () => matrix(pairs, width, data) };
}

await openBackend("wasm");
const cpu = process.cpuUsage();
const started = performance.now();
const stages = new Map<string, number>();
await compareSets(
  {
    image: IMAGE_WIDTHS.map((width, i) => set(width, i)),
    text: TEXT_WIDTHS.map((width, i) => set(width, 100 + i)),
  },
  {
    ...DEFAULT_COMPARISON,
    signal: new AbortController().signal,
    report: ({ stage }) => {
      if (!stages.has(stage)) stages.set(stage, process.cpuUsage(cpu).user / 1e6);
    },
  },
);
const used = process.cpuUsage(cpu).user / 1e6;
const starts = [...stages].map(([stage, at]) => `${stage} from ${at.toFixed(1)} s`).join(", ");
console.log(
  `${pairs} pairs, ${IMAGE_WIDTHS.length} × ${TEXT_WIDTHS.length} embeddings: ` +
    `${used.toFixed(1)} s of one core, ${((performance.now() - started) / 1e3).toFixed(1)} s elapsed (${starts})`,
);
