import type { Item, Pair } from "./domain/dataset";
import type { Device, EncoderSpec } from "./domain/encoder";
import type { MethodId } from "./domain/alignSettings";
import type { Modality } from "./domain/modality";
import type { Hub, HubMember, WholeHub } from "./domain/hub";
import type { Project } from "./domain/project";
import type { ProjectorPair, TensorData } from "./domain/projector";
import type { HistoryPoint, Run } from "./domain/run";
import type { Matrix } from "./math/matrix";

/** Turns items of one modality into embeddings. Implemented over onnxruntime-web. */
export interface Encoder<Input> {
  readonly width: number;
  readonly device: Device;
  /** @returns [B, width], raw outputs of the pooled layer. */
  encode(batch: readonly Input[]): Promise<Matrix>;
  /** Frees the session; the encoder is unusable afterwards. */
  release(): Promise<void>;
}

/**
 * Embeddings, content-addressed. `encoderKey` names the encoder and everything that changes its
 * numbers; within it each vector is found by its item's digest. A chunk is one finished batch.
 */
export interface EmbeddingStore {
  /** Digests that already have an embedding under `encoderKey`. */
  encodedDigests(encoderKey: string): Promise<ReadonlySet<string>>;
  /**
   * Stores one finished batch atomically; row i belongs to `digests[i]`.
   * @throws AppError `storage/quota`; nothing of the chunk is kept in that case.
   */
  putChunk(encoderKey: string, digests: readonly string[], chunk: Matrix): Promise<void>;
  /**
   * One row per digest, in the order asked for: [digests.length, D].
   * @throws AppError `embeddings/missing` when one has not been encoded.
   */
  load(encoderKey: string, digests: readonly string[]): Promise<Matrix>;
}

/** What was found doubtful about recordings while they were encoded, by digest of the recording. */
export interface DoubtStore {
  /** @param doubts why each is in doubt. @throws AppError `storage/quota`. */
  put(doubts: ReadonlyMap<string, string>): Promise<void>;
  /** Every one of this browser: recordings in doubt are few. */
  all(): Promise<ReadonlyMap<string, string>>;
}

/** Where an import writes embeddings, and takes them back when it is stopped. */
export interface EmbeddingSink extends Pick<EmbeddingStore, "encodedDigests" | "putChunk"> {
  /** Drops chunks of an encoder, each named by its first digest. */
  dropChunks(encoderKey: string, firstDigests: readonly string[]): Promise<void>;
}

/** The committed data of a project. */
export interface DatasetStore {
  /** Every item of a modality in index order. */
  items(projectId: string, modality: Modality): Promise<Item[]>;
  /** Items `start` to `end` (exclusive), for a grid's window. */
  itemRange(projectId: string, modality: Modality, start: number, end: number): Promise<Item[]>;
  pairs(projectId: string): Promise<Pair[]>;
  pairRange(projectId: string, start: number, end: number): Promise<Pair[]>;
  /** Bytes of a picture or sound. @throws AppError `storage/missing`. */
  blob(projectId: string, digest: string): Promise<Blob>;
  /** A small picture for grids; the original where none was made. @throws AppError `storage/missing`. */
  thumbnail(projectId: string, digest: string): Promise<Blob>;
  /**
   * Originals that are kept already, by digest, and whether a small picture is kept with each: what
   * an import that crashed, or the project's data before, need not have written again.
   */
  storedOriginals(projectId: string): Promise<ReadonlyMap<string, { thumbnail: boolean }>>;
  /**
   * Keeps originals, all of one call in one record; called many times before `replaceData`.
   * @throws AppError `storage/quota`; nothing of the call is kept in that case.
   */
  putOriginals(projectId: string, originals: readonly Original[]): Promise<void>;
  /**
   * Replaces items and pairs and updates the project record in one go, so that a reader never
   * sees half an import; then drops the blobs no item names.
   * @throws AppError `storage/quota`.
   */
  replaceData(project: Project, data: DatasetContent): Promise<void>;
  /**
   * Writes an edit and its effect in one transaction: changed pairs, captions added at the end, the
   * project record.
   */
  applyEdit(project: Project, change: DatasetChange): Promise<void>;
  /** Drops the blobs no item names: what an import that did not finish left behind. */
  dropOrphans(projectId: string): Promise<void>;
}

/** The bytes of one file, and its small picture if one was made. */
export interface Original {
  readonly digest: string;
  /** A blob, or bytes as they lie in memory: packing those spares the browser a blob per file. */
  readonly blob: Blob | OriginalBytes;
  readonly thumbnail?: Blob;
}

/** Bytes of a file and its MIME type. */
export interface OriginalBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

export interface DatasetContent extends Readonly<Record<Modality, readonly Item[]>> {
  readonly pairs: readonly Pair[];
}

export interface DatasetChange {
  /** Pairs to write over, by index. */
  readonly pairs: ReadonlyMap<number, Pair>;
  /** Captions to add after the last one. */
  readonly captions: readonly Item[];
}

