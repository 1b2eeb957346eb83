import type { MissReport } from "../../../../core/domain/missReport";
import type { AlignedModality } from "../../../../core/domain/modality";
import { formatCount } from "../../../components/formatting";
import { decimal } from "./mapWords";

const SIDES = {
  image: { encoder: "image encoder", one: "image", many: "images", partners: "captions" },
  text: { encoder: "text encoder", one: "caption", many: "captions", partners: "images" },
} as const;

/** Rank, scores and what lies between, in one sentence. */
export function rankWords(report: MissReport): string {
  const { rank, gallery, score, winner, isOutside } = report;
  const place = `Rank ${formatCount(rank)} of ${formatCount(gallery)}, score ${decimal(score)}`;
  const outside = isOutside ? " The filter leaves it out, so it was ranked among all." : "";
  if (rank === 1) return `${place}: it is first.${outside}`;
  const between = rank - 2;
  const others = between === 0 ? "nothing between" : `${formatCount(between)} between`;
  return `${place}; the first has ${decimal(winner.score)}, ${others}.${outside}`;
}

/** Who is to blame, in one sentence. */
export function verdictWords({ verdict, vote, direct, nearness, wording }: MissReport): string {
  switch (verdict) {
    case "first":
      return "Nothing was missed.";
    case "alignment":
      return "The alignment lost it: by the frozen features alone it would come before the first.";
    case "encoder":
      if (direct || (vote && vote.z < -1)) {
        return "The encoders are to blame: by their frozen features alone the first comes before it too.";
      }
      return nearness.place <= 10
        ? "The encoders are to blame: to their frozen features the two are nearly alike."
        : `The encoders are to blame: they put what belongs to the first nearly as close to the query${
            wording && wording.winner >= wording.expected ? ", or closer" : ""
          }.`;
    case "undecided":
      return "Undecided: the frozen features neither take the two for alike nor clearly prefer one.";
  }
}

/** The evidence behind a verdict, a sentence each, with its numbers. */
export function evidenceWords(report: MissReport, target: AlignedModality): string[] {
  const { verdict, nearness, wording, direct, vote } = report;
  if (verdict === "first") return [];
  const own = SIDES[target];
  const other = SIDES[target === "image" ? "text" : "image"];
  const lines = [
    `To the ${own.encoder} the first is number ${formatCount(nearness.place)} of ${formatCount(nearness.others)} among the expected ${own.one}'s neighbours (centred cosine ${decimal(nearness.cosine, 2)}).`,
  ];
  if (wording) {
    lines.push(
      `To the ${other.encoder} the query has ${decimal(wording.expected, 2)} with what the expected one is paired with and ${decimal(wording.winner, 2)} with what the first is paired with, number ${formatCount(wording.place)} of ${formatCount(wording.others)} other ${other.many}.`,
    );
  }
  if (direct) {
    lines.push(
      `The ${own.encoder} alone gives the query ${decimal(direct.expected, 2)} with the expected one and ${decimal(direct.winner, 2)} with the first.`,
    );
  }
  if (vote) {
    lines.push(
      `Without any training: the ${vote.neighbours} training ${own.many} nearest to each have ${own.partners} at ${decimal(vote.expected, 2)} (expected) and ${decimal(vote.winner, 2)} (first) from the query, ${Math.abs(vote.z).toFixed(1)} standard errors apart.`,
    );
  }
  if (!wording && !direct)
    lines.push("The query mixes both encoders, so neither can be asked alone.");
  else if (!vote && !direct)
    lines.push("There are too few training pairs to ask their neighbours.");
  return lines;
}
