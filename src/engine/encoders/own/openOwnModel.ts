import type { EncoderFile, EncoderSpec } from "../../../core/domain/encoder";
import { AppError } from "../../../core/errors";
import type { AdapterReport } from "../chooseDevice";
import type { DecodedSound } from "../decodeSound";
import type { LoadedFiles } from "../loadFiles";
import type { Mutex } from "../mutex";
import type { RgbImage } from "../resizeImage";
import { Session, type DescribedSession, type ExternalData } from "../session";
import { tokenizerConfigIn } from "./inspectModel";
import type { OwnFiles } from "./readOwnFiles";

/** The world around own models; the worker passes the real one, tests a small one. */
export interface OwnModelPlatform {
  /** The site's base URL. */
  readonly base: string;
  readonly caches?: CacheStorage;
  readonly mutex: Mutex;
  readonly probeAdapter: () => Promise<AdapterReport>;
  readonly createSession: (
    model: Uint8Array<ArrayBuffer>,
    device: "webgpu" | "wasm",
    external?: ExternalData,
  ) => Promise<DescribedSession>;
  readonly decode?: (blob: Blob) => Promise<RgbImage>;
  readonly decodeSound?: (blob: Blob) => Promise<DecodedSound>;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** An own model in the runtime. */
export interface OpenOwnModel {
  readonly session: Session;
  readonly description: Pick<DescribedSession, "inputs" | "outputs">;
}

/**
 * Runs `task` with the model in the runtime, and frees it afterwards, whatever happens.
 *
 * @throws AppError `encoder/unsupported` when the runtime refuses the model; as `task`.
 */
export async function withOwnModel<T>(
  { model, external }: Pick<OwnFiles, "model" | "external">,
  { platform, device }: { platform: OwnModelPlatform; device: "webgpu" | "wasm" },
  task: (opened: OpenOwnModel) => Promise<T>,
): Promise<T> {
  let description: OpenOwnModel["description"] = { inputs: [], outputs: [] };
  const weights = external && { path: external.name, data: external.bytes };
  const create = async () =>
    (description = await platform.createSession(model.bytes, device, weights)) as DescribedSession;
  let session: Session;
  try {
    session = await Session.open(device, create, platform.mutex);
  } catch (cause) {
    const { detail } = AppError.from(cause);
    throw new AppError("encoder/unsupported", `the runtime refuses it: ${firstLine(detail)}`, {
      cause,
    });
  }
  try {
    return await task({ session, description });
  } finally {
    // A model that broke the runtime breaks its release too; what went wrong first is told.
    await session.release().catch(() => undefined);
  }
}

/** What an own model's encoder is built from, by role. */
export function rolesOf({ model, external, settings }: OwnFiles): LoadedFiles {
  const roles = new Map<EncoderFile["role"], Uint8Array<ArrayBuffer>>([["model", model.bytes]]);
  if (external) roles.set("model-data", external.bytes);
  const tokenizer = settings.get("tokenizer.json");
  if (tokenizer) {
    roles.set("tokenizer", tokenizer);
    roles.set("tokenizer-config", tokenizerConfigIn(settings));
  }
  return roles;
}

/** Under which name each file is kept. */
export function pathsOf({ model, external }: OwnFiles): Record<EncoderFile["role"], string> {
  return {
    model: model.name,
    "model-data": external?.name ?? "",
    tokenizer: "tokenizer.json",
    "tokenizer-config": "tokenizer_config.json",
  };
}

/** An entry for a model that is only being looked at. */
export const PASSING: Pick<EncoderSpec, "id" | "files" | "wasmMsPerItem"> = {
  id: "own",
  files: [],
  wasmMsPerItem: 0,
};

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 300);
}
