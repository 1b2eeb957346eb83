import type { HubMember } from "../../../../core/domain/hub";
import type { MediaModality } from "../../../../core/domain/modality";
import { SelectField } from "../../../components/SelectField";
import styles from "./HubQuery.module.css";
import { choicesOf, type Readers } from "./readers";

interface ReaderChoiceProps {
  readonly members: readonly HubMember[];
  readonly readers: Readers;
  readonly onChoose: (memberId: string) => void;
}

const QUESTIONS: Readonly<Record<MediaModality, string>> = {
  image: "Pictures are seen by",
  audio: "Sounds are heard by",
  sensor: "Windows are read by",
};

/** Which of several members of a modality reads what is recorded or dropped; else nothing. */
export function ReaderChoice({ members, readers, onChoose }: ReaderChoiceProps) {
  const choices = choicesOf(members);
  if (choices.length === 0) return null;
  return (
    <div className={styles.readers}>
      {choices.map(({ modality, members: able }) => (
        <SelectField
          labelled="beside"
          key={modality}
          label={QUESTIONS[modality]}
          options={able}
          value={readers.get(modality)?.id ?? ""}
          onChange={onChoose}
        />
      ))}
    </div>
  );
}
