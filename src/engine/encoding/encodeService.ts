import type { Item } from "../../core/domain/dataset";
import type {
  Device,
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
} from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore, EncoderStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import type { OpenedEncoder } from "../encoders/openEncoder";
import { batchSizeOf, encodeItems, type EncodedItems } from "./encodeItems";
import type { FailedItem } from "./batchAttempt";
import { encoderKey } from "./encoderKey";
import { OpenEncoders } from "./openEncoders";

interface EncodeDependencies {
  readonly datasets: Pick<DatasetStore, "items" | "blob">;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly open: (
    spec: EncoderSpec,
    choice: EmbeddingChoice,
    device: DevicePreference,
    report: (progress: Progress) => void,
  ) => Promise<OpenedEncoder>;
  /** Milliseconds. */
  readonly clock: () => number;
}

export interface EncodeRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  readonly projectId: string;
  readonly modality: AlignedModality;
  readonly skip: readonly string[];
  readonly maxBatch: number;
}

export interface QueryRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  readonly inputs: readonly ({ readonly text: string } | { readonly image: Blob })[];
}

interface CallOptions {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Encodes projects and queries; keeps the encoder it used last in memory. */
export class EncodeService {
  readonly #deps: EncodeDependencies;
  readonly #encoders: OpenEncoders;

  constructor(deps: EncodeDependencies) {
    this.#deps = deps;
    this.#encoders = new OpenEncoders(deps.open);
  }

  /**
   * Encodes every item of a project that has no embedding yet.
   *
   * @throws AppError as `openEncoder` and `encodeItems`.
   */
  async encodeItems(request: EncodeRequest, { signal, report }: CallOptions): Promise<Encoded> {
    const started = this.#deps.clock();
    const { projectId, modality, choice } = request;
    const spec = await this.#spec(choice, modality);
    const [key, items] = await Promise.all([
      encoderKey(spec, choice),
      this.#deps.datasets.items(projectId, modality),
    ]);
    return this.#encoders.use({ ...request, spec }, { signal, report }, async (opened) => {
      const result = await this.#encode(opened, { ...request, key, items }, { signal, report });
      const { device, threads, adapter, deviceReason, parityCosine } = opened;
      return {
        encoderKey: key,
        items: items.length,
        ...result,
        ...{ device, threads, adapter, deviceReason, parityCosine },
        elapsedMs: this.#deps.clock() - started,
      };
    });
  }

  /**
   * Embeds a few inputs at once, ahead of the batches of a running `encodeItems`.
   *
   * @throws AppError `encoder/input` for a picture that cannot be decoded; as `openEncoder`.
   */
  async encodeQuery(request: QueryRequest, { signal, report }: CallOptions) {
    const started = this.#deps.clock();
    const spec = await this.#deps.encoders.get(request.choice.id);
    return this.#encoders.use({ ...request, spec }, { signal, report }, async (opened) => {
      const { inputs } = request;
      const vectors =
        opened.modality === "image"
          ? await opened.encoder.encode(inputs.map(imageOf), "query")
          : await opened.encoder.encode(inputs.map(textOf), "query");
      const { data, rows, cols } = vectors;
      return { vectors: data, rows, cols, elapsedMs: this.#deps.clock() - started };
    });
  }

  /** How many of a project's items already have an embedding; loads no encoder. */
  async countEncoded(request: {
    projectId: string;
    modality: AlignedModality;
    choice: EmbeddingChoice;
  }) {
    const { projectId, modality, choice } = request;
    const key = await encoderKey(await this.#spec(choice, modality), choice);
    const [items, encoded] = await Promise.all([
      this.#deps.datasets.items(projectId, modality),
      this.#deps.embeddings.encodedDigests(key),
    ]);
    const present = items.filter(({ digest }) => encoded.has(digest)).length;
    return { encoded: present, total: items.length, encoderKey: key };
  }

  async #spec({ id }: EmbeddingChoice, modality: AlignedModality): Promise<EncoderSpec> {
    const spec = await this.#deps.encoders.get(id);
    if (spec.modality === modality) return spec;
    throw new AppError("encoder/missing", `${id} does not encode ${modality} items`);
  }

  #encode(
    opened: OpenedEncoder,
    work: EncodeRequest & { readonly key: string; readonly items: readonly Item[] },
    { signal, report }: CallOptions,
  ): Promise<EncodedItems> {
    const { datasets, embeddings, clock } = this.#deps;
    const shared = {
      items: work.items,
      encoderKey: work.key,
      embeddings,
      skip: work.skip,
      batchSize: batchSizeOf(work.modality, opened.device, work.maxBatch),
      ...{ signal, report, clock },
    };
    return opened.modality === "image"
      ? encodeItems({
          ...shared,
          encoder: opened.encoder,
          load: (item) => datasets.blob(work.projectId, item.digest),
        })
      : encodeItems({ ...shared, encoder: opened.encoder, load: captionOf });
  }
}

/** What `EncodeService.encodeItems` tells about its work. */
export interface Encoded extends EncodedItems {
  readonly encoderKey: string;
  readonly items: number;
  readonly failed: readonly FailedItem[];
  readonly device: Device;
  readonly threads: number;
  readonly adapter: string | null;
  readonly deviceReason: string;
  readonly parityCosine: number;
  readonly elapsedMs: number;
}

async function captionOf({ text, source }: Item): Promise<string> {
  if (text === undefined) throw new AppError("storage/missing", `caption of ${source}`);
  return text;
}

function imageOf(input: QueryRequest["inputs"][number]): Blob {
  if ("image" in input) return input.image;
  throw new AppError("encoder/input", "a text was given to an image encoder");
}

function textOf(input: QueryRequest["inputs"][number]): string {
  if ("text" in input) return input.text;
  throw new AppError("encoder/input", "a picture was given to a text encoder");
}
