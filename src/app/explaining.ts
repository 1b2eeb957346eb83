import type { WhereMap, WordDrops } from "../core/domain/explanation";
import type { MissReport } from "../core/domain/missReport";
import type { AlignedModality } from "../core/domain/modality";
import { cellsOfWindows, type PictureParts } from "../core/domain/pictureMap";
import type { Project } from "../core/domain/project";
import type { GalleryFilter, ScoreSettings } from "../core/domain/query";
import type { VectorScores, VectorTerm } from "../core/domain/search";
import { checkExplanation } from "../core/metrics/explanationCheck";
import { joinFloats } from "../core/math/joinFloats";
import { seedFrom } from "../core/math/rng";
import type { Progress } from "../core/progress";
import type { SearchContract } from "../rpc/searchContract";
import type { Encoding } from "./encoding";
import { withoutEachWord, type Variant } from "./leftOutWords";
import { PictureCache, type PictureSource } from "./pictureCache";
import type { AskedTerm } from "./querying";
import { QueryVectors } from "./queryVectors";
import type { WorkerCalls } from "./workerSlot";

interface ExplainingDependencies {
  readonly searcher: WorkerCalls<SearchContract>;
  readonly encoding: Pick<Encoding, "encodeBy" | "encodeQuery" | "pictureParts">;
}

/** A query and one of its results. */
export interface Found {
  readonly runId: string;
  readonly terms: readonly AskedTerm[];
  readonly target: AlignedModality;
  /** Index of the result in the project's items of the target modality. */
  readonly item: number;
  readonly digest: string;
  /** The result's caption, if it is one. */
  readonly text?: string;
  /** The picture to look into, where it is not the result: the one that was asked with. */
  readonly picture?: PictureSource;
}

/** How an explanation is worked out. */
export interface ExplainOptions {
  /** Occlude a picture even where its patches could be asked. */
  readonly method?: "auto" | "occlusion";
  readonly signal?: AbortSignal;
  readonly report?: (progress: Progress) => void;
}

/** What was searched, and which item somebody expected first. */
export interface Missed {
  readonly runId: string;
  readonly terms: readonly AskedTerm[];
  readonly target: AlignedModality;
  readonly expected: number;
  readonly filter: GalleryFilter;
  readonly scores: ScoreSettings;
}

const CONTROLS = 8; // random queries: their mean correlation scatters by 0.13

/** Explanations of results: where in a picture, which words, and why not another. */
export class Explaining {
  readonly #deps: ExplainingDependencies;
  readonly #vectors: QueryVectors;
  readonly #pictures: PictureCache;

  constructor(deps: ExplainingDependencies) {
    this.#deps = deps;
    this.#vectors = new QueryVectors(deps.encoding);
    this.#pictures = new PictureCache(deps.encoding);
  }

