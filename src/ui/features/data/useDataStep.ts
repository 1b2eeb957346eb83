import { useState } from "react";
import { isActive } from "../../../app/jobs";
import { Projects } from "../../../app/projects";
import { useJob, useLoaded, useServices } from "../../../app/services";
import type {
  ColumnMapping,
  ImportSource,
  Inspection,
  SplitSpec,
} from "../../../core/domain/dataset";
import { DEFAULT_IMPORT, type ImportSettings } from "../../../core/domain/importFormat";
import { defaultRecipe } from "../../../core/domain/recipe";
import { useProject } from "../../components/projectContext";

/** Files that were recognised but not imported yet, with what the visitor chose for them. */
export interface Draft {
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  readonly inspection: Inspection;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
}

/** State and commands of the Data screen. */
export function useDataStep() {
  const { projects, jobs, stores } = useServices();
  const { project } = useProject();
  const { id } = project;
  const [draft, setDraft] = useState<Draft | null>(null);
  const inspecting = useJob(Projects.inspectJob(id));
  const importing = useJob(Projects.importJob(id));
  const runs = useLoaded(id, () => stores.runs.list(id), [`runs/${id}`]).value ?? [];

  const choose = async (source: ImportSource, settings: ImportSettings = DEFAULT_IMPORT) => {
    if (source.kind === "files" && source.files.length === 0) return;
    setDraft(null);
    jobs.dismiss(Projects.importJob(id));
    const inspection = await projects.inspect(id, source, settings);
    if (!inspection) return;
    const mapping = inspection.columns.map(({ column, role }) => ({ column, role }));
    const split = project.data?.split ?? defaultRecipe({ project: id }).split;
    const known = split.group === "auto" || mapping.some(({ column }) => column === split.group);
    const group = known ? split.group : "auto";
    setDraft({ source, settings, inspection, mapping, split: { ...split, group } });
  };

  const importDraft = async () => {
    if (!draft) return;
    const { source, settings, mapping, split } = draft;
    const report = await projects.importPairs(id, { source, settings, mapping, split });
    if (report) setDraft(null);
  };

  return {
    draft,
    change: (change: Partial<Draft>) => setDraft((before) => before && { ...before, ...change }),
    discard: () => setDraft(null),
    choose,
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
