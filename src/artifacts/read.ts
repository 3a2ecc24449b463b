import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { isJsonObject, type JsonObject } from '../util/json.ts'

/** What an artifact says of itself: its kind and the version of its schema. */
export interface ArtifactKind {
  /** As in the schema's address: `manifest`, `run-results`, `catalog`. */
  readonly name: string
  readonly oldest: number
  readonly newest: number
}

/** The file as a JSON object of the right kind and version; throws a `UserError` located in the file otherwise. */
export function readArtifact(file: SourceFile, kind: ArtifactKind): JsonObject {
  const content = parseJson(file)
  const metadata = isJsonObject(content) ? content.metadata : undefined
  const schema = isJsonObject(metadata) ? metadata.dbt_schema_version : undefined
  const found = /\/dbt\/([a-z-]+)\/v(\d+)\.json$/.exec(typeof schema === 'string' ? schema : '')
  if (!isJsonObject(content) || !found || found[1] !== kind.name) throw new UserError(notThatArtifact(file, kind))
  const version = Number(found[2])
  if (version < kind.oldest || version > kind.newest) throw new UserError(unknownVersion(file, kind, version))
  return content
}

/** An object that the artifact must have at its top. */
export function requireObject(file: SourceFile, content: JsonObject, key: string): JsonObject {
  const value = content[key]
  if (!isJsonObject(value)) throw new UserError(missingPart(file, key, 'an object'))
  return value
}

/** A list that the artifact must have at its top. */
export function requireList(file: SourceFile, content: JsonObject, key: string): readonly unknown[] {
  const value = content[key]
  if (!Array.isArray(value)) throw new UserError(missingPart(file, key, 'a list'))
  return value
}

function parseJson(file: SourceFile): unknown {
  try {
    return JSON.parse(file.text)
  } catch (error) {
    // JSON.parse throws nothing but SyntaxErrors; those of an unfinished text name no position.
    const { message } = error as SyntaxError
    const position = /at position (\d+)/.exec(message)
    const offset = position ? Number(position[1]) : file.text.length
    throw new UserError(
      problem('artifact-not-json', `"${file.path}" is not JSON: it ends or breaks off here.`, {
        place: span(file, offset, offset + 1),
        hint: 'the file may be from a run that was interrupted; write it again',
      }),
      { cause: error },
    )
  }
}

function notThatArtifact(file: SourceFile, kind: ArtifactKind): Diagnostic {
  return problem('artifact-kind', `"${file.path}" is not a ${fileName(kind)} as Lavra or dbt writes it.`, {
    ...placeOf(file, 'dbt_schema_version'),
    hint: `its "metadata" must have a "dbt_schema_version" that ends in "/dbt/${kind.name}/v${kind.newest}.json"`,
  })
}

function unknownVersion(file: SourceFile, kind: ArtifactKind, version: number): Diagnostic {
  const { oldest, newest } = kind
  const known = oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`
  return problem(
    'artifact-version',
    `"${file.path}" is a ${fileName(kind)} of schema version ${version}; Lavra reads ${known}.`,
    placeOf(file, 'dbt_schema_version'),
  )
}

function missingPart(file: SourceFile, key: string, what: string): Diagnostic {
  return problem('artifact-kind', `"${file.path}" has no "${key}" that is ${what}.`, placeOf(file, key))
}

/** The key as it stands in the text, if it does. */
function placeOf(file: SourceFile, key: string): Pick<Diagnostic, 'place'> {
  const at = file.text.indexOf(`"${key}"`)
  return at < 0 ? {} : { place: span(file, at, at + key.length + 2) }
}

function fileName(kind: ArtifactKind): string {
  return `${kind.name.replace('-', '_')}.json`
}
