import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const TRANSFORMERS = "@huggingface/transformers@4.3.1";

/**
 * Puts transformers.js, its runtime and our model files in the layout it expects into `site/peer`.
 * The package is fetched from npm once, into `.cache/bench-peer`; it is no dependency of ours.
 */
export function layOutPeer(root: string, site: string): void {
  const cache = join(root, ".cache/bench-peer");
  const transformers = fetchPackage(cache, "transformers", TRANSFORMERS);
  const { dependencies } = JSON.parse(readFileSync(join(transformers, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  }; // a package.json of a package that has some
  const runtime = fetchPackage(
    cache,
    "runtime",
    `onnxruntime-web@${dependencies["onnxruntime-web"]}`,
  );
  const peer = join(site, "peer");
  mkdirSync(peer, { recursive: true });
  copyFileSync(join(transformers, "dist/transformers.js"), join(peer, "transformers.js"));
  for (const ext of ["mjs", "wasm"]) {
    const name = `ort-wasm-simd-threaded.asyncify.${ext}`;
    copyFileSync(join(runtime, "dist", name), join(peer, name));
  }
  layOutModels(join(root, "public/models"), join(peer, "models"));
}

function fetchPackage(cache: string, name: string, spec: string): string {
  const home = join(cache, `${name}-${spec.slice(spec.lastIndexOf("@") + 1)}`);
  if (existsSync(home)) return home;
  const temporary = join(cache, `unpacking-${process.pid}`);
  mkdirSync(temporary, { recursive: true });
  const options = ["pack", spec, "--silent", "--ignore-scripts", "--pack-destination", temporary];
  const archive = execFileSync("npm", options, { encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", join(temporary, archive), "-C", temporary]);
  renameSync(join(temporary, "package"), home);
  rmSync(temporary, { recursive: true });
  return home;
}

function layOutModels(from: string, to: string): void {
  const place = (id: string, files: Readonly<Record<string, string | object>>) => {
    mkdirSync(join(to, id, "onnx"), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      if (typeof content === "string") copyFileSync(join(from, id, content), join(to, id, path));
      else writeFileSync(join(to, id, path), JSON.stringify(content));
    }
  };
  place("all-minilm-l6-v2", {
    "onnx/model.onnx": "model.w8.onnx",
    "tokenizer.json": "tokenizer.json",
    "tokenizer_config.json": "tokenizer_config.json",
    "config.json": "config.json",
  });
  place("efficientnet-lite0", {
    "onnx/model.onnx": "model.w16.onnx",
    "config.json": { model_type: "efficientnet" },
    "preprocessor_config.json": {
      image_processor_type: "ViTImageProcessor",
      ...{ do_resize: true, size: { height: 224, width: 224 }, resample: 3 },
      ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: true },
      image_mean: [127 / 255, 127 / 255, 127 / 255],
      image_std: [128 / 255, 128 / 255, 128 / 255],
    },
  });
}
