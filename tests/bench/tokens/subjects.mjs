// The tokenizers that are measured, each as a function: texts of one encoding -> {tokens, nanoseconds}.
// The time is the process's CPU time, which other work on the machine disturbs less than the clock.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

function timed(count) {
  return (texts) => {
    let tokens = 0;
    const before = process.cpuUsage();
    for (const text of texts) tokens += count(text);
    const { user, system } = process.cpuUsage(before);
    return { tokens, nanoseconds: 1000 * (user + system) };
  };
}

async function tiktoken(encoding) {
  const { get_encoding: getEncoding } = await import('tiktoken');
  const tokenizer = getEncoding(encoding);
  return timed((text) => tokenizer.encode_ordinary(text).length);
}

async function gptTokenizer(encoding) {
  const { countTokens } = await import(`gpt-tokenizer/encoding/${encoding}`);
  const ordinary = { disallowedSpecial: new Set() };
  return timed((text) => countTokens(text, ordinary));
}

async function aiTokenizer(encoding) {
  const { Tokenizer } = await import('ai-tokenizer');
  const tokenizer = new Tokenizer(await import(`ai-tokenizer/encoding/${encoding}`));
  return timed((text) => tokenizer.count(text));
}

async function weir(encoding, { packageFolder }) {
  const { createCounter } = await import(join(packageFolder, 'index.js'));
  const counter = await createCounter(encoding);
  return timed((text) => counter.count(text));
}

/** The native program counts files of texts, each ended by a zero byte (native.cpp). */
async function native(encoding, { nativeProgram }) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-tokens-'));
  const child = spawn(nativeProgram, [encoding], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.unref();
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const files = new Map();
  const measure = async (texts) => {
    if (!files.has(texts)) {
      files.set(texts, join(folder, String(files.size)));
      writeFileSync(files.get(texts), texts.map((text) => `${text}\0`).join(''));
    }
    child.stdin.write(`${files.get(texts)}\n`);
    const { value } = await lines.next();
    const [tokens, nanoseconds] = value.split(' ').map(Number);
    return { tokens, nanoseconds };
  };
  measure.end = () => child.stdin.end();
  return measure;
}

export const subjects = {
  tiktoken,
  'gpt-tokenizer': gptTokenizer,
  'ai-tokenizer': aiTokenizer,
  'Weir, wasm': weir,
  'Weir, native': native,
};

export const isPeer = (name) => !name.startsWith('Weir');
