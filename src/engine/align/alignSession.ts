import type { AlignProgress } from "../../core/domain/alignRequest";
import type { AlignmentData } from "../../core/domain/alignmentData";
import type { DevicePreference } from "../../core/domain/encoder";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Run } from "../../core/domain/run";
import type { DatasetStore, EmbeddingStore, EncoderStore, RunStore } from "../../core/ports";
import type { Backend } from "./backend";
import type { Baselines } from "./baselines";

/** What the align service needs from outside. */
export interface AlignDependencies {
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly runs: RunStore;
  readonly openBackend: (preference: DevicePreference) => Promise<Backend>;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly now: () => number;
  readonly versions: Readonly<Record<string, string>>;
}

/** One call of `align`: a stored run, its data in memory, and ways to report and to stop. */
export interface AlignSession {
  /** As it was last stored. */
  run: Run;
  readonly data: AlignmentData;
  readonly baselines: Baselines;
  /** Opened once, when the first head is trained. */
  readonly backend: () => Promise<Backend>;
  readonly deps: AlignDependencies;
  readonly signal: AbortSignal;
  readonly report: (report: AlignProgress) => void;
  /** Whether the visitor asked to end early with the best so far. */
  readonly isFinishing: () => boolean;
  /** Answers those who follow the training, if any has asked. */
  readonly onStep: (read: () => Promise<ProjectorPair>) => Promise<void>;
}

/** Changes the run and stores it. */
export async function save(session: AlignSession, change: Partial<Run>): Promise<void> {
  session.run = { ...session.run, ...change, updatedAt: session.deps.now() };
  await session.deps.runs.put(session.run);
}
