import type { Pair } from "../../core/domain/dataset";
import { describeEdit, withEdit, type Edit, type EditRequest } from "../../core/domain/edit";
import { countInUse } from "../../core/domain/inUse";
import { pairsBefore, planEdit } from "../../core/domain/planEdit";
import type { Project, ProjectData } from "../../core/domain/project";
import { AppError } from "../../core/errors";
import { loadItems } from "../loadItems";
import type { DatasetChange, DatasetContent, DatasetStore, ProjectStore } from "../../core/ports";
import { sha256 } from "../sha256";
import { dataDigest } from "./dataDigest";

interface EditorDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs" | "applyEdit">;
}

/** What became of a request. */
export interface EditOutcome {
  /** `Excluded 3 pairs`; null when nothing had to change. */
  readonly words: string | null;
}

/** The part of `ProjectData` an edit decides; the rest follows from the pairs. */
type Division = Pick<ProjectData, "split" | "edits"> & {
  readonly splitSource: ProjectData["report"]["splitSource"];
};

/**
 * Changes imported data and takes changes back, one at a time. The data it last saw stays in
 * memory, so that a second edit of 100,000 pairs need not read them again.
 */
export class DataEditor {
  readonly #deps: EditorDependencies;
  #seen: { readonly key: string; readonly content: DatasetContent } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: EditorDependencies) {
    this.#deps = deps;
  }

  /**
   * Makes a change that `undo` can take back, in one transaction with the project's record.
   *
   * @throws AppError `data/edit`, `storage/*`; nothing is changed then.
   */
  edit(projectId: string, request: EditRequest): Promise<EditOutcome> {
    return this.#inTurn(async () => {
      const { project, data, content } = await this.#load(projectId);
      const { media, split, report } = data;
      const editable = { content, media, split, splitSource: report.splitSource };
      const plan = await planEdit(request, editable, sha256);
      if (!plan) return { words: null };
      const { edit, change, ...divided } = plan;
      const edits = withEdit(data.edits, edit);
      await this.#commit({ project, data, content }, change, { ...divided, edits });
      return { words: describeEdit(edit) };
    });
  }

  /**
   * Takes the latest change back. Its digest is then what it was before the change.
   *
   * @throws AppError `data/edit` when there is nothing to take back, `storage/*`.
   */
  undo(projectId: string): Promise<EditOutcome> {
    return this.#inTurn(async () => {
      const { project, data, content } = await this.#load(projectId);
      const edit = data.edits.at(-1);
      if (!edit) throw new AppError("data/edit", "there is no change to undo");
      const change = { pairs: pairsBefore(edit, content.pairs), captions: [] };
      const edits = data.edits.slice(0, -1);
      await this.#commit({ project, data, content }, change, {
        ...divisionBefore(edit, data),
        edits,
      });
      return { words: describeEdit(edit) };
    });
  }

  /** Indices of all pairs of the same picture or sound, the given pair among them. */
  async related(projectId: string, pair: number): Promise<number[]> {
    const { data, content } = await this.#load(projectId);
    const item = content.pairs[pair]?.[data.media];
    if (item === undefined) throw new AppError("data/edit", `no pair ${pair}`);
    return content.pairs.flatMap((other, i) => (other[data.media] === item ? i : []));
  }

  async #load(projectId: string) {
    const project = await this.#deps.projects.get(projectId);
    const { data } = project;
    if (!data) throw new AppError("data/edit", "this project has no data");
    const key = keyOf(project, data);
    if (this.#seen?.key !== key) {
      const { datasets } = this.#deps;
      const [items, pairs] = await Promise.all([
        loadItems(datasets, projectId),
        datasets.pairs(projectId),
      ]);
      this.#seen = { key, content: { ...items, pairs } };
    }
    return { project, data, content: this.#seen.content };
  }

  async #commit(
    before: { project: Project; data: ProjectData; content: DatasetContent },
    change: DatasetChange,
    { split, splitSource, edits }: Division,
  ): Promise<void> {
    const { project } = before;
    const content = changed(before.content, change);
    const counts = countInUse(content.pairs);
    const data: ProjectData = {
      ...before.data,
      split,
      edits,
      digest: await dataDigest(content),
      report: { ...before.data.report, ...counts, splitSource },
      excludedPairs: content.pairs.length - counts.pairs,
    };
    const updated = { ...project, data, updatedAt: Date.now() };
    await this.#deps.datasets.applyEdit(updated, change);
    this.#seen = { key: keyOf(updated, data), content };
  }

  /** After every call before it, whether that succeeded or not. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {}); // its caller has the error
    return turn;
  }
}

/** With the time of the last change: undo restores a digest, but not the number of captions. */
function keyOf({ id, updatedAt }: Project, { digest }: ProjectData): string {
  return [id, updatedAt, digest].join("/");
}

function changed(content: DatasetContent, { pairs, captions }: DatasetChange): DatasetContent {
  const next: Pair[] = [...content.pairs];
  for (const [index, pair] of pairs) next[index] = pair;
  return { ...content, pairs: next, text: [...content.text, ...captions] };
}

function divisionBefore(edit: Edit, { split, report }: ProjectData): Omit<Division, "edits"> {
  if (edit.kind !== "resplit") return { split, splitSource: report.splitSource };
  return { split: edit.before.spec, splitSource: edit.before.source };
}
