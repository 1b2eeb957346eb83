// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import {
  useExplanation,
  type ExplanationContext,
} from "../../../../src/ui/features/query/explain/useExplanation";

afterEach(cleanup);

/** A question that answers when it is told to, and remembers what it was asked. */
function setup() {
  const asked: { key: string; signal: AbortSignal; answer: (value: string) => void }[] = [];
  const view = renderHook(
    ({ key, step }: { key: string | null; step: number }) =>
      useExplanation(
        key,
        step,
        ({ signal }: ExplanationContext) =>
          new Promise<string>((answer) => asked.push({ key: `${key} ${step}`, signal, answer })),
      ),
    { initialProps: { key: "a" as string | null, step: 1 } },
  );
  const count = (n: number) => waitFor(() => expect(asked).toHaveLength(n));
  const answer = (i: number, value: string) => act(async () => asked[i]!.answer(value));
  return { ...view, asked, count, answer };
}

it("asks only for the question where one stays", async () => {
  const { rerender, asked, count } = setup();
  rerender({ key: "b", step: 1 });
  rerender({ key: "c", step: 1 });
  await count(1);
  expect(asked[0]?.key).toBe("c 1");
});

it("cancels the question before and shows nothing of it", async () => {
  const { rerender, result, asked, count, answer } = setup();
  await count(1);
  rerender({ key: "b", step: 1 });
  expect(asked[0]?.signal.aborted).toBe(true);
  await answer(0, "old");
  expect(result.current.value).toBeUndefined();
  await count(2);
  await answer(1, "new");
  expect(result.current).toMatchObject({ value: "new", isBusy: false });
});

it("follows steps that come faster than answers, keeping what it shows", async () => {
  const { rerender, result, asked, count, answer } = setup();
  await count(1);
  for (const step of [2, 3, 4]) rerender({ key: "a", step });
  expect(asked).toHaveLength(1);
  await answer(0, "at 1");
  await count(2);
  expect(asked[1]?.key).toBe("a 4"); // 2 and 3 were never asked
  expect(result.current).toMatchObject({ value: "at 1", isBusy: true });
  await answer(1, "at 4");
  rerender({ key: "a", step: 5 });
  await count(3);
  expect(result.current.value).toBe("at 4");
});

it("asks nothing for no question", async () => {
  const { rerender, result, asked } = setup();
  rerender({ key: null, step: 1 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked).toHaveLength(0);
  expect(result.current.isBusy).toBe(false);
});
