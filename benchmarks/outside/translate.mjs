// CQL to ELM, with the reference translator. `node translate.mjs` writes cql/FacetCriteria.elm.json anew.
import { readFileSync, writeFileSync } from "node:fs";
import { SystemModelInfoProvider } from "@cqframework/cql/cql";
import {
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createModelInfoProvider,
  stringAsSource,
} from "@cqframework/cql/cql-to-elm";

const here = new URL("./", import.meta.url);
const model = new URL("node_modules/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml", here);
const fhir = (id) => (id === "FHIR" ? stringAsSource(readFileSync(model, "utf8")) : null);
const LEFT_OUT = new Set(["annotation", "localId", "locator", "localIdentifier"]);

const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider(fhir));
const source = readFileSync(new URL("cql/FacetCriteria.cql", here), "utf8");
const translator = CqlTranslator.fromText(source, new LibraryManager(models));
const elm = JSON.parse(translator.toJson());
const said = (elm.library.annotation ?? []).filter((one) => one.type === "CqlToElmError");
for (const one of said) console.error(`${one.startLine}:${one.startChar} ${one.errorSeverity}: ${one.message}`);
if (said.some((one) => one.errorSeverity === "error")) process.exit(1);

// What only editors need goes; so do empty lists, which mean the same as none.
const lean = (_, value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          ([name, part]) => !LEFT_OUT.has(name) && !(Array.isArray(part) && !part.length),
        ),
      )
    : value;
writeFileSync(new URL("cql/FacetCriteria.elm.json", here), `${JSON.stringify(elm, lean, 1)}\n`);
