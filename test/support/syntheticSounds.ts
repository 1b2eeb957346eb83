import { normal } from "../../src/core/math/normal";
import { rng, seedFrom, type Rng } from "../../src/core/math/rng";

const RATE = 16_000;

type Voice = (random: Rng, samples: number) => Float32Array<ArrayBuffer>;

/** Kinds of sound that speech has little of; each takes its own pitch, pace and loudness. */
const VOICES: readonly Voice[] = [tone, chirp, stack, noise, bursts, clicks, bell, wobble];

/** Sounds of 0.4 to 3 s at 16 kHz that are not speech, the kinds in turn. */
export function syntheticSounds(count: number, seed: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, i) => {
    const random = rng(seedFrom("sound", seed, i));
    const voice = VOICES[i % VOICES.length]!;
    const sound = voice(random, Math.round(RATE * (0.4 + 2.6 * random())));
    const loudness = 0.05 + 0.4 * random();
    const hiss = 1e-4 + 1e-3 * random(); // a recording is never without
    return sound.map((value) => loudness * value + hiss * normal(random));
  });
}

const wave = (cycles: number) => Math.sin(2 * Math.PI * cycles);
const pitch = (random: Rng) => 80 * 50 ** random(); // 80 Hz to 4 kHz
const make = (samples: number, value: (seconds: number) => number) =>
  Float32Array.from({ length: samples }, (_, i) => value(i / RATE));

function tone(random: Rng, samples: number) {
  const hertz = pitch(random);
  const [start, end] = [0.4 * random(), 0.6 + 0.4 * random()];
  const length = samples / RATE;
  return make(samples, (s) => (s > start * length && s < end * length ? wave(hertz * s) : 0));
}

function chirp(random: Rng, samples: number) {
  const [from, to] = [pitch(random), pitch(random)];
  const length = samples / RATE;
  return make(samples, (s) => wave(from * s + ((to - from) * s * s) / (2 * length)));
}

function stack(random: Rng, samples: number) {
  const hertz = pitch(random) / 4;
  const tilt = 0.5 + 1.5 * random();
  return make(samples, (s) => {
    let sum = 0;
    for (let h = 1; h <= 12; h++) sum += wave(h * hertz * s) / h ** tilt;
    return 0.4 * sum * Math.min(1, 8 * s);
  });
}

function noise(random: Rng, samples: number) {
  const kept = 0.98 * random(); // from white to brown
  const rise = 1 + 4 * random();
  let last = 0;
  return make(samples, (s) => {
    last = kept * last + (1 - kept) * normal(random);
    return last * Math.abs(wave((s * rise) / 4));
  });
}

function bursts(random: Rng, samples: number) {
  const pace = 1 + 9 * random();
  const open = 0.2 + 0.5 * random();
  return make(samples, (s) => ((s * pace) % 1 < open ? 0.5 * normal(random) : 0));
}

function clicks(random: Rng, samples: number) {
  const pace = 2 + 18 * random();
  const hertz = pitch(random);
  return make(samples, (s) => wave(hertz * s) * Math.exp(-200 * ((s * pace) % 1)));
}

function bell(random: Rng, samples: number) {
  const hertz = pitch(random);
  const decay = 2 + 8 * random();
  const at = 0.3 * random();
  return make(samples, (s) => {
    const since = s - at;
    if (since < 0) return 0;
    return 0.5 * Math.exp(-decay * since) * (wave(hertz * since) + wave(2.76 * hertz * since));
  });
}

function wobble(random: Rng, samples: number) {
  const hertz = pitch(random);
  const [rate, depth] = [1 + 9 * random(), 0.05 + 0.3 * random()];
  return make(samples, (s) => wave(hertz * s + ((depth * hertz) / rate / 6) * wave(rate * s)));
}
