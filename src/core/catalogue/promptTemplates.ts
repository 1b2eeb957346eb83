/** Names of ready-made lists of prompt templates. */
export const PROMPT_PRESETS = ["clip-1", "clip-7", "clip-80"] as const;
export type PromptPreset = (typeof PROMPT_PRESETS)[number];

/** What a recipe says: a ready-made list by name, or templates of one's own. */
export type TemplateChoice = PromptPreset | readonly string[];

/** CLIP's 80 templates for ImageNet, in its order, its grammar kept: `itap` is “I took a picture”. */
const CLIP_80 = [
  "a bad photo of a {}.",
  "a photo of many {}.",
  "a sculpture of a {}.",
  "a photo of the hard to see {}.",
  "a low resolution photo of the {}.",
  "a rendering of a {}.",
  "graffiti of a {}.",
  "a bad photo of the {}.",
  "a cropped photo of the {}.",
  "a tattoo of a {}.",
  "the embroidered {}.",
  "a photo of a hard to see {}.",
  "a bright photo of a {}.",
  "a photo of a clean {}.",
  "a photo of a dirty {}.",
  "a dark photo of the {}.",
  "a drawing of a {}.",
  "a photo of my {}.",
  "the plastic {}.",
  "a photo of the cool {}.",
  "a close-up photo of a {}.",
  "a black and white photo of the {}.",
  "a painting of the {}.",
  "a painting of a {}.",
  "a pixelated photo of the {}.",
  "a sculpture of the {}.",
  "a bright photo of the {}.",
  "a cropped photo of a {}.",
  "a plastic {}.",
  "a photo of the dirty {}.",
  "a jpeg corrupted photo of a {}.",
  "a blurry photo of the {}.",
  "a photo of the {}.",
  "a good photo of the {}.",
  "a rendering of the {}.",
  "a {} in a video game.",
  "a photo of one {}.",
  "a doodle of a {}.",
  "a close-up photo of the {}.",
  "a photo of a {}.",
  "the origami {}.",
  "the {} in a video game.",
  "a sketch of a {}.",
  "a doodle of the {}.",
  "a origami {}.",
  "a low resolution photo of a {}.",
  "the toy {}.",
  "a rendition of the {}.",
  "a photo of the clean {}.",
  "a photo of a large {}.",
  "a rendition of a {}.",
  "a photo of a nice {}.",
  "a photo of a weird {}.",
  "a blurry photo of a {}.",
  "a cartoon {}.",
  "art of a {}.",
  "a sketch of the {}.",
  "a embroidered {}.",
  "a pixelated photo of a {}.",
  "itap of the {}.",
  "a jpeg corrupted photo of the {}.",
  "a good photo of a {}.",
  "a plushie {}.",
  "a photo of the nice {}.",
  "a photo of the small {}.",
  "a photo of the weird {}.",
  "the cartoon {}.",
  "art of the {}.",
  "a drawing of the {}.",
  "a photo of the large {}.",
  "a black and white photo of a {}.",
  "the plushie {}.",
  "a dark photo of a {}.",
  "itap of a {}.",
  "graffiti of the {}.",
  "a toy {}.",
  "itap of my {}.",
  "a photo of a cool {}.",
  "a photo of a small {}.",
  "a tattoo of the {}.",
] as const;

/**
 * The templates of each preset; `{}` stands for the class name.
 *
 * `clip-7` is what forward selection over the 80 kept on ImageNet, in the order of selection.
 *
 * Source: OpenAI, CLIP (MIT), notebooks/Prompt_Engineering_for_ImageNet.ipynb; the single template:
 * Radford et al. 2021, arXiv 2103.00020, section 3.1.4.
 */
export const PRESET_TEMPLATES: Readonly<Record<PromptPreset, readonly string[]>> = {
  "clip-1": ["a photo of a {}."],
  "clip-7": [
    "itap of a {}.",
    "a bad photo of the {}.",
    "a origami {}.",
    "a photo of the large {}.",
    "a {} in a video game.",
    "art of the {}.",
    "a photo of the small {}.",
  ],
  "clip-80": CLIP_80,
};

/** Whether `value` names a preset. */
export function isPromptPreset(value: unknown): value is PromptPreset {
  return PROMPT_PRESETS.some((preset) => preset === value);
}

/** The templates a choice stands for. */
export function templatesOf(choice: TemplateChoice): readonly string[] {
  return isPromptPreset(choice) ? PRESET_TEMPLATES[choice] : choice;
}

/** A choice as lines of text: the name of a preset, or one template per line. */
export function templateLines(choice: TemplateChoice): string {
  return isPromptPreset(choice) ? choice : choice.join("\n");
}

/** The choice that lines of text are: `clip-7` alone is the preset, all else templates. */
export function templateChoiceOf(text: string): TemplateChoice {
  const lines = text.split("\n").map((line) => line.trim());
  const [only, ...others] = [...new Set(lines.filter((line) => line !== ""))];
  if (only === undefined) return [];
  return others.length === 0 && isPromptPreset(only) ? only : [only, ...others];
}
