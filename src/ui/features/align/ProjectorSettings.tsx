import { PROJECTOR_CHOICES, type ProjectorChoice } from "../../../core/domain/alignSettings";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import { AlsoTry } from "./AlsoTry";
import type { AlignForm } from "./alignForm";
import { problemOf, type SettingsProps } from "./formIssue";
import { isLocked } from "./formFields";
import { SelectRow } from "./FormRow";

const NAMES: Readonly<Record<ProjectorChoice, string>> = {
  auto: "auto",
  linear: "linear",
  "freeze-align": "freeze-align",
  sail: "SAIL gated",
  "low-rank": "residual low-rank",
  identity: "locked",
};

const OPTIONS = PROJECTOR_CHOICES.map((value) => ({ value, name: NAMES[value] }));

const FIELDS = {
  image: {
    name: "Image projector",
    explanation:
      "The trained map of the image side. Auto: the method's own. “Locked” trains nothing there: the shared space is the image encoder's own, and only the text side learns.",
  },
  text: {
    name: "Text projector",
    explanation:
      "The trained map of the text side. Auto: the method's own. “Locked” trains nothing there: the shared space is the text encoder's own, and only the image side learns.",
  },
} as const;

/** The form of each side's projector, and which others to try. */
export function ProjectorSettings({ form, issue, onChange }: SettingsProps) {
  return ALIGNED_MODALITIES.map((side) => (
    <div key={side}>
      <SelectRow
        field={FIELDS[side]}
        problem={problemOf(issue, `projectors.${side}`) ?? problemOf(issue, "projectors")}
        value={form.projectors[side]}
        options={OPTIONS}
        onChange={(choice) => onChange(withProjector(form, side, choice))}
      />
      <AlsoTry
        what={`other ${side} projectors`}
        options={OPTIONS.filter(({ value }) => value !== form.projectors[side])}
        chosen={form.alsoProjectors[side]}
        onChange={(also) =>
          onChange(
            unlessUnlocked({ ...form, alsoProjectors: { ...form.alsoProjectors, [side]: also } }),
          )
        }
      />
    </div>
  ));
}

/** The form with another projector on one side. */
export function withProjector(
  form: AlignForm,
  side: AlignedModality,
  choice: ProjectorChoice,
): AlignForm {
  return unlessUnlocked({
    ...form,
    projectors: { ...form.projectors, [side]: choice },
    alsoProjectors: {
      ...form.alsoProjectors,
      [side]: form.alsoProjectors[side].filter((other) => other !== choice),
    },
  });
}

/** Negatives of the whole corpus need a side that stands still. */
function unlessUnlocked(form: AlignForm): AlignForm {
  return isLocked(form) ? form : { ...form, negatives: "batch" };
}