  /**
   * Where in a picture found, or in the one asked with, the query is.
   *
   * @throws AppError `encoder/vectors-only` when pictures cannot be encoded; as
   *   `Encoding.pictureParts` and `scoreVectors`.
   */
  async where(project: Project, found: Found, options: ExplainOptions = {}): Promise<WhereMap> {
    const terms = await this.#encoded(project, found.terms, options.signal);
    const { method = "auto", signal, report } = options;
    const parts = await this.#pictures.of(project, found.picture ?? found, {
      method,
      ...(signal && { signal }),
      ...(report && { onProgress: report }),
    });
    const answer = await this.#score(project, found, options, {
      queries: [terms],
      rows: { modality: "image", vectors: stacked(parts), count: 1 + parts.parts.rows },
      controls: this.#controls(found, "queries", firstModality(terms)),
    });
    const maps = rowsOf(answer).map((scores) => mapOf(parts, scores));
    const [values = new Float32Array(), ...controls] = maps;
    const { rows, cols, area } = parts;
    return {
      ...{ rows, cols, area, values },
      method: parts.method,
      score: answer.scores[0] ?? NaN,
      check: checkExplanation(values, controls),
      step: answer.step,
    };
  }

  /**
   * Which words make the score: each is left out in turn. Of the query where it has words, else of
   * the caption found. Null where there are not two words to choose from.
   *
   * @throws AppError as `Encoding.encodeQuery` and `scoreVectors`.
   */
  async words(
    project: Project,
    found: Found,
    options: ExplainOptions = {},
  ): Promise<WordDrops | null> {
    const texts = found.terms.flatMap((term) => ("input" in term ? wordsIn(term) : []));
    const of = texts.length > 0 ? "query" : "caption";
    const own = of === "caption" && found.target === "text" ? [found.text ?? ""] : texts;
    const { variants, total } = withoutEachWord(own);
    if (total < 2) return null;
    const answer =
      of === "query"
        ? await this.#scoreQueryVariants(project, found, { variants, options })
        : await this.#scoreCaptionVariants(project, found, { variants, options });
    const [score = NaN] = answer.own;
    const dropsOf = ([whole = NaN, ...without]: readonly number[]) =>
      without.map((value) => whole - value);
    const drops = dropsOf(answer.own);
    const taken = own.map((text, place) => ({
      text,
      words: variants.flatMap(({ of: from, span }, i) =>
        from === place ? [{ ...span, drop: drops[i]! }] : [],
      ),
    }));
    const check = checkExplanation(drops, answer.controls.map(dropsOf));
    return { of, texts: taken, score, check, total, step: answer.step };
  }

  /**
   * Why an item that was expected is not first.
   *
   * @throws AppError `embeddings/missing` for an item without an embedding; as `Querying.search`.
   */
  async why(project: Project, missed: Missed, signal?: AbortSignal): Promise<MissReport> {
    const terms = await this.#encoded(project, missed.terms, signal);
    const params = { ...missed, projectId: project.id, terms };
    return this.#deps.searcher.call("explainMiss", params, signal ? { signal } : {});
  }

  /** The result scored with the query as it is and without each word. */
  async #scoreQueryVariants(
    project: Project,
    found: Found,
    { variants, options }: { variants: readonly Variant[]; options: ExplainOptions },
  ): Promise<Scored> {
    const terms = await this.#encoded(project, found.terms, options.signal);
    const left = variants.filter(({ text }) => text !== "");
    const vectors = await this.#encodeWords(project, left, options);
    const places = found.terms.flatMap((term, i) =>
      "input" in term && wordsIn(term).length > 0 ? [i] : [],
    );
    const without = variants.map((variant) =>
      terms.flatMap((term, i): VectorTerm[] => {
        if (i !== places[variant.of]) return [term];
        const vector = vectors.get(variant);
        return vector ? [{ modality: "text", weight: term.weight, vector }] : [];
      }),
    );
    const rows = { modality: found.target, items: [found.item] } as const;
    const controls = this.#controls(found, "rows", found.target);
    const queries = [terms, ...without];
    const answer = await this.#score(project, found, options, { queries, rows, controls });
    const column = (c: number) => queries.map((_, q) => answer.scores[q * answer.rows + c] ?? NaN);
    const others = Array.from({ length: answer.rows - 1 }, (_, c) => column(c + 1));
    return { own: column(0), controls: others, step: answer.step };
  }

  /** The caption as it is and without each word, scored with the query. */
  async #scoreCaptionVariants(
    project: Project,
    found: Found,
    { variants, options }: { variants: readonly Variant[]; options: ExplainOptions },
  ): Promise<Scored> {
    const terms = await this.#encoded(project, found.terms, options.signal);
    const whole = { text: found.text ?? "" };
    const vectors = await this.#encodeWords(project, [whole, ...variants], options);
    const all = joinFloats([whole, ...variants].map((text) => vectors.get(text)!));
    const answer = await this.#score(project, found, options, {
      queries: [terms],
      rows: { modality: "text", vectors: all, count: 1 + variants.length },
      controls: this.#controls(found, "queries", firstModality(terms)),
    });
    const [own = [], ...controls] = rowsOf(answer).map((scores) => Array.from(scores));
    return { own, controls, step: answer.step };
  }

  async #encodeWords<T extends { readonly text: string }>(
    project: Project,
    texts: readonly T[],
    { signal, report }: ExplainOptions,
  ): Promise<Map<T, Float32Array<ArrayBuffer>>> {
    if (texts.length === 0) return new Map();
    const total = texts.length;
    report?.({ stage: "encode", done: 0, total, unit: "items" });
    const inputs = texts.map(({ text }) => ({ text }));
    const { vectors, cols } = await this.#deps.encoding.encodeQuery(
      project,
      "text",
      inputs,
      signal,
    );
    report?.({ stage: "encode", done: total, total, unit: "items" });
    return new Map(texts.map((text, i) => [text, vectors.slice(i * cols, (i + 1) * cols)]));
  }

  #encoded(
    project: Project,
    terms: readonly AskedTerm[],
    signal: AbortSignal | undefined,
  ): Promise<VectorTerm[]> {
    return Promise.all(
      terms.map(async ({ modality, weight, ...term }): Promise<VectorTerm> => {
        if (term.kind === "item") return { modality, weight, item: term.item };
        const { vector } = await this.#vectors.of(project, modality, term.input, signal);
        return { modality, weight, vector };
      }),
    );
  }

  #score(
    project: Project,
    { runId }: Found,
    { signal }: ExplainOptions,
    question: Omit<SearchContract["scoreVectors"]["params"], "projectId" | "runId">,
  ): Promise<VectorScores> {
    const params = { ...question, projectId: project.id, runId };
    return this.#deps.searcher.call("scoreVectors", params, signal ? { signal } : {});
  }

  /** The same random items for one result whatever is asked, so that its maps can be compared. */
  #controls({ digest }: Found, as: "queries" | "rows", modality: AlignedModality) {
    return { as, modality, count: CONTROLS, seed: seedFrom("controls", digest) };
  }
}

/** Scores of the whole and of each variant, of the question itself and of random others. */
interface Scored {
  readonly own: readonly number[];
  readonly controls: readonly (readonly number[])[];
  readonly step: number;
}

function wordsIn(term: AskedTerm & { readonly kind: "input" }): string[] {
  return "text" in term.input ? [term.input.text] : [];
}

/** What random queries are of: most queries have one modality only. */
function firstModality(terms: readonly VectorTerm[]): AlignedModality {
  return terms[0]?.modality ?? "text";
}

function mapOf(parts: PictureParts, scores: Float32Array<ArrayBuffer>) {
  const [whole = NaN] = scores;
  const own = scores.slice(1);
  if (parts.method === "tokens") return own;
  return cellsOfWindows(
    own.map((score) => whole - score),
    parts,
  );
}

function rowsOf({ scores, queries, rows }: VectorScores): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: queries }, (_, q) => scores.slice(q * rows, (q + 1) * rows));
}

const stacked = ({ whole, parts }: PictureParts) => joinFloats([whole.data, parts.data]);
