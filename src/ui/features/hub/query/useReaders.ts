import { useMemo, useState } from "react";
import { useLoaded, useServices } from "../../../../app/services";
import type { WholeHub } from "../../../../core/domain/hub";
import { MEDIA_MODALITIES } from "../../../../core/domain/modality";
import { AppError } from "../../../../core/errors";
import { readersOf } from "./readers";

/** Which members read what the visitor records or drops; kept in this browser, with the project. */
export function useReaders({ hub, members }: WholeHub) {
  const { settings } = useServices().stores;
  const name = `hub-readers/${hub.projectId}/${hub.id}`;
  const stored = useLoaded(name, () => settings.get(name), []).value;
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>();
  const [error, setError] = useState<AppError | null>(null);
  const wanted = useMemo(() => chosen ?? choicesIn(stored), [chosen, stored]);
  const readers = useMemo(() => readersOf(members, wanted), [members, wanted]);
  const choose = (memberId: string) => {
    const modality = members.find(({ id }) => id === memberId)?.modality;
    if (!modality) return;
    const next = { ...wanted, [modality]: memberId };
    setChosen(next);
    setError(null);
    // It holds on screen nevertheless.
    settings.put(name, next).catch((thrown: unknown) => setError(AppError.from(thrown)));
  };
  return { readers, choose, error, dismissError: () => setError(null) };
}

/** Another version may have stored something else. */
function choicesIn(stored: unknown): Readonly<Record<string, string>> {
  if (typeof stored !== "object" || stored === null) return {};
  const found = new Map<string, unknown>(Object.entries(stored));
  return Object.fromEntries(
    MEDIA_MODALITIES.flatMap((modality) => {
      const id = found.get(modality);
      return typeof id === "string" ? [[modality, id]] : [];
    }),
  );
}
