import { useEffect, useState, type CSSProperties } from "react";
import type { SearchPageItem } from "../core/domain/searchPage";
import { AppError } from "../core/errors";
import type { Pictures } from "./pictures";
import styles from "./PictureGrid.module.css";

interface ThumbnailProps {
  readonly item: SearchPageItem;
  readonly pictures: Pictures;
  /** Its place: a height, or a shape. */
  readonly style: CSSProperties;
  /** Shown instead of the small picture, which stands in where it is missing. */
  readonly original?: string | undefined;
}

/** An item's picture in a place of its final size, or what stands for it where it has none. */
export function Thumbnail({ item, pictures, style, original }: ThumbnailProps) {
  const [shown, setShown] = useState<{ item: SearchPageItem; url?: string; error?: AppError }>();
  useEffect(() => {
    let isCurrent = true;
    pictures.urlOf(item)?.then(
      (url) => isCurrent && setShown({ item, url }),
      (thrown: unknown) => isCurrent && setShown({ item, error: AppError.from(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [item, pictures]);
  const [broken, setBroken] = useState<string>();
  const current = shown?.item === item ? shown : undefined;
  const source = original === broken ? current?.url : (original ?? current?.url);
  const alt = item.captions[0] ?? "picture without a caption";
  return (
    <span className={styles.picture} style={style}>
      {source !== undefined && (
        <img src={source} alt={alt} decoding="async" onError={() => setBroken(source)} />
      )}
      {source === undefined && !item.thumbnail && <span className="quiet">no picture stored</span>}
      {current?.error && <span className="quiet">{current.error.message}</span>}
    </span>
  );
}
