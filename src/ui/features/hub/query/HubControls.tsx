import { SPLITS, type Split } from "../../../../core/domain/dataset";
import type { HubMember } from "../../../../core/domain/hub";
import { formatCount } from "../../../components/formatting";
import { ScoreToggles } from "../../../components/search/ScoreToggles";
import styles from "../../../components/search/Search.module.css";
import { labelOf } from "./memberWords";
import type { HubQuery } from "./useHubQuery";

interface HubControlsProps {
  readonly query: HubQuery;
  readonly members: readonly HubMember[];
  /** Items that can be found, by member; null: not known yet. */
  readonly gallery: Readonly<Record<string, number>> | null;
}

const FILTERS = [
  { name: "All splits", splits: SPLITS },
  { name: "Held out", splits: ["validation", "test"] },
  { name: "Test", splits: ["test"] },
  { name: "Training", splits: ["train"] },
] as const satisfies readonly { name: string; splits: readonly Split[] }[];

/** Whose items are found, from which split, and how they are scored. */
export function HubControls({ query, members, gallery }: HubControlsProps) {
  const { target, splits, scores } = query;
  const filter = FILTERS.findIndex((choice) => choice.splits.join() === splits.join());
  return (
    <div className={styles.chips}>
      <div role="group" aria-label="Find" className={styles.targets}>
        {members.map((member) => (
          <button
            key={member.id}
            type="button"
            className={styles.chip}
            aria-pressed={target === member.id}
            onClick={() => query.find(member.id)}
          >
            {labelOf(member, members)}
            {gallery && ` ${formatCount(gallery[member.id] ?? 0)}`}
          </button>
        ))}
      </div>
      <select
        className="field"
        aria-label="Split that is ranked"
        value={Math.max(0, filter)}
        onChange={(event) => query.setSplits(FILTERS[Number(event.target.value)]?.splits ?? SPLITS)}
      >
        {FILTERS.map(({ name }, i) => (
          <option key={name} value={i}>
            {name}
          </option>
        ))}
      </select>
      <ScoreToggles scores={scores} onChange={query.setScores} />
    </div>
  );
}
