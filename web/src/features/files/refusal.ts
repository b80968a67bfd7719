import { useLingui } from "@lingui/react/macro";
import { isProblem, type ProblemError } from "@/api/problems";

/** Why a file was not taken, in the reader's language; nothing for what any act may be refused for. */
export function useRefusal(): (error: unknown) => string | undefined {
  const { t } = useLingui();
  const byCode = (problem: ProblemError) => {
    const found = problem.fields.find((each) => each.path === "file");
    switch (found?.code) {
      case "empty":
        return t`It is empty.`;
      case "unknown_kind":
        return t`Only PDF, PNG, JPEG, WebP, TIFF, HEIC, CSV and plain text can be attached. Save it as a PDF.`;
      case "active_content":
        return t`It holds a web page, markup or a script. Attach it as a PDF or a picture.`;
      case "damaged":
        return t`It is damaged, or not all of it is there.`;
      case "two_things":
        return t`It is two things at once: something else follows its end.`;
      case "not_utf8":
        return t`It is text, but not in UTF-8. Save it as UTF-8, or as a PDF.`;
      case "extension":
        return t`The ending of its name does not fit what it is. Rename it.`;
      default:
        return found && t`Its name cannot be kept. Rename it.`;
    }
  };
  return (error) => {
    if (!isProblem(error)) return undefined;
    switch (error.slug) {
      case "too-large":
        return t`It is too large.`;
      case "storage-full":
        return t`There is no room left for the laboratory's files. Whoever runs the installation can make more.`;
      case "duplicate":
        return t`The same file is attached already.`;
      default:
        return byCode(error);
    }
  };
}
