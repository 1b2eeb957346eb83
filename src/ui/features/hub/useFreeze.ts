import { useState } from "react";
import { Hubs } from "../../../app/hubs";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { HubSource } from "../../../core/domain/hub";
import { mainRun } from "../../../core/domain/mainRun";
import { useProject } from "../../components/projectContext";
import { useHubPlace } from "./useHubPlace";
import { useIsHere } from "./useIsHere";

/** What can be frozen of the project on screen, what is chosen, and the command to do it. */
export function useFreeze() {
  const { stores, hubs, jobs } = useServices();
  const { project } = useProject();
  const { open } = useHubPlace();
  const isHere = useIsHere();
  const { value: stored, error } = useLoaded(
    `runs/${project.id}`,
    () => stores.runs.list(project.id),
    [`runs/${project.id}`],
  );
  const runs = stored?.filter(({ test }) => test !== null) ?? [];
  const [chosenRun, chooseRun] = useState<string | null>(null);
  const run = runs.find(({ id }) => id === chosenRun) ?? mainRun(runs);
  const [chosenKind, chooseKind] = useState<HubSource["kind"] | null>(null);
  const kind = run ? (chosenKind ?? "run") : "text-encoder";
  const [typed, setName] = useState<string | null>(null);
  const suggested = kind === "run" ? project.name : `${project.name}: text`;
  const name = typed ?? suggested;
  const jobId = Hubs.freezeJob(project.id);
  const source: HubSource =
    kind === "run" && run
      ? { kind, runId: run.id, runName: run.name, step: run.best?.step ?? 0 }
      : { kind: "text-encoder" };
  return {
    error,
    isKnown: stored !== undefined,
    runs,
    run,
    chooseRun,
    kind,
    chooseKind,
    name,
    setName,
    job: useJob(jobId),
    stop: () => jobs.cancel(jobId),
    dismiss: () => jobs.dismiss(jobId),
    freeze: async () => {
      const hub = await hubs.freeze(project.id, name.trim() || suggested, source);
      if (hub && isHere()) open("members", hub.id);
    },
  };
}

export type Freeze = ReturnType<typeof useFreeze>;
