// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { LICENCES } from "../../src/core/catalogue/licences";
import { LicencesPanel } from "../../src/ui/features/licences/LicencesPanel";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("names everything that ships with its notice", () => {
  render(<LicencesPanel />);
  const entries = screen.getAllByRole("listitem").map(({ textContent }) => textContent ?? "");
  for (const { name, version, copyright } of LICENCES) {
    expect(entries.filter((entry) => entry.startsWith(`${name} ${version}`))).toHaveLength(1);
    expect(entries.find((entry) => entry.startsWith(name))).toContain(copyright);
  }
});

/** jsdom opens no `<details>` by click. */
function open(licence: string): void {
  const details = screen.getByText(licence, { selector: "summary" }).closest("details");
  if (!details) throw new Error(`no licence ${licence}`);
  details.open = true;
  fireEvent(details, new Event("toggle"));
}

it("fetches a text from this site when it is opened, not before", async () => {
  const fetched = vi.fn(async (_url: URL) => new Response("Permission is hereby granted"));
  vi.stubGlobal("fetch", fetched);
  render(<LicencesPanel />);
  expect(fetched).not.toHaveBeenCalled();
  open("MIT");
  expect(await screen.findByText("Permission is hereby granted")).toBeDefined();
  expect(fetched.mock.calls[0]?.[0].href).toBe("http://localhost:3000/licenses/MIT.txt");
});

it("says so when a text is not served", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
  render(<LicencesPanel />);
  open("ISC");
  expect((await screen.findByRole("alert")).textContent).toContain("licenses/ISC.txt: status 404");
});
