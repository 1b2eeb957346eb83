import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TrainContestant } from "./trainStep.bench";

/** PyTorch in a process of its own; null when no Python here has it, or it has no CUDA device. */
export async function openPytorch(
  batch: number,
  device: "cpu" | "cuda",
): Promise<TrainContestant | null> {
  for (const python of [process.env["PYTHON"], "python3"]) {
    if (!python) continue;
    const script = join(import.meta.dirname, "trainStep.py");
    const child = spawn(python, [script, String(batch), device], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const lines = createInterface({ input: child.stdout });
    const ended = new Promise<null>((resolve) => {
      child.once("close", () => resolve(null));
      child.once("error", () => resolve(null)); // no such program
    });
    const nextLine = () =>
      Promise.race([ended, new Promise<string>((resolve) => lines.once("line", resolve))]);
    const first = await nextLine();
    if (!first?.startsWith("ready ")) continue;
    return {
      slow: false,
      name: first.slice("ready ".length),
      async run(steps) {
        child.stdin.write(`${steps}\n`);
        const [clock = NaN, processor = NaN] = ((await nextLine()) ?? "").split(" ").map(Number);
        if (!Number.isFinite(clock)) throw new Error("the PyTorch process ended");
        return { clock, processor };
      },
      close() {
        child.stdin.end();
      },
    };
  }
  return null;
}
