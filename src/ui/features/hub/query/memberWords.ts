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

interface Origins {
  /** Name of the project whose items a member has. */
  readonly projectOf: (member: HubMember) => string | undefined;
  readonly encoderOf: (member: HubMember) => string;
}

/**
 * Names of members that no two share. A modality with several members has each with its project, as
 * in `Sounds 2 of Birds`, or its encoder where it came as a sense pack; where that is still the
 * same, with both, and then with a number.
 */
export function namesToldApart(
  members: readonly HubMember[],
  { projectOf, encoderOf }: Origins,
): readonly string[] {
  const taken = new Set<string>();
  return members.map((member) => {
    const { modality, name } = member;
    const isOnly = members.filter((other) => other.modality === modality).length <= 1;
    const project = projectOf(member);
    const from = project === undefined ? name : `${name} of ${project}`;
    const whole = `${from} by ${encoderOf(member)}`;
    const tries = isOnly ? [name] : [project === undefined ? whole : from, whole];
    const found = tries.find((each) => !taken.has(each)) ?? numbered(whole, taken);
    taken.add(found);
    return found;
  });
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  let i = 2;
  while (taken.has(`${name} ${i}`)) i++;
  return `${name} ${i}`;
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
