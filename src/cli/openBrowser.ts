import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions } from "playwright-core";
import { BROWSER_ARGUMENTS, findBrowser } from "./findBrowser";

export interface BrowserOptions extends BrowserContextOptions {
  /** False starts a browser in which `navigator.gpu` finds no adapter. */
  readonly webgpu?: boolean;
  /** Kept between sessions; without it a fresh folder is used and deleted on close. */
  readonly profileDir?: string;
  /** More of the browser's own arguments. */
  readonly args?: readonly string[];
}

/** A headless Chromium with one persistent profile, so that IndexedDB works as for a visitor. */
export async function openBrowser(
  options: BrowserOptions = {},
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const { webgpu = true, profileDir, args = [], ...contextOptions } = options;
  const profile = profileDir ?? (await mkdtemp(join(tmpdir(), "playground-")));
  const forget = () =>
    profileDir ? Promise.resolve() : rm(profile, { recursive: true, force: true, maxRetries: 3 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: await findBrowser(),
      args: [
        ...BROWSER_ARGUMENTS.filter((name) => webgpu || name !== "--enable-unsafe-webgpu"),
        ...args,
      ],
      ...contextOptions,
    });
    return {
      context,
      close: async () => {
        await context.close();
        await forget();
      },
    };
  } catch (thrown) {
    await forget();
    throw thrown;
  }
}
