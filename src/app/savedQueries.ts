import type { Project } from "../core/domain/project";
import type { SavedQuery } from "../core/domain/query";
import { AppError } from "../core/errors";
import type { ProjectStore } from "../core/ports";

interface SavedQueriesDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  /** Writes fields of a project and tells every screen. */
  readonly update: (projectId: string, change: Partial<Omit<Project, "id">>) => Promise<unknown>;
}

/** As many as a list can be read through; the project's record stays small. */
export const MAX_SAVED_QUERIES = 200;

/** A line of the list. */
export const MAX_QUERY_NAME = 120;

/** The queries kept in a project: saved, renamed, deleted and brought back, one change at a time. */
export class SavedQueries {
  readonly #deps: SavedQueriesDependencies;
  /** Each change reads the list as the one before left it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: SavedQueriesDependencies) {
    this.#deps = deps;
  }

  /**
   * Adds a query at the end of the list.
   *
   * @throws AppError `query/save` without a name or terms, or when there are too many.
   */
  save(projectId: string, query: Omit<SavedQuery, "id">): Promise<SavedQuery> {
    return this.#change(projectId, (list) => {
      if (query.terms.length === 0) throw new AppError("query/save", "there are no terms to keep");
      if (list.length >= MAX_SAVED_QUERIES) {
        throw new AppError("query/save", `delete one of the ${list.length} saved queries first`);
      }
      const saved = { ...query, name: nameOf(query.name), id: crypto.randomUUID() };
      return { list: [...list, saved], result: saved };
    });
  }

  /** @throws AppError `query/save` without a name, or when the query is gone. */
  rename(projectId: string, id: string, name: string): Promise<void> {
    return this.#change(projectId, (list) => {
      if (!list.some((query) => query.id === id)) {
        throw new AppError("query/save", "it was deleted meanwhile; save it again");
      }
      const named = { name: nameOf(name) };
      const next = list.map((query) => (query.id === id ? { ...query, ...named } : query));
      return { list: next, result: undefined };
    });
  }

  /** Deletes a query. @returns what `restore` needs to undo it; undefined when it was gone. */
  remove(projectId: string, id: string): Promise<RemovedQuery | undefined> {
    return this.#change(projectId, (list) => {
      const place = list.findIndex((query) => query.id === id);
      const query = list[place];
      if (!query) return { list, result: undefined };
      return { list: list.filter((other) => other !== query), result: { query, place } };
    });
  }

  /** Puts a deleted query back where it was. */
  restore(projectId: string, { query, place }: RemovedQuery): Promise<void> {
    return this.#change(projectId, (list) => {
      const others = list.filter(({ id }) => id !== query.id);
      return { list: others.toSpliced(place, 0, query), result: undefined };
    });
  }

  #change<T>(
    projectId: string,
    change: (list: readonly SavedQuery[]) => { list: readonly SavedQuery[]; result: T },
  ): Promise<T> {
    const done = this.#last.then(async () => {
      const { savedQueries = [] } = await this.#deps.projects.get(projectId);
      const { list, result } = change(savedQueries);
      if (list !== savedQueries) await this.#deps.update(projectId, { savedQueries: list });
      return result;
    });
    this.#last = done.catch(() => {}); // whoever asked has the error; the next change goes on
    return done;
  }
}

/** A query that was deleted, and where it stood. */
export interface RemovedQuery {
  readonly query: SavedQuery;
  readonly place: number;
}

function nameOf(name: string): string {
  const trimmed = name.trim().slice(0, MAX_QUERY_NAME);
  if (trimmed === "") throw new AppError("query/save", "give it a name");
  return trimmed;
}
