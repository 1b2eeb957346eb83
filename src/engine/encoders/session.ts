import type { Device } from "../../core/domain/encoder";
import type { TensorInfo } from "../../core/domain/ownModel";
import { AppError } from "../../core/errors";
import type { Mutex, Priority } from "./mutex";

/** An array with a shape, as it enters or leaves a session. */
export type Tensor =
  | {
      readonly kind: "float32";
      readonly data: Float32Array<ArrayBuffer>;
      readonly dims: readonly number[];
    }
  | {
      readonly kind: "int64";
      readonly data: BigInt64Array<ArrayBuffer>;
      readonly dims: readonly number[];
    };

export type Feeds = Readonly<Record<string, Tensor>>;

/** One array that a session gave, copied out of the runtime's memory. */
export interface OutputTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** What a run gave, by output name. */
export type Outputs = Readonly<Record<string, OutputTensor>>;

/** A session that also says what its network takes and gives. */
export interface DescribedSession extends RawSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** Weights outside the model file, under the name the model gives them. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A session of the runtime itself: unguarded, one call at a time. */
export interface RawSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @returns the named outputs as float32, from one pass. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Outputs>;
  release(): Promise<void>;
}

/** A model in the runtime, safe to call from several places at once. */
export class Session {
  readonly device: Device;
  readonly #create: () => Promise<RawSession>;
  readonly #mutex: Mutex;
  #raw: RawSession | undefined;
  #released = false;

  private constructor(device: Device, create: () => Promise<RawSession>, mutex: Mutex) {
    this.device = device;
    this.#create = create;
    this.#mutex = mutex;
  }

  /**
   * @param create makes the runtime's session; called again after the graphics processor was lost.
   * @throws AppError `encoder/failed` or `webgpu/lost`.
   */
  static async open(
    device: Device,
    create: () => Promise<RawSession>,
    mutex: Mutex,
  ): Promise<Session> {
    const session = new Session(device, create, mutex);
    await mutex.run(() => session.#open());
    return session;
  }

  /** Whether the model asks for an input of this name. */
  hasInput(name: string): boolean {
    return this.#raw?.inputNames.includes(name) ?? false;
  }

  /**
   * Runs the model once for all the outputs named; waits until no other session of the worker runs.
   *
   * @throws AppError `encoder/failed`, or `webgpu/lost`, after which the next run starts anew on a
   *   fresh session.
   */
  run(feeds: Feeds, outputs: readonly string[], priority: Priority = "batch"): Promise<Outputs> {
    return this.#mutex.run(async () => {
      const raw = await this.#open();
      try {
        return await raw.run(feeds, outputs);
      } catch (cause) {
        const error = this.#translate(cause);
        if (error.code === "webgpu/lost") await this.#discard();
        throw error;
      }
    }, priority);
  }

  /** Frees the runtime's session; the last call made on it. */
  release(): Promise<void> {
    return this.#mutex.run(async () => {
      this.#released = true;
      const raw = this.#raw;
      this.#raw = undefined;
      await raw?.release();
    });
  }

  async #open(): Promise<RawSession> {
    if (this.#released) throw new AppError("internal", "the encoder session was released");
    try {
      return (this.#raw ??= await this.#create());
    } catch (cause) {
      throw this.#translate(cause);
    }
  }

  async #discard(): Promise<void> {
    const raw = this.#raw;
    this.#raw = undefined;
    // The device behind it is gone, so release may fail too; the loss is the error worth telling.
    await raw?.release().catch(() => undefined);
  }

  #translate(cause: unknown): AppError {
    if (cause instanceof AppError) return cause;
    const text = String(cause);
    const lost = this.device === "webgpu" && LOST_DEVICE.test(text);
    return new AppError(lost ? "webgpu/lost" : "encoder/failed", text, { cause });
  }
}

/**
 * What onnxruntime-web 1.30 says after its GPU device is gone; it has no error class for it.
 * The first is its own bug on the way out, the rest is Dawn's wording.
 */
const LOST_DEVICE =
  /reading 'destroy'|device (is|was) (lost|destroyed)|lost device|external Instance reference|mappedAtCreation/i;
