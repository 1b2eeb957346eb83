import { useSyncExternalStore } from "react";
import type { Draft } from "../../../app/drafts";
import { isActive } from "../../../app/jobs";
import { Projects } from "../../../app/projects";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type { ImportSource } from "../../../core/domain/dataset";
import { DEFAULT_IMPORT, type ImportSettings } from "../../../core/domain/importFormat";
import { defaultRecipe } from "../../../core/domain/recipe";
import { useProject } from "../../components/projectContext";
import { withFiles } from "../../components/droppedFiles";

/** State and commands of the Data screen. The draft lives in the app: leaving does not lose it. */
export function useDataStep() {
  const { projects, jobs, stores } = useServices();
  const { project } = useProject();
  const { id } = project;
  const { drafts } = projects;
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(id));
  const inspecting = useJob(Projects.inspectJob(id));
  const importing = useJob(Projects.importJob(id));
  const runs = useLoaded(id, () => stores.runs.list(id), [`runs/${id}`]).value ?? [];

  const inspect = async (source: ImportSource, settings: ImportSettings, before: Draft | null) => {
    jobs.dismiss(Projects.importJob(id));
    const inspection = await projects.inspect(id, source, settings);
    if (!inspection) return;
    const mapping = inspection.columns.map(({ column, role }) => ({ column, role }));
    const split = before?.split ?? project.data?.split ?? defaultRecipe({ project: id }).split;
    const known = split.group === "auto" || mapping.some(({ column }) => column === split.group);
    const group = known ? split.group : "auto";
    drafts.set(id, { source, settings, inspection, mapping, split: { ...split, group } });
  };

  const importDraft = async () => {
    if (!draft) return;
    const { source, settings, mapping, split } = draft;
    const report = await projects.importPairs(id, { source, settings, mapping, split });
    if (report) drafts.set(id, null);
  };

  return {
    draft,
    change: (change: Partial<Draft>) => draft && drafts.set(id, { ...draft, ...change }),
    discard: () => drafts.set(id, null),
    /** Inspects a drop; together with the files of the draft when it is to be added. */
    choose: async (source: ImportSource, add = false) => {
      if (source.kind === "files" && source.files.length === 0) return;
      const before = add ? draft : null;
      if (!before) drafts.set(id, null);
      const both = before ? withFiles(before.source, source) : source;
      await inspect(both, before?.settings ?? DEFAULT_IMPORT, before);
    },
    /** Reads the same files in another way; the draft stays as it is when that fails. */
    overrule: async (change: Partial<ImportSettings>) => {
      if (draft) await inspect(draft.source, { ...draft.settings, ...change }, draft);
    },
    importDraft,
    inspecting,
    importing,
    busy: isActive(inspecting) || isActive(importing),
    runs: runs.length,
    stopInspecting: () => jobs.cancel(Projects.inspectJob(id)),
    stopImporting: () => jobs.cancel(Projects.importJob(id)),
    dismiss: () => {
      jobs.dismiss(Projects.inspectJob(id));
      jobs.dismiss(Projects.importJob(id));
    },
  };
}
