import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { EncoderFile, EncoderSpec, ImagePreprocessing } from "../../../core/domain/encoder";
import {
  ownEncoder,
  PARITY_PATH,
  type HeardSound,
  type ModelCheck,
  type ModelInspection,
  type OutputOffer,
  type OwnModality,
  type OwnModelDraft,
  type OwnModelFile,
  type OwnPreprocessing,
} from "../../../core/domain/ownModel";
import type { EncoderStore } from "../../../core/ports";
import type { Progress, Stage } from "../../../core/progress";
import { sha256 } from "../../sha256";
import { FileCache } from "../fileCache";
import { fitImage } from "../fitImage";
import { decodeImage } from "../preprocessImage";
import { checkModel } from "./checkModel";
import { checkPreprocessing } from "./checkPreprocessing";
import { hearSound } from "./hearSound";
import { inspectModel } from "./inspectModel";
import { offerOutputs } from "./offerOutputs";
import {
  pathsOf,
  rolesOf,
  withOwnModel,
  type OpenOwnModel,
  type OwnModelPlatform,
} from "./openOwnModel";
import { probeFeeds } from "./probeFeeds";
import { readOwnFiles, type OwnFiles } from "./readOwnFiles";

type Report = (progress: Progress) => void;

/** Takes in the visitor's own ONNX files: looks at them, tries them, keeps them. */
export class OwnModelService {
  readonly #platform: OwnModelPlatform;
  readonly #encoders: Pick<EncoderStore, "put">;

  constructor(platform: OwnModelPlatform, encoders: Pick<EncoderStore, "put">) {
    this.#platform = platform;
    this.#encoders = encoders;
  }

  /** @throws AppError `encoder/unsupported`, with what is wrong. */
  async inspect(
    request: { files: readonly OwnModelFile[]; modality: OwnModality },
    report: Report,
  ): Promise<ModelInspection> {
    const files = await this.#read(request.files, report);
    return this.#open(files, report, async ({ description }) =>
      inspectModel(files, description, request.modality),
    );
  }

  /** The square a network sees of a picture, as RGBA. @throws AppError `encoder/input`. */
  async preview({ picture, preprocessing }: { picture: Blob; preprocessing: ImagePreprocessing }) {
    checkPreprocessing(preprocessing);
    const decode = this.#platform.decode ?? decodeImage;
    const { data, width, height } = fitImage(await decode(picture), preprocessing);
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
    return { rgba, width, height };
  }

  /** What a network hears of a recording. @throws AppError `encoder/unsupported`, `sound/…`. */
  async hear({
    sound,
    preprocessing,
  }: {
    sound: Blob;
    preprocessing: AudioPreprocessing;
  }): Promise<HeardSound> {
    checkPreprocessing(preprocessing);
    return hearSound(sound, preprocessing, this.#platform.decodeSound);
  }

  /**
   * Runs the model on one item, a recording on one of the project, and offers what comes out.
   *
   * @throws AppError `encoder/unsupported`, or `encoder/failed` when it cannot run so; `sound/…`.
   */
  async probe(
    request: {
      files: readonly OwnModelFile[];
      preprocessing: OwnPreprocessing;
      sound?: Blob;
    },
    report: Report,
  ): Promise<OutputOffer[]> {
    const { preprocessing, sound } = request;
    checkPreprocessing(preprocessing);
    const files = await this.#read(request.files, report);
    return this.#open(files, report, async (opened) => {
      send(report, "self-check", 0);
      const options = { ...this.#platform, preprocessing, opened, ...(sound && { sound }) };
      const feeds = await probeFeeds(files, options);
      const floats = opened.description.outputs.filter(({ type }) => /^float(16|32)$/.test(type));
      const names = floats.map(({ name }) => name);
      const outputs = await opened.session.run(feeds, names);
      send(report, "self-check", 1);
      return offerOutputs(outputs, preprocessing.kind, floats);
    });
  }

  /** @throws AppError `encoder/unsupported`; what fails otherwise is a finding. */
  async check(
    request: {
      files: readonly OwnModelFile[];
      draft: OwnModelDraft;
      useGpu: boolean;
      sound?: Blob;
    },
    report: Report,
  ): Promise<ModelCheck> {
    checkPreprocessing(request.draft.preprocessing);
    const files = await this.#read(request.files, report);
    send(report, "self-check", 0);
    const { useGpu, sound } = request;
    const options = { platform: this.#platform, useGpu, ...(sound && { sound }) };
    const result = await checkModel(files, request.draft, options);
    send(report, "self-check", 1);
    return result;
  }

  /**
   * Keeps the files in this browser and adds the encoder. The same files with the same settings are
   * the same encoder again.
   *
   * @throws AppError `storage/quota`, `storage/unavailable`; nothing is kept in that case.
   */
  async save(
    request: {
      files: readonly OwnModelFile[];
      draft: OwnModelDraft;
      check: Pick<ModelCheck, "parity" | "wasmMsPerItem">;
    },
    report: Report,
  ): Promise<EncoderSpec> {
    const { draft, check } = request;
    const files = await this.#read(request.files, report);
    const contents = rolesOf(files);
    const paths = pathsOf(files);
    const described: EncoderFile[] = [];
    for (const [role, bytes] of contents) {
      const digest = await sha256(bytes);
      described.push({ role, path: paths[role], sizeBytes: bytes.length, sha256: digest });
    }
    const id = await idOf(described, draft);
    const spec = ownEncoder(draft, { id, files: described, wasmMsPerItem: check.wasmMsPerItem });
    const cache = new FileCache(this.#platform.caches, this.#platform.base);
    try {
      for (const file of described) {
        await cache.put(cache.address(spec, file), contents.get(file.role) ?? new Uint8Array());
      }
      const parity = new TextEncoder().encode(check.parity);
      await cache.put(cache.address(spec, { path: PARITY_PATH }), parity);
      await this.#encoders.put(spec);
    } catch (thrown) {
      await cache.deleteEncoder(id);
      throw thrown;
    }
    return spec;
  }

  async #read(files: readonly OwnModelFile[], report: Report): Promise<OwnFiles> {
    send(report, "read", 0);
    const read = await readOwnFiles(files);
    send(report, "read", 1);
    return read;
  }

  #open<T>(files: OwnFiles, report: Report, task: (opened: OpenOwnModel) => Promise<T>) {
    send(report, "load-encoder", 0);
    return withOwnModel(files, { platform: this.#platform, device: "wasm" }, (opened) => {
      send(report, "load-encoder", 1);
      return task(opened);
    });
  }
}

/** The digest of everything that decides the numbers, shortened. */
async function idOf(files: readonly EncoderFile[], draft: OwnModelDraft): Promise<string> {
  const { preprocessing, output, kind, hasCls, channelsFirst } = draft;
  const digests = files.map(({ role, sha256: digest }) => `${role}:${digest}`);
  const json = JSON.stringify([
    ...[digests, preprocessing, output, kind, hasCls],
    ...(channelsFirst ? ["channels first"] : []), // ids of version 0.1 stay valid
  ]);
  return `own-${(await sha256(json)).slice(0, 16)}`;
}

function send(report: Report, stage: Stage, done: 0 | 1): void {
  report({ stage, done, total: 1, unit: "items" });
}
