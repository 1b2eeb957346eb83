import { COMPARISON_SIZES } from "../../../core/domain/comparison";
import { formatCount } from "../../components/formatting";

interface SampleSizeProps {
  readonly pairs: number;
  readonly disabled: boolean;
  readonly onChange: (pairs: number) => void;
}

/** How many pairs a comparison or a probe looks at. */
export function SampleSize({ pairs, disabled, onChange }: SampleSizeProps) {
  return (
    <label>
      Pairs{" "}
      <select
        className="field"
        value={pairs}
        disabled={disabled}
        onChange={({ target }) => onChange(Number(target.value))}
      >
        {COMPARISON_SIZES.map((size) => (
          <option key={size} value={size}>
            {formatCount(size)}
          </option>
        ))}
      </select>
    </label>
  );
}
