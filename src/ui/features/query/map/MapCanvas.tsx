import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { useServices } from "../../../../app/services";
import { useProject } from "../../../components/projectContext";
import type { ItemCache } from "../../../components/search/itemCache";
import { Captions } from "./captions";
import type { Colouring } from "./colouring";
import { usePoint } from "./itemWords";
import styles from "./Map.module.css";
import { mapKeys } from "./mapKeys";
import { itemOf, type MapModel } from "./mapModel";
import { MapPainter, type MapScene } from "./mapPainter";
import { groupLabels, pointOrder } from "./mapScene";
import { fitView, toScreen, type MapView } from "./mapView";
import { paletteOf } from "./palette";
import type { PointIndex } from "./pointIndex";
import { Thumbnails } from "./thumbnails";
import { useElementSize } from "./useElementSize";
import { useMapGestures, type MapTool } from "./useMapGestures";
import type { MapSelection } from "./useMapSelection";
import { useThemeVersion } from "./useThemeVersion";

interface MapCanvasProps {
  readonly model: MapModel;
  readonly index: PointIndex;
  readonly colouring: Colouring;
  readonly selection: MapSelection;
  readonly tool: MapTool;
  readonly showsItems: boolean;
  readonly cache: ItemCache;
  /** Of what the points are arranged by: another starts with everything in view. */
  readonly arrangement: string;
  /** Shown over the map. */
  readonly children?: ReactNode;
}

const ZOOM_STEP = 1.5;
const MOST_PIXELS_PER_POINT = 2; // of the screen; more cost time and show nothing

/** The map itself: every point, with what is near the pointer or the keyboard named. */
export function MapCanvas(props: MapCanvasProps) {
  const { model, index, colouring, selection, tool, cache, arrangement } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const help = useId();
  const size = useElementSize(frame);
  const fit = useMemo(() => fitView(index.bounds, size), [index, size]);
  const [moved, setMoved] = useState<{ arrangement: string; view: MapView } | null>(null);
  // Moved by hand, the view stays while points move; until then it shows all of them.
  const view = moved?.arrangement === arrangement ? moved.view : fit;
  const onView = (next: MapView) => setMoved({ arrangement, view: next });
  const [spoken, setSpoken] = useState(-1);
  const gestures = useMapGestures(frame, {
    ...{ tool, index, size, fit, view, onView },
    onLook: selection.lookAt,
    onPick(point, adds) {
      selection.lookAt(point);
      if (point < 0) selection.clear();
      else if (adds) selection.toggle(point);
      else selection.choose([point]);
    },
    onSelect: (points, adds) => selection.choose(points, adds ? "add" : "replace"),
  });
  const zoomBy = (factor: number) => {
    const next = { ...view, scale: view.scale * factor };
    onView({ ...next, scale: Math.min(fit.scale * 400, Math.max(fit.scale / 2, next.scale)) });
  };
  const onKeyDown = mapKeys({
    ...{ index, selection, view, size, onView, zoomBy },
    fitAll: () => setMoved(null),
    cancel: gestures.cancel,
    speak: setSpoken,
  });
  usePainting(canvas, { ...props, view, size, zoom: view.scale / fit.scale, ...gestures });
  const words = usePoint(cache, model, selection.focus);
  const spokenWords = usePoint(cache, model, spoken);
  return (
    <div className={styles.mapArea}>
      <div
        ref={frame}
        className={styles.frame}
        role="application"
        aria-label={`Map of ${model.images} images and ${model.points - model.images} texts`}
        aria-describedby={help}
        tabIndex={0}
        data-tool={tool}
        onKeyDown={onKeyDown}
        {...gestures.handlers}
      >
        <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
        {selection.focus >= 0 && words && (
          <Tooltip {...{ model, colouring, index, view, size, point: selection.focus }}>
            {words.words}
          </Tooltip>
        )}
      </div>
      <p id={help} className="visually-hidden">
        Arrow keys go to the nearest point in that direction, Enter selects it, Shift and an arrow
        move the map, plus and minus zoom, 0 shows everything, Escape selects nothing. The table
        below lists the same points.
      </p>
      <p role="status" className="visually-hidden">
        {spoken >= 0 && spokenWords && `${nameOf(model, spoken)}: ${spokenWords.words}`}
      </p>
      {props.children}
      <div className={styles.zoom} role="group" aria-label="Zoom">
        <button type="button" className="button" onClick={() => zoomBy(ZOOM_STEP)}>
          <span aria-hidden="true">+</span>
          <span className="visually-hidden">Zoom in</span>
        </button>
        <button type="button" className="button" onClick={() => zoomBy(1 / ZOOM_STEP)}>
          <span aria-hidden="true">−</span>
          <span className="visually-hidden">Zoom out</span>
        </button>
        <button type="button" className="button" onClick={() => setMoved(null)}>
          Show all
        </button>
      </div>
    </div>
  );
}

