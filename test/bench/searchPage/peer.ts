import { loadHnswlib } from "hnswlib-wasm";
import { row, type Matrix } from "../../../src/core/math/matrix";

const NEIGHBOURS_KEPT = 16; // M and efConstruction as in hnswlib's examples
const BUILD_EFFORT = 200;

/** hnswlib compiled to WebAssembly: approximate search by a graph of neighbours. */
export interface Peer {
  /** Rows of the best, best first. */
  search(query: Float32Array, limit: number): readonly number[];
}

/** Builds the graph, an item at a time, as it asks for. */
export async function openPeer(gallery: Matrix, searchEffort: number): Promise<Peer> {
  const library = await loadHnswlib();
  const index = new library.HierarchicalNSW("ip", gallery.cols, "");
  index.initIndex(gallery.rows, NEIGHBOURS_KEPT, BUILD_EFFORT, 100);
  for (let r = 0; r < gallery.rows; r++) index.addPoint(row(gallery, r), r, false);
  index.setEfSearch(searchEffort);
  return {
    search: (query, limit) => index.searchKnn(query, limit, undefined).neighbors,
  };
}
