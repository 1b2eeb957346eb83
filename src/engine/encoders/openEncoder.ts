import {
  defaultChoice,
  type DevicePreference,
  type EmbeddingChoice,
  type EncoderSpec,
} from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { row, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { outputOf } from "../encoding/encoderKey";
import { buildEncoder, fileOf, type AnyEncoder } from "./buildEncoder";
import { planDevice, type AdapterReport, type DevicePlan } from "./chooseDevice";
import { loadFiles, type LoadedFiles } from "./loadFiles";
import type { Mutex } from "./mutex";
import type { RgbImage } from "./resizeImage";
import { probePictures, probeSounds, probeWindows, PROBE_TEXTS } from "./probeItems";
import { loadParity } from "./parity";
import type { QueryableEncoder } from "./queryableEncoder";
import { isSameNumbers, lowestCosine, selfCheck, type ParityCase } from "./selfCheck";
import { Session, type ExternalData, type RawSession } from "./session";

type SessionDevice = "webgpu" | "wasm";

/** The world around the encoders; the worker passes the real one, tests a small one. */
export interface EncoderPlatform {
  /** The site's base URL. */
  readonly base: string;
  readonly caches?: CacheStorage;
  readonly mutex: Mutex;
  readonly threads: number;
  readonly probeAdapter: () => Promise<AdapterReport>;
  readonly createSession: (
    model: Uint8Array<ArrayBuffer>,
    device: SessionDevice,
    external?: ExternalData,
  ) => Promise<RawSession>;
  readonly decode?: (blob: Blob) => Promise<RgbImage>;
  /** Milliseconds, for the comparison of devices. */
  readonly clock: () => number;
}

/** An encoder that has proved its numbers on this device. */
export type OpenedEncoder = AnyEncoder & {
  readonly device: SessionDevice;
  readonly threads: number;
  readonly adapter: string | null;
  /** Where it runs and why, e.g. `CPU · WebAssembly: WebGPU found no adapter`. */
  readonly deviceReason: string;
  /** Lowest cosine of the self-check; null where the encoder has no reference vectors. */
  readonly parityCosine: number | null;
};

export interface OpenOptions {
  readonly report?: (progress: Progress) => void;
  /** Under `auto`: the device that was measured to be faster. */
  readonly measured?: SessionDevice;
}

/**
 * Loads an encoder, chooses its device and checks its numbers against reference vectors.
 *
 * @throws AppError `encoder/missing`, `encoder/digest`, `encoder/self-check`, `encoder/failed`, or
 *   `webgpu/unavailable`. Under `auto`, whatever fails on WebGPU leads to WebAssembly instead.
 */
export async function openEncoder(
  spec: EncoderSpec,
  choice: EmbeddingChoice,
  preference: DevicePreference,
  platform: EncoderPlatform,
  { report = () => {}, measured }: OpenOptions = {},
): Promise<OpenedEncoder> {
  outputOf(spec, choice); // before 20 MB are fetched in vain
  // Without reference vectors only the other device can say whether one computes rightly.
  const trusted = spec.parityPath === null ? undefined : measured;
  const plan = planDevice(preference, await platform.probeAdapter(), trusted);
  const files = await loadFiles(spec, { ...platform, report });
  const total = plan.kind === "compare" ? 2 : 1;
  let done = 0;
  const next = () => report({ stage: "self-check", done: done++, total, unit: "items" });
  next();
  const open = async (device: SessionDevice, reason: string) => {
    const candidate = await openOn(device, { spec, choice, files, platform, plan, reason });
    next();
    return candidate;
  };
  if (plan.kind === "compare") return faster(open, next);
  try {
    return (await open(plan.kind, plan.reason)).opened;
  } catch (thrown) {
    if (preference !== "auto" || plan.kind === "wasm") throw thrown;
    return (await open("wasm", `WebGPU failed: ${AppError.from(thrown).message}`)).opened;
  }
}

type Open = (device: SessionDevice, reason: string) => Promise<Candidate>;

async function faster(open: Open, onFailure: () => void): Promise<OpenedEncoder> {
  let gpu: Candidate;
  try {
    gpu = await open("webgpu", "faster than WebAssembly here");
  } catch (thrown) {
    onFailure();
    return (await open("wasm", `WebGPU failed: ${AppError.from(thrown).message}`)).opened;
  }
  const cpu = await open("wasm", "faster than WebGPU here");
  const agree = isSameNumbers(lowestCosine(rowsOf(gpu.checked), rowsOf(cpu.checked)));
  const [kept, other] = agree && gpu.batchMs < cpu.batchMs ? [gpu, cpu] : [cpu, gpu];
  await other.opened.encoder.release();
  if (agree) return kept.opened;
  const deviceReason = "CPU · WebAssembly: WebGPU computed other numbers";
  return { ...kept.opened, deviceReason };
}

const rowsOf = (m: Matrix) => Array.from({ length: m.rows }, (_, i) => row(m, i));

interface Candidate {
  readonly opened: OpenedEncoder;
  readonly batchMs: number;
  /** What it computed in its check: two devices must agree on it. */
  readonly checked: Matrix;
}

interface OpenOn {
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly files: LoadedFiles;
  readonly platform: EncoderPlatform;
  readonly plan: DevicePlan;
  readonly reason: string;
}

async function openOn(device: SessionDevice, options: OpenOn): Promise<Candidate> {
  const { spec, platform, plan, reason } = options;
  const { mutex, threads, createSession, clock } = platform;
  const model = fileOf(options.files, spec, "model");
  const external = externalOf(spec, options.files);
  const session = await Session.open(device, () => createSession(model, device, external), mutex);
  const adapter = device === "webgpu" ? plan.adapter : null;
  try {
    const built = buildEncoder(session, { ...options, ...platform });
    const check = await checkerOf(built, spec, platform);
    const { parityCosine, checked } = await check();
    const started = clock();
    // Timed where devices compete, after the first batch, which compiles shaders.
    if (plan.kind === "compare") await check();
    const opened = {
      ...built,
      device,
      threads: device === "wasm" ? threads : 1,
      adapter,
      deviceReason: `${deviceName(device, adapter, threads)}: ${reason}`,
      parityCosine,
    };
    return { opened, batchMs: clock() - started, checked };
  } catch (thrown) {
    // After a lost device release fails too; the first error is the one to tell.
    await session.release().catch(() => undefined);
    throw thrown;
  }
}

/** Weights outside the model file, under the name the model calls them by. */
function externalOf(spec: EncoderSpec, files: LoadedFiles): ExternalData | undefined {
  const data = files.get("model-data");
  const path = spec.files
    .find(({ role }) => role === "model-data")
    ?.path.split("/")
    .at(-1);
  return data && path !== undefined ? { path, data } : undefined;
}

type Check = () => Promise<{ readonly parityCosine: number | null; readonly checked: Matrix }>;

async function checkerOf(
  built: AnyEncoder,
  spec: EncoderSpec,
  platform: EncoderPlatform,
): Promise<Check> {
  const { images, texts, sounds } = await loadParity(spec, platform);
  switch (built.modality) {
    case "text":
      return check(built.encoder, spec, { cases: texts, probes: PROBE_TEXTS });
    case "image":
      return check(built.encoder, spec, { cases: images, probes: probePictures() });
    case "audio":
      return check(built.encoder, spec, { cases: sounds, probes: probeSounds() });
    case "sensor":
      return check(built.encoder, spec, { cases: [], probes: probeWindows(spec) });
  }
}

/** Against reference vectors where there are any; else the output must at least be finite. */
function check<Input>(
  encoder: QueryableEncoder<Input>,
  spec: EncoderSpec,
  { cases, probes }: { cases: readonly ParityCase<Input>[]; probes: readonly Input[] },
): Check {
  return async () => {
    let checked: Matrix | undefined;
    // Whatever layer was chosen, the check is of the whole network, as its vectors are.
    const encode = async (batch: readonly Input[]) =>
      (checked = (await encoder.encodeEach(batch, [defaultChoice(spec)]))[0]!);
    const parityCosine =
      cases.length > 0 ? await selfCheck({ device: encoder.device, encode }, cases) : null;
    checked ??= await encode(probes);
    if (checked.data.every(Number.isFinite)) return { parityCosine, checked };
    throw new AppError("encoder/self-check", `NaN or infinity on ${encoder.device}`);
  };
}

function deviceName(device: SessionDevice, adapter: string | null, threads: number): string {
  if (device === "webgpu") return `WebGPU · ${adapter ?? "adapter"}`;
  return threads > 1 ? `CPU · WebAssembly ×${threads}` : "CPU · WebAssembly";
}
