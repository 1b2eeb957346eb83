import { useEffect, useState } from "react";
import type { Item } from "../../../core/domain/dataset";
import { formatQuery } from "../../../core/domain/parseQuery";
import styles from "../../components/search/Search.module.css";
import type { ProjectItems } from "./useSearch";

interface ExamplesProps {
  readonly items: ProjectItems;
  /** Whether words can be encoded: else only captions as they were imported can be asked with. */
  readonly canEncodeWords: boolean;
  readonly onAsk: (example: Example) => void;
  readonly onType: (text: string) => void;
}

/** A caption of the project, by its index. */
export interface Example {
  readonly index: number;
  readonly item: Item;
  readonly text: string;
}

const COUNT = 6;
const LONGEST = 40; // a chip, not a paragraph

/** Held-out captions to try, words no projector was trained on, and how they are combined. */
export function Examples({ items, canEncodeWords, onAsk, onType }: ExamplesProps) {
  const examples = useExamples(items);
  const [first, second, third] = examples;
  const sum =
    canEncodeWords && first && second && third
      ? formatQuery([
          { text: first.text, weight: 1 },
          { text: second.text, weight: 1 },
          { text: third.text, weight: -1 },
        ])
      : null;
  if (examples.length === 0) return <div className={styles.welcome} />;
  return (
    <section className={styles.welcome} aria-label="Queries to try">
      <p className={styles.examples}>
        <span className="quiet">Held-out captions to try</span>
        {examples.map((example) => (
          <button
            key={example.text}
            type="button"
            className={styles.chip}
            dir="auto"
            onClick={() => onAsk(example)}
          >
            {example.text}
          </button>
        ))}
      </p>
      {sum !== null && (
        <p className={styles.examples}>
          <span className="quiet">Combined: the first two without the third</span>
          <button type="button" className={styles.chip} dir="auto" onClick={() => onType(sum)}>
            {sum}
          </button>
        </p>
      )}
    </section>
  );
}

function useExamples(items: ProjectItems): readonly Example[] {
  const [examples, setExamples] = useState<readonly Example[]>([]);
  useEffect(() => {
    let current = true;
    examplesOf(items).then(
      (found) => current && setExamples(found),
      // Without examples the screen still works; the search shows why data cannot be read.
      () => current && setExamples([]),
    );
    return () => {
      current = false;
    };
  }, [items]);
  return examples;
}

async function examplesOf({ pairs, cache }: ProjectItems): Promise<Example[]> {
  const indices = (await pairs).heldOutCaptions(COUNT * 3);
  const found = await Promise.all(
    indices.map(async (index): Promise<Example | undefined> => {
      const item = await cache.get("text", index);
      return item?.text === undefined ? undefined : { index, item, text: item.text };
    }),
  );
  const short = found.filter((example) => example !== undefined && example.text.length <= LONGEST);
  const stride = Math.max(1, Math.floor(short.length / COUNT));
  // Captions are items by their text, so no two are the same.
  return short
    .flatMap((example, i) => (example && i % stride === 0 ? example : []))
    .slice(0, COUNT);
}
