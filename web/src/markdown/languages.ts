import highlighter from 'highlight.js/lib/common';
import cmake from 'highlight.js/lib/languages/cmake';
import dart from 'highlight.js/lib/languages/dart';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import elixir from 'highlight.js/lib/languages/elixir';
import haskell from 'highlight.js/lib/languages/haskell';
import powershell from 'highlight.js/lib/languages/powershell';
import protobuf from 'highlight.js/lib/languages/protobuf';
import scala from 'highlight.js/lib/languages/scala';

const more = { cmake, dart, dockerfile, elixir, haskell, powershell, protobuf, scala };
for (const [name, language] of Object.entries(more)) highlighter.registerLanguage(name, language);

export { highlighter };
