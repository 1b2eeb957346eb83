import type { SettingStore } from "../core/ports";
import type { PlaygroundDb } from "./db";

/** Remembered choices, in IndexedDB. */
export class IdbSettingStore implements SettingStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async get(name: string): Promise<unknown> {
    return this.#db.get("settings", name);
  }

  async put(name: string, value: unknown): Promise<void> {
    await this.#db.put("settings", value, name);
  }
}
