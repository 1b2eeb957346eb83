import { useLoaded, useServices } from "../../../app/services";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { useProject } from "../../components/projectContext";
import { comparisonsAmong } from "./conceptCoverage";
import { CoverageForm } from "./CoverageForm";
import { CoverageTable } from "./CoverageTable";
import { ErrorNote } from "../../components/ErrorNote";
import { ComparisonTable } from "./ComparisonTable";
import styles from "./Sweep.module.css";
import type { SweepCommands } from "./useSweeps";

interface CoveragePanelProps {
  readonly sweeps: SweepCommands;
  readonly list: readonly Run[];
  readonly base: Recipe;
  /** Why no run can start now, or null. */
  readonly blocked: string | null;
}

/** Concept coverage: a balanced choice of training pairs, and what it does beside a random one. */
export function CoveragePanel({ sweeps, list, base, blocked }: CoveragePanelProps) {
  const { project } = useProject();
  const { sweeps: service } = useServices();
  const { value: unrelated, error } = useLoaded(
    `unrelated/${project.id}`,
    () => service.unrelatedTrainingPairs(project.id),
    [`project/${project.id}`],
  );
  const [comparison] = comparisonsAmong(sweeps.stored);
  const covered = comparison?.concepts.coverage
    ? comparison.concepts
    : list.find(({ coverage }) => coverage !== null && coverage.concepts.length > 0);
  return (
    <section className="stack section" aria-label="Concept coverage">
      <div>
        <h2>Concept coverage</h2>
        <p className="quiet">
          Every concept gets the same share of the training pairs, rare ones first. This tends to
          help classification, while retrieval prefers many captions of any kind (freeze-align, CVPR
          2025).
        </p>
      </div>
      {error && <ErrorNote error={error} />}
      {comparison && <ComparisonTable comparison={comparison} />}
      {covered?.coverage && <CoverageTable run={covered} coverage={covered.coverage} />}
      {unrelated !== undefined && (
        <details className={styles.fold}>
          <summary>{comparison ? "Compare again" : "Compare concepts with a random pick"}</summary>
          <CoverageForm sweeps={sweeps} base={base} unrelated={unrelated} blocked={blocked} />
        </details>
      )}
    </section>
  );
}
