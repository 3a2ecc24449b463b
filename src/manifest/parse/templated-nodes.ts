import { type ParseCapture, type ParseSubject, renderForParse } from '../../context/index.ts'
import { collecting } from '../../diagnostics/errors.ts'
import { parseTemplate, splitBlocks, type TemplateTree } from '../../template/index.ts'
import { type Span, span } from '../../text/source-file.ts'
import { uniqueId } from '../../text/unique-id.ts'
import type { NamedReferences, TemplatedNode } from '../nodes.ts'
import type { FoundFile } from '../read.ts'
import { columnsOf, constraintsOf } from './columns.ts'
import { type ConfigLayers, finalConfig, inFileLayers, outerConfig, outerLayers, withLayer } from './configure.ts'
import { checksumOf, fqnOf, stemOf } from './names.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { ParsedDataTest, ParsedModel, ParsedSnapshot } from './parsed.ts'
import { type Patch, patchKey } from './properties.ts'
import { allReferences, locatedIn } from './references.ts'

type Patches = ReadonlyMap<string, Patch>

/** A model; undefined when its template has problems. */
export function parseModel(context: ParseContext, found: FoundFile, patches: Patches): ParsedModel | undefined {
  const { file, below } = found
  const name = stemOf(below)
  const patch = patches.get(patchKey('model', name))
  const tree = collecting(context.problems, () => parseTemplate(file, stripped(file.text)))
  const parsed = parseTemplated(context, {
    type: 'model',
    name,
    fqn: fqnOf(context.project.name, below, name),
    below,
    tree,
    place: startOf(tree, found),
    patch,
  })
  return parsed && { kind: 'model', ...parsed, constraints: constraintsOf(patch?.constraints) }
}

/** A singular test: a query whose rows are failures. */
export function parseSingularTest(
  context: ParseContext,
  found: FoundFile,
  patches: Patches,
): ParsedDataTest | undefined {
  const { file, below } = found
  const name = stemOf(below)
  const tree = collecting(context.problems, () => parseTemplate(file, stripped(file.text)))
  const parsed = parseTemplated(context, {
    type: 'test',
    name,
    fqn: fqnOf(context.project.name, below, name),
    below,
    tree,
    place: startOf(tree, found),
    patch: patches.get(patchKey('data test', name)),
  })
  return parsed && { kind: 'test', ...parsed }
}

/** The snapshots of a file: one for each `{% snapshot %}` block. Their fqn has the name of the file, as in dbt. */
export function parseSnapshots(context: ParseContext, found: FoundFile, patches: Patches): readonly ParsedSnapshot[] {
  const { file, below } = found
  const blocks = collecting(context.problems, () => splitBlocks(file, ['snapshot'])) ?? []
  return blocks.flatMap((block) => {
    const parsed = parseTemplated(context, {
      type: 'snapshot',
      name: block.name,
      fqn: fqnOf(context.project.name, below, stemOf(below), block.name),
      below,
      tree: collecting(context.problems, () => parseTemplate(file, block.content)),
      place: block.nameSpan,
      patch: patches.get(patchKey('snapshot', block.name)),
    })
    return parsed ? [{ kind: 'snapshot', ...parsed }] : []
  })
}

/** A snapshot that is written in YAML: `relation: ref('orders')` stands for `select * from {{ ref('orders') }}`. */
export function parseYamlSnapshot(
  context: ParseContext,
  patch: Patch,
  relation: Patch['at'],
): ParsedSnapshot | undefined {
  const call = String(relation.value)
    .replace(/^\s*\{\{|\}\}\s*$/g, '')
    .trim()
  const file = { path: patch.file.path, text: `select * from {{ ${call} }}` }
  const parsed = parseTemplated(context, {
    type: 'snapshot',
    name: patch.name,
    fqn: fqnOf(context.project.name, patch.below, patch.name),
    below: patch.below,
    tree: collecting(context.problems, () => parseTemplate(file)),
    place: patch.at.child('name').place,
    patch,
    referencesAt: relation.place,
  })
  return parsed && { kind: 'snapshot', ...parsed }
}

interface TemplatedInput {
  readonly type: 'model' | 'snapshot' | 'test'
  readonly name: string
  readonly fqn: readonly string[]
  readonly below: string
  readonly tree: TemplateTree | undefined
  readonly place: Span
  readonly patch: Patch | undefined
  /** Where refs are said to be, when the template was made and not written. */
  readonly referencesAt?: Span
}

type ParsedTemplated = TemplatedNode & NamedReferences & { readonly below: string }

function parseTemplated(context: ParseContext, input: TemplatedInput): ParsedTemplated | undefined {
  const { type, name, fqn, below, tree, place, patch } = input
  if (!tree) return undefined
  const packageName = context.project.name
  const layers = outerLayers(context, type, fqn, patch?.config)
  const subject: ParseSubject = {
    id: uniqueId(type, packageName, name),
    name,
    package: packageName,
    resourceType: type,
    fqn,
    file: place.file,
    path: below,
    config: outerConfig(layers, type),
  }
  const capture = collecting(context.problems, () => renderForParse(context.project, subject, tree))
  if (!capture) return undefined
  const { config, places, unrenderedConfig } = finalConfig(context, withInFile(layers, capture, tree, place), type)
  const body = input.referencesAt ? locatedIn(tree, input.referencesAt, capture) : capture
  const columns = columnsOf(context, patch?.columns)
  const constraints = [...columns.flatMap((column) => column.constraints), ...constraintsOf(patch?.constraints)]
  const rawCode = tree.file.text.slice(tree.extent.start, tree.extent.end).trim()
  return {
    id: subject.id,
    name,
    package: packageName,
    fqn,
    below,
    file: place.file,
    place,
    description: renderDescription(context, patch?.description),
    columns,
    config,
    unrenderedConfig,
    configPlaces: places,
    checksum: checksumOf(tree.file.text),
    ...(patch ? { patchFile: patch.file } : {}),
    tree,
    rawCode,
    ...allReferences(context, subject, { body, config, places, constraints }),
  }
}

function withInFile(layers: ConfigLayers, capture: ParseCapture, tree: TemplateTree, place: Span): ConfigLayers {
  const { written, rendered } = inFileLayers(capture, tree, place)
  return rendered.length === 0 ? layers : withLayer(layers, written, rendered)
}

/** Where a file's template starts and ends without the space around it, which dbt drops. */
function stripped(text: string): { readonly start: number; readonly end: number } {
  const start = text.length - text.trimStart().length
  return { start, end: Math.max(start, text.trimEnd().length) }
}

function startOf(tree: TemplateTree | undefined, { file }: FoundFile): Span {
  const start = tree?.extent.start ?? 0
  const end = file.text.indexOf('\n', start)
  return span(file, start, end < 0 ? file.text.length : end)
}
