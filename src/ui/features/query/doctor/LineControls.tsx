import { useServices } from "../../../../app/services";
import type { Pair, Split } from "../../../../core/domain/dataset";
import { SPLITS } from "../../../../core/domain/dataset";
import { flaggedCount, type Diagnosis } from "../../../../core/domain/diagnosis";
import { formatCount, formatNumberOf } from "../../../components/formatting";
import { useProject } from "../../../components/projectContext";
import { SaveCsv } from "../../../components/SaveCsv";
import { SINGLE_KEYS } from "./doctorKeys";
import styles from "./Doctor.module.css";
import { rankingCsv } from "./lineCsv";
import type { LineFilter, Lines } from "./useLines";
import type { Editing } from "../../../components/useEditing";
import type { SingleKeys } from "./useSingleKeys";

interface LineControlsProps {
  readonly diagnosis: Diagnosis;
  readonly pairs: readonly Pair[];
  readonly lines: Lines;
  readonly repairs: Editing;
  readonly keys: SingleKeys;
  readonly canEdit: boolean;
}

/** Which pairs are listed, what is done with the selected, and the table as a file. */
export function LineControls(props: LineControlsProps) {
  const { diagnosis, lines, repairs, keys, canEdit } = props;
  const { filter, setFilter } = lines;
  const flagged = flaggedCount(diagnosis);
  const selected = lines.selected.size;
  const exclude = async () => {
    const pairs = lines.selectedPairs;
    if (await repairs.apply({ kind: "exclude", pairs, reason: "pair doctor" })) lines.select([]);
  };
  return (
    <div className={styles.controls}>
      <label>
        Show{" "}
        <select
          className="field"
          value={filter.which}
          // The values are those of the options below.
          onChange={(event) =>
            setFilter({ ...filter, which: event.target.value as LineFilter["which"] })
          }
        >
          <option value="flagged">flagged ({formatCount(flagged)})</option>
          <option value="open">all not dealt with</option>
          <option value="all">all ({formatCount(diagnosis.ranking.pair.length)})</option>
        </select>
      </label>
      <label>
        Split{" "}
        <select
          className="field"
          value={filter.split}
          onChange={(event) => setFilter({ ...filter, split: event.target.value as Split | "any" })}
        >
          <option value="any">any</option>
          {SPLITS.map((split) => (
            <option key={split}>{split}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button"
        disabled={!canEdit || repairs.busy || selected === 0}
        onClick={() => void exclude()}
      >
        {selected === 0 ? "Exclude selected" : `Exclude ${formatNumberOf(selected, "pair")}`}
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={selected === 0 && lines.lines.length === 0}
        onClick={() => lines.select(selected > 0 ? [] : lines.lines)}
      >
        {selected > 0 ? "Select none" : `Select ${formatCount(lines.lines.length)}`}
      </button>
      <SaveRanking {...props} />
      <label className={styles.keys} title={SINGLE_KEYS.map((key) => key.join(": ")).join(", ")}>
        <input
          type="checkbox"
          checked={keys.isOn}
          onChange={(event) => keys.set(event.target.checked)}
        />{" "}
        Single keys{" "}
        <span className="quiet">
          {SINGLE_KEYS.map(([key, does]) => `${key} ${does}`).join(" · ")}
        </span>
      </label>
      {lines.lines.length === 0 && <p className="quiet">No pair is in this list.</p>}
    </div>
  );
}

function SaveRanking({ diagnosis, pairs }: Pick<LineControlsProps, "diagnosis" | "pairs">) {
  const { stores } = useServices();
  const { project } = useProject();
  const table = async () => {
    const [image, text] = await Promise.all([
      stores.datasets.items(project.id, "image"),
      stores.datasets.items(project.id, "text"),
    ]);
    return rankingCsv(diagnosis, pairs, { image, text });
  };
  return <SaveCsv name="pair-doctor.csv" text={table} isQuiet />;
}
