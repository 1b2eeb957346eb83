import { Aligning } from "../../src/app/aligning";
import { Calibrating } from "../../src/app/calibrating";
import { Changes } from "../../src/app/changes";
import { Doctoring } from "../../src/app/doctoring";
import { Downloads } from "../../src/app/downloads";
import { Encoders } from "../../src/app/encoders";
import { EncodeWorker } from "../../src/app/encodeWorker";
import { Encoding } from "../../src/app/encoding";
import { Explaining } from "../../src/app/explaining";
import { Exporting } from "../../src/app/exporting";
import { HubChoice } from "../../src/app/hubChoice";
import { Hubs } from "../../src/app/hubs";
import { Jobs } from "../../src/app/jobs";
import { Labelling } from "../../src/app/labelling";
import { LiveRuns } from "../../src/app/liveRuns";
import { Mapping } from "../../src/app/mapping";
import { OwnModels } from "../../src/app/ownModels";
import { ProjectFiles } from "../../src/app/projectFiles";
import { Projects } from "../../src/app/projects";
import { Querying } from "../../src/app/querying";
import { QueryVectors } from "../../src/app/queryVectors";
import { RecipeRunner } from "../../src/app/recipeRunner";
import { Selecting } from "../../src/app/selecting";
import { SensorEncoders } from "../../src/app/sensorEncoders";
import { Sweeps } from "../../src/app/sweeps";
import type { Services } from "../../src/app/services";
import { WorkerSlot } from "../../src/app/workerSlot";
import type { DevicePreference } from "../../src/core/domain/encoder";
import { ofEachModality } from "../../src/core/domain/modality";
import { AppError } from "../../src/core/errors";
import type { EncoderStore } from "../../src/core/ports";
import type { AlignContract } from "../../src/rpc/alignContract";
import { WorkerClient } from "../../src/rpc/client";
import type { Contract } from "../../src/rpc/contract";
import type { DownloadContract } from "../../src/rpc/downloadContract";
import type { EncodeContract } from "../../src/rpc/encodeContract";
import type { ExploreContract } from "../../src/rpc/exploreContract";
import type { ExportContract } from "../../src/rpc/exportContract";
import type { HubContract } from "../../src/rpc/hubContract";
import type { ImportContract } from "../../src/rpc/importContract";
import type { JoinContract } from "../../src/rpc/joinContract";
import type { OwnModelContract } from "../../src/rpc/ownModelContract";
import type { ProjectContract } from "../../src/rpc/projectContract";
import type { SearchContract } from "../../src/rpc/searchContract";
import type { SelectContract } from "../../src/rpc/selectContract";
import type { Handlers } from "../../src/rpc/server";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbHubStore } from "../../src/storage/hubStore";
import { IdbJoiningStore } from "../../src/storage/joiningStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { IdbSettingStore } from "../../src/storage/settingStore";
import { fakeWorker } from "./fakeWorker";

/** What the fake workers of a test answer; a method left out fails when it is called. */
export interface FakeWorkers {
  readonly importer?: Partial<Handlers<ImportContract>>;
  readonly encode?: Partial<Handlers<EncodeContract>>;
  readonly align?: Partial<Handlers<AlignContract>>;
  readonly search?: Partial<Handlers<SearchContract>>;
  readonly select?: Partial<Handlers<SelectContract>>;
  readonly download?: Partial<Handlers<DownloadContract>>;
  readonly ownModel?: Partial<Handlers<OwnModelContract>>;
  readonly keeper?: Partial<Handlers<ProjectContract>>;
  readonly explore?: Partial<Handlers<ExploreContract>>;
  readonly exporter?: Partial<Handlers<ExportContract>>;
  readonly join?: Partial<Handlers<JoinContract>>;
  readonly hub?: Partial<Handlers<HubContract>>;
}

export interface TestServices extends Services {
  /** With what the download worker writes to. */
  readonly stores: Services["stores"] & { readonly encoders: EncoderStore };
  /** Ends the fake workers. What is still on its way to the database may arrive. */
  close(): void;
}

let databases = 0;

