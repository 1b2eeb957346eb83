import { canJudge, flaggedCount, type Diagnosis } from "../../../../core/domain/diagnosis";
import { formatCount, formatNumberOf, formatPercent } from "../../../components/formatting";

/** Why the doctor does not judge, or what its judgement is worth, in sentences. */
export function selfTestWords(diagnosis: Diagnosis): { verdict: string; details: string } {
  const { selfTest } = diagnosis;
  const { share, repeats, planted, auc, low, high, recall, precision } = selfTest;
  const interval = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  const measured = `AUC ${auc.toFixed(2)} (95 % interval ${interval})`;
  const how = `The captions of ${formatPercent(share, 0)} of the pairs were exchanged, ${repeats} times, ${formatCount(planted)} pairs in all, and looked for.`;
  if (!canJudge(selfTest)) {
    return {
      verdict: `Cannot judge: ${measured}.`,
      details: `${how} Below AUC 0.70 what ranks high is mostly chance, so nothing is called wrong. More pairs or other encoders may help.`,
    };
  }
  const flagged = flaggedCount(diagnosis);
  return {
    verdict: `${measured}: ${formatNumberOf(flagged, "pair")} of ${formatCount(diagnosis.ranking.pair.length)} flagged.`,
    details: `${how} ${formatPercent(recall, 0)} of them were flagged, and of what was flagged ${formatPercent(precision, 0)} had been exchanged. Of right pairs, at most ${formatPercent(selfTest.nominalRate, 0)} should be flagged. Of the pairs as they are, about ${formatPercent(selfTest.wrongShare)} look like exchanged ones.`,
  };
}
