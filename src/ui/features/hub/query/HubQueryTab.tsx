import { useMemo, useState } from "react";
import { isActive } from "../../../../app/jobs";
import { useServices } from "../../../../app/services";
import { SPLITS } from "../../../../core/domain/dataset";
import type { WholeHub } from "../../../../core/domain/hub";
import type { HubHit, HubStatus } from "../../../../core/domain/hubQuery";
import type { Progress } from "../../../../core/progress";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatCount, formatDuration } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { CombineHint } from "../../../components/search/CombineHint";
import search from "../../../components/search/Search.module.css";
import { SearchBox, type BoxFiles } from "../../../components/search/SearchBox";
import { TermChips } from "../../../components/search/TermChips";
import { amountOf, STAGE_WORDS } from "../../../components/stageWords";
import { acceptOf, memberForFile, modalityOfFile } from "./droppedModality";
import { HubControls } from "./HubControls";
import { HubExamples } from "./HubExamples";
import { HubInspector } from "./HubInspector";
import { HubItems } from "./hubItems";
import styles from "./HubQuery.module.css";
import { HubResults, keyOfHit } from "./HubResults";
import { hubTermName } from "./hubTerms";
import { HubTermThumb } from "./HubTermThumb";
import { itemsOf } from "./memberWords";
import { PathLines } from "./PathLines";
import { ReaderChoice } from "./ReaderChoice";
import type { Readers } from "./readers";
import { RecorderPanel } from "./RecorderPanel";
import { useHubGallery } from "./useHubGallery";
import { useHubQuery, type HubQuery } from "./useHubQuery";
import { useHubSearch, type HubAnswer } from "./useHubSearch";
import { useReaders } from "./useReaders";
import { useRecorder } from "./useRecorder";
import { useToldApart } from "./useToldApart";

/** Asks across every member of a hub: words, pictures, sounds, windows, and sums of them. */
export function HubQueryTab({ hub, members: all }: WholeHub) {
  const { stores } = useServices();
  const members = useToldApart(all);
  const items = useMemo(() => new HubItems(stores.datasets), [stores]);
  const reading = useReaders({ hub, members });
  const { readers } = reading;
  const query = useHubQuery(members, readers);
  const gallery = useHubGallery({ hub, members });
  const { answer, preparing, error, dismissError } = useHubSearch({ hub, members }, query, {
    items,
    step: gallery.step,
  });
  const listener = readers.get("audio");
  const recorder = useRecorder(({ blob, durationMs }) => {
    if (listener) query.askRecording(listener, blob, `Recording, ${formatDuration(durationMs)}`);
  });
  const [selected, select] = useState<string | null>(null);
  const hit = answer?.hits.find((found) => keyOfHit(found) === selected);
  const isBusy = recorder.state.status !== "idle" && recorder.state.status !== "failed";
  return (
    <div className={styles.query}>
      <SearchBox query={query} files={filesFor(query, readers)}>
        {listener && !isBusy && (
          <button type="button" className="button" onClick={() => void recorder.start()}>
            Record
          </button>
        )}
      </SearchBox>
      <ReaderChoice members={members} readers={readers} onChoose={reading.choose} />
      {reading.error && <ErrorNote error={reading.error} onDismiss={reading.dismissError} />}
      <RecorderPanel recorder={recorder} />
      <TermChips
        query={query}
        nameOf={hubTermName}
        thumbOf={(term) => <HubTermThumb term={term} members={members} />}
      >
        <CombineHint dropped={droppedWords(members)} />
      </TermChips>
      <HubControls query={query} members={members} gallery={gallery.status?.gallery ?? null} />
      <JobStatus job={gallery.job} label="Projecting the gallery" onStop={gallery.stop} />
      {!gallery.status && !isActive(gallery.job) && gallery.job.status !== "idle" && (
        <div>
          <button type="button" className="button" onClick={gallery.retry}>
            Try again
          </button>
        </div>
      )}
      <Absent absent={gallery.status?.absent ?? []} members={members} />
      {error && <ErrorNote error={error} onDismiss={dismissError} />}
      <p className={search.latency}>{latencyOf({ answer, preparing }, gallery.status, members)}</p>
      <p role="status" className="visually-hidden">
        {answer ? `${formatCount(answer.gallery)} ${itemsOf(answer.target, members)} ranked.` : ""}
      </p>
      {answer && <PathLines hub={hub} members={members} answer={answer} />}
      {query.terms.length === 0 && (
        <HubExamples
          {...{ members, items, query }}
          onRecord={listener && !isBusy ? () => void recorder.start() : undefined}
        />
      )}
      {answer?.gallery === 0 && <NothingLeft query={query} answer={answer} members={members} />}
      {answer && answer.gallery > 0 && (
        <HubResults
          {...{ answer, items, members, query }}
          selected={selected}
          onSelect={(found) => select(keyOfHit(found))}
          onClose={() => select(null)}
        />
      )}
      {answer && hit && (
        <HubInspector
          key={keyOfHit(hit)}
          {...{ hit, answer, items, members, query }}
          onClose={() => {
            focusResult(hit); // the focus goes back to where it came from
            select(null);
          }}
        />
      )}
    </div>
  );
}

