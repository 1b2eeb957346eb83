// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  detachOnUnmount,
  useBlobUrl,
  type BlobSource,
} from "../../../src/ui/components/useBlobUrl";

/** What happened to addresses and elements, in order. */
let events: string[];
let made: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  events = [];
  made = 0;
  URL.createObjectURL = () => `blob:${++made}`;
  URL.revokeObjectURL = (url) => void events.push(`revoked ${url}`);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => {
    events.push("paused");
  });
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(function (
    this: HTMLMediaElement,
  ) {
    events.push(`loaded ${this.getAttribute("src") ?? "nothing"}`);
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function Clip({ source }: { readonly source: BlobSource }) {
  const { url, blob } = useBlobUrl(source);
  if (url === null) return <p>not stored</p>;
  if (url === undefined) return <p>reading</p>;
  return <audio ref={detachOnUnmount} data-testid="clip" data-size={blob?.size} src={url} />;
}

const player = () => screen.getByTestId("clip");

it("takes the address from a player before it revokes it", () => {
  const { unmount } = render(<Clip source={new Blob(["abc"])} />);
  expect(player().getAttribute("src")).toBe("blob:1");
  expect(player().dataset["size"]).toBe("3");
  const element = player();
  unmount();
  expect(events).toEqual(["paused", "loaded nothing"]);
  expect(element.hasAttribute("src")).toBe(false);
  vi.runAllTimers();
  expect(events.at(-1)).toBe("revoked blob:1");
});

it("takes the address from a picture, which has nothing to pause", () => {
  function Picture({ source }: { readonly source: Blob }) {
    const { url } = useBlobUrl(source);
    return url ? <img ref={detachOnUnmount} alt="cat" src={url} /> : null;
  }
  const { unmount } = render(<Picture source={new Blob(["abc"])} />);
  const element = screen.getByAltText("cat");
  unmount();
  expect(element.hasAttribute("src")).toBe(false);
  vi.runAllTimers();
  expect(events).toEqual(["revoked blob:1"]);
});

it("never shows the address of a blob that was replaced", () => {
  const { rerender } = render(<Clip source={new Blob(["a"])} />);
  const old = player();
  rerender(<Clip source={new Blob(["bc"])} />);
  expect(player()).not.toBe(old);
  expect(player().getAttribute("src")).toBe("blob:2");
  expect(old.hasAttribute("src")).toBe(false);
  vi.runAllTimers();
  expect(events).toEqual(["paused", "loaded nothing", "revoked blob:1"]);
});

it("reads a blob once, and makes no address where nobody waits for it any longer", async () => {
  let give: (blob: Blob) => void = () => {};
  const read = vi.fn(() => new Promise<Blob>((resolve) => (give = resolve)));
  const { rerender, unmount } = render(<Clip source={read} />);
  rerender(<Clip source={read} />);
  expect(read).toHaveBeenCalledTimes(1);
  expect(screen.getByText("reading")).toBeTruthy();
  unmount();
  give(new Blob(["late"]));
  await Promise.resolve();
  vi.runAllTimers();
  expect([made, events]).toEqual([0, []]);
});

it("says null where the blob cannot be read", async () => {
  const read = () => Promise.reject(new Error("gone"));
  await act(async () => void render(<Clip source={read} />));
  expect(screen.getByText("not stored")).toBeTruthy();
  expect(made).toBe(0);
});
