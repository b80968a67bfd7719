// A small invented laboratory for looking at pages without the server. Nothing of it is shipped or tested against.
const now = Date.now();
const ago = (minutes) => new Date(now - minutes * 60_000).toISOString().replace(/\.\d+/, "");
let serial = 0;
export const id = () => `0190${(serial++).toString(16).padStart(4, "0")}-0000-7000-8000-000000000000`;
const resource = (extra) => ({
  id: id(),
  created_at: ago(9000),
  created_by: null,
  updated_at: ago(9000),
  version: 1,
  active: true,
  ...extra,
});
const ref = (each) => ({ id: each.id, name: each.name });

export function world(kind) {
  const people = { anna: { id: id(), name: "Anna Kowalczyk" }, piotr: { id: id(), name: "Piotr Wiśniewski" } };
  const clients = [
    "Wodociągi Miejskie w Starogardzie Gdańskim sp. z o.o.",
    "Dane County Watershed Programme",
    "Gmina Zielonki",
    "Aqua Nova",
  ].map((name, n) =>
    resource({
      name,
      code: `C-${101 + n}`,
      address: "ul. Wodna 1, 83-200 Starogard Gdański",
      email: "laboratorium@example.org",
      phone: null,
    }),
  );
  const types = (
    kind === "medical"
      ? ["Serum", "Whole blood, EDTA", "Plasma, citrate", "Urine, 24 h"]
      : ["Surface water", "Drinking water", "Waste water, treated", "Woda do spożycia przez ludzi"]
  ).map((name, n) =>
    resource({
      name,
      matrix: kind === "medical" ? "blood" : "water",
      requires_temperature: n === 1,
      temperature_min: n === 1 ? "2" : null,
      temperature_max: n === 1 ? "8" : null,
      containers: "HDPE 1 L",
    }),
  );
  const tests = [
    ["PB", "Lead, dissolved", "Lead", "ICP-MS EPA 200.8", "mg/L", 4, "0.0005", true],
    ["NO3", "Nitrate as N", "Nitrate", "IC EPA 300.0", "mg/L", 2, "0.02", true],
    ["PH", "pH, unfiltered, field", "pH", "Electrometric SM 4500-H", "pH", 1, null, false],
    ["NH4N", "Ammonia as N, filtered", "Ammonia", "Colorimetry", "mg/L", 3, "0.01", true],
    ["ECOLI", "Escherichia coli", "E. coli", "ISO 9308-1", "CFU/100 mL", 0, null, true],
    ["COND", "Specific conductance", "Conductance", "SM 2510 B", "µS/cm", 0, null, true],
    ["P", "Phosphorus, total", "Phosphorus", "EPA 365.1", "mg/L", 3, "0.008", true],
  ].map(([code, name, analyte, method, unit, decimals, lod, accredited]) =>
    resource({
      code,
      name,
      analyte,
      method,
      unit,
      decimals,
      lod,
      loq: lod,
      accredited,
      fraction: "dissolved",
      basis: null,
      specimen: null,
      result_type: "numeric",
      significant_figures: null,
      codes: null,
      uncertainty: { value: "12", kind: "percent", k: "2" },
      hold_time_hours: 48,
      turnaround_hours: 72,
      loinc: null,
      ucum: unit,
      self_verification_allowed: false,
    }),
  );
  const panels = [
    resource({ name: "Nutrients", code: "NUT", tests: [ref(tests[1]), ref(tests[3]), ref(tests[6])] }),
    resource({ name: "Drinking water, basic", code: "DWB", tests: tests.slice(0, 5).map(ref) }),
  ];
  const specifications = [
    resource({
      name: "Drinking water, Directive (EU) 2020/2184",
      sample_type_id: types[1].id,
      client_id: null,
      kind: kind === "medical" ? "reference_range" : "specification",
      decision_rule: "simple",
      judge: "rounded",
      limits: tests.slice(0, 6).map((test, n) => ({
        test_id: test.id,
        sex: n === 2 ? "female" : null,
        age_min_days: n === 2 ? 6570 : null,
        age_max_days: null,
        low: n === 2 ? "6.5" : null,
        high: ["0.005", "11.3", "9.5", "0.50", "0", "2500"][n],
        warn_low: null,
        warn_high: null,
        critical_low: null,
        critical_high: n === 4 ? "10" : null,
        guard_band: null,
        text: null,
      })),
    }),
  ];
  const patients = [
    resource({
      family_name: "Nowak-Jeziorańska",
      given_name: "Katarzyna",
      birth_date: "1968-02-19",
      sex: "female",
      identifiers: [
        { system: "PESEL", value: "68021912345" },
        { system: "MRN", value: "P-00031" },
      ],
      phone: null,
      email: null,
      unknown_patient: false,
    }),
    resource({
      family_name: "Zieliński",
      given_name: "Tomasz",
      birth_date: "1954-11-02",
      sex: "male",
      identifiers: [{ system: "PESEL", value: "54110254321" }],
      phone: null,
      email: null,
      unknown_patient: false,
    }),
  ];
  const samples = new Map();
  const statuses = [
    "registered",
    "received",
    "in_progress",
    "in_progress",
    "completed",
    "reported",
    "rejected",
    "registered",
    "cancelled",
  ];
  for (let n = 0; n < 260; n++) {
    const status = statuses[n % statuses.length];
    const created = ago(n * 47 + 12);
    const took = status !== "registered" && status !== "cancelled";
    const sampleId = id();
    const accession = `W-26-${String(4260 - n).padStart(6, "0")}`;
    const resultStatus = (k) =>
      status === "completed" || status === "reported"
        ? "verified"
        : status === "in_progress"
          ? ["verified", "entered", "pending", "pending", "entered", "pending"][k]
          : status === "cancelled" || status === "rejected"
            ? "cancelled"
            : "pending";
    const results = tests.slice(0, 6).map((test, k) => {
      const st = resultStatus(k);
      const has = st === "verified" || st === "entered";
      const value = ["0.0121", "0.02", "7.9", "0.043", "14", "612"][k];
      return {
        id: id(),
        sample: { id: sampleId, accession_number: accession, version: 3 },
        test,
        status: st,
        version: has ? 2 : 1,
        value: has ? value : null,
        typed: has ? value : null,
        detection: has ? (k === 1 ? "<" : "=") : null,
        limit_kind: k === 1 ? "LOD" : null,
        dilution_factor: k === 5 ? "10" : null,
        display: has ? (k === 1 ? "< 0.02" : value) : null,
        unit: test.unit,
        uncertainty: has && k !== 1 ? "0.0014" : null,
        origin: k === 2 ? "external" : "measured",
        provider: k === 2 ? "Field team" : null,
        flags: has ? (k === 0 ? ["H"] : k === 4 ? ["critical_high"] : []) : [],
        statement: has ? (k === 0 || k === 4 ? "fail" : k === 1 ? "no_statement" : "pass") : null,
        limits: {
          low: k === 2 ? "6.5" : null,
          high: specifications[0].limits[k].high,
          warn_low: null,
          warn_high: null,
          critical_low: null,
          critical_high: k === 4 ? "10" : null,
          text: null,
          source: ref(specifications[0]),
        },
        instrument: has ? { id: id(), name: "Agilent 7900" } : null,
        measured_at: has ? created : null,
        remark: k === 3 && has ? "Second injection, first one had a bubble" : null,
        deviation: null,
        entered_by: has ? people.anna : null,
        entered_at: has ? ago(n * 47) : null,
        verified_by: st === "verified" ? people.piotr : null,
        verified_at: st === "verified" ? ago(n * 40) : null,
        self_verified: false,
        reason: st === "cancelled" ? "Sample rejected" : null,
        retest_of: null,
        hold_time: k === 4 ? { due_at: ago(-300), exceeded: n % 3 === 0 } : null,
        previous: null,
        due_at: ago(-1000),
        updated_at: created,
        created_at: created,
      };
    });
    const count = (want) => results.filter((each) => each.status === want).length;
    samples.set(sampleId, {
      id: sampleId,
      accession_number: accession,
      status,
      sample_type: ref(types[n % 4]),
      client: kind === "medical" ? null : ref(clients[n % 4]),
      patient:
        kind === "medical"
          ? { id: patients[n % 2].id, name: `${patients[n % 2].family_name} ${patients[n % 2].given_name}` }
          : null,
      client_reference: n % 5 ? `BEC-${2600 + n}` : null,
      collected_at: ago(n * 47 + 400),
      received_at: took ? created : null,
      priority: n % 11 === 3 ? "stat" : n % 7 === 2 ? "urgent" : "routine",
      created_at: created,
      updated_at: created,
      version: 3,
      counts: {
        pending: count("pending"),
        entered: count("entered"),
        verified: count("verified"),
        cancelled: count("cancelled"),
      },
      critical_open: status === "in_progress" && n % 4 === 2 ? 1 : 0,
      has_deviation: n % 6 === 1,
      order: { id: id(), number: `Z-26-${900 + n}` },
      container: { id: id(), name: "HDPE bottle 1 L" },
      location: took ? { id: id(), name: "Fridge 2, shelf B" } : null,
      description: "Grab sample from the left bank, stable stage",
      collected_by: "M. Olson",
      collection_place: "Black Earth Creek at Black Earth, WI",
      remark: n % 6 === 1 ? "Water microbiology sample received partially frozen. Results uncertain." : null,
      condition: took ? (n % 6 === 1 ? "compromised" : "acceptable") : null,
      condition_note: n % 6 === 1 ? "Partially frozen" : null,
      temperature_c: took ? "4.2" : null,
      deviations: n % 6 === 1 ? ["Received partially frozen", "Bottle without head space"] : [],
      received_by: took ? people.anna : null,
      created_by: people.anna,
      results,
      reports: status === "reported" ? [{ id: id(), number: "R-26-000412", status: "released" }] : [],
      specification: ref(specifications[0]),
      rejected_reason: status === "rejected" ? "Bottle broken in transit, nothing left to test." : null,
    });
  }
  return { people, clients, types, tests, panels, specifications, patients, samples, ref, resource, ago };
}
