const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g;

export const isUuid = (text: string) => UUID.test(text);

/** Enough of an id to tell two apart: its end, because ids made in one moment begin alike. */
export const abbreviated = (id: string) => `…${id.slice(-8)}`;

/** A sentence whose times read as `format` writes them. */
export const timesIn = (sentence: string, format: (iso: string) => string) =>
  sentence.replace(TIME, (iso) => (Number.isNaN(Date.parse(iso)) ? iso : format(iso)));
