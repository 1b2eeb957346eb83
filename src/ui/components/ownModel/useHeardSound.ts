import { useEffect, useRef, useState } from "react";
import { useServices } from "../../../app/services";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { HeardSound } from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";
import type { SoundSample } from "./useSoundSample";

/** Typing changes the settings several times a second. */
const SETTLE_MS = 200;

/** What a network hears of the sample with these settings; the last one stays until the next is here. */
export function useHeardSound(preprocessing: AudioPreprocessing, sample: SoundSample) {
  const { ownModels } = useServices();
  const [heard, setHeard] = useState<HeardSound>();
  const [problem, setProblem] = useState("");
  const key = `${sample.place} ${JSON.stringify(preprocessing)}`;
  const latest = useRef({ preprocessing, sample });
  useEffect(() => {
    latest.current = { preprocessing, sample };
  });
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const listen = async () => {
      const sound = await latest.current.sample.read();
      if (!sound || signal.aborted) return;
      const next = await ownModels.hear(sound, latest.current.preprocessing, { signal });
      if (signal.aborted) return;
      setHeard(next);
      setProblem("");
    };
    const timer = setTimeout(() => {
      listen().catch((thrown: unknown) => {
        if (!signal.aborted) setProblem(AppError.from(thrown).fullText);
      });
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, ownModels]);
  return { heard, problem };
}
