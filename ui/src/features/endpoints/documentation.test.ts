import i18next, { type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import ways from "@/i18n/en/ways.json";
import { endpointDocumentation } from "./documentation";
import { endpointFields, providerNamed, PROVIDERS } from "./providers";

let t: TFunction<"ways">;

beforeAll(async () => {
  const own = i18next.createInstance();
  await own.init({
    lng: "en",
    resources: { en: { ways } },
    defaultNS: "ways",
    interpolation: { escapeValue: false },
  });
  t = own.t as unknown as TFunction<"ways">;
});

test("a sender learns the URL, how to sign, an example and the answers", () => {
  const fields = {
    ...endpointFields(providerNamed("github"), "hub", "hub_key"),
    content_types: ["application/json"],
  };
  const said = endpointDocumentation(t, fields, "https://hooks.example/api/webhook/local/ci/hub");
  for (const part of [
    "# hub\n",
    "POST https://hooks.example/api/webhook/local/ci/hub\n",
    "`X-Hub-Signature-256: sha256={signature}`",
    "```sh\nbody=",
    "| 401 |",
    "| 415 |",
    "10 MiB",
  ]) {
    expect(said).toContain(part);
  }
  expect(said).not.toContain("| 429 |");
});

test("whatever an endpoint is, no word is missing and no secret's value can stand there", () => {
  for (const provider of PROVIDERS) {
    const fields = endpointFields(provider, "e", "the_key");
    const said = endpointDocumentation(t, fields, "https://h.example/x?key=YOUR_KEY");
    expect(said).not.toMatch(/docs\.|\{\{|undefined|YOUR_KEY/);
  }
});
