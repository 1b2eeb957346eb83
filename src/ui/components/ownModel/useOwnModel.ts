import { useEffect, useRef, useState } from "react";
import { useServices } from "../../../app/services";
import type { EncoderSpec } from "../../../core/domain/encoder";
import {
  poolingsOf,
  type ModelCheck,
  type ModelInspection,
  type OutputOffer,
  type OwnModality,
  type OwnModelDraft,
  type OwnModelFile,
  type OwnPreprocessing,
} from "../../../core/domain/ownModel";
import type { Project } from "../../../core/domain/project";
import { AppError } from "../../../core/errors";
import { useSoundSample } from "./useSoundSample";

export const OWN_MODEL_STEPS = ["file", "preprocessing", "output", "check"] as const;
export type OwnModelStep = (typeof OWN_MODEL_STEPS)[number];

/** What is known so far; each step adds its part. */
interface Known {
  readonly files: readonly OwnModelFile[];
  readonly inspection?: ModelInspection;
  readonly preprocessing?: OwnPreprocessing;
  readonly offers?: readonly OutputOffer[];
  readonly draft?: OwnModelDraft;
  readonly check?: ModelCheck;
}

export interface OwnModelOptions {
  readonly modality: OwnModality;
  /** Whose items the network is tried on. */
  readonly project: Project;
  readonly onAdded: (encoder: EncoderSpec) => Promise<void>;
}

/** State and commands of the “own ONNX file” dialog. */
export function useOwnModel({ modality, project, onAdded }: OwnModelOptions) {
  const { ownModels, devicePreference } = useServices();
  const sample = useSoundSample(project);
  const [step, setStep] = useState<OwnModelStep>("file");
  const [known, setKnown] = useState<Known>({ files: [] });
  const [busy, setBusy] = useState("");
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef<AbortController>(null);

  /** Ends the worker too: a model that never answers would keep the next call waiting. */
  const stop = () => {
    if (!running.current) return;
    running.current.abort();
    running.current = null;
    ownModels.close();
    setBusy("");
  };
  // Whatever the model is doing ends with the dialog.
  useEffect(
    () => () => {
      running.current?.abort();
      ownModels.close();
    },
    [ownModels],
  );

  /** One command at a time; a stopped one leaves everything as it was. */
  const run = async (words: string, task: (signal: AbortSignal) => Promise<void>) => {
    stop();
    const mine = new AbortController();
    running.current = mine;
    setBusy(words);
    setError(null);
    try {
      await task(mine.signal);
    } catch (thrown) {
      if (!mine.signal.aborted) setError(AppError.from(thrown));
    } finally {
      if (running.current === mine) {
        running.current = null;
        setBusy("");
      }
    }
  };

  /** The recording that is looked at, for a network that hears. */
  const soundOf = async ({ kind }: OwnPreprocessing) => {
    const sound = kind === "audio" ? await sample.read() : undefined;
    return sound && { sound };
  };

  const inspect = (files: readonly OwnModelFile[]) => {
    setKnown({ files });
    void run("Opening the model", async (signal) => {
      const inspection = await ownModels.inspect(files, modality, { signal });
      setKnown({ files, inspection, preprocessing: inspection.preprocessing });
      setStep("preprocessing");
    });
  };

  /** Of two files with one name the later counts. */
  const addFiles = (added: readonly OwnModelFile[]) => {
    const names = new Set(added.map(({ name }) => name));
    inspect([...known.files.filter(({ name }) => !names.has(name)), ...added]);
  };

  const removeFile = (file: OwnModelFile) => {
    const files = known.files.filter((each) => each !== file);
    if (files.some(({ name }) => isModel(name))) inspect(files);
    else {
      stop();
      setKnown({ files });
      setError(null);
    }
  };

  const probe = (preprocessing: OwnPreprocessing) =>
    run("Running it on one item", async (signal) => {
      const item = { preprocessing, ...(await soundOf(preprocessing)) };
      const offers = await ownModels.probe(known.files, item, { signal });
      const best = offers.find(({ kind }) => kind !== null);
      if (!best) throw new AppError("encoder/unsupported", "no output holds a vector per item");
      const model = known.files.find(({ name }) => isModel(name))?.name ?? "Own encoder";
      const draft = withOutput(
        {
          name: known.draft?.name ?? model.replace(/\.onnx$/i, ""),
          license: known.draft?.license ?? "not stated",
          ...{ modality, preprocessing },
        },
        best,
      );
      setKnown({ ...known, preprocessing, offers, draft });
      setStep("output");
    });

  const tryOut = (draft: OwnModelDraft) =>
    run("Running it in every way it will be run", async (signal) => {
      const useGpu = devicePreference.get() !== "wasm";
      const request = { draft, useGpu, ...(await soundOf(draft.preprocessing)) };
      const check = await ownModels.check(known.files, request, { signal });
      setKnown({ ...known, draft, check });
      setStep("check");
    });

  const add = () =>
    run("Keeping the files", async () => {
      const { files, draft, check } = known;
      if (!draft || !check?.passed) return;
      await onAdded(await ownModels.save(files, { draft, check }));
    });

  return {
    ...{ step, known, busy, error, project, sample },
    ...{ addFiles, removeFile, probe, tryOut, add, stop },
    setDraft: (draft: OwnModelDraft) => setKnown({ ...known, draft }),
    setPreprocessing: (preprocessing: OwnPreprocessing) => setKnown({ ...known, preprocessing }),
    goTo: (to: OwnModelStep) => {
      stop();
      setError(null);
      setStep(to);
    },
  };
}

const isModel = (name: string) => /\.onnx$/i.test(name);

type Unbound = Omit<
  OwnModelDraft,
  "output" | "kind" | "hasCls" | "channelsFirst" | "pooling" | "width"
>;

export type OwnModelState = ReturnType<typeof useOwnModel>;

/** A draft for another output, pooled as that output usually is. */
export function withOutput(
  draft: Unbound,
  { name, kind, hasCls, channelsFirst, width }: OutputOffer,
): OwnModelDraft {
  const read = { output: name, kind: kind ?? "pooled", hasCls, channelsFirst, width };
  const usable = { ...draft, ...read };
  const [pooling = "mean"] = poolingsOf(usable, draft.modality);
  return { ...usable, pooling };
}
