import { useEffect, useRef } from "react";
import { fitsInput, type InputShape } from "../../../core/audio/inputAxes";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { HeardSound } from "../../../core/domain/ownModel";
import { FactList } from "../FactList";
import { formatCount } from "../formatting";
import { drawStrip } from "./drawStrip";
import styles from "./OwnModel.module.css";
import { useHeardSound } from "./useHeardSound";
import type { SoundSample } from "./useSoundSample";

interface HeardStripProps {
  readonly preprocessing: AudioPreprocessing;
  readonly shape: InputShape;
  readonly sample: SoundSample;
}

const VALUE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** A recording of the project as the network hears it, with the same in words beside it. */
export function HeardStrip({ preprocessing, shape, sample }: HeardStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { heard, problem } = useHeardSound(preprocessing, sample);
  const strip = heard?.strip;
  useEffect(() => {
    if (strip && canvas.current) drawStrip(canvas.current, strip);
  }, [strip]);
  const { place, total, next } = sample;
  const bands = strip && strip.rows > 1 ? `${strip.rows} bands` : "loudness";
  return (
    <figure className={styles.heard}>
      <canvas
        ref={canvas}
        width={240}
        height={48}
        role="img"
        aria-label={`The sound as the network hears it: ${bands} over time`}
      />
      <figcaption>
        {problem ? (
          <span role="alert">{problem}</span>
        ) : (
          heard && <HeardFacts {...{ heard, preprocessing, shape }} />
        )}
        {total === 0 && <span className="quiet">The project has no sounds to try it on.</span>}
        {total > 0 && (
          <span className={styles.sample}>
            Sound {formatCount(place + 1)} of {formatCount(total)}
            {total > 1 && (
              <button type="button" className="button quiet" onClick={next}>
                Next sound
              </button>
            )}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

interface HeardFactsProps extends Omit<HeardStripProps, "sample"> {
  readonly heard: HeardSound;
}

function HeardFacts({ heard, preprocessing, shape }: HeardFactsProps) {
  const { dims, seconds, heardSeconds, rate, strip, doubt } = heard;
  const { sampleRate } = preprocessing;
  const resampled = rate === sampleRate ? "" : `, resampled from ${formatCount(rate)} Hz`;
  const fed = `[N, ${dims.join(", ")}]`;
  return (
    <FactList
      facts={[
        ["Hears", `${heardSeconds.toFixed(2)} of ${seconds.toFixed(2)} s`],
        ["At", `${formatCount(sampleRate)} Hz${resampled}`],
        ["Is fed", fitsInput(dims, shape) ? fed : `${fed}, but takes [${shape.join(", ")}]`],
        ["Values", `${VALUE.format(strip.lowest)} to ${VALUE.format(strip.highest)}`],
        ["Note", doubt],
      ]}
    />
  );
}
