import { useState } from "react";
import { useServices } from "../../../../app/services";
import type { EditRequest } from "../../../../core/domain/edit";
import { AppError } from "../../../../core/errors";
import { useProject } from "../../../components/projectContext";

interface Outcome {
  readonly words: string;
  readonly canUndo: boolean;
  /** Whether a training would now learn from other pairs. */
  readonly changesTraining: boolean;
}

/** Tags and exclusions from the map, one at a time, and how the last ended. */
export function useMapEditing() {
  const { projects } = useServices();
  const { project } = useProject();
  const [state, setState] = useState<{
    readonly busy: boolean;
    readonly outcome: Outcome | null;
    readonly error: AppError | null;
  }>({ busy: false, outcome: null, error: null });
  const run = async (work: () => Promise<Outcome>) => {
    setState((before) => ({ ...before, busy: true, error: null }));
    try {
      setState({ busy: false, outcome: await work(), error: null });
    } catch (thrown) {
      setState({ busy: false, outcome: null, error: AppError.from(thrown) });
    }
  };
  return {
    ...state,
    apply: (request: EditRequest) =>
      run(async () => {
        const words = await projects.editing.apply(project.id, request);
        return words === null
          ? { words: "Nothing had to change.", canUndo: false, changesTraining: false }
          : { words: `${words}.`, canUndo: true, changesTraining: request.kind === "exclude" };
      }),
    undo: () =>
      run(async () => {
        const words = await projects.editing.undo(project.id);
        return { words: `Undone: ${words ?? ""}.`, canUndo: false, changesTraining: false };
      }),
    dismiss: () => setState({ busy: false, outcome: null, error: null }),
  };
}
