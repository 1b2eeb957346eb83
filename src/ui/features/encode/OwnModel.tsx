import { useState } from "react";
import type { AlignedModality } from "../../../core/domain/modality";
import { Dialog } from "../../components/Dialog";
import { ErrorNote } from "../../components/ErrorNote";
import { useProject } from "../../components/projectContext";
import styles from "./OwnModel.module.css";
import { OwnModelCheck } from "./OwnModelCheck";
import { OwnModelFiles } from "./OwnModelFiles";
import { OwnModelOutput } from "./OwnModelOutput";
import { OwnModelPreprocessing } from "./OwnModelPreprocessing";
import { OWN_MODEL_STEPS, useOwnModel, type OwnModelStep } from "./useOwnModel";

interface OwnModelProps {
  readonly modality: AlignedModality;
  readonly locked: boolean;
}

const STEP_NAMES: Readonly<Record<OwnModelStep, string>> = {
  file: "File",
  preprocessing: "Preprocessing",
  output: "Output",
  check: "Check",
};

/** Adds an encoder from the visitor's own ONNX file. */
export function OwnModel({ modality, locked }: OwnModelProps) {
  const { canEdit } = useProject();
  const [open, setOpen] = useState(false);
  const noun = modality === "image" ? "pictures" : "captions";
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
      <Dialog title={`Your own encoder for ${noun}`} open={open} onClose={() => setOpen(false)}>
        <Steps modality={modality} onDone={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}

function Steps({ modality, onDone }: { modality: AlignedModality; onDone: () => void }) {
  const own = useOwnModel(modality, onDone);
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
