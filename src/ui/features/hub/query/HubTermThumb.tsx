import type { HubMember } from "../../../../core/domain/hub";
import { BlobImage } from "../../../components/BlobImage";
import { ITEM_NOUNS } from "../../../components/modalityWords";
import { BlobThumb } from "../../../components/search/BlobThumb";
import { memberOfTerm, type ShownHubTerm } from "./hubTerms";

interface HubTermThumbProps {
  readonly term: ShownHubTerm;
  readonly members: readonly HubMember[];
}

/** What is seen of a term before its name: a picture, and which member or kind of item it is of. */
export function HubTermThumb({ term, members }: HubTermThumbProps) {
  const member = memberOfTerm(term, members);
  if (term.kind === "words" || !member) return null;
  const { modality, name } = member;
  const isOnly = members.filter((other) => other.modality === modality).length <= 1;
  const words = <span className="quiet">{isOnly ? ITEM_NOUNS[modality] : name}</span>;
  if (modality !== "image") return words;
  return (
    <>
      {term.kind === "file" ? (
        <BlobThumb blob={term.blob} />
      ) : (
        <BlobImage projectId={term.projectId} digest={term.shown.digest} alt="" size={32} />
      )}
      {!isOnly && words}
    </>
  );
}
