import { AppError } from "../errors";
import { memberFacts } from "../domain/hubShapes";
import type { HubMember } from "../domain/hub";
import type { EncoderSpec } from "../domain/encoder";
import type { Projector } from "../domain/projector";
import { projectorShape } from "../domain/runShapes";
import { textOfBytes } from "./bytesText";
import { packProjector, unpackProjector } from "./projectorFile";
import { readSafetensorsHeader, safetensorsHeaderLength } from "./safetensors";
import { count, digest, fields, list, nullable, oneOf, text } from "./shape";

/** What the metadata of the file says it is. */
const FORMAT = "alignment-playground-sense";
const VERSION = 1;

/** Which hub a sense pack fits, in words and by digest. */
export interface PackHub {
  readonly name: string;
  readonly digest: string;
  readonly dimension: number;
}

/** The encoder a sense pack needs, so that it can be had elsewhere too. */
export interface PackEncoder {
  readonly name: string;
  readonly source: string;
  readonly revision: string;
  readonly license: string;
  readonly files: readonly { readonly path: string; readonly sha256: string | null }[];
}

/** One modality of a hub as a file of its own, without the items it was trained on. */
export interface SensePack {
  readonly hub: PackHub;
  readonly encoder: PackEncoder;
  readonly member: Omit<HubMember, "hubId" | "data">;
  /** Digest of the data it was trained on, which the file does not hold; null: none is known. */
  readonly data: string | null;
}

type PackRecord = Omit<SensePack, "member"> & {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly member: Omit<SensePack["member"], "projector">;
};

const record = fields<PackRecord>({
  format: oneOf([FORMAT]),
  version: count,
  hub: fields<PackHub>({ name: text, digest, dimension: count }),
  encoder: fields<PackEncoder>({
    name: text,
    source: text,
    revision: text,
    license: text,
    files: list(fields<PackEncoder["files"][number]>({ path: text, sha256: nullable(digest) })),
  }),
  member: fields<PackRecord["member"]>(memberFacts),
  data: nullable(text),
});

/** What a sense pack says of an encoder. */
export function packEncoder({ name, source, revision, license, files }: EncoderSpec): PackEncoder {
  const named = files.map(({ path, sha256 }) => ({ path, sha256 }));
  return { name, source, revision, license, files: named };
}

/**
 * A sense pack as one safetensors file: the projector's tensors, and under `sense` in the metadata
 * everything else as JSON. Any safetensors reader opens it.
 */
export function writeSensePack({ hub, encoder, member, data }: SensePack): Uint8Array<ArrayBuffer> {
  const { projector, ...facts } = member;
  const content: PackRecord = {
    format: FORMAT,
    version: VERSION,
    hub,
    encoder,
    data,
    member: facts,
  };
  return packProjector(projector, { sense: JSON.stringify(content) });
}

/**
 * What `writeSensePack` wrote. Whether the projector is the one its digest names is for the caller.
 *
 * @throws AppError `hub/pack`, with what is wrong.
 */
export function readSensePack(file: Uint8Array<ArrayBuffer>): SensePack {
  try {
    const headerBytes = safetensorsHeaderLength(file, file.length, "the file");
    const { metadata, tensors } = readSafetensorsHeader(
      textOfBytes(file.subarray(8, 8 + headerBytes)),
      {
        headerBytes,
        sizeBytes: file.length,
        name: "the file",
      },
    );
    const { sense } = metadata;
    const odd = tensors.find(({ dtype }) => dtype !== "F32");
    if (odd) throw new AppError("hub/pack", `tensor “${odd.name}” is ${odd.dtype}, not F32`);
    if (sense === undefined) throw new AppError("hub/pack", "it holds arrays, but no sense");
    const { hub, encoder, member, data, version } = record(JSON.parse(sense), "sense");
    if (version > VERSION) {
      const detail = `version ${version} of the format; this page reads up to ${VERSION}`;
      throw new AppError("hub/pack", detail);
    }
    const projector = fittingProjector(file, hub, member);
    return { hub, encoder, data, member: { ...member, projector } };
  } catch (thrown) {
    const { code, detail, message } = AppError.from(thrown);
    if (code === "hub/pack") throw thrown;
    throw new AppError("hub/pack", detail || message, { cause: thrown });
  }
}

function fittingProjector(
  file: Uint8Array<ArrayBuffer>,
  { dimension }: PackHub,
  { modality }: Pick<HubMember, "modality">,
): Projector {
  const projector = projectorShape(unpackProjector(file), "projector");
  const finite = Object.values(projector.tensors).every(({ data }) => data.every(Number.isFinite));
  if (!finite) throw new AppError("hub/pack", "its projector holds NaN or infinity");
  if (projector.dimension === dimension && projector.modality === modality) return projector;
  const detail = `its projector is of ${projector.modality} into ${projector.dimension} dimensions`;
  throw new AppError("hub/pack", detail);
}
