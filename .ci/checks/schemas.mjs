// Fails where a file that has a JSON Schema does not keep to it.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const described = [['shared/weir/provider/models.json', 'shared/weir/provider/models.schema.json']];

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
let breaches = 0;
for (const [path, schema] of described) {
  const validate = ajv.compile(read(schema));
  if (validate(read(path))) continue;
  for (const { instancePath, message } of validate.errors) {
    console.error(`${path}${instancePath} ${message} (${schema})`);
    breaches++;
  }
}
console.log(`schemas: ${described.length} files, ${breaches} breaches`);
process.exitCode = breaches === 0 ? 0 : 1;
