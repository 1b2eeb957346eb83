import type { HubMember } from "../../../../core/domain/hub";
import { MEDIA_MODALITIES, type MediaModality } from "../../../../core/domain/modality";

/** The member whose encoder reads files of each modality the hub has. */
export type Readers = ReadonlyMap<MediaModality, HubMember>;

/**
 * Who reads what: the member that was wanted for its modality, else the first of it.
 *
 * @param wanted ids of members by modality; one that left, or is of another modality, is passed over.
 */
export function readersOf(
  members: readonly HubMember[],
  wanted: Readonly<Record<string, string>> = {},
): Readers {
  return new Map(
    MEDIA_MODALITIES.flatMap((modality) => {
      const able = members.filter((member) => member.modality === modality);
      const reader = able.find(({ id }) => id === wanted[modality]) ?? able[0];
      return reader ? [[modality, reader] as const] : [];
    }),
  );
}

/** Modalities of which there are several members to choose from, each with its members. */
export function choicesOf(
  members: readonly HubMember[],
): readonly { readonly modality: MediaModality; readonly members: readonly HubMember[] }[] {
  return MEDIA_MODALITIES.map((modality) => ({
    modality,
    members: members.filter((member) => member.modality === modality),
  })).filter(({ members: able }) => able.length > 1);
}
