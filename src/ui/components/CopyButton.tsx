import { useState } from "react";

interface CopyButtonProps {
  readonly name: string;
  readonly text: () => string;
}

/** Copies text; where the browser refuses, shows it so that it can be copied by hand. */
export function CopyButton({ name, text }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
    } catch {
      setState("refused"); // no permission, or no clipboard: the text itself is the way out
    }
  };
  return (
    <>
      <button type="button" className="button quiet" onClick={() => void copy()}>
        {state === "copied" ? "Copied" : name}
      </button>
      <span role="status" className="visually-hidden">
        {state === "copied" ? `${name}: copied.` : ""}
      </span>
      {state === "refused" && (
        <input
          className="field mono"
          readOnly
          aria-label={`${name}: select and copy`}
          value={text()}
          onFocus={(event) => event.target.select()}
        />
      )}
    </>
  );
}
