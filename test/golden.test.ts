import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { transpose } from "../src/core/math/linalg/matrix64";
import { timesTransposed } from "../src/core/math/linalg/product";
import { hsic } from "../src/core/metrics/cka";
import { openBackend } from "../src/engine/align/backend";
import { infoNce } from "../src/engine/align/losses/infoNce";
import { sail } from "../src/engine/align/projectors/sail";
import * as tf from "../src/engine/align/tf";
import { unit } from "./oracles/geometry";
import { centred, golden, goldenSides } from "./support/goldenData";

const METRICS = "core/metrics";
const LOSSES = "engine/align/losses";
const SOLVERS = "engine/align/solvers";

/** Which test file holds a function of ours to each golden value. */
const TESTED = {
  mulberry32Seed1First4: "core/math/rng.test.ts",
  xRow0: "golden.test.ts",
  yRow0: "golden.test.ts",
  hsicBiasedTraceKHLH: "golden.test.ts",
  ckaBiasedGramForm: `${METRICS}/cka.test.ts`,
  ckaBiasedFeatureForm: `${METRICS}/cka.test.ts`,
  hsic1KL: "golden.test.ts",
  hsic1KK: `${METRICS}/cka.test.ts`,
  hsic1LL: `${METRICS}/cka.test.ts`,
  ckaUnbiased: `${METRICS}/cka.test.ts`,
  mutualKnnK1: `${METRICS}/mutualKnn.test.ts`,
  mutualKnnK3: `${METRICS}/mutualKnn.test.ts`,
  mutualKnnK5: `${METRICS}/mutualKnn.test.ts`,
  ccaRhoEps0: `${SOLVERS}/closedForms.test.ts`,
  ccaRhoEps0p01: `${SOLVERS}/closedForms.test.ts`,
  csaS3ScoresRow0Cols0to1: `${SOLVERS}/closedForms.test.ts`,
  csaS3I2tRecallAt1: `${SOLVERS}/closedForms.test.ts`,
  infoNceTau0p07: `${LOSSES}/infoNce.test.ts`,
  infoNceTau1: `${LOSSES}/infoNce.test.ts`,
  maskedInfoNceGroupsOf2Tau0p07: `${LOSSES}/groupedInfoNce.test.ts`,
  softTargetInfoNceGroupsOf2Tau0p07: `${LOSSES}/groupedInfoNce.test.ts`,
  sigmoidT10BiasMinus10SumOverN: `${LOSSES}/sigmoid.test.ts`,
  sigmoidT20BiasMinus10SumOverN2: `${LOSSES}/sigmoid.test.ts`,
  sigmoidTwoCaptionSetsT20BiasMinus10: `${LOSSES}/sigmoid.test.ts`,
  structureCodeFormL1: `${LOSSES}/structure.test.ts`,
  structureTrueJsL1: `${LOSSES}/structure.test.ts`,
  structureCodeFormL3Inverse: `${LOSSES}/structure.test.ts`,
  structureTrueJsL3Inverse: `${LOSSES}/structure.test.ts`,
  structureSelfTrueJsL3Inverse: `${LOSSES}/structure.test.ts`,
  structureTranslationNormThenCentreTrueJsL1: `${LOSSES}/structure.test.ts`,
  structureMeanSelfProbabilityX: `${LOSSES}/structure.test.ts`,
  procrustesSingularValueSum: `${SOLVERS}/closedForms.test.ts`,
  procrustesResidualSquared: `${SOLVERS}/closedForms.test.ts`,
  ridgeLambda0p1WRow0: `${SOLVERS}/closedForms.test.ts`,
  asifK4P8Query12VsTexts12to15: `${SOLVERS}/asif.test.ts`,
  modalityGap: `${METRICS}/geometry.test.ts`,
  alignmentAlpha2: `${METRICS}/geometry.test.ts`,
  uniformityImageT2: `${METRICS}/geometry.test.ts`,
  uniformityTextT2: `${METRICS}/geometry.test.ts`,
  meanPositiveCosine: `${METRICS}/geometry.test.ts`,
  meanNegativeCosine: `${METRICS}/geometry.test.ts`,
  i2tRecallAt1: `${METRICS}/retrieval.test.ts`,
  i2tRecallAt5: `${METRICS}/retrieval.test.ts`,
  t2iRecallAt1: `${METRICS}/retrieval.test.ts`,
  gradInfoNceTau0p07dVRow2Col3: `${LOSSES}/infoNce.test.ts`,
  gradInfoNceTau0p07dTau: "golden.test.ts",
  gradInfoNceTau0p07dLogScale: `${LOSSES}/infoNce.test.ts`,
  gradSigmoidT20dVRow2Col3: `${LOSSES}/sigmoid.test.ts`,
  gradSigmoidT20dT: `${LOSSES}/sigmoid.test.ts`,
  gradSigmoidT20dBias: `${LOSSES}/sigmoid.test.ts`,
  gradStructureCodeFormL1dARow2Col3: `${LOSSES}/structure.test.ts`,
  oneTokenProjector384to512: "engine/align/projectors/heads.test.ts",
  sailGated384to512Width8: "engine/align/projectors/heads.test.ts",
  sailGated384to512Width2: "engine/align/projectors/heads.test.ts",
  sailGated2048to1024Width8: "golden.test.ts",
};

