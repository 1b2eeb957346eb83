import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore, HubStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import type {
  DegradationCurve,
  HubSearchResult,
  HubStatus,
  LagScan,
  MissingTable,
} from "../../core/domain/hubQuery";
import type { Backend } from "../align/backend";

/** What querying hubs needs of the world. */
export interface HubDependencies {
  readonly hubs: Pick<HubStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: EmbeddingStore;
  /** Of the processor: queries are one row, and a graphics processor is busy training. */
  readonly openBackend: () => Promise<Backend>;
}

/** How a call is stopped and followed. */
export interface HubContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** The gallery of one hub, and queries on it. */
export class HubService {
  readonly #deps: HubDependencies;

  constructor(deps: HubDependencies) {
    this.#deps = deps;
  }

  async open(_request: unknown, _context: HubContext): Promise<HubStatus> {
    throw notYet(this.#deps);
  }

  async search(_request: unknown, _context: HubContext): Promise<HubSearchResult> {
    throw notYet(this.#deps);
  }

  async missing(_request: unknown, _context: HubContext): Promise<MissingTable> {
    throw notYet(this.#deps);
  }

  async degrade(_request: unknown, _context: HubContext): Promise<DegradationCurve> {
    throw notYet(this.#deps);
  }

  async lagScan(_request: unknown, _context: HubContext): Promise<LagScan> {
    throw notYet(this.#deps);
  }
}

const notYet = (_deps: HubDependencies) => new AppError("internal", "hubs are being built");
