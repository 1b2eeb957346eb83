import type {
  CompareRequest,
  Comparison,
  SampledItems,
  ProbeReport,
  ProbeRequest,
  SampleRequest,
} from "../core/domain/comparison";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/select.worker.ts: which embeddings to align, before any training. */
export type SelectContract = {
  /** The items a comparison would look at, so that what is missing of them can be encoded first. */
  sample: { params: SampleRequest; progress: never; result: SampledItems };
  /** Every stored image embedding of the sample with every text one. */
  compare: { params: CompareRequest; progress: Progress; result: Comparison };
  /** How well labels can be read from each stored embedding of the sample. */
  probe: { params: ProbeRequest; progress: Progress; result: ProbeReport };
};
