import { readReadings } from "../../src/core/formats/readings";
import { rng } from "../../src/core/math/rng";

// Times the reading of a recording of a million rows: `npx tsx test/bench/readings.ts [rows]`.

const rows = Number(process.argv[2] ?? 1_000_000);
const random = rng(1);
const lines = ["time_ms,ax (g),ay (g),az (g),gx,gy,gz,activity"];
for (let i = 0; i < rows; i++) {
  const values = Array.from({ length: 6 }, () => (2 * random() - 1).toFixed(5));
  lines.push(`${i * 20},${values.join(",")},${i % 5_000 < 2_500 ? "walking" : "sitting"}`);
}
const text = lines.join("\n");
const before = process.memoryUsage().heapUsed;
const started = performance.now();
const readings = readReadings(text, "big.csv");
const ms = performance.now() - started;
const heldMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;
const kept = readings.values.reduce((sum, { byteLength }) => sum + byteLength, 0) / 2 ** 20;
process.stdout.write(
  `${readings.count.toLocaleString("en")} rows, ${(text.length / 2 ** 20).toFixed(0)} MB: ` +
    `${ms.toFixed(0)} ms, ${kept.toFixed(0)} MB of readings, heap +${heldMb.toFixed(0)} MB\n`,
);
