import { describe, expect, it } from "vitest";
import type { Specification } from "@/api/types";
import { abbreviated, timesIn } from "@/features/audit/plain";
import { differing, isDecimal } from "@/features/catalogue/changes";
import { followingFrom } from "@/features/register/judged";
import { localDateTime } from "@/session/clock";

describe("the ledger's sentences", () => {
  const read = (sentence: string) => timesIn(sentence, (iso) => localDateTime(iso, "America/Chicago"));
  it("name times as the laboratory's clock shows them", () => {
    expect(read("time of receipt 2026-11-22T03:17:19.040755Z; shelf 1.")).toBe(
      "time of receipt 2026-11-21 21:17; shelf 1.",
    );
    expect(read("from 2026-07-01T00:30:00+02:00 on")).toBe("from 2026-06-30 17:30 on");
  });
  it("leave alone what only looks like one", () => {
    expect(read("reference 2026-13-40T99:99:99Z")).toBe("reference 2026-13-40T99:99:99Z");
    expect(read("valid from 2026-01-01")).toBe("valid from 2026-01-01");
  });
  it("shorten an id to its end, where ids of one moment differ", () => {
    expect(abbreviated("01a20142-1925-7561-a422-a2420d7d5894")).toBe("…0d7d5894");
  });
});

describe("what a sample is judged by when nothing is chosen", () => {
  const one = (id: string, part: Partial<Specification>) =>
    ({ id, active: true, kind: "specification", sample_type_id: null, client_id: null, ...part }) as Specification;
  const all = [
    one("general", {}),
    one("type", { sample_type_id: "river" }),
    one("client", { client_id: "mill" }),
    one("both", { client_id: "mill", sample_type_id: "river" }),
    one("old", { client_id: "mill", active: false }),
    one("people", { kind: "reference_range" }),
  ];
  const choice = (id: string | null) => (id ? { id, label: id } : null);
  const ids = (sampleType: string | null, client: string | null, patient: string | null = null) =>
    followingFrom(all, {
      sampleType: choice(sampleType),
      client: choice(client),
      patient: choice(patient),
      tests: [],
    }).map((each) => each.id);
  it("the client's own comes first, then the type's", () =>
    expect(ids("river", "mill")).toEqual(["both", "client", "type"]));
  it("one that names neither concerns nobody by itself", () => expect(ids("sea", "town")).toEqual([]));
  it("a reference range concerns patients only", () => expect(ids("blood", null, "p")).toEqual(["people"]));
});

describe("a merge patch", () => {
  it("holds what differs and nothing else", () => {
    expect(differing({ a: "1", b: null, c: ["x"] }, { a: "1", b: "2", c: ["x"] })).toEqual({ b: null });
  });
  it("of something new is everything", () => expect(differing({ a: 1 }, undefined)).toEqual({ a: 1 }));
  it("takes decimals with a comma and refuses words", () => {
    expect(isDecimal("0,05")).toBe(true);
    expect(isDecimal("high")).toBe(false);
  });
});
