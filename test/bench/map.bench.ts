import { UMAP } from "umap-js";
import type { Split } from "../../src/core/domain/dataset";
import { matrix, row, type Matrix } from "../../src/core/math/matrix";
import { rng } from "../../src/core/math/rng";
import { layOut } from "../../src/engine/map/layOut";
import { SpaceMapper, type MapSpace } from "../../src/engine/map/mapSpace";
import { boundsOf, fitView, zoomAt } from "../../src/ui/features/query/map/mapView";
import { radiusFor } from "../../src/ui/features/query/map/mapScene";
import { PointIndex } from "../../src/ui/features/query/map/pointIndex";
import { splat } from "../../src/ui/features/query/map/splat";

const WIDTH = 512;
const CLUSTERS = 200;
const FRAMES = 40;
const SCREEN = { width: 1_140, height: 720 }; // the map at a window of 1,440 × 900, one pixel each
const PEER_POINTS = 2_000;

/**
 * Time of every part of a map of `points` items on one CPU core, in processor time, so that what else
 * the machine does does not count: principal components, neighbours and layout, one painted frame;
 * and the layout beside umap-js.
 */
export async function benchMap(points: number): Promise<readonly string[]> {
  const space = clusteredSpace(points);
  const mapper = new SpaceMapper();
  const places = await timed(() => mapper.places(space, true));
  const vectors = await timed(() => mapper.vectors(space, true));
  const start = places.value.places;
  const { data, width } = vectors.value;
  let neighboursMs = 0;
  const began = cpuMs();
  const layout = await timed(() =>
    layOut(
      { data, width, start, seed: 0 },
      {
        report({ stage, done, total }) {
          if (stage === "neighbours" && done === total) neighboursMs = cpuMs() - began;
        },
      },
    ),
  );
  return [
    `${points} points × ${WIDTH}`,
    `  principal components, in the plane     ${seconds(places.ms)}`,
    `  and reduced to 50 dimensions           ${seconds(vectors.ms)}`,
    `  nearest neighbours                     ${seconds(neighboursMs)}`,
    `  layout of ${layout.value.sampled} points        ${seconds(layout.ms - neighboursMs)}`,
    ...frames(layout.value.places),
    ...(await besidePeer(PEER_POINTS)),
  ];
}

/** Median and slowest frame, all in view and zoomed in four times, and the search under the pointer. */
function frames(places: Float32Array): string[] {
  const count = places.length / 2;
  const built = cpuMs();
  const index = new PointIndex(places);
  const indexMs = cpuMs() - built;
  const raster = { ...SCREEN, pixels: new Int32Array(SCREEN.width * SCREEN.height) };
  const fit = fitView(boundsOf(places), SCREEN);
  const codes = Uint8Array.from({ length: count }, (_, i) => i % 8);
  const colours = Int32Array.from({ length: 256 }, (_, i) => 0xff000000 + i * 0x10101);
  const paint = (zoom: number) => {
    const middle = { x: SCREEN.width / 2, y: SCREEN.height / 2, size: SCREEN, fit };
    const times = Array.from({ length: FRAMES }, () => {
      const started = cpuMs();
      raster.pixels.fill(-1);
      splat(raster, {
        ...{ places, order: index.order, codes, colours, images: count >> 1, opacity: 0.55 },
        view: zoomAt(fit, zoom, middle),
        radius: radiusFor(count, zoom),
      });
      return cpuMs() - started;
    }).sort((a, b) => a - b);
    return `${times[FRAMES >> 1]!.toFixed(1)} ms, slowest ${times.at(-1)!.toFixed(1)} ms`;
  };
  const asked = cpuMs();
  for (let i = 0; i < 1_000; i++) index.nearest(places[2 * i]!, places[2 * i + 1]!, 14 / fit.scale);
  const askedMs = (cpuMs() - asked) / 1_000;
  return [
    `  one frame, all in view                 ${paint(1)}`,
    `  one frame, zoomed in four times        ${paint(4)}`,
    `  index of points ${indexMs.toFixed(0)} ms, point under the pointer ${askedMs.toFixed(3)} ms`,
  ];
}

async function besidePeer(points: number): Promise<string[]> {
  const mapper = new SpaceMapper();
  const space = clusteredSpace(points);
  const { data, width } = await mapper.vectors(space, true);
  const { places: start } = await mapper.places(space, true);
  const ours = await timed(() => layOut({ data, width, start, seed: 0 }, { report: () => {} }));
  const reduced = matrix(points, width, data);
  const rows = Array.from({ length: points }, (_, i) => [...row(reduced, i)]);
  const theirs = await timed(async () => new UMAP({ random: rng(1), nEpochs: 300 }).fit(rows));
  return [
    `${points} points, 300 epochs, neighbours and layout`,
    `  ours                                   ${seconds(ours.ms)}`,
    `  umap-js 1.4                            ${seconds(theirs.ms)}`,
  ];
}

/** Unit vectors in clusters, half of them images, with a gap between the sides. */
function clusteredSpace(points: number): MapSpace {
  const random = rng(7);
  const normal = () => random() + random() + random() - 1.5;
  const centres = Float32Array.from({ length: CLUSTERS * WIDTH }, normal);
  const side = (rows: number, gap: number): Matrix => {
    const out = matrix(rows, WIDTH);
    for (let i = 0; i < rows; i++) {
      const centre = (i % CLUSTERS) * WIDTH;
      const values = row(out, i);
      let squares = 0;
      for (let d = 0; d < WIDTH; d++) {
        values[d] = centres[centre + d]! + 0.6 * normal() + (d === 0 ? gap : 0);
        squares += values[d]! ** 2;
      }
      for (let d = 0; d < WIDTH; d++) values[d] = values[d]! / Math.sqrt(squares);
    }
    return out;
  };
  const image = side(points >> 1, 4);
  const text = side(points - image.rows, -4);
  const items = ({ rows }: Matrix) => ({ items: Uint32Array.from({ length: rows }, (_, i) => i) });
  const splits = ({ rows }: Matrix) => new Array<Split>(rows).fill("train");
  return {
    step: 0,
    gallery: {
      galleries: { image: items(image), text: items(text) },
      splits: { image: splits(image), text: splits(text) },
    },
    vectors: (modality) => (modality === "image" ? image : text),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = cpuMs();
  const value = await work();
  return { value, ms: cpuMs() - started };
}

/** Processor time of this process, garbage collection included. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
