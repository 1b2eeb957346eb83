import type { ScoreSettings } from "../../../core/domain/query";
import type { ScoreEffects } from "../../../core/metrics/scoreEffects";
import type { Direction } from "../directions";
import styles from "./Search.module.css";

interface ScoreTogglesProps {
  readonly scores: ScoreSettings;
  /** Measured for this run; null: not yet. */
  readonly effects?: ScoreEffects | null;
  /** Whose recall is shown beside each toggle. */
  readonly direction?: Direction;
  readonly onChange: (scores: ScoreSettings) => void;
}

const TOGGLES = [
  { id: "centred", name: "Centre" },
  { id: "csls", name: "CSLS" },
] as const satisfies readonly { id: keyof ScoreSettings; name: string }[];

/** The corrections of the scores, each with what it does to held-out recall once that is measured. */
export function ScoreToggles({ scores, effects, direction, onChange }: ScoreTogglesProps) {
  return (
    <div role="group" aria-label="Corrections of the scores" className={styles.toggles}>
      {TOGGLES.map(({ id, name }) => {
        const effect = effects && direction && effectWords(effects, id, direction);
        return (
          <span key={id} className={styles.toggle}>
            <button
              type="button"
              className={styles.chip}
              aria-pressed={scores[id]}
              onClick={() => onChange({ ...scores, [id]: !scores[id] })}
            >
              {name}
            </button>
            {effect && <span className="quiet">{effect}</span>}
          </span>
        );
      })}
    </div>
  );
}

/** `recall@10 +1.2 % (−0.3 to 2.7)`: one correction alone against none. */
function effectWords(
  { effects }: ScoreEffects,
  id: keyof ScoreSettings,
  direction: Direction,
): string | undefined {
  const alone = effects.find(({ scores }) => scores[id] && scores.centred !== scores.csls);
  const found = alone?.differences.find((d) => d.direction === direction && d.k === 10);
  if (!found) return undefined;
  const { difference, low, high } = found;
  return `recall@10 ${signed(difference)} (${signed(low)} to ${signed(high)})`;
}

/** A difference of shares in percentage points, with its sign. */
export function signed(difference: number): string {
  const points = (difference * 100).toFixed(1);
  if (Number(points) === 0) return "±0.0";
  return difference > 0 ? `+${points}` : points.replace("-", "−");
}
