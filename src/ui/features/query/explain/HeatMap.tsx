import { useEffect, useMemo, useRef, useState } from "react";
import type { PictureSource } from "../../../../app/pictureCache";
import { useServices } from "../../../../app/services";
import type { WhereMap } from "../../../../core/domain/explanation";
import { useProject } from "../../../components/projectContext";
import { detachOnUnmount, useBlobUrl } from "../../../components/useBlobUrl";
import styles from "./Explain.module.css";
import { extentOf, HEAT_GRADIENT, heatPixels } from "./heatScale";
import { decimal, mapSummary, METHOD_WORDS, VALUE_WORDS } from "./mapWords";

interface HeatMapProps {
  readonly map: WhereMap;
  readonly picture: PictureSource;
  readonly name: string;
}

/** A map over its picture, with its scale, how strongly it covers, and every number in a table. */
export function HeatMap({ map, picture, name }: HeatMapProps) {
  const [opacity, setOpacity] = useState(0.6);
  const url = usePicture(picture);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(heatPixels(map.values), map.cols, map.rows), 0, 0);
  }, [map]);
  const { left, top, width, height } = map.area;
  const place = {
    ...{ left: percent(left), top: percent(top), width: percent(width), height: percent(height) },
    opacity,
  };
  const { low, high } = extentOf(map.values);
  return (
    <figure className={styles.where}>
      <div className={styles.frame}>
        {url === null && <p className="quiet">The picture is not stored.</p>}
        {url && <img ref={detachOnUnmount} src={url} alt={`${name}; ${mapSummary(map)}`} />}
        <canvas
          ref={canvas}
          className={styles.heat}
          width={map.cols}
          height={map.rows}
          style={place}
          aria-hidden="true"
        />
      </div>
      <div className={styles.scale} aria-hidden="true">
        <span>{decimal(low)}</span>
        <span className={styles.ramp} style={{ background: HEAT_GRADIENT }} />
        <span>{decimal(high)}</span>
      </div>
      <label className={styles.opacity}>
        <span>Strength of the map</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          aria-valuetext={`${Math.round(opacity * 100)} %`}
          onChange={({ target }) => setOpacity(Number(target.value))}
        />
      </label>
      <figcaption className={styles.note}>
        {METHOD_WORDS[map.method]}: {VALUE_WORDS[map.method]}, {mapSummary(map)}. The whole picture:{" "}
        {decimal(map.score)}.
      </figcaption>
      <MapTable map={map} />
    </figure>
  );
}

function MapTable({ map: { rows, cols, values } }: Pick<HeatMapProps, "map">) {
  return (
    <details>
      <summary className={styles.note}>Numbers</summary>
      <div className={styles.scroll} role="region" tabIndex={0} aria-label="Numbers of the map">
        <table className={`table ${styles.numbers}`}>
          <thead>
            <tr>
              <td />
              {Array.from({ length: cols }, (_, c) => (
                <th key={c} scope="col" className="number">
                  {c + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, r) => (
              <tr key={r}>
                <th scope="row">{r + 1}</th>
                {Array.from({ length: cols }, (_, c) => (
                  <td key={c} className="number">
                    {decimal(values[r * cols + c]!, 2)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** URL of the picture in full, as the encoder saw it; null: not stored. */
function usePicture(picture: PictureSource): string | null | undefined {
  const { datasets } = useServices().stores;
  const { project } = useProject();
  const picked = "digest" in picture ? picture.digest : picture.image;
  const source = useMemo(
    () => (typeof picked === "string" ? () => datasets.blob(project.id, picked) : picked),
    [datasets, project.id, picked],
  );
  return useBlobUrl(source).url;
}

const percent = (share: number) => `${share * 100}%`;
