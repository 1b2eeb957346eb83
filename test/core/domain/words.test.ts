import { expect, it } from "vitest";
import { withoutWord, wordsOf } from "../../../src/core/domain/words";

const words = (text: string, language?: string) => wordsOf(text, language).map(({ word }) => word);

it("finds words by Unicode's rules, not by spaces", () => {
  expect(words("a red, red apple (ripe)")).toEqual(["a", "red", "red", "apple", "ripe"]);
  expect(words("don't e-mail 3.5 m")).toEqual(["don't", "e", "mail", "3.5", "m"]);
  expect(words("猫が寝る", "ja").length).toBeGreaterThan(1);
  expect(words("красное яблоко")).toEqual(["красное", "яблоко"]);
});

it("finds none in punctuation, symbols or nothing", () => {
  expect(words("")).toEqual([]);
  expect(words("… ! ❤️ →")).toEqual([]);
});

it("leaves one word out, with one of the spaces around it", () => {
  const text = "a red apple";
  expect(wordsOf(text).map((span) => withoutWord(text, span))).toEqual([
    "red apple",
    "a apple",
    "a red",
  ]);
});

it("leaves out the one meant, also where the word is there twice", () => {
  const text = "red on red";
  expect(withoutWord(text, wordsOf(text)[2]!)).toBe("red on");
});

it("keeps punctuation, and what had no space stays together", () => {
  expect(withoutWord("(apple), pear", wordsOf("(apple), pear")[0]!)).toBe("(), pear");
  expect(withoutWord("apple", wordsOf("apple")[0]!)).toBe("");
});
