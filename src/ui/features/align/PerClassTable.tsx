import type { ClassScore } from "../../../core/domain/evaluation";
import { formatCount, formatPercent } from "../../components/formatting";
import { SortHeader } from "../../components/SortHeader";
import { sortRows, useSortOrder, type SortValue } from "../../components/sorting";
import { ScrollTable } from "../../components/ScrollTable";

type Column = "name" | "images" | "recall" | "precision";

const VALUES: Readonly<Record<Column, (score: ClassScore) => SortValue>> = {
  name: ({ name }) => name,
  images: ({ images }) => images,
  recall: ({ recall }) => recall,
  precision: ({ precision }) => precision,
};

/** How every class was classified; worst first, unless sorted otherwise. */
export function PerClassTable({ classes }: { readonly classes: readonly ClassScore[] }) {
  const { order, sortBy } = useSortOrder<Column>({ column: "recall", down: false });
  const rows = sortRows(classes, VALUES[order.column], order.down);
  const header = (column: Column, words: string) => (
    <SortHeader column={column} order={order} onSort={sortBy} isNumber={column !== "name"}>
      {words}
    </SortHeader>
  );
  return (
    <ScrollTable label="Classes" isTall>
      <thead>
        <tr>
          {header("name", "Class")}
          {header("images", "Test images")}
          {header("recall", "Right")}
          {header("precision", "Precision")}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, images, recall, precision }) => (
          <tr key={name}>
            <th scope="row" dir="auto">
              {name}
            </th>
            <td className="number">{formatCount(images)}</td>
            <td className="number">{recall === null ? "no image" : formatPercent(recall)}</td>
            <td className="number">
              {precision === null ? "never chosen" : formatPercent(precision)}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
