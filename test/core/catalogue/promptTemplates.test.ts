import { describe, expect, it } from "vitest";
import {
  PRESET_TEMPLATES,
  PROMPT_PRESETS,
  templateChoiceOf,
  templateLines,
  templatesOf,
} from "../../../src/core/catalogue/promptTemplates";
import { LICENCES } from "../../../src/core/catalogue/licences";
import { defaultRecipe, resolveRecipe } from "../../../src/core/domain/recipe";

describe("prompt presets", () => {
  it("have as many different templates as their names say, each with a place for the class", () => {
    for (const preset of PROMPT_PRESETS) {
      const templates = templatesOf(preset);
      expect(templates).toHaveLength(Number(preset.split("-")[1]));
      expect(new Set(templates).size).toBe(templates.length);
      expect(templates.every((template) => template.split("{}").length === 2)).toBe(true);
    }
  });

  it("are nested: the 7 and the 1 were chosen from the 80", () => {
    const all = new Set(PRESET_TEMPLATES["clip-80"]);
    for (const template of [...templatesOf("clip-1"), ...templatesOf("clip-7")]) {
      expect(all).toContain(template);
    }
  });

  it("name their author and licence", () => {
    const entry = LICENCES.find(({ name }) => name === "CLIP prompt templates");
    expect(entry).toMatchObject({ licence: "MIT", copyright: "Copyright (c) 2021 OpenAI" });
  });
});

describe("templates in a field of text", () => {
  it("are a preset when its name is all there is", () => {
    expect(templateChoiceOf(" clip-7 \n")).toBe("clip-7");
    expect(templateChoiceOf("clip-7\na {}")).toEqual(["clip-7", "a {}"]);
    expect(templateChoiceOf("a {}\n\n the {} \na {}")).toEqual(["a {}", "the {}"]);
    expect(templateChoiceOf("")).toEqual([]);
  });

  it("come back as they were written", () => {
    for (const choice of ["clip-80", ["a {}", "the {}"]] as const) {
      expect(templateChoiceOf(templateLines(choice))).toEqual(choice);
    }
  });
});

describe("templates in a recipe", () => {
  const base = defaultRecipe({ sample: "emoji" });
  const withTemplates = (templates: unknown) =>
    resolveRecipe({
      ...base,
      evaluate: { ...base.evaluate, zeroShot: { label: "kind", templates } },
    }).evaluate.zeroShot?.templates;

  it("stay as they were written", () => {
    expect(withTemplates("clip-80")).toBe("clip-80");
    expect(withTemplates(["a {}"])).toEqual(["a {}"]);
  });

  it("are refused where they are neither a preset nor a list with places for the class", () => {
    const invalid = (detail: string) =>
      expect.objectContaining({
        code: "recipe/invalid",
        detail: expect.stringContaining(detail) as string,
      });
    expect(() => withTemplates("clip-8")).toThrow(invalid("one of clip-1, clip-7, clip-80"));
    expect(() => withTemplates(["clip-7", "a {}"])).toThrow(invalid("{} in every template"));
    expect(() => withTemplates([])).toThrow(invalid("at least one"));
  });
});
