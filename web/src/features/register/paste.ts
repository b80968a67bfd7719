/**
 * What a spreadsheet puts on the clipboard, as rows of cells: tabs between cells, quotes around a cell that holds a tab,
 * a line break or a doubled quote. Text without tabs but with semicolons is a saved CSV of a Polish spreadsheet.
 */
export function parseClipboard(text: string): string[][] {
  const separator = !text.includes("\t") && text.includes(";") ? ";" : "\t";
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === separator) {
      row.push(cell.trim());
      cell = "";
    } else if (char === "\n" || char === "\r") {
      if (char === "\r" && text[at + 1] === "\n") at++;
      rows.push([...row, cell.trim()]);
      row = [];
      cell = "";
    } else cell += char;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell.trim()]);
  return rows.filter((cells) => cells.some((each) => each !== ""));
}

/**
 * A time as people write it in spreadsheets, as "YYYY-MM-DDTHH:MM" of the laboratory's clock: ISO, 22.11.2026 8:50,
 * 22/11/2026, with or without the time (then midnight). Null when it is none. Month before day is never guessed.
 */
export function parseWhen(text: string): string | null {
  const clean = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(clean);
  const local = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(clean);
  const parts = iso
    ? [iso[1], iso[2], iso[3], iso[4], iso[5]]
    : local
      ? [local[3], local[2], local[1], local[4], local[5]]
      : null;
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined)
    return null;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59) return null;
  return date.toISOString().slice(0, 16);
}
