import type { Colouring } from "./colouring";
import type { Captions } from "./captions";
import { Declutter } from "./declutter";
import type { MapModel } from "./mapModel";
import { itemOf } from "./mapModel";
import {
  joinedPairs,
  opacityFor,
  radiusFor,
  splatColours,
  type GroupLabel,
  type PointOrder,
} from "./mapScene";
import { toScreen, visibleBox, type MapSize, type MapView } from "./mapView";
import { colourOf, type Palette } from "./palette";
import type { PlanePoint, PointIndex } from "./pointIndex";
import { pixelOf, splat } from "./splat";
import type { Thumbnails } from "./thumbnails";
import type { MapSelection } from "./useMapSelection";

/** Everything one picture of the map shows. */
export interface MapScene {
  readonly model: MapModel;
  readonly index: PointIndex;
  readonly colouring: Colouring;
  readonly order: PointOrder;
  readonly labels: readonly GroupLabel[];
  readonly selection: MapSelection;
  readonly palette: Palette;
  /** In CSS pixels. */
  readonly view: MapView;
  readonly size: MapSize;
  readonly pixelRatio: number;
  /** How far the view is zoomed in; 1 shows all. */
  readonly zoom: number;
  readonly outline: readonly PlanePoint[];
  readonly thumbnails: Thumbnails;
  readonly captions: Captions;
  readonly showsItems: boolean;
}

const PICTURES_BELOW = 1_500; // images in view; more would only lie over each other
const MOST_PICTURES = 200;
const CAPTIONS_BELOW = 400; // texts in view
const MOST_CAPTIONS = 60;
const CAPTION_LETTERS = 28;

/** Paints maps into a canvas, reusing one raster for the points. */
export class MapPainter {
  readonly #context: CanvasRenderingContext2D;
  #raster: ImageData | undefined;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** Paints one picture; reading pictures and captions that it lacks is asked for, not waited for. */
  paint(scene: MapScene): void {
    const { canvas } = this.#context;
    const { size, pixelRatio } = scene;
    const width = Math.max(1, Math.round(size.width * pixelRatio));
    const height = Math.max(1, Math.round(size.height * pixelRatio));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#points(scene, width, height);
    this.#context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    const inView = scene.index.within(visibleBox(scene.view, size));
    this.#lines(scene, inView);
    if (scene.showsItems) {
      this.#pictures(scene, inView);
      this.#captions(scene, inView);
    }
    this.#groupNames(scene);
    this.#focus(scene);
    this.#outline(scene);
  }

  #points(scene: MapScene, width: number, height: number): void {
    const { palette, colouring, view, pixelRatio, zoom, model } = scene;
    if (this.#raster?.width !== width || this.#raster.height !== height) {
      this.#raster = new ImageData(width, height);
    }
    const pixels = new Int32Array(this.#raster.data.buffer);
    pixels.fill(pixelOf(palette.paper));
    const colours = colouring.groups.map(({ colour }) => pixelOf(colourOf(palette, colour)));
    splat(
      { pixels, width, height },
      {
        places: scene.index.places,
        view: { ...view, scale: view.scale * pixelRatio },
        ...scene.order,
        colours: splatColours(colours, pixelOf(palette.unselected)),
        images: model.images,
        radius: radiusFor(model.points, zoom) * pixelRatio,
        opacity: opacityFor(model.points, scene.selection.points.length > 0),
      },
    );
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.putImageData(this.#raster, 0, 0);
  }

  #lines(scene: MapScene, inView: readonly number[]): void {
    const context = this.#context;
    const pairs = joinedPairs(scene.model, scene.selection, inView);
    if (pairs.length === 0) return;
    context.beginPath();
    for (const pair of pairs) {
      const { image, text } = scene.model.pairs[pair]!;
      const from = this.#at(scene, image);
      const to = this.#at(scene, text);
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.globalAlpha = pairs.length > FEW_LINES ? 0.25 : 0.6;
    context.strokeStyle = scene.palette.quiet;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }

  #pictures(scene: MapScene, inView: readonly number[]): void {
    const { model, thumbnails, selection, palette, colouring, order } = scene;
    const images = inView.filter((point) => point < model.images);
    if (images.length > PICTURES_BELOW || images.length === 0) return;
    const size = images.length <= 60 ? 64 : images.length <= 300 ? 48 : 36;
    const kept = new Declutter(size, MOST_PICTURES);
    const first = images.toSorted((a, b) => Number(selection.has(b)) - Number(selection.has(a)));
    const shown = first.filter((point) => {
      const { x, y } = this.#at(scene, point);
      return kept.keep({ x, y, width: size, height: size });
    });
    thumbnails.want(shown.map((point) => itemOf(model, point).item));
    for (const point of shown) {
      const picture = thumbnails.get(itemOf(model, point).item);
      if (!picture) continue;
      const group = colouring.groups[order.codes[point]!];
      const colour = group ? colourOf(palette, group.colour) : palette.unselected;
      this.#picture(picture, { ...this.#at(scene, point), size, colour, paper: palette.paper });
    }
  }

