import type { GroupColour } from "./colouring";

/** Colours of a map, as `#rrggbb`. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly link: string;
  /** Of points that are not selected while others are. */
  readonly unselected: string;
  readonly image: string;
  readonly text: string;
  readonly categories: readonly string[];
  readonly steps: readonly string[];
}

// Okabe-Ito, darkened or lightened to 3:1 on paper; two more hues told apart by lightness.
const LIGHT = [
  "#0072b2",
  "#c17f00",
  "#00875f",
  "#b15f8d",
  "#2b8cbf",
  "#7a5c00",
  "#5b4fa3",
  "#8a3b2e",
];
const DARK = [
  "#6cb8e6",
  "#f0b93a",
  "#3cc79d",
  "#e0a3c6",
  "#4f8fdc",
  "#c9d65c",
  "#a99bf0",
  "#ff9a5c",
];

// One way in lightness, so that the order shows without the hue.
const LIGHT_STEPS = ["#c17f00", "#b9581c", "#a03a45", "#7b2f66", "#4f2c77", "#1f1f5c"];
const DARK_STEPS = ["#f9e076", "#f2b134", "#e6812f", "#cf5a55", "#ab4a86", "#8a54b4"];

/** The colours of the page as it is shown now, light or dark. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string) =>
    style.getPropertyValue(name).trim() || otherwise;
  const paper = token("--paper", "#fcfcfb");
  const isDark = lightness(paper) < 0.5;
  return {
    paper,
    ink: token("--ink", "#1b1b19"),
    quiet: token("--quiet", "#62625c"),
    line: token("--line-strong", "#8b8b84"),
    link: token("--link", "#0072b2"),
    unselected: isDark ? "#3d3d39" : "#d3d3cd",
    image: token("--modality-image", "#0072b2"),
    text: token("--modality-text", "#c17f00"),
    categories: isDark ? DARK : LIGHT,
    steps: isDark ? DARK_STEPS : LIGHT_STEPS,
  };
}

/** The colour of a group. */
export function colourOf(palette: Palette, colour: GroupColour): string {
  switch (colour.kind) {
    case "category":
      return palette.categories[colour.index] ?? palette.line;
    case "step":
      return palette.steps[colour.index] ?? palette.line;
    case "image":
    case "text":
      return palette[colour.kind];
    case "other":
      return palette.quiet;
    case "none":
      return palette.line;
  }
}

function lightness(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return ((rgb >> 16) + ((rgb >> 8) & 255) + (rgb & 255)) / 765;
}
