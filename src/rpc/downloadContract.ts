import type { EncoderSpec } from "../core/domain/encoder";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/download.worker.ts. Files go to Cache Storage, never through messages. */
export type DownloadContract = {
  /** Fetches what is missing of a hub encoder; called only after the visitor agreed. */
  download: {
    params: { encoderId: string; hub: string };
    progress: Progress;
    result: EncoderSpec;
  };
  /** Encoders of which files are kept here, unfinished downloads too. */
  storedFiles: {
    params: null;
    progress: never;
    result: readonly { readonly encoderId: string; readonly bytes: number }[];
  };
  /** Deletes an encoder's files and its stored entry. */
  deleteFiles: { params: { encoderId: string }; progress: never; result: void };
  /** Requests to other sites this worker has made since it started, as the browser recorded them. */
  foreignRequests: { params: null; progress: never; result: number };
};
