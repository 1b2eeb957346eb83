import type { ColumnMapping, ImportSource, Inspection, SplitSpec } from "../core/domain/dataset";
import type { ImportSettings } from "../core/domain/importFormat";

/** Files that were recognised but not imported yet, with what the visitor chose for them. */
export interface Draft {
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  readonly inspection: Inspection;
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
}

/** One draft per project, outside React: leaving the Data screen must not lose a drop. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #listeners = new Set<() => void>();

  readonly get = (projectId: string): Draft | null => this.#drafts.get(projectId) ?? null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(projectId: string, draft: Draft | null): void {
    if (draft) this.#drafts.set(projectId, draft);
    else this.#drafts.delete(projectId);
    for (const listener of this.#listeners) listener();
  }
}
