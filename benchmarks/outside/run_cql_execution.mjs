// cql-execution: `node run_cql_execution.mjs EXPORT ANSWERS` asks the ELM of every patient of a FHIR bulk export.
// "Columns" are here what the engine needs: the resources of a patient together, as a Bundle.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const cql = require("cql-execution");
const { PatientSource } = require("cql-exec-fhir");
const [folder, answersPath] = process.argv.slice(2);

const CRITERIA = {
  "At most two ablation sessions a year": "at_most_two_ablation_sessions_a_year",
  "Two weeks between blocks": "two_weeks_between_blocks",
  "Last ablation helped": "last_ablation_helped",
};
const STATUSES = new Map([[true, "met"], [false, "not met"], [null, "not documented"]]);

const elm = JSON.parse(readFileSync(new URL("./cql/FacetCriteria.elm.json", import.meta.url), "utf8"));
const executor = new cql.Executor(new cql.Library(elm));
const patients = PatientSource.FHIRv401();
const now = cql.DateTime.fromJSDate(new Date(), 0);

function bundles() {
  const byPatient = new Map();
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".ndjson"))) {
    for (const line of readFileSync(`${folder}/${name}`, "utf8").split("\n")) {
      if (!line) continue;
      const resource = JSON.parse(line);
      const id = resource.resourceType === "Patient" ? resource.id : resource.subject.reference.split("/")[1];
      if (!byPatient.has(id)) byPatient.set(id, []);
      byPatient.get(id).push({ resource });
    }
  }
  return [...byPatient.values()].map((entry) => ({ resourceType: "Bundle", type: "collection", entry }));
}

const begun = performance.now();
patients.loadBundles(bundles());
const loaded = performance.now();
const { patientResults } = await executor.exec(patients, now);
const answered = performance.now();

const answers = Object.entries(patientResults).flatMap(([patient, results]) =>
  Object.entries(CRITERIA).flatMap(([name, criterion]) =>
    results[name].map((one) => [patient, one.done.toString(), one.kind, criterion, STATUSES.get(one.answer)]),
  ),
);
const { version } = require("cql-execution/package.json");
const seconds = { total: (answered - begun) / 1000, answers: (answered - loaded) / 1000 };
writeFileSync(answersPath, JSON.stringify({ version: `cql-execution ${version}`, seconds, answers }));
