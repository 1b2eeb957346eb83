import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The rows of every table in docs/threats.md. */
const rows = readFileSync("docs/threats.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (threat |-)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));

it("lists at least the 28 threats of the design", () => {
  expect(rows.length).toBeGreaterThanOrEqual(28);
});

it.each(rows.map(([, threat = "", , file = "", name = ""]) => ({ threat, file, name })))(
  "has a test against: $threat",
  ({ file, name }) => {
    // As the test's source writes it: inside quotation marks, whatever their kind.
    expect(readFileSync(file, "utf8")).toMatch(new RegExp(`["'\`]${literal(name)}["'\`]`));
  },
);

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
