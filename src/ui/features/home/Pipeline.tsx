import { encoderById } from "../../../core/catalogue/encoders";
import { defaultRecipe } from "../../../core/domain/recipe";
import { ModalityChip } from "../../components/ModalityChip";
import { formatBytes, formatCount } from "../../components/formatting";
import styles from "./Pipeline.module.css";

/** What happens to pairs here, with the real encoders and widths. */
export function Pipeline() {
  const image = encoderById("efficientnet-lite0");
  const text = encoderById("all-minilm-l6-v2");
  const { dimension } = defaultRecipe({ sample: "emoji" }).align;
  return (
    <section className={styles.pipeline} aria-label="How it works">
      <Stage title="Pairs" note="A picture and a caption that belong together">
        <ModalityChip modality="image" />
        <ModalityChip modality="text" />
      </Stage>
      <Stage title="Two frozen encoders" note="Run once, never trained">
        {[image, text].map(({ id, name, modality, width, files }) => (
          <span key={id}>
            <span className={modality === "image" ? styles.image : styles.text}>{name}</span>
            <span className="quiet">
              {" "}
              {formatCount(width)} numbers ·{" "}
              {formatBytes(files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0))}
            </span>
          </span>
        ))}
      </Stage>
      <Stage title="Two projectors" note="Trained here, from your pairs">
        <span>
          {formatCount(image.width)} → {dimension}
        </span>
        <span>
          {formatCount(text.width)} → {dimension}
        </span>
      </Stage>
      <Stage title="One shared space" note="Judged on pairs held out of training">
        <span>words → pictures</span>
        <span>pictures → words</span>
      </Stage>
    </section>
  );
}

function Stage({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div className={styles.stage}>
      <h2>{title}</h2>
      <div className={styles.lines}>{children}</div>
      <p className="quiet">{note}</p>
    </div>
  );
}
