import { parseArgs } from "node:util";
import type { DevicePreference } from "../core/domain/encoder";

export const USAGE = `Usage: npm run recipe -- FILE.json [options]

Runs a recipe in a headless browser, with the same code as the page. A recipe with lists runs
every combination of their values, one after the other.

  --data PATH     a zip or a folder with pictures and metadata; replaces the recipe's data
  --out FILE      where to write the results (default: results.json)
  --device NAME   auto, webgpu or wasm (default: auto)
  --download      agree to download the encoders the recipe names (size and licence: docs/encoders.md)
  --profile DIR   browser profile to keep: a second run reuses its embeddings and downloads
  --help          this text
`;

export interface RecipeArguments {
  readonly recipePath: string;
  /** Relative to the working directory. */
  readonly dataPath: string | null;
  readonly outPath: string;
  readonly device: DevicePreference;
  readonly profileDir: string | null;
  /** Consent to fetch encoders from the hub. */
  readonly mayDownload: boolean;
}

/** A fault in how the command was called; its message is for the terminal. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const DEVICES = ["auto", "webgpu", "wasm"] as const satisfies readonly DevicePreference[];

/**
 * What the command line asks for, or `"help"`.
 *
 * @throws UsageError naming the argument that is wrong.
 */
export function parseRecipeArguments(argv: readonly string[]): RecipeArguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [recipePath, ...others] = positionals;
  if (recipePath === undefined) throw new UsageError("which recipe? Name its JSON file");
  if (others.length > 0) throw new UsageError(`one recipe at a time; also got ${others.join(" ")}`);
  const device = DEVICES.find((name) => name === values.device);
  if (!device) throw new UsageError(`--device is one of ${DEVICES.join(", ")}`);
  return {
    recipePath,
    dataPath: values.data ?? null,
    outPath: values.out,
    device,
    profileDir: values.profile ?? null,
    mayDownload: values.download,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        data: { type: "string" },
        out: { type: "string", default: "results.json" },
        device: { type: "string", default: "auto" },
        profile: { type: "string" },
        download: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause }); // parseArgs throws TypeErrors only
  }
}
