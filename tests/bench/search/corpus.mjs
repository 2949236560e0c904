// What is indexed and asked. Every subject gets the same text: that of the files which Weir lets in.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's libboost-dev, which the build needs: about 10,000 passages of C++ with comments. */
const DEFAULT_FOLDER = '/usr/include/boost';
const DEFAULT_INCLUDE = ['asio/', 'beast/', 'json/', 'log/', 'interprocess/', 'regex/'];

/** About as long as Weir's passages are. */
const CHUNK_BYTES = 1350;
const QUESTION_WORDS = [5, 20];
const VECTOR_DIMENSIONS = 128;

/** Where the files are, and the globs of those that count. */
export function placeOf(folder) {
  return folder ? { folder, include: [] } : { folder: DEFAULT_FOLDER, include: DEFAULT_INCLUDE };
}

/** All files in memory, as `weir.index` takes them. */
export function readFiles(folder, include) {
  const below = include.length > 0 ? include : [''];
  return below.flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true })
      .map((path) => ({ path: join(part, path), at: join(folder, part, path) }))
      .filter(({ at }) => statSync(at).isFile())
      .map(({ path, at }) => ({ path, content: readFileSync(at) })),
  );
}

export async function* sourceOf(files) {
  for (const { path, content } of files) {
    yield { path, size: content.length, bytes: async () => content };
  }
}

/** Whole lines, as many as make up a passage: what the peers get as documents. */
export function chunksOf(files) {
  const chunks = [];
  for (const { path, content } of files) {
    let text = '';
    const end = () => {
      if (text.trim()) chunks.push({ id: String(chunks.length), path, text });
      text = '';
    };
    for (const line of content.toString('utf8').split(/(?<=\n)/)) {
      text += line;
      if (text.length >= CHUNK_BYTES) end();
    }
    end();
  }
  return chunks;
}

/** Questions of a file: JSON lines {qid, repo?, query, relevant?}. */
export function readQuestions(path, repository, most) {
  const all = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const own = all.filter(({ repo }) => !repository || repo === repository);
  return spread(own, most);
}

/**
 * The first sentence of each file's first documenting comment that is long enough, word for word. They
 * stand in the text, so how well they are found says nothing.
 */
export function questionsFrom(files, most) {
  const [least, longest] = QUESTION_WORDS;
  const questions = files.flatMap(({ path, content }) => {
    const comments = content.toString('utf8').matchAll(/^\s*\/\/[/!]? +([A-Z][^\n]+)$/gm);
    for (const [, comment] of comments) {
      const query = comment.split(/\. |\.$/)[0];
      const words = query.split(/\s+/).length;
      if (words >= least && words <= longest && !/copyright|licen[cs]e/i.test(query)) {
        return [{ qid: path, query }];
      }
    }
    return [];
  });
  return spread(questions, most);
}

/** As many as are wanted, evenly over all. */
function spread(all, most) {
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

/** Words hashed into a few dimensions: no good embedding, but as long to scan as one. */
export function vectorOf(text) {
  const vector = new Float32Array(VECTOR_DIMENSIONS);
  for (const [word] of text.toLowerCase().matchAll(/[a-z0-9]+/g)) {
    let hash = 2166136261; // FNV-1a
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619);
    vector[(hash >>> 1) % VECTOR_DIMENSIONS] += hash & 1 ? 1 : -1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
