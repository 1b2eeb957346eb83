import { useState } from "react";
import type { Project } from "../../../core/domain/project";
import type { EmbeddingFileChoice, ListedEmbeddings } from "../../../core/domain/takeAway";
import { formatBytes, formatNumberOf } from "../../components/formatting";
import { ModalityChip } from "../../components/ModalityChip";
import { TakeAwayRow } from "./TakeAwayRow";
import styles from "./TakeAwayPanel.module.css";
import { useExport } from "./useTakeAway";

interface EmbeddingsRowProps {
  readonly project: Project;
  readonly runId: string | null;
  readonly side: "image" | "text";
  readonly listed: ListedEmbeddings;
}

type Space = EmbeddingFileChoice["space"];
type Format = EmbeddingFileChoice["format"];

const SPACES: Readonly<Record<Space, string>> = {
  encoder: "as the encoder gave them",
  shared: "in the shared space",
};
const FORMATS: Readonly<Record<Format, string>> = {
  npy: "npy, float32",
  "npy-f16": "npy, float16",
  parquet: "Parquet, with ids and captions",
};

/** The embeddings of one side, in the space and format asked for. */
export function EmbeddingsRow({ project, runId, side, listed }: EmbeddingsRowProps) {
  const [space, setSpace] = useState<Space>("encoder");
  const [format, setFormat] = useState<Format>("npy");
  const { isBusy, job, embeddings } = useExport(`embeddings-${side}`, project.id);
  const kept = listed.sharedWidth === null ? "encoder" : space;
  const width = kept === "shared" ? (listed.sharedWidth ?? 0) : listed.width;
  const bytes = listed.rows * width * (format === "npy-f16" ? 2 : 4);
  const name = side === "image" ? "Image embeddings" : "Text embeddings";
  return (
    <TakeAwayRow
      name={name}
      size={`${format === "parquet" ? "about " : ""}${formatBytes(bytes)}`}
      purpose={
        <>
          <ModalityChip modality={side} /> {formatNumberOf(listed.rows, "vector")} of{" "}
          {formatNumberOf(width, "number")}, a row per item.
        </>
      }
      preview={listed.preview}
      actions={
        <button
          type="button"
          className="button"
          aria-label={`Download ${name.toLowerCase()}`}
          disabled={isBusy}
          onClick={() => void embeddings(runId, { side, space: kept, format })}
        >
          Download
        </button>
      }
      job={job}
    >
      <div className={styles.choices}>
        <Choice
          label={`Space of the ${name.toLowerCase()}`}
          names={listed.sharedWidth === null ? { encoder: SPACES.encoder } : SPACES}
          value={kept}
          onChange={(value) => setSpace(value as Space)}
        />
        <Choice
          label={`Format of the ${name.toLowerCase()}`}
          names={FORMATS}
          value={format}
          onChange={(value) => setFormat(value as Format)}
        />
      </div>
    </TakeAwayRow>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly names: Readonly<Record<string, string>>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, names, value, onChange }: ChoiceProps) {
  return (
    <label>
      <span className="visually-hidden">{label}</span>
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(names).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
