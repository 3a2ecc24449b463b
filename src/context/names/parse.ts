import type { RefCall, SourceCall } from '../../manifest/nodes.ts'
import { Dict, hostFunction, toTemplateValue } from '../../template/index.ts'
import { plainObject } from '../describe-node.ts'
import { NamesObject } from '../objects/names-object.ts'
import { RelationObject } from '../objects/relation-object.ts'
import type { ParseSubject } from '../parse-subject.ts'
import type { ProjectContext } from '../project-context.ts'
import { AdapterObject, apiObject } from './adapter.ts'
import type { MacroNames } from './macros.ts'
import type { Names } from './names.ts'
import { Queries } from './queries.ts'
import { refFunction, sourceFunction } from './references.ts'
import { SMALL_NAMES } from './small.ts'

/** Told of what a template refers to. */
export interface ReferenceNotes {
  readonly ref: (ref: RefCall) => void
  readonly source: (source: SourceCall) => void
}

/** The names of a node that is being parsed, in layers: whatever would need the database or other nodes answers as nothing. */
export function parseNames(
  project: ProjectContext,
  subject: ParseSubject,
  macros: MacroNames,
  notes: ReferenceNotes,
): readonly Names[] {
  const { dialect, target } = project
  const queries = new Queries(project, undefined)
  const own = ownRelation(project, subject)
  const names: Names = {
    ref: () =>
      refFunction((ref) => {
        notes.ref(ref)
        return own
      }),
    source: () =>
      sourceFunction((source) => {
        notes.source(source)
        return own
      }),
    this: () => own,
    model: () => toTemplateValue(describeSubject(project, subject)),
    graph: () => new NamesObject('graph', EMPTY_GRAPH),
    schema: () => own.relation.schema,
    database: () => own.relation.database ?? null,
    adapter: () => new AdapterObject({ dialect, databaseName: target.database, macros, queries }),
    api: () => apiObject(dialect),
    is_incremental: () => hostFunction('is_incremental', () => false),
    doc: () => hostFunction('doc', () => ''),
    selected_resources: () => [],
  }
  return [names, queries.names(), SMALL_NAMES]
}

const EMPTY_GRAPH = Object.fromEntries(
  ['nodes', 'sources', 'exposures', 'metrics', 'groups'].map((kind) => [kind, new Dict()]),
)

/** The relation of the node as far as it is known before the project's `generate_schema_name` was asked. */
function ownRelation({ dialect, target }: ProjectContext, { config, name }: ParseSubject): RelationObject {
  const relation = {
    database: config.database ?? target.database,
    schema: config.schema ?? target.schema,
    identifier: config.alias ?? name,
    quoting: config.quoting,
  }
  return new RelationObject({ relation, dialect })
}

/** `model` and `node` as macros see them while parsing. */
export function describeSubject(project: ProjectContext, subject: ParseSubject) {
  const { config } = subject
  return {
    unique_id: subject.id,
    name: subject.name,
    resource_type: subject.resourceType,
    package_name: subject.package,
    path: subject.path,
    original_file_path: subject.file.path,
    fqn: subject.fqn,
    database: config.database ?? project.target.database,
    schema: config.schema ?? project.target.schema,
    alias: config.alias ?? subject.name,
    version: null,
    config: plainObject(config),
    tags: config.tags,
    meta: config.meta,
    columns: {},
    depends_on: { nodes: [], macros: [] },
    refs: [],
    sources: [],
    language: 'sql',
  }
}
