import { useState } from "react";
import { useEncoders } from "../../../app/services";
import { SPLITS } from "../../../core/domain/dataset";
import { formatQuery } from "../../../core/domain/parseQuery";
import type { Run } from "../../../core/domain/run";
import type { Progress } from "../../../core/progress";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount, formatDuration } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import { amountOf, STAGE_WORDS } from "../../components/stageWords";
import { Examples, type Example } from "./Examples";
import { Explain, useExplainChoice } from "./explain/Explain";
import { filterWords } from "./FilterPanel";
import { QueryControls } from "./QueryControls";
import search from "../../components/search/Search.module.css";
import { ResultInspector } from "./ResultInspector";
import { Results } from "./Results";
import { SearchBox, type BoxFiles } from "../../components/search/SearchBox";
import { CombineHint } from "../../components/search/CombineHint";
import { TermChips } from "../../components/search/TermChips";
import { termName } from "./queryTerms";
import { TermThumb } from "./TermThumb";
import { useLinkedQuery } from "./useLinkedQuery";
import type { Query } from "./useQuery";
import { useLiveRun, useSpace, type SpaceState } from "./useQueryRun";
import { useSavedQueries } from "./useSavedQueries";
import { useProjectItems, useSearch, type Answer } from "./useSearch";

interface SearchTabProps {
  readonly run: Run;
  /** Kept by the panel, so that a look at another tab loses nothing. */
  readonly query: Query;
}

/** Search in both directions over the space of one run. */
export function SearchTab({ run, query }: SearchTabProps) {
  const { project } = useProject();
  const space = useSpace(project, run);
  const items = useProjectItems(project);
  const isLive = useLiveRun(run.id).points.length > 0;
  const step = space.status?.step;
  const { terms, target, scores, filter } = query;
  const question = { project, runId: run.id, terms, target, scores, filter, step };
  const { answer, preparing, error, dismissError } = useSearch(question, items);
  const saved = useSavedQueries(query, items);
  useLinkedQuery(saved);
  const [selected, select] = useState<Selected | null>(null);
  const subject = subjectOf(terms);
  const isOfThis = selected?.target === answer?.target && selected?.subject === subject;
  const selectedItem = isOfThis ? (selected?.item ?? null) : null;
  const hit = answer?.hits.find(({ item }) => item === selectedItem);
  const canEncodeWords = useCanEncodeWords();
  const explainChoice = useExplainChoice();
  const askExample = ({ index, item, text }: Example) => {
    if (canEncodeWords) type(formatQuery([{ text, weight: 1 }]));
    else query.goesWith({ modality: "text", index, item, name: text });
  };
  const type = (text: string) => query.replace({ text, extras: [], target: "image" });
  return (
    <div className="stack">
      <SearchBox query={query} files={picturesFor(query)} />
      <TermChips query={query} nameOf={termName} thumbOf={(term) => <TermThumb term={term} />}>
        <CombineHint dropped="a picture" />
      </TermChips>
      <QueryControls {...{ query, run, items, saved, step }} />
      {space.error && (
        <ErrorNote error={space.error}>
          <button type="button" className="button" onClick={space.retry}>
            Try again
          </button>
        </ErrorNote>
      )}
      {saved.error && <ErrorNote error={saved.error} onDismiss={saved.dismissError} />}
      {error && <ErrorNote error={error} onDismiss={dismissError} />}
      <p className={search.latency}>
        {latencyOf({ answer, preparing: isLive ? null : preparing }, space.status)}
      </p>
      <p role="status" className="visually-hidden">
        {announcementOf(answer, step === undefined && !space.error)}
      </p>
      {terms.length === 0 && (
        <Examples items={items} canEncodeWords={canEncodeWords} onAsk={askExample} onType={type} />
      )}
      {answer?.gallery === 0 && <NothingLeft query={query} />}
      {answer && answer.gallery > 0 && (
        <Results
          answer={answer}
          items={items}
          selected={selectedItem}
          isLive={isLive}
          onSelect={({ item }) => select({ target: answer.target, item, subject })}
          onClose={() => select(null)}
          onMoreLike={query.moreLike}
          onGoesWith={query.goesWith}
        />
      )}
      {answer && hit && (
        <ResultInspector
          key={`${answer.target}/${hit.item}`}
          {...{ hit, answer, items, query }}
          onClose={() => {
            focusResult(hit.item); // the focus goes back to where it came from
            select(null);
          }}
        >
          {(result) => (
            <Explain runId={run.id} {...{ result, answer, query, items }} choice={explainChoice} />
          )}
        </ResultInspector>
      )}
    </div>
  );
}

const picturesFor = (query: Query): BoxFiles => ({
  accept: "image/*",
  noun: "picture",
  refuse: ({ type }) => (type.startsWith("image/") ? undefined : "not a picture"),
  add: (file) => query.addPicture(file, file.name),
});

/** The item in the inspector. */
interface Selected {
  readonly target: Answer["target"];
  readonly item: number;
  /** What was asked: another question has other results to look at. */
  readonly subject: string;
}

function focusResult(item: number): void {
  document.querySelector<HTMLElement>(`[data-item="${item}"] button`)?.focus();
}

/** What a query is about, whatever its weights: moving one keeps the result that is looked at. */
function subjectOf(terms: Query["terms"]): string {
  return JSON.stringify(terms.map((term) => (term.kind === "words" ? term.text : term.key)));
}

/** The filter leaves nothing: which, and the way out. */
function NothingLeft({ query }: { readonly query: Query }) {
  const what = query.target === "image" ? "image" : "caption";
  return (
    <div className={search.nothing}>
      <p>
        No {what} fulfils the filter: {filterWords(query.filter)}.
      </p>
      <button type="button" className="button" onClick={() => query.setFilter({ splits: SPLITS })}>
        Rank everything
      </button>
    </div>
  );
}

/** False for embeddings that came without a network: then only what was imported can be asked. */
function useCanEncodeWords(): boolean {
  const { project } = useProject();
  const encoder = useEncoders().find(({ id }) => id === project.encoders.text.id);
  return encoder?.origin !== "vectors" || encoder.madeWith !== undefined;
}

interface Answering {
  readonly answer: Answer | null;
  readonly preparing: Progress | null;
}

function latencyOf({ answer, preparing }: Answering, status: SpaceState["status"]): string {
  if (preparing) return `${STAGE_WORDS[preparing.stage]}: ${amountOf(preparing)}`;
  if (!status) return "Projecting the gallery into the shared space…";
  const { image = 0, text = 0 } = status.gallery;
  if (!answer)
    return `${formatCount(image)} images and ${formatCount(text)} captions ready to search`;
  const { encodeMs, rankMs, gallery, step, target } = answer;
  const total = target === "image" ? image : text;
  const ranked =
    gallery < total ? `${formatCount(gallery)} of ${formatCount(total)}` : formatCount(gallery);
  return [
    encodeMs > 0 ? `encoded in ${formatDuration(encodeMs)}` : "already encoded",
    `ranked ${ranked} in ${rankMs < 1 ? "under 1 ms" : formatDuration(rankMs)}`,
    step > 0 ? `step ${formatCount(step)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Speaks of a question once, not of every checkpoint it is answered again with. */
function announcementOf(answer: Answer | null, opening: boolean): string {
  if (opening) return "Projecting the gallery into the shared space.";
  if (!answer) return "";
  const what = answer.target === "image" ? "images" : "captions";
  return `${formatCount(answer.gallery)} ${what} ranked.`;
}
