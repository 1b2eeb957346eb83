import "@fontsource-variable/inter";
import { createRoot } from "react-dom/client";
import { Aligning } from "./app/aligning";
import { Calibrating } from "./app/calibrating";
import { Changes } from "./app/changes";
import { probeDevice } from "./app/device";
import { DeviceChoice } from "./app/deviceChoice";
import { Doctoring } from "./app/doctoring";
import { Downloads } from "./app/downloads";
import { Encoders } from "./app/encoders";
import { EncodeWorker } from "./app/encodeWorker";
import { Encoding } from "./app/encoding";
import { Explaining } from "./app/explaining";
import { Exporting } from "./app/exporting";
import { HubChoice } from "./app/hubChoice";
import { Hubs } from "./app/hubs";
import { Jobs } from "./app/jobs";
import { Labelling } from "./app/labelling";
import { LiveRuns } from "./app/liveRuns";
import { logError } from "./app/log";
import { Mapping } from "./app/mapping";
import { OwnModels } from "./app/ownModels";
import { ProjectFiles } from "./app/projectFiles";
import { Projects } from "./app/projects";
import { Querying } from "./app/querying";
import { QueryVectors } from "./app/queryVectors";
import { RecipeRunner } from "./app/recipeRunner";
import { Selecting } from "./app/selecting";
import { SensorEncoders } from "./app/sensorEncoders";
import { Sweeps } from "./app/sweeps";
import { ServicesContext, type Services } from "./app/services";
import {
  startAlignWorker,
  startDownloadWorker,
  startEncodeWorker,
  startExploreWorker,
  startExportWorker,
  startHubWorker,
  startImportWorker,
  startJoinWorker,
  startOwnModelWorker,
  startProjectWorker,
  startSearchWorker,
  startSelectWorker,
} from "./app/startWorkers";
import { WorkerSlot } from "./app/workerSlot";
import { ofEachModality } from "./core/domain/modality";
import { AppError } from "./core/errors";
import { openStores } from "./storage/openStores";
import { App } from "./ui/App";
import { ErrorNote } from "./ui/components/ErrorNote";
import "./ui/styles/tokens.css";
import "./ui/styles/base.css";

async function buildServices(): Promise<Services> {
  const { embeddings, ...stores } = await openStores(() =>
    reportError(new AppError("storage/outdated")),
  );
  const jobs = new Jobs();
  const live = new LiveRuns();
  const changes = new Changes(new BroadcastChannel("playground"));
  const devicePreference = await DeviceChoice.restore(stores.settings, location.search);
  const device = devicePreference.get;
  const encoders = await Encoders.open(stores.encoders, changes);
  const hub = await HubChoice.restore(stores.settings);
  const downloads = new Downloads({
    worker: new WorkerSlot(startDownloadWorker),
    ...{ jobs, changes, hub: hub.get },
  });
  const projects = new Projects({
    ...stores,
    importer: new WorkerSlot(startImportWorker),
    jobs,
    changes,
    pruneEmbeddings: (used) => embeddings.prune(used),
  });
  const workers = ofEachModality(() => new EncodeWorker(startEncodeWorker));
  const deviceInfo = probeDevice();
  const calibrating = new Calibrating({
    ...stores,
    changes,
    deviceInfo,
    start: (threads) => new WorkerSlot(() => startEncodeWorker(threads)),
    cores: navigator.hardwareConcurrency || 1,
    isIsolated: crossOriginIsolated,
  });
  const encoding = new Encoding({ ...stores, workers, calibrating, jobs, changes, device });
  const selector = new WorkerSlot(startSelectWorker);
  const selecting = new Selecting({ ...stores, selector, workers, jobs, changes, device });
  const searcher = new WorkerSlot(startSearchWorker);
  const explorer = new WorkerSlot(startExploreWorker);
  const querying = new Querying({ ...stores, searcher, encoding });
  const labelling = new Labelling({ searcher, encoding, querying, jobs });
  const explaining = new Explaining({ searcher, encoding });
  const mapping = new Mapping({ searcher, explorer, jobs });
  const exporting = new Exporting({ exporter: new WorkerSlot(startExportWorker), jobs });
  const hubs = new Hubs({
    ...stores,
    ...{ encoding, jobs, live, changes, device, vectors: new QueryVectors(encoding) },
    joiner: new WorkerSlot(startJoinWorker),
    hubSearcher: new WorkerSlot(startHubWorker),
  });
  const aligner = new WorkerSlot(startAlignWorker);
  const aligning = new Aligning({ ...stores, aligner, querying, jobs, live, changes, device });
  const doctoring = new Doctoring({
    ...stores,
    ...{ explorer, querying, encoding, aligning, jobs, changes, editing: projects.editing },
  });
  const sweeps = new Sweeps({ ...stores, aligning, jobs, changes });
  const recipes = new RecipeRunner({
    encoders,
    downloads,
    jobs,
    stores,
    projects,
    encoding,
    aligning,
    sweeps,
    querying,
  });
  return {
    jobs,
    live,
    changes,
    stores,
    projects,
    projectFiles: new ProjectFiles({
      ...stores,
      ...{ jobs, changes, keeper: new WorkerSlot(startProjectWorker) },
    }),
    encoders,
    ownModels: new OwnModels({ worker: new WorkerSlot(startOwnModelWorker), changes }),
    sensorEncoders: new SensorEncoders({
      ...stores,
      ...{ jobs, changes, worker: new WorkerSlot(startOwnModelWorker) },
    }),
    downloads,
    hub,
    encoding,
    selecting,
    aligning,
    sweeps,
    querying,
    labelling,
    explaining,
    mapping,
    doctoring,
    exporting,
    hubs,
    recipes,
    deviceInfo,
    devicePreference,
  };
}

const container = document.getElementById("root");
if (!container) throw new AppError("internal", "index.html has no #root");
const root = createRoot(container, { onUncaughtError: logError, onCaughtError: logError });
buildServices().then(
  (services) =>
    root.render(
      <ServicesContext value={services}>
        <App />
      </ServicesContext>,
    ),
  (thrown: unknown) => root.render(<ErrorNote error={AppError.from(thrown)} />),
);
