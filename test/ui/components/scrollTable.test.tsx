// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { ScrollTable } from "../../../src/ui/components/ScrollTable";

afterEach(cleanup);

const rows = (
  <tbody>
    <tr>
      <td>1</td>
    </tr>
  </tbody>
);

it("is a named place that the keyboard can scroll, with the table in it", () => {
  render(<ScrollTable label="Runs">{rows}</ScrollTable>);
  const place = screen.getByRole("region", { name: "Runs" });
  expect(place.tabIndex).toBe(0);
  expect(place.firstElementChild).toBe(screen.getByRole("table"));
});

it("has a caption only where there is something to say", () => {
  const { rerender } = render(<ScrollTable label="Runs">{rows}</ScrollTable>);
  expect(document.querySelector("caption")).toBeNull();
  rerender(
    <ScrollTable label="Runs" caption="Best first" className="wide">
      {rows}
    </ScrollTable>,
  );
  expect(screen.getByRole("table", { name: "Best first" }).className).toBe("table wide");
});