interface TooltipProps {
  readonly model: MapModel;
  readonly colouring: Colouring;
  readonly index: PointIndex;
  readonly view: MapView;
  readonly size: { readonly width: number; readonly height: number };
  readonly point: number;
  readonly children: string;
}

function Tooltip({ model, colouring, index, view, size, point, children }: TooltipProps) {
  const { x, y } = toScreen(view, size, index.places[2 * point]!, index.places[2 * point + 1]!);
  if (x < 0 || y < 0 || x > size.width || y > size.height) return null;
  const isLeft = x > size.width / 2;
  const group = colouring.groups[colouring.codes[point] ?? 0]?.name;
  const facts: string[] = [nameOf(model, point), model.splitOf(point)];
  if (colouring.by !== "modality" && colouring.by !== "split") facts.push(group ?? "");
  return (
    <div
      className={styles.tooltip}
      aria-hidden="true"
      style={{
        ...(isLeft ? { right: size.width - x + 14 } : { left: x + 14 }),
        ...(y > size.height / 2 ? { bottom: size.height - y + 10 } : { top: y + 10 }),
      }}
    >
      <span dir="auto">{children}</span>
      <span className="quiet">{facts.filter(Boolean).join(" · ")}</span>
    </div>
  );
}

const nameOf = (model: MapModel, point: number) => itemOf(model, point).modality;

type Painted = MapCanvasProps & Pick<MapScene, "view" | "size" | "zoom" | "outline">;

/** Paints at most once per frame, after what is shown has changed or a picture has arrived. */
function usePainting(canvas: React.RefObject<HTMLCanvasElement | null>, shown: Painted): void {
  const { model, index, colouring, selection, cache, view, size, zoom, outline, showsItems } =
    shown;
  const { stores } = useServices();
  const { project } = useProject();
  const theme = useThemeVersion();
  const [arrivals, setArrivals] = useState(0);
  const [sources, setSources] = useState<Pick<MapScene, "thumbnails" | "captions"> | null>(null);
  useEffect(() => {
    const onArrival = () => setArrivals((n) => n + 1);
    const made = {
      thumbnails: new Thumbnails(
        { datasets: stores.datasets, items: cache },
        project.id,
        onArrival,
      ),
      captions: new Captions(cache, onArrival),
    };
    setSources(made);
    return () => made.thumbnails.close();
  }, [stores, cache, project.id]);
  const order = useMemo(
    () => pointOrder(index.order, colouring, selection),
    [index, colouring, selection],
  );
  const labels = useMemo(() => groupLabels(index.places, colouring), [index, colouring]);
  const painter = useRef<MapPainter | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element || !sources || size.width === 0) return; // not laid out yet: nothing to paint into
    const context = element.getContext("2d");
    if (!context) return;
    const request = requestAnimationFrame(() => {
      painter.current ??= new MapPainter(context);
      const started = performance.now();
      painter.current.paint({
        ...{ model, index, colouring, order, labels, selection, view, size, zoom, outline },
        ...{ showsItems, ...sources },
        palette: paletteOf(element),
        pixelRatio: Math.min(MOST_PIXELS_PER_POINT, devicePixelRatio || 1),
      });
      performance.measure("map frame", { start: started });
    });
    return () => cancelAnimationFrame(request);
  }, [
    canvas,
    model,
    index,
    colouring,
    order,
    labels,
    selection,
    view,
    size,
    zoom,
    outline,
    showsItems,
    sources,
    theme,
    arrivals,
  ]);
}
