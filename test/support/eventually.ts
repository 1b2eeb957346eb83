import { vi } from "vitest";

/** Waits until `check` no longer throws. The limit is for what never comes, not for what is slow. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000 });
}
