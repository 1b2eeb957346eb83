import type { DevicePreference } from "../core/domain/encoder";
import type { SettingStore } from "../core/ports";

const PREFERENCES = ["auto", "webgpu", "wasm"] as const satisfies readonly DevicePreference[];

/** Which device the visitor asks for, remembered between visits. */
export class DeviceChoice {
  readonly #settings: SettingStore;
  readonly #listeners = new Set<() => void>();
  #preference: DevicePreference;

  private constructor(settings: SettingStore, preference: DevicePreference) {
    this.#settings = settings;
    this.#preference = preference;
  }

  /** `?device=wasm` in the address wins over what was chosen before, and is not remembered. */
  static async restore(settings: SettingStore, search: string): Promise<DeviceChoice> {
    const asked = new URLSearchParams(search).get("device");
    const stored = asked ?? (await settings.get("device"));
    return new DeviceChoice(settings, PREFERENCES.find((name) => name === stored) ?? "auto");
  }

  readonly get = (): DevicePreference => this.#preference;

  readonly set = (preference: DevicePreference): void => {
    this.#preference = preference;
    for (const listener of this.#listeners) listener();
    void this.#settings.put("device", preference);
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
