import type { Pooling } from "../../../core/domain/encoder";
import { poolingsOf, type OutputOffer, type OwnModelDraft } from "../../../core/domain/ownModel";
import { formatCount } from "../../components/formatting";
import styles from "./OwnModel.module.css";
import { withOutput, type useOwnModel } from "./useOwnModel";

const POOLING_WORDS: Readonly<Record<Pooling, string>> = {
  mean: "mean of the tokens",
  cls: "first token (CLS)",
  "cls+mean": "first token and mean, side by side",
  last: "last token",
};

/** Third step: which output is the embedding, how it is pooled, and what the encoder is called. */
export function OwnModelOutput({ own }: { readonly own: ReturnType<typeof useOwnModel> }) {
  const { offers = [], draft } = own.known;
  if (!draft) return null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void own.tryOut(draft);
      }}
    >
      <fieldset className={styles.outputs}>
        <legend>The embedding comes out of</legend>
        {offers.map((offer) => (
          <label key={offer.name} className={styles.check}>
            <input
              type="radio"
              name="own-output"
              checked={draft.output === offer.name}
              disabled={offer.kind === null}
              onChange={() => own.setDraft(withOutput(draft, offer))}
            />
            <span>
              <span className="mono">{offer.name}</span> {offerInWords(offer)}
            </span>
          </label>
        ))}
      </fieldset>
      {draft.kind === "tokens" && <Pooled draft={draft} onChange={own.setDraft} />}
      <div className={styles.fields}>
        <label>
          Name
          <input
            className="field"
            value={draft.name}
            required
            maxLength={80}
            onChange={({ currentTarget }) => own.setDraft({ ...draft, name: currentTarget.value })}
          />
        </label>
        <label>
          Licence
          <input
            className="field"
            value={draft.license}
            required
            maxLength={80}
            onChange={({ currentTarget }) =>
              own.setDraft({ ...draft, license: currentTarget.value })
            }
          />
        </label>
      </div>
      <div className={styles.actions}>
        <button className="button primary" disabled={own.busy !== ""}>
          Check it
        </button>
        <button type="button" className="button" onClick={() => own.goTo("preprocessing")}>
          Back
        </button>
      </div>
    </form>
  );
}

interface PooledProps {
  readonly draft: OwnModelDraft;
  readonly onChange: (draft: OwnModelDraft) => void;
}

function Pooled({ draft, onChange }: PooledProps) {
  const setCls = (hasCls: boolean) => {
    const [pooling = "mean"] = poolingsOf({ kind: draft.kind, hasCls }, draft.modality);
    onChange({ ...draft, hasCls, pooling });
  };
  return (
    <div className={styles.fields}>
      <label>
        Pooling
        <select
          className="field"
          value={draft.pooling}
          onChange={
            ({ currentTarget }) => onChange({ ...draft, pooling: currentTarget.value as Pooling }) // the options below
          }
        >
          {poolingsOf(draft, draft.modality).map((pooling) => (
            <option key={pooling} value={pooling}>
              {POOLING_WORDS[pooling]}
            </option>
          ))}
        </select>
      </label>
      {draft.modality === "image" && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.hasCls}
            onChange={({ currentTarget }) => setCls(currentTarget.checked)}
          />
          The first token is not a patch (CLS)
        </label>
      )}
    </div>
  );
}

function offerInWords({ kind, dims, width, reason }: OutputOffer): string {
  const shape = `[${dims.join(", ")}]`;
  if (kind === null) return `${shape}: ${reason}`;
  const what = { pooled: "a vector", tokens: "tokens", map: "a map of vectors" }[kind];
  return `${shape}: ${what}, width ${formatCount(width)}`;
}
