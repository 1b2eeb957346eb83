import { canJudge, type Diagnosis } from "../../../../core/domain/diagnosis";
import { formatAge, formatDuration, formatNumberOf } from "../../../components/formatting";
import { Term } from "../../../components/Term";
import styles from "./Doctor.module.css";
import { selfTestWords } from "./selfTestWords";

const EXPLANATION =
  "Before it is believed, the doctor is tested: captions of some pairs are exchanged, all pairs are judged again in the same way, and it is counted how many of the exchanged ones come out on top. AUC is the probability that an exchanged pair ranks above one left as it was; 0.5 is guessing.";

/** What the judgement below is worth, always above it. */
export function SelfTestNote({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { verdict, details } = selfTestWords(diagnosis);
  const isSure = canJudge(diagnosis.selfTest);
  return (
    <section className={styles.note} aria-label="Self-test" data-attention={!isSure}>
      <p className={styles.verdict}>
        <Term explanation={EXPLANATION}>Self-test</Term> {verdict}
      </p>
      <p className="quiet">{details}</p>
      <p className="quiet">
        Examined {formatAge(diagnosis.createdAt, Date.now())} in{" "}
        {formatDuration(diagnosis.elapsedMs)}
        {diagnosis.leftOut > 0 &&
          `; ${formatNumberOf(diagnosis.leftOut, "pair")} without an embedding left out`}
        .
      </p>
    </section>
  );
}
