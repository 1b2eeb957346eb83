import { useState } from "react";
import { useLoaded, useServices } from "../../../../app/services";
import type { Run } from "../../../../core/domain/run";
import { AppError } from "../../../../core/errors";
import { useProject } from "../../../components/projectContext";

/** The last training on repaired data and the command that starts one. */
export function useRetraining(run: Run) {
  const { doctoring, aligning, stores } = useServices();
  const { project } = useProject();
  const [error, setError] = useState<AppError | null>(null);
  const [isStarting, setStarting] = useState(false);
  const load = async () => {
    const runs = await stores.runs.list(project.id);
    const last = await doctoring.retraining(project.id);
    const find = (id: string | undefined) => runs.find((each) => each.id === id);
    return { before: find(last?.before), after: find(last?.after) };
  };
  const loaded = useLoaded(`retraining/${project.id}`, load, [
    `project/${project.id}`,
    `runs/${project.id}`,
  ]);
  const { before, after } = loaded.value ?? {};
  return {
    before,
    after,
    error: error ?? loaded.error ?? null,
    dismiss: () => setError(null),
    isStarting,
    start: () => {
      setStarting(true);
      setError(null);
      doctoring
        .retrain(project, run.id)
        .catch((thrown: unknown) => setError(AppError.from(thrown)))
        .finally(() => setStarting(false));
    },
    pause: () => after && aligning.pause(after.id),
  };
}
