import type { EncoderFile, EncoderSpec, SensorPreprocessing } from "../../core/domain/encoder";
import type { SensorLayout } from "../../core/domain/sensor";
import { readWindow } from "../../core/formats/sensorWindow";
import { AppError } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import type { DatasetStore, EncoderStore, ProjectStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { sha256 } from "../sha256";
import { throttleProgress } from "../throttleProgress";
import { channelScales } from "./channelScales";
import { FileCache } from "./fileCache";
import { randomKernelModel } from "./randomKernelModel";
import { standardise } from "./sensorEncoder";

/** Kernels of an encoder of windows: a third of those for sounds, whose clips say more. */
const KERNELS = 1_000;

/** Training windows that scale the channels and set the kernels' thresholds; more change little. */
const CALIBRATION_WINDOWS = 500;

export interface SensorEncoderDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs" | "blob">;
  readonly encoders: Pick<EncoderStore, "put">;
  readonly caches?: CacheStorage;
  /** The site's base URL. */
  readonly base: string;
  /** Only tests have a smaller one. */
  readonly build?: typeof randomKernelModel;
}

interface SensorEncoderRequest {
  readonly projectId: string;
  readonly seed: number;
}

/**
 * Makes the encoder of a project's windows and keeps it in this browser: frozen random kernels over
 * its channels, which training windows alone scale and calibrate. The same windows and seed give
 * the same encoder, by id, files and key.
 *
 * @throws AppError `encoder/no-windows` where fewer than two are in training, `data/degenerate`
 *   where all are alike, `storage/quota`, `storage/unavailable` (nothing is kept then), `cancelled`.
 */
export async function createSensorEncoder(
  { projectId, seed }: SensorEncoderRequest,
  deps: SensorEncoderDependencies,
  { signal, report }: { signal: AbortSignal; report: (progress: Progress) => void },
): Promise<EncoderSpec> {
  const project = await deps.projects.get(projectId);
  const layout = project.data?.sensor;
  const digests = layout ? await trainingDigests(projectId, deps.datasets) : [];
  if (!layout || digests.length < 2) throw new AppError("encoder/no-windows", project.name);
  const windows = await readWindows(digests, { projectId, deps, signal, report });
  const channels = layout.channels.map(({ name }) => name);
  const preprocessing: SensorPreprocessing = {
    kind: "sensor",
    channels,
    ...channelScales(windows, channels.length),
    input: "features",
    lengths: "lengths",
  };
  const calibration = windows.map((window) => standardise(window, preprocessing));
  const build = deps.build ?? randomKernelModel;
  const options = { channels: channels.length, seed, kernels: KERNELS, calibration };
  const { bytes: model, width } = await build({ ...options, signal, report });
  signal.throwIfAborted();
  const file: EncoderFile = {
    ...{ role: "model", path: "model.onnx" },
    ...{ sizeBytes: model.length, sha256: await sha256(model) },
  };
  const id = await idOf(preprocessing, seed, digests);
  const spec = specOf({ id, layout, preprocessing, file, width, windows });
  await keep(spec, model, deps);
  return spec;
}

/** Digests of windows in training pairs, sorted, at most as many as calibrate, evenly taken. */
async function trainingDigests(
  projectId: string,
  datasets: SensorEncoderDependencies["datasets"],
): Promise<string[]> {
  const [items, pairs] = await Promise.all([
    datasets.items(projectId, "sensor"),
    datasets.pairs(projectId),
  ]);
  const digests = new Set<string>();
  for (const { sensor, split, excluded } of pairs) {
    const item = sensor === undefined ? undefined : items[sensor];
    if (item && split === "train" && excluded === undefined) digests.add(item.digest);
  }
  const sorted = [...digests].sort();
  const taken = Math.min(sorted.length, CALIBRATION_WINDOWS);
  return sorted.filter((_, i) => {
    // Place i is taken where the count of taken ones grows there.
    return Math.floor(((i + 1) * taken) / sorted.length) > Math.floor((i * taken) / sorted.length);
  });
}

interface ReadWindowsOptions {
  readonly projectId: string;
  readonly deps: Pick<SensorEncoderDependencies, "datasets">;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

async function readWindows(
  digests: readonly string[],
  { projectId, deps, signal, report }: ReadWindowsOptions,
): Promise<Matrix[]> {
  const send = throttleProgress(report);
  const windows: Matrix[] = [];
  for (const digest of digests) {
    signal.throwIfAborted();
    const blob = await deps.datasets.blob(projectId, digest);
    windows.push(readWindow(new Uint8Array(await blob.arrayBuffer()), digest.slice(0, 12)));
    send({ stage: "read", done: windows.length, total: digests.length, unit: "items" });
  }
  return windows;
}

/** The digest of all that decides the numbers, shortened. */
async function idOf(
  { channels, mean, std }: SensorPreprocessing,
  seed: number,
  digests: readonly string[],
): Promise<string> {
  const json = JSON.stringify([channels, mean, std, seed, KERNELS, digests]);
  return `sensor-${(await sha256(json)).slice(0, 16)}`;
}

interface SpecParts {
  readonly id: string;
  readonly layout: SensorLayout;
  readonly preprocessing: SensorPreprocessing;
  readonly file: EncoderFile;
  readonly width: number;
  readonly windows: readonly Matrix[];
}

function specOf({ id, layout, preprocessing, file, width, windows }: SpecParts): EncoderSpec {
  const channels = layout.channels.length;
  const names = layout.channels.map(({ name }) => name).join(", ");
  return {
    id,
    name: `Random kernels · ${channels === 1 ? "1 channel" : `${channels} channels`}`,
    modality: "sensor",
    origin: "file",
    verified: false,
    summary: `${KERNELS.toLocaleString("en")} frozen random kernels over ${names}, scaled by this project’s training windows; made in this browser, nothing is downloaded.`,
    source: file.path,
    revision: "own",
    license: "no licence needed: made here from your data",
    parameters: 0,
    width,
    outputs: { mean: "embedding" },
    layers: [],
    preprocessing,
    preprocessingVersion: 1,
    files: [file],
    parityPath: null,
    wasmMsPerItem: roughMs(windows),
  };
}

/** About 10⁹ multiplications a second on one thread; 9 per kernel, reading and neighbouring channel. */
function roughMs(windows: readonly Matrix[]): number {
  const readings = windows.reduce((sum, { cols }) => sum + cols, 0) / windows.length;
  const channels = Math.min(windows[0]?.rows ?? 1, 11);
  return Math.max(0.1, (KERNELS * 9 * readings * channels) / 1e6);
}

async function keep(
  spec: EncoderSpec,
  model: Uint8Array<ArrayBuffer>,
  { caches, base, encoders }: SensorEncoderDependencies,
): Promise<void> {
  const cache = new FileCache(caches, base);
  try {
    for (const file of spec.files) await cache.put(cache.address(spec, file), model);
    await encoders.put(spec);
  } catch (thrown) {
    await cache.deleteEncoder(spec.id);
    throw thrown;
  }
}
