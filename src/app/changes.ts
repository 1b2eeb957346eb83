/**
 * What stored data a change touched. Screens reload what they show of it, in this tab and, over a
 * BroadcastChannel, in every other.
 */
export type Topic =
  | "projects"
  | "encoders"
  | "calibrations"
  | `project/${string}`
  | `runs/${string}`
  | `run/${string}`
  | "hubs"
  | `hub/${string}`;

/** Tells screens, here and in other tabs, that stored data changed. */
export class Changes {
  readonly #listeners = new Set<(topic: Topic) => void>();
  readonly #channel: BroadcastChannel;

  constructor(channel: BroadcastChannel) {
    this.#channel = channel;
    channel.addEventListener("message", (event: MessageEvent<Topic>) => this.#deliver(event.data));
  }

  readonly subscribe = (listener: (topic: Topic) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  publish(...topics: Topic[]): void {
    for (const topic of topics) {
      this.#deliver(topic);
      this.#channel.postMessage(topic);
    }
  }

  #deliver(topic: Topic): void {
    for (const listener of this.#listeners) listener(topic);
  }
}
