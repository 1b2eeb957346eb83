import { FORMATS } from "../../../core/domain/importFormat";
import styles from "./DropZone.module.css";

/** Every layout the importer reads and what each needs, folded away. */
export function FormatList() {
  return (
    <details className={styles.formats}>
      <summary>All formats</summary>
      <dl>
        {FORMATS.map(({ id, name, needs }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>{needs}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        Each also inside a zip, tar or gzip. Several drops add up before the import.
      </p>
    </details>
  );
}
