import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "@/api/problems";
import { ListPage, type ListPageProps } from "@/ui/list-page";

interface Freezer {
  id: string;
  name: string;
  room: string | null;
}
const freezers: Freezer[] = [
  { id: "1", name: "North", room: "B 12" },
  { id: "2", name: "South", room: null },
];
const read = {
  error: null,
  isPending: false,
  hasNextPage: false,
  isFetchingNextPage: false,
  refetch: vi.fn<() => void>(),
  fetchNextPage: vi.fn<() => void>(),
};

function show(pages: Partial<ListPageProps<Freezer>["pages"]>, more: Partial<ListPageProps<Freezer>> = {}) {
  return render(
    <I18nProvider i18n={i18n}>
      <ListPage<Freezer>
        title="Freezers"
        action={<button type="button">New freezer</button>}
        pages={{ ...read, rows: [], ...pages }}
        name={{
          header: "Name",
          width: "minmax(10rem, 1fr)",
          of: (row) => <a href={`/freezers/${row.id}`}>{row.name}</a>,
        }}
        columns={[{ id: "room", header: "Room", width: "8rem", cell: (row) => row.room }]}
        narrow={{ marks: () => <em>cold</em>, second: (row) => row.room }}
        act={{ label: "Defrost", width: "6rem", of: (row) => <button type="button">Defrost {row.name}</button> }}
        empty={{ icon: null, title: "No freezer yet" }}
        {...more}
      />
    </I18nProvider>,
  );
}
const cellsOf = (index: number) => {
  const row = screen.getAllByRole("row")[index];
  return row ? within(row).getAllByRole("cell") : [];
};
const newFreezer = () => screen.getAllByRole("button", { name: "New freezer" });

/** jsdom lays nothing out: without a height no row of a long list would be in sight. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(() => vi.restoreAllMocks());

/** A window of so many rem: only the widest queries that it is narrower than match. */
function windowOf(rem: number) {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: rem <= Number(/max-width: ([\d.]+)rem/.exec(query)?.[1] ?? 0),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
}

describe("a page that is one list", () => {
  it("has a row for each, a dash where there is no value, and what can be done at the end", async () => {
    show({ rows: freezers });
    await screen.findByRole("link", { name: "North" });
    expect(screen.getByRole("table", { name: "Freezers" })).toBeTruthy();
    expect(cellsOf(1).map((cell) => cell.textContent)).toEqual(["North", "B 12", "Defrost North"]);
    expect(cellsOf(2).map((cell) => cell.textContent)).toEqual(["South", "–", "Defrost South"]);
  });

  it("stacks its rows where the columns do not fit side by side", async () => {
    windowOf(27);
    show({ rows: freezers });
    await screen.findByRole("link", { name: "North" });
    expect(cellsOf(1).map((cell) => cell.textContent)).toEqual(["NorthcoldB 12Defrost North"]);
  });

  it("offers its act once: over the rows, or in the middle where there are none", () => {
    const { unmount } = show({ rows: freezers });
    expect(newFreezer()).toHaveLength(1);
    unmount();
    show({});
    expect(screen.getByText("No freezer yet")).toBeTruthy();
    expect(newFreezer()).toHaveLength(1);
  });

  it("keeps the act in its place where filters leave nothing", () => {
    show({}, { empty: { icon: null, title: "No freezer of that name", filtered: true } });
    const [button] = newFreezer();
    expect(newFreezer()).toHaveLength(1);
    expect(button?.closest("header")).toBeInstanceOf(HTMLElement);
  });

  it("says that it could not be read, and reads again when asked", async () => {
    const refetch = vi.fn<() => void>();
    show({ error: new NetworkError(null), refetch });
    expect(screen.queryByRole("table")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  it("reads on when its end comes into sight", () => {
    const fetchNextPage = vi.fn<() => void>();
    show({ rows: freezers, hasNextPage: true, fetchNextPage });
    expect(fetchNextPage).toHaveBeenCalled();
  });
});
