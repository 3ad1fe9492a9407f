import { describe, expect, it } from "vitest";
import type { FoundRelease, ReleasePackage } from "@/api";
import { fitting, usual } from "./packages";

const packaged = (kind: string, fits: boolean): ReleasePackage => ({
  kind,
  fits,
  os: "linux",
  arch: "x86_64",
  file: `Hookloom.${kind}`,
  bytes: 7,
  sha256: "00",
});

const found = (...packages: ReleasePackage[]): FoundRelease => ({
  found_at: "2026-11-23T00:00:00.000Z",
  version: "0.2.0",
  released_at: "2026-11-23T00:00:00.000Z",
  is_newer: true,
  notes: null,
  notes_url: null,
  packages,
});

describe("packages of a release", () => {
  it("are offered if they are for this computer, each kind once", () => {
    const release = found(packaged("deb", false), packaged("rpm", true), packaged("rpm", true));
    expect(fitting(release).map(({ kind }) => kind)).toEqual(["rpm"]);
    expect(fitting(found(packaged("dmg", false)))).toEqual([]);
  });

  it("follow the one that is installed, and else are a person's choice", () => {
    const release = found(packaged("deb", true), packaged("rpm", true));
    expect(usual(release, "rpm")).toBe("rpm");
    expect(usual(release, "msi")).toBeNull();
    expect(usual(release, null)).toBeNull();
    expect(usual(found(packaged("deb", false)), "deb")).toBeNull();
  });
});
