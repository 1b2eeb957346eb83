import { useState } from "react";
import { ProjectFiles } from "../../app/projectFiles";
import { useJob, useLoaded, useServices } from "../../app/services";
import { saveFile } from "./saveFile";

/** Saving a whole project as a file: the job, when it was last done, and the commands on it. */
export function useSaveProject(projectId: string) {
  const { projectFiles, jobs } = useServices();
  const id = ProjectFiles.saveJob(projectId);
  const lastSaved = useLoaded(id, () => projectFiles.lastSaved(projectId), [
    `project/${projectId}`,
  ]).value;
  const [notes, setNotes] = useState<readonly string[]>([]);
  const save = async () => {
    setNotes([]);
    const saved = await projectFiles.save(projectId);
    if (!saved) return; // the job says why
    saveFile(saved.name, saved.blob);
    setNotes(saved.notes);
  };
  return {
    job: useJob(id),
    /** Ms since 1970, null: never, undefined: not known yet. */
    lastSaved,
    /** What the file saved last left out, in words. */
    notes,
    save: () => void save(),
    stop: () => jobs.cancel(id),
    dismiss: () => jobs.dismiss(id),
  };
}
