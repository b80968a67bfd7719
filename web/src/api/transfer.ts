import type { Outgoing } from "./client";

/** The name travels in a header (RFC 6266): in the address it would stand in every log on the way. */
function fileHeaders(headers: Headers, file: File): void {
  headers.set("Content-Type", "application/octet-stream");
  headers.set("Content-Disposition", `attachment; filename*=UTF-8''${percentEncoded(file.name)}`);
}

/** RFC 8187 leaves fewer characters as they are than `encodeURIComponent` does. */
export function percentEncoded(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, "_")).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As `fetch`, which cannot tell how much of a body has left. */
export function sendFile(
  url: string,
  headers: Headers,
  { file, onProgress }: Outgoing,
  signal: AbortSignal | undefined,
): Promise<Response> {
  fileHeaders(headers, file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open("POST", url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress?.(loaded / total);
    });
    request.addEventListener("load", () => {
      const { status, statusText, responseText } = request;
      resolve(new Response(responseText, { status, statusText, headers: headersOf(request) }));
    });
    for (const end of ["error", "abort", "timeout"] as const)
      request.addEventListener(end, () => reject(new TypeError(end)));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", stop));
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    else request.send(file);
  });
}

function headersOf(request: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 2));
  }
  return headers;
}
