import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import type { SampleStatus } from "@/api/types";
import { limitText } from "@/features/results/marks";
import { useSampleReasons } from "@/features/samples/reasons";
import { sampleQuery, statusesOf } from "@/features/samples/search";
import { neighbours, rememberTrail } from "@/features/samples/trail";

describe("the filters in the address", () => {
  it("name days of the laboratory's calendar, the last one included", () => {
    expect(sampleQuery({ received_from: "2026-11-22", received_to: "2026-11-22" }, "Europe/Warsaw")).toMatchObject({
      received_from: "2026-11-21T23:00:00Z",
      received_to: "2026-11-22T23:00:00Z",
    });
  });
  it("leave out a day that is none", () => {
    expect(sampleQuery({ received_from: "soon" }, "Europe/Warsaw").received_from).toBeUndefined();
  });
  it("hold several statuses", () => {
    expect(statusesOf({ status: "received,in_progress" })).toEqual(["received", "in_progress"]);
    expect(statusesOf({})).toEqual([]);
  });
});

describe("what cannot be done with a sample says why", () => {
  const everything = () => true;
  const reasons = (status: SampleStatus, counts = {}, may: (permission: string) => boolean = everything) =>
    renderHook(
      () => useSampleReasons({ status, counts: { pending: 1, entered: 0, verified: 0, cancelled: 0, ...counts } }, may),
      {
        wrapper: ({ children }: { children: ReactNode }) => <I18nProvider i18n={i18n}>{children}</I18nProvider>,
      },
    ).result.current;

  it("nothing stands in the way of a registered one, except that it is not finished", () => {
    const { dispose, ...others } = reasons("registered");
    expect(Object.values(others).filter(Boolean)).toEqual([]);
    expect(dispose).toBe("Its work is not finished.");
    expect(reasons("reported").dispose).toBeUndefined();
  });
  it("a received one is not received again, and is cancelled only without results", () => {
    expect(reasons("received").receive).toBe("It has been received already.");
    expect(reasons("received").cancel).toBeUndefined();
    expect(reasons("in_progress", { entered: 1 }).cancel).toBe("It has results already; reject it instead.");
  });
  it("a closed one is left alone", () => {
    expect(reasons("rejected")).toMatchObject({
      receive: "The sample is rejected.",
      reject: "The sample is rejected.",
      cancel: "The sample is rejected.",
      addTests: "The sample is rejected.",
    });
  });
  it("a missing permission is named", () => {
    expect(reasons("registered", {}, () => false).receive).toBe("Your roles lack the permission sample:receive.");
  });
});

it("the previous and the next sample are those of the list one came from", () => {
  rememberTrail(["a", "b", "c"]);
  expect(neighbours("b")).toMatchObject({ previous: "a", next: "c", position: 1, length: 3 });
  expect(neighbours("c").next).toBeUndefined();
  expect(neighbours("elsewhere").length).toBe(0);
});

it.each([
  [{ low: "6.5", high: "9.5", text: null }, "6.5 – 9.5"],
  [{ low: null, high: "0.005", text: null }, "≤ 0.005"],
  [{ low: "2", high: null, text: null }, "≥ 2"],
  [{ low: null, high: null, text: "not detected" }, "not detected"],
  [null, null],
])("limits %j read %s", (limits, expected) => {
  expect(limitText(limits)).toBe(expected);
});
