import { benchEncode } from "./encode.bench";
import { benchTrainStep } from "./trainStep.bench";

// npm run bench -- [encode|train] [rounds]
const [, , first = "", second] = process.argv;
const only = ["encode", "train"].includes(first) ? first : undefined;
const rounds = Number((only ? second : first) || 15);
if (only !== "encode") {
  console.log(`Training step, freeze-align, batch 512, median of ${rounds} interleaved rounds`);
  for (const line of await benchTrainStep(rounds)) console.log(line);
}
if (only !== "train") {
  console.log(`Encoding on one wasm thread, median of ${rounds} interleaved rounds`);
  for (const line of await benchEncode(rounds)) console.log(line);
}
