import { useEffect, useMemo, useState } from "react";
import type { AskedTerm } from "../../../app/querying";
import { useServices } from "../../../app/services";
import { SPLITS, type Item, type Split } from "../../../core/domain/dataset";
import { otherModality, type AlignedModality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import { AppError } from "../../../core/errors";
import { ItemCache } from "./itemCache";
import { LatestOnly } from "./latestOnly";
import { loadPairIndex, type PairIndex } from "./pairIndex";

/** What the visitor asks with. */
export type Asked =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "picture"; readonly blob: Blob; readonly name: string }
  | { readonly kind: "item"; readonly modality: AlignedModality; readonly found: Result };

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

/** A result in words: its text, or its captions, or where it came from. */
export function nameOf({ item, captions }: Result): string {
  return item.text ?? (captions.join(" · ") || item.source);
}

export interface Answer {
  readonly asked: Asked;
  readonly target: AlignedModality;
  readonly results: readonly Result[];
  readonly gallery: number;
  readonly encodeMs: number;
  readonly rankMs: number;
  readonly step: number;
}

export interface SearchQuestion {
  readonly project: Project;
  readonly runId: string;
  readonly asked: Asked | null;
  readonly target: AlignedModality;
  readonly heldOutOnly: boolean;
  /** Step of the space in use: a newer one asks again. Undefined: not ready. */
  readonly step: number | undefined;
}

const TYPING_PAUSE_MS = 150;
const LIMITS = { image: 48, text: 30 } as const; // a few screens; further ranks help nobody
const HELD_OUT: readonly Split[] = ["validation", "test"];
const MAX_CAPTIONS = 3;

/** Captions of a project's images and examples to try, read once per import. */
export function useProjectItems(project: Project) {
  const { stores } = useServices();
  const digest = project.data?.digest;
  const lookup = useMemo(() => {
    const cache = new ItemCache(stores.datasets, project.id);
    return { digest, cache, pairs: loadPairIndex(stores.datasets, project.id) };
  }, [stores, project.id, digest]);
  return lookup;
}

export type ProjectItems = ReturnType<typeof useProjectItems>;

/** Answers a question whenever it, or the space it is asked in, changes. */
export function useSearch(question: SearchQuestion, items: ProjectItems) {
  const { querying } = useServices();
  const [latest] = useState(() => new LatestOnly());
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { project, runId, asked, target, heldOutOnly, step } = question;
  useEffect(() => {
    if (!asked || step === undefined || (asked.kind === "words" && asked.text.trim() === "")) {
      return;
    }
    let current = true;
    const search = async () => {
      if (!current) return;
      try {
        const splits = heldOutOnly ? HELD_OUT : SPLITS;
        const options = { target, filter: { splits }, limit: LIMITS[target] };
        const found = await querying.search(project, runId, [termOf(asked)], options);
        const index = await items.pairs;
        const results = await describe(found.hits, target, items.cache, index);
        if (!current) return;
        const { gallery, encodeMs, elapsedMs: rankMs } = found;
        setAnswer({ asked, target, results, gallery, encodeMs, rankMs, step: found.step });
        setError(null);
      } catch (thrown) {
        if (current) setError(AppError.from(thrown));
      }
    };
    const pause = asked.kind === "words" ? TYPING_PAUSE_MS : 0;
    const timer = setTimeout(() => latest.run(search), pause);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [querying, latest, project, runId, asked, target, heldOutOnly, step, items]);
  return { answer: asked ? answer : null, error, dismissError: () => setError(null) };
}

/** What is found by default: the other side of what is asked with. */
export function defaultTarget(asked: Asked): AlignedModality {
  switch (asked.kind) {
    case "words":
      return "image";
    case "picture":
      return "text";
    case "item":
      return otherModality(asked.modality);
  }
}

function termOf(asked: Asked): AskedTerm {
  switch (asked.kind) {
    case "words":
      return { kind: "input", modality: "text", weight: 1, input: { text: asked.text.trim() } };
    case "picture":
      return { kind: "input", modality: "image", weight: 1, input: { image: asked.blob } };
    case "item":
      return { kind: "item", modality: asked.modality, weight: 1, item: asked.found.index };
  }
}

type Hits = Awaited<ReturnType<ReturnType<typeof useServices>["querying"]["search"]>>["hits"];

async function describe(
  hits: Hits,
  target: AlignedModality,
  cache: ItemCache,
  pairs: PairIndex,
): Promise<Result[]> {
  const results = await Promise.all(
    hits.map(async ({ item: index, rank, score, split }): Promise<Result | undefined> => {
      const item = await cache.get(target, index);
      if (!item) return undefined;
      const texts = target === "image" ? pairs.captionsOf(index).slice(0, MAX_CAPTIONS) : [];
      const captions = await Promise.all(texts.map((text) => cache.get("text", text)));
      return {
        index,
        rank,
        score,
        split,
        item,
        captions: captions.flatMap((caption) => caption?.text ?? []),
      };
    }),
  );
  return results.filter((result) => result !== undefined);
}
