import { useState } from "react";
import { useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";

/** One recording of a project to try a network on, the first unless another is asked for. */
export function useSoundSample({ id, data }: Project) {
  const { stores } = useServices();
  const [place, setPlace] = useState(0);
  const total = data?.report.items.audio ?? 0;
  return {
    place,
    total,
    next: () => setPlace(total === 0 ? 0 : (place + 1) % total),
    /** The file; undefined where the project has none. @throws AppError `storage/missing`. */
    read: async (): Promise<Blob | undefined> => {
      const [item] = await stores.datasets.itemRange(id, "audio", place, place + 1);
      return item && stores.datasets.blob(id, item.digest);
    },
  };
}

export type SoundSample = ReturnType<typeof useSoundSample>;
