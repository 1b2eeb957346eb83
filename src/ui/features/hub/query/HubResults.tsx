import { useCallback } from "react";
import type { HubMember } from "../../../../core/domain/hub";
import type { HubHit } from "../../../../core/domain/hubQuery";
import type { Modality } from "../../../../core/domain/modality";
import { formatCount } from "../../../components/formatting";
import { justifyRows, listRows, type Row } from "../../../components/search/justifyRows";
import {
  AudioResult,
  ImageResult,
  SensorResult,
  TextResult,
  type ResultCommands,
} from "../../../components/search/ResultCard";
import { nameOf, readItem, type Result } from "../../../components/search/shownItems";
import { VirtualResults, type Placed } from "../../../components/search/VirtualResults";
import type { HubItems } from "./hubItems";
import { labelOf } from "./memberWords";
import type { HubQuery, PickedHubItem } from "./useHubQuery";
import type { HubAnswer } from "./useHubSearch";

interface HubResultsProps {
  readonly answer: HubAnswer;
  readonly items: HubItems;
  readonly members: readonly HubMember[];
  readonly query: HubQuery;
  /** Key of the item in the inspector. */
  readonly selected: string | null;
  readonly onSelect: (hit: HubHit) => void;
  /** Closes the inspector, if it is open. */
  readonly onClose: () => void;
}

const GAP = 8;
const PICTURE_HEIGHT = { wide: 132, narrow: 104 } as const; // three squares beside each other on a phone
const NARROW = 480;
const CAPTION_HEIGHT = 62; // facts and two lines
const LINE_HEIGHTS = { text: 52, audio: 92, sensor: 104, image: 0 } as const;
const STACKED_HEIGHT = 132; // words above a player or curves
const STACKED = 640;

/** Names an item of a gallery that has items of several projects. */
export const keyOfHit = ({ projectId, item }: HubHit): string => `${projectId}/${item}`;

/** What was found, in rank order: pictures in rows, captions, sounds and windows in lines. */
export function HubResults(props: HubResultsProps) {
  const { answer, items, members, query, selected, onSelect } = props;
  const { hits, target, gallery, ratioOf } = answer;
  const { modality } = target;
  const isImage = modality === "image";
  const layout = useCallback(
    (width: number): readonly Row[] => {
      if (!isImage) return listRows(hits.length, width, lineHeight(modality, width));
      const height = width < NARROW ? PICTURE_HEIGHT.narrow : PICTURE_HEIGHT.wide;
      return justifyRows(hits.map(ratioOf), { width, height, gap: GAP });
    },
    [hits, ratioOf, isImage, modality],
  );
  const pick = async (hit: HubHit, take: (picked: PickedHubItem) => void) => {
    const shown = await readItem(items.of(hit.projectId), modality, hit.item);
    if (shown) take(pickedItem(target, hit, shown));
  };
  return (
    <>
      <VirtualResults
        key={target.id}
        label={`${labelOf(target, members)} found`}
        hits={hits}
        keyOf={keyOfHit}
        layout={layout}
        gap={isImage ? GAP : 0}
        footer={isImage ? CAPTION_HEIGHT : 0}
        isLive={false}
        onFocusHit={(hit) => selected !== null && onSelect(hit)}
        onKey={(event, hit) => {
          if (event.key === "Escape") props.onClose();
          if (event.key !== "Enter" || !isResultButton(event.target)) return;
          event.preventDefault(); // Space shows it; Enter goes on from it
          void pick(hit, event.shiftKey ? query.goesWith : query.moreLike);
        }}
      >
        {(placed) => (
          <Card
            modality={modality}
            placed={placed}
            items={items}
            isSelected={keyOfHit(placed.hit) === selected}
            onSelect={() => onSelect(placed.hit)}
            onMoreLike={(result) => query.moreLike(pickedItem(target, placed.hit, result))}
            onGoesWith={(result) => query.goesWith(pickedItem(target, placed.hit, result))}
          />
        )}
      </VirtualResults>
      {hits.length < gallery && (
        <p className="quiet">
          The first {formatCount(hits.length)} of {formatCount(gallery)} ranks.
        </p>
      )}
    </>
  );
}

/** An item found as a query takes it. */
export function pickedItem(
  { id: memberId }: HubMember,
  { projectId, item }: HubHit,
  shown: Pick<Result, "item" | "captions">,
): PickedHubItem {
  return { memberId, projectId, item, shown: shown.item, name: nameOf(shown) };
}

interface CardProps extends ResultCommands {
  readonly modality: Modality;
  readonly placed: Placed<HubHit>;
  readonly items: HubItems;
}

function Card({ modality, placed, items, ...commands }: CardProps) {
  const source = items.of(placed.hit.projectId);
  switch (modality) {
    case "image":
      return <ImageResult placed={placed} items={source} {...commands} />;
    case "text":
      return <TextResult placed={placed} items={source} {...commands} />;
    case "audio":
      return <AudioResult placed={placed} items={source} {...commands} />;
    case "sensor":
      return <SensorResult placed={placed} items={source} {...commands} />;
  }
}

function lineHeight(modality: Modality, width: number): number {
  const isMedia = modality === "audio" || modality === "sensor";
  return isMedia && width < STACKED ? STACKED_HEIGHT : LINE_HEIGHTS[modality];
}

function isResultButton(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.hasAttribute("aria-pressed");
}
