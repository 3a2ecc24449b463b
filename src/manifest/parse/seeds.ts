import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ParseSubject } from '../../context/index.ts'
import { span } from '../../text/source-file.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { FoundSeed } from '../read.ts'
import { columnsOf } from './columns.ts'
import { finalConfig, outerLayers } from './configure.ts'
import { checksumOf, fqnOf, stemOf } from './names.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedSeed } from './parsed.ts'
import { type Patch, patchKey } from './properties.ts'
import { allReferences } from './references.ts'

/** Larger seeds are told apart by their path, as in dbt, so that parsing does not read them. */
const LARGEST_HASHED_BYTES = 1024 * 1024

/** A seed. Its data is not kept: of the file's text there is the first line only, and of a large file nothing. */
export function parseSeed(context: ParseContext, found: FoundSeed, patches: ReadonlyMap<string, Patch>): ParsedSeed {
  const { below } = found
  const name = stemOf(below)
  const packageName = context.project.name
  const fqn = fqnOf(packageName, below, name)
  const patch = patches.get(patchKey('seed', name))
  const { config, places, unrenderedConfig } = finalConfig(
    context,
    outerLayers(context, 'seed', fqn, patch?.config),
    'seed',
  )
  const data = found.bytes > LARGEST_HASHED_BYTES ? undefined : readFileSync(found.absolutePath, 'utf8')
  const file = { path: found.path, text: data?.split(/\r?\n/, 1)[0] ?? '' }
  const subject: ParseSubject = {
    id: uniqueId('seed', packageName, name),
    name,
    package: packageName,
    resourceType: 'seed',
    fqn,
    file,
    path: below,
    config,
  }
  return {
    kind: 'seed',
    id: subject.id,
    name,
    package: packageName,
    fqn,
    below,
    file,
    place: span(file, 0, file.text.length),
    description: renderDescription(context, patch?.description),
    columns: columnsOf(context, patch?.columns),
    config,
    unrenderedConfig,
    configPlaces: places,
    checksum: data === undefined ? createHash('sha256').update(found.path).digest('hex') : checksumOf(data),
    ...(patch ? { patchFile: patch.file } : {}),
    csvPath: found.absolutePath,
    references: allReferences(context, subject, { body: undefined, config, places }),
  }
}
