import { problemOf, type SettingsProps } from "./formIssue";
import type { StructureForm } from "./alignForm";
import { SelectRow, TextRow } from "./FormRow";

const TEXTS = [
  {
    key: "weight",
    name: "Weight",
    explanation: "λ: how much keeping the neighbourhoods counts beside the loss, after the ramp.",
  },
  {
    key: "temperature",
    name: "Temperature",
    explanation:
      "Softness of the neighbourhoods. If the self-probability of a run is near 1, raise it: each item then only sees itself.",
  },
  {
    key: "levels",
    name: "Levels",
    explanation:
      "Compares neighbours, and neighbours of neighbours up to this many steps (1 to 3).",
  },
  {
    key: "ramp",
    name: "Ramp",
    explanation: "Share of the steps, from 0 to 1, over which the weight grows from nothing.",
  },
] as const satisfies readonly { key: keyof StructureForm; name: string; explanation: string }[];

/** The STRUCTURE regulariser: off, or its settings. */
export function StructureSettings({ form, issue, onChange }: SettingsProps) {
  const { structure } = form;
  const set = (change: Partial<StructureForm>) =>
    onChange({ ...form, structure: { ...structure, ...change } });
  return (
    <>
      <SelectRow
        field={{
          name: "STRUCTURE",
          explanation:
            "Keeps who is near whom: the neighbourhoods of the frozen embeddings are held in the shared space (Gröger et al., NeurIPS 2025). Helps most with few pairs.",
        }}
        problem={problemOf(issue, "structure")}
        value={structure.on ? "on" : "off"}
        options={[
          { value: "off", name: "off" },
          { value: "on", name: "on" },
        ]}
        onChange={(value) => set({ on: value === "on" })}
      />
      {structure.on && (
        <>
          {TEXTS.map(({ key, ...field }) => (
            <TextRow
              key={key}
              field={field}
              problem={problemOf(issue, `structure.${key}`)}
              value={structure[key]}
              onChange={(value) => set({ [key]: value })}
            />
          ))}
          <SelectRow
            field={{
              name: "Divergence",
              explanation:
                "How two neighbourhoods are compared. “As published” is what the paper's code computes, which its weight of 10 is tuned for; Jensen-Shannon is what the paper writes.",
            }}
            problem={problemOf(issue, "structure.divergence")}
            value={structure.divergence}
            options={[
              { value: "code", name: "as published" },
              { value: "jensen-shannon", name: "Jensen-Shannon" },
            ]}
            onChange={(divergence) => set({ divergence })}
          />
        </>
      )}
    </>
  );
}
