import { benchCompare } from "./compare.bench";
import { benchEncode } from "./encode.bench";
import { benchImport } from "./import.bench";
import { benchMap } from "./map.bench";
import { benchSearch } from "./search.bench";
import { benchTrainStep } from "./trainStep.bench";

// npm run bench -- [encode|train|import|compare|search|map] [rounds | pictures | pairs | rows] [--webgpu]
const BENCHES = ["encode", "train", "import", "compare", "search", "map"] as const;
const webgpu = process.argv.includes("--webgpu"); // train on a graphics processor
const [first = "", second] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const only = BENCHES.find((name) => name === first);
const number = Number(only ? second : first) || undefined;
const rounds = number ?? 15;
if (only === undefined || only === "train") {
  for (const batch of webgpu ? [1_024, 4_096] : [512, 1_024]) {
    console.log(`Training step, freeze-align, batch ${batch}, median of ${rounds} turns`);
    const device = webgpu ? "webgpu" : "wasm";
    for (const line of await benchTrainStep({ device, batch, rounds })) console.log(line);
  }
}
if (only === undefined || only === "encode") {
  console.log(`Encoding on one wasm thread, median of ${rounds} interleaved rounds`);
  for (const line of await benchEncode(rounds)) console.log(line);
}
if (only === undefined || only === "import") {
  const count = only === "import" ? (number ?? 100_000) : 100_000;
  console.log("Import of a WebDataset tar without thumbnails");
  for (const line of await benchImport({ count, pictureBytes: 20_000 })) console.log(line);
}
if (only === undefined || only === "compare") {
  console.log("Comparing the embedded encoders' layers, mutual kNN and CKA with 200 shuffles");
  console.log(await benchCompare(only === "compare" ? (number ?? 5_000) : 5_000));
}
if (only === undefined || only === "search") {
  console.log("Exact search for one query on one thread");
  const sizes = only === "search" && number ? [number] : [3_000, 20_000, 100_000, 1_000_000];
  // hnswlib's graph of 100,000 was not finished after 11 minutes on two busy cores.
  const peerRows = Number(process.env["PEER_ROWS"] ?? 20_000);
  await benchSearch({ sizes, peerRows, print: console.log });
}
if (only === undefined || only === "map") {
  console.log("A map of one space, processor time of one core");
  for (const line of await benchMap(only === "map" ? (number ?? 100_000) : 100_000))
    console.log(line);
}