/** Values of something this project does not ship, or tests by another value. */
const NOT_OURS = {
  structureScaleRotationTrueJsL3Inverse: "0 for any rotation: structure.test.ts turns at random",
  structureTranslationCentreThenNormTrueJsL1: "the other order of centring, which is not offered",
  freezeAlignTotal1024: "with the head over text tokens, which are not stored",
  oneEncoderHead768to256: "a third modality",
  oneEncoderUniversalProjection: "a third modality",
  oneEncoderStage1: "a third modality",
};

const folder = new URL("./", import.meta.url);

describe("the golden values", () => {
  it("are each held to by a test, or said to concern nothing of ours", () => {
    const known = [...Object.keys(TESTED), ...Object.keys(NOT_OURS)].sort();
    const { values, parameterCounts } = golden;
    expect(known).toEqual([...Object.keys(values), ...Object.keys(parameterCounts)].sort());
  });

  it.each(Object.entries(TESTED))("%s is read in %s", (key, file) => {
    const url = new URL(file, folder);
    expect(existsSync(url)).toBe(true);
    // Read as `values.key`, in braces, or as a name with its number put in.
    const stem = key.replace(/\d+$/, "");
    const source = readFileSync(url, "utf8");
    const found = new RegExp(`\\b${key}\\b(?!:)`).test(source) || source.includes(`${stem}\${`);
    expect(found).toBe(true);
  });
});

describe("golden values that no other test reads", () => {
  const { values, parameterCounts } = golden;
  const { x, y } = goldenSides();

  it("begin with the data themselves", () => {
    const { xRow0, yRow0 } = values;
    for (const [d, value] of xRow0.entries()) expect(x.data[d]).toBeCloseTo(value, 15);
    for (const [d, value] of yRow0.entries()) expect(y.data[d]).toBeCloseTo(value, 15);
  });

  it("have both estimates of HSIC", () => {
    const [a, b] = [transpose(centred(x)), transpose(centred(y))];
    const squares = (data: Float64Array) => data.reduce((sum, value) => sum + value * value, 0);
    const cross = squares(timesTransposed(a, b).data);
    expect(cross).toBeCloseTo(values.hsicBiasedTraceKHLH, 10);
    const lengths = ({ data, cols }: typeof x) =>
      Array.from({ length: 16 }, (_, i) => squares(data.slice(i * cols, (i + 1) * cols)));
    const [p, q] = [lengths(centred(x)), lengths(centred(y))];
    const diagonal = p.reduce((sum, value, i) => sum + value * q[i]!, 0);
    const total = (side: number[]) => side.reduce((sum, value) => sum + value, 0);
    expect(hsic(16, cross, diagonal, total(p) * total(q))).toBeCloseTo(values.hsic1KL, 12);
  });

  it("count the parameters of SAIL's head at its own size", () => {
    const count = sail
      .parameters(2048, 1024, { expansion: 8 })
      .reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0);
    expect(count).toBe(parameterCounts.sailGated2048to1024Width8);
  });
});

describe("the golden gradient of InfoNCE by its temperature", () => {
  beforeAll(() => openBackend("cpu"));

  it("is met through the log scale", async () => {
    const rowsOf = (m: { data: Float64Array; cols: number }, width: number) =>
      Array.from({ length: 16 }, (_, i) => [...m.data.slice(i * m.cols, i * m.cols + width)]);
    const { x, y } = goldenSides();
    const [a, b] = [unit(rowsOf(x, 5)), unit(rowsOf(y, 5))];
    const gradient = tf.tidy(() =>
      tf.grad((tau) =>
        infoNce(tf.tensor2d(a), tf.tensor2d(b), tf.neg(tf.log(tau)) as unknown as tf.Scalar),
      )(tf.scalar(0.07)),
    );
    const [found = NaN] = await gradient.data();
    gradient.dispose();
    const { gradInfoNceTau0p07dTau } = golden.values;
    expect(Math.abs(found / gradInfoNceTau0p07dTau - 1)).toBeLessThan(1e-3);
  });
});
