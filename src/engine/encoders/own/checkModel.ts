import { defaultChoice } from "../../../core/domain/encoder";
import {
  ownEncoder,
  PARITY_PATH,
  type ModelCheck,
  type ModelFinding,
  type OwnModelDraft,
} from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import { row, type Matrix } from "../../../core/math/matrix";
import { buildEncoder } from "../buildEncoder";
import { parseParity, writeParity, type Parity } from "../parity";
import { probePictures, probeSounds, PROBE_TEXTS } from "../probeItems";
import type { QueryableEncoder } from "../queryableEncoder";
import { isSameNumbers, lowestCosine, selfCheck, type ParityCase } from "../selfCheck";
import { PASSING, rolesOf, withOwnModel, type OwnModelPlatform } from "./openOwnModel";
import type { OwnFiles } from "./readOwnFiles";

/** Dynamic int8 scales by what else is in the batch, and still stays above this. */
const MIN_BATCH_COSINE = 0.999;
/** Two quite different items nearer than this: the output does not look at its input. */
const MAX_ITEM_COSINE = 0.999999;

/**
 * Runs an own model on two items in every way it will be run, and compares: alone and together,
 * twice, on the CPU and on WebGPU, and with reference vectors where a `parity.json` was dropped.
 *
 * @throws AppError `encoder/unsupported` when the runtime refuses the model.
 */
export async function checkModel(
  files: OwnFiles,
  draft: OwnModelDraft,
  options: { platform: OwnModelPlatform; useGpu: boolean; sound?: Blob },
): Promise<ModelCheck> {
  const { sound, ...rest } = options;
  const given = { files, draft, ...rest };
  switch (draft.modality) {
    case "image":
      return checkOn({ ...given, probes: probePictures(), side: "images" });
    case "text":
      return checkOn({ ...given, probes: PROBE_TEXTS, side: "texts" });
    case "audio":
      return checkOn({
        ...{ ...given, probes: probeSounds(), side: "sounds" },
        ...(sound && { item: sound }),
      });
  }
}

interface CheckOptions<Input> {
  readonly files: OwnFiles;
  readonly draft: OwnModelDraft;
  readonly platform: OwnModelPlatform;
  readonly useGpu: boolean;
  readonly probes: readonly Input[];
  /** One of the project, tried beside the built-in ones. */
  readonly item?: Input;
  readonly side: keyof Parity;
}

async function checkOn<Input extends string | Blob>(
  options: CheckOptions<Input>,
): Promise<ModelCheck> {
  const { files, platform, probes, side } = options;
  const references = referencesOf(files);
  const findings: ModelFinding[] = [];
  let wasmMsPerItem = 0;
  let vectors: Matrix | undefined;
  await withOwnModel(files, { platform, device: "wasm" }, async ({ session }) => {
    const encoder = encoderOf(options, session);
    try {
      vectors = await encoder.encode(probes);
      findings.push(shapeFinding(vectors), finiteFinding(vectors));
      const started = platform.clock();
      findings.push(...(await repeatFindings(encoder, probes, vectors)));
      wasmMsPerItem = (platform.clock() - started) / (2 * probes.length);
      if (options.item !== undefined) {
        findings.push(await itemFinding(encoder, options.item, vectors));
      }
      // The cases of this side are this side's inputs.
      const cases = references?.[side] as readonly ParityCase<Input>[] | undefined;
      if (cases) findings.push(await referenceFinding(encoder, cases));
    } catch (thrown) {
      findings.push(failed("Runs on two items", thrown));
    }
  });
  if (vectors && findings.every(({ passed }) => passed !== false)) {
    findings.push(await gpuFinding(options, vectors));
  }
  const passed = findings.every((finding) => finding.passed !== false);
  const own = vectors && casesOf(probes, vectors);
  const parity =
    references ?? (own && ({ texts: [], images: [], sounds: [], [side]: own } as Parity));
  return {
    passed,
    findings,
    wasmMsPerItem,
    parity: passed && parity ? await writeParity(parity) : "",
  };
}

function encoderOf<Input>(
  { files, draft, platform }: CheckOptions<Input>,
  session: Parameters<typeof buildEncoder>[0],
): QueryableEncoder<Input> {
  const spec = ownEncoder(draft, PASSING);
  const { decode, decodeSound } = platform;
  const options = { spec, choice: defaultChoice(spec), files: rolesOf(files) };
  const { encoder } = buildEncoder(session, {
    ...options,
    ...(decode && { decode }),
    ...(decodeSound && { decodeSound }),
  });
  return encoder as QueryableEncoder<Input>; // the probes are of the draft's modality
}

function shapeFinding({ rows, cols }: Matrix): ModelFinding {
  return { name: "Shape", passed: true, detail: `${rows} items give [${rows}, ${cols}]` };
}

