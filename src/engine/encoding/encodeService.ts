import type { Item } from "../../core/domain/dataset";
import type {
  CompareVectorsRequest,
  EncodedItems,
  EncodedSample,
  EncodeItemsRequest,
  EncodeProgress,
  EncodeQueryRequest,
  EncodeSampleRequest,
  EncodeSummary,
  Measurement,
  MeasureRequest,
  PartsRequest,
} from "../../core/domain/encodeRequest";
import { embeddingWidth, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
import type { Modality } from "../../core/domain/modality";
import type { PictureParts } from "../../core/domain/pictureMap";
import { AppError } from "../../core/errors";
import type { DatasetStore, DoubtStore, EmbeddingStore, EncoderStore } from "../../core/ports";
import type { OpenedEncoder } from "../encoders/openEncoder";
import { measureEncoder } from "../encoders/calibrate";
import { fileOf, soundOf, textOf } from "./encodeInputs";
import { encodeItems, usualBatchSize } from "./encodeItems";
import { encoderKey } from "./encoderKey";
import { compareVectors, itemsWithContent } from "./compareVectors";
import { networkOf, throughNetwork } from "./networkOf";
import { encodeSample } from "./encodeSample";
import { notingDoubts } from "./notingDoubts";
import { OpenEncoders, type OpenForJob } from "./openEncoders";

interface EncodeDependencies {
  readonly datasets: Pick<DatasetStore, "items" | "blob">;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly doubts: Pick<DoubtStore, "put">;
  readonly open: OpenForJob;
  /** Milliseconds. */
  readonly clock: () => number;
}

interface CallOptions {
  readonly signal: AbortSignal;
  report(progress: EncodeProgress): void;
}

/** Fewer items than this say little about the steady rate: the first batches are slower. */
const ENOUGH_TO_TELL = 64;

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
  async encodeItems(
    request: EncodeItemsRequest,
    { signal, report }: CallOptions,
  ): Promise<EncodeSummary> {
    const started = this.#deps.clock();
    const { projectId, modality, choice } = request;
    const spec = await this.#spec(choice, modality);
    const [key, items] = await Promise.all([
      encoderKey(spec, choice),
      this.#deps.datasets.items(projectId, modality),
    ]);
    const came = spec.origin === "vectors" && (await this.#cameWhole(key, items));
    if (came) return { ...came, elapsedMs: this.#deps.clock() - started };
    const network = await networkOf(spec, choice, this.#deps.encoders);
    return this.#encoders.use({ ...request, ...network }, { signal, report }, async (raw) => {
      const opened = throughNetwork(raw, network);
      const batchSize = request.batchSize ?? usualBatchSize(network.spec, opened.device);
      const from = this.#deps.clock();
      const work = { ...request, key, items, batchSize };
      const result = await this.#encode(opened, work, { signal, report });
      const msPerItem = (this.#deps.clock() - from) / result.encoded;
      const { device, threads, adapter, deviceReason, parityCosine } = opened;
      return {
        encoderKey: key,
        items: items.length,
        ...result,
        ...{ device, threads, adapter, deviceReason, parityCosine },
        ...(result.encoded >= ENOUGH_TO_TELL && { rate: { batchSize, msPerItem } }),
        elapsedMs: this.#deps.clock() - started,
      };
    });
  }

  /**
   * Embeds a few inputs at once, ahead of the batches of a running `encodeItems`.
   *
   * @throws AppError `encoder/input` for a picture that cannot be decoded; as `openEncoder`.
   */
  async encodeQuery(request: EncodeQueryRequest, { signal, report }: CallOptions) {
    const started = this.#deps.clock();
    const spec = await this.#deps.encoders.get(request.choice.id);
    const network = await networkOf(spec, request.choice, this.#deps.encoders);
    return this.#encoders.use({ ...request, ...network }, { signal, report }, async (raw) => {
      const opened = throughNetwork(raw, network);
      const { inputs } = request;
      const vectors =
        opened.modality === "text"
          ? await opened.encoder.encode(inputs.map(textOf), "query")
          : opened.modality === "audio"
            ? await opened.encoder.encode(inputs.map(soundOf), "query")
            : await opened.encoder.encode(inputs.map(fileOf(opened.modality)), "query");
      const { data, rows, cols } = vectors;
      return { vectors: data, rows, cols, elapsedMs: this.#deps.clock() - started };
    });
  }

  /**
   * Raw embeddings of the parts of one picture, ahead of the batches of a running `encodeItems`.
   *
   * @throws AppError `storage/missing` for a picture that is not stored; as `pictureParts`.
   */
  async pictureParts(request: PartsRequest, context: CallOptions): Promise<PictureParts> {
    const { datasets, encoders } = this.#deps;
    const { choice, picture, method, projectId } = request;
    const network = await networkOf(await this.#spec(choice, "image"), choice, encoders);
    const blob =
      "image" in picture ? picture.image : await datasets.blob(projectId, picture.digest);
    return this.#encoders.use({ ...request, ...network }, context, async (raw) => {
      const opened = throughNetwork(raw, network);
      if (opened.modality === "image") return opened.encoder.partsOf(blob, { method, ...context });
      throw new AppError("encoder/missing", `${choice.id} does not encode image items`);
    });
  }

  /**
   * How near imported embeddings are to what a network computes for the same items.
   *
   * @throws AppError `encoder/nothing-to-compare`, `encoder/not-made-with` for another width; as
   *   `openEncoder`.
   */
  async compareVectors(request: CompareVectorsRequest, context: CallOptions) {
    const { projectId, modality, vectors, choice, device } = request;
    const { datasets, embeddings } = this.#deps;
    const own = await this.#spec({ id: vectors.id }, modality);
    const spec = await this.#spec(choice, modality);
    const all = await datasets.items(projectId, modality);
    const items = await itemsWithContent(all, projectId, datasets);
    const key = await encoderKey(own, vectors);
    const imported = await embeddings.load(
      key,
      items.map(({ digest }) => digest),
    );
    return this.#encoders.use({ spec, choice, device }, context, async (opened) => {
      const computed =
        opened.modality === "text"
          ? await opened.encoder.encode(await Promise.all(items.map(captionOf)))
          : await opened.encoder.encode(
              await Promise.all(items.map(({ digest }) => datasets.blob(projectId, digest))),
            );
      return compareVectors(imported, computed);
    });
  }

  /**
   * Times an encoder on one device. The session is freed afterwards.
   *
   * @throws AppError as `openEncoder` and `measureEncoder`.
   */
  async measure(request: MeasureRequest, { signal, report }: CallOptions): Promise<Measurement> {
    const spec = await this.#deps.encoders.get(request.choice.id);
    return this.#encoders.use({ ...request, spec }, { signal, report }, (opened) =>
      measureEncoder(opened, spec, { ...request, signal, report, clock: this.#deps.clock }),
    );
  }

  /**
   * Encodes the items named for several embeddings of one encoder in one pass; each is stored under
   * its own key, where `encodeItems` finds it again.
   *
   * @throws AppError `encoder/missing` for an embedding the encoder does not offer; as `encodeItems`.
   */
  async encodeSample(
    request: EncodeSampleRequest,
    { signal, report }: CallOptions,
  ): Promise<EncodedSample> {
    const { projectId, modality, encoderId, device, digests } = request;
    const spec = await this.#spec({ id: encoderId }, modality);
    const sets = await Promise.all(
      request.choices.map(async (each) => {
        const choice = { ...each, id: encoderId };
        const key = await encoderKey(spec, choice);
        return { choice, encoderKey: key, width: embeddingWidth(spec, choice) };
      }),
    );
    const [first] = sets;
    // What came with the data came whole: there is no network to run.
    if (!first || spec.origin === "vectors") return { sets, encoded: 0, failed: [] };
    const wanted = new Set(digests);
    const all = await this.#deps.datasets.items(projectId, modality);
    const items = all.filter(({ digest }) => wanted.has(digest));
    const context = { signal, report };
    return this.#encoders.use({ spec, choice: first.choice, device }, context, async (opened) => {
      const { embeddings, clock } = this.#deps;
      const batchSize = usualBatchSize(spec, opened.device);
      const shared = { items, sets, embeddings, skip: [], batchSize, signal, report, clock };
      const result =
        opened.modality === "text"
          ? await encodeSample({ ...shared, encoder: opened.encoder, load: captionOf })
          : opened.modality === "audio"
            ? await encodeSample({ ...shared, ...this.#noted(opened, projectId) })
            : await encodeSample({ ...shared, ...this.#files(opened, projectId) });
      return { sets, ...result };
    });
  }

  /** How many of a project's items already have an embedding; loads no encoder. */
  async countEncoded(request: { projectId: string; modality: Modality; choice: EmbeddingChoice }) {
    const { projectId, modality, choice } = request;
    const key = await encoderKey(await this.#spec(choice, modality), choice);
    const [items, encoded] = await Promise.all([
      this.#deps.datasets.items(projectId, modality),
      this.#deps.embeddings.encodedDigests(key),
    ]);
    const present = items.filter(({ digest }) => encoded.has(digest)).length;
    return { encoded: present, total: items.length, encoderKey: key };
  }

  /** What there is to tell of embeddings that came with the data; undefined when some are missing. */
  async #cameWhole(
    key: string,
    items: readonly Item[],
  ): Promise<Omit<EncodeSummary, "elapsedMs"> | undefined> {
    const present = await this.#deps.embeddings.encodedDigests(key);
    if (!items.every(({ digest }) => present.has(digest))) return undefined;
    return {
      ...{ encoderKey: key, items: items.length, encoded: 0, failed: [] },
      ...{ device: "cpu", threads: 1, adapter: null, parityCosine: null },
      deviceReason: "the embeddings came with the data",
    };
  }

  #files({ encoder }: Exclude<OpenedEncoder, { modality: "text" }>, projectId: string) {
    const load = ({ digest }: Item) => this.#deps.datasets.blob(projectId, digest);
    return { encoder, load };
  }

  #noted(opened: Extract<OpenedEncoder, { modality: "audio" }>, projectId: string) {
    const { load } = this.#files(opened, projectId);
    return notingDoubts(opened.encoder, { load, doubts: this.#deps.doubts });
  }

  async #spec({ id }: Pick<EmbeddingChoice, "id">, modality: Modality): Promise<EncoderSpec> {
    const spec = await this.#deps.encoders.get(id);
    if (spec.modality === modality) return spec;
    throw new AppError("encoder/missing", `${id} does not encode ${modality} items`);
  }

  async #encode(
    opened: OpenedEncoder,
    work: EncodeItemsRequest & {
      readonly key: string;
      readonly items: readonly Item[];
      readonly batchSize: number;
    },
    { signal, report }: CallOptions,
  ): Promise<EncodedItems> {
    const { embeddings, clock } = this.#deps;
    const shared = {
      items: work.items,
      encoderKey: work.key,
      embeddings,
      skip: work.skip,
      suspects: work.suspects,
      batchSize: work.batchSize,
      ...{ signal, report, clock },
    };
    if (opened.modality === "text") {
      return encodeItems({ ...shared, encoder: opened.encoder, load: captionOf });
    }
    if (opened.modality !== "audio") {
      return encodeItems({ ...shared, ...this.#files(opened, work.projectId) });
    }
    const { flagged, ...noted } = this.#noted(opened, work.projectId);
    const result = await encodeItems({ ...shared, ...noted });
    return flagged.length > 0 ? { ...result, flagged } : result;
  }
}

async function captionOf({ text, source }: Item): Promise<string> {
  if (text === undefined) throw new AppError("storage/missing", `caption of ${source}`);
  return text;
}
