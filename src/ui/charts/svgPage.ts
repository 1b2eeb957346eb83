/** A chart as a file of its own, and its size in CSS pixels. */
export interface ChartFile {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** What a chart says about itself when it stands alone. */
export interface ChartCaption {
  readonly title: string;
  /** Below the chart: what was measured on what, how many, chance, interval, run, date. */
  readonly lines: readonly string[];
}

/** The light theme of ui/styles/tokens.css: a file has no theme of its own. */
export const FILE_COLOURS = {
  paper: "#fcfcfb",
  ink: "#1b1b19",
  quiet: "#62625c",
  line: "#e2e2de",
  lineStrong: "#8b8b84",
  image: "#0072b2",
  text: "#c17f00",
  audio: "#00875f",
  video: "#2b8cbf",
  sensor: "#b15f8d",
} as const;

const MARGIN = 20;
const TITLE_SIZE = 16;
const NOTE_SIZE = 12;
const NOTE_HEIGHT = 17;
/** Mean advance of a letter in sans-serif type, as a share of its size; errs on the wide side. */
const LETTER = 0.56;

/** A piece of SVG that goes between title and caption. */
export interface ChartBody {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A self-contained SVG: light paper, title, chart, caption. No style sheet, no font file, nothing
 * that is fetched.
 */
export function svgPage({ title, lines }: ChartCaption, body: ChartBody): ChartFile {
  const width = body.width + 2 * MARGIN;
  const titleLines = wrapText(title, body.width, TITLE_SIZE);
  const notes = lines.flatMap((line) => wrapText(line, body.width, NOTE_SIZE));
  const top = MARGIN + titleLines.length * 22 + 6;
  const bottom = top + body.height + 10;
  const height = bottom + notes.length * NOTE_HEIGHT + MARGIN - 6;
  const font = `font-family="Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ${font} font-size="${NOTE_SIZE}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(lines.join(" "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${FILE_COLOURS.paper}"/>`,
    ...titleLines.map((line, i) =>
      svgText(line, {
        ...{ x: MARGIN, y: MARGIN + 16 + i * 22, fill: FILE_COLOURS.ink },
        ...{ "font-size": TITLE_SIZE, "font-weight": 600 },
      }),
    ),
    `<g transform="translate(${MARGIN} ${top})">`,
    body.svg,
    "</g>",
    ...notes.map((line, i) =>
      svgText(line, { x: MARGIN, y: bottom + 12 + i * NOTE_HEIGHT, fill: FILE_COLOURS.quiet }),
    ),
    "</svg>",
  ];
  return { svg: `${parts.join("\n")}\n`, width, height };
}

/** One element of text. */
export function svgText(text: string, attributes: Readonly<Record<string, string | number>>) {
  return `<text${attributesOf(attributes)}>${escapeXml(text)}</text>`;
}

/** Attributes with a blank before each. */
export function attributesOf(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

/** Text that XML takes: its signs written out, control characters left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text over as many lines as its estimated width needs; a word longer than a line is cut. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const most = Math.max(8, Math.floor(width / (fontSize * LETTER)));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, most))) {
    if (line !== "" && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, most: number): string[] {
  const letters = [...word];
  return Array.from({ length: Math.ceil(letters.length / most) }, (_, i) =>
    letters.slice(i * most, (i + 1) * most).join(""),
  );
}
