import { useCallback } from "react";
import { formatCount } from "../../components/formatting";
import { justifyRows, listRows, type Row } from "../../components/search/justifyRows";
import type { PickedItem } from "./useQuery";
import { ImageResult, TextResult } from "../../components/search/ResultCard";
import { nameOf, readItem, type Hit, type Result } from "../../components/search/shownItems";
import type { Answer, ProjectItems } from "./useSearch";
import { VirtualResults } from "../../components/search/VirtualResults";

interface ResultsProps {
  readonly answer: Answer;
  readonly items: ProjectItems;
  /** Item in the inspector, by its index. */
  readonly selected: number | null;
  readonly isLive: boolean;
  readonly onSelect: (hit: Hit) => void;
  /** Closes the inspector, if it is open. */
  readonly onClose: () => void;
  readonly onMoreLike: (picked: PickedItem) => void;
  readonly onGoesWith: (picked: PickedItem) => void;
}

const GAP = 8;
const PICTURE_HEIGHT = { wide: 132, narrow: 104 } as const; // three squares beside each other on a phone
const NARROW = 480;
const CAPTION_HEIGHT = 62; // facts and two lines
const LINE_HEIGHT = 52; // two lines of a caption

/** What was found, in rank order: pictures in rows of one height, captions in lines. */
export function Results(props: ResultsProps) {
  const { answer, items, selected, isLive, onSelect } = props;
  const { hits, target, gallery, index } = answer;
  const isImage = target === "image";
  const layout = useCallback(
    (width: number): readonly Row[] => {
      if (!isImage) return listRows(hits.length, width, LINE_HEIGHT);
      const height = width < NARROW ? PICTURE_HEIGHT.narrow : PICTURE_HEIGHT.wide;
      const ratios = hits.map(({ item }) => index.ratioOf(item));
      return justifyRows(ratios, { width, height, gap: GAP });
    },
    [hits, index, isImage],
  );
  const picked = async ({ item: place }: Hit, take: (picked: PickedItem) => void) => {
    const shown = await readItem(items, target, place);
    if (shown) take({ modality: target, index: place, item: shown.item, name: nameOf(shown) });
  };
  const take = (result: Result): PickedItem => ({
    modality: target,
    index: result.index,
    item: result.item,
    name: nameOf(result),
  });
  const Card = isImage ? ImageResult : TextResult;
  return (
    <>
      <VirtualResults
        key={target}
        label={isImage ? "Images found" : "Captions found"}
        hits={hits}
        layout={layout}
        gap={isImage ? GAP : 0}
        footer={isImage ? CAPTION_HEIGHT : 0}
        isLive={isLive}
        onFocusHit={(hit) => selected !== null && onSelect(hit)}
        onKey={(event, hit) => {
          if (event.key === "Escape") props.onClose();
          if (event.key !== "Enter" || !isResultButton(event.target)) return;
          event.preventDefault(); // Space shows it; Enter goes on from it
          void picked(hit, event.shiftKey ? props.onGoesWith : props.onMoreLike);
        }}
      >
        {(placed) => (
          <Card
            placed={placed}
            items={items}
            isSelected={placed.hit.item === selected}
            onSelect={() => onSelect(placed.hit)}
            onMoreLike={(result) => props.onMoreLike(take(result))}
            onGoesWith={(result) => props.onGoesWith(take(result))}
          />
        )}
      </VirtualResults>
      {hits.length < gallery && (
        <p className="quiet">
          The first {formatCount(hits.length)} of {formatCount(gallery)} ranks; a filter narrows
          them down.
        </p>
      )}
    </>
  );
}

function isResultButton(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.hasAttribute("aria-pressed");
}
