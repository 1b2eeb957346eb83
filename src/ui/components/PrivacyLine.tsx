import { useForeignRequests } from "./foreignRequests";
import { formatNumberOf } from "./formatting";

/** What leaves the browser: nothing, with the count that shows it. */
export function PrivacyLine() {
  const count = useForeignRequests();
  return (
    <p className="quiet">
      Nothing leaves this browser: {formatNumberOf(count, "request")} to other sites since the page
      was loaded.
    </p>
  );
}
