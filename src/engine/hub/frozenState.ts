import type { FrozenState, HubMember, WholeHub } from "../../core/domain/hub";
import { AppError } from "../../core/errors";
import { takeRows } from "../../core/math/matrix";
import { galleriesOf } from "../../core/metrics/evaluateRetrieval";
import { mutualFirstHitRanks, recallAtK } from "../../core/metrics/retrieval";
import { sha256 } from "../sha256";
import { pairsByCaption } from "./links";
import { hubDigest, memberDigest } from "./memberDigest";
import type { MemberRows } from "./memberRows";

const SHOWN_K = 10;

/**
 * What frozen members give: digests of the bytes of every projected item and of the rank of every
 * held-out query between the members a hub was frozen with.
 *
 * The bits are those of WebAssembly, which gives the same on every machine; the rows must have been
 * projected there.
 */
export async function frozenState(
  members: readonly HubMember[],
  rows: readonly MemberRows[],
): Promise<FrozenState> {
  const own = new Map(rows.map((each) => [each.memberId, each.own]));
  const embeddings: Record<string, string> = {};
  for (const { id } of members) {
    const data = own.get(id)?.rows.data;
    if (data) embeddings[id] = await bytesDigest(data);
  }
  const { image, text } = Object.fromEntries(
    members.filter(({ joined }) => joined === null).map(({ modality, id }) => [modality, id]),
  );
  const [images, texts] = [own.get(image ?? ""), own.get(text ?? "")];
  const pairs = images && texts ? pairsByCaption(images, texts) : null;
  if (!images || !texts || !pairs?.split.includes("test")) {
    return { embeddings, ranks: await sha256(""), recalls: [] };
  }
  const { imageRows, textRows, relevance } = galleriesOf(pairs, "test");
  const ranks = mutualFirstHitRanks(
    takeRows(images.rows, imageRows),
    takeRows(texts.rows, textRows),
    relevance,
  );
  const both = await Promise.all([bytesDigest(ranks.imageToText), bytesDigest(ranks.textToImage)]);
  return {
    embeddings,
    ranks: await sha256(both.join(" ")),
    recalls: [
      { name: `image → text @${SHOWN_K}`, value: recallAtK(ranks.imageToText, SHOWN_K) },
      { name: `text → image @${SHOWN_K}`, value: recallAtK(ranks.textToImage, SHOWN_K) },
    ],
  };
}

/** Whether both are the same to the bit. */
export function isSameState(a: FrozenState, b: FrozenState): boolean {
  const lines = ({ embeddings }: FrozenState) =>
    JSON.stringify(Object.entries(embeddings).sort(([x], [y]) => (x < y ? -1 : 1)));
  return a.ranks === b.ranks && lines(a) === lines(b);
}

/**
 * Refuses a hub whose frozen numbers are not those its digests name.
 *
 * @throws AppError `hub/changed`, naming the member.
 */
export async function refuseChangedNumbers({ hub, members }: WholeHub): Promise<void> {
  for (const member of members) {
    if ((await memberDigest(member)) === member.digest) continue;
    throw new AppError("hub/changed", `the projector of “${member.name}” of “${hub.name}”`);
  }
  if ((await hubDigest(hub)) === hub.digest) return;
  throw new AppError("hub/changed", `the members of “${hub.name}”`);
}

function bytesDigest({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) {
  return sha256(new Uint8Array(buffer, byteOffset, byteLength));
}
