import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Pages } from "./rows";

// The platform looks for the desktop shell in the window when it is loaded.
vi.stubGlobal("window", {});
const { applyChange, useLive } = await import("./live");

const row = (id: number, status = "running") => ({ id, status });
const pages = (...ids: number[]): Pages<{ id: number }> => ({
  pages: [{ items: ids.map((id) => row(id)), next: null }],
  pageParams: [undefined],
});

function listOf(client: QueryClient, filter: object): number[] {
  const data = client.getQueryData<Pages<{ id: number }>>(["jobs", filter]);
  return data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? [];
}

describe("a live update", () => {
  let client: QueryClient;
  let refetched: string[];
  const apply = (tags: string[], ...rows: { id: number; status: string }[]) =>
    applyChange(client, { tags, rows: rows.map((each) => ({ list: "jobs", row: each })) }, (tag) =>
      refetched.push(tag),
    );

  beforeEach(() => {
    client = new QueryClient();
    refetched = [];
    useLive.setState({ paused: {} });
    client.setQueryData(["jobs", {}], pages(2, 1));
    client.setQueryData(["jobs", { status: "failed" }], pages(1));
  });

  it("patches every list of that kind by its own filter, and reads none again", () => {
    apply(["jobs", "job:3"], row(3));
    expect(listOf(client, {})).toEqual([3, 2, 1]);
    expect(listOf(client, { status: "failed" })).toEqual([1]);
    expect(refetched).toEqual(["job:3"]);
  });

  it("reads a list again when only its tag has come", () => {
    apply(["jobs"]);
    expect(refetched).toEqual(["jobs"]);
  });

  it("leaves a paused list alone, but goes on changing the rows it shows", () => {
    useLive.getState().pause("jobs");
    apply(["jobs"], row(3), row(2, "complete"));
    apply(["jobs"]);
    expect(listOf(client, {})).toEqual([2, 1]);
    expect(refetched).toEqual([]);
    const data = client.getQueryData<Pages<{ id: number; status: string }>>(["jobs", {}]);
    expect(data?.pages[0]?.items[0]?.status).toBe("complete");
  });
});

describe("a paused list", () => {
  it("counts a held row once, however often it changes", () => {
    const { pause, hold, release } = useLive.getState();
    pause("jobs");
    hold("jobs", "3");
    hold("jobs", "3");
    hold("jobs", "4");
    expect(useLive.getState().paused.jobs?.size).toBe(2);
    release("jobs");
    expect(useLive.getState().paused).toEqual({});
  });
});
