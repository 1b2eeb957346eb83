import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import type { QueryAnswer } from "../../../app/querying";
import { useServices } from "../../../app/services";
import type { Item, Split } from "../../../core/domain/dataset";
import type { AlignedModality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import type { GalleryFilter, ScoreSettings } from "../../../core/domain/query";
import { AppError } from "../../../core/errors";
import type { Progress } from "../../../core/progress";
import { ItemCache } from "./itemCache";
import { loadItemIndex, type ItemIndex } from "./itemIndex";
import { LatestOnly } from "./latestOnly";
import { loadPairIndex } from "./pairIndex";
import { askedTerm, type ShownTerm } from "./queryTerms";

/** An item found, by its index in the project's items of the target modality. */
export type Hit = QueryAnswer["hits"][number];

/** One result with what a screen shows of it. */
export interface Result {
  readonly index: number;
  readonly rank: number;
  readonly score: number;
  readonly split: Split;
  readonly item: Item;
  /** Captions of an image; empty for a text. */
  readonly captions: readonly string[];
}

/** A result in words: its text, or its first caption, or where it came from. */
export function nameOf({ item, captions }: Pick<Result, "item" | "captions">): string {
  return item.text ?? captions[0] ?? item.source;
}

export interface Answer {
  /** What was asked. */
  readonly terms: readonly ShownTerm[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly hits: readonly Hit[];
  /** Items that were ranked: those the filter leaves. */
  readonly gallery: number;
  readonly encodeMs: number;
  readonly rankMs: number;
  readonly step: number;
  /** Shapes of the pictures, there before the first answer is. */
  readonly index: ItemIndex;
}

export interface SearchQuestion {
  readonly project: Project;
  readonly runId: string;
  readonly terms: readonly ShownTerm[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly filter: GalleryFilter;
  /** Step of the space in use: a newer one asks again. Undefined: not ready. */
  readonly step: number | undefined;
}

const TYPING_PAUSE_MS = 150;

/** Ranks listed; nobody scrolls through more, and the answer stays small enough to send often. */
export const MAX_HITS = 3_000;

/** Items, pairs, shapes, labels and tags of a project, read once per import or edit. */
export function useProjectItems(project: Project) {
  const { stores } = useServices();
  const { digest, edits = [] } = project.data ?? {};
  const last = edits.at(-1);
  const change = last && "pairs" in last ? [last.kind, last.pairs.length, last.pairs[0]] : [];
  const tag = last && "tag" in last ? last.tag : "";
  const version = [digest, edits.length, ...change, tag].join("/"); // tags change no digest
  const lookup = useMemo(() => {
    const cache = new ItemCache(stores.datasets, project.id);
    const pairs = loadPairIndex(stores.datasets, project.id);
    const index = loadItemIndex(stores.datasets, project.id);
    // Whoever awaits them meets the fault; nobody awaiting yet is no unhandled one.
    for (const read of [pairs, index]) read.catch(() => {});
    return { version, cache, pairs, index };
  }, [stores, project.id, version]);
  return lookup;
}

export type ProjectItems = ReturnType<typeof useProjectItems>;

/** Answers a question whenever it, or the space it is asked in, changes. */
export function useSearch(question: SearchQuestion, items: ProjectItems) {
  const { querying } = useServices();
  const [latest] = useState(() => new LatestOnly());
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [preparing, setPreparing] = useState<Progress | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { project, runId, terms, target, scores, filter, step } = question;
  const asked = useMemo(
    () => ({ project, runId, terms, target, scores, filter, items }),
    [project, runId, terms, target, scores, filter, items],
  );
  const newest = useNewest(asked);
  const waitMs = useTypingPause(terms);
  useEffect(() => {
    if (asked.terms.length === 0 || step === undefined) return;
    // An answer from the step before is still one to this question; only another question drops it.
    const isCurrent = () => newest.current === asked;
    const search = async () => {
      if (!isCurrent()) return;
      try {
        const report = (progress: Progress) => isCurrent() && setPreparing(progress);
        const found = await ask(querying, asked, report);
        if (!isCurrent()) return;
        setAnswer(found);
        setError(null);
      } catch (thrown) {
        if (isCurrent()) setError(AppError.from(thrown));
      } finally {
        if (isCurrent()) setPreparing(null);
      }
    };
    const timer = setTimeout(() => latest.run(search), waitMs());
    return () => clearTimeout(timer);
  }, [querying, latest, newest, waitMs, asked, step]);
  return {
    answer: terms.length > 0 ? answer : null,
    preparing,
    error: terms.length > 0 ? error : null,
    dismissError: () => setError(null),
  };
}

type Asked = Omit<SearchQuestion, "step"> & { readonly items: ProjectItems };

async function ask(
  querying: ReturnType<typeof useServices>["querying"],
  { project, runId, terms, target, scores, filter, items }: Asked,
  report: (progress: Progress) => void,
): Promise<Answer> {
  const options = { target, filter, scores, limit: MAX_HITS, report };
  const found = await querying.search(project, runId, terms.map(askedTerm), options);
  const index = await items.index;
  const { hits, gallery, encodeMs, elapsedMs: rankMs, step } = found;
  return { terms, target, scores, hits, gallery, encodeMs, rankMs, step, index };
}

/** A box with what was drawn last, or null once the screen is left. */
function useNewest<T>(value: T): RefObject<T | null> {
  const newest = useRef<T | null>(null);
  useEffect(() => {
    newest.current = value;
    return () => {
      newest.current = null;
    };
  }, [value]);
  return newest;
}

/** How long to wait yet before words are asked for: a pause after they changed, not after a step. */
function useTypingPause(terms: readonly ShownTerm[]): () => number {
  const changedAt = useRef(0);
  useEffect(() => {
    const hasWords = terms.some(({ kind }) => kind === "words");
    changedAt.current = hasWords ? performance.now() : -Infinity;
  }, [terms]);
  return useCallback(
    () => Math.max(0, changedAt.current + TYPING_PAUSE_MS - performance.now()),
    [],
  );
}

/** The items of some places with their captions, filled in as they are read. */
export function useShown(
  target: AlignedModality,
  hit: Hit,
  items: ProjectItems,
): Result | undefined {
  const [shown, setShown] = useState<{ key: string; item: Item; captions: readonly string[] }>();
  const { item: index, rank, score, split } = hit;
  const key = `${items.version}/${target}/${index}`;
  useEffect(() => {
    let current = true;
    readShown(target, index, items).then(
      (read) => current && read && setShown({ key, ...read }),
      // The place stays empty; the search itself says why data cannot be read.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [target, index, items, key]);
  return useMemo(
    () => (shown?.key === key ? { ...shown, index, rank, score, split } : undefined),
    [shown, key, index, rank, score, split],
  );
}

async function readShown(target: AlignedModality, index: number, items: ProjectItems) {
  const item = await items.cache.get(target, index);
  if (!item) return undefined;
  const texts = target === "image" ? (await items.pairs).captionsOf(index) : [];
  const captions = await Promise.all(texts.map((text) => items.cache.get("text", text)));
  return { item, captions: captions.flatMap((caption) => caption?.text ?? []) };
}
