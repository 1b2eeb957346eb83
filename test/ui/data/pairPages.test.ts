import { afterEach, expect, it, vi } from "vitest";
import { PAGE_PAIRS, PairPages } from "../../../src/ui/features/data/pairPages";
import { projectWithPairs } from "../../support/projects";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => services.close());

it("joins each pair with its items, across the blocks of the store", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, 600);
  const cards = await new PairPages(services.stores.datasets, id).read(8);
  expect(cards).toHaveLength(PAGE_PAIRS);
  expect(cards.map(({ pair }) => pair.image)).toEqual(
    Array.from({ length: PAGE_PAIRS }, (_, i) => 512 + i),
  );
  for (const { pair, media, text } of cards) {
    expect([media?.digest, text?.text]).toEqual([`image-${pair.image}`, `caption ${pair.text}`]);
  }
});

it("gives the rest on the last page and nothing behind it", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, PAGE_PAIRS + 3);
  const pages = new PairPages(services.stores.datasets, id);
  expect(await pages.read(1)).toHaveLength(3);
  expect(await pages.read(2)).toEqual([]);
});

it("reads a block of items once, however many pairs need it", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, 200);
  const read = vi.spyOn(services.stores.datasets, "itemRange");
  const pages = new PairPages(services.stores.datasets, id);
  await pages.read(0);
  await pages.read(1);
  expect(read.mock.calls.map(([, modality, start, end]) => [modality, start, end])).toEqual([
    ["image", 0, 512],
    ["text", 0, 512],
  ]);
});

it("reads the pairs of a view in its order, however they are scattered", async () => {
  services = await testServices();
  const { id } = await projectWithPairs(services, 1200);
  const read = vi.spyOn(services.stores.datasets, "pairRange");
  const pages = new PairPages(services.stores.datasets, id, [1100, 3, 4, 700, 1199, 5000]);
  const cards = await pages.read(0);
  expect(cards.map(({ index, text }) => [index, text?.text])).toEqual([
    [1100, "caption 1100"],
    [3, "caption 3"],
    [4, "caption 4"],
    [700, "caption 700"],
    [1199, "caption 1199"],
  ]);
  expect(read).toHaveBeenCalledTimes(4); // blocks 0, 1 and 2, and one behind the end
  expect(await pages.read(1)).toEqual([]);
  expect((await pages.one(9))?.text?.text).toBe("caption 9");
  expect(await pages.one(1200)).toBeUndefined();
});
