import { useEffect, useState } from "react";
import { SPLITS, type Split } from "../../../core/domain/dataset";
import type { GalleryFilter } from "../../../core/domain/query";
import { AppError } from "../../../core/errors";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import styles from "./QueryPanel.module.css";
import search from "../../components/search/Search.module.css";
import type { ProjectItems } from "./useSearch";

interface FilterPanelProps {
  readonly filter: GalleryFilter;
  readonly items: ProjectItems;
  readonly onChange: (filter: GalleryFilter) => void;
}

const SPLIT_NAMES = {
  train: "training",
  validation: "validation",
  test: "test",
} as const satisfies Record<Split, string>;

/** Which part of the gallery is ranked: by split, by the values of label columns, by tag. */
export function FilterPanel({ filter, items, onChange }: FilterPanelProps) {
  const { choices, error } = useFilterChoices(items);
  const { splits, labels = {}, tags = [] } = filter;
  const toggle = (split: Split, on: boolean) =>
    onChange({ ...filter, splits: SPLITS.filter((s) => (s === split ? on : splits.includes(s))) });
  return (
    <div className={`stack panel ${styles.drawer}`} role="group" aria-label="Filter">
      {error && <ErrorNote error={error} />}
      <fieldset className={styles.choices}>
        <legend>Split</legend>
        {SPLITS.map((split) => (
          <label key={split}>
            <input
              type="checkbox"
              checked={splits.includes(split)}
              onChange={({ target }) => toggle(split, target.checked)}
            />
            {SPLIT_NAMES[split]}
          </label>
        ))}
      </fieldset>
      {[...(choices?.labels ?? [])].map(([column, values]) => (
        <ValueChoice
          key={column}
          name={column}
          values={values}
          chosen={labels[column] ?? []}
          onChange={(chosen) => onChange(withLabels(filter, column, chosen))}
        />
      ))}
      {choices && choices.tags.size > 0 && (
        <ValueChoice
          name="Tag"
          values={choices.tags}
          chosen={tags}
          onChange={(chosen) => onChange(withTags(filter, chosen))}
        />
      )}
      {choices?.labels.size === 0 && choices.tags.size === 0 && (
        <p className="quiet">
          This data has no label column, and no pair has a tag: the split is all there is to choose
          by.
        </p>
      )}
      {isFiltered(filter) && (
        <button type="button" className="button" onClick={() => onChange({ splits: SPLITS })}>
          Rank everything
        </button>
      )}
    </div>
  );
}

interface ValueChoiceProps {
  readonly name: string;
  /** With the number of images or pairs of each. */
  readonly values: ReadonlyMap<string, number>;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function ValueChoice({ name, values, chosen, onChange }: ValueChoiceProps) {
  return (
    <div className={styles.choices}>
      <label className={styles.valueChoice}>
        <span dir="auto">{name}</span>
        <select
          className="field"
          value=""
          onChange={({ target }) => onChange([...chosen, target.value])}
        >
          <option value="">{chosen.length === 0 ? "any" : "add another"}</option>
          {[...values]
            .filter(([value]) => !chosen.includes(value))
            .map(([value, count]) => (
              <option key={value} value={value}>
                {value} ({formatCount(count)})
              </option>
            ))}
        </select>
      </label>
      {chosen.map((value) => (
        <button
          key={value}
          type="button"
          className={search.chip}
          aria-label={`No longer only ${name} ${value}`}
          onClick={() => onChange(chosen.filter((other) => other !== value))}
        >
          {value} ×
        </button>
      ))}
    </div>
  );
}

/** Whether a filter leaves anything out. */
export function isFiltered({ splits, labels = {}, tags = [] }: GalleryFilter): boolean {
  const hasLabels = Object.values(labels).some((values) => values.length > 0);
  return splits.length < SPLITS.length || hasLabels || tags.length > 0;
}

/** A filter in words: `test split, category animals or food, tag checked`. */
export function filterWords({ splits, labels = {}, tags = [] }: GalleryFilter): string {
  const parts = [
    splits.length < SPLITS.length
      ? `${splits.map((split) => SPLIT_NAMES[split]).join(" and ") || "no"} split`
      : "",
    ...Object.entries(labels).map(([column, values]) => `${column} ${values.join(" or ")}`),
    tags.length > 0 ? `tag ${tags.join(" or ")}` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

function withLabels(filter: GalleryFilter, column: string, chosen: readonly string[]) {
  const { labels = {}, ...rest } = filter;
  const { [column]: _, ...others } = labels;
  const next = chosen.length > 0 ? { ...others, [column]: chosen } : others;
  return Object.keys(next).length > 0 ? { ...rest, labels: next } : rest;
}

function withTags({ tags: _, ...rest }: GalleryFilter, chosen: readonly string[]): GalleryFilter {
  return chosen.length > 0 ? { ...rest, tags: chosen } : rest;
}

interface FilterChoices {
  readonly labels: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly tags: ReadonlyMap<string, number>;
}

function useFilterChoices({ index, pairs }: ProjectItems) {
  const [choices, setChoices] = useState<FilterChoices>();
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let current = true;
    Promise.all([index, pairs]).then(
      ([{ labels }, { tags }]) => current && setChoices({ labels, tags }),
      (thrown: unknown) => current && setError(AppError.from(thrown)),
    );
    return () => {
      current = false;
    };
  }, [index, pairs]);
  return { choices, error };
}
