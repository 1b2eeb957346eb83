import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import { LagTest, type LagSide } from "../../../components/lag/LagTest";

/** A lag scan of the members that are recordings over time; nothing where none is. */
export function HubLagTest({ hub, members }: WholeHub) {
  const streams = members.filter(({ modality }) => modality === "sensor");
  if (streams.length === 0) return null;
  return (
    <LagTest
      jobId={`hub-lag/${hub.id}`}
      hubId={hub.id}
      streams={streams.map(sideOf)}
      others={members.map(sideOf)}
    />
  );
}

function sideOf({ id, name, data, modality, encoderKey }: HubMember): LagSide {
  return { id, name, modality, raw: data && { projectId: data.projectId, modality, encoderKey } };
}
