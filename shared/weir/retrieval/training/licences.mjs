// Which files of a Debian source package are under a permissive licence, by its debian/copyright
// (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/).

const PERMISSIVE =
  /^(expat|mit|mit-[\w.-]*|x11|isc|0bsd|bsd|bsd-[\w.+-]*|[\w.-]*bsd[\w.-]*|apache|apache-?2(\.0)?|zlib|boost|boost-1(\.0)?|bsl|bsl-1(\.0)?|postgresql|curl|openssl|libpng|python|psf(-2)?|python-2(\.0)?|unlicense|cc0|cc0-1\.0|public-domain|unicode|icu|tcl|sqlite|wtfpl(-2)?|hpnd|ntp|go|google|libxml2|curl-.*|jsoncpp)$/;

/** Whether a licence expression can be met by permissive licences alone. */
export function isPermissive(expression) {
  return expression
    .toLowerCase()
    .split(/[\s,]+or\s+/)
    .some((choice) =>
      choice
        .replace(/ with [\w -]*exceptions?/g, '')
        .split(/[\s,]+and\s+/)
        .every((name) => PERMISSIVE.test(name.trim().replace(/^\(|\)$/g, ''))),
    );
}

/** A glob of the format: `*` and `?` match slashes too. */
function matcher(glob) {
  const source = glob
    .replace(/[.+^${}()|[\]]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^(${source}|${source}/.*)$`);
}

/** @returns {(path: string) => boolean}; never true where the text is not in the format. */
export function permissiveFiles(copyright) {
  const rules = [];
  for (const paragraph of copyright.split(/\n\s*\n/)) {
    const files = /^Files:((?:.*)(?:\n[ \t].*)*)/m.exec(paragraph);
    const licence = /^License:[ \t]*(.*)/m.exec(paragraph);
    if (!files || !licence) continue;
    const globs = files[1]
      .trim()
      .split(/[\s,]+/)
      .map(matcher);
    rules.push({ globs, permissive: isPermissive(licence[1].trim()) });
  }
  return (path) => {
    // The last paragraph that matches holds.
    const rule = rules.findLast(({ globs }) => globs.some((glob) => glob.test(path)));
    return rule?.permissive ?? false;
  };
}
