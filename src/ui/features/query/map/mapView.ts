/** What part of the plane is on screen: screen = (place − centre) · scale + half the size, y upwards. */
export interface MapView {
  readonly centreX: number;
  readonly centreY: number;
  /** Pixels per unit of the plane. */
  readonly scale: number;
}

/** Width and height of the canvas, in the pixels that `MapView.scale` counts. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of the plane. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

const MARGIN = 0.06; // of the smaller side stays free around all points
const MOST_ZOOM = 400; // beyond, float32 places are steps on screen

/** The smallest box that holds all points; a box of size 0 around the origin without any. */
export function boundsOf(places: ArrayLike<number>): Box {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let p = 0; p < places.length; p += 2) {
    left = Math.min(left, places[p]!);
    right = Math.max(right, places[p]!);
    bottom = Math.min(bottom, places[p + 1]!);
    top = Math.max(top, places[p + 1]!);
  }
  return left <= right ? { left, right, bottom, top } : { left: 0, right: 0, bottom: 0, top: 0 };
}

/** The view that shows a whole box. Points that are all equal stand in the middle. */
export function fitView({ left, right, bottom, top }: Box, { width, height }: MapSize): MapView {
  const free = 1 - 2 * MARGIN;
  const scale = Math.min((width * free) / (right - left), (height * free) / (top - bottom));
  return {
    centreX: (left + right) / 2,
    centreY: (bottom + top) / 2,
    scale: Number.isFinite(scale) && scale > 0 ? scale : 1,
  };
}

/** The view after zooming by `factor`, with the place under (x, y) where it was. */
export function zoomAt(
  view: MapView,
  factor: number,
  at: { readonly x: number; readonly y: number; readonly size: MapSize; readonly fit: MapView },
): MapView {
  const { x, y, size, fit } = at;
  const scale = Math.min(fit.scale * MOST_ZOOM, Math.max(fit.scale / 2, view.scale * factor));
  const place = toPlane(view, size, x, y);
  return {
    centreX: place.x - (x - size.width / 2) / scale,
    centreY: place.y + (y - size.height / 2) / scale,
    scale,
  };
}

/** The view after dragging by pixels. */
export function panBy(view: MapView, dx: number, dy: number): MapView {
  return {
    ...view,
    centreX: view.centreX - dx / view.scale,
    centreY: view.centreY + dy / view.scale,
  };
}

/** The place of the plane at a pixel. */
export function toPlane(view: MapView, { width, height }: MapSize, x: number, y: number) {
  return {
    x: view.centreX + (x - width / 2) / view.scale,
    y: view.centreY - (y - height / 2) / view.scale,
  };
}

/** The pixel of a place. */
export function toScreen(view: MapView, { width, height }: MapSize, x: number, y: number) {
  return {
    x: (x - view.centreX) * view.scale + width / 2,
    y: (view.centreY - y) * view.scale + height / 2,
  };
}

/** The box of the plane on screen. */
export function visibleBox(view: MapView, { width, height }: MapSize): Box {
  return {
    left: view.centreX - width / 2 / view.scale,
    right: view.centreX + width / 2 / view.scale,
    bottom: view.centreY - height / 2 / view.scale,
    top: view.centreY + height / 2 / view.scale,
  };
}
