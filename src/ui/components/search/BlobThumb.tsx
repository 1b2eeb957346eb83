import { useEffect, useState } from "react";
import { revokeSoon } from "../revokeSoon";
import styles from "./Search.module.css";

/** A picture from outside the data, 32 pixels wide and high. */
export function BlobThumb({ blob }: { readonly blob: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => revokeSoon(made);
  }, [blob]);
  return url ? (
    <img className={styles.thumb} src={url} alt="" width={32} height={32} />
  ) : (
    <span className={styles.thumb} style={{ width: 32, height: 32 }} />
  );
}
