import { useEffect, useState } from "react";
import { useServices } from "../../../app/services";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The visitor's theme, remembered in this browser and shown on the document. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const { settings } = useServices().stores;
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => {
    let current = true;
    void settings.get("theme").then((stored) => {
      const known = THEMES.find((name) => name === stored);
      if (current && known) setTheme(known);
    });
    return () => {
      current = false;
    };
  }, [settings]);
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  const choose = (next: Theme) => {
    setTheme(next);
    void settings.put("theme", next);
  };
  return [theme, choose];
}
