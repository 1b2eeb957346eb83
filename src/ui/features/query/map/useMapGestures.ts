import { useEffect, useRef, useState, type RefObject } from "react";
import { panBy, toPlane, zoomAt, type MapSize, type MapView } from "./mapView";
import type { PlanePoint, PointIndex } from "./pointIndex";

/** What dragging over the map does. */
export type MapTool = "move" | "lasso" | "rectangle";

const CLICK_PX = 4; // less movement than this is a click
const NEAR_PX = 14; // a point this far from the pointer is meant
const LASSO_STEP_PX = 3;

interface GestureOptions {
  readonly tool: MapTool;
  readonly index: PointIndex | null;
  readonly size: MapSize;
  readonly fit: MapView;
  readonly view: MapView;
  readonly onView: (view: MapView) => void;
  readonly onLook: (point: number) => void;
  /** A click on a point, or on none (-1). */
  readonly onPick: (point: number, adds: boolean) => void;
  readonly onSelect: (points: readonly number[], adds: boolean) => void;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

interface Drag {
  readonly kind: MapTool;
  readonly start: Pixel;
  readonly last: Pixel;
  readonly hasMoved: boolean;
}

/**
 * Wheel and pinch zoom; a drag moves, draws a lasso or a rectangle; with Shift held every drag draws
 * a lasso. A rectangle can also be two clicks. Shift, Control or Command add to what is selected.
 *
 * @returns handlers for the canvas, and the outline being drawn, in the plane.
 */
export function useMapGestures(canvas: RefObject<HTMLElement | null>, options: GestureOptions) {
  const now = useRef(options);
  useEffect(() => {
    now.current = options;
  });
  const pointers = useRef(new Map<number, Pixel>());
  const drag = useRef<Drag | null>(null);
  const corner = useRef<PlanePoint | null>(null);
  const [outline, setOutline] = useState<readonly PlanePoint[]>([]);
  const drawn = useRef<readonly PlanePoint[]>([]); // what the next event goes on from
  const draw = (next: readonly PlanePoint[]) => {
    drawn.current = next;
    setOutline(next);
  };
  useWheel(canvas, now);

  const plane = ({ x, y }: Pixel) => toPlane(now.current.view, now.current.size, x, y);
  const pointAt = (at: Pixel) => {
    const { index, view } = now.current;
    const { x, y } = plane(at);
    return index?.nearest(x, y, NEAR_PX / view.scale) ?? -1;
  };
  const cancel = () => {
    drag.current = null;
    corner.current = null;
    draw([]);
  };

  const finish = (held: Drag, at: Pixel, adds: boolean) => {
    const { index, onSelect, onPick } = now.current;
    if (held.kind === "rectangle" && (held.hasMoved || corner.current)) {
      const box = rectangle(corner.current ?? plane(held.start), plane(at));
      cancel();
      onSelect(index?.inside(box) ?? [], adds);
    } else if (held.kind === "rectangle") {
      corner.current = plane(at);
    } else if (held.kind === "lasso" && held.hasMoved) {
      const points = index?.inside(drawn.current) ?? [];
      cancel();
      onSelect(points, adds);
    } else if (!held.hasMoved) {
      onPick(pointAt(at), adds);
    }
  };

  const dragTo = (held: Drag, at: Pixel) => {
    const hasMoved = held.hasMoved || distance(held.start, at) >= CLICK_PX;
    if (held.kind === "move") {
      if (hasMoved)
        now.current.onView(panBy(now.current.view, at.x - held.last.x, at.y - held.last.y));
      drag.current = { ...held, hasMoved, last: hasMoved ? at : held.last };
    } else if (held.kind === "rectangle") {
      if (hasMoved) draw(rectangle(corner.current ?? plane(held.start), plane(at)));
      drag.current = { ...held, hasMoved };
    } else if (distance(held.last, at) >= LASSO_STEP_PX) {
      const before = drawn.current.length > 0 ? drawn.current : [plane(held.start)];
      draw([...before, plane(at)]);
      drag.current = { ...held, hasMoved, last: at };
    }
  };

  return {
    outline,
    cancel,
    handlers: {
      onPointerDown(event: React.PointerEvent) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = pixelOf(event);
        pointers.current.set(event.pointerId, at);
        if (pointers.current.size > 1) {
          cancel(); // a second finger: what began was a pinch
          return;
        }
        const { tool } = now.current;
        const kind = event.shiftKey && tool === "move" ? "lasso" : tool;
        drag.current = { kind, start: at, last: at, hasMoved: false };
      },
      onPointerMove(event: React.PointerEvent) {
        const at = pixelOf(event);
        const before = pointers.current.get(event.pointerId);
        if (before && pointers.current.size === 2)
          pinch(pointers.current, event.pointerId, at, now.current);
        else if (before && drag.current) dragTo(drag.current, at);
        else if (!before) {
          if (corner.current) draw(rectangle(corner.current, plane(at)));
          now.current.onLook(pointAt(at));
        }
        if (before) pointers.current.set(event.pointerId, at);
      },
      onPointerUp(event: React.PointerEvent) {
        const held = drag.current;
        pointers.current.delete(event.pointerId);
        drag.current = null;
        const adds = event.shiftKey || event.ctrlKey || event.metaKey;
        if (held) finish(held, pixelOf(event), adds);
      },
      onPointerCancel(event: React.PointerEvent) {
        pointers.current.delete(event.pointerId);
        cancel();
      },
      onPointerLeave(event: React.PointerEvent) {
        if (event.pointerType === "mouse" && !drag.current) now.current.onLook(-1);
      },
    },
  };
}

/** React's wheel listeners are passive, and the page would scroll as well. */
function useWheel(canvas: RefObject<HTMLElement | null>, now: RefObject<GestureOptions>): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const { view, size, fit, onView } = now.current;
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-event.deltaY * lines * 0.0015);
      onView(zoomAt(view, factor, { x: event.clientX - left, y: event.clientY - top, size, fit }));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [canvas, now]);
}

function pinch(
  pointers: ReadonlyMap<number, Pixel>,
  moved: number,
  at: Pixel,
  { view, size, fit, onView }: GestureOptions,
): void {
  const [a, b] = [...pointers].map(([id, pixel]) => ({ id, pixel }));
  if (!a || !b) return;
  const other = a.id === moved ? b.pixel : a.pixel;
  const before = a.id === moved ? a.pixel : b.pixel;
  const factor = distance(other, at) / Math.max(1, distance(other, before));
  const middle = { x: (other.x + at.x) / 2, y: (other.y + at.y) / 2 };
  const panned = panBy(view, (at.x - before.x) / 2, (at.y - before.y) / 2);
  onView(zoomAt(panned, factor, { ...middle, size, fit }));
}

function rectangle(a: PlanePoint, b: PlanePoint): PlanePoint[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

function pixelOf(event: React.PointerEvent): Pixel {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

const distance = (a: Pixel, b: Pixel) => Math.hypot(a.x - b.x, a.y - b.y);
