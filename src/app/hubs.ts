import type { QueryInput } from "../core/domain/encodeRequest";
import type { DevicePreference } from "../core/domain/encoder";
import type { FrozenCheck, Hub, HubMember, HubSource, PathScore } from "../core/domain/hub";
import type {
  DegradationCurve,
  DegradeRequest,
  HubItem,
  HubSearchResult,
  HubStatus,
  LagRequest,
  LagScan,
  MissingRequest,
  MissingTable,
  HubTerm,
} from "../core/domain/hubQuery";
import type { Split } from "../core/domain/dataset";
import { PLAIN_SCORES, type ScoreSettings } from "../core/domain/query";
import type { ExportedFile } from "../core/domain/takeAway";
import { AppError } from "../core/errors";
import type { JoiningStore } from "../core/joiningPort";
import type { HubStore, ProjectStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { HubContract } from "../rpc/hubContract";
import type { JoinContract } from "../rpc/joinContract";
import type { Changes } from "./changes";
import type { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import { Joinings } from "./joinings";
import type { LiveRuns } from "./liveRuns";
import type { QueryVectors } from "./queryVectors";
import type { WorkerCalls } from "./workerSlot";

interface HubsDependencies {
  readonly projects: ProjectStore;
  readonly hubs: HubStore;
  readonly joinings: JoiningStore;
  readonly joiner: WorkerCalls<JoinContract>;
  readonly hubSearcher: WorkerCalls<HubContract>;
  readonly encoding: Encoding;
  readonly vectors: QueryVectors;
  readonly jobs: Jobs;
  readonly live: LiveRuns;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** One part of what is asked of a hub: words or a file for a member's encoder, or an item. */
export type AskedHubTerm = { readonly memberId: string; readonly weight: number } & (
  | { readonly kind: "input"; readonly input: QueryInput }
  | { readonly kind: "item"; readonly item: HubItem }
);

export interface HubQueryOptions {
  readonly target: string;
  readonly limit: number;
  readonly splits: readonly Split[];
  readonly scores?: ScoreSettings;
  readonly signal?: AbortSignal;
  readonly report?: (progress: Progress) => void;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Commands on hubs: freeze, remove, look into, query; `joinings` has those that bring members in. */
export class Hubs {
  readonly #deps: HubsDependencies;
  readonly joinings: Joinings;

  constructor(deps: HubsDependencies) {
    this.#deps = deps;
    this.joinings = new Joinings(deps);
  }

  static freezeJob = (projectId: string): string => `freeze/${projectId}`;

  /** Id of the job that measures the paths between two members. */
  static pathJob = (hubId: string, from: string, to: string): string =>
    `path/${hubId}/${from}/${to}`;

  static checkJob = (hubId: string): string => `check-hub/${hubId}`;

  /** Freezes a shared space as a new hub. Undefined when it failed or was stopped. */
  async freeze(projectId: string, name: string, source: HubSource): Promise<Hub | undefined> {
    const { jobs, joiner, changes } = this.#deps;
    const hub = await jobs.start(Hubs.freezeJob(projectId), (signal, onProgress) =>
      joiner.call("freeze", { projectId, name, source }, { signal, onProgress }),
    );
    if (hub) changes.publish("hubs", `hub/${hub.id}`);
    return hub;
  }

  /** Takes out one that joined; the others stay as they are. */
  async removeMember(hubId: string, memberId: string): Promise<void> {
    await this.#deps.hubs.deleteMember(hubId, memberId);
    this.#deps.changes.publish("hubs", `hub/${hubId}`);
  }

  /** Puts back what `removeMember` took out. */
  async restoreMember(member: HubMember): Promise<void> {
    await this.#deps.hubs.putMember(member);
    this.#deps.changes.publish("hubs", `hub/${member.hubId}`);
  }

  async rename(hubId: string, name: string): Promise<void> {
    const { hub } = await this.#deps.hubs.get(hubId);
    await this.#deps.hubs.put({ ...hub, name });
    this.#deps.changes.publish("hubs", `hub/${hubId}`);
  }

  /** Removes a hub with all who joined it or were about to; projects and runs stay. */
  async remove(hubId: string): Promise<void> {
    this.joinings.stopAll(hubId);
    await this.#deps.hubs.delete(hubId);
    this.#deps.changes.publish("hubs", `hub/${hubId}`);
  }

  /** Computes again what the hub gave when it was frozen. Undefined when it failed or was stopped. */
  check(hubId: string): Promise<FrozenCheck | undefined> {
    const { jobs, joiner } = this.#deps;
    return jobs.start(Hubs.checkJob(hubId), (signal, onProgress) =>
      joiner.call("check", { hubId }, { signal, onProgress }),
    );
  }

  /** Measures one path of the graph now. */
  scorePath(
    hubId: string,
    from: string,
    to: string,
    options: CallOptions = {},
  ): Promise<PathScore> {
    return this.#deps.joiner.call("scorePath", { hubId, from, to }, options);
  }

  /** Measures both directions between two members. Undefined when it failed or was stopped. */
  measurePaths(hubId: string, from: string, to: string): Promise<readonly PathScore[] | undefined> {
    const { jobs } = this.#deps;
    return jobs.start(Hubs.pathJob(hubId, from, to), async (signal, onProgress) => [
      await this.scorePath(hubId, from, to, { signal, onProgress }),
      await this.scorePath(hubId, to, from, { signal, onProgress }),
    ]);
  }

  /** One member as a file of its own. */
  packSense(hubId: string, memberId: string): Promise<ExportedFile> {
    return this.#deps.joiner.call("packSense", { hubId, memberId });
  }

  /** Brings a member in from a file. @throws AppError `hub/other-hub`, `hub/pack`. */
  async unpackSense(hubId: string, file: Blob): Promise<HubMember> {
    const member = await this.#deps.joiner.call("unpackSense", { hubId, file });
    this.#deps.changes.publish("hubs", `hub/${hubId}`);
    return member;
  }

  /** Makes the gallery of a hub ready, or brings it to the members it has now. */
  open(hubId: string, options: CallOptions = {}): Promise<HubStatus> {
    return this.#deps.hubSearcher.call("open", { hubId }, options);
  }

  /** Ranks the items of one member. `encodeMs`: time to embed the query. */
  async search(
    hubId: string,
    members: readonly HubMember[],
    terms: readonly AskedHubTerm[],
    { target, limit, splits, scores = PLAIN_SCORES, signal, report }: HubQueryOptions,
  ): Promise<HubSearchResult & { readonly encodeMs: number }> {
    let encodeMs = 0; // each counts its waiting for those before it, so the longest is all of it
    const encoded = await Promise.all(
      terms.map(async ({ memberId, weight, ...term }): Promise<HubTerm> => {
        if (term.kind === "item") return { memberId, weight, item: term.item };
        const { vector, elapsedMs } = await this.#vectorOf(members, memberId, term.input, signal);
        encodeMs = Math.max(encodeMs, elapsedMs);
        return { memberId, weight, vector };
      }),
    );
    const transfer = encoded.flatMap((term) => ("vector" in term ? term.vector.buffer : []));
    const result = await this.#deps.hubSearcher.call(
      "search",
      { hubId, terms: encoded, target, limit, splits, scores },
      { transfer, ...(signal && { signal }), ...(report && { onProgress: report }) },
    );
    return { ...result, encodeMs };
  }

  /** Recall by which parts of a query are there. */
  missing(request: MissingRequest, options: CallOptions = {}): Promise<MissingTable> {
    return this.#deps.hubSearcher.call("missing", request, options);
  }

  /** Recall as one part of the query is made worse. */
  degrade(request: DegradeRequest, options: CallOptions = {}): Promise<DegradationCurve> {
    return this.#deps.hubSearcher.call("degrade", request, options);
  }

  /** Alignment by offset in time. */
  lagScan(request: LagRequest, options: CallOptions = {}): Promise<LagScan> {
    return this.#deps.hubSearcher.call("lagScan", request, options);
  }

  #vectorOf(
    members: readonly HubMember[],
    memberId: string,
    input: QueryInput,
    signal: AbortSignal | undefined,
  ) {
    const member = members.find(({ id }) => id === memberId);
    if (!member) throw new AppError("storage/missing", `member ${memberId} of the hub`);
    const { modality, encoder } = member;
    return this.#deps.vectors.by(encoder, modality, input, signal);
  }
}
