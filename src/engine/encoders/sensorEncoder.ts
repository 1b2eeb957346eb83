import type { EmbeddingChoice, EncoderSpec, SensorPreprocessing } from "../../core/domain/encoder";
import { readWindow } from "../../core/formats/sensorWindow";
import { AppError } from "../../core/errors";
import { row, type Matrix } from "../../core/math/matrix";
import { fitWindow, readWindowFile } from "../importing/sensors/windowFile";
import { queryableEncoder, type QueryableEncoder } from "./queryableEncoder";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { Feeds, Session } from "./session";

interface SensorEncoderOptions {
  readonly session: Session;
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly preprocessing: SensorPreprocessing;
}

/**
 * Windows of readings (npy files) to embeddings. `encode` throws `encoder/input` for a window of
 * other channels than the encoder's, and for one with a reading that is no number.
 */
export function sensorEncoder(options: SensorEncoderOptions): QueryableEncoder<Blob> {
  const { session, spec, choice, preprocessing } = options;
  const encodeEach: QueryableEncoder<Blob>["encodeEach"] = async (batch, choices, priority) => {
    const names = outputNames(spec, choices);
    const { channels } = preprocessing;
    const windows = await Promise.all(batch.map((blob) => windowIn(blob, channels)));
    const feeds = windowFeeds(windows, preprocessing);
    const outputs = await session.run(feeds, names, priority);
    return choices.map((each) =>
      readEmbeddings(outputs, { spec, choice: each, rows: batch.length }),
    );
  };
  return queryableEncoder({ session, spec, choice, encodeEach });
}

/**
 * A window as it is stored, or in a file the visitor asks with: a CSV whose rows are moments, or an
 * npy of [channels, time] either way round, its channels brought into the encoder's order.
 *
 * @throws AppError `encoder/input` with the file's name and what is wrong with it.
 */
export async function windowIn(blob: Blob, channels: readonly string[]): Promise<Matrix> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (!(blob instanceof File)) return readWindow(bytes, "window"); // what is stored has no name
  const file = readWindowFile(bytes, blob.name);
  const window =
    "fault" in file ? file : fitWindow(file, { channels: channels.map((name) => ({ name })) });
  if (!("fault" in window)) return window;
  throw new AppError("encoder/input", `${blob.name}: ${window.fault.reason}`);
}

/**
 * What a network is fed for windows: [B, channels, T], T the longest's, standardised, shorter ones
 * followed by zeros; and the readings of each, [B].
 *
 * @throws AppError `encoder/input`.
 */
export function windowFeeds(batch: readonly Matrix[], preprocessing: SensorPreprocessing): Feeds {
  const channels = preprocessing.channels.length;
  const longest = Math.max(...batch.map(({ cols }) => cols));
  const data = new Float32Array(batch.length * channels * longest);
  batch.forEach((window, i) => {
    const standard = standardise(window, preprocessing);
    for (let c = 0; c < channels; c++) data.set(row(standard, c), (i * channels + c) * longest);
  });
  const lengths = BigInt64Array.from(batch, ({ cols }) => BigInt(cols));
  return {
    [preprocessing.input]: { kind: "float32", data, dims: [batch.length, channels, longest] },
    [preprocessing.lengths]: { kind: "int64", data: lengths, dims: [batch.length] },
  };
}

/**
 * A window with each channel at the scale of the training windows: (x - mean) / std. Readings in
 * another unit (g, m/s²) come out the same where mean and deviation were taken in it too.
 *
 * @throws AppError `encoder/input` for other channels, or a reading that is no number.
 */
export function standardise(
  { data, rows, cols }: Matrix,
  { channels, mean, std }: Pick<SensorPreprocessing, "channels" | "mean" | "std">,
): Matrix {
  if (rows !== channels.length) {
    const found = rows === 1 ? "1 channel" : `${rows} channels`;
    const wanted = `${channels.length} (${channels.join(", ")})`;
    throw new AppError("encoder/input", `the window has ${found}, not ${wanted}`);
  }
  const out = new Float32Array(data.length);
  for (let c = 0; c < rows; c++) {
    const centre = mean[c] ?? 0;
    const scale = std[c] ?? 1;
    for (let t = 0; t < cols; t++) {
      const value = data[c * cols + t] ?? NaN;
      if (!Number.isFinite(value)) {
        const where = `channel ${channels[c]}, reading ${t + 1}`;
        throw new AppError("encoder/input", `${where} is ${value}, not a finite number`);
      }
      out[c * cols + t] = (value - centre) / scale;
    }
  }
  return { data: out, rows, cols };
}
