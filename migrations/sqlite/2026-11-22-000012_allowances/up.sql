-- Who has failed how often, for all nodes together (ATT-32). Outside the laboratories' walls: it is counted before anybody is known.
-- `key` is a keyed fingerprint of an address, so that the table tells nobody who tried. `full_at`: microseconds since 1970.
CREATE TABLE allowances (
    class TEXT NOT NULL,
    key BLOB NOT NULL,
    full_at INTEGER NOT NULL,
    PRIMARY KEY (class, key)
) WITHOUT ROWID;
CREATE INDEX allowances_full_at ON allowances (class, full_at);