function finiteFinding({ data }: Matrix): ModelFinding {
  const bad = data.filter((value) => !Number.isFinite(value)).length;
  return {
    name: "Finite numbers",
    passed: bad === 0,
    detail: bad === 0 ? "no NaN, no infinity" : `${bad} of ${data.length} are NaN or infinite`,
  };
}

async function repeatFindings<Input>(
  encoder: QueryableEncoder<Input>,
  probes: readonly Input[],
  together: Matrix,
): Promise<ModelFinding[]> {
  const alone: Float32Array[] = [];
  for (const probe of probes) alone.push(row(await encoder.encode([probe]), 0));
  const again = await encoder.encode(probes);
  const repeated = lowestCosine(rowsOf(again), rowsOf(together));
  const apart = lowestCosine(alone, rowsOf(together));
  const [first, second] = rowsOf(together);
  const between = first && second ? lowestCosine([first], [second]) : NaN;
  return [
    finding("The same item twice", repeated, repeated > MAX_ITEM_COSINE),
    finding("Alone and in a batch", apart, apart > MIN_BATCH_COSINE),
    finding("Different items differ", between, between < MAX_ITEM_COSINE),
  ];
}

/** A real item: what it gives must be numbers, and not what a built-in one gives. */
async function itemFinding<Input>(
  encoder: QueryableEncoder<Input>,
  item: Input,
  probes: Matrix,
): Promise<ModelFinding> {
  const name = "A sound of the project";
  try {
    const given = await encoder.encode([item]);
    const finite = finiteFinding(given);
    if (finite.passed === false) return { ...finite, name };
    const nearest = Math.max(
      ...rowsOf(probes).map((probe) => lowestCosine([row(given, 0)], [probe])),
    );
    const passed = nearest < MAX_ITEM_COSINE;
    const detail = passed
      ? `gives ${given.cols} numbers, at most cosine ${words(nearest)} to the built-in ones`
      : `gives what a built-in one gives (cosine ${words(nearest)})`;
    return { name, passed, detail };
  } catch (thrown) {
    const { code, message } = AppError.from(thrown);
    // A recording that cannot be read says nothing about the network.
    return code.startsWith("sound/")
      ? { name, passed: null, detail: message }
      : failed(name, thrown);
  }
}

async function referenceFinding<Input>(
  encoder: QueryableEncoder<Input>,
  cases: readonly ParityCase<Input>[],
): Promise<ModelFinding> {
  const name = `Reference vectors (${PARITY_PATH})`;
  if (cases.length === 0) return { name, passed: false, detail: "no case of this modality" };
  try {
    return finding(name, await selfCheck(encoder, cases), true);
  } catch (thrown) {
    return failed(name, thrown);
  }
}

async function gpuFinding<Input extends string | Blob>(
  options: CheckOptions<Input>,
  onCpu: Matrix,
): Promise<ModelFinding> {
  const { files, platform, probes, useGpu } = options;
  const name = "WebGPU gives what the CPU gives";
  if (!useGpu) return { name, passed: null, detail: "the CPU is chosen in the settings" };
  const adapter = await platform.probeAdapter();
  if (adapter.name === null) return { name, passed: null, detail: adapter.reason };
  if (adapter.isFallback) return { name, passed: null, detail: "WebGPU is only emulated here" };
  try {
    const onGpu = await withOwnModel(files, { platform, device: "webgpu" }, ({ session }) =>
      encoderOf(options, session).encode(probes),
    );
    const cosine = lowestCosine(rowsOf(onGpu), rowsOf(onCpu));
    if (isSameNumbers(cosine)) return finding(name, cosine, true);
    return { name, passed: null, detail: `cosine ${words(cosine)}: the CPU will be used` };
  } catch (thrown) {
    // A model that runs on the CPU is usable; encoding falls back to it by itself.
    const { message } = AppError.from(thrown);
    return { name, passed: null, detail: `${message} The CPU will be used.` };
  }
}

/** @throws AppError `encoder/unsupported` for a `parity.json` that is not what it should be. */
function referencesOf({ settings }: OwnFiles): Parity | undefined {
  const bytes = settings.get(PARITY_PATH);
  if (!bytes) return undefined;
  try {
    return parseParity(new TextDecoder().decode(bytes), PARITY_PATH);
  } catch (cause) {
    throw new AppError("encoder/unsupported", AppError.from(cause).detail, { cause });
  }
}

function casesOf<Input>(probes: readonly Input[], vectors: Matrix): ParityCase<Input>[] {
  return probes.map((input, i) => ({ input, vector: [...row(vectors, i)] }));
}

function finding(name: string, cosine: number, passed: boolean): ModelFinding {
  return { name, passed, detail: `cosine ${words(cosine)}` };
}

function failed(name: string, thrown: unknown): ModelFinding {
  return { name, passed: false, detail: AppError.from(thrown).message };
}

const words = (cosine: number) => (Number.isNaN(cosine) ? "not a number" : cosine.toFixed(6));
const rowsOf = (m: Matrix) => Array.from({ length: m.rows }, (_, i) => row(m, i));
