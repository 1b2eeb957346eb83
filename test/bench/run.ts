import { benchTrainStep } from "./trainStep.bench";

const rounds = Number(process.argv[2] ?? 15);
console.log(`Training step, freeze-align, batch 512, median of ${rounds} interleaved rounds`);
for (const line of await benchTrainStep(rounds)) console.log(line);
