import { Term } from "../../components/Term";
import styles from "./TakeAwayPanel.module.css";

interface RawChoiceProps {
  readonly isRaw: boolean;
  readonly onChange: (isRaw: boolean) => void;
}

/** Whether captions in CSV keep the guard that stops a spreadsheet from running them. */
export function RawChoice({ isRaw, onChange }: RawChoiceProps) {
  return (
    <span className={styles.raw}>
      <label>
        <input
          type="checkbox"
          checked={isRaw}
          onChange={(event) => onChange(event.target.checked)}
        />{" "}
        CSV without guard
      </label>
      <Term explanation="Text that a spreadsheet would run as a formula gets an apostrophe in front; importing it here takes it away again. Without the guard every text stays exactly as it is: for programs, not for spreadsheets.">
        What guard?
      </Term>
    </span>
  );
}
