import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { openBrowser } from "../../src/cli/openBrowser";

export interface PageOptions {
  /** Address of the site under test; requests to any other origin are faults. */
  readonly url: string;
  readonly webgpu?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** A folder that outlives the page, for reload and crash tests. */
  readonly profileDir?: string;
  /** A WAV file that is heard, over and over, where the page listens to the microphone. */
  readonly microphone?: string;
}

/** A page under observation, in a browser of its own. */
export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that went wrong so far, one line each. */
  readonly faults: readonly string[];
  /** Throws when the page logged, threw, broke its policy, called out or was polluted. */
  expectClean(ignore?: RegExp): Promise<void>;
  /** Throws when axe finds something serious or critical, in the page as it is now. */
  expectAccessible(): Promise<void>;
  /** Saves `test-results/<name>.png` and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Chromium's own stand-ins for a microphone and for the visitor who allows it. */
const fakeMicrophone = (file: string) => [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-audio-capture=${file}`,
];

/** Opens `url` in a fresh headless browser and watches it from its first byte. */
export async function openPage(options: PageOptions): Promise<TestPage> {
  const { url, viewport = { width: 1280, height: 800 }, colorScheme = "light" } = options;
  const { context, close } = await openBrowser({
    viewport,
    colorScheme,
    webgpu: options.webgpu ?? true,
    ...(options.profileDir === undefined ? {} : { profileDir: options.profileDir }),
    ...(options.microphone === undefined ? {} : { args: fakeMicrophone(options.microphone) }),
  });
  const faults: string[] = [];
  try {
    await watch(context, new URL(url).origin, faults);
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    return {
      page,
      context,
      faults,
      close,
      expectClean: (ignore) => expectClean(page, faults, ignore),
      expectAccessible: () => expectAccessible(page),
      screenshot: (name) => screenshot(page, name),
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function watch(context: BrowserContext, origin: string, faults: string[]): Promise<void> {
  context.on("console", (message: ConsoleMessage) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const { url, lineNumber } = message.location();
    faults.push(`console ${message.type()}: ${message.text()} (${url}:${lineNumber})`);
  });
  context.on("weberror", (error) => faults.push(`page error: ${String(error.error())}`));
  context.on("request", (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (["blob:", "data:", "about:"].includes(protocol) || target === origin) return;
    faults.push(`foreign request: ${request.url()}`);
  });
  await context.exposeFunction("reportViolation", (text: string) => {
    faults.push(`policy violation: ${text}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { reportViolation } = globalThis as unknown as {
        reportViolation: (text: string) => void; // put there by exposeFunction
      };
      reportViolation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
}

async function expectClean(page: Page, faults: string[], ignore?: RegExp): Promise<void> {
  const polluted = await page.evaluate(() => "polluted" in {});
  const found = faults.filter((fault) => !ignore?.test(fault));
  if (polluted) found.push("Object.prototype was polluted");
  if (found.length > 0) throw new Error(`the page was not clean:\n${found.join("\n")}`);
}

async function expectAccessible(page: Page): Promise<void> {
  // Without motion: a colour on its way to another is neither of the two.
  await page.emulateMedia({ reducedMotion: "reduce" });
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  for (let i = 0; i < 2; i++) await page.evaluate(frame);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const lines = grave.map(({ id, help, nodes }) => {
    const places = nodes.map(({ target, any }) => {
      return `  ${target.join(" ")}: ${any.map(({ message }) => message).join("; ")}`;
    });
    return `${id}: ${help}\n${places.join("\n")}`;
  });
  if (lines.length > 0) throw new Error(`axe found:\n${lines.join("\n")}`);
}

async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync("test-results", { recursive: true });
  const path = join("test-results", `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}
