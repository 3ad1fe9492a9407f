import { describe, expect, it } from "vitest";
import { secretsOf, TEMPLATE, TEMPLATES, withReceiver } from "./templates";

describe("the templates", () => {
  it.each(TEMPLATES)(
    "%s has the endpoint that its test goes to, and reaches only this computer",
    async (name) => {
      const { flow, endpoint, documents } = TEMPLATE[name];
      const all = (await documents()) as { name: string; endpoints: { name: string }[] }[];
      const main = all.find((each) => each.name === flow);
      expect(main?.endpoints.map((each) => each.name)).toContain(endpoint);
      const text = withReceiver(all, "http://127.0.0.1:50123/");
      const hosts = [...text.matchAll(/https?:\/\/[^/"]+/g)].map(([host]) => host);
      for (const host of hosts) expect(host).toBe("http://127.0.0.1:50123");
    },
  );

  it("name their secrets, in settings and in expressions", async () => {
    const secrets = secretsOf(await TEMPLATE.another.documents());
    expect(secrets).toEqual(["report_key", "import_key"]);
  });
});
