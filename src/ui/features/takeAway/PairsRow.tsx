import { useState } from "react";
import type { Project } from "../../../core/domain/project";
import type { TakeAwayListing } from "../../../core/domain/takeAway";
import { formatNumberOf } from "../../components/formatting";
import { RawChoice } from "./RawChoice";
import { TakeAwayRow } from "./TakeAwayRow";
import { useExport } from "./useTakeAway";

interface PairsRowProps {
  readonly project: Project;
  readonly pairs: TakeAwayListing["pairs"];
}

/** The pairs as a table, with every edit made here. */
export function PairsRow({ project, pairs }: PairsRowProps) {
  const [isRaw, setRaw] = useState(false);
  const { isBusy, job, pairs: download } = useExport("pairs", project.id);
  const excluded = project.data?.excludedPairs ?? 0;
  return (
    <TakeAwayRow
      name="pairs.csv"
      size={formatNumberOf(pairs.rows, "row")}
      purpose={[
        "Files, captions, groups, splits and tags as they are now; beside the pictures it imports again.",
        excluded > 0 && `${formatNumberOf(excluded, "excluded pair")} left out.`,
      ]
        .filter(Boolean)
        .join(" ")}
      preview={pairs.preview.split("\r\n").slice(0, 2).join("\n")}
      actions={
        <button
          type="button"
          className="button"
          aria-label="Download pairs.csv"
          disabled={isBusy}
          onClick={() => void download(isRaw)}
        >
          Download
        </button>
      }
      job={job}
    >
      <RawChoice isRaw={isRaw} onChange={setRaw} />
    </TakeAwayRow>
  );
}
