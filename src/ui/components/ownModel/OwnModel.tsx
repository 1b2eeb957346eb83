import { useState } from "react";
import type { EncoderSpec } from "../../../core/domain/encoder";
import type { OwnModality } from "../../../core/domain/ownModel";
import type { Project } from "../../../core/domain/project";
import { Dialog } from "../Dialog";
import { ErrorNote } from "../ErrorNote";
import { useProject } from "../projectContext";
import styles from "./OwnModel.module.css";
import { OwnModelCheck } from "./OwnModelCheck";
import { OwnModelFiles } from "./OwnModelFiles";
import { OwnModelOutput } from "./OwnModelOutput";
import { OwnModelPreprocessing } from "./OwnModelPreprocessing";
import {
  OWN_MODEL_STEPS,
  useOwnModel,
  type OwnModelOptions,
  type OwnModelStep,
} from "./useOwnModel";

interface OwnModelProps {
  readonly modality: OwnModality;
  readonly locked: boolean;
  /** Whose items the network is tried on. */
  readonly project: Project;
  readonly onAdded: (encoder: EncoderSpec) => Promise<void> | void;
}

const NOUNS: Readonly<Record<OwnModality, string>> = {
  ...{ image: "pictures", text: "captions", audio: "sounds" },
};

const STEP_NAMES: Readonly<Record<OwnModelStep, string>> = {
  file: "File",
  preprocessing: "Preprocessing",
  output: "Output",
  check: "Check",
};

/** Adds an encoder from the visitor's own ONNX file. */
export function OwnModel({ modality, locked, project, onAdded }: OwnModelProps) {
  const { canEdit } = useProject();
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        className="button"
        disabled={locked || !canEdit}
        onClick={() => setOpen(true)}
      >
        Use your own ONNX file
      </button>
      <Dialog
        title={`Your own encoder for ${NOUNS[modality]}`}
        open={open}
        onClose={() => setOpen(false)}
      >
        <Steps
          {...{ modality, project }}
          onAdded={async (encoder) => {
            await onAdded(encoder);
            setOpen(false);
          }}
        />
      </Dialog>
    </div>
  );
}

function Steps(options: OwnModelOptions) {
  const own = useOwnModel(options);
  const { step, busy, error } = own;
  return (
    <>
      <ol className={styles.steps}>
        {OWN_MODEL_STEPS.map((each) => (
          <li key={each} aria-current={each === step ? "step" : undefined}>
            {STEP_NAMES[each]}
          </li>
        ))}
      </ol>
      {step === "file" && <OwnModelFiles own={own} />}
      {step === "preprocessing" && <OwnModelPreprocessing own={own} />}
      {step === "output" && <OwnModelOutput own={own} />}
      {step === "check" && <OwnModelCheck own={own} />}
      <p role="status" className={styles.status}>
        {busy && `${busy} …`}
      </p>
      {busy && (
        <div className={styles.actions}>
          <button type="button" className="button quiet" onClick={own.stop}>
            Stop
          </button>
        </div>
      )}
      {error && <ErrorNote error={error} />}
    </>
  );
}
