import { useEffect, useState } from "react";
import { useServices } from "../../app/services";
import styles from "./AudioClip.module.css";
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
  const { stores } = useServices();
  const [loaded, setLoaded] = useState<{ digest: string; url: string | null }>();
  const [peaks, setPeaks] = useState<{ digest: string; path: string | null }>();
  useEffect(() => {
    let current = true;
    let url: string | undefined;
    const load = async () => {
      const blob = await stores.datasets.blob(projectId, digest);
      if (!current) return;
      url = URL.createObjectURL(blob);
      setLoaded({ digest, url });
      const found = await soundPeaks(
        digest,
        async () => blob,
        () => current,
      );
      if (current) setPeaks({ digest, path: found && waveformPath(found, WIDTH, HEIGHT) });
    };
    load().catch(() => {
      if (!current) return;
      // A sound that is not stored says so; one that cannot be decoded has no waveform.
      if (url === undefined) setLoaded({ digest, url: null });
      else setPeaks({ digest, path: null });
    });
    return () => {
      current = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [stores, projectId, digest]);
  const url = loaded?.digest === digest ? loaded.url : undefined;
  const path = peaks?.digest === digest ? peaks.path : undefined;
  if (url === null) return <span className={styles.missing}>not stored</span>;
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
        <audio className={styles.player} src={url} controls preload="none" aria-label={label} />
      )}
    </span>
  );
}
