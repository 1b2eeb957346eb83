import { Changes } from "../../src/app/changes";
import { createServices, type ServiceWorkers } from "../../src/app/createServices";
import { EncodeWorker } from "../../src/app/encodeWorker";
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
  const channel = new BroadcastChannel(name);
  (channel as unknown as NodeJS.RefCounted).unref(); // Node's channel, in jsdom tests too
  const workers = fakeSlots(fakes);
  const services = await createServices({
    stores,
    pruneEmbeddings: async () => {},
    workers,
    startTimed: () => slotOf<EncodeContract>(fakes.encode),
    changes: new Changes(channel),
    deviceInfo: Promise.resolve({
      device: "wasm",
      label: "CPU · WebAssembly",
      reason: "this browser has no WebGPU",
      threads: 1,
    }),
    devicePreference: preferenceOf(),
    cores: 1,
    isIsolated: false,
  });
  const { encode, ...others } = workers;
  return {
    ...{ ...services, stores },
    close() {
      for (const slot of [...Object.values(others), ...Object.values(encode)]) slot.close();
    },
  };
}

function fakeSlots(fakes: FakeWorkers): ServiceWorkers {
  return {
    importer: slotOf<ImportContract>({ check: async () => [], ...fakes.importer }),
    keeper: slotOf<ProjectContract>(fakes.keeper),
    downloader: slotOf<DownloadContract>({ foreignRequests: async () => 0, ...fakes.download }),
    ownModel: slotOf<OwnModelContract>(fakes.ownModel),
    sensorModel: slotOf<OwnModelContract>(fakes.ownModel),
    encode: ofEachModality(() => new EncodeWorker(() => clientOf<EncodeContract>(fakes.encode))),
    selector: slotOf<SelectContract>(fakes.select),
    aligner: slotOf<AlignContract>(fakes.align),
    searcher: slotOf<SearchContract>(fakes.search),
    explorer: slotOf<ExploreContract>(fakes.explore),
    exporter: slotOf<ExportContract>(fakes.exporter),
    joiner: slotOf<JoinContract>(fakes.join),
    hubSearcher: slotOf<HubContract>(fakes.hub),
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
