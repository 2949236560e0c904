import { configuration } from '../page/configuration.ts';
import { connection, providers } from './connection.ts';

/** Says plainly when no model answers, and how to have one. */
export function ExtractNotice() {
  if (!providers.value || providers.value.configured) return null;
  return (
    <p class="notice" role="note">
      <strong>No model answers here.</strong> Answers are extracts: composed from the passages
      found, with their sources. <Remedy />
    </p>
  );
}

function Remedy() {
  const edge = configuration.value?.edge;
  if (!edge) {
    return (
      <>
        To ask a model, serve this page from an edge, or name one in <code>weir.json</code>.
      </>
    );
  }
  if (connection.value === 'offline') {
    return <>The edge cannot be reached; when it is back, its models answer again.</>;
  }
  return (
    <>
      To ask a model, start the edge with a key: <code>OPENAI_API_KEY=… npm start</code>
    </>
  );
}
