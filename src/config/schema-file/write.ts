import { FORM, type Schema } from './schema-file.ts'

const HEAD = `# Written by "lavra schema pull": what this project reads in its database and does not build.
# "lavra check --offline" binds the project to it. Commit it, and pull again when a source changes.
`

/** The text of a schema's file: equal schemas give equal texts, and a change of one column is a change of one line. */
export function schemaText({ engine, vocabulary, sources }: Schema): string {
  const { searchPath, extensions, types, functions, collations } = vocabulary
  const ids = [...sources.keys()].sort()
  return [
    HEAD,
    `form: ${FORM}\n`,
    `engine: ${scalar(engine)}\n`,
    searchPath.length === 0 ? '' : `search_path: [${searchPath.map(scalar).join(', ')}]\n`,
    list(
      'extensions',
      extensions.map(({ name, schema }) => `{ name: ${scalar(name)}, schema: ${scalar(schema)} }`),
    ),
    list('types', types.map(scalar)),
    list('functions', functions.map(scalar)),
    list('collations', collations.map(scalar)),
    ids.length === 0 ? 'sources: {}\n' : 'sources:\n',
    ...ids.flatMap((id) => [
      `  ${scalar(id)}:\n`,
      ...sources.get(id)!.map(({ name, type }) => `    - { name: ${scalar(name)}, data_type: ${scalar(type)} }\n`),
    ]),
  ].join('')
}

function list(key: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${key}:\n${items.map((item) => `  - ${item}\n`).join('')}`
}

const WORDS_OF_YAML = /^(?:true|false|yes|no|on|off|y|n|null)$/i

/** Text as YAML on one line, plain where nothing in it could be taken for something else. */
function scalar(text: string): string {
  if (/^[a-z_][\w.]*(?: [\w.]+)*$/i.test(text) && !WORDS_OF_YAML.test(text)) return text
  const isPrintable = /^[^\p{C}\p{Z}]*(?: [^\p{C}\p{Z}]+)*$/u.test(text)
  if (isPrintable && !/["\\]/.test(text)) return `"${text}"`
  if (isPrintable && !text.includes("'")) return `'${text}'`
  return JSON.stringify(text)
}
