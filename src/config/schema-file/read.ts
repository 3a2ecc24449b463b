import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem, stopOnErrors, UserError } from '../../diagnostics/errors.ts'
import type { SourceFile } from '../../text/source-file.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { childOf, entriesOf, type LocatedValue } from '../located-value.ts'
import { listOf, mapOf, object, type Shape, text } from '../shape.ts'
import { parseYaml } from '../yaml.ts'
import { FORM, type SchemaFile } from './schema-file.ts'

const column = object('a column', { name: text, data_type: text }, {})
const extension = object('an extension', { name: text, schema: text }, {})
const schemaFile = object(
  'a schema file',
  { form: text, engine: text, sources: mapOf(listOf(column)) },
  {
    search_path: listOf(text),
    extensions: listOf(extension),
    types: listOf(text),
    functions: listOf(text),
    collations: listOf(text),
  },
)

/** Reads what `lavra schema pull` wrote. Throws `UserError` at the place of what cannot be read. */
export function readSchemaFile(file: SourceFile): SchemaFile {
  const at = parseYaml(file)
  const form = childOf(at, 'form')
  if (form === undefined || form.value !== FORM) throw new UserError(otherForm(file, at, form))
  const problems: Diagnostic[] = []
  const read = (schemaFile satisfies Shape<object>)(at, problems)
  stopOnErrors(problems)
  if (!read) throw new UserError(otherForm(file, at, form))
  const sources = Object.entries(read.sources).map(
    // As they were written of a manifest; what is no id is nobody's.
    ([id, columns]) => [id as UniqueId, columns.map(({ name, data_type: type }) => ({ name, type }))] as const,
  )
  return {
    path: file.path,
    engine: read.engine,
    vocabulary: {
      searchPath: read.search_path ?? [],
      extensions: (read.extensions ?? []).map(({ name, schema }) => ({ name, schema })),
      types: read.types ?? [],
      functions: read.functions ?? [],
      collations: read.collations ?? [],
    },
    sources: new Map(sources),
    placeOf: (list, index) => at.child(list === 'searchPath' ? 'search_path' : list).child(index).place,
    placeOfSource: (source, index) => {
      const columns = at.child('sources').child(source)
      return index === undefined ? columns.keyPlace : columns.child(index).child('data_type').place
    },
  }
}

function otherForm(file: SourceFile, at: LocatedValue, form: LocatedValue | undefined): Diagnostic {
  const isNewer = typeof form?.value === 'number' && form.value > FORM
  const said = form === undefined ? 'does not say its form' : `has the form ${String(form.value)}`
  const first = entriesOf(at)[0]?.[1]
  return problem('schema-file-form', `"${file.path}" ${said}, and this version of Lavra reads the form ${FORM}.`, {
    place: form?.place ?? first?.keyPlace ?? at.place,
    hint: isNewer ? 'use the version of Lavra that wrote it' : 'write it anew with "lavra schema pull"',
  })
}
