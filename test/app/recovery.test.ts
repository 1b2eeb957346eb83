import { expect, it, vi } from "vitest";
import { withRecovery } from "../../src/app/recovery";
import { AppError, type ErrorCode } from "../../src/core/errors";

const steps = { stage: "train", done: 3, total: 9, unit: "steps" } as const;

function attempts(...failures: ErrorCode[]) {
  const restart = vi.fn();
  const devices: string[] = [];
  const notes: (string | undefined)[] = [];
  const signal = new AbortController().signal;
  const outcome = withRecovery({ device: "auto", signal, restart }, async (attempt) => {
    devices.push(attempt.device);
    notes.push(attempt.annotate(steps as typeof steps & { note?: string }).note);
    const failure = failures[attempt.restarts];
    if (failure) throw new AppError(failure);
    return "done";
  });
  return { outcome, restart, devices, notes };
}

it("says nothing when nothing happened", async () => {
  const { outcome, restart, notes } = attempts();
  expect(await outcome).toBe("done");
  expect(restart).not.toHaveBeenCalled();
  expect(notes).toEqual([undefined]);
});

it("restarts twice after a lost graphics processor, the second time on the CPU, and says so", async () => {
  const { outcome, restart, devices, notes } = attempts("webgpu/lost", "webgpu/lost");
  expect(await outcome).toBe("done");
  expect(devices).toEqual(["auto", "auto", "wasm"]);
  expect(restart).toHaveBeenCalledTimes(2);
  expect(notes.slice(1)).toEqual([
    expect.stringContaining("was lost; restarted"),
    expect.stringContaining("going on with the CPU"),
  ]);
});

it("reports the failure after the third crash", async () => {
  const { outcome, restart } = attempts("worker/crashed", "worker/stalled", "worker/crashed");
  await expect(outcome).rejects.toMatchObject({ code: "worker/crashed" });
  expect(restart).toHaveBeenCalledTimes(2);
});

it("does not restart what a restart cannot mend", async () => {
  const { outcome, restart } = attempts("storage/quota");
  await expect(outcome).rejects.toMatchObject({ code: "storage/quota" });
  expect(restart).not.toHaveBeenCalled();
});
