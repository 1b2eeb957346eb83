import { useMemo } from "react";
import { useEncoders, useLoaded, useServices } from "../../../../app/services";
import type { HubMember } from "../../../../core/domain/hub";
import { namesToldApart } from "./memberWords";

/** The members of a hub, those of one modality with names that also say where each is from. */
export function useToldApart(members: readonly HubMember[]): readonly HubMember[] {
  const { stores } = useServices();
  const encoders = useEncoders();
  const { value } = useLoaded("projects", () => stores.projects.list(), ["projects"]);
  const names =
    value && // until then their own names, not those of encoders
    namesToldApart(members, {
      projectOf: ({ data }) => value.find(({ id }) => id === data?.projectId)?.name,
      encoderOf: ({ encoder }) => encoders.find(({ id }) => id === encoder.id)?.name ?? encoder.id,
    });
  const joined = JSON.stringify(names ?? []); // the same as long as it says the same
  return useMemo(() => {
    const shown = JSON.parse(joined) as readonly string[]; // made above
    return members.map((member, i) => {
      const name = shown[i] ?? member.name;
      return name === member.name ? member : { ...member, name };
    });
  }, [members, joined]);
}
