// @vitest-environment jsdom
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import {
  ForeignRequestsContext,
  type ForeignRequests,
} from "../../../src/ui/components/foreignRequests";
import { PrivacyLine } from "../../../src/ui/components/PrivacyLine";

afterEach(cleanup);

const words = (requests: ForeignRequests) =>
  render(
    <ForeignRequestsContext value={requests}>
      <PrivacyLine />
    </ForeignRequestsContext>,
  ).container.textContent;

it("says that nothing leaves the browser while nothing does", () => {
  expect(words({ downloads: 0, others: 0 })).toContain("Nothing leaves this browser: 0 requests");
});

it("says what downloads did, and no longer that nothing left", () => {
  const text = words({ downloads: 5, others: 0 });
  expect(text).toContain("5 requests to other sites since the page was loaded, all for encoders");
  expect(text).not.toContain("Nothing");
});

it("does not pass other requests off as downloads", () => {
  expect(words({ downloads: 1, others: 2 })).toContain("3 requests to other sites");
  expect(words({ downloads: 1, others: 2 })).toContain("1 request for encoders");
});
