import type { SearchPageManifest, SearchPagePart } from "../core/domain/searchPage";
import { AppError } from "../core/errors";
import { partPath } from "../core/formats/searchPageFiles";

// The page's only way to read its folder: see core/formats/searchPageFiles.

/** What the scripts of the folder call. */
interface ScriptReceiver {
  part(name: SearchPagePart, index: number, base64: string): void;
  manifest(json: string): void;
}

const received = new Map<string, string>();

/** Makes the page ready to be called by its scripts. */
export function receiveScripts(): void {
  const receiver: ScriptReceiver = {
    part: (name, index, base64) => void received.set(partPath(name, index), base64),
    manifest: (json) => void received.set(MANIFEST, json),
  };
  Object.assign(globalThis, { searchPage: receiver });
}

const MANIFEST = "data/manifest.js";

/** @throws AppError `page/part`. */
export async function loadManifest(): Promise<SearchPageManifest> {
  return JSON.parse(await loadScript(MANIFEST)) as SearchPageManifest; // written by the export
}

/** What one script carries, in base64. @throws AppError `page/part`. */
export function loadPart(name: SearchPagePart, index: number): Promise<string> {
  return loadScript(partPath(name, index));
}

function loadScript(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = path;
    const settle = () => {
      const text = received.get(path);
      received.delete(path);
      script.remove();
      if (text === undefined) reject(new AppError("page/part", path));
      else resolve(text);
    };
    script.addEventListener("load", settle);
    script.addEventListener("error", settle);
    document.head.append(script);
  });
}
