import { expect, it } from "vitest";
import { Mutex } from "../../../src/engine/encoders/mutex";

const tick = () => new Promise((resolve) => setTimeout(resolve));

it("lets one task at a time through, in order of arrival", async () => {
  const mutex = new Mutex();
  let inside = 0;
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map((task) =>
      mutex.run(async () => {
        expect(++inside).toBe(1);
        await tick();
        order.push(task);
        inside--;
      }),
    ),
  );
  expect(order).toEqual([1, 2, 3]);
});

it("lets queries overtake waiting batches, but not each other or the running one", async () => {
  const mutex = new Mutex();
  const order: string[] = [];
  const task = (name: string) => async () => {
    order.push(name);
    await tick();
  };
  await Promise.all([
    mutex.run(task("running"), "batch"),
    mutex.run(task("batch 1"), "batch"),
    mutex.run(task("batch 2"), "batch"),
    mutex.run(task("query 1"), "query"),
    mutex.run(task("query 2"), "query"),
  ]);
  expect(order).toEqual(["running", "query 1", "query 2", "batch 1", "batch 2"]);
});

it("goes on after a task that failed, synchronously too", async () => {
  const mutex = new Mutex();
  const failed = mutex.run(() => Promise.reject(new Error("late")));
  const thrown = mutex.run(() => {
    throw new Error("at once");
  });
  const next = mutex.run(() => Promise.resolve("fine"));
  await expect(failed).rejects.toThrow("late");
  await expect(thrown).rejects.toThrow("at once");
  await expect(next).resolves.toBe("fine");
});
