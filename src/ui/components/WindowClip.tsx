import { channelWords, type SensorLayout } from "../../core/domain/sensor";
import { readWindow } from "../../core/formats/sensorWindow";
import type { Matrix } from "../../core/math/matrix";
import { useEffect, useState } from "react";
import { useServices } from "../../app/services";
import { MissingMedia } from "./MissingMedia";
import { windowCurves } from "./windowCurves";
import styles from "./WindowClip.module.css";

interface WindowClipProps {
  readonly projectId: string;
  readonly digest: string;
  /** Names and units of the channels; numbers stand for those it lacks. */
  readonly layout: SensorLayout | undefined;
  /** A table with every channel, its unit, lowest and highest reading. */
  readonly isDetailed?: boolean;
}

const READING = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

const WIDTH = 240;
const STRIP = 24;
const CARD_HEIGHT = 68;

/** Strips that still show a shape on a card; the other channels are counted. */
const CARD_CHANNELS = 6;

/** A window of readings as small curves, one per channel, each at its own scale. */
export function WindowClip({ projectId, digest, layout, isDetailed = false }: WindowClipProps) {
  const window = useWindow(projectId, digest);
  if (window === null) return <MissingMedia />;
  if (window === undefined) return <span className={isDetailed ? undefined : styles.waiting} />;
  return isDetailed ? (
    <ChannelTable window={window} layout={layout} />
  ) : (
    <Strips window={window} layout={layout} />
  );
}

interface DrawnProps {
  readonly window: Matrix;
  readonly layout: SensorLayout | undefined;
}

function Strips({ window, layout }: DrawnProps) {
  const shown = Math.min(window.rows, CARD_CHANNELS);
  const height = CARD_HEIGHT / shown;
  const curves = windowCurves(window, { width: WIDTH, height }).slice(0, shown);
  const channels = channelsOf(window, layout);
  const more = window.rows > shown ? `, and ${window.rows - shown} more` : "";
  return (
    <span className={styles.clip}>
      <svg
        className={styles.strips}
        viewBox={`0 0 ${WIDTH} ${CARD_HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {curves.map(({ points }, i) => (
          <polyline key={i} points={points} transform={`translate(0 ${i * height})`} />
        ))}
      </svg>
      <span className={styles.legend} title={channelWords(channels)}>
        {channelWords(channels.slice(0, shown))}
        {more}
      </span>
    </span>
  );
}

function ChannelTable({ window, layout }: DrawnProps) {
  const curves = windowCurves(window, { width: WIDTH, height: STRIP });
  const channels = channelsOf(window, layout);
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Channels of the window">
      <table className={styles.table}>
        <caption className="visually-hidden">
          {window.cols} readings of {window.rows === 1 ? "1 channel" : `${window.rows} channels`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col" className={styles.number}>
              Lowest
            </th>
            <th scope="col" className={styles.number}>
              Highest
            </th>
          </tr>
        </thead>
        {curves.map(({ points, lowest, highest }, i) => (
          <tbody key={i}>
            <tr>
              <th scope="row">
                {channels[i]?.name}
                {channels[i]?.unit !== undefined && (
                  <span className="quiet"> {channels[i]?.unit}</span>
                )}
              </th>
              <td className={styles.number}>{READING.format(lowest)}</td>
              <td className={styles.number}>{READING.format(highest)}</td>
            </tr>
            <tr aria-hidden="true">
              <td colSpan={3} className={styles.curve}>
                <svg
                  className={styles.strip}
                  viewBox={`0 0 ${WIDTH} ${STRIP}`}
                  preserveAspectRatio="none"
                >
                  <polyline points={points} />
                </svg>
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </div>
  );
}

function channelsOf({ rows }: Matrix, layout: SensorLayout | undefined) {
  return Array.from({ length: rows }, (_, i) => {
    return layout?.channels[i] ?? { name: `channel ${i + 1}` };
  });
}

/** A stored window; undefined while it is read, null where it is not there. */
function useWindow(projectId: string, digest: string): Matrix | null | undefined {
  const { stores } = useServices();
  const [loaded, setLoaded] = useState<{ digest: string; window: Matrix | null }>();
  useEffect(() => {
    let current = true;
    const load = async () => {
      const blob = await stores.datasets.blob(projectId, digest);
      const window = readWindow(new Uint8Array(await blob.arrayBuffer()), digest.slice(0, 12));
      if (current) setLoaded({ digest, window });
    };
    // What cannot be shown says so in its place.
    load().catch(() => current && setLoaded({ digest, window: null }));
    return () => {
      current = false;
    };
  }, [stores, projectId, digest]);
  return loaded?.digest === digest ? loaded.window : undefined;
}
