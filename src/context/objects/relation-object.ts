import type { Dialect } from '../../sql/dialect.ts'
import { physicalIdentifier, type Quoting, type Relation, type RelationKind, relationKey } from '../../sql/relation.ts'
import { Dict, HostObject, hostFunction, str, truthy } from '../../template/index.ts'
import { readArguments } from './arguments.ts'

const PARTS = ['database', 'schema', 'identifier'] as const
type Part = (typeof PARTS)[number]

/** What a relation object is made of. */
export interface RelationFields {
  readonly relation: Relation
  readonly dialect: Dialect
  /** Known only where the database or the template said so. */
  readonly type?: RelationKind | 'cte' | 'external' | 'materialized_view' | undefined
  /** The parts that are printed. */
  readonly include?: Readonly<Record<Part, boolean>>
}

const ALL_PARTS = { database: true, schema: true, identifier: true }

/**
 * A relation as templates see it. Prints as SQL: the physical name where this run builds the relation. `identifier`, `name`
 * and `table` are always published names.
 */
export class RelationObject extends HostObject {
  readonly typeName = 'Relation'
  readonly fields: RelationFields

  constructor(fields: RelationFields) {
    super()
    this.fields = fields
  }

  get relation(): Relation {
    return this.fields.relation
  }

  override attr(name: string): unknown {
    return Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]!(this) : undefined
  }

  override names(): Iterable<string> {
    return Object.keys(ATTRIBUTES)
  }

  /** dbt's relations are mappings, and packages recognize them by that. */
  override keys(): Iterable<unknown> {
    return ['metadata', 'type', 'path', 'quote_policy', 'include_policy']
  }

  override item(key: unknown): unknown {
    return typeof key === 'string' ? this.attr(key) : undefined
  }

  override len(): number {
    return 5
  }

  override str(): string {
    return renderRelation(this.fields)
  }

  override repr(): string {
    return `<${typeOf(this)} ${this.str()}>`
  }

  override truthy(): boolean {
    return true
  }

  override eq(other: unknown): boolean {
    return other instanceof RelationObject && other.hash() === this.hash()
  }

  override hash(): string {
    return relationKey(this.relation) + this.str()
  }

  override toPlain(): unknown {
    return this.str()
  }
}

/** The relation as SQL, without the parts that are left out. */
function renderRelation({ relation, dialect, include = ALL_PARTS }: RelationFields): string {
  if (relation.expression !== undefined) return relation.expression
  const isWhole = include.schema && include.identifier && relation.schema !== '' && relation.identifier !== ''
  if (isWhole) return dialect.render(include.database ? relation : withoutDatabase(relation))
  const texts = { ...relation, identifier: physicalIdentifier(relation) }
  // As the dialect has it: the name of a candidate is always quoted.
  const quoting = { ...relation.quoting, ...(relation.physical === undefined ? {} : { identifier: true }) }
  return PARTS.filter((part) => include[part] && texts[part])
    .map((part) => (quoting[part] === false ? texts[part]! : dialect.quote(texts[part]!)))
    .join('.')
}

function withoutDatabase(relation: Relation): Relation {
  const { database: _, ...rest } = relation
  return rest
}

const ATTRIBUTES: Readonly<Record<string, (self: RelationObject) => unknown>> = {
  database: (self) => self.relation.database ?? null,
  schema: (self) => self.relation.schema || null,
  identifier: (self) => self.relation.identifier || null,
  name: (self) => self.relation.identifier || null,
  table: (self) => self.relation.identifier || null,
  type: (self) => self.fields.type ?? null,
  is_table: (self) => self.fields.type === 'table',
  is_view: (self) => self.fields.type === 'view',
  is_cte: (self) => self.fields.type === 'cte',
  is_materialized_view: (self) => self.fields.type === 'materialized_view',
  is_pointer: () => false,
  can_be_renamed: () => true,
  can_be_replaced: () => true,
  path: (self) => partsDict((part) => self.relation[part] || null),
  quote_policy: (self) => partsDict((part) => self.relation.quoting?.[part] ?? true),
  include_policy: (self) => partsDict((part) => (self.fields.include ?? ALL_PARTS)[part]),
  metadata: (self) => new Dict([['type', typeOf(self)]]),
  render: (self) => hostFunction('render', () => self.str()),
  quoted: (self) => hostFunction('quoted', (args) => self.fields.dialect.quote(str(args[0]))),
  get: (self) =>
    hostFunction('get', (args, kwargs) => {
      const [key, fallback] = readArguments('get', ['key', 'default'], args, kwargs)
      return self.attr(str(key)) ?? fallback ?? null
    }),
  include: (self) =>
    hostFunction('include', (args, kwargs) => {
      const given = readParts('include', args, kwargs)
      return withFields(self, { include: { ...ALL_PARTS, ...self.fields.include, ...given } })
    }),
  quote: (self) =>
    hostFunction('quote', (args, kwargs) => {
      const quoting: Partial<Quoting> = { ...self.relation.quoting, ...readParts('quote', args, kwargs) }
      return withFields(self, { relation: { ...self.relation, quoting } })
    }),
  without_identifier: (self) =>
    hostFunction('without_identifier', () =>
      withFields(self, { include: { ...(self.fields.include ?? ALL_PARTS), identifier: false } }),
    ),
  replace_path: (self) =>
    hostFunction('replace_path', (args, kwargs) => {
      return withPath(self, readArguments('replace_path', PARTS, args, kwargs))
    }),
  incorporate: (self) =>
    hostFunction('incorporate', (args, kwargs) => {
      const [path, type] = readArguments('incorporate', ['path', 'type'], args, kwargs)
      const moved =
        path instanceof Dict
          ? withPath(
              self,
              PARTS.map((part) => path.get(part)),
            )
          : self
      return type === undefined ? moved : withFields(moved, { type: relationType(type) })
    }),
  information_schema: (self) =>
    hostFunction('information_schema', (args, kwargs) => {
      const [view] = readArguments('information_schema', ['view_name'], args, kwargs)
      const { database } = self.relation
      return withFields(self, {
        relation: {
          ...(database === undefined ? {} : { database }),
          schema: 'INFORMATION_SCHEMA',
          identifier: view ? str(view) : '',
          quoting: { schema: false, identifier: false },
        },
      })
    }),
  matches: (self) =>
    hostFunction('matches', (args, kwargs) => {
      const wanted = readArguments('matches', PARTS, args, kwargs)
      return PARTS.every((part, index) => {
        const value = wanted[index]
        return value === undefined || value === null || str(value).toLowerCase() === self.relation[part]?.toLowerCase()
      })
    }),
}

