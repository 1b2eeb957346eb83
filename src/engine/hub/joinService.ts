import type { DevicePreference } from "../../core/domain/encoder";
import type { FrozenCheck, Hub, HubMember, PathScore } from "../../core/domain/hub";
import type { ExportedFile } from "../../core/domain/takeAway";
import { AppError } from "../../core/errors";
import type {
  DatasetStore,
  EmbeddingStore,
  EncoderStore,
  HubStore,
  ProjectStore,
  RunStore,
} from "../../core/ports";
import type { Progress } from "../../core/progress";
import type { Backend } from "../align/backend";
import { packSense, unpackSense } from "./sensePack";

/** What making hubs and joining them needs of the world. */
export interface JoinDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly runs: Pick<RunStore, "get" | "projectors">;
  readonly hubs: HubStore;
  readonly openBackend: (device: DevicePreference) => Promise<Backend>;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How a call is stopped and followed. */
export interface JoinContext<P extends Progress = Progress> {
  readonly signal: AbortSignal;
  report(progress: P): void;
}

/** Freezes shared spaces and brings members into them. */
export class JoinService {
  readonly #deps: JoinDependencies;

  constructor(deps: JoinDependencies) {
    this.#deps = deps;
  }

  async freeze(_request: unknown, _context: JoinContext): Promise<Hub> {
    throw notYet(this.#deps);
  }

  async join(_request: unknown, _context: JoinContext): Promise<HubMember> {
    throw notYet(this.#deps);
  }

  async check(_request: unknown, _context: JoinContext): Promise<FrozenCheck> {
    throw notYet(this.#deps);
  }

  async scorePath(_request: unknown, _context: JoinContext): Promise<PathScore> {
    throw notYet(this.#deps);
  }

  /** As the function of that name. */
  packSense(request: Parameters<typeof packSense>[1]): Promise<ExportedFile> {
    return packSense(this.#deps, request);
  }

  /** As the function of that name. */
  unpackSense(request: Parameters<typeof unpackSense>[1]): Promise<HubMember> {
    return unpackSense(this.#deps, request);
  }
}

const notYet = (_deps: JoinDependencies) => new AppError("internal", "hubs are being built");
