import { AppError } from "../errors";

/** One triangular filter: its weights, from bin `first` on; zero elsewhere. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Which bank of triangles a network's features were made with. */
export interface MelBank {
  readonly bands: number;
  /** Hz */
  readonly low: number;
  readonly high: number;
  readonly sampleRate: number;
  /**
   * `htk`: 2595 log10(1 + f / 700); triangles straight in Hz, height 1. `slaney`: linear up to 1 kHz, logarithmic above; triangles straight in Hz, each divided by half
   * its width in Hz, so that all have the area 1. `kaldi`: 1127 ln(1 + f / 700); triangles straight
   * in mel, height 1.
   */
  readonly scale: "htk" | "slaney" | "kaldi";
}

/**
 * The filters of a bank over the bins of an FFT, lowest band first; bin k lies at
 * k · sampleRate / size Hz. As `transformers.audio_utils.mel_filter_bank` makes them (5.23): `slaney`
 * with `norm="slaney"`, `kaldi` with `triangularize_in_mel_space=True`.
 *
 * A band too narrow to hold a bin comes out empty and gives zero power, as it does there.
 *
 * @throws AppError `data/shape` for limits that cross or lie above half the sample rate.
 */
export function melFilterBank(bank: MelBank, size: number): MelFilter[] {
  const { bands, low, high, sampleRate, scale } = bank;
  if (!(bands >= 1 && low >= 0 && high > low && high <= sampleRate / 2)) {
    throw new AppError(
      "data/shape",
      `${bands} bands from ${low} to ${high} Hz at ${sampleRate} Hz`,
    );
  }
  const { toMel, toHertz } = SCALES[scale];
  const step = (toMel(high) - toMel(low)) / (bands + 1);
  const place = (mel: number) => (scale === "kaldi" ? mel : toHertz(mel));
  const bins = Array.from({ length: Math.floor(size / 2) + 1 }, (_, k) =>
    scale === "kaldi" ? toMel((k * sampleRate) / size) : (k * sampleRate) / size,
  );
  return Array.from({ length: bands }, (_, b) => {
    const [left, centre, right] = [b, b + 1, b + 2].map((i) => place(toMel(low) + i * step));
    return triangle(bins, { left: left!, centre: centre!, right: right! }, scale === "slaney");
  });
}

interface Corners {
  readonly left: number;
  readonly centre: number;
  readonly right: number;
}

function triangle(bins: readonly number[], corners: Corners, ofArea1: boolean): MelFilter {
  const { left, centre, right } = corners;
  const first = bins.findIndex((at) => at > left);
  const inside = first < 0 ? [] : bins.slice(first).filter((at) => at < right);
  const height = ofArea1 ? 2 / (right - left) : 1;
  const weights = Float64Array.from(
    inside,
    (at) => height * Math.min((at - left) / (centre - left), (right - at) / (right - centre)),
  );
  return { first: Math.max(0, first), weights };
}

/** Where Slaney's scale turns from linear to logarithmic: 1 kHz is 15 mel, 6.4 kHz 42. */
const TURN_HERTZ = 1000;
const TURN_MEL = 15;
const MEL_PER_LOG = 27 / Math.log(6.4);

const SCALES = {
  htk: {
    toMel: (hertz: number) => 2595 * Math.log10(1 + hertz / 700),
    toHertz: (mel: number) => 700 * (10 ** (mel / 2595) - 1),
  },
  slaney: {
    toMel: (hertz: number) =>
      hertz < TURN_HERTZ
        ? (3 * hertz) / 200
        : TURN_MEL + Math.log(hertz / TURN_HERTZ) * MEL_PER_LOG,
    toHertz: (mel: number) =>
      mel < TURN_MEL ? (200 * mel) / 3 : TURN_HERTZ * Math.exp((mel - TURN_MEL) / MEL_PER_LOG),
  },
  kaldi: {
    toMel: (hertz: number) => 1127 * Math.log(1 + hertz / 700),
    toHertz: (mel: number) => 700 * (Math.exp(mel / 1127) - 1),
  },
} as const;
