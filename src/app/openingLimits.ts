/**
 * Longest silence while an encoder opens before its driver counts as hung. Compiling shaders for a
 * large network takes a minute on a slow laptop, and a real driver was seen never to answer.
 */
export const OPENING_LIMITS = { "self-check": 120_000 } as const;
