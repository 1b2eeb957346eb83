const QUIET_MS = 10_000; // often enough to see life in a log, seldom enough to read it

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Progress on a terminal as one line that updates; elsewhere (logs, CI) a plain line whenever the
 * stage changes and every 10 s.
 */
export class ProgressReport {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #stage = "";
  #writtenAt = Number.NEGATIVE_INFINITY;
  #hasOpenLine = false;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** @param fraction share done in [0, 1], where it is known. */
  show(text: string, fraction?: number): void {
    const share = fraction === undefined ? "" : `${Math.floor(fraction * 100)} % `.padStart(6);
    const line = `${share}${text.replaceAll(/\s+/g, " ")}`;
    if (this.#terminal.isTTY) {
      this.#terminal.write(`\r\u001b[K${line.slice(0, (this.#terminal.columns ?? 80) - 1)}`);
      this.#hasOpenLine = true;
      return;
    }
    // Amounts count up within a stage; the words around them stay.
    const stage = text.replaceAll(/\d+([.,:]\d+)*( [kMG]?B)?/g, "#");
    if (stage === this.#stage && this.#now() - this.#writtenAt < QUIET_MS) return;
    this.#stage = stage;
    this.#writtenAt = this.#now();
    this.#terminal.write(`${line}\n`);
  }

  /** Leaves the terminal at the start of a fresh line. */
  end(): void {
    if (this.#hasOpenLine) this.#terminal.write("\r\u001b[K");
    this.#hasOpenLine = false;
  }
}
