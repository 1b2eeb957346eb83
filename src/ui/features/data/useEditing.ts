import { useState } from "react";
import { useServices } from "../../../app/services";
import type { EditRequest } from "../../../core/domain/edit";
import { AppError } from "../../../core/errors";
import { useProject } from "../../components/projectContext";

/** What the last command came to; a new object each time, so that the same words speak again. */
export interface Notice {
  readonly words: string;
  readonly canUndo: boolean;
}

/** Changes to the data on screen, one at a time, and how the last one ended. */
export function useEditing() {
  const { projects } = useServices();
  const { project } = useProject();
  const [notice, setNotice] = useState<Notice | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);

  const run = async (work: () => Promise<Notice>): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      setNotice(await work());
      return true;
    } catch (thrown) {
      setError(AppError.from(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    notice,
    error,
    busy,
    /** False when it was refused; `error` says why. */
    apply: (request: EditRequest) =>
      run(async () => {
        const words = await projects.editing.apply(project.id, request);
        return words === null
          ? { words: "Nothing had to change.", canUndo: false }
          : { words: `${words}.`, canUndo: true };
      }),
    undo: () =>
      run(async () => {
        const words = await projects.editing.undo(project.id);
        return { words: `Undone: ${words ?? ""}.`, canUndo: false };
      }),
    dismiss: () => {
      setNotice(null);
      setError(null);
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;
