import type { Modality } from "../../core/domain/modality";
import styles from "./ModalityChip.module.css";

/** A modality by name, with its shape and colour: image a blue square, text an orange circle. */
export function ModalityChip({ modality }: { readonly modality: Modality }) {
  return (
    <span className={styles.chip}>
      <span className={`${styles.mark} ${styles[modality]}`} aria-hidden="true" />
      {modality}
    </span>
  );
}
