import { AppError } from "../core/errors";
import type { SettingStore } from "../core/ports";

/** Set by the build: where encoders come from unless the visitor says otherwise. */
declare const __HUB_ADDRESS__: string;

/** The hub of this build: huggingface.co, or what `PLAYGROUND_HUB` named. */
export const DEFAULT_HUB: string = __HUB_ADDRESS__;

/**
 * An address of a hub without its trailing slash.
 *
 * @throws AppError `encoder/hub-address` unless it is http(s) without query, or a path of this site.
 */
export function parseHubAddress(text: string): string {
  const typed = text.trim();
  const isPath = /^\/(?!\/)/.test(typed);
  let url: URL;
  try {
    url = new URL(typed, isPath ? "https://this.site" : undefined);
  } catch (cause) {
    throw new AppError("encoder/hub-address", typed || "empty", { cause });
  }
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb || url.search || url.hash || url.username || url.password) {
    throw new AppError("encoder/hub-address", typed);
  }
  return (isPath ? url.pathname : url.href).replace(/\/+$/, "") || "/";
}

/** Where encoders are downloaded from, remembered between visits. */
export class HubChoice {
  readonly #settings: SettingStore;
  readonly #listeners = new Set<() => void>();
  #address: string;

  private constructor(settings: SettingStore, address: string) {
    this.#settings = settings;
    this.#address = address;
  }

  static async restore(settings: SettingStore): Promise<HubChoice> {
    const stored = await settings.get("hub");
    return new HubChoice(settings, typeof stored === "string" ? stored : DEFAULT_HUB);
  }

  readonly get = (): string => this.#address;

  /** An empty text is the default again. @throws AppError `encoder/hub-address`. */
  readonly set = (text: string): void => {
    this.#address = text.trim() === "" ? DEFAULT_HUB : parseHubAddress(text);
    for (const listener of this.#listeners) listener();
    void this.#settings.put("hub", this.#address);
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
