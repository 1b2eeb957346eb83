import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a stranger installs to use an exported folder, and `onnx` to check the files are valid. */
const PACKAGES = ["numpy", "safetensors", "onnxruntime", "onnx"];

/** Kept between runs, because installing takes a minute; safe to delete. */
const KEPT = join(tmpdir(), "alignment-playground-python");

const INSTALL_LIMIT_MS = 180_000;

/** A Python that has the packages, or why there is none. */
export type FoundPython = { readonly python: string } | { readonly missing: string };

/** The Python kept from an earlier run, or a fresh virtual environment with the packages installed. */
export async function findPython(): Promise<FoundPython> {
  const kept = join(KEPT, "bin", "python");
  if (existsSync(kept) && (await hasPackages(kept))) return { python: kept };
  const fresh = mkdtempSync(`${KEPT}-`);
  const python = join(fresh, "bin", "python");
  try {
    await run("python3", ["-m", "venv", fresh]);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
    return { missing: "no Python" };
  }
  try {
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    const options = { timeout: INSTALL_LIMIT_MS };
    await run(python, [...install, "--retries", "1", "--timeout", "15", ...PACKAGES], options);
    return { python: keep(fresh) };
  } catch (thrown) {
    rmSync(fresh, { recursive: true, force: true });
    const last = String((thrown as { stderr?: string }).stderr)
      .trim()
      .split("\n")
      .at(-1);
    return { missing: `no registry for ${PACKAGES.join(", ")}: ${last}` };
  }
}

async function hasPackages(python: string): Promise<boolean> {
  const imports = `import ${PACKAGES.join(", ")}`;
  return run(python, ["-c", imports]).then(
    () => true,
    () => false,
  );
}

/** Under the name that the next run looks for, unless another run was faster. */
function keep(fresh: string): string {
  try {
    renameSync(fresh, KEPT);
    return join(KEPT, "bin", "python");
  } catch {
    return join(fresh, "bin", "python");
  }
}
