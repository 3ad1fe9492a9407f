import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { curlCommand, quote } from "./curl";

describe("quoting for the shell", () => {
  it.each(["plain", "it's", '$HOME `id` \\ "x"', "'''", "a\nb", "", "!event #x"])(
    "hands %j to a program unchanged",
    (text) => {
      const script = `printf %s ${quote(text)}`;
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(text);
    },
  );
});

describe("a cURL command", () => {
  it("has method, headers and body, and leaves out what cURL makes itself", () => {
    const command = curlCommand({
      method: "POST",
      url: "https://shop.example/a?b=1&c=2",
      headers: [
        { name: "Content-Type", value: "application/json" },
        { name: "Content-Length", value: "2" },
      ],
      body: "{}",
    });
    expect(command).toBe(
      "curl -X POST 'https://shop.example/a?b=1&c=2' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{}'",
    );
  });
});
