import styles from "./MissingMedia.module.css";

/** Stands where a sound or a window would be whose file this browser does not hold. */
export function MissingMedia() {
  return <span className={styles.missing}>not stored</span>;
}
