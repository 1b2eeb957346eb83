import type { HubMember, Joining, MemberData } from "../../core/domain/hub";
import { fileStem } from "../../core/domain/fileStem";
import type { ExportedFile } from "../../core/domain/takeAway";
import { AppError } from "../../core/errors";
import { packEncoder, readSensePack, writeSensePack } from "../../core/formats/sensePack";
import { matrix } from "../../core/math/matrix";
import type { EncoderStore, HubStore, ProjectStore } from "../../core/ports";
import { projectPlainly } from "../align/forward";
import { encoderKey } from "../encoding/encoderKey";
import { memberDigest } from "./memberDigest";
import { memberOf } from "./memberOf";

interface PackStores {
  readonly hubs: HubStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly projects: Pick<ProjectStore, "list">;
}

/** The largest sense pack that is read: a projector of 20 million numbers. */
const LARGEST_BYTES = 100_000_000;

/** One member as a file of its own. @throws AppError `storage/missing`. */
export async function packSense(
  { hubs, encoders }: Omit<PackStores, "projects">,
  { hubId, memberId }: { readonly hubId: string; readonly memberId: string },
): Promise<ExportedFile> {
  const whole = await hubs.get(hubId);
  const { hub } = whole;
  const found = memberOf(whole, memberId);
  const { hubId: _hub, data, joined, ...member } = found;
  const bytes = writeSensePack({
    hub: { name: hub.name, digest: hub.digest, dimension: hub.dimension },
    encoder: packEncoder(await encoders.get(found.encoder.id)),
    member: { ...member, joined: joined && withoutNames(joined) },
    data: data?.digest ?? null,
  });
  const blob = new Blob([bytes], { type: "application/octet-stream" });
  return { name: `${fileStem(found.name)}.sense.safetensors`, blob };
}

/** Names of single recordings stay here: the file is made to be given away. */
function withoutNames({ flagged: _, failed: __, restart: ___, ...joined }: Joining): Joining {
  return joined;
}

/**
 * Brings a member in from a file. Where a project here has the very data it was trained on, these
 * are its items, so that its recalls can be measured again; else it has none, and what it can do is
 * encode and project new ones. A member of the same id that is here already keeps its items.
 *
 * @throws AppError `hub/pack` for a file that is none, is damaged, or whose encoder is not here in
 *   the same version; `hub/other-hub` for one of another hub; `storage/missing`, `storage/quota`.
 */
export async function unpackSense(
  { hubs, encoders, projects }: PackStores,
  { hubId, file }: { readonly hubId: string; readonly file: Blob },
): Promise<HubMember> {
  if (file.size > LARGEST_BYTES) throw new AppError("hub/pack", "it is larger than 100 MB");
  const pack = readSensePack(new Uint8Array(await file.arrayBuffer()));
  const { hub, members } = await hubs.get(hubId);
  if (pack.hub.digest !== hub.digest) {
    const short = (digest: string) => digest.slice(0, 12);
    const named = `made for “${pack.hub.name}” (${short(pack.hub.digest)})`;
    throw new AppError("hub/other-hub", `${named}, this is “${hub.name}” (${short(hub.digest)})`);
  }
  const before = members.find(({ id }) => id === pack.member.id);
  if (before?.joined === null) {
    throw new AppError("hub/pack", `“${before.name}” is one of those the hub was frozen with`);
  }
  const data = before?.data ?? (await homeOf(pack.data, projects));
  const member: HubMember = { ...pack.member, hubId, data };
  if ((await memberDigest(member)) !== member.digest) {
    throw new AppError("hub/pack", "its projector is not the one its digest names");
  }
  checkProjector(member);
  await checkEncoder(member, pack.encoder.name, encoders);
  await hubs.putMember(member);
  return member;
}

async function homeOf(
  digest: string | null,
  projects: PackStores["projects"],
): Promise<MemberData | null> {
  const home = (await projects.list()).find(({ data }) => data && data.digest === digest);
  return home && digest !== null ? { projectId: home.id, digest } : null;
}

/** A projector that lacks a tensor, or whose tensors do not fit, shows on its first row. */
function checkProjector({ projector }: HubMember): void {
  const width = projector.inputWidth;
  const row = Float32Array.from({ length: width }, (_, d) => Math.sin(d + 1));
  let isSound = false;
  try {
    const { data } = projectPlainly(projector, matrix(1, width, row));
    isSound = data.length === projector.dimension && data.every(Number.isFinite);
  } catch (cause) {
    throw new AppError("hub/pack", `its projector cannot be used: ${String(cause)}`, { cause });
  }
  if (!isSound) throw new AppError("hub/pack", "its projector gives no numbers");
}

async function checkEncoder(
  { encoder, encoderKey: promised }: HubMember,
  name: string,
  encoders: Pick<EncoderStore, "get">,
): Promise<void> {
  const spec = await encoders.get(encoder.id).catch((cause: unknown) => {
    const detail = `its encoder “${name}” is not here; add it on the Encode screen first`;
    throw new AppError("hub/pack", detail, { cause });
  });
  if ((await encoderKey(spec, encoder)) === promised) return;
  throw new AppError("hub/pack", `its encoder “${name}” is here in another version`);
}