function withFields(self: RelationObject, changes: Partial<RelationFields>): RelationObject {
  return new RelationObject({ ...self.fields, ...changes })
}

/** A part that is not given stays; another identifier is another relation, so the physical name goes. */
function withPath(self: RelationObject, parts: readonly unknown[]): RelationObject {
  const [database, schema, identifier] = parts.map((part) =>
    part === undefined || part === null ? undefined : str(part),
  )
  const { physical, ...rest } = self.relation
  const isSame = identifier === undefined && schema === undefined && database === undefined
  return withFields(self, {
    relation: {
      ...rest,
      ...(isSame && physical !== undefined ? { physical } : {}),
      ...(database === undefined ? {} : { database }),
      schema: schema ?? rest.schema,
      identifier: identifier ?? rest.identifier,
    },
  })
}

function readParts(
  functionName: string,
  args: readonly unknown[],
  kwargs: ReadonlyMap<string, unknown>,
): Partial<Quoting> {
  const values = readArguments(functionName, PARTS, args, kwargs)
  const given: Partial<Record<Part, boolean>> = {}
  PARTS.forEach((part, index) => {
    const value = values[index]
    if (value !== undefined && value !== null) given[part] = truthy(value)
  })
  return given
}

function partsDict(value: (part: Part) => unknown): Dict {
  return new Dict(PARTS.map((part) => [part, value(part)]))
}

const TYPES = ['table', 'view', 'cte', 'external', 'materialized_view'] as const

function relationType(value: unknown): RelationFields['type'] {
  return TYPES.find((type) => type === value)
}

/** `DuckdbRelation`: packages look at how it ends. */
function typeOf({ fields }: RelationObject): string {
  const { name } = fields.dialect
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Relation`
}

/** `api.Relation`: makes relations by name. */
export class RelationClass extends HostObject {
  readonly typeName = 'type'
  private readonly dialect: Dialect
  private readonly quoting: Partial<Quoting>

  constructor(dialect: Dialect, quoting: Partial<Quoting> = {}) {
    super()
    this.dialect = dialect
    this.quoting = quoting
  }

  override attr(name: string): unknown {
    if (name === 'create') return hostFunction('create', (args, kwargs) => this.create(args, kwargs))
    return Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name] : undefined
  }

  override names(): Iterable<string> {
    return ['create', ...Object.keys(TYPE_NAMES)]
  }

  private create(args: readonly unknown[], kwargs: ReadonlyMap<string, unknown>): RelationObject {
    const parameters = [...PARTS, 'type', 'quote_policy', 'include_policy']
    const [database, schema, identifier, type, quoting, include] = readArguments('create', parameters, args, kwargs)
    return new RelationObject({
      dialect: this.dialect,
      type: relationType(type),
      include: { ...ALL_PARTS, ...policyOf(include) },
      relation: {
        ...(isGiven(database) ? { database: str(database) } : {}),
        schema: isGiven(schema) ? str(schema) : '',
        identifier: isGiven(identifier) ? str(identifier) : '',
        quoting: { ...this.quoting, ...policyOf(quoting) },
      },
    })
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Table: 'table',
  View: 'view',
  CTE: 'cte',
  External: 'external',
  MaterializedView: 'materialized_view',
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function policyOf(value: unknown): Partial<Record<Part, boolean>> {
  if (!(value instanceof Dict)) return {}
  return Object.fromEntries(PARTS.filter((part) => value.has(part)).map((part) => [part, truthy(value.get(part))]))
}
