import { Link } from "wouter";
import { encoderInShort } from "../../components/encoderWords";
import { formatNumberOf } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import { MakeSensorEncoder } from "../../components/MakeSensorEncoder";
import { OwnModel } from "../../components/ownModel/OwnModel";
import styles from "./Add.module.css";
import type { AddForm, SourceProject } from "./useAddForm";

interface AddEncoderProps {
  readonly form: AddForm;
  readonly source: SourceProject;
}

/** Second choice of a joining: the frozen network that reads the new items. */
export function AddEncoder({ form, source }: AddEncoderProps) {
  const { encoders, downloadable, spec, chooseEncoder, modality } = form;
  return (
    <fieldset className={styles.step} disabled={form.isBusy}>
      <legend>2 Encoder of the {ITEM_NOUNS[modality]}s</legend>
      {encoders.map((encoder) => (
        <div key={encoder.id}>
          <label>
            <input
              type="radio"
              name="join-encoder"
              checked={encoder.id === spec?.id}
              onChange={() => chooseEncoder(encoder.id)}
            />{" "}
            {encoder.name}
          </label>
          <p className="quiet">{encoder.summary}</p>
          <p className="quiet">{encoderInShort(encoder)}</p>
        </div>
      ))}
      {modality === "sensor" && encoders.length === 0 && (
        <MakeSensorEncoder projectId={source.id} />
      )}
      {modality !== "sensor" && (
        <OwnModel
          modality={modality}
          project={source}
          locked={form.isBusy}
          onAdded={({ id }) => chooseEncoder(id)}
        />
      )}
      {downloadable > 0 && (
        <p>
          {formatNumberOf(downloadable, encoders.length > 0 ? "more encoder" : "encoder")} can be
          downloaded on the <Link href={`/p/${source.id}/encode`}>Encode screen</Link> of{" "}
          {source.name}.
        </p>
      )}
    </fieldset>
  );
}
