import { METHODS, type MethodSpec } from "../../../core/catalogue/methods";
import { formatNumberOf } from "../../components/formatting";
import { AlsoTry } from "./AlsoTry";
import type { AlignForm } from "./alignForm";
import styles from "./AlignSettings.module.css";

interface MethodListProps {
  readonly form: AlignForm;
  /** Training pairs there are. */
  readonly pairs: number;
  readonly onChange: (form: AlignForm) => void;
}

const KINDS = [
  { kind: "auto", name: "Recommended" },
  { kind: "trained", name: "Trained" },
  { kind: "closed-form", name: "Closed form, seconds" },
] as const satisfies readonly { kind: MethodSpec["kind"]; name: string }[];

/** The methods, recommended first; the chosen one explains itself and names its source. */
export function MethodList({ form, pairs, onChange }: MethodListProps) {
  const others = METHODS.filter(({ id }) => id !== form.method);
  return (
    <fieldset className={styles.methods}>
      <legend>Method</legend>
      {KINDS.map(({ kind, name }) => {
        const methods: readonly MethodSpec[] = METHODS.filter((method) => method.kind === kind);
        if (methods.length === 0) return null;
        return (
          <div key={kind} role="group" aria-label={name} className={styles.kind}>
            <span className={styles.kindName}>{name}</span>
            {methods.map((method) => (
              <Method
                key={method.id}
                method={method}
                chosen={form.method === method.id}
                onChoose={() =>
                  onChange({
                    ...form,
                    method: method.id,
                    alsoMethods: form.alsoMethods.filter((other) => other !== method.id),
                  })
                }
              />
            ))}
          </div>
        );
      })}
      <p className={styles.hint}>{adviceFor(pairs)}</p>
      <AlsoTry
        what="other methods"
        options={others.map(({ id, name }) => ({ value: id, name }))}
        chosen={form.alsoMethods}
        onChange={(alsoMethods) => onChange({ ...form, alsoMethods })}
      />
    </fieldset>
  );
}

interface MethodProps {
  readonly method: MethodSpec;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Method({ method: { id, name, summary, source, kind }, chosen, onChoose }: MethodProps) {
  return (
    <label className={styles.method}>
      <input type="radio" name="method" value={id} checked={chosen} onChange={onChoose} />
      <span>
        <strong>{name}</strong>
        {(chosen || kind === "auto") && (
          <>
            <span className={styles.summary}>{summary}</span>
            {source && <span className={styles.source}>{source}</span>}
          </>
        )}
      </span>
    </label>
  );
}

// Where the lines cross: on the emoji sample closed forms lead by three points at 100 unrelated
// pairs, and all are level at 300; with all 2,598 pairs (1,320 unrelated) the mean of six test
// recalls is 50 % for CSA, 54 % for ASIF and 54 % for the freeze-align head (docs/methods.md).
const FEW_PAIRS = 1_000;
const MANY_PAIRS = 10_000;

/** Which kind of method is right for this many training pairs, in a sentence. */
export function adviceFor(pairs: number): string {
  if (pairs === 0) return "";
  const count = `With ${formatNumberOf(pairs, "training pair")}`;
  if (pairs < FEW_PAIRS) {
    return `${count} closed forms are usually level with trained heads or better, in seconds.`;
  }
  if (pairs < MANY_PAIRS) {
    return `${count} closed forms and trained heads are usually within a few points of each other: compare them.`;
  }
  return `${count} trained heads are usually clearly ahead; closed forms are a quick first look.`;
}
