import type { MatchKind } from "../../core/domain/pathResolver";
import { count, type Fault } from "./faults";

type LooseKind = Exclude<MatchKind, "exact">;

const LOOSE_MATCHES: Readonly<
  Record<LooseKind, { readonly topic: string; readonly reason: string }>
> = {
  case: { topic: "matched ignoring case", reason: "matched ignoring case" },
  basename: { topic: "matched by name alone", reason: "found in another folder" },
  stem: { topic: "matched without extension", reason: "matched without its extension" },
};

/** Flag: found although folder, letter case or extension differ. */
export const matchedLoosely = (via: LooseKind, path: string): Fault => ({
  topic: LOOSE_MATCHES[via].topic,
  reason: `${LOOSE_MATCHES[via].reason}: ${path}`,
  remedy: "Check that it is this file, or correct the path.",
});

/** Flag: so for many rows of one table. */
export const manyMatchedLoosely = (via: LooseKind, rows: number, example: string): Fault => ({
  topic: LOOSE_MATCHES[via].topic,
  reason: `${count(rows, "row")} ${LOOSE_MATCHES[via].topic}, such as ${example}`,
  remedy: "Check a few of them in the grid.",
});
