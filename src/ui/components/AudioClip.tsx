import { useCallback, useEffect, useState } from "react";
import { useServices } from "../../app/services";
import styles from "./AudioClip.module.css";
import { MissingMedia } from "./MissingMedia";
import { detachOnUnmount, useBlobUrl } from "./useBlobUrl";
import { soundPeaks, waveformPath } from "./waveform";

interface AudioClipProps {
  readonly projectId: string;
  readonly digest: string;
  /** What is heard, for the player's label. */
  readonly label: string;
}

const WIDTH = 240;
const HEIGHT = 36;

/** A sound of the project: its waveform and the browser's own player. Nothing plays by itself. */
export function AudioClip({ projectId, digest, label }: AudioClipProps) {
  const { datasets } = useServices().stores;
  const read = useCallback(() => datasets.blob(projectId, digest), [datasets, projectId, digest]);
  const { url, blob } = useBlobUrl(read);
  const path = useWaveform(digest, blob);
  if (url === null) return <MissingMedia />;
  return (
    <span className={styles.clip}>
      <svg
        className={styles.wave}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {path === null ? (
          <text x={WIDTH / 2} y={HEIGHT / 2 + 4}>
            no waveform
          </text>
        ) : (
          <path d={path ?? `M0 ${HEIGHT / 2}H${WIDTH}`} />
        )}
      </svg>
      {url === undefined ? (
        <span className={styles.player} />
      ) : (
        <audio
          ref={detachOnUnmount}
          className={styles.player}
          src={url}
          controls
          preload="none"
          aria-label={label}
        />
      )}
    </span>
  );
}

/** SVG path of a sound's waveform; undefined: not drawn yet; null: it cannot be decoded. */
function useWaveform(digest: string, blob: Blob | undefined): string | null | undefined {
  const [drawn, setDrawn] = useState<{ digest: string; path: string | null }>();
  useEffect(() => {
    if (!blob) return;
    let isCurrent = true;
    soundPeaks(
      digest,
      async () => blob,
      () => isCurrent,
    ).then(
      (peaks) =>
        isCurrent && setDrawn({ digest, path: peaks && waveformPath(peaks, WIDTH, HEIGHT) }),
      () => isCurrent && setDrawn({ digest, path: null }), // its place says “no waveform”
    );
    return () => {
      isCurrent = false;
    };
  }, [digest, blob]);
  return drawn?.digest === digest ? drawn.path : undefined;
}
