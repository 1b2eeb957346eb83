import type { Split } from "../../../core/domain/dataset";
import styles from "./Search.module.css";

/** Whether an item trained the projectors or was held out, in words. */
export function SplitBadge({ split }: { readonly split: Split }) {
  const heldOut = split !== "train";
  return (
    <span
      className={heldOut ? styles.heldOut : styles.trained}
      title={heldOut ? `held out: ${split}` : "trained on"}
    >
      {split}
    </span>
  );
}
