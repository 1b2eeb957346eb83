import type { Pooling } from "../../../core/domain/encoder";
import {
  poolingsOf,
  type OutputOffer,
  type OwnModality,
  type OwnModelDraft,
} from "../../../core/domain/ownModel";
import { formatCount } from "../formatting";
import styles from "./OwnModel.module.css";
import { withOutput, type OwnModelState } from "./useOwnModel";

const POOLING_WORDS: Readonly<Record<Pooling, string>> = {
  mean: "mean of the tokens",
  cls: "first token (CLS)",
  "cls+mean": "first token and mean, side by side",
  last: "last token",
};

/** What tokens are. */
const TOKENS: Readonly<Record<OwnModality, string>> = {
  ...{ image: "tokens", text: "tokens", audio: "moments" },
};

function poolingWords(pooling: Pooling, { modality, hasCls }: OwnModelDraft): string {
  if (modality !== "audio") return POOLING_WORDS[pooling];
  const first = hasCls ? "first token (CLS)" : "first moment";
  return {
    mean: "mean over time",
    cls: first,
    "cls+mean": `${first} and mean, side by side`,
    last: "last moment",
  }[pooling];
}

/** Third step: which output is the embedding, how it is pooled, and what the encoder is called. */
export function OwnModelOutput({ own }: { readonly own: OwnModelState }) {
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
              <span className="mono">{offer.name}</span> {offerInWords(offer, draft.modality)}
            </span>
          </label>
        ))}
      </fieldset>
      {draft.kind === "tokens" && <Pooled {...{ draft, offers }} onChange={own.setDraft} />}
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
  readonly offers: readonly OutputOffer[];
  readonly onChange: (draft: OwnModelDraft) => void;
}

function Pooled({ draft, offers, onChange }: PooledProps) {
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
              {poolingWords(pooling, draft)}
            </option>
          ))}
        </select>
      </label>
      {draft.modality === "audio" && <TokenAxes {...{ draft, offers, onChange }} />}
      {draft.modality !== "text" && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={draft.hasCls}
            onChange={({ currentTarget }) => setCls(currentTarget.checked)}
          />
          {draft.modality === "image"
            ? "The first token is not a patch (CLS)"
            : "The first token is not a moment of sound (CLS)"}
        </label>
      )}
    </div>
  );
}

/** Which axis of [N, a, b] is time: a convolutional network may put it last. */
function TokenAxes({ draft, offers, onChange }: PooledProps) {
  const [, second = 0, third = 0] = offers.find(({ name }) => name === draft.output)?.dims ?? [];
  return (
    <label>
      Axes of the output
      <select
        className="field"
        value={draft.channelsFirst ? "width-time" : "time-width"}
        onChange={({ currentTarget }) => {
          const channelsFirst = currentTarget.value === "width-time";
          onChange({ ...draft, channelsFirst, width: channelsFirst ? second : third });
        }}
      >
        <option value="time-width">
          time {formatCount(second)}, width {formatCount(third)}
        </option>
        <option value="width-time">
          width {formatCount(second)}, time {formatCount(third)}
        </option>
      </select>
    </label>
  );
}

function offerInWords({ kind, dims, width, reason }: OutputOffer, modality: OwnModality): string {
  const shape = `[${dims.join(", ")}]`;
  if (kind === null) return `${shape}: ${reason}`;
  const what = { pooled: "a vector", tokens: TOKENS[modality], map: "a map of vectors" }[kind];
  return `${shape}: ${what}, width ${formatCount(width)}`;
}
