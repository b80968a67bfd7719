import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { ReasonDialog } from "@/ui/reason-dialog";

function Asking({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  return (
    <Form
      onSubmit={() => {
        setTried(true);
        if (name !== "") onDone();
      }}
    >
      <TextField label="Note" />
      <TextField
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={tried && name === "" ? "A name is needed." : undefined}
      />
      <button type="submit">Save</button>
    </Form>
  );
}

it("a form that is not right yet leads to the field that is not", async () => {
  const done = vi.fn<() => void>();
  render(<Asking onDone={done} />);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Name")));
  expect(done).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText("Name"), "Anna");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(done).toHaveBeenCalledOnce();
});

describe("a question for a reason", () => {
  const ask = (more: Partial<Parameters<typeof ReasonDialog>[0]> = {}) => {
    const onSubmit = vi.fn<(reason: string) => void>();
    render(
      <I18nProvider i18n={i18n}>
        <ReasonDialog
          title="Deactivate Anna"
          label="Deactivate"
          presets={["Left the laboratory"]}
          busy={false}
          error={null}
          onClose={() => undefined}
          onSubmit={onSubmit}
          {...more}
        />
      </I18nProvider>,
    );
    return onSubmit;
  };
  const press = async () => userEvent.click(await screen.findByRole("button", { name: "Deactivate" }));

  it("is not answered by nothing", async () => {
    const onSubmit = ask();
    await press();
    expect(await screen.findByText("Say why.")).toBeTruthy();
    expect(onSubmit).not.toHaveBeenCalled();
  });
  it("takes a ready-made one, and what is added to it", async () => {
    const onSubmit = ask();
    await userEvent.click(await screen.findByRole("button", { name: "Left the laboratory" }));
    await userEvent.type(screen.getByLabelText(/Reason/), " in May ");
    await press();
    expect(onSubmit).toHaveBeenCalledWith("Left the laboratory in May");
  });
  it("may be left open where none is needed", async () => {
    const onSubmit = ask({ required: false });
    await press();
    expect(onSubmit).toHaveBeenCalledWith("");
  });
});
