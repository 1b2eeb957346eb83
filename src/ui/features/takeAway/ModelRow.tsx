import { useState } from "react";
import { PYTHON_LINES } from "../../../core/catalogue/pythonLines";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import type {
  EmbeddingExport,
  ListedModel,
  ParityFigure,
  TakeAwayListing,
} from "../../../core/domain/takeAway";
import { CopyButton } from "../../components/CopyButton";
import { formatBytes, formatCount } from "../../components/formatting";
import { Term } from "../../components/Term";
import { embeddingBytes } from "./embeddingBytes";
import { RawChoice } from "./RawChoice";
import { TakeAwayRow } from "./TakeAwayRow";
import styles from "./TakeAwayPanel.module.css";
import { useExport } from "./useTakeAway";

interface ModelRowProps {
  readonly project: Project;
  readonly run: Run;
  readonly listing: TakeAwayListing;
  readonly model: ListedModel;
}

const TOLERANCE = 1e-5;

const EMBEDDING_CHOICES: Readonly<Record<EmbeddingExport, string>> = {
  none: "without embeddings",
  f32: "with embeddings, npy float32",
  f16: "with embeddings, npy float16",
  parquet: "with embeddings, Parquet",
};

/** The model folder: what is in it, how exact it is, and how to load it. */
export function ModelRow({ project, run, listing, model }: ModelRowProps) {
  const [embeddings, choose] = useState<EmbeddingExport>("none");
  const [isRaw, setRaw] = useState(false);
  const { isBusy, job, model: download } = useExport("model", project.id);
  const bytes = model.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const size = formatBytes(bytes + embeddingBytes(listing, embeddings));
  return (
    <TakeAwayRow
      name={model.name}
      size={size}
      purpose="Both projectors as safetensors and ONNX, with model card, settings, results and a loader: the folder a Hugging Face repository wants."
      preview={`projector_a.safetensors  projector_b.safetensors  config.json  load_aligned.py\nprojector_a.onnx  projector_b.onnx  README.md  parity.json  and ${model.files.length - 7} more`}
      actions={
        <button
          type="button"
          className="button"
          aria-label={`Download ${model.name}`}
          disabled={isBusy}
          onClick={() => void download(run.id, embeddings, isRaw)}
        >
          Download
        </button>
      }
      job={job}
    >
      <ParityLine parity={model.parity} />
      <div className={styles.choices}>
        <label>
          <span className="visually-hidden">Embeddings in the folder</span>
          <select
            className="field"
            value={embeddings}
            onChange={(event) => choose(event.target.value as EmbeddingExport)}
          >
            {Object.entries(EMBEDDING_CHOICES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <RawChoice isRaw={isRaw} onChange={setRaw} />
      </div>
      <FileTree model={model} />
      <PythonLines />
    </TakeAwayRow>
  );
}

function ParityLine({ parity: { largest, vectors } }: { readonly parity: ParityFigure }) {
  const isFine = largest <= TOLERANCE;
  return (
    <p className={isFine ? undefined : styles.warning}>
      <Term explanation="The largest difference of any coordinate between the vectors this browser computes and those computed anew, in double precision, from the numbers in the exported files.">
        Parity: max |Δ| {largest.toExponential(1)}
      </Term>{" "}
      over {formatCount(vectors)} vectors, this browser against the exported files.
      {!isFine && ` More than ${TOLERANCE}: do not rely on these files, and report it.`}
    </p>
  );
}

function FileTree({ model }: { readonly model: ListedModel }) {
  return (
    <details>
      <summary>All {model.files.length + 1} files</summary>
      <table className={styles.tree}>
        <thead className="visually-hidden">
          <tr>
            <th>File</th>
            <th>Size</th>
          </tr>
        </thead>
        <tbody>
          {model.files.map(({ path, sizeBytes }) => (
            <tr key={path}>
              <td className="mono">{path}</td>
              <td>{formatBytes(sizeBytes)}</td>
            </tr>
          ))}
          <tr>
            <td className="mono">manifest.json</td>
            <td>size and SHA-256 of each</td>
          </tr>
        </tbody>
      </table>
    </details>
  );
}

function PythonLines() {
  return (
    <details>
      <summary>Five lines of Python</summary>
      {(["numpy", "onnx"] as const).map((kind) => (
        <div key={kind} className={styles.code}>
          <pre
            className={`mono ${styles.whole}`}
            role="region"
            tabIndex={0}
            aria-label={kind === "numpy" ? "Python with numpy" : "Python with ONNX Runtime"}
          >
            {PYTHON_LINES[kind]}
          </pre>
          <CopyButton
            name={kind === "numpy" ? "Copy numpy" : "Copy ONNX"}
            text={() => PYTHON_LINES[kind]}
          />
        </div>
      ))}
    </details>
  );
}
