import type { Modality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";

/** Id of what stands for the embeddings of a modality that came with the data; undefined: none did. */
export function importedVectors({ data }: Project, modality: Modality): string | undefined {
  return modality === "image" || modality === "text" ? data?.vectors?.[modality] : undefined;
}

/** Whether the chosen embedding of a modality is the one that came with the data. */
export function hasImportedVectors(project: Project, modality: Modality): boolean {
  const imported = importedVectors(project, modality);
  return imported !== undefined && imported === project.encoders[modality]?.id;
}