function filesFor(query: HubQuery, readers: Readers): BoxFiles {
  return {
    accept: acceptOf(readers),
    noun: "file",
    refuse: (file) => {
      if (memberForFile(file, readers)) return undefined;
      return modalityOfFile(file) ? "of a modality this hub has no member of" : "of no known kind";
    },
    add: (file) => {
      const member = memberForFile(file, readers);
      if (member) query.addFile(member, file, file.name);
    },
  };
}

const DROPPED = { image: "a picture", audio: "a sound", sensor: "a window", text: "" } as const;

function droppedWords(members: WholeHub["members"]): string {
  const words = [...new Set(members.flatMap(({ modality }) => DROPPED[modality] || []))];
  return words.length > 1
    ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`
    : (words[0] ?? "a file");
}

interface AbsentProps {
  readonly absent: HubStatus["absent"];
  readonly members: WholeHub["members"];
}

/** Members that can be asked with but have no items to find, and why. */
function Absent({ absent, members }: AbsentProps) {
  if (absent.length === 0) return null;
  return (
    <ul className={styles.absent}>
      {absent.map(({ memberId, reason }) => (
        <li key={memberId}>
          {members.find(({ id }) => id === memberId)?.name ?? "A member"} has no items to find:{" "}
          {reason}
        </li>
      ))}
    </ul>
  );
}

interface NothingLeftProps {
  readonly query: HubQuery;
  readonly answer: HubAnswer;
  readonly members: WholeHub["members"];
}

function NothingLeft({ query, answer, members }: NothingLeftProps) {
  const what = itemsOf(answer.target, members);
  const isFiltered = query.splits.length < SPLITS.length;
  return (
    <div className={search.nothing}>
      <p>
        {isFiltered
          ? `No ${what} are in the ${query.splits.join(" or ")} split.`
          : `This hub has no ${what} to find.`}
      </p>
      {isFiltered && (
        <button type="button" className="button" onClick={() => query.setSplits(SPLITS)}>
          Rank everything
        </button>
      )}
    </div>
  );
}

function focusResult(hit: HubHit): void {
  document.querySelector<HTMLElement>(`[data-item="${keyOfHit(hit)}"] button`)?.focus();
}

interface Answering {
  readonly answer: HubAnswer | null;
  readonly preparing: Progress | null;
}

function latencyOf(
  { answer, preparing }: Answering,
  status: HubStatus | undefined,
  members: WholeHub["members"],
): string {
  if (preparing) return `${STAGE_WORDS[preparing.stage]}: ${amountOf(preparing)}`;
  if (!status) return "";
  if (!answer) {
    const counts = members.map(
      (m) => `${formatCount(status.gallery[m.id] ?? 0)} ${itemsOf(m, members)}`,
    );
    return `${counts.join(", ")} ready to search`;
  }
  const { encodeMs, rankMs, gallery } = answer;
  return [
    encodeMs > 0 ? `encoded in ${formatDuration(encodeMs)}` : "already encoded",
    `ranked ${formatCount(gallery)} in ${rankMs < 1 ? "under 1 ms" : formatDuration(rankMs)}`,
  ].join(" · ");
}
