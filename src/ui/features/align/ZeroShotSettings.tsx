import { PROMPT_PRESETS, type PromptPreset } from "../../../core/catalogue/promptTemplates";
import { useProject } from "../../components/projectContext";
import { problemOf, type SettingsProps } from "./formIssue";
import styles from "./AlignSettings.module.css";
import { SelectRow } from "./FormRow";

const PRESET_NAMES: Readonly<Record<PromptPreset, string>> = {
  "clip-1": "CLIP's one",
  "clip-7": "CLIP's best 7",
  "clip-80": "CLIP's 80",
};

/** Which label to classify by after training, and in which words. Nothing where there is no label. */
export function ZeroShotSettings({ form, issue, onChange }: SettingsProps) {
  const { project } = useProject();
  const columns = project.data?.labelColumns ?? [];
  if (columns.length === 0 && !form.zeroShotLabel) return null;
  const problem = problemOf(issue, "zeroShot.templates");
  return (
    <>
      <SelectRow
        field={{
          name: "Zero-shot labels",
          explanation:
            "After training, test images are classified by the words of their label alone, without training on labels.",
        }}
        problem={problemOf(issue, "zeroShot.label")}
        value={form.zeroShotLabel}
        options={[
          { value: "", name: "none" },
          ...[...new Set([...columns, form.zeroShotLabel])]
            .filter(Boolean)
            .map((name) => ({ value: name, name })),
        ]}
        onChange={(zeroShotLabel) => onChange({ ...form, zeroShotLabel })}
      />
      {form.zeroShotLabel && (
        <SelectRow
          field={{
            name: "Templates",
            explanation:
              "The sentences a label is put into; a class is the mean of its sentences. More of them cost time and steady the score.",
          }}
          value={form.templatePreset}
          options={[
            { value: "", name: "my own" },
            ...PROMPT_PRESETS.map((value) => ({ value, name: PRESET_NAMES[value] })),
          ]}
          onChange={(templatePreset) => onChange({ ...form, templatePreset })}
        />
      )}
      {form.zeroShotLabel && !form.templatePreset && (
        <label className={styles.templates}>
          One per line; {"{}"} is the label
          <textarea
            className="field"
            rows={3}
            aria-invalid={problem !== null || undefined}
            value={form.templates}
            onChange={(event) => onChange({ ...form, templates: event.target.value })}
          />
          {problem && <span className={styles.problem}>{problem}</span>}
        </label>
      )}
    </>
  );
}
