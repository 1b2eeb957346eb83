import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** Which layers each layer may import from, besides itself. The table is the architecture. */
const LAYERS: Record<string, { layers: string[]; packages: string[] }> = {
  core: { layers: [], packages: [] },
  engine: {
    layers: ["core"],
    packages: [
      "onnxruntime-web",
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-backend-cpu",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "@huggingface/tokenizers",
      "@zip.js/zip.js",
      "papaparse",
      "hyparquet",
      "hyparquet-compressors",
      "hash-wasm",
      "client-zip",
      "hyparquet-writer",
      "mediabunny",
    ],
  },
  storage: { layers: ["core"], packages: ["idb"] },
  rpc: { layers: ["core"], packages: [] },
  app: { layers: ["core", "rpc", "storage"], packages: ["react"] },
  ui: {
    layers: ["core", "app"],
    packages: ["react", "react-dom", "wouter", "@tanstack/react-virtual"],
  },
  // The exported search page: a site of its own, built apart and handed out by the export.
  searchPage: {
    layers: ["core", "engine", "rpc", "ui"],
    packages: ["react", "react-dom", "onnxruntime-web"],
  },
  cli: { layers: ["core"], packages: ["node:", "playwright-core", "vite", "@sparticuz/chromium"] },
  workers: { layers: ["core", "engine", "storage", "rpc"], packages: [] },
};

const files = ["src", "workers"].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(root, name)),
);
const source = (file: string) => readFileSync(file, "utf8");
const posix = (file: string) => file.split(sep).join("/");

/** "src/core/job.ts" -> "core"; "workers/embed.worker.ts" -> "workers"; main.tsx is its own. */
const layerOf = (file: string): string => {
  const [root, second = ""] = file.split(sep);
  return root === "workers" ? "workers" : second;
};

/** "src/ui/features/data/Panel.tsx" -> "data". */
const featureOf = (file: string) => /^src\/ui\/features\/([^/]+)/.exec(posix(file))?.[1];

const read = new Map<string, { local: string[]; packages: string[] }>();

function importsOf(file: string): { local: string[]; packages: string[] } {
  const known = read.get(file);
  if (known) return known;
  const { importedFiles } = ts.preProcessFile(source(file), true, true);
  // Vite's `?url` names a file by its address and imports nothing of it.
  const names = importedFiles.map((i) => i.fileName).filter((name) => !name.endsWith("?url"));
  const imports = {
    local: names.filter((n) => n.startsWith(".")).map((n) => normalize(join(dirname(file), n))),
    packages: names.filter((n) => !n.startsWith(".")),
  };
  read.set(file, imports);
  return imports;
}

const isOf = (name: string, allowed: string) =>
  name === allowed || name.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`);

/** Every import of a file as `file -> name`, kept where `isWrong` says so: what a failure shows. */
function offences(
  kind: "local" | "packages",
  isWrong: (name: string, file: string) => unknown,
): string[] {
  return files.flatMap((file) =>
    importsOf(file)
      [kind].filter((name) => isWrong(name, file))
      .map((name) => `${posix(file)} -> ${posix(name)}`),
  );
}

describe.each(Object.entries(LAYERS))("%s", (own, { layers, packages }) => {
  it("imports only from the layers below", () => {
    const wrong = offences("local", (name, file) => {
      const target = layerOf(name);
      return layerOf(file) === own && target !== own && !layers.includes(target);
    });
    expect(wrong).toEqual([]);
  });

  it("imports only the packages of its layer", () => {
    const wrong = offences("packages", (name, file) => {
      return layerOf(file) === own && !packages.some((allowed) => isOf(name, allowed));
    });
    expect(wrong).toEqual([]);
  });
});

it("imports files that exist", () => {
  const missing = offences("local", (n) => !["", ".ts", ".tsx"].some((e) => existsSync(n + e)));
  expect(missing).toEqual([]);
});

it("lets no feature import another", () => {
  const wrong = offences("local", (name, file) => {
    const target = featureOf(name);
    return featureOf(file) && target && target !== featureOf(file);
  });
  expect(wrong).toEqual([]);
});

it("has no default exports", () => {
  const pattern = /^export default |^export \{[^}]*\bas default\b/m;
  expect(files.filter((file) => pattern.test(source(file)))).toEqual([]);
});

it("keeps a file one thing: at most 300 lines, 30 for the entry of a worker", () => {
  const limit = (file: string) => (layerOf(file) === "workers" ? 30 : 300);
  const long = files.filter((file) => source(file).trimEnd().split("\n").length > limit(file));
  expect(long).toEqual([]);
});

it("knows every folder under src", () => {
  const unknown = [...new Set(files.map(layerOf))].filter((layer) => !(layer in LAYERS));
  expect(unknown).toEqual(["main.tsx"]); // the composition root may import anything
});

it("takes tfjs through one file and its backends through another", () => {
  const allowed = ["src/engine/align/backend.ts", "src/engine/align/tf.ts"];
  const wrong = offences("packages", (name, file) => {
    return name.startsWith("@tensorflow/") && !allowed.includes(posix(file));
  });
  expect(wrong).toEqual([]);
});

it("takes onnxruntime through one file, and the search page its smaller build through another", () => {
  const allowed = [
    "src/engine/encoders/ort.ts",
    "src/engine/encoders/ortSession.ts", // its types
    "src/searchPage/pageRuntime.ts",
  ];
  const wrong = offences("packages", (name, file) => {
    return isOf(name, "onnxruntime-web") && !allowed.includes(posix(file));
  });
  expect(wrong).toEqual([]);
});

it("starts workers in one file, and the search page its own in another", () => {
  const starters = files.filter((file) => /\bnew (Shared)?Worker\(/.test(source(file)));
  expect(starters.map(posix)).toEqual([
    "src/app/startWorkers.ts",
    "src/searchPage/startPageWorker.ts",
  ]);
});

it("keeps the search page light: of the engine it takes what encodes a text and projects it", () => {
  const allowed = [
    "src/engine/align/forward",
    "src/engine/encoders/mutex",
    "src/engine/encoders/ortSession",
    "src/engine/encoders/session",
    "src/engine/encoders/textEncoder",
    "src/engine/encoders/tokenize",
  ];
  const wrong = offences("local", (name, file) => {
    return (
      layerOf(file) === "searchPage" && layerOf(name) === "engine" && !allowed.includes(posix(name))
    );
  });
  expect(wrong).toEqual([]);
});

it("has no barrels and no drawers for odds and ends", () => {
  const poor = files.filter((f) =>
    /(^|\/)(index\.tsx?|(utils|helpers|common)(\/|\.))/.test(posix(f)),
  );
  expect(poor).toEqual([]);
});
