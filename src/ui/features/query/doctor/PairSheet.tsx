import { useState } from "react";
import { CHECKED_TAG } from "../../../../app/doctoring";
import type { Pair } from "../../../../core/domain/dataset";
import { rankedPair, type Diagnosis, type RankedPair } from "../../../../core/domain/diagnosis";
import { BlobImage } from "../../../components/BlobImage";
import { CaptionForm } from "../../../components/CaptionForm";
import { ErrorNote } from "../../../components/ErrorNote";
import { FactList } from "../../../components/FactList";
import { formatCount } from "../../../components/formatting";
import { useProject } from "../../../components/projectContext";
import { Sheet } from "../../../components/Sheet";
import sheet from "../../../components/Sheet.module.css";
import styles from "./Doctor.module.css";
import type { ItemCache } from "../../../components/search/itemCache";
import { SplitBadge } from "../../../components/search/SplitBadge";
import { STATE_WORDS } from "./LineRow";
import { stateOf } from "./useLines";
import { useLineItems } from "./useLineItems";
import type { Editing } from "../../../components/useEditing";
import { WordDrops } from "./WordDrops";

interface PairSheetProps {
  readonly diagnosis: Diagnosis;
  readonly place: number;
  readonly pairs: readonly Pair[];
  readonly items: ItemCache;
  readonly repairs: Editing;
  readonly canEdit: boolean;
  readonly onStep: (by: number) => void;
  readonly onClose: () => void;
}

/** One suspicious pair in full, with everything that can be done about it. */
export function PairSheet(props: PairSheetProps) {
  const { diagnosis, place, pairs, items, repairs, canEdit, onStep, onClose } = props;
  const { project } = useProject();
  const line = rankedPair(diagnosis.ranking, place);
  const pair = pairs[line.pair];
  const { image, caption, best } = useLineItems(items, pair, line.bestCaption);
  const [isTyping, setTyping] = useState(false);
  const state = stateOf(pair, line.caption);
  const off = !canEdit || repairs.busy;
  return (
    <Sheet
      label="Pair"
      title={`Pair ${formatCount(place + 1)}`}
      steps={
        <>
          <button type="button" className="button quiet" onClick={() => onStep(-1)}>
            Back
          </button>
          <button type="button" className="button quiet" onClick={() => onStep(1)}>
            Next
          </button>
        </>
      }
      onClose={onClose}
    >
      {repairs.error && <ErrorNote error={repairs.error} onDismiss={repairs.dismiss} />}
      <div className={styles.picture}>
        {image?.modality === "image" && (
          <BlobImage
            projectId={project.id}
            digest={image.digest}
            alt={caption?.text ?? image.source}
            size={200}
          />
        )}
      </div>
      {isTyping ? (
        <CaptionForm
          text={caption?.text ?? ""}
          disabled={off}
          onSave={(text) => repairs.apply({ kind: "caption", pair: line.pair, text })}
          onClose={() => setTyping(false)}
        />
      ) : (
        <>
          <ul className={sheet.captions} aria-label="Caption">
            <li dir="auto">{caption?.text}</li>
          </ul>
          {STATE_WORDS[state] && <p className="quiet">Now {STATE_WORDS[state]}.</p>}
          <div className={sheet.actions}>
            <button
              type="button"
              className="button"
              disabled={off || pair?.text === line.bestCaption || state === "excluded"}
              onClick={() =>
                void repairs.apply({
                  kind: "captions",
                  pairs: [line.pair],
                  texts: [line.bestCaption],
                })
              }
            >
              Use the better caption
            </button>
            <button
              type="button"
              className="button"
              disabled={off || state === "excluded"}
              onClick={() => setTyping(true)}
            >
              Type another
            </button>
            <button
              type="button"
              className="button"
              disabled={off}
              onClick={() =>
                void repairs.apply(
                  state === "excluded"
                    ? { kind: "include", pairs: [line.pair] }
                    : { kind: "exclude", pairs: [line.pair], reason: "pair doctor" },
                )
              }
            >
              {state === "excluded" ? "Include" : "Exclude"}
            </button>
            <button
              type="button"
              className="button"
              disabled={off || state === "excluded"}
              onClick={() =>
                void repairs.apply({
                  kind: pair?.tags?.includes(CHECKED_TAG) ? "untag" : "tag",
                  pairs: [line.pair],
                  tag: CHECKED_TAG,
                })
              }
            >
              {pair?.tags?.includes(CHECKED_TAG) ? "Not checked" : "Mark as fine"}
            </button>
          </div>
        </>
      )}
      <div>
        <h3>Best other caption in the data</h3>
        <ul className={sheet.captions}>
          <li dir="auto">{best?.text}</li>
        </ul>
        <p className="quiet">
          cosine {line.bestCosine.toFixed(3)}, its own {line.cosine.toFixed(3)}
        </p>
      </div>
      {caption?.text !== undefined && (
        <WordDrops key={caption.text} {...{ diagnosis, place }} caption={caption.text} />
      )}
      <Facts line={line} pair={pair} source={image?.source} />
    </Sheet>
  );
}

interface FactsProps {
  readonly line: RankedPair;
  readonly pair: Pair | undefined;
  readonly source: string | undefined;
}

function Facts({ line, pair, source }: FactsProps) {
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
  return (
    <FactList
      facts={[
        ["Mismatch", line.mismatch.toFixed(3)],
        [
          "Caption’s rank",
          `${formatCount(line.captionRank)}, best other ${signed(line.captionMargin)}`,
        ],
        [
          "Picture’s rank",
          `${formatCount(line.imageRank)}, best other ${signed(line.imageMargin)}`,
        ],
        ["CSLS", line.csls.toFixed(3)],
        ["Split", pair && <SplitBadge split={pair.split} />],
        [
          "From",
          <span className="mono">
            {pair?.row}
            {source && ` · ${source}`}
          </span>,
        ],
      ]}
    />
  );
}
