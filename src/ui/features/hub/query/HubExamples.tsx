import { useEffect, useState } from "react";
import type { HubMember } from "../../../../core/domain/hub";
import { formatQuery } from "../../../../core/domain/parseQuery";
import { AudioClip } from "../../../components/AudioClip";
import search from "../../../components/search/Search.module.css";
import { heldOutExamples, type HeldOutItem } from "./heldOutExamples";
import type { HubItems } from "./hubItems";
import styles from "./HubQuery.module.css";
import type { HubQuery } from "./useHubQuery";

interface HubExamplesProps {
  readonly members: readonly HubMember[];
  readonly items: HubItems;
  readonly query: HubQuery;
  /** Left out where the hub has no sounds, or the microphone is in use. */
  readonly onRecord: (() => void) | undefined;
}

/** What to ask first: a name said aloud, captions and sounds that nothing was trained on. */
export function HubExamples({ members, items, query, onRecord }: HubExamplesProps) {
  const examples = useExamples(members, items);
  return (
    <section className={styles.examples} aria-label="Queries to try">
      {onRecord && (
        <p className={search.examples}>
          <span className="quiet">Say what you are looking for</span>
          <button type="button" className={search.chip} onClick={onRecord}>
            Say a name
          </button>
        </p>
      )}
      {examples.captions.length > 0 && (
        <p className={search.examples}>
          <span className="quiet">Held-out captions to try</span>
          {examples.captions.map(({ name }) => (
            <button
              key={name}
              type="button"
              className={search.chip}
              dir="auto"
              onClick={() => query.ask(formatQuery([{ text: name, weight: 1 }]))}
            >
              {name}
            </button>
          ))}
        </p>
      )}
      {examples.sounds.length > 0 && (
        <>
          <p className="quiet">Held-out sounds to try</p>
          <ul className={styles.sounds}>
            {examples.sounds.map((sound) => (
              <li key={`${sound.memberId}/${sound.item}`}>
                <AudioClip
                  projectId={sound.projectId}
                  digest={sound.shown.digest}
                  label={`Play ${sound.name}`}
                />
                <button type="button" className="button" onClick={() => query.goesWith(sound)}>
                  Ask with it<span className="visually-hidden">: {sound.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface Examples {
  readonly captions: readonly HeldOutItem[];
  readonly sounds: readonly HeldOutItem[];
}

const NONE: Examples = { captions: [], sounds: [] };

function useExamples(members: readonly HubMember[], items: HubItems): Examples {
  const [examples, setExamples] = useState(NONE);
  useEffect(() => {
    let current = true;
    heldOutExamples(members, items).then(
      (found) => current && setExamples(found),
      // Without examples the screen still works; the search shows why data cannot be read.
      () => current && setExamples(NONE),
    );
    return () => {
      current = false;
    };
  }, [members, items]);
  return examples;
}
