import { useEffect, useState } from "react";
import type { Missed } from "../../../../app/explaining";
import { useServices } from "../../../../app/services";
import type { Item } from "../../../../core/domain/dataset";
import type { MissReport } from "../../../../core/domain/missReport";
import { BlobImage } from "../../../components/BlobImage";
import { useProject } from "../../../components/projectContext";
import type { ProjectItems } from "../useSearch";
import styles from "./Explain.module.css";
import { ExpectedSearch } from "./ExpectedSearch";
import { ExplanationState } from "./ExplanationState";
import { evidenceWords, rankWords, verdictWords } from "./missWords";
import { useExplanation } from "./useExplanation";

interface WhyNotProps {
  readonly missed: Omit<Missed, "expected">;
  /** The result in the inspector: asked about unless another is picked. */
  readonly shown: number;
  readonly question: string;
  readonly step: number;
  /** The query's words: their own pictures are offered first. */
  readonly words: string;
  readonly items: ProjectItems;
}

/** Why the result, or an item that was expected instead, is not first. */
export function WhyNot({ missed, shown, question, step, words, items }: WhyNotProps) {
  const { explaining } = useServices();
  const { project } = useProject();
  const [picked, setPicked] = useState<number | null>(null);
  const expected = picked ?? shown;
  const key = `${question} why ${expected}`;
  const explained = useExplanation(key, step, ({ signal }) =>
    explaining.why(project, { ...missed, expected }, signal),
  );
  return (
    <div className={styles.section}>
      <ExplanationState explained={explained} label="Comparison" />
      {explained.value && (
        <Report report={explained.value} {...{ expected, items }} target={missed.target} />
      )}
      <ExpectedSearch
        {...{ words, items, picked }}
        target={missed.target}
        onPick={(item) => setPicked(item === picked ? null : item)}
      />
    </div>
  );
}

interface ReportProps {
  readonly report: MissReport;
  readonly expected: number;
  readonly target: Missed["target"];
  readonly items: ProjectItems;
}

function Report({ report, expected, target, items }: ReportProps) {
  const evidence = evidenceWords(report, target);
  return (
    <>
      <p>{rankWords(report)}</p>
      {report.rank > 1 && (
        <div className={styles.contest}>
          <Contestant {...{ target, items }} index={expected} role="Expected" />
          <Contestant {...{ target, items }} index={report.winner.item} role="First" />
        </div>
      )}
      <p className={styles.verdict}>{verdictWords(report)}</p>
      {evidence.length > 0 && (
        <ul className={styles.evidence}>
          {evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface ContestantProps {
  readonly target: Missed["target"];
  readonly index: number;
  readonly role: string;
  readonly items: ProjectItems;
}

function Contestant({ target, index, role, items }: ContestantProps) {
  const { project } = useProject();
  const { item, caption } = useNamed(target, index, items);
  return (
    <figure>
      {item && target === "image" && (
        <BlobImage projectId={project.id} digest={item.digest} alt="" size={80} />
      )}
      <figcaption>
        <span className="quiet">{role}: </span>
        <span dir="auto">{caption}</span>
      </figcaption>
    </figure>
  );
}

/** An item with its first caption; empty while it is read. */
function useNamed(target: Missed["target"], index: number, items: ProjectItems) {
  const [named, setNamed] = useState<{ index: number; item: Item; caption: string }>();
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      const item = await items.cache.get(target, index);
      if (!item) return undefined;
      const [first] = target === "image" ? (await items.pairs).captionsOf(index) : [];
      const caption = first === undefined ? undefined : await items.cache.get("text", first);
      return { index, item, caption: item.text ?? caption?.text ?? item.source };
    };
    read().then(
      (found) => isCurrent && setNamed(found),
      () => {}, // the place stays empty; the search itself says why data cannot be read
    );
    return () => {
      isCurrent = false;
    };
  }, [target, index, items]);
  return named?.index === index ? named : { item: undefined, caption: "" };
}
