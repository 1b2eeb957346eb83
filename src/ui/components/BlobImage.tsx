import { useCallback, useState } from "react";
import { useServices } from "../../app/services";
import styles from "./BlobImage.module.css";
import { detachOnUnmount, useBlobUrl } from "./useBlobUrl";

interface BlobImageProps {
  readonly projectId: string;
  readonly digest: string;
  readonly alt: string;
  /** Width and height in CSS pixels; the picture is fitted inside. */
  readonly size: number;
}

/** Drawn larger than this, a thumbnail (192 pixels at most) would be blurred. */
const THUMBNAIL_SIZE = 192;

/** A picture of the project as grids show it: its thumbnail, or the original where none was made. */
export function BlobImage({ projectId, digest, alt, size }: BlobImageProps) {
  const { datasets } = useServices().stores;
  const isLarge = size > THUMBNAIL_SIZE;
  const read = useCallback(
    () => (isLarge ? datasets.blob(projectId, digest) : datasets.thumbnail(projectId, digest)),
    [datasets, projectId, digest, isLarge],
  );
  const { url } = useBlobUrl(read);
  const [broken, setBroken] = useState<string>();
  const box = { width: size, height: size };
  if (url === undefined) return <span className={styles.place} style={box} />;
  if (url === null || url === broken) {
    return (
      <span className={styles.missing} style={box} role="img" aria-label={`${alt} (not stored)`}>
        not stored
      </span>
    );
  }
  return (
    <img
      ref={detachOnUnmount}
      className={styles.image}
      src={url}
      alt={alt}
      width={size}
      height={size}
      decoding="async"
      draggable={false}
      onError={() => setBroken(url)}
    />
  );
}
