import { useId, useState } from "react";
import { DEFAULT_HUB } from "../../../app/hubChoice";
import { useHubAddress, useServices } from "../../../app/services";
import { AppError } from "../../../core/errors";

/** Where encoders are downloaded from: the model hub, or a mirror with the same layout. */
export function HubSetting() {
  const { hub } = useServices();
  const address = useHubAddress();
  const [typed, setTyped] = useState(address);
  const [error, setError] = useState<AppError | null>(null);
  const noteId = useId();
  const save = () => {
    try {
      hub.set(typed);
      setTyped(hub.get());
      setError(null);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  return (
    <form action={save}>
      <label>
        Model hub
        <input
          className="field"
          value={typed}
          placeholder={DEFAULT_HUB}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={noteId}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={save}
        />
      </label>
      <p id={noteId} className="quiet" role={error ? "alert" : undefined}>
        {error
          ? error.fullText
          : "Where encoders come from, asked only when you agree to a download. A mirror may be a path of this site, such as /hub."}
      </p>
    </form>
  );
}
