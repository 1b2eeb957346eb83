import styles from "./OwnModel.module.css";
import type { OwnModelState } from "./useOwnModel";

/** Last step: what was tried and how it went. */
export function OwnModelCheck({ own }: { readonly own: OwnModelState }) {
  const { check } = own.known;
  if (!check) return null;
  return (
    <div className={styles.form}>
      <table className={styles.findings}>
        <thead>
          <tr>
            <th scope="col">Tried</th>
            <th scope="col">Result</th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          {check.findings.map(({ name, passed, detail }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{resultWords(passed)}</td>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {check.passed
          ? "It can be used. Its files are kept in this browser until you delete them."
          : "It cannot be used so. Go back and choose another output, pooling or preprocessing."}
      </p>
      <div className={styles.actions}>
        <button
          type="button"
          className="button primary"
          disabled={!check.passed || own.busy !== ""}
          onClick={() => void own.add()}
        >
          Add this encoder
        </button>
        <button type="button" className="button" onClick={() => own.goTo("output")}>
          Back
        </button>
      </div>
    </div>
  );
}

function resultWords(passed: boolean | null): string {
  if (passed === null) return "not tried";
  return passed ? "passed" : "failed";
}
