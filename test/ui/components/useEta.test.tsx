// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it } from "vitest";
import { ServicesContext, useJob } from "../../../src/app/services";
import { JobStatus } from "../../../src/ui/components/JobStatus";
import { testServices } from "../../support/services";

afterEach(cleanup);

function Status() {
  return <JobStatus job={useJob("load")} label="Loading" />;
}

it("survives more reports than the page can draw", async () => {
  // Outside act(), so that React schedules as it does on a page.
  const globals = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  globals.IS_REACT_ACT_ENVIRONMENT = false;
  const services = await testServices();
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  root.render(
    <ServicesContext value={services}>
      <Status />
    </ServicesContext>,
  );
  await screen.findByRole("status");
  const total = 300;
  let last = 0;
  await services.jobs.start("load", async (_, report) => {
    for (let done = 1; done <= total; done++) {
      report({ stage: "load-encoder", done, total, unit: "bytes" });
      await Promise.resolve(); // one microtask: as fast as messages can come
      last = done;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(screen.getByRole("progressbar")).toHaveProperty("value", total);
  });
  expect(services.jobs.get("load")).toMatchObject({ status: "done" });
  expect(last).toBe(total);
  root.unmount();
  services.close();
});
