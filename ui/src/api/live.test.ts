import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Pages } from "./rows";

// The platform looks for the desktop shell in the window when it is loaded.
vi.stubGlobal("window", {});
const { applyChange, readAgain, useLive } = await import("./live");

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
    show({});
    show({ status: "failed" });
  });

  /** As a list on the screen does. */
  function show(filter: object) {
    const queryFn = () => Promise.reject(new Error("nothing is read here"));
    const options = { queryKey: ["jobs", filter], queryFn, staleTime: Infinity };
    return new QueryObserver(client, options).subscribe(() => undefined);
  }

  it("patches every list of that kind by its own filter, and reads none again", () => {
    apply(["jobs", "job:3"], row(3));
    expect(listOf(client, {})).toEqual([3, 2, 1]);
    expect(listOf(client, { status: "failed" })).toEqual([1]);
    expect(refetched).toEqual(["job:3"]);
  });

  it("tells those who show a list once of all its rows in it", () => {
    let told = 0;
    const stop = client.getQueryCache().subscribe(({ query, type }) => {
      if (type === "updated" && query.queryHash === '["jobs",{}]') told++;
    });
    apply(["jobs"], row(3), row(4), row(2, "complete"));
    stop();
    expect(listOf(client, {})).toEqual([4, 3, 2, 1]);
    expect(told).toBe(1);
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

describe("a list that nobody looks at", () => {
  it("does not grow, and is read again when it is shown", () => {
    useLive.setState({ paused: {} });
    const client = new QueryClient();
    client.setQueryData(["jobs", {}], pages(2, 1));
    const event = { tags: ["jobs"], rows: [{ list: "jobs", row: row(3) }] };
    applyChange(client, event, () => undefined);
    expect(listOf(client, {})).toEqual([2, 1]);
    expect(client.getQueryState(["jobs", {}])?.isInvalidated).toBe(true);
  });
});

describe("requests that were counted only", () => {
  it("are counted anew although the list itself was patched", () => {
    const refetched: string[] = [];
    const event = { tags: ["requests"], rows: [{ list: "requests", row: { id: "mqr_1" } }] };
    applyChange(new QueryClient(), event, (tag) => refetched.push(tag));
    expect(refetched).toEqual(["requests:counted"]);
  });
});

describe("a paused list", () => {
  it("counts what is new, not what is older than it shows", () => {
    const client = new QueryClient();
    const data = { pages: [{ items: [row(5)], next: "5" }], pageParams: [undefined] };
    client.setQueryData(["jobs", {}], data);
    useLive.setState({ paused: {} });
    useLive.getState().pause("jobs");
    const rows = [7, 6, 4].map((id) => ({ list: "jobs", row: row(id) }));
    applyChange(client, { tags: ["jobs"], rows }, () => undefined);
    expect([...(useLive.getState().paused.jobs ?? [])]).toEqual(["7", "6"]);
    useLive.getState().release("jobs");
  });

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

describe("a first read that a change overtakes", () => {
  it("is repeated, because it may have begun before the change", async () => {
    const client = new QueryClient();
    const answers: ((value: string) => void)[] = [];
    const queryFn = () => new Promise<string>((answer) => answers.push(answer));
    const observer = new QueryObserver(client, { queryKey: ["status"], queryFn });
    const stop = observer.subscribe(() => undefined);
    readAgain(client, { queryKey: ["status"] });
    expect(answers).toHaveLength(1);
    answers[0]?.("before");
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.("after");
    await vi.waitFor(() => expect(client.getQueryData(["status"])).toBe("after"));
    stop();
  });
});
