import type { EncoderSpec } from "../../../core/domain/encoder";
import { FactList } from "../../components/FactList";
import { downloadSize } from "../../components/encoderWords";
import { formatCount } from "../../components/formatting";
import { useDevice } from "../../components/useDevice";

/** What an encoder is and where it runs, as a short table. */
export function EncoderFacts({ encoder }: { readonly encoder: EncoderSpec }) {
  const { info, preference } = useDevice();
  const { license, width, parameters, origin, source, revision, verified } = encoder;
  const wanted = preference === "wasm" || info?.device === "wasm" ? "CPU (WebAssembly)" : "WebGPU";
  const facts: (readonly [string, string])[] = [
    ["Width", `${formatCount(width)} numbers per item`],
  ];
  if (origin !== "vectors") {
    const weights = parameters > 0 ? `, ${(parameters / 1e6).toFixed(1)} million parameters` : "";
    facts.push(["Size", downloadSize(encoder) + weights]);
    facts.push(["Licence", license]);
    facts.push(["Runs on", info ? wanted : "–"]);
  }
  if (origin === "vectors") facts.push(["From", source]);
  if (origin === "hub") facts.push(["From", `${source}, ${revision.slice(0, 7)}`]);
  if (!verified) facts.push(["Checked", "not yet verified by this project"]);
  return <FactList facts={facts} />;
}
