import { useState } from "react";
import type { RemovedQuery } from "../../../app/savedQueries";
import { useServices } from "../../../app/services";
import { formatQuery } from "../../../core/domain/parseQuery";
import type { QueryTerm, SavedQuery } from "../../../core/domain/query";
import { AppError } from "../../../core/errors";
import type { LinkedQuery } from "../../../core/formats/queryLink";
import { useProject } from "../../components/projectContext";
import { findItem } from "../../components/search/itemIndex";
import { keptTerm, type ItemTerm } from "./queryTerms";
import type { Query, QueryState } from "./useQuery";
import { nameOf } from "../../components/search/shownItems";
import type { ProjectItems } from "./useSearch";

/** What the screen says about the latest change, and how to take it back. */
interface Notice {
  readonly words: string;
  readonly undo: (() => void) | null;
}

type Settings = Pick<QueryState, "target" | "scores" | "filter">;

/** Commands on the saved queries of the project on screen. */
export type SavedCommands = ReturnType<typeof useSavedQueries>;

/** Saves, runs, renames and deletes queries; says what it did and what could not be done. */
export function useSavedQueries(query: Query, items: ProjectItems) {
  const { project } = useProject();
  const { projects, stores } = useServices();
  const [notice, setNotice] = useState<Notice | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { savedQueries } = projects;
  const attempt = (work: () => Promise<Notice | null>) => {
    setError(null);
    work().then(setNotice, (thrown: unknown) => setError(AppError.from(thrown)));
  };
  const bringBack = (removed: RemovedQuery) =>
    attempt(async () => {
      await savedQueries.restore(project.id, removed);
      return { words: `“${removed.query.name}” is back.`, undo: null };
    });
  const open = (asked: Settings, terms: readonly QueryTerm[], remark = "") =>
    attempt(async () => {
      const { words, found, lost } = await resolve(terms, project.id, { stores, items });
      if (words.length + found.length === 0) {
        throw new AppError("query/empty", "none of its items is in this data");
      }
      query.replace({ ...asked, text: formatQuery(words), extras: found });
      const many = lost === 1 ? "One item" : `${lost} items`;
      const left =
        lost > 0
          ? `${many} of this query ${lost === 1 ? "is" : "are"} not in the data; the rest is asked.`
          : "";
      const said = [remark, left].filter(Boolean).join(" ");
      return said === "" ? null : { words: said, undo: null };
    });
  return {
    notice,
    dismissNotice: () => setNotice(null),
    error,
    dismissError: () => setError(null),
    save: ({ terms, target, scores, filter }: QueryState & Pick<Query, "terms">, name: string) =>
      attempt(async () => {
        const kept = terms.flatMap((term) => keptTerm(term) ?? []);
        const query = { name, terms: kept, target, scores, filter };
        const saved = await savedQueries.save(project.id, query);
        return { words: `Saved “${saved.name}”.`, undo: null };
      }),
    run: ({ terms, target, scores, filter }: SavedQuery) => open({ target, scores, filter }, terms),
    /** Asks what a link carried. */
    follow: ({ terms, target, scores, splits, data }: LinkedQuery) => {
      const isOther = data !== project.data?.digest;
      const remark = isOther ? "The query of this link was asked of other data." : "";
      open({ target, scores, filter: { splits } }, terms, remark);
    },
    rename: (id: string, name: string) =>
      attempt(async () => {
        await savedQueries.rename(project.id, id, name);
        return null;
      }),
    remove: ({ id, name }: SavedQuery) =>
      attempt(async () => {
        const removed = await savedQueries.remove(project.id, id);
        if (!removed) return null;
        return { words: `Deleted “${name}”.`, undo: () => bringBack(removed) };
      }),
    fail: (thrown: AppError) => setError(thrown),
  };
}

interface Sources {
  readonly stores: ReturnType<typeof useServices>["stores"];
  readonly items: ProjectItems;
}

/** Finds the items of kept terms in the data as it is now. */
async function resolve(terms: readonly QueryTerm[], projectId: string, { stores, items }: Sources) {
  const words = terms.filter((term) => term.kind === "words");
  const wanted = terms.filter((term) => term.kind === "item");
  const found: ItemTerm[] = [];
  for (const { modality, digest, weight } of wanted) {
    const index = await findItem(stores.datasets, projectId, { modality, digest });
    const item = index === undefined ? undefined : await items.cache.get(modality, index);
    if (index === undefined || !item) continue;
    const texts = modality === "image" ? (await items.pairs).captionsOf(index) : [];
    const captions = await Promise.all(texts.map((text) => items.cache.get("text", text)));
    const name = nameOf({ item, captions: captions.flatMap((caption) => caption?.text ?? []) });
    const key = crypto.randomUUID();
    found.push({ kind: "item", key, modality, index, item, name, weight });
  }
  return { words, found, lost: wanted.length - found.length };
}
