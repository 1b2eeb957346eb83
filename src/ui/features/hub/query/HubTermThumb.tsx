import type { HubMember } from "../../../../core/domain/hub";
import { BlobImage } from "../../../components/BlobImage";
import { ITEM_NOUNS } from "../../../components/modalityWords";
import { BlobThumb } from "../../../components/search/BlobThumb";
import { memberOfTerm, type ShownHubTerm } from "./hubTerms";

interface HubTermThumbProps {
  readonly term: ShownHubTerm;
  readonly members: readonly HubMember[];
}

/** What is seen of a term before its name: a picture, or what kind of item it is. */
export function HubTermThumb({ term, members }: HubTermThumbProps) {
  const modality = memberOfTerm(term, members)?.modality;
  if (term.kind === "words" || !modality) return null;
  if (modality !== "image") return <span className="quiet">{ITEM_NOUNS[modality]}</span>;
  if (term.kind === "file") return <BlobThumb blob={term.blob} />;
  return <BlobImage projectId={term.projectId} digest={term.shown.digest} alt="" size={32} />;
}
