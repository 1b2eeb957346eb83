import { IdbDatasetStore } from "./datasetStore";
import { openPlaygroundDb } from "./db";
import { IdbDoubtStore } from "./doubtStore";
import { IdbEmbeddingStore } from "./embeddingStore";
import { IdbEncoderStore } from "./encoderStore";
import { IdbHubStore } from "./hubStore";
import { IdbJoiningStore } from "./joiningStore";
import { IdbProjectArchive } from "./projectArchive";
import { IdbProjectStore } from "./projectStore";
import { IdbRunStore } from "./runStore";
import { IdbSettingStore } from "./settingStore";

/**
 * Every store, over one connection.
 *
 * @param onOutdated see `openPlaygroundDb`.
 * @throws AppError `storage/unavailable` or `storage/outdated`.
 */
export async function openStores(onOutdated?: () => void) {
  const db = await openPlaygroundDb("playground", onOutdated);
  return {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    doubts: new IdbDoubtStore(db),
    encoders: new IdbEncoderStore(db),
    runs: new IdbRunStore(db),
    hubs: new IdbHubStore(db),
    joinings: new IdbJoiningStore(db),
    settings: new IdbSettingStore(db),
    archive: new IdbProjectArchive(db),
  };
}
