import type { ProjectData } from "../../../core/domain/project";
import { formatBytes, formatCount, formatNumberOf } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";
import styles from "./DataPanel.module.css";

/** What is in use, in one sentence. */
export function DataFacts({ data }: { readonly data: ProjectData }) {
  const { report, media, split } = data;
  const { pairs, items, groups, splits } = report;
  const source =
    report.splitSource === "column" ? "from the data’s own column" : `seed ${split.seed}`;
  return (
    <p className={styles.facts}>
      {formatNumberOf(pairs, "pair")} of {formatNumberOf(items[media], ITEM_NOUNS[media])} and{" "}
      {formatNumberOf(items.text, "caption")} in {formatNumberOf(groups, "group")} · train{" "}
      {formatCount(splits.train)} · validation {formatCount(splits.validation)} · test{" "}
      {formatCount(splits.test)} ({source}) · {formatBytes(data.sizeBytes)} from {data.source}
    </p>
  );
}
