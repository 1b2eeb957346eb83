import type { HubMember } from "../../../../core/domain/hub";
import { nameOf, readItem } from "../../../components/search/shownItems";
import type { HubItems } from "./hubItems";
import type { PickedHubItem } from "./useHubQuery";

/** An item of the test split, ready to ask with. */
export type HeldOutItem = PickedHubItem;

const CAPTIONS = 6;
const SOUNDS = 3;
const LONGEST = 40; // a chip, not a paragraph

/** A few captions and sounds that no projector was trained on, spread over the data. */
export async function heldOutExamples(members: readonly HubMember[], items: HubItems) {
  const ofModality = (modality: "text" | "audio", count: number) =>
    Promise.all(
      members
        .filter((member) => member.modality === modality)
        .map((member) => heldOutOf(member, items, count)),
    ).then((found) => found.flat());
  // Sounds joined with captions of their own project: those of the hub may all be trained on.
  const captions = await ofModality("text", CAPTIONS * 3);
  const sounds = await ofModality("audio", SOUNDS);
  return {
    captions: captions.filter(({ name }) => name.length <= LONGEST).slice(0, CAPTIONS),
    sounds: sounds.slice(0, SOUNDS),
  };
}

async function heldOutOf(
  { id: memberId, modality, data }: HubMember,
  items: HubItems,
  count: number,
): Promise<HeldOutItem[]> {
  if (!data) return [];
  const source = items.of(data.projectId);
  const indices = await source.heldOut(modality, count);
  const read = await Promise.all(
    indices.map(async (item): Promise<HeldOutItem | undefined> => {
      const shown = await readItem(source, modality, item);
      if (!shown) return undefined;
      const { projectId } = source;
      return { memberId, projectId, item, shown: shown.item, name: nameOf(shown) };
    }),
  );
  return read.flatMap((item) => item ?? []);
}
