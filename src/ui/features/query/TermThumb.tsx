import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import { BlobThumb } from "../../components/search/BlobThumb";
import type { ShownTerm } from "./queryTerms";

/** What is seen of a term before its name: nothing of words. */
export function TermThumb({ term }: { readonly term: ShownTerm }) {
  const { project } = useProject();
  if (term.kind === "words") return null;
  if (term.kind === "picture") return <BlobThumb blob={term.blob} />;
  if (term.modality === "text") return <span className="quiet">caption</span>;
  return <BlobImage projectId={project.id} digest={term.item.digest} alt="" size={32} />;
}
