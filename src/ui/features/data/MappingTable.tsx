import type { ColumnMapping, ColumnPreview, ColumnRole } from "../../../core/domain/dataset";
import { formatCount } from "../../components/formatting";
import styles from "./ImportSetup.module.css";

const ROLES: readonly { readonly id: ColumnRole; readonly words: string }[] = [
  { id: "file", words: "file name" },
  { id: "caption", words: "caption" },
  { id: "group", words: "group" },
  { id: "split", words: "split" },
  { id: "label", words: "label" },
  { id: "ignore", words: "not used" },
];

/** What an array of embeddings can be. */
const VECTOR_ROLES: typeof ROLES = [
  { id: "image-vectors", words: "image embeddings" },
  { id: "text-vectors", words: "text embeddings" },
  { id: "ignore", words: "not used" },
];

interface MappingTableProps {
  readonly columns: readonly ColumnPreview[];
  readonly mapping: ColumnMapping;
  readonly onChange: (mapping: ColumnMapping) => void;
}

/** Every column of the metadata with its role, guessed first, and what it holds. */
export function MappingTable({ columns, mapping, onChange }: MappingTableProps) {
  const assign = (column: string, value: string) => {
    const role = [...ROLES, ...VECTOR_ROLES].find(({ id }) => id === value)?.id ?? "ignore";
    onChange(mapping.map((entry) => (entry.column === column ? { column, role } : entry)));
  };
  return (
    <div className={styles.scroll}>
      <table className="table">
        <caption className="visually-hidden">Columns of the metadata</caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Used as</th>
            <th scope="col">First values</th>
            <th scope="col" className="number">
              Distinct
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ column, examples, distinct, vectors }) => (
            <tr key={column}>
              <td>
                <span className="mono">{column}</span>
              </td>
              <td>
                <select
                  className="field"
                  aria-label={`Role of ${column}`}
                  value={mapping.find((entry) => entry.column === column)?.role ?? "ignore"}
                  onChange={(event) => assign(column, event.target.value)}
                >
                  {(vectors ? VECTOR_ROLES : ROLES).map(({ id, words }) => (
                    <option key={id} value={id}>
                      {words}
                    </option>
                  ))}
                </select>
              </td>
              <td className={`${styles.examples} quiet`} dir="auto">
                {examples.join(" · ")}
              </td>
              <td className="number">
                {vectors ? (
                  "–"
                ) : (
                  <>
                    {formatCount(distinct)} <span className={styles.unit}>distinct</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
