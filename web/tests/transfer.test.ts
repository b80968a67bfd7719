import { describe, expect, it } from "vitest";
import { percentEncoded } from "@/api/transfer";

describe("a file's name on its way", () => {
  it("is one header value whatever it holds (RFC 8187)", () => {
    expect(percentEncoded('żółć "1" (a)*.pdf\r\nX-Evil: 1')).toBe(
      "%C5%BC%C3%B3%C5%82%C4%87%20%221%22%20%28a%29%2A.pdf%0D%0AX-Evil%3A%201",
    );
  });

  it("may have half a character, which some systems let a file be called", () => {
    expect(percentEncoded("a\uD800b.txt")).toBe("a_b.txt");
  });
});