  #picture(
    picture: ImageBitmap,
    box: {
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly colour: string;
      readonly paper: string;
    },
  ): void {
    const context = this.#context;
    const inner = box.size - 6;
    const scale = Math.min(inner / picture.width, inner / picture.height);
    const width = picture.width * scale;
    const height = picture.height * scale;
    context.fillStyle = box.colour;
    context.fillRect(box.x - width / 2 - 2, box.y - height / 2 - 2, width + 4, height + 4);
    context.fillStyle = box.paper;
    context.fillRect(box.x - width / 2, box.y - height / 2, width, height);
    context.drawImage(picture, box.x - width / 2, box.y - height / 2, width, height);
  }

  #captions(scene: MapScene, inView: readonly number[]): void {
    const { model, captions, palette } = scene;
    const texts = inView.filter((point) => point >= model.images);
    if (texts.length > CAPTIONS_BELOW || texts.length === 0) return;
    captions.want(texts.map((point) => itemOf(model, point).item));
    const kept = new Declutter(80, MOST_CAPTIONS);
    this.#context.font = `12px ${FONT}`;
    for (const point of texts) {
      const words = shortened(captions.get(itemOf(model, point).item));
      if (words === "") continue;
      const { x, y } = this.#at(scene, point);
      const { width } = this.#context.measureText(words);
      if (!kept.keep({ x: x + 8 + width / 2, y, width: width + 8, height: 18 })) continue;
      this.#words(words, { x: x + 8, y, colour: palette.ink, paper: palette.paper });
    }
  }

  #groupNames(scene: MapScene): void {
    const { labels, palette, colouring } = scene;
    const kept = new Declutter(100, colouring.groups.length);
    this.#context.font = `600 13px ${FONT}`;
    for (const { name, group, x, y } of labels) {
      const at = toScreen(scene.view, scene.size, x, y);
      const words = shortened(name);
      const { width } = this.#context.measureText(words);
      if (!kept.keep({ ...at, width: width + 8, height: 20 })) continue;
      const colour = colouring.groups[group]?.colour;
      const isKnown = colour !== undefined && scene.selection.points.length === 0;
      this.#words(words, {
        x: at.x - width / 2,
        y: at.y,
        colour: isKnown ? palette.ink : palette.quiet,
        paper: palette.paper,
      });
    }
  }

  #words(
    words: string,
    at: {
      readonly x: number;
      readonly y: number;
      readonly colour: string;
      readonly paper: string;
    },
  ): void {
    const context = this.#context;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = at.paper;
    context.strokeText(words, at.x, at.y);
    context.fillStyle = at.colour;
    context.fillText(words, at.x, at.y);
  }

  #focus(scene: MapScene): void {
    const { focus } = scene.selection;
    if (focus < 0) return;
    const context = this.#context;
    const { x, y } = this.#at(scene, focus);
    const half = radiusFor(scene.model.points, scene.zoom) + 4;
    context.beginPath();
    if (focus < scene.model.images) context.rect(x - half, y - half, 2 * half, 2 * half);
    else context.arc(x, y, half, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = scene.palette.ink;
    context.stroke();
  }

  #outline(scene: MapScene): void {
    const { outline, palette } = scene;
    if (outline.length < 2) return;
    const context = this.#context;
    context.beginPath();
    for (const corner of outline) {
      const { x, y } = toScreen(scene.view, scene.size, corner.x, corner.y);
      context.lineTo(x, y);
    }
    context.closePath();
    context.globalAlpha = 0.12;
    context.fillStyle = palette.link;
    context.fill("evenodd");
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.strokeStyle = palette.link;
    context.stroke();
  }

  #at({ index, view, size }: MapScene, point: number) {
    return toScreen(view, size, index.places[2 * point]!, index.places[2 * point + 1]!);
  }
}

const FEW_LINES = 200;
const FONT = '"Inter Variable", system-ui, sans-serif';

const shortened = (words: string) =>
  words.length <= CAPTION_LETTERS ? words : `${words.slice(0, CAPTION_LETTERS - 1).trimEnd()}…`;
