import type { Matrix } from "../../../src/core/math/matrix";
import { exactTop, type ExactTop } from "../../../src/engine/search/scan/exactTop";
import { QuantizedRows } from "../../../src/engine/search/scan/quantizedRows";
import { makeGallery, makeQuery, type Shape } from "./gallery";
import { openPeer, type Peer } from "./peer";

export type Contestant = "ours" | "plain" | "peer";

/** How the answers of one query compare. */
export interface Check {
  /** Whether ours are plain's: rows, order and scores to the bit. */
  readonly identical: boolean;
  readonly candidates: number;
  /** Share of the best that the peer found; null without a peer. */
  readonly peerRecall: number | null;
}

/** What the benchmark's driver calls in the page. */
export interface SearchPage {
  /** @returns milliseconds of making the bytes. */
  open(rows: number, shape: Shape): Promise<number>;
  /** @returns milliseconds of building the graph. */
  openPeer(searchEffort: number): Promise<number>;
  /** Milliseconds of each of some queries, one after the other. */
  ask(who: Contestant, first: number, count: number, limit: number): number[];
  check(i: number, limit: number): Check;
}

let gallery: Matrix;
let shape: Shape;
let quantized: QuantizedRows | null = null;
let peer: Peer | null = null;
let everyRow: Uint32Array;

function exact(i: number, limit: number, first: QuantizedRows | null): ExactTop {
  const selection = { rows: everyRow, mask: null };
  const query = makeQuery(gallery.rows, shape, i);
  return exactTop(gallery, query, { limit, selection, scoring: {}, quantized: first });
}

const page: SearchPage = {
  async open(rows, wanted) {
    quantized?.release();
    peer = null;
    gallery = makeGallery(rows, (shape = wanted));
    everyRow = Uint32Array.from({ length: rows }, (_, r) => r);
    const start = performance.now();
    quantized = await QuantizedRows.of(gallery);
    if (!quantized) throw new Error("no memory for the bytes");
    return performance.now() - start;
  },
  async openPeer(searchEffort) {
    const start = performance.now();
    peer = await openPeer(gallery, searchEffort);
    return performance.now() - start;
  },
  ask(who, first, count, limit) {
    return Array.from({ length: count }, (_, at) => {
      const query = makeQuery(gallery.rows, shape, first + at);
      const start = performance.now();
      if (who === "peer") peer?.search(query, limit);
      else exact(first + at, limit, who === "ours" ? quantized : null);
      return performance.now() - start;
    });
  },
  check(i, limit) {
    const [ours, plain] = [exact(i, limit, quantized), exact(i, limit, null)];
    const best = new Set(plain.rows);
    const found = peer?.search(makeQuery(gallery.rows, shape, i), limit);
    return {
      identical: plain.rows.every((r, at) => {
        return r === ours.rows[at] && Object.is(plain.scores[at], ours.scores[at]);
      }),
      candidates: ours.candidates,
      peerRecall: found ? found.filter((r) => best.has(r)).length / best.size : null,
    };
  },
};

Object.assign(globalThis, { search: page });
