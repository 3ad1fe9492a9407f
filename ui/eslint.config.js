import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const tauri = { group: ["@tauri-apps/*"], message: "Only src/platform may know about Tauri." };
const generated = {
  group: ["**/api/generated", "**/api/generated/**", "**/generated/**"],
  message: "Only src/api may use the generated client.",
};

export default tseslint.config(
  { ignores: ["dist", "src/api/generated", "test-results", "playwright-report"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-console": "error",
      eqeqeq: "error",
      // Only the React Compiler cares, and we do not use it.
      "react-hooks/incompatible-library": "off",
      "no-restricted-imports": ["error", { patterns: [tauri, generated] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Text from requests must never become markup.",
        },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.ts"],
    rules: { "max-lines": ["error", { max: 300 }] },
  },
  {
    // For the readers' own machines, not for this UI.
    files: ["src/**/receivers/*.mjs"],
    languageOptions: { globals: { ...globals.node } },
    rules: { "no-console": "off" },
  },
  {
    files: ["src/platform/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [generated] }] },
  },
  {
    files: ["src/api/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri] }] },
  },
  {
    files: ["scripts/**", "*.config.*", "e2e/**", "shots/**", "measure/**"],
    languageOptions: { globals: { ...globals.node } },
    // Playwright's fixtures look like hooks and destructure nothing.
    rules: {
      "no-console": "off",
      "no-empty-pattern": "off",
      "react-hooks/rules-of-hooks": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
