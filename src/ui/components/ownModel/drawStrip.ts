import type { FeatureStrip } from "../../../core/audio/featureStrip";

/** Height of a waveform in pixels; a spectrogram has one for each band. */
const WAVE_HEIGHT = 48;

/** Draws a strip in the canvas's own colour: low bands at the bottom, samples around the middle. */
export function drawStrip(canvas: HTMLCanvasElement, strip: FeatureStrip): void {
  const { rows, cols } = strip;
  canvas.width = cols;
  canvas.height = rows > 1 ? rows : WAVE_HEIGHT;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = getComputedStyle(canvas).color;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const value = strip.values[row * cols + col] ?? 0;
      if (rows === 1) {
        const height = Math.max(1, value * WAVE_HEIGHT);
        context.fillRect(col, (WAVE_HEIGHT - height) / 2, 1, height);
      } else {
        context.globalAlpha = value;
        context.fillRect(col, rows - 1 - row, 1, 1);
      }
    }
  }
  context.globalAlpha = 1;
}
