import { CHECKED_TAG } from "../../../../app/doctoring";
import type { Pair } from "../../../../core/domain/dataset";
import { rankedPair, type Diagnosis } from "../../../../core/domain/diagnosis";
import type { EditRequest } from "../../../../core/domain/edit";
import type { Lines } from "./useLines";
import type { Editing } from "../../../components/useEditing";

interface DoctorKeyOptions {
  readonly diagnosis: Diagnosis;
  readonly pairs: readonly Pair[];
  readonly lines: Lines;
  readonly repairs: Editing;
  readonly canEdit: boolean;
  /** Whether letters do something; arrows and Delete always do. */
  readonly isOn: boolean;
}

/** The single keys and what they do, as the screen lists them. */
export const SINGLE_KEYS = [
  ["j", "next"],
  ["k", "previous"],
  ["b", "use the better caption"],
  ["f", "mark as fine"],
  ["x", "select"],
] as const;

/**
 * The keys of the list: arrow down and up (j, k) open the next and the one before; B takes the
 * better caption, F marks as fine, X selects, Delete excludes, Escape closes.
 */
export function doctorKeys(options: DoctorKeyOptions) {
  const { lines, repairs, canEdit, isOn } = options;
  return (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.length === 1 && isOn ? event.key.toLowerCase() : event.key;
    const request = canEdit && !repairs.busy ? requestOf(key, options) : undefined;
    if (request) void repairs.apply(request);
    else if (key === "ArrowDown" || (isOn && key === "j")) lines.step(1);
    else if (key === "ArrowUp" || (isOn && key === "k")) lines.step(-1);
    else if (isOn && key === "x" && lines.opened !== null) lines.toggle(lines.opened);
    else if (key === "Escape" && lines.opened !== null) lines.open(null);
    else return;
    event.preventDefault();
  };
}

function requestOf(
  key: string,
  { diagnosis, pairs, lines, isOn }: DoctorKeyOptions,
): EditRequest | undefined {
  if (lines.opened === null) return undefined;
  const { pair, bestCaption } = rankedPair(diagnosis.ranking, lines.opened);
  const now = pairs[pair];
  if (!now || now.excluded !== undefined) return undefined;
  if (key === "Delete") return { kind: "exclude", pairs: [pair], reason: "pair doctor" };
  if (isOn && key === "b") return { kind: "captions", pairs: [pair], texts: [bestCaption] };
  if (isOn && key === "f") return { kind: "tag", pairs: [pair], tag: CHECKED_TAG };
  return undefined;
}

function isTyping(target: EventTarget): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
