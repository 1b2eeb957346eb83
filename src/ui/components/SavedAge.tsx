import { formatAge, formatDate } from "./formatting";

interface SavedAgeProps {
  /** Ms since 1970; null: never; undefined while it is being looked up. */
  readonly lastSaved: number | null | undefined;
}

/** `Last saved as a file 3 days ago`, with the date behind it. */
export function SavedAge({ lastSaved }: SavedAgeProps) {
  if (lastSaved === undefined) return null;
  if (lastSaved === null) return <>Never saved as a file</>;
  return (
    <time dateTime={new Date(lastSaved).toISOString()} title={formatDate(lastSaved)}>
      Last saved as a file {formatAge(lastSaved, Date.now())}
    </time>
  );
}
