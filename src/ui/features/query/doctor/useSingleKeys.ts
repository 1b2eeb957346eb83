import { useState } from "react";
import { useLoaded, useServices } from "../../../../app/services";

const SETTING = "doctor-single-keys"; // of this browser, for all projects

/** Whether single letters do something, which not everybody wants; remembered. */
export function useSingleKeys() {
  const { stores } = useServices();
  const stored = useLoaded(SETTING, () => stores.settings.get(SETTING), []);
  const [chosen, setChosen] = useState<boolean | null>(null);
  return {
    isOn: chosen ?? stored.value !== false,
    set: (isOn: boolean) => {
      setChosen(isOn);
      void stores.settings.put(SETTING, isOn);
    },
  };
}

export type SingleKeys = ReturnType<typeof useSingleKeys>;
