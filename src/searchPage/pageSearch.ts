import type { EncoderSpec } from "../core/domain/encoder";
import type { Projector } from "../core/domain/projector";
import type { SearchPagePart } from "../core/domain/searchPage";
import { AppError } from "../core/errors";
import { unpackProjector } from "../core/formats/projectorFile";
import { unpackVectors } from "../core/formats/packedVectors";
import { normalizeRows, scoreRows, type Matrix } from "../core/math/matrix";
import { topK } from "../core/math/topK";
import type { Encoder } from "../core/ports";
import { projectPlainly } from "../engine/align/forward";
import { Mutex } from "../engine/encoders/mutex";
import { Session, type RawSession } from "../engine/encoders/session";
import { textEncoder } from "../engine/encoders/textEncoder";
import { openTokenizer } from "../engine/encoders/tokenize";
import { bytesOfBase64, gunzip } from "./pageBytes";
import type { PageContract, PageHits } from "./pageContract";
import type { SessionFiles } from "./pageRuntime";

type OpenRequest = PageContract["open"]["params"];

interface Ready {
  readonly encoder: Pick<Encoder<string>, "encode">;
  readonly unitLength: boolean;
  readonly projector: Projector;
  readonly gallery: Matrix;
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** The search of a page: collects what its scripts carry, then encodes, projects and ranks. */
export class PageSearch {
  readonly #createSession: (files: SessionFiles) => Promise<RawSession>;
  readonly #parts = new Map<SearchPagePart, Uint8Array<ArrayBuffer>[]>();
  #ready: Ready | undefined;

  constructor(createSession: (files: SessionFiles) => Promise<RawSession>) {
    this.#createSession = createSession;
  }

  /** Takes one script's bytes; scripts may come in any order. */
  part({ name, index, base64 }: PageContract["part"]["params"]): void {
    const parts = this.#parts.get(name) ?? [];
    parts[index] = bytesOfBase64(base64);
    this.#parts.set(name, parts);
  }

  /** @throws AppError `page/part` for what is missing or damaged, `encoder/failed`. */
  async open({ text, run, items }: OpenRequest): Promise<{ openMs: number }> {
    const started = performance.now();
    const { spec, choice, unitLength } = text;
    const { preprocessing } = spec;
    if (preprocessing?.kind !== "text") throw new AppError("encoder/vectors-only", spec.name);
    const [runtime, model, tokenizerJson, configJson, projector, vectors] = await Promise.all([
      this.#bytes("runtime"),
      this.#bytes("model"),
      this.#bytes("tokenizer"),
      this.#bytes("tokenizer-config"),
      this.#bytes("projector"),
      this.#bytes("vectors"),
    ]);
    const external = await this.#external(spec);
    // Made here, so that nothing keeps the model's bytes; on the CPU no session is ever lost.
    const files = { runtime, model, ...(external && { external }) };
    const raw = await this.#createSession(files).catch((cause: unknown) => {
      throw new AppError("encoder/failed", String(cause), { cause });
    });
    const session = await Session.open("wasm", () => Promise.resolve(raw), new Mutex());
    const tokenizer = openTokenizer(tokenizerJson, configJson, preprocessing.maxTokens);
    this.#ready = {
      encoder: textEncoder({ session, spec, choice, preprocessing, tokenizer }),
      unitLength,
      projector: unpackProjector(projector),
      gallery: unpackVectors(vectors, items, run.dimension),
      rows: Uint32Array.from({ length: items }, (_, i) => i),
    };
    this.#parts.clear();
    return { openMs: performance.now() - started };
  }

  /**
   * The items nearest to a text, by dot product in the shared space, best first.
   *
   * @throws AppError `encoder/failed`, `data/non-finite`.
   */
  async search({ text, limit }: PageContract["search"]["params"]): Promise<PageHits> {
    if (!this.#ready) throw new AppError("internal", "a search before `open`");
    const { encoder, unitLength, projector, gallery, rows } = this.#ready;
    const started = performance.now();
    const raw = await encoder.encode([text]);
    const query = projectPlainly(projector, unitLength ? normalizeRows(raw) : raw);
    const encoded = performance.now();
    const scores = scoreRows(gallery, rows, query.data);
    if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "search scores");
    const items = Uint32Array.from(topK(scores, limit));
    return {
      items,
      scores: Float64Array.from(items, (item) => scores[item]!),
      encodeMs: encoded - started,
      rankMs: performance.now() - encoded,
    };
  }

  async #bytes(name: SearchPagePart): Promise<Uint8Array<ArrayBuffer>> {
    const parts = this.#parts.get(name);
    if (!parts) throw new AppError("page/part", name);
    try {
      return await gunzip(parts);
    } catch (cause) {
      throw new AppError("page/part", `${name} is damaged`, { cause });
    }
  }

  async #external({ files }: EncoderSpec): Promise<SessionFiles["external"]> {
    const path = files
      .find(({ role }) => role === "model-data")
      ?.path.split("/")
      .at(-1);
    return path === undefined ? undefined : { path, data: await this.#bytes("model-data") };
  }
}
