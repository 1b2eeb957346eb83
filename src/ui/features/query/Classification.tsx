import { useState } from "react";
import { useServices } from "../../../app/services";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatPercent } from "../../components/formatting";
import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import { SaveCsv } from "../../components/SaveCsv";
import { ZeroShotRows } from "../../components/ZeroShotRows";
import styles from "./Classify.module.css";
import { ConfusionTable } from "./ConfusionTable";
import { classificationCsv } from "./labelCsv";
import { LabelThreshold } from "./LabelThreshold";
import { useImageItems, type Classified } from "./useClassify";

const SHOWN_IMAGES = 60;

interface ClassificationProps {
  readonly result: Classified;
  readonly scope: "test" | "heldOut" | "all";
}

/** Accuracy where the truth is known, images per predicted label, and what is confused. */
export function Classification({ result, scope }: ClassificationProps) {
  const { score, chance, counts, labels, items } = result;
  const fullest = counts.reduce((best, count, i) => (count > (counts[best] ?? 0) ? i : best), 0);
  const [chosen, setChosen] = useState(fullest);
  const most = Math.max(1, ...counts);
  const shown = chosen < labels.length ? chosen : fullest;
  return (
    <>
      {score && (
        <dl className="facts">
          <dt>Accuracy</dt>
          <dd>
            <Estimate estimate={score.top1} {...(chance ? { chance: chance.value } : {})} />{" "}
            <span className="quiet">
              · {formatCount(score.queries)} images, {formatCount(score.classes)} classes
              {scope === "all" ? " · includes images the projectors were trained on" : ""}
            </span>
          </dd>
          <ZeroShotRows score={score} />
        </dl>
      )}
      <div className={styles.heading}>
        <h2>{formatCount(items.length)} images by predicted label</h2>
        <SaveClassification result={result} />
      </div>
      <ul className={styles.bars}>
        {labels.map((label, i) => (
          <li key={label}>
            <button
              type="button"
              className={styles.bar}
              aria-pressed={i === shown}
              onClick={() => setChosen(i)}
            >
              <span className={styles.label} dir="auto">
                {label}
              </span>
              <span className={styles.track} aria-hidden="true">
                <span style={{ width: `${((counts[i] ?? 0) / most) * 100}%` }} />
              </span>
              <span className={styles.count}>{formatCount(counts[i] ?? 0)}</span>
            </button>
          </li>
        ))}
      </ul>
      <LabelImages result={result} label={shown} />
      <LabelThreshold result={result} label={shown} />
      {score && <ConfusionTable result={result} />}
    </>
  );
}

const othersOf = (next: Classified["items"][number]["next"], labels: readonly string[]) =>
  next.map(({ label, probability }) => `${labels[label]} ${formatPercent(probability)}`).join(", ");

function SaveClassification({ result }: { readonly result: Classified }) {
  const { project } = useProject();
  const { stores } = useServices();
  const table = async () =>
    classificationCsv(result, await stores.datasets.items(project.id, "image"));
  return <SaveCsv name="classification.csv" text={table} isQuiet />;
}

function LabelImages({ result, label }: { result: Classified; label: number }) {
  const { project } = useProject();
  const best = result.items
    .filter((item) => item.label === label)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, SHOWN_IMAGES);
  const items = useImageItems(
    project,
    best.map(({ item }) => item),
  );
  return (
    <section aria-label={`Images predicted as ${result.labels[label] ?? ""}`}>
      <h3>{result.labels[label]}</h3>
      {best.length === 0 && <p className="quiet">No image got this label.</p>}
      <ol className={styles.images}>
        {best.map(({ item: index, probability, truth, next }) => {
          const item = items.get(index);
          const known = truth >= 0 ? result.labels[truth] : undefined;
          const right = truth === label;
          return (
            <li key={index}>
              {item ? (
                <BlobImage
                  projectId={project.id}
                  digest={item.digest}
                  alt={item.source}
                  size={72}
                />
              ) : (
                <span className={styles.place} />
              )}
              <span className={styles.probability}>{formatPercent(probability, 0)}</span>
              {next[0] && (
                <span className={styles.next} title={othersOf(next, result.labels)}>
                  then {result.labels[next[0].label]} {formatPercent(next[0].probability, 0)}
                </span>
              )}
              {known !== undefined && (
                <span className={right ? styles.right : styles.wrong} title={`truth: ${known}`}>
                  {right ? "✓ right" : `✗ ${known}`}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
