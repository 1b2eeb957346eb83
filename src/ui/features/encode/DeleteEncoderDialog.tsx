import { useState } from "react";
import { useServices } from "../../../app/services";
import type { EncoderSpec } from "../../../core/domain/encoder";
import { AppError } from "../../../core/errors";
import { Dialog } from "../../components/Dialog";
import { downloadSize } from "../../components/encoderWords";
import { ErrorNote } from "../../components/ErrorNote";

interface DeleteEncoderDialogProps {
  readonly encoder: EncoderSpec;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks before an encoder's files are deleted, and says what stays. */
export function DeleteEncoderDialog({ encoder, open, onClose }: DeleteEncoderDialogProps) {
  const { downloads } = useServices();
  const [error, setError] = useState<AppError | null>(null);
  const remove = () =>
    downloads
      .delete(encoder.id)
      .then(onClose, (thrown: unknown) => setError(AppError.from(thrown)));
  return (
    <Dialog title={`Delete ${encoder.name}?`} open={open} onClose={onClose}>
      <p>
        This frees {downloadSize(encoder)} in this browser, for every project. Embeddings made with
        it stay; a search by new words or pictures needs the encoder again.
      </p>
      <p>
        {encoder.origin === "hub"
          ? "It can be downloaded again."
          : "To use it again you need the file you brought."}
      </p>
      {error && <ErrorNote error={error} onDismiss={() => setError(null)} />}
      <div className="actions">
        <button type="button" className="button danger" onClick={() => void remove()}>
          Delete its files
        </button>
        <button type="button" className="button" onClick={onClose}>
          Keep them
        </button>
      </div>
    </Dialog>
  );
}
