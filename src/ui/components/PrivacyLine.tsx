import { useForeignRequests } from "./foreignRequests";
import { formatNumberOf } from "./formatting";

/** What leaves the browser: none of the visitor's data, with the count that shows it. */
export function PrivacyLine() {
  const { downloads, others } = useForeignRequests();
  const count = formatNumberOf(downloads + others, "request");
  if (downloads === 0) {
    return (
      <p className="quiet">
        Nothing leaves this browser: {count} to other sites since the page was loaded.
      </p>
    );
  }
  return (
    <p className="quiet">
      Your data stays in this browser: {count} to other sites since the page was loaded,{" "}
      {others === 0 ? "all" : formatNumberOf(downloads, "request")} for encoders you agreed to
      download. Such a request names the file and nothing else.
    </p>
  );
}
