interface GridKeyOptions {
  readonly pairs: number;
  readonly columns: number;
  /** Place of the card that has the focus. */
  readonly focused: number;
  readonly move: (place: number) => void;
  readonly toggle: (extend: boolean) => void;
  readonly exclude: () => void;
  readonly clear: () => void;
}

/**
 * The keys of the grid: arrows, Home and End move, X selects, Shift + X selects up to here, Delete
 * excludes what is selected, Escape selects nothing. Enter opens, as on every button.
 */
export function gridKeys(options: GridKeyOptions) {
  const { pairs, columns, focused, move, toggle, exclude, clear } = options;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -focused,
    End: pairs - 1 - focused,
  };
  return (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLMediaElement) return; // arrows wind the player
    const step = steps[event.key];
    const next = focused + (step ?? 0);
    if (step !== undefined && next >= 0 && next < pairs) move(next);
    else if (event.key.toLowerCase() === "x") toggle(event.shiftKey);
    else if (event.key === "Delete") exclude();
    else if (event.key === "Escape") clear();
    else return;
    event.preventDefault();
  };
}
