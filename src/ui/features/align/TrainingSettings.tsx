import {
  LOSS_CHOICES,
  POSITIVES,
  type LossChoice,
  type Positives,
} from "../../../core/domain/alignSettings";
import { problemOf, type SettingsProps } from "./formIssue";
import { isLocked } from "./formFields";
import { SelectRow } from "./FormRow";

const LOSS_NAMES: Readonly<Record<LossChoice, string>> = {
  auto: "auto",
  infonce: "InfoNCE",
  sigmoid: "sigmoid",
};

const POSITIVE_NAMES: Readonly<Record<Positives, string>> = {
  sampled: "sampled",
  masked: "masked",
  soft: "soft",
  several: "two at a time",
};

/** What a step learns from: the loss, its right answers and its wrong ones. */
export function TrainingSettings({ form, issue, onChange }: SettingsProps) {
  const locked = isLocked(form);
  return (
    <>
      <SelectRow
        field={{
          name: "Loss",
          explanation:
            "Auto: the method's own. InfoNCE: the right partner must win among the batch (CLIP). Sigmoid: every pair is judged by itself, right or wrong (SigLIP).",
        }}
        problem={problemOf(issue, "loss")}
        value={form.loss}
        options={LOSS_CHOICES.map((value) => ({ value, name: LOSS_NAMES[value] }))}
        onChange={(loss) => onChange({ ...form, loss })}
      />
      <SelectRow
        field={{
          name: "Several captions",
          explanation:
            "What a batch does with items that have several partners. Sampled: one of them at random, related pairs never in one batch. Masked: all of them, related pairs left out of the wrong answers. Soft: all of them, related pairs count as right answers too. Two at a time: two captions of each, a loss for each.",
        }}
        problem={problemOf(issue, "positives")}
        value={form.positives}
        options={POSITIVES.map((value) => ({ value, name: POSITIVE_NAMES[value] }))}
        onChange={(positives) => onChange({ ...form, positives })}
      />
      <SelectRow
        field={{
          name: "Negatives",
          explanation:
            "Wrong answers of a step. The whole corpus needs one side locked: what does not learn can stand in every step at once.",
        }}
        problem={problemOf(issue, "negatives")}
        value={form.negatives}
        options={[
          { value: "batch", name: "batch" },
          {
            value: "corpus",
            name: locked ? "whole corpus" : "whole corpus (lock a side)",
            disabled: !locked,
          },
        ]}
        onChange={(negatives) => onChange({ ...form, negatives })}
      />
      <SelectRow
        field={{
          name: "FuseMix",
          explanation:
            "Mixes neighbouring embeddings of a batch on both sides alike; helps below about 10,000 pairs (Vouitsis et al. 2024).",
        }}
        problem={problemOf(issue, "fuseMix")}
        value={form.fuseMix}
        options={[
          { value: "auto", name: "auto" },
          { value: "on", name: "on" },
          { value: "off", name: "off" },
        ]}
        onChange={(fuseMix) => onChange({ ...form, fuseMix })}
      />
    </>
  );
}
