import { mergeConfig } from '../config/merge-config.ts'
import { type ParseSubject, type ProjectContext, renderForParse } from '../context/index.ts'
import { stopOnErrors } from '../diagnostics/errors.ts'
import { parseTemplate } from '../template/index.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import type { Manifest } from './manifest.ts'
import type { Operation } from './nodes.ts'
import { checksumOf } from './parse/names.ts'
import type { ParsedProject } from './parse/parsed.ts'
import { createReferenceIndex } from './reference-index.ts'
import { resolveReferences } from './resolve-references.ts'

/** A query that no file of the project holds, as a node of its own, so that it may refer to everything that a model may. Throws `UserError`. */
export function inlineOperation(manifest: Manifest, project: ProjectContext, file: SourceFile): Operation {
  const { path, text } = file
  const tree = parseTemplate(file)
  const { config, places } = mergeConfig([], 'operation', [])
  const place = span(file, 0, text.length)
  const subject: ParseSubject = {
    id: uniqueId('operation', project.name, 'inline'),
    name: 'inline',
    package: project.name,
    resourceType: 'operation',
    fqn: [project.name, 'inline'],
    file,
    path,
    config,
  }
  const capture = renderForParse(project, subject, tree)
  const { references, problems } = resolveReferences({ ...capture, place, tree }, indexOf(manifest))
  stopOnErrors(problems)
  return {
    ...subject,
    ...references,
    kind: 'operation',
    when: 'on-run-start',
    index: 0,
    hook: { sql: text, transaction: true },
    place,
    description: '',
    columns: [],
    unrenderedConfig: {},
    configPlaces: places,
    checksum: checksumOf(text),
    tree,
    rawCode: text,
  }
}

function indexOf(manifest: Manifest) {
  const nodes = [...manifest.nodes.values(), ...manifest.disabled]
  // The index asks for names, files and whether a node is enabled, which resolved nodes have as well as parsed ones.
  return createReferenceIndex({ nodes, sources: [...manifest.sources.values()] } as unknown as ParsedProject)
}
