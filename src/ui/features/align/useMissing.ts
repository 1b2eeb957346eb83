import { formatNumberOf } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { useEncodedCount } from "../../components/useEncodedCount";

/** What must be encoded first, in words; null when everything is there, empty while unknown. */
export function useMissing(): string | null {
  const { project } = useProject();
  const image = useEncodedCount(project, "image");
  const text = useEncodedCount(project, "text");
  const error = image.error ?? text.error;
  if (error) return error.fullText;
  if (!image.value || !text.value) return "";
  const images = image.value.total - image.value.encoded;
  const texts = text.value.total - text.value.encoded;
  if (images === 0 && texts === 0) return null;
  const parts = [
    images > 0 ? formatNumberOf(images, "image") : "",
    texts > 0 ? formatNumberOf(texts, "caption") : "",
  ].filter(Boolean);
  return `${parts.join(" and ")} still without an embedding.`;
}
