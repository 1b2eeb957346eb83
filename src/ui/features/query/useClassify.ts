import { useEffect, useRef, useState } from "react";
import { useServices } from "../../../app/services";
import {
  templateChoiceOf,
  templateLines,
  templatesOf,
} from "../../../core/catalogue/promptTemplates";
import { SPLITS, type Item, type Split } from "../../../core/domain/dataset";
import type { Project } from "../../../core/domain/project";
import { DEFAULT_TEMPLATES } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { AppError } from "../../../core/errors";

type Classification = Awaited<ReturnType<ReturnType<typeof useServices>["querying"]["classify"]>>;

/** What was classified, with the words it was asked with. */
export interface Classified extends Classification {
  readonly labels: readonly string[];
  readonly runId: string;
  readonly asked: {
    readonly labels: readonly string[];
    readonly templates: readonly string[];
    readonly truth: string | null;
    readonly splits: readonly Split[];
  };
}

export interface ClassifyForm {
  /** One label per line. */
  readonly labels: string;
  /** One template per line, or the name of a preset. */
  readonly templates: string;
  /** Label column with the truth, or empty. */
  readonly truth: string;
  readonly scope: "test" | "heldOut" | "all";
}

const SCOPES: Readonly<Record<ClassifyForm["scope"], readonly Split[]>> = {
  test: ["test"],
  heldOut: ["validation", "test"],
  all: SPLITS,
};

/** The zero-shot classifier of a run: its form, and what it gave. */
export function useClassify(project: Project, run: Run) {
  const { querying } = useServices();
  const settings = run.recipe.evaluate.zeroShot;
  const columns = project.data?.labelColumns ?? [];
  const [form, setForm] = useState<ClassifyForm>({
    labels: "",
    templates: templateLines(settings?.templates ?? DEFAULT_TEMPLATES),
    truth: columns.find((column) => column === settings?.label) ?? columns[0] ?? "",
    scope: "test",
  });
  const [busy, setBusy] = useState(false);
  /** Prompts encoded so far. */
  const [encoded, setEncoded] = useState(0);
  const running = useRef<AbortController | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [result, setResult] = useState<Classified | null>(null);

  /** Fills the labels with the values of a column. */
  const takeColumn = (column: string) => {
    setForm((before) => ({ ...before, truth: column }));
    if (!column) return;
    querying.labelsOf(project, column).then(
      (labels) => setForm((before) => ({ ...before, labels: labels.join("\n") })),
      (thrown: unknown) => setError(AppError.from(thrown)),
    );
  };
  const [firstColumn] = useState(form.truth);
  useEffect(() => {
    let current = true;
    if (!firstColumn) return;
    querying.labelsOf(project, firstColumn).then(
      (labels) =>
        current &&
        setForm((before) => (before.labels ? before : { ...before, labels: labels.join("\n") })),
      (thrown: unknown) => current && setError(AppError.from(thrown)),
    );
    return () => {
      current = false;
    };
  }, [querying, project, firstColumn]);

  const labels = distinctLines(form.labels);
  const templates = templatesOf(templateChoiceOf(form.templates));
  const problem = problemOf(labels, templates);
  const classify = async () => {
    const stop = new AbortController();
    running.current = stop;
    setBusy(true);
    setEncoded(0);
    setError(null);
    try {
      const truth = form.truth || null;
      const splits = SCOPES[form.scope];
      const report = ({ done }: { readonly done: number }) => setEncoded(done);
      const asked = { labels, templates, truth, splits };
      const options = { ...asked, report, signal: stop.signal };
      const given = await querying.classify(project, run.id, options);
      setResult({ ...given, labels, runId: run.id, asked });
    } catch (thrown) {
      const fault = AppError.from(thrown);
      if (fault.code !== "cancelled") setError(fault);
    } finally {
      setBusy(false);
    }
  };
  return {
    form,
    setForm,
    columns,
    takeColumn,
    labels,
    templates,
    problem,
    busy,
    encoded,
    cancel: () => running.current?.abort(),
    error,
    dismissError: () => setError(null),
    // What another run said is not what this one says.
    result: result?.runId === run.id ? result : null,
    classify,
  };
}

/** Image items by index, read once per classification; undefined while they load. */
export function useImageItems(
  project: Project,
  indices: readonly number[],
): ReadonlyMap<number, Item> {
  const { stores } = useServices();
  const [items, setItems] = useState<ReadonlyMap<number, Item>>(new Map());
  const key = indices.join(" ");
  useEffect(() => {
    let current = true;
    const wanted = key === "" ? [] : key.split(" ").map(Number);
    Promise.all(
      wanted.map(async (index) => {
        const [item] = await stores.datasets.itemRange(project.id, "image", index, index + 1);
        return [index, item] as const;
      }),
    ).then(
      (entries) =>
        current &&
        setItems(new Map(entries.flatMap(([index, item]) => (item ? [[index, item]] : [])))),
      () => current && setItems(new Map()), // the pictures' places stay empty
    );
    return () => {
      current = false;
    };
  }, [stores, project.id, key]);
  return items;
}

function problemOf(labels: readonly string[], templates: readonly string[]): string | null {
  if (labels.length < 2) return "Write at least two labels, one per line.";
  if (templates.length === 0) return "Write at least one template.";
  const broken = templates.find((template) => !template.includes("{}"));
  return broken === undefined ? null : `“${broken}” has no {} for the label.`;
}

/** A list pasted from a sheet or a sentence counts too: `cat, dog` or `cat<tab>dog` on one line. */
function distinctLines(text: string): string[] {
  const rows = text.split(/[\n\t]/);
  const [only = ""] = rows;
  const lines = (rows.length === 1 ? only.split(",") : rows).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}
