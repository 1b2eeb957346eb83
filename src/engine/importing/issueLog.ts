import type { ImportIssue } from "../../core/domain/dataset";
import type { Fault } from "./faults";
import { ISSUES_PER_TOPIC } from "./limits";

interface Topic {
  readonly kind: ImportIssue["kind"];
  readonly fault: Fault;
  count: number;
}

/** Collects issues; lists up to `perTopic` of each cause and counts the rest. */
export class IssueLog {
  readonly #perTopic: number;
  readonly #listed: ImportIssue[] = [];
  readonly #topics = new Map<string, Topic>();

  constructor(perTopic = ISSUES_PER_TOPIC) {
    this.#perTopic = perTopic;
  }

  add(kind: ImportIssue["kind"], where: string, fault: Fault): void {
    const key = `${kind}/${fault.topic}`;
    const topic = this.#topics.get(key) ?? { kind, fault, count: 0 };
    this.#topics.set(key, topic);
    topic.count++;
    if (topic.count > this.#perTopic) return;
    this.#listed.push({ kind, where, reason: fault.reason, remedy: fault.remedy });
  }

  /** Everything listed, then one line per cause for those beyond the limit. */
  issues(): ImportIssue[] {
    const beyond = [...this.#topics.values()].filter(({ count }) => count > this.#perTopic);
    const lines = beyond.map(({ kind, fault, count }) => ({
      kind,
      where: `${(count - this.#perTopic).toLocaleString("en")} more`,
      reason: fault.topic,
      remedy: fault.remedy,
    }));
    return [...this.#listed, ...lines];
  }

  /** Causes of skipped rows, most frequent first: `12 × file not found; 3 × empty caption`. */
  skippedCauses(): string {
    return [...this.#topics.values()]
      .filter(({ kind }) => kind === "skipped")
      .sort((a, b) => b.count - a.count)
      .map(({ fault, count }) => `${count.toLocaleString("en")} × ${fault.topic}`)
      .join("; ");
  }
}
