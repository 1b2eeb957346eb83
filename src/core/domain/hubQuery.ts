import type { Split } from "./dataset";
import type { RetrievalResult } from "./evaluation";
import type { Modality } from "./modality";
import type { ScoreSettings } from "./query";

/** What is asked of a hub: a weighted sum of vectors and items of any members. */
export interface HubSearchRequest {
  readonly hubId: string;
  readonly terms: readonly HubTerm[];
  /** Id of the member whose items are ranked. */
  readonly target: string;
  readonly limit: number;
  readonly splits: readonly Split[];
  readonly scores: ScoreSettings;
}

/** What is asked with every subset of some members' items that belong together. */
export interface MissingRequest {
  readonly hubId: string;
  readonly sources: readonly string[];
  readonly target: string;
}

/** What is asked while one part of the query is made worse. */
export interface DegradeRequest extends MissingRequest {
  /** The one of `sources` that is made worse. */
  readonly worsened: string;
  readonly how: Degradation;
  readonly seed: number;
}

/** Two streams whose items come in the order of time, and the largest offset to try. */
export interface LagRequest {
  /** Null where both streams are encoded items of projects: no hub need be there. */
  readonly hubId: string | null;
  /** Id of a member, or, with `raw`, any encoded items: also before anything is trained. */
  readonly from: string | RawStream;
  readonly to: string | RawStream;
  /** `shared` (default): cosines in the space of the hub. `raw`: CKA of what the encoders give. */
  readonly space?: LagSpace;
  readonly most: number;
  readonly seed: number;
}

export type LagSpace = "shared" | "raw";

/** Encoded items of a project that no member of a hub need stand for. */
export interface RawStream {
  readonly projectId: string;
  readonly modality: Modality;
  readonly encoderKey: string;
}

/** One part of a query: a raw encoder output of a member, or one of its items. */
export type HubTerm = { readonly memberId: string; readonly weight: number } & (
  { readonly vector: Float32Array<ArrayBuffer> } | { readonly item: HubItem }
);

/** An item of a hub's gallery: its index among the items of its modality in one project. */
export interface HubItem {
  readonly projectId: string;
  readonly item: number;
}

export interface HubStatus {
  readonly hubId: string;
  /** Items that can be found, by member. */
  readonly gallery: Readonly<Record<string, number>>;
  /** Members whose data are gone, with the reason in words. */
  readonly absent: readonly { readonly memberId: string; readonly reason: string }[];
}

export interface HubHit extends HubItem {
  /** 1 = best. */
  readonly rank: number;
  readonly score: number;
  readonly cosine: number;
  readonly split: Split;
}

export interface HubSearchResult {
  readonly hits: readonly HubHit[];
  /** Items ranked: those the filter leaves. */
  readonly gallery: number;
  readonly elapsedMs: number;
}

/** Recall by which parts of a query are there. */
export interface MissingTable {
  readonly target: string;
  /** Held-out groups of items that belong together, each asked once. */
  readonly queries: number;
  readonly rows: readonly {
    /** The members whose items made up the query. */
    readonly present: readonly string[];
    readonly result: RetrievalResult;
  }[];
  /** Recall@k of guessing, by k. */
  readonly chance: Readonly<Record<string, number>>;
}

/** `noise`: Gaussian noise is added; `drop`: part of the queries lack it; `swap`: they have another's. */
export type Degradation = "noise" | "drop" | "swap";

export interface DegradationCurve {
  readonly points: readonly {
    /** 0 = untouched, 1 = all noise, all dropped, all swapped. */
    readonly amount: number;
    readonly result: RetrievalResult;
  }[];
  /** Recall without the worsened part at all; null where it is the only part. */
  readonly without: RetrievalResult | null;
  readonly chance: Readonly<Record<string, number>>;
}

export interface LagScan {
  readonly space: LagSpace;
  /** Items compared at offset 0. */
  readonly items: number;
  /** Moments of the streams, where only those in the middle were compared: they are too many. */
  readonly moments?: number;
  /** Shares of the variance of either that the compared directions hold; absent: all of it. */
  readonly shares?: readonly [number, number];
  readonly points: readonly {
    /** `from` at t is compared with `to` at t + lag. */
    readonly lag: number;
    /** `shared`: mean cosine of such pairs less that of others; `raw`: unbiased CKA. 0 = none. */
    readonly score: number;
  }[];
  readonly peak: {
    readonly lag: number;
    readonly score: number;
    /** Lags the peak had in 95 % of resamplings of stretches of time. */
    readonly low: number;
    readonly high: number;
  };
  /** Largest score over all lags that 95 % of unrelated streams stay at or below; a peak under it says nothing. */
  readonly null95: number;
}
