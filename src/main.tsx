import "@fontsource-variable/inter";
import { createRoot } from "react-dom/client";
import { Changes } from "./app/changes";
import { createServices, type ServiceWorkers } from "./app/createServices";
import { probeDevice } from "./app/device";
import { DeviceChoice } from "./app/deviceChoice";
import { EncodeWorker } from "./app/encodeWorker";
import { logError } from "./app/log";
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
  return createServices({
    stores,
    pruneEmbeddings: (used) => embeddings.prune(used),
    workers: idleWorkers(),
    startTimed: (threads) => new WorkerSlot(() => startEncodeWorker(threads)),
    changes: new Changes(new BroadcastChannel("playground")),
    deviceInfo: probeDevice(),
    devicePreference: await DeviceChoice.restore(stores.settings, location.search),
    cores: navigator.hardwareConcurrency || 1,
    isIsolated: crossOriginIsolated,
  });
}

function idleWorkers(): ServiceWorkers {
  return {
    importer: new WorkerSlot(startImportWorker),
    keeper: new WorkerSlot(startProjectWorker),
    downloader: new WorkerSlot(startDownloadWorker),
    ownModel: new WorkerSlot(startOwnModelWorker),
    sensorModel: new WorkerSlot(startOwnModelWorker),
    encode: ofEachModality(() => new EncodeWorker(startEncodeWorker)),
    selector: new WorkerSlot(startSelectWorker),
    aligner: new WorkerSlot(startAlignWorker),
    searcher: new WorkerSlot(startSearchWorker),
    explorer: new WorkerSlot(startExploreWorker),
    exporter: new WorkerSlot(startExportWorker),
    joiner: new WorkerSlot(startJoinWorker),
    hubSearcher: new WorkerSlot(startHubWorker),
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
