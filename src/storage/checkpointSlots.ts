import type { Checkpoint, KeptTraining } from "../core/ports";

/** Both slots of a training, without what is kept of those before it. */
export const slotsOf = (runId: string) => IDBKeyRange.bound([runId, 0], [runId, 1]);

/** Everything the checkpoints of a training take. An array is after every number and string. */
export const allOf = (runId: string) => IDBKeyRange.bound([runId], [runId, []]);

export const isCheckpoint = (stored: Checkpoint | KeptTraining): stored is Checkpoint =>
  "weights" in stored;

interface Slots {
  getAll(range: IDBKeyRange): Promise<(Checkpoint | KeptTraining)[]>;
}

/** The slot to write next: the older one, so that one whole checkpoint exists at every moment. */
export async function olderSlot(checkpoints: Slots, runId: string): Promise<0 | 1> {
  const [first, second] = (await checkpoints.getAll(slotsOf(runId))).filter(isCheckpoint);
  if (!first) return 0;
  return second && first.step <= second.step ? 0 : 1;
}

/** The checkpoint with most steps, or undefined. */
export function newestOf(stored: readonly (Checkpoint | KeptTraining)[]): Checkpoint | undefined {
  return stored.filter(isCheckpoint).sort((a, b) => b.step - a.step)[0];
}
