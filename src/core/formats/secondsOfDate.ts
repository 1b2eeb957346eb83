const DATE =
  /^\s*(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d(?:[.,]\d+)?))?\s*(Z|[+-]\d\d:?\d\d)?\s*$/i;

/**
 * Seconds since 1970 of a date with a time (ISO 8601, `2024-03-01 12:00:00.25`). Without a zone UTC,
 * so that the clocks' change in March is no gap.
 *
 * @returns NaN of any other text.
 */
export function secondsOfDate(text: string): number {
  const [, year, month, day, hours, minutes, seconds = "0", zone = "Z"] = DATE.exec(text) ?? [];
  if (year === undefined) return NaN;
  const days = daysOf(Number(year), Number(month), Number(day));
  const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
  return days * 86_400 + clock - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -60 : 60) * minutes;
}

/** Days since 1970-01-01 (Hinnant, “chrono-compatible low-level date algorithms”, days_from_civil). */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year; // years that begin in March end with the leap day
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + days - 719_468;
}
