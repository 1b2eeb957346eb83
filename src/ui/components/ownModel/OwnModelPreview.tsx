import { useEffect, useRef, useState } from "react";
import { useServices } from "../../../app/services";
import type { ImagePreprocessing } from "../../../core/domain/encoder";
import { AppError } from "../../../core/errors";
import styles from "./OwnModel.module.css";

/** Typing changes the settings several times a second. */
const SETTLE_MS = 200;

interface OwnModelPreviewProps {
  readonly preprocessing: ImagePreprocessing;
  readonly projectId: string;
}

/** The project's first picture as the network would see it. */
export function OwnModelPreview({ preprocessing, projectId }: OwnModelPreviewProps) {
  const { ownModels, stores } = useServices();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [problem, setProblem] = useState("");
  const { size, fit, resize = size, resample = "bicubic" } = preprocessing;
  const key = [size, fit, resize, resample].join();
  const latest = useRef(preprocessing);
  useEffect(() => {
    latest.current = preprocessing;
  });
  useEffect(() => {
    const stop = new AbortController();
    const draw = async () => {
      const [item] = await stores.datasets.itemRange(projectId, "image", 0, 1);
      if (!item || stop.signal.aborted) return;
      const picture = await stores.datasets.blob(projectId, item.digest);
      const { signal } = stop;
      const seen = await ownModels.preview(picture, latest.current, { signal });
      const element = canvas.current;
      if (!element || signal.aborted) return;
      element.width = seen.width;
      element.height = seen.height;
      const image = new ImageData(seen.rgba, seen.width, seen.height);
      element.getContext("2d")?.putImageData(image, 0, 0);
      setProblem("");
    };
    const timer = setTimeout(() => {
      draw().catch((thrown: unknown) => {
        if (!stop.signal.aborted) setProblem(AppError.from(thrown).fullText);
      });
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, ownModels, projectId, stores.datasets]);
  return (
    <figure className={styles.preview}>
      <canvas
        ref={canvas}
        width={224}
        height={224}
        role="img"
        aria-label="The first picture as the network sees it"
      />
      <figcaption className="quiet">
        {problem || "The first picture as the network sees it, before mean and deviation."}
      </figcaption>
    </figure>
  );
}
