import { useEncoders, useServices } from "../../../app/services";
import { downloadBytes, type EncoderSpec } from "../../../core/domain/encoder";
import type { AlignedModality } from "../../../core/domain/modality";
import { formatBytes, formatCount } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { useDevice } from "../../components/useDevice";
import styles from "./EncodePanel.module.css";
import type { useEncodeSide } from "./useEncodeSide";

interface EncoderCardsProps {
  readonly modality: AlignedModality;
  readonly side: ReturnType<typeof useEncodeSide>;
}

/** The encoders of one modality; a choice where there is more than one. */
export function EncoderCards({ modality, side }: EncoderCardsProps) {
  const { projects } = useServices();
  const { project, canEdit } = useProject();
  const encoders = useEncoders().filter((encoder) => encoder.modality === modality);
  const choose = (id: string) =>
    void projects.update(project.id, {
      encoders: { ...project.encoders, [modality]: { id, pooling: "mean", layer: null } },
    });
  return (
    <div className={styles.cards}>
      {encoders.map((encoder) => {
        const chosen = encoder.id === project.encoders[modality].id;
        return (
          <article key={encoder.id} className={styles.card}>
            <h3>
              {encoders.length > 1 ? (
                <label>
                  <input
                    type="radio"
                    name={`encoder-${modality}`}
                    checked={chosen}
                    disabled={!canEdit || side.active}
                    onChange={() => choose(encoder.id)}
                  />{" "}
                  {encoder.name}
                </label>
              ) : (
                encoder.name
              )}
            </h3>
            <p className="quiet">{encoder.summary}</p>
            <EncoderFacts encoder={encoder} />
          </article>
        );
      })}
    </div>
  );
}

function EncoderFacts({ encoder }: { readonly encoder: EncoderSpec }) {
  const { info, preference } = useDevice();
  const { license, width, parameters } = encoder;
  const bytes = downloadBytes(encoder) ?? 0;
  const wanted = preference === "wasm" || info?.device === "wasm" ? "CPU (WebAssembly)" : "WebGPU";
  const facts: readonly (readonly [string, string])[] = [
    ["Width", `${formatCount(width)} numbers per item`],
    ["Size", `${formatBytes(bytes)}, ${(parameters / 1e6).toFixed(1)} million parameters`],
    ["Licence", license],
    ["Runs on", info ? wanted : ""],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value || "–"}</dd>
        </div>
      ))}
    </dl>
  );
}
