/** What is used of modern-tar; the build bundles it into this module, loaded with the first archive. */
export { createTarDecoder } from 'modern-tar';
