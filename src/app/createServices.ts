import type { EncoderStore } from "../core/ports";
import type { Modality } from "../core/domain/modality";
import type { AlignContract } from "../rpc/alignContract";
import type { DownloadContract } from "../rpc/downloadContract";
import type { EncodeContract } from "../rpc/encodeContract";
import type { ExploreContract } from "../rpc/exploreContract";
import type { ExportContract } from "../rpc/exportContract";
import type { HubContract } from "../rpc/hubContract";
import type { ImportContract } from "../rpc/importContract";
import type { JoinContract } from "../rpc/joinContract";
import type { OwnModelContract } from "../rpc/ownModelContract";
import type { ProjectContract } from "../rpc/projectContract";
import type { SearchContract } from "../rpc/searchContract";
import type { SelectContract } from "../rpc/selectContract";
import { Aligning } from "./aligning";
import { Calibrating } from "./calibrating";
import type { Changes } from "./changes";
import { Doctoring } from "./doctoring";
import { Downloads } from "./downloads";
import { Encoders } from "./encoders";
import type { EncodeWorker } from "./encodeWorker";
import { Encoding } from "./encoding";
import { Explaining } from "./explaining";
import { Exporting } from "./exporting";
import { HubChoice } from "./hubChoice";
import { Hubs } from "./hubs";
import { Jobs } from "./jobs";
import { Labelling } from "./labelling";
import { LiveRuns } from "./liveRuns";
import { Mapping } from "./mapping";
import { OwnModels } from "./ownModels";
import { ProjectFiles } from "./projectFiles";
import { Projects } from "./projects";
import { Querying } from "./querying";
import { QueryVectors } from "./queryVectors";
import { RecipeRunner } from "./recipeRunner";
import { Selecting } from "./selecting";
import { SensorEncoders } from "./sensorEncoders";
import type { Services } from "./services";
import { Sweeps } from "./sweeps";
import type { WorkerSlot } from "./workerSlot";

/** The workers behind the services; each starts when it is first called. */
export interface ServiceWorkers {
  readonly importer: WorkerSlot<ImportContract>;
  readonly keeper: WorkerSlot<ProjectContract>;
  readonly downloader: WorkerSlot<DownloadContract>;
  readonly ownModel: WorkerSlot<OwnModelContract>;
  /** Makes encoders of sensor windows, apart from files the visitor brought. */
  readonly sensorModel: WorkerSlot<OwnModelContract>;
  readonly encode: Readonly<Record<Modality, EncodeWorker>>;
  readonly selector: WorkerSlot<SelectContract>;
  readonly aligner: WorkerSlot<AlignContract>;
  readonly searcher: WorkerSlot<SearchContract>;
  readonly explorer: WorkerSlot<ExploreContract>;
  readonly exporter: WorkerSlot<ExportContract>;
  readonly joiner: WorkerSlot<JoinContract>;
  readonly hubSearcher: WorkerSlot<HubContract>;
}

/** What services are made from: what is stored, workers, and facts about the browser. */
export interface ServiceParts {
  readonly stores: Services["stores"] & { readonly encoders: EncoderStore };
  /** Drops the embeddings no project uses. */
  readonly pruneEmbeddings: (used: ReadonlySet<string>) => Promise<void>;
  readonly workers: ServiceWorkers;
  /** An encode worker of so many threads, to be timed. */
  readonly startTimed: (threads: number) => WorkerSlot<EncodeContract>;
  readonly changes: Changes;
  readonly deviceInfo: Services["deviceInfo"];
  readonly devicePreference: Services["devicePreference"];
  readonly cores: number;
  /** Whether threads can share memory here. */
  readonly isIsolated: boolean;
}

/** Every service, connected; reads what was chosen before. */
export async function createServices(parts: ServiceParts): Promise<Services> {
  const { stores, workers, changes, deviceInfo, devicePreference, cores, isIsolated } = parts;
  const [jobs, live] = [new Jobs(), new LiveRuns()];
  const common = { ...stores, jobs, live, changes, device: devicePreference.get };
  const encoders = await Encoders.open(stores.encoders, changes);
  const hub = await HubChoice.restore(stores.settings);
  const projects = new Projects({ ...common, ...workers, pruneEmbeddings: parts.pruneEmbeddings });
  const start = parts.startTimed;
  const calibrating = new Calibrating({ ...common, deviceInfo, cores, isIsolated, start });
  const encoding = new Encoding({ ...common, calibrating, workers: workers.encode });
  const querying = new Querying({ ...common, ...workers, encoding });
  const aligning = new Aligning({ ...common, ...workers, querying });
  const downloads = new Downloads({ ...common, worker: workers.downloader, hub: hub.get });
  const sweeps = new Sweeps({ ...common, aligning });
  const { editing } = projects;
  return {
    ...{ jobs, live, changes, stores, deviceInfo, devicePreference },
    ...{ projects, encoders, hub, downloads, encoding, querying, aligning, sweeps },
    projectFiles: new ProjectFiles({ ...common, ...workers }),
    ownModels: new OwnModels({ worker: workers.ownModel, changes }),
    sensorEncoders: new SensorEncoders({ ...common, worker: workers.sensorModel }),
    selecting: new Selecting({ ...common, ...workers, workers: workers.encode }),
    labelling: new Labelling({ ...common, ...workers, encoding, querying }),
    explaining: new Explaining({ ...workers, encoding }),
    mapping: new Mapping({ ...common, ...workers }),
    doctoring: new Doctoring({ ...common, ...workers, querying, encoding, aligning, editing }),
    exporting: new Exporting({ ...common, ...workers }),
    hubs: new Hubs({ ...common, ...workers, encoding, vectors: new QueryVectors(encoding) }),
    recipes: new RecipeRunner({
      ...{ encoders, downloads, jobs, stores, projects, encoding, aligning, sweeps, querying },
    }),
  };
}
