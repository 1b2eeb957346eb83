import { LICENCE_IDS, type LicenceEntry } from "../../../core/catalogue/licenceEntry";
import { LICENCES } from "../../../core/catalogue/licences";
import styles from "./LicencesPanel.module.css";
import { LicenceText } from "./LicenceText";

const KINDS: readonly { readonly id: LicenceEntry["kind"]; readonly words: string }[] = [
  { id: "model", words: "Encoders" },
  { id: "data", words: "Sample data" },
  { id: "font", words: "Typeface" },
  { id: "library", words: "Libraries" },
];

/** Everything third-party on this page, with the notices and texts of its licences. */
export function LicencesPanel() {
  return (
    <div className={styles.licences}>
      <h1>Licences</h1>
      <p>
        Alignment Playground is free software under the Apache License 2.0. It ships with the work
        of others, listed here with their notices.
      </p>
      {KINDS.map(({ id, words }) => (
        <section key={id} aria-labelledby={`licences-${id}`}>
          <h2 id={`licences-${id}`}>{words}</h2>
          <ul className={styles.entries}>
            {LICENCES.filter(({ kind }) => kind === id).map((entry) => (
              <li key={entry.name}>
                <span className={styles.name}>
                  {entry.name} <span className="quiet">{entry.version}</span>
                </span>
                <span>{entry.use}</span>
                <span className="quiet">{entry.copyright}</span>
                <span>{entry.licence}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section aria-labelledby="licence-texts">
        <h2 id="licence-texts">Texts</h2>
        {LICENCE_IDS.map((id) => (
          <LicenceText key={id} id={id} />
        ))}
      </section>
    </div>
  );
}
