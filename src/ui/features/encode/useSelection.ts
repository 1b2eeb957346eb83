import { useState } from "react";
import { useEncoders, useServices, useStoredEncoders } from "../../../app/services";
import { embeddingChoices, type EncoderSpec } from "../../../core/domain/encoder";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import { useProject } from "../../components/projectContext";

type BySide<T> = Readonly<Record<AlignedModality, T>>;

/** Which encoders a comparison or probe looks at: all that are here, unless some are unticked. */
export function useSelection() {
  const { encoders } = useServices();
  const { project } = useProject();
  useStoredEncoders(); // drawn anew when an encoder arrives or goes
  const all = useEncoders();
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const here = (modality: AlignedModality) =>
    all.filter(
      (encoder) =>
        encoder.modality === modality &&
        !encoders.needsDownload(encoder) &&
        belongsTo(project, modality, encoder),
    );
  const offered = bySide(here);
  const ticked = bySide((modality) => offered[modality].filter(({ id }) => !unticked.has(id)));
  return {
    offered,
    ticked,
    isTicked: (id: string) => !unticked.has(id),
    toggle(id: string) {
      const next = new Set(unticked);
      if (!next.delete(id)) next.add(id);
      setUnticked(next);
    },
    choices: bySide((modality) => ticked[modality].flatMap(embeddingChoices)),
  };
}

const bySide = <T>(of: (modality: AlignedModality) => T): BySide<T> => ({
  image: of("image"),
  text: of("text"),
});

/** Imported vectors are of one project's items; another's cannot use them. */
function belongsTo(project: Project, modality: AlignedModality, { id, origin }: EncoderSpec) {
  return origin !== "vectors" || project.data?.vectors?.[modality] === id;
}

/** Encoders of both sides, images first. */
export const bothSides = <T>(sides: BySide<readonly T[]>): T[] =>
  ALIGNED_MODALITIES.flatMap((modality) => sides[modality]);
