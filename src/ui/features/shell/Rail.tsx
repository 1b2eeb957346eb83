import { Link } from "wouter";
import { useProject } from "../../components/projectContext";
import styles from "./Rail.module.css";
import { useStepTruths } from "./useStepTruths";

const STEPS = [
  { id: "data", name: "Data" },
  { id: "encode", name: "Encode" },
  { id: "align", name: "Align" },
  { id: "query", name: "Query" },
  { id: "hub", name: "Hub" },
  { id: "take-away", name: "Take away" },
] as const;

/** The steps, each with one line of truth about its state. */
export function Rail({ step }: { readonly step: string }) {
  const { project } = useProject();
  const truths = useStepTruths(project);
  return (
    <nav className={styles.rail} aria-label="Steps">
      <ol className={styles.steps}>
        {STEPS.map(({ id, name }, i) => (
          <li key={id}>
            <Link
              href={`/p/${project.id}/${id}`}
              className={styles.step ?? ""}
              aria-current={id === step ? "step" : undefined}
            >
              <span className={styles.name}>
                <span className={styles.number}>{i + 1}</span> {name}
              </span>
              <span className={styles.truth} title={truths[id]}>
                {truths[id]}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
