// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { encoderById } from "../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../src/core/domain/encoder";
import { AppError } from "../../src/core/errors";
import type { DownloadContract } from "../../src/rpc/downloadContract";
import type { Handlers } from "../../src/rpc/server";
import { EncodePanel } from "../../src/ui/features/encode/EncodePanel";
import { HubSetting } from "../../src/ui/features/shell/HubSetting";
import { projectWithPairs } from "../support/projects";
import { renderPanel } from "../support/renderPanel";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => {
  cleanup();
  services.close();
});

const dino = encoderById("dinov2-small");

async function open(download: Partial<Handlers<DownloadContract>>, canEdit = true) {
  services = await testServices({
    encode: { countEncoded: async () => ({ encoded: 0, total: 20, encoderKey: "k" }) },
    download: {
      storedFiles: async () => [{ encoderId: dino.id, bytes: 88_459_888 }],
      ...download,
    },
  });
  const { id: projectId } = await projectWithPairs(services, 20);
  renderPanel(<EncodePanel />, { services, projectId, canEdit });
  const images = within(await screen.findByRole("region", { name: "images" }));
  fireEvent.click(await images.findByText(/More encoders to download/));
  return { images, projectId };
}

/** What the download worker does at the end. */
async function keep(spec: EncoderSpec): Promise<EncoderSpec> {
  await services.stores.encoders.put(spec);
  return spec;
}

it("lists what could be downloaded with size, licence and width, and fetches nothing", async () => {
  const download = vi.fn(async () => dino);
  const { images } = await open({ download });
  const row = (await images.findByText("DINOv2-small")).closest("li");
  expect(row?.textContent).toContain("88 MB · Apache-2.0 · 384 wide · not yet verified");
  expect(images.queryByRole("radio")).toBeNull();
  expect(download).not.toHaveBeenCalled();
});

it("asks with repository, size and licence before it fetches, and does nothing on “Not now”", async () => {
  const download = vi.fn(async () => dino);
  const { images } = await open({ download });
  fireEvent.click(await images.findByRole("button", { name: "Download DINOv2-small" }));
  const dialog = await screen.findByRole("dialog", { name: "Download DINOv2-small?" });
  for (const part of [
    "https://huggingface.co/Xenova/dinov2-small, version c2bb04a",
    "onnx/model.onnx",
    "88 MB",
    "Apache-2.0",
    "not yet verified",
    "What is sent: nothing but the request for these files.",
  ]) {
    expect(dialog.textContent).toContain(part);
  }
  fireEvent.click(within(dialog).getByRole("button", { name: "Not now" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { hidden: false })).toBeNull());
  expect(download).not.toHaveBeenCalled();
});

it("fetches from the hub that is set once agreed, then offers the encoder to choose", async () => {
  let hub = "";
  const { images, projectId } = await open({
    download: async (params, { report }) => {
      hub = params.hub;
      report({ stage: "download", done: 1_000_000, total: 88_459_888, unit: "bytes" });
      return keep(dino);
    },
    foreignRequests: async () => 3,
  });
  fireEvent.click(await images.findByRole("button", { name: "Download DINOv2-small" }));
  fireEvent.click(await screen.findByRole("button", { name: "Download 88 MB" }));
  fireEvent.click(await images.findByRole("radio", { name: "DINOv2-small" }));
  expect(hub).toBe("https://huggingface.co");
  const pooling = await images.findByRole<HTMLSelectElement>("combobox", { name: "Pooling" });
  expect(pooling.value).toBe("cls");
  fireEvent.change(pooling, { target: { value: "cls+mean" } });
  await waitFor(async () =>
    expect((await services.stores.projects.get(projectId)).encoders.image).toEqual({
      id: "dinov2-small",
      pooling: "cls+mean",
      layer: null,
    }),
  );
  expect(services.downloads.foreignRequests()).toBe(3);
});

it("shows why a download failed and goes on without asking again", async () => {
  let attempts = 0;
  const { images } = await open({
    download: async () => {
      if (attempts++ === 0) throw new AppError("encoder/download", "broke off after 8 of 88 bytes");
      return keep(dino);
    },
    storedFiles: async () => [{ encoderId: "dinov2-small", bytes: 8_388_608 }],
  });
  fireEvent.click(await images.findByRole("button", { name: "Download DINOv2-small" }));
  fireEvent.click(await screen.findByRole("button", { name: "Download 88 MB" }));
  expect((await images.findByRole("alert")).textContent).toContain("broke off");
  expect(images.getByText(/8.4 MB are here already/)).toBeDefined();
  fireEvent.click(images.getByRole("button", { name: "Go on downloading DINOv2-small" }));
  expect(await images.findByRole("radio", { name: "DINOv2-small" })).toBeDefined();
});

it("deletes a downloaded encoder after asking, and says what stays", async () => {
  const deleted: string[] = [];
  const { images } = await open({
    download: async () => keep(dino),
    deleteFiles: async ({ encoderId }) => {
      deleted.push(encoderId);
      await services.stores.encoders.delete(encoderId);
    },
  });
  fireEvent.click(await images.findByRole("button", { name: "Download DINOv2-small" }));
  fireEvent.click(await screen.findByRole("button", { name: "Download 88 MB" }));
  fireEvent.click(await images.findByRole("button", { name: "Delete the files of DINOv2-small" }));
  const dialog = await screen.findByRole("dialog", { name: "Delete DINOv2-small?" });
  expect(dialog.textContent).toContain("Embeddings made with it stay");
  fireEvent.click(within(dialog).getByRole("button", { name: "Delete its files" }));
  await waitFor(() => expect(images.queryByRole("radio")).toBeNull());
  expect(deleted).toEqual(["dinov2-small"]);
});

it("offers the download again when the browser has dropped the files", async () => {
  const { images } = await open({
    download: async () => keep(dino),
    storedFiles: async () => [{ encoderId: dino.id, bytes: 8_388_608 }],
  });
  fireEvent.click(await images.findByRole("button", { name: "Download DINOv2-small" }));
  fireEvent.click(await screen.findByRole("button", { name: "Download 88 MB" }));
  expect(await images.findByText(/has dropped files of this encoder/)).toBeDefined();
  expect(images.getByRole("button", { name: "Download DINOv2-small" })).toBeDefined();
});

it("offers the layers of the embedded encoder", async () => {
  const { images, projectId } = await open({});
  const layer = await images.findByRole("combobox", { name: "Layer" });
  fireEvent.change(layer, { target: { value: "stage5" } });
  await waitFor(async () =>
    expect((await services.stores.projects.get(projectId)).encoders.image.layer).toBe("stage5"),
  );
});

it("keeps a hub's address that can be one and says what is wrong with another", async () => {
  services = await testServices();
  renderPanel(<HubSetting />, { services });
  const field = screen.getByRole("textbox", { name: "Model hub" });
  fireEvent.change(field, { target: { value: "ftp://mirror" } });
  fireEvent.blur(field);
  expect(screen.getByRole("alert").textContent).toContain(
    "This cannot be the address of a model hub.",
  );
  fireEvent.change(field, { target: { value: "/hub/" } });
  fireEvent.blur(field);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(services.hub.get()).toBe("/hub");
});
