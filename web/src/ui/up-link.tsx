import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";

const Up = ({ children, ...rest }: ComponentProps<"a">) => (
  <a {...rest} className="hover:text-ink hover:underline">
    {children}
  </a>
);
/** Over the title of a page: to the list that it came from. */
export const UpLink = createLink(Up);
