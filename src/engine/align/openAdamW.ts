import type { Device } from "../../core/domain/encoder";
import type { AdamW, AdamWOptions } from "./adamW";
import { openDeviceAdamW } from "./adamWDevice";
import { openHeapAdamW } from "./adamWHeap";
import { openHostAdamW } from "./adamWHost";

/** The fastest AdamW on a device. The choice is the same every time, so training can be resumed. */
export function openAdamW(device: Device, options: AdamWOptions): AdamW {
  if (device === "webgpu") return openDeviceAdamW(options);
  return openHeapAdamW(options) ?? openHostAdamW(options);
}
