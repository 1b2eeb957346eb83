import {
  attributesOf,
  FILE_COLOURS,
  svgPage,
  svgText,
  type ChartCaption,
  type ChartFile,
} from "./svgPage";

/** A table whose cells are tinted by their number: a heat map, a confusion matrix. */
export interface TintedGrid {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** In the corner, where rows and columns need telling apart: `truth ↓ predicted →`. */
  readonly corner: string;
  /** [rows, columns], row-major. */
  readonly cells: readonly TintedCell[];
}

export interface TintedCell {
  readonly words: string;
  /** Strength of the tint, 0 to 1. */
  readonly share: number;
  /** In bold: the best, the diagonal. */
  readonly isStrong?: boolean;
}

const CELL = { width: 56, height: 28 } as const;
const NAME_LETTERS = 36; // longer names are cut, as on the screen
const LETTER_WIDTH = 6.7; // of 12 px type, on the wide side
const SLANT = Math.PI / 4;

/** A tinted grid as a file with its caption; column names stand aslant. */
export function gridSvg(grid: TintedGrid, caption: ChartCaption): ChartFile {
  const { rows, columns, corner, cells } = grid;
  const widest = (names: readonly string[]) =>
    Math.max(0, ...names.map((name) => Math.min([...name].length, NAME_LETTERS) * LETTER_WIDTH));
  const left = Math.ceil(Math.max(widest(rows), corner.length * LETTER_WIDTH)) + 10;
  const head = Math.ceil(widest(columns) * Math.sin(SLANT)) + 24;
  const overhang = Math.ceil(widest(columns.slice(-1)) * Math.cos(SLANT));
  const parts = [
    svgText(corner, { x: 0, y: head - 8, fill: FILE_COLOURS.quiet }),
    ...columns.map((name, column) => {
      const [x, y] = [left + (column + 0.5) * CELL.width, head - 8];
      const turned = { transform: `translate(${x} ${y}) rotate(-45)`, fill: FILE_COLOURS.ink };
      return svgText(cut(name), turned);
    }),
    ...rows.map((name, row) =>
      svgText(cut(name), {
        ...{ x: left - 8, y: head + (row + 0.5) * CELL.height, dy: "0.32em" },
        ...{ "text-anchor": "end", fill: FILE_COLOURS.ink },
      }),
    ),
    ...cells.flatMap((cell, at) => {
      const x = left + (at % columns.length) * CELL.width;
      const y = head + Math.floor(at / columns.length) * CELL.height;
      return tinted(cell, x, y);
    }),
  ];
  const width = Math.max(left + columns.length * CELL.width + overhang, 480);
  const height = head + rows.length * CELL.height;
  return svgPage(caption, { svg: parts.join("\n"), width, height });
}

function tinted({ words, share, isStrong }: TintedCell, x: number, y: number): string[] {
  const inside = { x: x + 1, y: y + 1, width: CELL.width - 2, height: CELL.height - 2, rx: 2 };
  // 42 % at most: ink stays readable on it.
  const opacity = Number((Math.min(1, Math.max(0, share || 0)) * 0.42).toFixed(3));
  const tint = { fill: FILE_COLOURS.image, "fill-opacity": opacity };
  return [
    `<rect${attributesOf({ ...inside, ...tint })}/>`,
    svgText(words, {
      ...{ x: x + CELL.width / 2, y: y + CELL.height / 2, dy: "0.32em", "text-anchor": "middle" },
      ...{ fill: FILE_COLOURS.ink, "font-weight": isStrong ? 600 : 400 },
    }),
  ];
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length > NAME_LETTERS ? `${letters.slice(0, NAME_LETTERS - 1).join("")}…` : name;
}
