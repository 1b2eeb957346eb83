import type { ModelInspection, OwnPreprocessing, TensorInfo } from "../../../core/domain/ownModel";
import { FactList } from "../FactList";
import { formatBytes, formatCount } from "../formatting";
import styles from "./OwnModel.module.css";
import { OwnModelImageForm } from "./OwnModelImageForm";
import { OwnModelSoundForm } from "./OwnModelSoundForm";
import { OwnModelTextForm } from "./OwnModelTextForm";
import type { OwnModelState } from "./useOwnModel";

/** Second step: what the file is, and how items become its input. */
export function OwnModelPreprocessing({ own }: { readonly own: OwnModelState }) {
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
      <Form own={own} preprocessing={preprocessing} inspection={inspection} />
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
  readonly own: OwnModelState;
  readonly preprocessing: OwnPreprocessing;
  readonly inspection: ModelInspection;
}

function Form({ own, preprocessing, inspection }: FormProps) {
  const { setPreprocessing: onChange, project, sample } = own;
  switch (preprocessing.kind) {
    case "image":
      return <OwnModelImageForm value={preprocessing} onChange={onChange} projectId={project.id} />;
    case "text":
      return <OwnModelTextForm value={preprocessing} onChange={onChange} />;
    case "audio": {
      const input = inspection.inputs.find(({ name }) => name === preprocessing.input);
      const shape = input?.shape ?? [];
      return <OwnModelSoundForm value={preprocessing} {...{ onChange, shape, sample }} />;
    }
  }
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
