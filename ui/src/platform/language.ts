/**
 * The language that the system names. WebKit passes a locale such as `C` on as it is, which is no language of the web:
 * a library that formats by it fails as it is loaded. Then it is English.
 */
export function keepLanguageSound(of: { language: string } = navigator): void {
  try {
    Intl.getCanonicalLocales(of.language);
  } catch {
    Object.defineProperty(of, "language", { value: "en", configurable: true });
  }
}
