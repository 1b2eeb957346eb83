import { useState } from "react";
import type { HubMember } from "../../../../core/domain/hub";

/** Every subset is asked: 15 rows are read at a glance, 31 are not. */
export const MOST_SOURCES = 4;

/** The members a test asks with and the one it looks in; members that left are left out. */
export function useSources(members: readonly HubMember[]) {
  const [wanted, setWanted] = useState<{ readonly sources?: readonly string[]; target?: string }>(
    {},
  );
  const isThere = (id: string) => members.some((member) => member.id === id);
  const target =
    wanted.target !== undefined && isThere(wanted.target) ? wanted.target : usual(members);
  const others = members.map(({ id }) => id).filter((id) => id !== target);
  const sources = (wanted.sources ?? others)
    .filter((id) => isThere(id) && id !== target)
    .slice(0, MOST_SOURCES);
  return {
    sources,
    target,
    use: (id: string, on: boolean) =>
      setWanted({
        target,
        sources: others.filter((other) => (other === id ? on : sources.includes(other))),
      }),
    find: (next: string) => setWanted({ ...wanted, target: next }),
  };
}

export type Sources = ReturnType<typeof useSources>;

/** Pictures are what people look for; else whatever is no caption. */
function usual(members: readonly HubMember[]): string {
  const ofModality = (modality: string) => members.find((member) => member.modality === modality);
  return (ofModality("image") ?? ofModality("text") ?? members[0])?.id ?? "";
}
