import type {
  DegradationCurve,
  DegradeRequest,
  HubSearchRequest,
  HubSearchResult,
  HubStatus,
  LagRequest,
  LagScan,
  MissingRequest,
  MissingTable,
} from "../../core/domain/hubQuery";
import type { Progress } from "../../core/progress";
import type { Backend } from "../align/backend";
import { degradationCurve } from "./degradation";
import { searchHub } from "./hubSearch";
import type { HubSpace } from "./hubSpace";
import { lagScan } from "./lagScan";
import { missingTable } from "./missingTable";
import { openHubSpace, type OpenedSpace, type SpaceStores } from "./openHubSpace";

/** What querying hubs needs of the world. */
export interface HubDependencies extends SpaceStores {
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
  #backend: Promise<Backend> | undefined;
  #opened: OpenedSpace | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: HubDependencies) {
    this.#deps = deps;
  }

  /**
   * Takes in members, items and captions as they are now; what has not changed is not projected
   * again. While it works, queries go on answering from what was there before.
   *
   * @throws AppError as `openHubSpace`.
   */
  async open({ hubId }: { readonly hubId: string }, context: HubContext): Promise<HubStatus> {
    return (await this.#refresh(hubId, context)).status;
  }

  /** Exact ranking of one member's items. @throws AppError as `searchHub`. */
  async search(
    { hubId, ...request }: HubSearchRequest,
    context: HubContext,
  ): Promise<HubSearchResult> {
    return searchHub(await this.#current(hubId, context), request, context);
  }

  /** Recall by which parts of a query are there. @throws AppError as `missingTable`. */
  async missing({ hubId, ...request }: MissingRequest, context: HubContext): Promise<MissingTable> {
    return missingTable(await this.#current(hubId, context), request, context);
  }

  /** Recall as one part of the query is made worse. @throws AppError as `degradationCurve`. */
  async degrade(
    { hubId, ...request }: DegradeRequest,
    context: HubContext,
  ): Promise<DegradationCurve> {
    return degradationCurve(await this.#current(hubId, context), request, context);
  }

  /** Alignment of two streams by the offset between them. @throws AppError as `lagScan`. */
  async lagScan({ hubId, ...request }: LagRequest, context: HubContext): Promise<LagScan> {
    const space = hubId === null ? null : await this.#current(hubId, context);
    return lagScan(this.#deps, space, request, context);
  }

  /** What is in memory if it is of this hub, else what is stored. */
  async #current(hubId: string, context: HubContext): Promise<HubSpace> {
    const space = this.#opened?.space;
    return space?.hub.id === hubId ? space : this.#refresh(hubId, context);
  }

  /** One after the other: the second of two callers finds the first one's work done. */
  #refresh(hubId: string, { signal, report }: HubContext): Promise<HubSpace> {
    const opened = this.#turn.then(async () => {
      this.#backend ??= this.#deps.openBackend();
      await this.#backend.catch((thrown: unknown) => {
        this.#backend = undefined; // the next caller tries again
        throw thrown;
      });
      const before = this.#opened;
      const known = before?.parts ?? new Map<string, never>();
      this.#opened = await openHubSpace(this.#deps, hubId, { known, signal, report });
      before?.space.release();
      return this.#opened.space;
    });
    this.#turn = opened.catch(() => undefined); // its caller has the error
    return opened;
  }
}
