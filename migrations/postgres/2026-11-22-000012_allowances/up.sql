-- Who has failed how often, for all nodes together (ATT-32). Outside the laboratories' walls: it is counted before anybody is known.
-- `key` is a keyed fingerprint of an address, so that the table tells nobody who tried. `full_at`: microseconds since 1970.
CREATE TABLE allowances (
    class text NOT NULL,
    key bytea NOT NULL,
    full_at bigint NOT NULL,
    PRIMARY KEY (class, key)
);
CREATE INDEX allowances_full_at ON allowances (class, full_at);
