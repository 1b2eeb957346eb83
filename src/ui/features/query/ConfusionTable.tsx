import { ConfusionMatrix } from "../../components/ConfusionMatrix";
import { formatNumberOf, formatPercent } from "../../components/formatting";
import { confusionMatrix } from "./confusion";
import type { Classified } from "./useClassify";

/** What is taken for what, where the truth is known. */
export function ConfusionTable({ result }: { readonly result: Classified }) {
  const { labels, items } = result;
  return (
    <section aria-label="Confusion" className="stack">
      <ConfusionMatrix
        heading="h2"
        labels={labels}
        matrix={confusionMatrix(items, labels.length)}
        about={[
          `${formatNumberOf(items.length, "image")}, ${formatNumberOf(labels.length, "label")}; chance ${formatPercent(1 / labels.length)}.`,
        ]}
      />
    </section>
  );
}
