import { useEffect, useState } from "react";
import type { Item } from "../../../core/domain/dataset";
import styles from "./QueryPanel.module.css";
import type { ProjectItems } from "./useSearch";

interface ExamplesProps {
  readonly items: ProjectItems;
  readonly onAsk: (example: Example) => void;
}

/** A caption of the project, by its index. */
export interface Example {
  readonly index: number;
  readonly item: Item;
  readonly text: string;
}

const COUNT = 4;
const LONGEST = 40; // a chip, not a paragraph

/** A few held-out captions to try: words no projector was trained on. */
export function Examples({ items, onAsk }: ExamplesProps) {
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
  if (examples.length === 0) return <span className={styles.examples} />;
  return (
    <span className={styles.examples}>
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
    </span>
  );
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
