import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { DevicePreference } from "../../../core/domain/encoder";
import { formatBytes } from "../../components/formatting";
import { PrivacyLine } from "../../components/PrivacyLine";
import { useDevice } from "../../components/useDevice";
import { useStorageUse } from "../../components/useStorageUse";
import styles from "./TopBar.module.css";
import { HubSetting } from "./HubSetting";
import { useKeptData } from "./useKeptData";
import { THEMES, useTheme } from "./useTheme";

const DEVICES: readonly { readonly id: DevicePreference; readonly words: string }[] = [
  { id: "auto", words: "Automatic" },
  { id: "webgpu", words: "WebGPU" },
  { id: "wasm", words: "CPU (WebAssembly)" },
];

/** Device, storage, theme and privacy: a label in the top bar that opens into a sheet. */
export function Settings() {
  const { info, preference, prefer } = useDevice();
  const storage = useStorageUse();
  const [theme, setTheme] = useTheme();
  const sheet = useRef<HTMLDetailsElement>(null);
  useCloseOutside(sheet);
  const forced = preference === "wasm" && info?.device === "webgpu";
  const label = forced ? "CPU · chosen" : (info?.label ?? "Looking for a device");
  return (
    <details className={styles.settings} ref={sheet}>
      <summary>
        <span className="visually-hidden">Settings: </span>
        <span className={styles.device}>{label}</span>
        <span className={styles.storage}>{storage ? formatBytes(storage.usedBytes) : ""}</span>
        <span className={styles.short} aria-hidden="true">
          Settings
        </span>
      </summary>
      <div className={styles.sheet}>
        <label>
          Compute on
          <select
            className="field"
            value={preference}
            onChange={(event) => {
              const chosen = DEVICES.find(({ id }) => id === event.target.value);
              if (chosen) prefer(chosen.id);
            }}
          >
            {DEVICES.map(({ id, words }) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <p className="quiet">
          Found: {info?.label ?? "…"}
          {info?.reason && `, because ${info.reason}`}. A choice applies to the next job.
        </p>
        <label>
          Theme
          <select
            className="field"
            value={theme}
            onChange={(event) =>
              setTheme(THEMES.find((name) => name === event.target.value) ?? "system")
            }
          >
            <option value="system">As the system</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
        {storage && (
          <p className="quiet">
            Stored here: {formatBytes(storage.usedBytes)}
            {storage.quotaBytes > 0 && ` of ${formatBytes(storage.quotaBytes)}`}
          </p>
        )}
        <KeepData />
        <HubSetting />
        <PrivacyLine />
        <Link href="/licences">Licences</Link>
      </div>
    </details>
  );
}

/** Asks the browser to spare this site's data when the disk is full. */
function KeepData() {
  const { kept, ask } = useKeptData();
  if (kept === undefined) return null;
  if (kept) return <p className="quiet">The browser keeps this data until you delete it.</p>;
  return (
    <>
      <p className="quiet">The browser may clear this data when the disk is full.</p>
      <button type="button" className="button" onClick={ask}>
        Ask it to keep the data
      </button>
    </>
  );
}

/** Closes an open `<details>` on Escape and on a press outside it. */
function useCloseOutside(sheet: React.RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = () => sheet.current?.removeAttribute("open");
    const onPress = (event: PointerEvent) => {
      if (!sheet.current?.contains(event.target as Node | null)) close(); // targets are nodes
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !sheet.current?.open) return;
      close();
      sheet.current.querySelector("summary")?.focus();
    };
    addEventListener("pointerdown", onPress);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("pointerdown", onPress);
      removeEventListener("keydown", onKey);
    };
  }, [sheet]);
}
