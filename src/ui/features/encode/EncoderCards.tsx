import { chosenEncoder } from "../../../core/catalogue/encoders";
import { useEncoders, useServices, useStoredEncoders } from "../../../app/services";
import {
  defaultChoice,
  type EmbeddingChoice,
  type EncoderOrigin,
} from "../../../core/domain/encoder";
import type { Modality } from "../../../core/domain/modality";
import { OwnModel } from "../../components/ownModel/OwnModel";
import { useProject } from "../../components/projectContext";
import { EncoderCard } from "./EncoderCard";
import styles from "./EncoderCards.module.css";
import { HubEncoders } from "./HubEncoders";
import { importedVectors } from "./importedVectors";
import type { useEncodeSide } from "./useEncodeSide";

interface EncoderCardsProps {
  readonly modality: Modality;
  readonly side: ReturnType<typeof useEncodeSide>;
}

const ORDER: readonly EncoderOrigin[] = ["vectors", "embedded", "hub", "file"];

/** The encoders of one modality: those that are here to choose from, then those to download. */
export function EncoderCards({ modality, side }: EncoderCardsProps) {
  const { projects, encoders } = useServices();
  const { project, canEdit } = useProject();
  useStoredEncoders(); // drawn anew when an encoder arrives or goes
  const all = useEncoders().filter(
    ({ id, origin, ...encoder }) =>
      encoder.modality === modality &&
      (origin !== "vectors" || id === importedVectors(project, modality)),
  );
  const choice = chosenEncoder(project, modality);
  const offered = all.filter((encoder) => encoders.needsDownload(encoder));
  // A chosen one stays in sight although its files are gone or not here yet (a recipe's, say).
  const listed = all
    .filter((encoder) => encoder.id === choice?.id || !offered.includes(encoder))
    .sort((a, b) => ORDER.indexOf(a.origin) - ORDER.indexOf(b.origin));
  const choose = (next: EmbeddingChoice) =>
    projects.update(project.id, { encoders: { ...project.encoders, [modality]: next } });
  return (
    <div className={styles.cards}>
      {listed.map((encoder) => (
        <EncoderCard
          key={encoder.id}
          encoder={encoder}
          choice={choice?.id === encoder.id ? choice : null}
          alone={listed.length === 1 && encoder.id === choice?.id}
          locked={!canEdit || side.active}
          onChoose={(next) => void choose(next ?? defaultChoice(encoder))}
        />
      ))}
      <HubEncoders encoders={offered.filter(({ id }) => id !== choice?.id)} />
      {modality !== "sensor" && (
        <OwnModel
          {...{ modality, project }}
          locked={side.active}
          onAdded={async (encoder) => {
            await choose(defaultChoice(encoder));
          }}
        />
      )}
    </div>
  );
}