/** Encoders beyond the catalogue: pinned downloads, own ONNX files, imported vectors. */
export interface EncoderStore {
  /** Stored entries only. */
  list(): Promise<EncoderSpec[]>;
  /** A stored entry, else the catalogue's. @throws AppError `encoder/missing`. */
  get(id: string): Promise<EncoderSpec>;
  put(spec: EncoderSpec): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Everything training needs to go on exactly where it was. */
export interface Checkpoint {
  readonly runId: string;
  /** Which training of the run; absent in those of version 0.1, where a run is one training. */
  readonly seed?: number;
  readonly method?: MethodId;
  readonly step: number;
  /** Weights and both Adam moments, by parameter name. */
  readonly weights: Readonly<Record<string, TensorData>>;
  readonly firstMoments: Readonly<Record<string, TensorData>>;
  readonly secondMoments: Readonly<Record<string, TensorData>>;
  readonly history: readonly HistoryPoint[];
  readonly best: { readonly step: number; readonly score: number } | null;
  /** Weights at the best step, so that Stop and resume lose nothing. */
  readonly bestWeights: Readonly<Record<string, TensorData>> | null;
  readonly elapsedMs: number;
}

/** One training of a run that has ended, or one fit of a closed form. */
export interface FinishedTraining extends Pick<
  Run,
  "training" | "device" | "history" | "best" | "chosen" | "timings"
> {
  readonly method: Exclude<MethodId, "auto">;
  readonly seed: number;
  readonly projectors: ProjectorPair;
}

/** The best so far of the trainings of one run: its seeds, or what `auto` tries. */
export interface KeptTraining extends FinishedTraining {
  /** On validation; only compared within a run. */
  readonly score: number;
}

/** What the visitor writes on a run. */
export type RunAnnotation = Partial<Pick<Run, "name" | "notes">>;

export interface RunStore {
  get(runId: string): Promise<Run>;
  /** Writes a run; name and notes of one that is stored already stay as they are stored. */
  put(run: Run): Promise<void>;
  /** Writes what the visitor calls a run and notes about it, also while a worker trains it. */
  annotate(runId: string, change: RunAnnotation): Promise<Run>;
  list(projectId: string): Promise<Run[]>;
  /** Writes into the older of two slots, in one transaction with the projectors and the run. */
  putCheckpoint(checkpoint: Checkpoint, projectors: ProjectorPair, run: Run): Promise<void>;
  /** The newest whole checkpoint, or undefined. */
  checkpoint(runId: string): Promise<Checkpoint | undefined>;
  /**
   * Ends one training of a run that goes on with another: stores the run, drops the checkpoints, so
   * that the next training never starts from them, and replaces the kept training, all or nothing.
   *
   * @param kept left out where the one kept before stays.
   */
  endTraining(run: Run, kept?: KeptTraining): Promise<void>;
  /** The best training so far of a run that is not finished, or undefined. */
  kept(runId: string): Promise<KeptTraining | undefined>;
  delete(runId: string): Promise<void>;
  /** Drops both slots and the kept training: a finished run needs its projectors only. */
  deleteCheckpoints(runId: string): Promise<void>;
  putProjectors(projectors: ProjectorPair): Promise<void>;
  /** The projectors a query should use now: the newest while training, the best afterwards. */
  projectors(runId: string): Promise<ProjectorPair | undefined>;
}

export interface ProjectStore {
  /** @throws AppError `storage/missing`. */
  get(projectId: string): Promise<Project>;
  list(): Promise<Project[]>;
  put(project: Project): Promise<void>;
  /** Removes the project and everything stored under it. */
  delete(projectId: string): Promise<void>;
}

/** Hubs and who joined them. */
export interface HubStore {
  /** A hub with all its members. @throws AppError `storage/missing`. */
  get(hubId: string): Promise<WholeHub>;
  /** Every hub, newest first. */
  list(): Promise<Hub[]>;
  /** @throws AppError `storage/quota`. */
  put(hub: Hub): Promise<void>;
  /** Adds or replaces one that joined. @throws AppError `storage/quota`. */
  putMember(member: HubMember): Promise<void>;
  /** Takes out one that joined; the others stay as they are. */
  deleteMember(hubId: string, memberId: string): Promise<void>;
  /** Removes a hub with all its members; projects and runs stay. */
  delete(hubId: string): Promise<void>;
}

/** A remembered choice, by name (`device`, `theme`, self-check results). */
export interface SettingStore {
  get(name: string): Promise<unknown>;
  put(name: string, value: unknown): Promise<void>;
}

/** What a project is besides its originals, its embeddings and what its runs have learned. */
export interface ProjectRecords {
  readonly project: Project;
  readonly content: DatasetContent;
  readonly runIds: readonly string[];
  /** Hubs that were made of the project, with all who joined them. */
  readonly hubs: readonly WholeHub[];
  /** Settings whose name has the id of the project or of one of its runs as a part, by name. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** A run with everything it needs to go on: both slots, the kept training, the projectors. */
export interface RunState {
  readonly run: Run;
  readonly checkpoints: readonly Checkpoint[];
  readonly kept?: KeptTraining;
  readonly projectors?: ProjectorPair;
}

/** A stored picture or sound and the small picture made of it. */
export interface StoredOriginal extends OriginalBytes {
  readonly digest: string;
  readonly thumbnail?: Uint8Array<ArrayBuffer>;
}

/** Whole projects, to be saved as a file and restored from one. */
export interface ProjectArchive {
  /** The records as they are at one moment. @throws AppError `storage/missing`. */
  records(projectId: string): Promise<ProjectRecords>;
  /** A run as it is at one moment; undefined when it has been deleted meanwhile. */
  runState(runId: string): Promise<RunState | undefined>;
  originals(projectId: string): AsyncGenerator<StoredOriginal>;
  /** Notes that a project is being restored, so that a tab which is closed leaves a trace. */
  begin(projectId: string, now: number): Promise<void>;
  /** @throws AppError `storage/quota`. */
  putRunState(state: RunState): Promise<void>;
  /** Makes a restored project visible, in one transaction. @throws AppError `storage/quota`. */
  commit(records: Omit<ProjectRecords, "runIds">): Promise<void>;
  /** Removes everything stored under a project. */
  discard(projectId: string): Promise<void>;
  /** Removes what restores that never ended have left. */
  discardLeftBehind(now: number): Promise<void>;
}
