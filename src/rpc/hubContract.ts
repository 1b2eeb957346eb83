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
} from "../core/domain/hubQuery";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/hub.worker.ts: the gallery of every member of one hub, and queries. */
export type HubContract = {
  /** Projects the items of every member; later calls take in members that joined or left. */
  open: { params: { hubId: string }; progress: Progress; result: HubStatus };
  /** Ranks the items of one member for the weighted sum of vectors and items of any members. */
  search: { params: HubSearchRequest; progress: Progress; result: HubSearchResult };
  /**
   * Recall of held-out queries made of every subset of some members' items that belong together.
   * @throws `data/too-few` where no held-out item of `target` belongs to items of all of them.
   */
  missing: { params: MissingRequest; progress: Progress; result: MissingTable };
  /** Recall as one part of the query is made worse step by step. */
  degrade: { params: DegradeRequest; progress: Progress; result: DegradationCurve };
  /** Alignment score of two members whose items come in the order of time, by offset. */
  lagScan: { params: LagRequest; progress: Progress; result: LagScan };
};
