/** What is used of zip.js; the build bundles it into this module, which is loaded with the first .zip. */
export { BlobReader, ZipReader, configure } from '@zip.js/zip.js/lib/zip-core-native.js';
