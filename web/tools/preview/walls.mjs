// What the invented system says of its walls; ENGINE=sqlite is the other engine, BROKEN=yes has a wall that does not stand.
export function separation({ ago }, engine) {
  const postgres = engine === "postgresql";
  const tried = [
    "read a role of another laboratory by its id, through the program",
    "give a person of this laboratory a role of another one",
    "change this laboratory's audit events",
    "remove this laboratory's audit events",
    ...(postgres
      ? [
          "read 58 tables of another laboratory, past the program's queries",
          "read 58 tables without naming a laboratory",
          "write a row into another laboratory",
          "change another laboratory's people",
          "remove another laboratory's sessions",
        ]
      : []),
  ];
  return {
    engine,
    checked_at: ago(0),
    row_level_security: {
      applies: postgres,
      tables: 58,
      enforced: postgres ? 58 : 0,
      missing: [],
      outside: [
        { name: "directory", why: "a login names an e-mail address before it names a laboratory" },
        { name: "public_codes", why: "a report's public code is looked up before the laboratory is known" },
      ],
    },
    service_role: postgres
      ? {
          name: "attest_service",
          superuser: false,
          bypasses_rls: false,
          owns_tables: process.env.BROKEN === "yes",
          may_change_audit: false,
        }
      : null,
    composite_keys: { tables: 58, with_tenant_key: 58, missing: [] },
    append_only: {
      tables: ["audit_events", "audit_entries", "checkpoints", "sealed_values"].map((name) => ({
        name,
        protected: true,
      })),
    },
    probe: { at: ago(0), neighbour: true, tried: tried.map((what) => ({ what, refused: true })) },
    build: {
      version: "0.3.0",
      matrix: {
        operations: 163,
        roles: 13,
        cells: 8476,
        digest: "9f2c1d77b0a4c5e68d91f3aa7c24e07b5d8e6f1023b4c5d6e7f8091a2b3c4d5e",
      },
    },
  };
}
