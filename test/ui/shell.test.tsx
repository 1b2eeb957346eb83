// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors";
import { isForeign } from "../../src/ui/components/foreignRequests";
import { useProject } from "../../src/ui/components/projectContext";
import { ProjectFrame } from "../../src/ui/features/shell/ProjectFrame";
import { describeJob } from "../../src/ui/features/shell/RunningJobs";
import { UnhandledErrors } from "../../src/ui/features/shell/UnhandledErrors";
import { useLeaveGuard } from "../../src/ui/features/shell/useLeaveGuard";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
beforeEach(async () => {
  services = await testServices({
    encode: { countEncoded: async () => ({ encoded: 5, total: 12, encoderKey: "k" }) },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "locks");
  services.close();
});

const Editable = () => <p>{useProject().canEdit ? "may edit" : "may look"}</p>;

async function openFrame() {
  const { id } = await projectWithPairs(services, 12);
  renderPanel(
    <ProjectFrame projectId={id} step="encode">
      <Editable />
    </ProjectFrame>,
    { services },
  );
  await screen.findByRole("navigation", { name: "Steps" });
  return id;
}

it("says one true line about every step and marks the present one", async () => {
  await openFrame();
  await screen.findByText("10 of 24 encoded");
  const steps = within(screen.getByRole("navigation", { name: "Steps" })).getAllByRole("link");
  expect(steps.map(({ textContent }) => textContent)).toEqual([
    "1 Data12 images · 12 captions",
    "2 Encode10 of 24 encoded",
    "3 Alignneeds embeddings",
    "4 Queryneeds a run",
    "5 Hubadd a modality",
    "6 Take awayrecipe",
  ]);
  expect(steps[1]?.getAttribute("aria-current")).toBe("step");
});

it("renames the project by typing over its name; an empty name is not kept", async () => {
  const id = await openFrame();
  const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Project name" });
  const type = (value: string) => {
    fireEvent.change(name, { target: { value } });
    fireEvent.blur(name);
  };
  type("  ");
  expect(name.value).toBe("My museum");
  type(" Bird atlas ");
  await waitFor(async () =>
    expect((await services.stores.projects.get(id)).name).toBe("Bird atlas"),
  );
});

it("only looks while another tab has the project, and can take it over", async () => {
  const request = vi.fn(
    async (_name: string, options: LockOptions, hold: (lock: object | null) => unknown) => {
      if (options.ifAvailable) return hold(null);
      if (options.steal) return hold({});
      return new Promise(() => {}); // waits for its turn
    },
  );
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
  await openFrame();
  expect(await screen.findByText("may look")).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: /project/i }).disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Take over" }));
  expect(await screen.findByText("may edit")).toBeDefined();
});

it("leads back to the list when the project is gone", async () => {
  renderPanel(
    <ProjectFrame projectId="gone" step="data">
      <Editable />
    </ProjectFrame>,
    { services },
  );
  expect((await screen.findByRole("alert")).textContent).toContain("no longer exists");
  expect(screen.getByRole("link", { name: "All projects" })).toBeDefined();
});

it("shows running jobs with n/N wherever the visitor is", async () => {
  const id = await openFrame();
  let end = () => {};
  act(() => {
    void services.jobs.start(`import/${id}`, async (_signal, report) => {
      report({ stage: "import", done: 412, total: 3246, unit: "rows" });
      await new Promise<void>((resolve) => (end = resolve));
    });
  });
  expect(await screen.findByText("Importing · 412/3,246")).toBeDefined();
  expect(screen.getByText("importing 13 %")).toBeDefined();
  end();
  await waitFor(() => expect(screen.queryByText(/412/)).toBeNull());
});

it("knows which screen controls a job", () => {
  expect(describeJob("encode/p1/image")).toEqual({ words: "Images", href: "/p/p1/encode" });
  expect(describeJob("align/run1").words).toBe("Training");
});

it("shows rejections nobody caught, but not what was stopped on purpose", () => {
  renderPanel(<UnhandledErrors />, { services });
  const reject = (reason: AppError) => {
    const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason });
    act(() => void window.dispatchEvent(event));
  };
  reject(new AppError("cancelled"));
  expect(screen.queryByRole("alert")).toBeNull();
  reject(new AppError("storage/quota"));
  expect(screen.getByRole("alert").textContent).toContain("The browser has no room left.");
});

it("asks before leaving only while a job runs", () => {
  const Guard = ({ active }: { active: boolean }) => (useLeaveGuard(active), null);
  const leave = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  renderPanel(<Guard active={false} />, { services });
  expect(leave()).toBe(true);
  renderPanel(<Guard active />, { services });
  expect(leave()).toBe(false);
});

it("counts requests to other sites only", () => {
  const site = "https://play.example";
  expect(isForeign("https://cdn.example/x.js", site)).toBe(true);
  expect(isForeign("https://play.example/models/m.onnx", site)).toBe(false);
  expect(isForeign("blob:https://play.example/1", site)).toBe(false);
  expect(isForeign("data:image/png;base64,AA", site)).toBe(false);
});
