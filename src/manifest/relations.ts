import { type ParseSubject, type ProjectContext, relationNameFor } from '../context/index.ts'
import { fitIdentifier } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Quoting, Relation } from '../sql/relation.ts'
import type { ParsedModel, ParsedSeed, ParsedSnapshot, ParsedSource } from './parse/parsed.ts'

/** The published relation of a node, named by the project's `generate_…_name` macros. Throws `UserError`. */
export function relationOf(
  project: ProjectContext,
  node: ParsedModel | ParsedSnapshot | ParsedSeed,
  projectQuoting: Partial<Quoting>,
): Relation {
  const subject: ParseSubject = {
    id: node.id,
    name: node.name,
    package: node.package,
    resourceType: node.kind,
    fqn: node.fqn,
    file: node.file,
    path: node.below,
    config: node.config,
  }
  const { database, schema, identifier } = relationNameFor(project, subject)
  const { target_schema: targetSchema, target_database: targetDatabase } = node.config
  const relation = folded(project.dialect, {
    // A snapshot's own target beats the macros, as in dbt.
    database: targetDatabase ?? database,
    schema: targetSchema ?? schema,
    identifier,
    ...quotingOf(projectQuoting, node.config.quoting),
  })
  if (!project.dialect.cutsIdentifiers) return relation
  // Two long names may begin alike: what the engine would cut is cut here, and told apart.
  const shortened = (name: string) => fitIdentifier(name, project.dialect.maxIdentifierBytes)
  return { ...relation, schema: shortened(relation.schema), identifier: shortened(relation.identifier) }
}

/** The relation under the names that the engine keeps for those that are not quoted. */
function folded({ foldCase }: Dialect, relation: Relation): Relation {
  const { schema, identifier, quoting = {} } = relation
  return {
    ...relation,
    schema: quoting.schema === false ? foldCase(schema) : schema,
    identifier: quoting.identifier === false ? foldCase(identifier) : identifier,
  }
}

/**
 * The relation of a source, or the files that stand for it. Where the engine cannot read files, it is named after the source
 * in the target's schema: that is where a run makes a table of them.
 */
export function sourceRelation(
  project: ProjectContext,
  source: ParsedSource,
  projectQuoting: Partial<Quoting>,
): Relation {
  const relation = folded(project.dialect, {
    database: source.database ?? project.target.database,
    schema: source.schema,
    identifier: source.identifier,
    ...quotingOf(projectQuoting, source.config.quoting),
  })
  if (!source.external) return relation
  const expression = project.dialect.externalSource(source.external, source.columns)
  if (expression !== undefined) return { ...relation, expression }
  return {
    database: project.target.database,
    schema: project.target.schema,
    identifier: `${source.sourceName}_${source.name}`,
  }
}

function quotingOf(project: Partial<Quoting>, own: Partial<Quoting>): { readonly quoting?: Partial<Quoting> } {
  const quoting = { ...project, ...own }
  return Object.keys(quoting).length === 0 ? {} : { quoting }
}
