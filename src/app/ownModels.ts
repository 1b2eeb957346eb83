import type { AudioPreprocessing } from "../core/domain/audioPreprocessing";
import type { EncoderSpec, ImagePreprocessing } from "../core/domain/encoder";
import type {
  HeardSound,
  ModelCheck,
  ModelInspection,
  OutputOffer,
  OwnModality,
  OwnModelDraft,
  OwnModelFile,
  OwnPreprocessing,
} from "../core/domain/ownModel";
import { AppError } from "../core/errors";
import type { OwnModelContract } from "../rpc/ownModelContract";
import type { Changes } from "./changes";
import type { SlotCallOptions, WorkerCalls } from "./workerSlot";

/**
 * Longest silence of a model. Opening 400 MB takes a slow laptop half a minute, one item a second; a
 * loop without end or a tokenizer's runaway pattern never answers.
 */
const LIMITS = { read: 60_000, "load-encoder": 120_000, "self-check": 60_000 } as const;

interface OwnModelDependencies {
  readonly worker: WorkerCalls<OwnModelContract>;
  readonly changes: Changes;
  /** Only tests are less patient. */
  readonly limits?: Readonly<Record<string, number>>;
}

type Options = { readonly signal?: AbortSignal };

/** Commands of the “own ONNX file” dialog. The worker is ended when the dialog closes. */
export class OwnModels {
  readonly #deps: OwnModelDependencies;

  constructor(deps: OwnModelDependencies) {
    this.#deps = deps;
  }

  /** What the dropped files are. @throws AppError `encoder/unsupported`. */
  inspect(
    files: readonly OwnModelFile[],
    modality: OwnModality,
    options?: Options,
  ): Promise<ModelInspection> {
    return this.#call("inspect", { files, modality }, options);
  }

  /** The square a network would see of a picture. @throws AppError `encoder/input`. */
  preview(picture: Blob, preprocessing: ImagePreprocessing, options?: Options) {
    return this.#call("preview", { picture, preprocessing }, options);
  }

  /** What a network would hear of a recording. @throws AppError `encoder/unsupported`, `sound/…`. */
  hear(sound: Blob, preprocessing: AudioPreprocessing, options?: Options): Promise<HeardSound> {
    return this.#call("hear", { sound, preprocessing }, options);
  }

  /**
   * What the model gives for one item, for a recording where there is one.
   *
   * @throws AppError `encoder/unsupported`, `encoder/failed`, `sound/…`.
   */
  probe(
    files: readonly OwnModelFile[],
    item: { preprocessing: OwnPreprocessing; sound?: Blob },
    options?: Options,
  ): Promise<OutputOffer[]> {
    return this.#call("probe", { files, ...item }, options);
  }

  /** Tries the model in every way it will be run. @throws AppError `encoder/unsupported`. */
  check(
    files: readonly OwnModelFile[],
    request: { draft: OwnModelDraft; useGpu: boolean; sound?: Blob },
    options?: Options,
  ): Promise<ModelCheck> {
    return this.#call("check", { files, ...request }, options);
  }

  /** Adds the encoder to those there are to choose from. @throws AppError `storage/quota`. */
  async save(
    files: readonly OwnModelFile[],
    request: { draft: OwnModelDraft; check: ModelCheck },
  ): Promise<EncoderSpec> {
    const spec = await this.#call("save", { files, ...request });
    this.#deps.changes.publish("encoders");
    return spec;
  }

  /** Ends the worker, and with it whatever the model is doing. */
  close(): void {
    this.#deps.worker.close();
  }

  async #call<M extends keyof OwnModelContract & string>(
    method: M,
    params: OwnModelContract[M]["params"],
    options: Options = {},
  ): Promise<OwnModelContract[M]["result"]> {
    const { worker, limits = LIMITS } = this.#deps;
    // Cancelled at once: the worker holds nothing that anyone waits for.
    const harmless = Object.keys(limits);
    const guards: SlotCallOptions<OwnModelContract[M]["progress"]> = {
      ...options,
      limits,
      harmless,
    };
    try {
      return await worker.call(method, params, guards);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== "worker/stalled" && error.code !== "worker/crashed") throw error;
      // What hung or fell was the visitor's file, and running it again will not help.
      const what = error.code === "worker/stalled" ? "it never answers" : "it ends the runtime";
      throw new AppError("encoder/unsupported", `${what} (${error.detail})`, { cause: error });
    }
  }
}
