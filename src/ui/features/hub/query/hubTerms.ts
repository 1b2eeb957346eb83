import type { AskedHubTerm } from "../../../../app/hubs";
import type { Item } from "../../../../core/domain/dataset";
import type { HubMember } from "../../../../core/domain/hub";
import type { HubItem } from "../../../../core/domain/hubQuery";
import { AppError } from "../../../../core/errors";
import { termsOf, type WordsTerm } from "../../../components/search/queryHistory";

/** A picture, sound or window from outside the data. */
export interface FileTerm {
  readonly kind: "file";
  readonly key: string;
  /** Whose encoder reads it: a member of its modality, another where the visitor chose another. */
  readonly memberId: string;
  readonly blob: Blob;
  readonly name: string;
  /** Came from the microphone: silence around it is cut off before it is encoded. */
  readonly isRecording: boolean;
  readonly weight: number;
}

/** An item of a member's gallery. */
export interface HubItemTerm extends HubItem {
  readonly kind: "item";
  readonly key: string;
  readonly memberId: string;
  readonly shown: Item;
  /** Its text, its first caption, or where it came from. */
  readonly name: string;
  readonly weight: number;
}

/** One part of a query of a hub. Words live in the box; the others are put beside it. */
export type ShownHubTerm = WordsTerm | FileTerm | HubItemTerm;

/** All parts of a query: the words of the box first, then what was put beside it. */
export const hubTermsOf = termsOf<FileTerm | HubItemTerm>;

/** A term in words. */
export function hubTermName(term: ShownHubTerm): string {
  if (term.kind === "words") return term.text;
  return term.name || "Pasted file";
}

/** The member a term is of; undefined where the hub has none for it. */
export function memberOfTerm(
  term: ShownHubTerm,
  members: readonly HubMember[],
): HubMember | undefined {
  return term.kind === "words"
    ? members.find(({ modality }) => modality === "text")
    : members.find(({ id }) => id === term.memberId);
}

/** A term as the encoders and the gallery take it. @throws AppError `storage/missing`. */
export function askedHubTerm(term: ShownHubTerm, members: readonly HubMember[]): AskedHubTerm {
  const { weight } = term;
  const member = memberOfTerm(term, members);
  if (!member) throw new AppError("storage/missing", `the member of “${hubTermName(term)}”`);
  const memberId = member.id;
  switch (term.kind) {
    case "words":
      return { kind: "input", memberId, weight, input: { text: term.text } };
    case "item":
      return {
        kind: "item",
        memberId,
        weight,
        item: { projectId: term.projectId, item: term.item },
      };
    case "file":
      return { kind: "input", memberId, weight, input: inputOf(term, member) };
  }
}

type Input = Extract<AskedHubTerm, { kind: "input" }>["input"];

function inputOf({ blob, isRecording, name }: FileTerm, { modality }: HubMember): Input {
  switch (modality) {
    case "image":
      return { image: blob };
    case "audio":
      return isRecording ? { audio: blob, trim: true } : { audio: blob };
    case "sensor":
      return { sensor: blob };
    case "text":
      throw new AppError("internal", `the file “${name}” was given to captions`);
  }
}
