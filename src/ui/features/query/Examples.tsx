import { useEffect, useState } from "react";
import styles from "./QueryPanel.module.css";
import type { ProjectItems } from "./useSearch";

interface ExamplesProps {
  readonly items: ProjectItems;
  readonly onAsk: (text: string) => void;
}

const COUNT = 4;
const LONGEST = 40; // a chip, not a paragraph

/** A few held-out captions to try: words no projector was trained on. */
export function Examples({ items, onAsk }: ExamplesProps) {
  const [texts, setTexts] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    examplesOf(items).then(
      (found) => current && setTexts(found),
      // Without examples the screen still works; the search shows why data cannot be read.
      () => current && setTexts([]),
    );
    return () => {
      current = false;
    };
  }, [items]);
  if (texts.length === 0) return <span className={styles.examples} />;
  return (
    <span className={styles.examples}>
      <span className="quiet">Held-out captions to try</span>
      {texts.map((text) => (
        <button
          key={text}
          type="button"
          className={styles.chip}
          dir="auto"
          onClick={() => onAsk(text)}
        >
          {text}
        </button>
      ))}
    </span>
  );
}

async function examplesOf({ pairs, cache }: ProjectItems): Promise<string[]> {
  const indices = (await pairs).heldOutCaptions(COUNT * 3);
  const found = await Promise.all(indices.map((index) => cache.get("text", index)));
  const texts = found.flatMap((item) => item?.text ?? []);
  const short = texts.filter((text) => text.length <= LONGEST);
  const stride = Math.max(1, Math.floor(short.length / COUNT));
  return [...new Set(short.filter((_, i) => i % stride === 0))].slice(0, COUNT);
}
