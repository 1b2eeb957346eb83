import { portableRecipe } from "../../../core/domain/portableRecipe";
import type { Run } from "../../../core/domain/run";
import { encodeQueryLink } from "../../../core/formats/queryLink";
import { CopyButton } from "../../components/CopyButton";
import { useProject } from "../../components/projectContext";
import { isFiltered } from "./FilterPanel";
import styles from "./QueryPanel.module.css";
import { keptTerm } from "./queryTerms";
import type { Query } from "./useQuery";

/** A link that opens the recipe of the run with this query; it carries no data. */
export function ShareQuery({ query, run }: { readonly query: Query; readonly run: Run }) {
  const { project } = useProject();
  const { terms, target, scores, filter } = query;
  const kept = terms.flatMap((term) => keptTerm(term) ?? []);
  const data = project.data?.digest;
  if (kept.length === 0 || data === undefined) return null;
  const link = () => {
    const recipe = portableRecipe(run.recipe, project);
    const part = encodeQueryLink(recipe, {
      data,
      terms: kept,
      target,
      scores,
      splits: filter.splits,
    });
    return `${location.origin}${location.pathname}#${part}`;
  };
  const leftOut = [
    kept.length < terms.length && "the picture",
    isFiltered({ ...filter, splits: ["train", "validation", "test"] }) && "labels and tags",
  ].filter(Boolean);
  return (
    <span className={styles.share}>
      <CopyButton name="Copy link" text={link} />
      {leftOut.length > 0 && (
        <span className="quiet">without {leftOut.join(" and ")}, which stay here</span>
      )}
    </span>
  );
}
