// Fails where something that has a JSON Schema does not keep to it: a file, or a README's example.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const described = [
  ['shared/weir/provider/models.json', 'shared/weir/provider/models.schema.json'],
  ['edge-server/README.md', 'edge-server/config.schema.json'],
];

/** What is to be checked in a file, each with its place: the whole of it, or its blocks of JSON. */
function documents(path) {
  const text = readFileSync(path, 'utf8');
  if (!path.endsWith('.md')) return [[path, JSON.parse(text)]];
  return [...text.matchAll(/^```json\n(.*?)^```$/gms)].map((block) => {
    const line = text.slice(0, block.index).split('\n').length;
    return [`${path}:${line} `, JSON.parse(block[1])];
  });
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
let checked = 0;
let breaches = 0;
for (const [path, schema] of described) {
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  for (const [place, value] of documents(path)) {
    checked++;
    if (validate(value)) continue;
    for (const { instancePath, message, params } of validate.errors) {
      const what = JSON.stringify(params);
      console.error(`${place}${instancePath} ${message} ${what} (${schema})`);
      breaches++;
    }
  }
}
console.log(`schemas: ${checked} documents, ${breaches} breaches`);
process.exitCode = breaches === 0 ? 0 : 1;
