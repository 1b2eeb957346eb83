import type { MapSize, MapView } from "./mapView";
import { panBy, toPlane } from "./mapView";
import type { Direction, PointIndex } from "./pointIndex";
import type { MapSelection } from "./useMapSelection";

const PAN_PX = 60;
const ZOOM_STEP = 1.5;

interface MapKeyOptions {
  readonly index: PointIndex;
  readonly selection: MapSelection;
  readonly view: MapView;
  readonly size: MapSize;
  readonly onView: (view: MapView) => void;
  readonly zoomBy: (factor: number) => void;
  readonly fitAll: () => void;
  /** Gives up an outline that is being drawn. */
  readonly cancel: () => void;
  /** Names a point aloud. */
  readonly speak: (point: number) => void;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const PANS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [PAN_PX, 0],
  right: [-PAN_PX, 0],
  up: [0, PAN_PX],
  down: [0, -PAN_PX],
};

/**
 * The keys of the map: arrows go to the nearest point that way, with Shift they move the map; Enter
 * and Space select the point or leave it; plus, minus and 0 zoom; Escape selects nothing.
 */
export function mapKeys(options: MapKeyOptions) {
  const { index, selection, view, size, onView, zoomBy, fitAll, cancel, speak } = options;
  const goTo = (direction: Direction) => {
    const { focus } = selection;
    const middle = toPlane(view, size, size.width / 2, size.height / 2);
    const next =
      focus >= 0
        ? index.towards(focus, direction)
        : index.nearest(middle.x, middle.y, Number.MAX_VALUE);
    if (next < 0) return;
    selection.lookAt(next);
    speak(next);
    const x = index.places[2 * next]!;
    const y = index.places[2 * next + 1]!;
    const isSeen =
      Math.abs(x - view.centreX) * view.scale < size.width / 2 &&
      Math.abs(y - view.centreY) * view.scale < size.height / 2;
    if (!isSeen) onView({ ...view, centreX: x, centreY: y });
  };
  return (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction && event.shiftKey) onView(panBy(view, ...PANS[direction]));
    else if (direction) goTo(direction);
    else if (event.key === "+" || event.key === "=") zoomBy(ZOOM_STEP);
    else if (event.key === "-") zoomBy(1 / ZOOM_STEP);
    else if (event.key === "0") fitAll();
    else if (event.key === "Enter" || event.key === " ") {
      if (selection.focus >= 0) selection.toggle(selection.focus);
    } else if (event.key === "Escape") {
      cancel();
      selection.clear();
    } else return;
    event.preventDefault();
  };
}
