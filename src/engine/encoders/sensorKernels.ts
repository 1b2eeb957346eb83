import { AppError } from "../../core/errors";
import type { BuildKernelModel } from "./createSensorEncoder";

/** Random kernels over a window's channels. @throws AppError `encoder/missing`. */
export const buildSensorKernels: BuildKernelModel = () => {
  throw new AppError("encoder/missing", "random kernels for sensors");
};
