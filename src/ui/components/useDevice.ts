import { useEffect, useState, useSyncExternalStore } from "react";
import type { DeviceInfo } from "../../app/device";
import { useServices } from "../../app/services";
import type { DevicePreference } from "../../core/domain/encoder";

/** The device this page computes on, once probed, and the visitor's choice. */
export function useDevice(): {
  readonly info: DeviceInfo | undefined;
  readonly preference: DevicePreference;
  readonly prefer: (preference: DevicePreference) => void;
} {
  const { deviceInfo, devicePreference } = useServices();
  const [info, setInfo] = useState<DeviceInfo>();
  useEffect(() => {
    let current = true;
    void deviceInfo.then((found) => current && setInfo(found));
    return () => {
      current = false;
    };
  }, [deviceInfo]);
  const preference = useSyncExternalStore(devicePreference.subscribe, devicePreference.get);
  return { info, preference, prefer: devicePreference.set };
}
