import { useEncoders } from "../../../app/services";
import type { EmbeddingChoice } from "../../../core/domain/encoder";
import { embeddingInWords } from "../../components/encoderWords";
import { useProject } from "../../components/projectContext";
import styles from "./AlignSettings.module.css";

/** Which embeddings the next run joins: encoder, layer and pooling of both sides. */
export function AlignedEmbeddings() {
  const { project } = useProject();
  const encoders = useEncoders();
  const words = (choice: EmbeddingChoice) => {
    const encoder = encoders.find(({ id }) => id === choice.id);
    return encoder ? embeddingInWords(encoder, choice) : choice.id;
  };
  const { image, text } = project.encoders;
  return (
    <p className={styles.hint}>
      Joins {words(image)} with {words(text)}.
    </p>
  );
}
