import { useMemo, useState } from "react";
import type { Found } from "../../../../app/explaining";
import type { Query } from "../useQuery";
import { askedTerm, type ShownTerm } from "../queryTerms";
import { nameOf, type Result } from "../../../components/search/shownItems";
import type { Answer, ProjectItems } from "../useSearch";
import styles from "./Explain.module.css";
import { WhereView } from "./WhereView";
import { WhyNot } from "./WhyNot";
import { WordsView } from "./WordsView";

type Section = "where" | "words" | "why";

/** Which explanations are unfolded; they stay so from result to result. */
export function useExplainChoice() {
  const [open, setOpen] = useState<ReadonlySet<Section>>(new Set());
  return useMemo(
    () => ({
      isOpen: (section: Section) => open.has(section),
      toggle: (section: Section, isOpen: boolean) =>
        setOpen((before) => {
          if (before.has(section) === isOpen) return before;
          const after = new Set(before);
          if (isOpen) after.add(section);
          else after.delete(section);
          return after;
        }),
    }),
    [open],
  );
}

interface ExplainProps {
  readonly runId: string;
  readonly result: Result;
  readonly answer: Answer;
  readonly query: Query;
  readonly items: ProjectItems;
  readonly choice: ReturnType<typeof useExplainChoice>;
}

/** Explanations of one result, each worked out only while it is unfolded. */
export function Explain({ runId, result, answer, query, items, choice }: ExplainProps) {
  const { terms: shownTerms, target, scores, step } = answer;
  const terms = useMemo(() => shownTerms.map(askedTerm), [shownTerms]);
  const { digest, text } = result.item;
  const found: Found = {
    ...{ runId, terms, target, digest },
    item: result.index,
    ...(text !== undefined && { text }),
  };
  const where = lookedInto(found, shownTerms);
  const question = `${runId} ${target} ${digest} ${termsKey(shownTerms)}`;
  const hasWords = target === "text" || shownTerms.some(({ kind }) => kind === "words");
  const fold = (section: Section) => ({
    open: choice.isOpen(section),
    onToggle: (event: { readonly currentTarget: HTMLDetailsElement }) =>
      choice.toggle(section, event.currentTarget.open),
  });
  const common = { found, question, step };
  const missed = { runId, terms, target, scores, filter: query.filter };
  return (
    <section className={styles.explain} aria-label="Explanations">
      {where && (
        <details {...fold("where")}>
          <summary>{where.picture ? "Where in your picture" : "Where in the picture"}</summary>
          {choice.isOpen("where") && (
            <WhereView {...common} found={where} name={where.picture ? "" : nameOf(result)} />
          )}
        </details>
      )}
      {hasWords && (
        <details {...fold("words")}>
          <summary>Which words</summary>
          {choice.isOpen("words") && <WordsView {...common} />}
        </details>
      )}
      <details {...fold("why")}>
        <summary>{result.rank === 1 ? "Why not another" : "Why it is not first"}</summary>
        {choice.isOpen("why") && (
          <WhyNot
            {...{ missed, step, items }}
            shown={result.index}
            question={`${question} ${JSON.stringify([scores, query.filter])}`}
            words={wordsOfQuery(shownTerms)}
          />
        )}
      </details>
    </section>
  );
}

/** A picture found, with the query; or the picture asked with, with the caption found. */
function lookedInto(found: Found, shown: readonly ShownTerm[]): Found | null {
  if (found.target === "image") return found;
  const [only] = shown;
  if (shown.length !== 1 || !only) return null;
  const terms = [{ kind: "item", modality: "text", weight: 1, item: found.item } as const];
  if (only.kind === "picture") return { ...found, terms, picture: { image: only.blob } };
  if (only.kind !== "item" || only.modality !== "image") return null;
  return { ...found, terms, picture: { digest: only.item.digest } };
}

/** Names a query: the key of a picture from outside names the picture. */
function termsKey(terms: readonly ShownTerm[]): string {
  return terms
    .map(
      (term) =>
        `${term.weight} ${term.kind === "words" ? `“${term.text}”` : `${term.kind} ${term.key}`}`,
    )
    .join(" ");
}

function wordsOfQuery(terms: readonly ShownTerm[]): string {
  const [first] = terms;
  if (terms.length !== 1 || !first) return "";
  if (first.kind === "words") return first.text;
  return first.kind === "item" && first.modality === "text" ? first.name : "";
}
