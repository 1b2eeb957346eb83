import type { EncoderFile, EncoderSpec } from "../domain/encoder";

const HUB = {
  modality: "text",
  origin: "hub",
  verified: false,
  layers: [],
  preprocessingVersion: 1,
  parityPath: null,
} as const satisfies Partial<EncoderSpec>;

/** Tokens [B, T, D]; sentence encoders are trained with one of these two poolings, named first. */
const MEAN_FIRST = {
  mean: { tokens: "last_hidden_state", hasCls: true },
  cls: { tokens: "last_hidden_state", hasCls: true },
} as const satisfies EncoderSpec["outputs"];
const CLS_FIRST = { cls: MEAN_FIRST.cls, mean: MEAN_FIRST.mean } as const;

/** Files whose exact size and digest the hub tells at the first download. */
const listed = (role: EncoderFile["role"], path: string, listedBytes: number): EncoderFile => ({
  role,
  path,
  sizeBytes: null,
  sha256: null,
  listedBytes,
});

/** The configuration of BERT's lower-case tokenizer, the same file in several repositories. */
const BERT_TOKENIZER_CONFIG: EncoderFile = {
  role: "tokenizer-config",
  path: "tokenizer_config.json",
  sizeBytes: 366,
  sha256: "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
};

/** Text encoders of the Hugging Face hub, fetched only after the visitor agreed. */
export const HUB_TEXT_ENCODERS: readonly EncoderSpec[] = [
  {
    ...HUB,
    id: "all-minilm-l6-v2-fp32",
    name: "all-MiniLM-L6-v2 (fp32)",
    summary: "The embedded sentence encoder at full precision: what its int8 weights cost.",
    source: "Xenova/all-MiniLM-L6-v2",
    revision: "751bff37182d3f1213fa05d7196b954e230abad9",
    license: "Apache-2.0",
    parameters: 22_700_000,
    width: 384,
    outputs: MEAN_FIRST,
    preprocessing: { kind: "text", maxTokens: 256 },
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: 90_387_606,
        sha256: "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
      },
      {
        role: "tokenizer",
        path: "tokenizer.json",
        sizeBytes: 711_661,
        sha256: "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
      },
      BERT_TOKENIZER_CONFIG,
    ],
    wasmMsPerItem: 25,
  },
  {
    ...HUB,
    id: "all-mpnet-base-v2",
    name: "all-mpnet-base-v2 (int8)",
    summary: "Strong English sentence encoder, 12 layers. int8: the fp32 file is over 400 MB.",
    source: "Xenova/all-mpnet-base-v2",
    revision: "dd96b5e5e6c64d6759db1163c8b3190351710860",
    license: "Apache-2.0",
    parameters: 109_000_000,
    width: 768,
    outputs: MEAN_FIRST,
    preprocessing: { kind: "text", maxTokens: 384 },
    files: [
      listed("model", "onnx/model_quantized.onnx", 110_000_000),
      listed("tokenizer", "tokenizer.json", 711_000),
      listed("tokenizer-config", "tokenizer_config.json", 357),
    ],
    wasmMsPerItem: 70,
  },
  {
    ...HUB,
    id: "all-roberta-large-v1",
    name: "all-roberta-large-v1 (int8)",
    summary: "Large English sentence encoder, 24 layers. int8: the fp32 file is 1.4 GB.",
    source: "Xenova/all-roberta-large-v1",
    revision: "9df93a6d343b5023aad520321162ddb785467966",
    license: "Apache-2.0",
    parameters: 355_000_000,
    width: 1024,
    outputs: MEAN_FIRST,
    preprocessing: { kind: "text", maxTokens: 128 },
    files: [
      {
        ...listed("model", "onnx/model_quantized.onnx", 357_000_000),
        sha256: "adfebe52baad33233222ff7b02c1e6621eb77136eac1e15b3cd0aa2e240ebf8e",
      },
      listed("tokenizer", "tokenizer.json", 2_110_000),
      listed("tokenizer-config", "tokenizer_config.json", 542),
    ],
    wasmMsPerItem: 250,
  },
  {
    ...HUB,
    id: "bge-small-en-v1.5",
    name: "bge-small-en-v1.5",
    summary: "Small English retrieval encoder, 12 layers.",
    source: "Xenova/bge-small-en-v1.5",
    revision: "ea104dacec62c0de699686887e3f920caeb4f3e3",
    license: "MIT",
    parameters: 33_400_000,
    width: 384,
    outputs: CLS_FIRST,
    preprocessing: { kind: "text", maxTokens: 512 },
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: 133_093_490,
        sha256: "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
      },
      {
        role: "tokenizer",
        path: "tokenizer.json",
        sizeBytes: 711_396,
        sha256: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
      },
      BERT_TOKENIZER_CONFIG,
    ],
    wasmMsPerItem: 45,
  },
  {
    ...HUB,
    id: "bge-base-en-v1.5",
    name: "bge-base-en-v1.5 (int8)",
    summary: "English retrieval encoder, 12 layers. int8: the fp32 file is over 400 MB.",
    source: "Xenova/bge-base-en-v1.5",
    revision: "main",
    license: "MIT",
    parameters: 109_000_000,
    width: 768,
    outputs: CLS_FIRST,
    preprocessing: { kind: "text", maxTokens: 512 },
    files: [
      listed("model", "onnx/model_quantized.onnx", 110_000_000),
      listed("tokenizer", "tokenizer.json", 711_000),
      listed("tokenizer-config", "tokenizer_config.json", 366),
    ],
    wasmMsPerItem: 70,
  },
  {
    ...HUB,
    id: "e5-small-v2",
    name: "e5-small-v2",
    summary: "Small English encoder trained on web pairs; every text is read after “query: ”.",
    source: "Xenova/e5-small-v2",
    revision: "main",
    license: "MIT",
    parameters: 33_400_000,
    width: 384,
    outputs: MEAN_FIRST,
    // On both sides of a symmetric task, as its authors advise.
    preprocessing: { kind: "text", maxTokens: 512, prefix: "query: " },
    files: [
      listed("model", "onnx/model.onnx", 133_000_000),
      listed("tokenizer", "tokenizer.json", 711_000),
      listed("tokenizer-config", "tokenizer_config.json", 366),
    ],
    wasmMsPerItem: 45,
  },
  {
    ...HUB,
    id: "paraphrase-multilingual-minilm-l12-v2",
    name: "multilingual MiniLM-L12-v2 (int8)",
    summary: "Sentence encoder for about 50 languages. int8: the fp32 file is over 400 MB.",
    source: "Xenova/paraphrase-multilingual-MiniLM-L12-v2",
    revision: "2c4055b12046f11709e9df2c122e59ffbdc2f900",
    license: "Apache-2.0",
    parameters: 118_000_000,
    width: 384,
    outputs: MEAN_FIRST,
    preprocessing: { kind: "text", maxTokens: 128 },
    files: [
      listed("model", "onnx/model_quantized.onnx", 118_000_000),
      listed("tokenizer", "tokenizer.json", 17_100_000),
      listed("tokenizer-config", "tokenizer_config.json", 600),
    ],
    wasmMsPerItem: 25,
  },
  {
    ...HUB,
    id: "clip-vit-b32-text",
    name: "CLIP ViT-B/32 (text)",
    summary: "Text tower of OpenAI's CLIP: a reference point beside its image tower.",
    source: "Xenova/clip-vit-base-patch32",
    revision: "d15189d7028b43f1d3e65039190477f6af591c2a",
    license: "MIT",
    parameters: 63_400_000,
    width: 512,
    outputs: { last: "text_embeds" },
    preprocessing: { kind: "text", maxTokens: 77, padTo: 77 },
    files: [
      {
        role: "model",
        path: "onnx/text_model.onnx",
        sizeBytes: 254_058_553,
        sha256: "3f6571f5bad13a97c469c1622e1cfc4d9aef78b79fdbfcff804ca357bfada8cc",
      },
      {
        ...listed("tokenizer", "tokenizer.json", 2_220_000),
        sha256: "f7f3b7af117d467b58374797691a6438d3e6b9e9cef800dfd5dced7f697a90cd",
      },
      listed("tokenizer-config", "tokenizer_config.json", 800),
    ],
    wasmMsPerItem: 200,
  },
  {
    ...HUB,
    id: "clap-htsat-unfused-text",
    name: "CLAP HTSAT (text, int8)",
    summary:
      "Text tower of LAION's CLAP, trained with sounds: what its audio tower is compared with. int8: the fp32 file is over 400 MB.",
    source: "Xenova/clap-htsat-unfused",
    revision: "c28f2883575e590e04d3146ff0713c2448d691ba",
    license: "Apache-2.0",
    parameters: 125_000_000,
    width: 512,
    outputs: { cls: "text_embeds" },
    preprocessing: { kind: "text", maxTokens: 512 },
    files: [
      {
        role: "model",
        path: "onnx/text_model_quantized.onnx",
        sizeBytes: 126_603_263,
        sha256: "1a3df8b197e249816e08415fd040434c44762b2eea7eb7bf8a48a0f0bf3c14e5",
      },
      {
        role: "tokenizer",
        path: "tokenizer.json",
        sizeBytes: 2_108_774,
        sha256: "dc239041d98de27ffc3975473a1a23e3db4c937b23c138c38bbc66588bd247e5",
      },
      listed("tokenizer-config", "tokenizer_config.json", 1390),
    ],
    wasmMsPerItem: 70,
  },
];
