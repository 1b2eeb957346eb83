import { useState } from "react";
import { useServices } from "../../../../app/services";
import type { EditRequest } from "../../../../core/domain/edit";
import { AppError } from "../../../../core/errors";
import { useProject } from "../../../components/projectContext";

/** What the last repair came to; a new object each time, so that the same words speak again. */
export interface Repaired {
  readonly words: string;
  readonly canUndo: boolean;
}

/** Changes the doctor suggests, one at a time, and how the last one ended. */
export function useRepairs() {
  const { projects, doctoring } = useServices();
  const { project } = useProject();
  const [outcome, setOutcome] = useState<Repaired | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<Repaired>): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      setOutcome(await work());
      return true;
    } catch (thrown) {
      setError(AppError.from(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const done = (words: string | null): Repaired =>
    words === null
      ? { words: "Nothing had to change.", canUndo: false }
      : { words: `${words}.`, canUndo: true };
  return {
    outcome,
    error,
    busy,
    /** False when it was refused; `error` says why. */
    apply: (request: EditRequest) =>
      run(async () => done(await projects.editing.apply(project.id, request))),
    shift: (offset: number) =>
      run(async () => done(await doctoring.shiftTable(project.id, offset))),
    undo: () =>
      run(async () => {
        const words = await projects.editing.undo(project.id);
        return { words: `Undone: ${words ?? ""}.`, canUndo: false };
      }),
    dismiss: () => {
      setOutcome(null);
      setError(null);
    },
  };
}

export type Repairs = ReturnType<typeof useRepairs>;
