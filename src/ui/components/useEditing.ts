import { useState } from "react";
import { useServices } from "../../app/services";
import type { EditRequest } from "../../core/domain/edit";
import { AppError } from "../../core/errors";
import { useProject } from "./projectContext";

/** What the last command came to; a new object each time, so that the same words speak again. */
export interface Notice {
  readonly words: string;
  readonly canUndo: boolean;
  /** The request that was done, if it was one of those. */
  readonly done: EditRequest["kind"] | null;
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
      setNotice(null);
      setError(AppError.from(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  /** @param work makes a change and says which, or null when nothing had to change. */
  const change = (
    work: () => Promise<string | null>,
    kind: EditRequest["kind"] | null = null,
  ): Promise<boolean> =>
    run(async () => {
      const words = await work();
      return words === null
        ? { words: "Nothing had to change.", canUndo: false, done: null }
        : { words: `${words}.`, canUndo: true, done: kind };
    });

  return {
    notice,
    error,
    busy,
    change,
    /** False when it was refused; `error` says why. */
    apply: (request: EditRequest) =>
      change(() => projects.editing.apply(project.id, request), request.kind),
    undo: () =>
      run(async () => {
        const words = await projects.editing.undo(project.id);
        return { words: `Undone: ${words ?? ""}.`, canUndo: false, done: null };
      }),
    dismiss: () => {
      setNotice(null);
      setError(null);
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;
