import { expect, it } from "vitest";
import { DEFAULT_HUB, HubChoice, parseHubAddress } from "../../src/app/hubChoice";

const settings = (stored?: unknown) => {
  const kept = new Map<string, unknown>([["hub", stored]]);
  return {
    kept,
    get: async (name: string) => kept.get(name),
    put: async (name: string, value: unknown) => void kept.set(name, value),
  };
};

it.each([
  ["https://huggingface.co/", "https://huggingface.co"],
  ["  http://localhost:8080/hub/ ", "http://localhost:8080/hub"],
  ["/hub", "/hub"],
  ["/", "/"],
])("takes %j as %j", (typed, address) => expect(parseHubAddress(typed)).toBe(address));

it.each(["", "huggingface.co", "//evil.example", "javascript:alert(1)", "https://u:p@x.example"])(
  "refuses %j",
  (typed) =>
    expect(() => parseHubAddress(typed)).toThrow(
      expect.objectContaining({ code: "encoder/hub-address" }),
    ),
);

it("refuses an address with a query, whose value would be sent with every request", () => {
  expect(() => parseHubAddress("https://x.example/?user=me")).toThrow();
});

it("remembers the address, and an empty one is the default again", async () => {
  const store = settings();
  const hub = await HubChoice.restore(store);
  expect(hub.get()).toBe(DEFAULT_HUB);
  hub.set("/hub");
  expect((await HubChoice.restore(store)).get()).toBe("/hub");
  hub.set(" ");
  expect(hub.get()).toBe(DEFAULT_HUB);
});

it("keeps the old address when the new one is refused", async () => {
  const hub = await HubChoice.restore(settings("/hub"));
  expect(() => hub.set("nonsense")).toThrow();
  expect(hub.get()).toBe("/hub");
});
