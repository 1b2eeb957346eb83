import type { Modality } from "../../core/domain/modality";
import styles from "./ModalityChip.module.css";

/**
 * A modality by name, with its shape and colour: a blue square for images, an orange circle
 * for text, a green triangle for sounds, a purple diamond for sensors.
 */
export function ModalityChip({ modality }: { readonly modality: Modality }) {
  return (
    <span className={styles.chip}>
      <span className={`${styles.mark} ${styles[modality]}`} aria-hidden="true" />
      {modality}
    </span>
  );
}
