import { useId, type ReactNode } from "react";
import { Term } from "../../components/Term";
import styles from "./AlignSettings.module.css";
import type { FieldText } from "./formFields";

interface RowProps {
  readonly field: FieldText;
  /** What is wrong with this field, or null. */
  readonly problem?: string | null;
}

interface TextRowProps extends RowProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A setting that is typed: its name, which explains itself, and a field that keeps what it is given. */
export function TextRow({ field, problem = null, value, onChange }: TextRowProps) {
  const id = useId();
  return (
    <Row field={field} problem={problem} problemId={id}>
      <input
        className="field"
        inputMode="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={field.name}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : id}
        placeholder={field.placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Row>
  );
}

/** One choice of a setting. */
export interface Option<T extends string> {
  readonly value: T;
  readonly name: string;
  readonly disabled?: boolean;
}

interface SelectRowProps<T extends string> extends RowProps {
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

/** A setting with a few known values. */
export function SelectRow<T extends string>(props: SelectRowProps<T>) {
  const { field, problem = null, value, options, onChange } = props;
  const id = useId();
  return (
    <Row field={field} problem={problem} problemId={id}>
      <select
        className="field"
        aria-label={field.name}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.name}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface RowFrameProps extends RowProps {
  readonly problemId: string;
  readonly children: ReactNode;
}

function Row({ field, problem, problemId, children }: RowFrameProps) {
  return (
    <div className={styles.row}>
      <Term explanation={field.explanation}>{field.name}</Term>
      {children}
      {problem && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
