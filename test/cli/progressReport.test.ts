import { expect, it } from "vitest";
import { ProgressReport } from "../../src/cli/progressReport";

function reporting(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const terminal = { isTTY, columns, write: (text: string) => written.push(text) };
  return { report: new ProgressReport(terminal, () => clock.ms), written, clock };
}

it("writes a log line per stage, and one every 10 s within a stage", () => {
  const { report, written, clock } = reporting(false);
  report.show("Encode: 1 of 3,246 images");
  report.show("Encode: 20 of 3,246 images");
  clock.ms = 9_999;
  report.show("Encode: 2,000 of 3,246 images");
  clock.ms = 10_000;
  report.show("Encode: 2,100 of 3,246 images", 0.6469);
  report.show("Align: step 1 of 500");
  expect(written).toEqual([
    "Encode: 1 of 3,246 images\n",
    " 64 % Encode: 2,100 of 3,246 images\n",
    "Align: step 1 of 500\n",
  ]);
});

it("updates one line on a terminal, never wider than it, and clears it", () => {
  const { report, written } = reporting(true, 20);
  report.show("Encode: 1 of 3,246 images", 0);
  report.show("Encode: 2 of 3,246\nimages", 1);
  report.end();
  report.end();
  expect(written).toEqual([
    "\r\u001b[K  0 % Encode: 1 of ",
    "\r\u001b[K100 % Encode: 2 of ",
    "\r\u001b[K",
  ]);
});
