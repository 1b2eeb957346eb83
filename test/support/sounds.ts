/** A PCM WAV of silence, 16 bit. `statedBytes` lies about the length of its data. */
export function wav(
  seconds: number,
  { rate = 8000, channels = 1, statedBytes = -1 } = {},
): Uint8Array<ArrayBuffer> {
  const dataBytes = Math.round(seconds * rate) * channels * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  text(bytes, 0, "RIFF");
  view.setUint32(4, 36 + dataBytes, true);
  text(bytes, 8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(bytes, 36, "data");
  view.setUint32(40, statedBytes < 0 ? dataBytes : statedBytes, true);
  return bytes;
}

/** The header of a FLAC that states so many samples, without any. */
export function flacHeader(samples: number, rate = 44_100, channels = 2): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(42);
  const view = new DataView(bytes.buffer);
  text(bytes, 0, "fLaC");
  view.setUint32(4, 0x80000022);
  view.setUint32(18, rate * 4096 + (channels - 1) * 512 + 15 * 16 + Math.floor(samples / 2 ** 32));
  view.setUint32(22, samples % 2 ** 32);
  return bytes;
}

/** Silent MPEG-1 layer III frames, 128 kbit/s at 44.1 kHz: 417 bytes and 26.1 ms each. */
export function mp3(frames: number, { xing = false, tagBytes = 0 } = {}): Uint8Array<ArrayBuffer> {
  const start = tagBytes > 0 ? 10 + tagBytes : 0;
  const bytes = new Uint8Array(start + 417 * frames);
  const view = new DataView(bytes.buffer);
  if (tagBytes > 0) {
    text(bytes, 0, "ID3\u0004");
    bytes.set([tagBytes >> 7, tagBytes & 0x7f], 8);
  }
  for (let i = 0; i < frames; i++) view.setUint32(start + 417 * i, 0xfffb9000);
  if (xing) {
    text(bytes, start + 36, "Xing");
    view.setUint32(start + 40, 1);
    view.setUint32(start + 44, 1000);
  }
  return bytes;
}

/** An Ogg of two pages: an Opus or Vorbis header, and one that ends at `samples`. */
export function ogg(codec: "opus" | "vorbis", samples: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(28 + 30 + 28);
  const view = new DataView(bytes.buffer);
  for (const at of [0, 58]) {
    text(bytes, at, "OggS");
    bytes[at + 26] = 1;
  }
  if (codec === "opus") {
    text(bytes, 28, "OpusHead\u0001\u0002");
    view.setUint16(38, 312, true);
  } else {
    text(bytes, 28, "\u0001vorbis");
    bytes[39] = 1;
    view.setUint32(40, 22_050, true);
  }
  view.setUint32(58 + 6, samples % 2 ** 32, true);
  view.setUint32(58 + 10, Math.floor(samples / 2 ** 32), true);
  return bytes;
}

/** An MP4 whose movie box comes last, with one track of this handler. */
export function mp4(handler: "soun" | "vide", seconds: number, rate = 44_100) {
  const mdhd = new Uint8Array(24);
  new DataView(mdhd.buffer).setUint32(12, rate);
  new DataView(mdhd.buffer).setUint32(16, seconds * rate);
  const hdlr = new Uint8Array(24);
  text(hdlr, 8, handler);
  const mdia = box("mdia", concat(box("mdhd", mdhd), box("hdlr", hdlr)));
  const ftyp = box("ftyp", new TextEncoder().encode("M4A \0\0\0\0"));
  return concat(ftyp, box("mdat", new Uint8Array(99)), box("moov", box("trak", mdia)));
}

function box(type: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + content.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  text(bytes, 4, type);
  bytes.set(content, 8);
  return bytes;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function text(bytes: Uint8Array, at: number, value: string): void {
  bytes.set(new TextEncoder().encode(value), at);
}
