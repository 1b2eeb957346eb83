import { detachOnUnmount, useBlobUrl } from "../useBlobUrl";
import styles from "./Search.module.css";

/** A picture from outside the data, 32 pixels wide and high. */
export function BlobThumb({ blob }: { readonly blob: Blob }) {
  const { url } = useBlobUrl(blob);
  return url ? (
    <img ref={detachOnUnmount} className={styles.thumb} src={url} alt="" width={32} height={32} />
  ) : (
    <span className={styles.thumb} style={{ width: 32, height: 32 }} />
  );
}
