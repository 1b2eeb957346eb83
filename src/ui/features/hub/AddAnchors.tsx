import type { HubMember } from "../../../core/domain/hub";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { ModalityChip } from "../../components/ModalityChip";
import styles from "./Add.module.css";
import { useAnchorCounts } from "./anchorCounts";
import type { AddForm, SourceProject } from "./useAddForm";

interface AddAnchorsProps {
  readonly members: readonly HubMember[];
  readonly source: SourceProject;
  readonly form: AddForm;
}

/** Third choice of a joining: the frozen members whose embeddings are the targets. */
export function AddAnchors({ members, source, form }: AddAnchorsProps) {
  const { value: counts, error } = useAnchorCounts(source, members);
  const { modality, anchors, toggleAnchor } = form;
  const total = source.data.report.items[modality];
  const noun = ITEM_NOUNS[modality];
  return (
    <fieldset className={styles.step} disabled={form.isBusy}>
      <legend>3 Align to</legend>
      <p className="quiet">
        What is aligned to captions alone finds pictures too, without one common pair: that path is
        emergent. Captions held out in the hub stay held out here.
      </p>
      {error && <ErrorNote error={error} />}
      {members.map(({ id, name, modality: kind }) => {
        const count = counts?.[id];
        const isChecked = anchors.includes(id);
        return (
          <label key={id} className={styles.anchor}>
            <input
              type="checkbox"
              checked={isChecked}
              // One that was checked can always be let go.
              disabled={!isChecked && (count === null || count === 0)}
              onChange={() => toggleAnchor(id)}
            />
            <span>{name}</span>
            <ModalityChip modality={kind} />
            <span className="quiet">
              {count === undefined && "counting"}
              {count === null && "no items of its own here"}
              {typeof count === "number" &&
                `${formatCount(count)} of ${formatNumberOf(total, noun)} find a partner`}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
