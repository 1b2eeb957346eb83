import type { DevicePreference, EmbeddingChoice, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { outputOf } from "../encoding/encoderKey";
import { buildEncoder, fileOf, type AnyEncoder } from "./buildEncoder";
import { planDevice, type AdapterReport, type DevicePlan } from "./chooseDevice";
import { loadFiles, type LoadedFiles } from "./loadFiles";
import type { Mutex } from "./mutex";
import type { RgbImage } from "./resizeBicubic";
import { loadParity, selfCheck } from "./selfCheck";
import { Session, type RawSession } from "./session";

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
  /** Lowest cosine of the self-check. */
  readonly parityCosine: number;
};

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
  report: (progress: Progress) => void = () => {},
): Promise<OpenedEncoder> {
  outputOf(spec, choice); // before 20 MB are fetched in vain
  const plan = planDevice(preference, await platform.probeAdapter());
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
  return (await open(plan.kind, plan.reason)).opened;
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
  const [kept, other] = gpu.batchMs < cpu.batchMs ? [gpu, cpu] : [cpu, gpu];
  await other.opened.encoder.release();
  return kept.opened;
}

interface Candidate {
  readonly opened: OpenedEncoder;
  readonly batchMs: number;
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
  const session = await Session.open(device, () => createSession(model, device), mutex);
  const adapter = device === "webgpu" ? plan.adapter : null;
  try {
    const built = buildEncoder(session, { ...options, ...platform });
    const check = await checker(built, spec, platform.base);
    const parityCosine = await check();
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
    return { opened, batchMs: clock() - started };
  } catch (thrown) {
    // After a lost device release fails too; the first error is the one to tell.
    await session.release().catch(() => undefined);
    throw thrown;
  }
}

async function checker(built: AnyEncoder, spec: EncoderSpec, base: string) {
  const { images, texts } = await loadParity(spec, base);
  return () =>
    built.modality === "image" ? selfCheck(built.encoder, images) : selfCheck(built.encoder, texts);
}

function deviceName(device: SessionDevice, adapter: string | null, threads: number): string {
  if (device === "webgpu") return `WebGPU · ${adapter ?? "adapter"}`;
  return threads > 1 ? `CPU · WebAssembly ×${threads}` : "CPU · WebAssembly";
}
