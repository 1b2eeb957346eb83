import type { ImagePreprocessing, TextPreprocessing } from "../../../core/domain/encoder";
import type { ModelInspection, TensorInfo } from "../../../core/domain/ownModel";
import { FactList } from "../../components/FactList";
import { formatBytes, formatCount } from "../../components/formatting";
import styles from "./OwnModel.module.css";
import { OwnModelImageForm } from "./OwnModelImageForm";
import { OwnModelTextForm } from "./OwnModelTextForm";
import type { useOwnModel } from "./useOwnModel";

/** Second step: what the file is, and how items become its input. */
export function OwnModelPreprocessing({ own }: { readonly own: ReturnType<typeof useOwnModel> }) {
  const { inspection, preprocessing } = own.known;
  if (!inspection || !preprocessing) return null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void own.probe(preprocessing);
      }}
    >
      <Facts inspection={inspection} />
      {inspection.reasons.length > 0 && (
        <ul className={styles.reasons}>
          {inspection.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {!inspection.isCertain && (
        <p className={styles.warning}>
          Check these settings against the encoder’s own description: with others it runs all the
          same, and its embeddings are poor.
        </p>
      )}
      <Form preprocessing={preprocessing} onChange={own.setPreprocessing} />
      <div className={styles.actions}>
        <button className="button primary" disabled={own.busy !== ""}>
          Run it on one item
        </button>
        <button type="button" className="button" onClick={() => own.goTo("file")}>
          Back
        </button>
      </div>
    </form>
  );
}

interface FormProps {
  readonly preprocessing: ImagePreprocessing | TextPreprocessing;
  readonly onChange: (preprocessing: ImagePreprocessing | TextPreprocessing) => void;
}

function Form({ preprocessing, onChange }: FormProps) {
  return preprocessing.kind === "image" ? (
    <OwnModelImageForm value={preprocessing} onChange={onChange} />
  ) : (
    <OwnModelTextForm value={preprocessing} onChange={onChange} />
  );
}

function Facts({ inspection }: { readonly inspection: ModelInspection }) {
  const { sizeBytes, nodes, opset, producer, inputs, outputs, ignored } = inspection;
  const made = [producer, opset !== null && `operator set ${opset}`].filter(Boolean).join(", ");
  const facts: (readonly [string, string])[] = [
    ["Size", `${formatBytes(sizeBytes)}, ${formatCount(nodes)} nodes`],
    ["Made by", made || "not stated"],
    ["Takes", inputs.map(inWords).join("; ")],
    ["Gives", outputs.map(inWords).join("; ")],
  ];
  if (ignored.length > 0) facts.push(["Not used", ignored.join(", ")]);
  return <FactList facts={facts} />;
}

const inWords = ({ name, type, shape }: TensorInfo) => `${name} ${type} [${shape.join(", ")}]`;
