import type { DevicePreference } from "../../core/domain/encoder";
import type { FrozenCheck, Hub, HubMember, PathScore } from "../../core/domain/hub";
import {
  joiningId,
  type FreezeRequest,
  type JoinPlace,
  type JoinProgress,
  type JoinRequest,
} from "../../core/domain/joinRequest";
import type { ExportedFile } from "../../core/domain/takeAway";
import type { JoiningStore } from "../../core/joiningPort";
import type {
  DatasetStore,
  DoubtStore,
  EmbeddingStore,
  EncoderStore,
  HubStore,
  ProjectStore,
  RunStore,
} from "../../core/ports";
import type { Progress } from "../../core/progress";
import type { Backend } from "../align/backend";
import { throttleProgress } from "../throttleProgress";
import { checkHub } from "./checkHub";
import { freezeHub } from "./freezeHub";
import { joinHub } from "./joinHub";
import { scoreHubPath, type PathRequest } from "./scoreHubPath";
import { packSense, unpackSense } from "./sensePack";

/** What making hubs and joining them needs of the world. */
export interface JoinDependencies {
  readonly projects: Pick<ProjectStore, "get" | "list">;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly runs: Pick<RunStore, "get" | "projectors">;
  readonly hubs: HubStore;
  readonly joinings: JoiningStore;
  readonly doubts: Pick<DoubtStore, "all">;
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
  /** Joinings that were asked to end with the best so far. */
  readonly #finishing = new Set<string>();

  constructor(deps: JoinDependencies) {
    this.#deps = deps;
  }

  /** As `freezeHub`. */
  freeze(request: FreezeRequest, context: JoinContext): Promise<Hub> {
    return freezeHub(this.#deps, request, throttled(context));
  }

  /** As `joinHub`. */
  join(request: JoinRequest, context: JoinContext<JoinProgress>): Promise<HubMember> {
    const id = joiningId(request);
    this.#finishing.delete(id);
    const isFinishing = () => this.#finishing.has(id);
    return joinHub(this.#deps, request, { ...throttled(context), isFinishing });
  }

  /** Lets the training of a running `join` end after the step in hand, with its best. */
  finish(place: JoinPlace): void {
    this.#finishing.add(joiningId(place));
  }

  /** As `checkHub`. */
  check(request: { readonly hubId: string }, context: JoinContext): Promise<FrozenCheck> {
    return checkHub(this.#deps, request, throttled(context));
  }

  /** As `scoreHubPath`. */
  scorePath(request: PathRequest, context: JoinContext): Promise<PathScore> {
    return scoreHubPath(this.#deps, request, throttled(context));
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

/** Few enough reports to draw; a new point of a curve is never held back. */
function throttled<P extends JoinProgress>({ signal, report }: JoinContext<P>): JoinContext<P> {
  const seldom = throttleProgress((progress) => report(progress as P));
  const throttledReport = (progress: P) => (progress.points ? report(progress) : seldom(progress));
  return { signal, report: throttledReport };
}
