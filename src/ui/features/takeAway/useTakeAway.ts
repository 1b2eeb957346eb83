import { Exporting } from "../../../app/exporting";
import { isActive } from "../../../app/jobs";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type {
  EmbeddingExport,
  EmbeddingFileChoice,
  ExportedFile,
} from "../../../core/domain/takeAway";
import { saveFile } from "../../components/saveFile";

/** What can leave of a project and a run, live. */
export function useListing(project: Project, run: Run | undefined) {
  const { exporting } = useServices();
  const runId = run?.id ?? null;
  return useLoaded(
    `take-away/${project.id}/${runId}`, // what is listed stays while it is measured anew
    () => exporting.list(project.id, runId),
    [`project/${project.id}`, ...(runId === null ? [] : [`run/${runId}` as const])],
  );
}

/** The command that makes one kind of file and saves it, and the job it runs as. */
export function useExport(
  what: "model" | "embeddings-image" | "embeddings-text" | "pairs",
  projectId: string,
) {
  const { exporting, jobs } = useServices();
  const id = Exporting.jobId(what, projectId);
  const state = useJob(id);
  const save = async (making: Promise<ExportedFile | undefined>) => {
    const file = await making;
    if (file) saveFile(file.name, file.blob);
  };
  return {
    isBusy: isActive(state),
    job: {
      state,
      stop: () => exporting.cancel(what, projectId),
      dismiss: () => jobs.dismiss(id),
    },
    model: (runId: string, embeddings: EmbeddingExport, isRaw: boolean) =>
      save(exporting.exportModel(projectId, runId, { embeddings, isRaw })),
    data: (embeddings: EmbeddingExport, isRaw: boolean) =>
      save(exporting.exportData(projectId, { embeddings, isRaw })),
    embeddings: (runId: string | null, choice: EmbeddingFileChoice) =>
      save(exporting.exportEmbeddings(projectId, runId, choice)),
    pairs: (isRaw: boolean) => save(exporting.exportPairs(projectId, isRaw)),
  };
}
