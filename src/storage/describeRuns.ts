import type { IDBPTransaction, StoreNames } from "idb";
import type { PlaygroundSchema } from "./db";

type Fields = Readonly<Record<string, unknown>>;

/** What version 3 did without saying so: its recipes get it in words, so that they mean the same. */
const ALIGN_OF_VERSION_3 = {
  projectors: { image: "auto", text: "auto" },
  expansion: 2,
  loss: "auto",
  positives: "sampled",
  negatives: "batch",
  dropout: 0.1,
  gradientClip: null,
  patience: null,
  trainOn: "all",
  seeds: 1,
};

/**
 * Brings the runs of a version 3 database up to version 4: what was measured stays, what was not
 * is null, empty or NaN. Checkpoints are as they were, so a paused run goes on from its own.
 */
export async function describeRuns(
  transaction: IDBPTransaction<PlaygroundSchema, StoreNames<PlaygroundSchema>[], "versionchange">,
): Promise<void> {
  let cursor = await transaction.objectStore("runs").openCursor();
  while (cursor) {
    const run = cursor.value as unknown as Fields; // what version 3 stored
    await cursor.update(described(run) as unknown as typeof cursor.value);
    cursor = await cursor.continue();
  }
}

function described(run: Fields): Fields {
  const recipe = fieldsOf(run["recipe"]);
  const align = fieldsOf(recipe["align"]);
  const evaluate = fieldsOf(recipe["evaluate"]);
  const { training, zeroShot } = run;
  return {
    ...run,
    recipe: {
      ...recipe,
      align: { ...align, ...ALIGN_OF_VERSION_3 },
      evaluate: { ...evaluate, csls: false },
    },
    training: training ? { ...training, dropout: 0.1, patience: null } : null,
    history: listOf(run["history"]).map((point) =>
      point["validation"] ? { ...point, validation: ranked(point["validation"]) } : point,
    ),
    baselines: listOf(run["baselines"]).map((baseline) => ({
      ...baseline,
      validation: ranked(baseline["validation"]),
      test: ranked(baseline["test"]),
    })),
    test: ranked(run["test"]),
    report: null,
    zeroShot: zeroShot
      ? {
          ...zeroShot,
          knnCeiling: null,
          templates: fieldsOf(evaluate["zeroShot"])["templates"] ?? [],
          perClass: [],
          confusion: null,
        }
      : null,
    chosen: {},
    method: align["method"] ?? null,
    candidates: [],
    seedResults: [],
    coverage: null,
    warnings: [],
    sweep: null,
    notes: "",
  };
}

/** Both directions with the ranks version 3 did not take down. */
function ranked(pair: unknown): unknown {
  if (!pair) return null;
  const unknownRanks = { meanRank: Number.NaN, meanReciprocalRank: Number.NaN };
  return Object.fromEntries(
    Object.entries(pair).map(([direction, result]) => [
      direction,
      { ...(result as Fields), ...unknownRanks },
    ]),
  );
}

const fieldsOf = (value: unknown): Fields => (value ?? {}) as Fields;
const listOf = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[];
