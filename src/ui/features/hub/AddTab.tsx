import type { WholeHub } from "../../../core/domain/hub";
import { ErrorNote } from "../../components/ErrorNote";
import { formatNumberOf } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { useProject } from "../../components/projectContext";
import { AddAnchors } from "./AddAnchors";
import { AddEncoder } from "./AddEncoder";
import { AddPairs } from "./AddPairs";
import styles from "./Add.module.css";
import { HubJoins, JoinStatus } from "./JoinStatus";
import { useAddForm, useSources, type SourceProject } from "./useAddForm";

/** Brings one more modality into a hub: its pairs, its encoder, what it is aligned to. */
export function AddTab(whole: WholeHub) {
  const sources = useSources(whole);
  const { source } = sources;
  return (
    <div className={styles.add}>
      <h2>Add a modality to {whole.hub.name}</h2>
      <p className={styles.lead}>
        One small projector is trained for the new items against what is frozen, and nothing else:
        the other members and their recalls stay the same to the bit, which is checked afterwards.
      </p>
      <HubJoins whole={whole} except={source?.id} />
      {sources.error && <ErrorNote error={sources.error} />}
      {sources.isKnown && <AddPairs hub={whole.hub} sources={sources} />}
      {source && <AddSteps key={source.id} whole={whole} source={source} />}
    </div>
  );
}

interface AddStepsProps {
  readonly whole: WholeHub;
  readonly source: SourceProject;
}

function AddSteps({ whole, source }: AddStepsProps) {
  const { canEdit } = useProject();
  const form = useAddForm(whole, source);
  const { modality, anchors, join, isBusy } = form;
  const items = ITEM_NOUNS[modality];
  // The choice of an encoder has forms of its own, which may not stand inside another.
  return (
    <>
      <AddEncoder form={form} source={source} />
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          if (join) void join();
        }}
      >
        <AddAnchors members={whole.members} source={source} form={form} />
        <section className={styles.step} aria-labelledby="add-go">
          <h3 id="add-go">4 Add</h3>
          <label className={styles.stacked}>
            Name in the hub
            <input
              className="field"
              value={form.name}
              maxLength={80}
              onChange={({ target }) => form.setName(target.value)}
            />
          </label>
          <div className={styles.actions}>
            <button
              type="submit"
              className="button primary"
              disabled={!canEdit || isBusy || !join || anchors.length === 0}
            >
              Add {formatNumberOf(source.data.report.items[modality], items)} to the hub
            </button>
            <span className="quiet">
              {anchors.length === 0
                ? "Choose at least one member to align to."
                : form.willReplace
                  ? "Other choices than those of the unfinished one below, which this replaces."
                  : "Encodes what is not encoded yet, trains, then measures every path."}
            </span>
          </div>
          <JoinStatus whole={whole} projectId={source.id} />
        </section>
      </form>
    </>
  );
}
