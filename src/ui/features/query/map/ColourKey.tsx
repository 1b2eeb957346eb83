import { useEffect, useRef, useState } from "react";
import { formatCount } from "../../../components/formatting";
import type { Colouring } from "./colouring";
import styles from "./Map.module.css";
import { colourOf, paletteOf, type Palette } from "./palette";
import { useThemeVersion } from "./useThemeVersion";

interface ColourKeyProps {
  readonly colouring: Colouring;
  readonly onSelect: (points: readonly number[]) => void;
}

/** What each colour stands for, with how many; a click selects those points. */
export function ColourKey({ colouring, onSelect }: ColourKeyProps) {
  const list = useRef<HTMLUListElement>(null);
  const theme = useThemeVersion();
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => {
    if (list.current) setPalette(paletteOf(list.current));
  }, [theme]);
  const select = (group: number) =>
    onSelect([...colouring.codes.keys()].filter((point) => colouring.codes[point] === group));
  return (
    <section aria-label="Colours" className={styles.section}>
      <h2 className={styles.heading}>{colouring.title}</h2>
      <ul ref={list} className={styles.key}>
        {colouring.groups.map(({ name, colour, count }, group) => (
          <li key={name}>
            <button
              type="button"
              className={styles.keyButton}
              title="Select these points"
              onClick={() => select(group)}
            >
              <span
                aria-hidden="true"
                className={colour.kind === "text" ? styles.round : styles.swatch}
                style={palette ? { background: colourOf(palette, colour) } : undefined}
              />
              <span className={styles.keyName} dir="auto">
                {name}
              </span>
              <span className="quiet">{formatCount(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {colouring.by !== "modality" && (
        <p className={styles.note}>Squares are images, discs are texts.</p>
      )}
    </section>
  );
}
