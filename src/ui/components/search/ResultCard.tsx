import type { ReactNode } from "react";
import { AudioClip } from "../AudioClip";
import { BlobImage } from "../BlobImage";
import { ProjectWindow } from "./ProjectWindow";
import { ResultActions } from "./ResultActions";
import styles from "./Results.module.css";
import { nameOf, useShown, type ItemSource, type Result } from "./shownItems";
import { SplitBadge } from "./SplitBadge";
import type { Placed } from "./VirtualResults";

/** What can be done with a result. */
export interface ResultCommands {
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onMoreLike: (result: Result) => void;
  readonly onGoesWith: (result: Result) => void;
}

interface ResultProps extends ResultCommands {
  readonly placed: Placed;
  readonly items: ItemSource;
}

/** An image found: its picture, rank, score, split and first captions. */
export function ImageResult({ placed, items, ...commands }: ResultProps) {
  const { hit, isTabStop, width, height } = placed;
  const shown = useShown("image", hit, items);
  const name = shown ? nameOf(shown) : `image ${hit.item + 1}`;
  return (
    <>
      <div className={styles.pictureBox} data-selected={commands.isSelected}>
        <button
          type="button"
          className={styles.picture}
          style={{ height }}
          tabIndex={isTabStop ? 0 : -1}
          aria-label={`${hit.rank}. ${name}`}
          aria-pressed={commands.isSelected}
          aria-keyshortcuts="Enter Shift+Enter Space"
          onClick={commands.onSelect}
        >
          {shown && (
            <BlobImage
              projectId={items.projectId}
              digest={shown.item.digest}
              alt=""
              size={Math.round(Math.max(width, height))}
            />
          )}
        </button>
        {shown && (
          <ResultActions
            name={name}
            isTabStop={isTabStop}
            onMoreLike={() => commands.onMoreLike(shown)}
            onGoesWith={() => commands.onGoesWith(shown)}
          />
        )}
      </div>
      <div className={styles.facts}>
        <span>{hit.rank}</span>
        <span className="quiet">{hit.score.toFixed(3)}</span>
        <SplitBadge split={hit.split} />
      </div>
      <p className={`clamp ${styles.caption}`} dir="auto" title={shown && name}>
        {shown && name}
      </p>
    </>
  );
}

/** A caption found: rank, score, its words and split. */
export function TextResult({ placed, items, ...commands }: ResultProps) {
  const shown = useShown("text", placed.hit, items);
  return <ResultLine {...{ placed, shown, commands }} />;
}

/** A sound found: rank, score, first caption and split, with its waveform and a player. */
export function AudioResult({ placed, items, ...commands }: ResultProps) {
  const shown = useShown("audio", placed.hit, items);
  return (
    <ResultLine {...{ placed, shown, commands }}>
      {shown && (
        <AudioClip
          projectId={items.projectId}
          digest={shown.item.digest}
          label={`Play ${nameOf(shown)}`}
        />
      )}
    </ResultLine>
  );
}

/** A window of readings found: rank, score, first caption and split, with its curves. */
export function SensorResult({ placed, items, ...commands }: ResultProps) {
  const shown = useShown("sensor", placed.hit, items);
  return (
    <ResultLine {...{ placed, shown, commands }}>
      {shown && <ProjectWindow projectId={items.projectId} digest={shown.item.digest} />}
    </ResultLine>
  );
}

interface ResultLineProps {
  readonly placed: Placed;
  readonly shown: Result | undefined;
  readonly commands: ResultCommands;
  /** What is seen or heard of it, beside its words. */
  readonly children?: ReactNode;
}

function ResultLine({ placed, shown, commands, children }: ResultLineProps) {
  const { hit, isTabStop, height } = placed;
  const name = shown ? nameOf(shown) : "";
  return (
    <div
      className={styles.line}
      style={{ height }}
      data-selected={commands.isSelected}
      data-media={children !== undefined}
    >
      <span className={styles.rank}>{hit.rank}</span>
      <span className="quiet">{hit.score.toFixed(3)}</span>
      <button
        type="button"
        className={styles.text}
        dir="auto"
        tabIndex={isTabStop ? 0 : -1}
        aria-label={`${hit.rank}. ${name}`}
        aria-pressed={commands.isSelected}
        aria-keyshortcuts="Enter Shift+Enter Space"
        onClick={commands.onSelect}
      >
        <span className="clamp">{name}</span>
      </button>
      {children !== undefined && <span className={styles.media}>{children}</span>}
      <SplitBadge split={hit.split} />
      {shown && (
        <ResultActions
          name={name}
          isTabStop={isTabStop}
          onMoreLike={() => commands.onMoreLike(shown)}
          onGoesWith={() => commands.onGoesWith(shown)}
        />
      )}
    </div>
  );
}
