import type { HubMember } from "../../../../core/domain/hub";
import type { Modality } from "../../../../core/domain/modality";
import { ITEM_NOUNS } from "../../../components/modalityWords";

/** A member in the plural of its items, `sounds`; by its own name where two are of one modality. */
export function itemsOf(member: HubMember, members: readonly HubMember[]): string {
  const { modality, name } = member;
  const isOnly = members.filter((other) => other.modality === modality).length <= 1;
  return isOnly ? `${ITEM_NOUNS[modality]}s` : name;
}

/** The same as the first word of a label: `Sounds`. */
export function labelOf(member: HubMember, members: readonly HubMember[]): string {
  const words = itemsOf(member, members);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a search looks unless told otherwise: the first member whose items are no captions. */
export function usualTarget(members: readonly HubMember[]): string {
  return (members.find(({ modality }) => modality !== "text") ?? members[0])?.id ?? "";
}

/** What one usually wants to see beside an item: pictures where there are some, else captions. */
export function partnerOf(memberId: string, members: readonly HubMember[]): string {
  const others = members.filter(({ id }) => id !== memberId);
  const first = (modality: Modality) => others.find((member) => member.modality === modality);
  return (first("image") ?? first("text") ?? others[0])?.id ?? memberId;
}
