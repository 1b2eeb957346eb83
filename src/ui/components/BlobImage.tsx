import { useEffect, useState } from "react";
import { useServices } from "../../app/services";
import styles from "./BlobImage.module.css";
import { revokeSoon } from "./revokeSoon";

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
  const { stores } = useServices();
  const [loaded, setLoaded] = useState<{ digest: string; url: string | null }>();
  useEffect(() => {
    let current = true;
    let url: string | undefined;
    const load = async () => {
      const blob = await (size > THUMBNAIL_SIZE
        ? stores.datasets.blob(projectId, digest)
        : stores.datasets.thumbnail(projectId, digest));
      if (!current) return;
      url = URL.createObjectURL(blob);
      setLoaded({ digest, url });
    };
    // A picture that cannot be read says so in its own place.
    load().catch(() => current && setLoaded({ digest, url: null }));
    return () => {
      current = false;
      if (url) revokeSoon(url);
    };
  }, [stores, projectId, digest, size]);
  const url = loaded?.digest === digest ? loaded.url : undefined;
  const box = { width: size, height: size };
  if (url === undefined) return <span className={styles.place} style={box} />;
  if (url === null) {
    return (
      <span className={styles.missing} style={box} role="img" aria-label={`${alt} (not stored)`}>
        not stored
      </span>
    );
  }
  return (
    <img
      className={styles.image}
      src={url}
      alt={alt}
      width={size}
      height={size}
      decoding="async"
      draggable={false}
      onError={() => setLoaded({ digest, url: null })}
    />
  );
}
