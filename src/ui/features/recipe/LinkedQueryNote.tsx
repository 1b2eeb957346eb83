import { Link } from "wouter";
import { useLoaded, useServices } from "../../../app/services";
import type { QueryTerm } from "../../../core/domain/query";
import { AppError } from "../../../core/errors";
import { decodeQuery, queryPartOf, type LinkedQuery } from "../../../core/formats/queryLink";
import { ErrorNote } from "../../components/ErrorNote";
import styles from "./RecipePanel.module.css";

/** The query a link carries beside its recipe: what it asks, and the projects it was asked of. */
export function LinkedQueryNote({ location }: { readonly location: string }) {
  const part = queryPartOf(location);
  if (part === undefined) return null;
  const { query, error } = read(part);
  if (!query) return <ErrorNote error={error} />;
  return (
    <section className="stack tight" aria-label="Query in the link">
      <h2>Query</h2>
      <p>
        <span dir="auto">{termsInWords(query.terms)}</span> →{" "}
        {query.target === "image" ? "images" : "captions"}
        <span className="quiet">{settingsInWords(query)}</span>
      </p>
      <Projects query={query} part={part} />
    </section>
  );
}

interface ProjectsProps {
  readonly query: LinkedQuery;
  readonly part: string;
}

/** Projects of this browser with the data that was asked; the recipe makes another. */
function Projects({ query, part }: ProjectsProps) {
  const { stores } = useServices();
  const { value: projects, error } = useLoaded("projects", () => stores.projects.list(), [
    "projects",
  ]);
  if (error) return <ErrorNote error={error} />;
  const same = (projects ?? []).filter(({ data }) => data?.digest === query.data);
  return (
    <p className={styles.start}>
      {same.map(({ id, name }) => (
        <Link key={id} className="button" href={queryPath(id, part)}>
          Ask it in “{name}”
        </Link>
      ))}
      <span className="quiet">
        {same.length > 0
          ? "These projects have the same data; or run the recipe first."
          : "No project of this browser has the data it was asked of. Run the recipe, then open the project: the query is asked there."}
      </span>
    </p>
  );
}

/** Where a project is asked the query of a link. */
export function queryPath(projectId: string, part: string): string {
  return `/p/${projectId}/query/search/${part}`;
}

/** The query part of a location if it can be asked; undefined where there is none or it is broken. */
export function askablePart(location: string): string | undefined {
  const part = queryPartOf(location);
  return part !== undefined && read(part).query ? part : undefined;
}

function read(
  part: string,
):
  | { readonly query: LinkedQuery; readonly error: null }
  | { readonly query: null; readonly error: AppError } {
  try {
    return { query: decodeQuery(part), error: null };
  } catch (thrown) {
    return { query: null, error: AppError.from(thrown) };
  }
}

function termsInWords(terms: readonly QueryTerm[]): string {
  return terms
    .map((term, i) => {
      const size = Math.abs(term.weight);
      const name = term.kind === "words" ? `“${term.text}”` : itemInWords(term.modality);
      const sign = term.weight < 0 ? "− " : i === 0 ? "" : "+ ";
      return `${sign}${size === 1 ? "" : `${size} × `}${name}`;
    })
    .join(" ");
}

function itemInWords(modality: "image" | "text"): string {
  return modality === "image" ? "an image of the data" : "a caption of the data";
}

function settingsInWords({ scores, splits }: LinkedQuery): string {
  return [
    scores.centred && "centred",
    scores.csls && "CSLS",
    splits.length < 3 && `among ${splits.join(" and ")}`,
  ]
    .filter(Boolean)
    .map((words) => ` · ${String(words)}`)
    .join("");
}
