import * as tf from "./tf";

/** Versions a run records, because numbers depend on them. */
export const VERSIONS: Readonly<Record<string, string>> = {
  playground: __APP_VERSION__,
  tfjs: tf.version_core,
  "onnxruntime-web": __ORT_VERSION__,
};

/** Filled in by the bundler from package.json and the installed package. */
declare const __APP_VERSION__: string;
declare const __ORT_VERSION__: string;
