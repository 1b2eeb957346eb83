import { useState } from "react";
import {
  SIMILARITY_MEASURES,
  type Comparison,
  type SimilarityMeasure,
} from "../../../core/domain/comparison";
import {
  formatCount,
  formatDate,
  formatDuration,
  formatNumberOf,
} from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { Term } from "../../components/Term";
import styles from "./Compare.module.css";
import { CompareHeatMap } from "./CompareHeatMap";
import { CompareRanking } from "./CompareRanking";
import { formatSimilarity, MEASURE_NAMES, rankCells } from "./compareWords";

const EXPLANATIONS: Readonly<Record<SimilarityMeasure, string>> = {
  mutualKnn:
    "For each pair: how many of its 10 nearest pictures and its 10 nearest captions are the same pairs. 1 when both sides agree completely; unrelated embeddings share k / (n − 1).",
  cka: "How alike the two tables of similarities between items are, over all distances at once. 1 for equal geometry up to rotation and scale; 0 on average for unrelated embeddings.",
};

/** A comparison: heat map, ranked pairs, what it was made on, and why it is not biased. */
export function CompareResults({ comparison }: { readonly comparison: Comparison }) {
  const { project } = useProject();
  const [measure, setMeasure] = useState<SimilarityMeasure>("mutualKnn");
  const { pairs, available, settings, elapsedMs, createdAt } = comparison;
  const isOutdated = comparison.dataDigest !== project.data?.digest;
  return (
    <div className="stack">
      {isOutdated && (
        <p className={styles.attention} role="note">
          This was made before the data changed. Compare again to see what holds now.
        </p>
      )}
      <fieldset className={styles.measures}>
        <legend className="visually-hidden">Measure</legend>
        {SIMILARITY_MEASURES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="similarity-measure"
              checked={name === measure}
              onChange={() => setMeasure(name)}
            />{" "}
            <span className={styles.measure}>{MEASURE_NAMES[name]}</span>
          </label>
        ))}
        <Term explanation={EXPLANATIONS[measure]}>What it measures</Term>
      </fieldset>
      <CompareHeatMap comparison={comparison} measure={measure} />
      <p className="quiet">
        {formatNumberOf(pairs, "pair")}, one of each of {formatCount(available)} connected groups of
        training pairs · k = {settings.neighbours} · {formatCount(settings.permutations)} shuffles ·{" "}
        {formatDuration(elapsedMs)} · {formatDate(createdAt)}
      </p>
      <CompareRanking comparison={comparison} measure={measure} />
      <Bias comparison={comparison} />
      <p className="quiet">
        Trust the ranking by mutual kNN. Held against their own shuffles, agreement by CKA mostly
        disappears between encoders while agreement of neighbours stays (
        <a href="https://arxiv.org/abs/2602.14486" rel="noreferrer">
          Groeger, Wen and Brbić 2026
        </a>
        ).
      </p>
      {comparison.leftOut.length > 0 && (
        <ul className={styles.leftOut}>
          {comparison.leftOut.map(({ name, reason }) => (
            <li key={`${name} ${reason}`}>
              {name}: left out or incomplete. {reason}.
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Why the usual CKA is not shown, with the numbers of this very sample. */
function Bias({ comparison }: { readonly comparison: Comparison }) {
  const [best] = rankCells(comparison, "cka");
  const cell = best === undefined ? undefined : comparison.cells[best];
  if (!cell || best === undefined || !Number.isFinite(cell.cka.value)) return null;
  const { image, text } = comparison.sets;
  const [a, b] = [image[Math.floor(best / text.length)]!, text[best % text.length]!];
  const round = (ratio: number) => formatCount(Math.round(ratio));
  return (
    <p className="quiet">
      Why unbiased: CKA as usually computed would say {formatSimilarity(cell.biasedCka)} for{" "}
      {a.name} with {b.name}, but with {formatCount(comparison.pairs)} pairs and{" "}
      {round(a.participationRatio)} and {round(b.participationRatio)} effective dimensions even
      unrelated embeddings score {formatSimilarity(cell.biasFloor)}, and more the fewer the pairs
      and the wider the embedding. Without that bias it is {formatSimilarity(cell.cka.value)}.
    </p>
  );
}
