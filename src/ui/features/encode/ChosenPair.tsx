import type { Comparison } from "../../../core/domain/comparison";
import { isSameChoice } from "../../../core/domain/encoder";
import { useProject } from "../../components/projectContext";
import styles from "./Compare.module.css";
import { formatSimilarity } from "./compareWords";

/** The similarity of the pair the project aligns now, against what shuffled pairs give. */
export function ChosenPair({ comparison }: { readonly comparison: Comparison | null }) {
  const { project } = useProject();
  if (!comparison) {
    return <p className={styles.chosen}>The chosen pair has not been compared yet.</p>;
  }
  const { sets, cells } = comparison;
  const image = sets.image.findIndex(({ choice }) => isSameChoice(choice, project.encoders.image));
  const text = sets.text.findIndex(({ choice }) => isSameChoice(choice, project.encoders.text));
  const cell = image < 0 || text < 0 ? undefined : cells[image * sets.text.length + text];
  if (!cell) return <p className={styles.chosen}>The chosen pair was not among those compared.</p>;
  const { mutualKnn, cka } = cell;
  return (
    <p className={styles.chosen}>
      The chosen pair, {sets.image[image]?.name} with {sets.text[text]?.name}: mutual kNN{" "}
      <strong>{formatSimilarity(mutualKnn.value)}</strong>{" "}
      <span className="quiet">(shuffled {formatSimilarity(mutualKnn.nullMean)})</span>, unbiased CKA{" "}
      <strong>{formatSimilarity(cka.value)}</strong>{" "}
      <span className="quiet">(shuffled {formatSimilarity(cka.nullMean)})</span>.
    </p>
  );
}
