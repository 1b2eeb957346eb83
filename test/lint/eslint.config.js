import reactHooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  {
    files: ["src/**/*.{ts,tsx}", "workers/**/*.ts", "test/**/*.{ts,tsx}"],
    extends: [ts.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: true },
    plugins: { "react-hooks": reactHooks },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}", "workers/**/*.ts"],
    ignores: ["src/app/log.ts", "src/cli/**"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { property: "dataSync", message: "Breaks the GPU connection in workers: await data()." },
        { property: "arraySync", message: "Breaks the GPU connection in workers: await data()." },
        { property: "dangerouslySetInnerHTML", message: "User content is text." },
      ],
    },
  },
  {
    files: ["src/core/**/*.ts", "src/engine/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Use core/math/rng with a seed." },
        { property: "dataSync", message: "Breaks the GPU connection in workers: await data()." },
        { property: "arraySync", message: "Breaks the GPU connection in workers: await data()." },
      ],
    },
  },
  {
    files: ["src/core/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", "Date", "performance", "crypto", "fetch", "document"],
    },
  },
);
