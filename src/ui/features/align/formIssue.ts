import type { AppError } from "../../../core/errors";
import type { AlignForm } from "./alignForm";
import { CHOICE_NAMES, TEXT_FIELDS, type TextKey } from "./formFields";

/** What every group of settings gets. */
export interface SettingsProps {
  readonly form: AlignForm;
  readonly issue: FormIssue | null;
  readonly onChange: (form: AlignForm) => void;
}

/** What is wrong with a form, and where. */
export interface FormIssue {
  readonly error: AppError;
  /** Key under `align` or `evaluate`; null where no single field is at fault. */
  readonly key: string | null;
  /** With the name the field has on screen. */
  readonly message: string;
}

/** Which field a refused recipe complains about, in the words of the form. */
export function issueOf(error: AppError): FormIssue {
  const [, section, key, rest] = /^(align|evaluate)\.?([\w.]*)(?:\[\d+\])?(.*)$/s.exec(
    error.detail,
  ) ?? [null, null, null, null];
  if (!section || !key) return { error, key: null, message: error.detail };
  return { error, key, message: `${nameOf(key)}${rest ?? ""}` };
}

/** What the form calls a setting. */
export function nameOf(key: string): string {
  return key in TEXT_FIELDS ? TEXT_FIELDS[key as TextKey].name : (CHOICE_NAMES[key] ?? key);
}

/** Whether what is wrong lies in one of these settings, or below one. */
export function concerns(issue: FormIssue | null, keys: readonly string[]): boolean {
  const at = issue?.key;
  return at != null && keys.some((key) => at === key || at.startsWith(`${key}.`));
}

/** What is wrong with exactly this setting, or null. */
export function problemOf(issue: FormIssue | null, key: string): string | null {
  return issue?.key === key ? issue.message : null;
}