/** Real services over fake workers and an empty in-memory database. */
export async function testServices(fakes: FakeWorkers = {}): Promise<TestServices> {
  const name = `test-${databases++}`;
  const db = await openPlaygroundDb(name);
  const stores = {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    runs: new IdbRunStore(db),
    hubs: new IdbHubStore(db),
    joinings: new IdbJoiningStore(db),
    settings: new IdbSettingStore(db),
    encoders: new IdbEncoderStore(db),
  };
  const jobs = new Jobs();
  const live = new LiveRuns();
  const channel = new BroadcastChannel(name);
  (channel as unknown as NodeJS.RefCounted).unref(); // Node's channel, in jsdom tests too
  const changes = new Changes(channel);
  const importer = slotOf<ImportContract>({ check: async () => [], ...fakes.importer });
  const workers = ofEachModality(
    () => new EncodeWorker(() => clientOf<EncodeContract>(fakes.encode)),
  );
  const aligner = slotOf<AlignContract>(fakes.align);
  const searcher = slotOf<SearchContract>(fakes.search);
  const downloader = slotOf<DownloadContract>({
    foreignRequests: async () => 0,
    ...fakes.download,
  });
  const ownModel = slotOf<OwnModelContract>(fakes.ownModel);
  const keeper = slotOf<ProjectContract>(fakes.keeper);
  const encoders = await Encoders.open(stores.encoders, changes);
  const devicePreference = preferenceOf();
  const hub = await HubChoice.restore(stores.settings);
  const downloads = new Downloads({ worker: downloader, jobs, changes, hub: hub.get });
  const common = { ...stores, jobs, live, changes, device: devicePreference.get };
  const projects = new Projects({ ...common, importer, pruneEmbeddings: async () => {} });
  const deviceInfo = Promise.resolve({
    device: "wasm",
    label: "CPU · WebAssembly",
    reason: "this browser has no WebGPU",
    threads: 1,
  } as const);
  const calibrating = new Calibrating({
    ...common,
    deviceInfo,
    start: () => slotOf<EncodeContract>(fakes.encode),
    cores: 1,
    isIsolated: false,
  });
  const encoding = new Encoding({ ...common, calibrating, workers });
  const selector = slotOf<SelectContract>(fakes.select);
  const selecting = new Selecting({ ...common, selector, workers });
  const querying = new Querying({ ...common, searcher, encoding });
  const explorer = slotOf<ExploreContract>(fakes.explore);
  const exporter = slotOf<ExportContract>(fakes.exporter);
  const joiner = slotOf<JoinContract>(fakes.join);
  const hubSearcher = slotOf<HubContract>(fakes.hub);
  const vectors = new QueryVectors(encoding);
  const aligning = new Aligning({ ...common, aligner, querying });
  const sweeps = new Sweeps({ ...common, aligning });
  const doctoring = new Doctoring({
    ...common,
    ...{ explorer, querying, encoding, aligning, editing: projects.editing },
  });
  return {
    jobs,
    live,
    changes,
    stores,
    projects,
    projectFiles: new ProjectFiles({ ...common, keeper }),
    encoders,
    ownModels: new OwnModels({ worker: ownModel, changes }),
    sensorEncoders: new SensorEncoders({ ...common, worker: ownModel }),
    downloads,
    hub,
    encoding,
    selecting,
    querying,
    labelling: new Labelling({ searcher, encoding, querying, jobs: common.jobs }),
    explaining: new Explaining({ searcher, encoding }),
    mapping: new Mapping({ searcher, explorer, jobs }),
    doctoring,
    exporting: new Exporting({ exporter, jobs }),
    hubs: new Hubs({ ...common, joiner, hubSearcher, encoding, vectors }),
    aligning,
    sweeps,
    recipes: new RecipeRunner({
      encoders,
      downloads,
      jobs,
      stores,
      projects,
      encoding,
      aligning,
      sweeps,
      querying,
    }),
    deviceInfo,
    devicePreference,
    close() {
      for (const slot of [
        importer,
        ...Object.values(workers),
        aligner,
        searcher,
        selector,
        downloader,
        ownModel,
        keeper,
        explorer,
        exporter,
        joiner,
        hubSearcher,
      ]) {
        slot.close();
      }
    },
  };
}

function slotOf<C extends Contract>(handlers?: Partial<Handlers<C>>): WorkerSlot<C> {
  return new WorkerSlot<C>(() => clientOf<C>(handlers));
}

function clientOf<C extends Contract>(handlers: Partial<Handlers<C>> = {}): WorkerClient<C> {
  // A method the test left out answers with an error that names it, instead of never.
  const all = new Proxy(handlers, {
    get: (known, method: string) =>
      known[method] ??
      (() => Promise.reject(new AppError("internal", `the test has no handler “${method}”`))),
  }) as Handlers<C>; // every key answers
  return new WorkerClient<C>(fakeWorker<C>(all).worker);
}

function preferenceOf(): Services["devicePreference"] {
  let preference: DevicePreference = "auto";
  const listeners = new Set<() => void>();
  return {
    get: () => preference,
    set(next) {
      preference = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
