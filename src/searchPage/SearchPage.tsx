import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { SearchPageManifest } from "../core/domain/searchPage";
import { ErrorNote } from "../ui/components/ErrorNote";
import { formatNumberOf } from "../ui/components/formatting";
import { AboutPage } from "./AboutPage";
import { ItemDialog } from "./ItemDialog";
import { PictureGrid, type ShownItem } from "./PictureGrid";
import { Pictures } from "./pictures";
import { SearchBox } from "./SearchBox";
import { SearchEngine, type EngineDependencies } from "./searchEngine";
import styles from "./SearchPage.module.css";
import { StatusLine } from "./StatusLine";
import { useQuery } from "./useQuery";

const STEP = 60; // pictures at first, and with each “Show more”

interface SearchPageProps extends EngineDependencies {
  readonly manifest: SearchPageManifest;
}

/** The whole page: the box, what was found, and what the page is made of. */
export function SearchPage({ manifest, load, start }: SearchPageProps) {
  const { title, items, examples, image } = manifest;
  const [engine] = useState(() => new SearchEngine(manifest, { load, start }));
  const [pictures] = useState(() => new Pictures(load));
  const state = useSyncExternalStore(engine.subscribe, engine.state);
  const [count, setCount] = useState(STEP);
  const [opened, open] = useState<ShownItem | null>(null);
  const query = useQuery(engine, count);
  const box = useRef<HTMLInputElement>(null);
  useFocusShortcut(box);
  useEffect(() => {
    // From a disk loading costs nothing; from a host it waits until somebody wants to search.
    if (location.protocol === "file:") engine.prepare();
  }, [engine]);
  const ask = (text: string, now?: boolean) => {
    setCount(STEP);
    query.ask(text, now);
  };
  const shown = useMemo(
    () => shownItems(manifest, query.answer?.hits, count),
    [manifest, query.answer, count],
  );
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <h1 dir="auto">{title}</h1>
        <p className="quiet">
          {formatNumberOf(items.length, "picture")}, found by words. The search runs in this
          browser: nothing you type leaves it.
        </p>
      </header>
      <SearchBox
        ref={box}
        text={query.text}
        examples={examples}
        onAsk={ask}
        onFocus={() => engine.prepare()}
      />
      <StatusLine
        state={state}
        loadBytes={engine.loadBytes}
        query={query}
        of={items.length}
        shown={shown.length}
      />
      {state.kind === "failed" && (
        <ErrorNote error={state.error}>
          <button
            type="button"
            className="button"
            onClick={() => {
              engine.prepare();
              query.ask(query.text, true);
            }}
          >
            Load again
          </button>
        </ErrorNote>
      )}
      {query.error && state.kind !== "failed" && <ErrorNote error={query.error} />}
      <PictureGrid shown={shown} pictures={pictures} isStale={query.isSearching} onOpen={open} />
      {shown.length < items.length && (
        <button
          type="button"
          className={`button ${styles.more}`}
          onClick={() => setCount(count + STEP)}
        >
          Show {Math.min(STEP, items.length - shown.length)} more
        </button>
      )}
      <AboutPage manifest={manifest} imageEncoder={image} />
      <ItemDialog opened={opened} pictures={pictures} onClose={() => open(null)} />
    </main>
  );
}

function shownItems(
  { items }: SearchPageManifest,
  hits: { items: Uint32Array; scores: Float64Array } | undefined,
  count: number,
): ShownItem[] {
  if (!hits) return items.slice(0, count).map((item, index) => ({ item, index }));
  return Array.from(hits.items, (index, i) => ({
    item: items[index]!,
    index,
    rank: i + 1,
    score: hits.scores[i]!,
  }));
}

/** “/” brings the caret into the box from anywhere but another field. */
function useFocusShortcut(box: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key !== "/" || isTyping || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [box]);
}
