import { modelName, ownRow, type Shop, type ShopModel } from './shop.ts'

/**
 * What readers must see after any commands on a small project, told in the simplest way there is: a map of what stands,
 * and for every published relation what it replaced. It knows nothing of candidates, transactions or SQL.
 */

/** A query as a sum of rows: its own, and those of what it reads: relations by name, ephemeral models in full. */
interface Query {
  readonly own: string
  readonly reads: readonly (string | Query)[]
}

/** A published relation; a view is what its query gives now. */
interface Standing {
  /** The number of the run that published it. */
  readonly run: number
  readonly content:
    | { readonly kind: 'table'; readonly rows: readonly string[] }
    | { readonly kind: 'view'; readonly query: Query }
  /** What stood there before; undefined for nothing. */
  readonly replaced: Standing | undefined
}

type Relations = ReadonlyMap<string, Standing>

/** What a run is asked to do, by the numbers of models and tests. */
export interface ExpectedRun {
  readonly shop: Shop
  readonly models: ReadonlySet<number>
  readonly tests: ReadonlySet<number>
  readonly publish: 'all' | 'passing'
  readonly fullRefresh: boolean
}

export class ExpectedShop {
  #standing: Relations = new Map()
  /** What stood right after each run that published something. */
  readonly #after = new Map<number, Relations>()
  #runs = 0

  /** The runs that published something and can be gone back to. */
  get publications(): readonly number[] {
    return [...this.#after.keys()]
  }

  /** Does a run; returns its number and the models that it must publish. */
  build(run: ExpectedRun): { readonly number: number; readonly published: ReadonlySet<number> } {
    this.#runs += 1
    const number = this.#runs
    const failed = failedModels(run, (name) => this.#standing.has(name))
    const built = [...run.models].filter((model) => run.shop.models[model]?.kind !== 'ephemeral')
    const mayPublish = run.publish === 'passing' || !anythingFailed(run, failed, (name) => this.#standing.has(name))
    const published = new Set(mayPublish ? built.filter((model) => !failed.has(model)) : [])
    this.#publish(run, published, number)
    return { number, published }
  }

  /** Undoes what the last publication did. False where nothing is published. */
  rollback(): boolean {
    const last = Math.max(...[...this.#standing.values()].map(({ run }) => run))
    if (this.#standing.size === 0) return false
    this.#standing = new Map(
      [...this.#standing].flatMap(([name, standing]) => {
        const now = standing.run === last ? standing.replaced : standing
        return now ? [[name, now]] : []
      }),
    )
    return true
  }

  rollbackTo(run: number): void {
    this.#standing = this.#after.get(run) ?? this.#standing
  }

  /** Name, kind and run of every relation, and its rows as a reader sees them. */
  visible(): ReadonlyMap<string, { readonly kind: string; readonly run: number; readonly rows: readonly string[] }> {
    return new Map(
      [...this.#standing].map(([name, { content, run }]) => [
        name,
        { kind: content.kind, run, rows: [...this.#rowsOf(name)].sort() },
      ]),
    )
  }

  #publish(run: ExpectedRun, published: ReadonlySet<number>, number: number): void {
    if (published.size === 0) return
    const contents = new Map<string, Standing['content']>()
    // The models of a run read one another as the run builds them, and everything else as it stands.
    const read = (name: string): readonly string[] => {
      const content = contents.get(name)
      if (content === undefined) return this.#rowsOf(name)
      return content.kind === 'table' ? content.rows : rowsOfQuery(content.query, read)
    }
    for (const model of [...published].toSorted((a, b) => a - b)) {
      const name = modelName(model)
      const query = queryOf(run.shop, model)
      if (run.shop.models[model]?.kind === 'view') contents.set(name, { kind: 'view', query })
      else contents.set(name, { kind: 'table', rows: [...this.#keptRows(run, model), ...rowsOfQuery(query, read)] })
    }
    const standing = new Map(this.#standing)
    for (const [name, content] of contents) {
      standing.set(name, { run: number, content, replaced: standing.get(name) })
    }
    this.#standing = standing
    this.#after.set(number, standing)
  }

  #keptRows({ shop, fullRefresh }: ExpectedRun, model: number): readonly string[] {
    const before = this.#standing.get(modelName(model))?.content
    const keeps = shop.models[model]?.kind === 'appending' && !fullRefresh
    return keeps && before?.kind === 'table' ? before.rows : []
  }

  #rowsOf(name: string): readonly string[] {
    const content = this.#standing.get(name)?.content
    if (content?.kind === 'view') return rowsOfQuery(content.query, (other) => this.#rowsOf(other))
    return content?.rows ?? []
  }
}

/**
 * The models that must not be published: the least set that holds
 * - every model that is broken, or reads what is not there;
 * - every model that has a test that cannot run, or one of severity error that finds rows or reads anything of this set:
 *   it has not passed on what readers would see;
 * - everything below one of the set, and everything that has to wait for a test that did not pass.
 *
 * An ephemeral model is a part of whatever reads it, so it always counts as selected.
 */
function failedModels(run: ExpectedRun, stands: (name: string) => boolean): ReadonlySet<number> {
  const { shop, models, tests } = run
  const failed = new Set<number>()
  const isInRun = (model: number) => models.has(model) || shop.models[model]?.kind === 'ephemeral'
  const isFailedOrBelow = (model: number) => [model, ...ancestors(shop, model)].some((above) => failed.has(above))
  for (let before = -1; before !== failed.size; ) {
    before = failed.size
    for (const model of models) {
      if (!isBuildable(run, model, stands) || isFailedOrBelow(model)) failed.add(model)
    }
    for (const index of tests) {
      const test = shop.tests[index]
      if (test === undefined) continue
      const canRun = test.outcome !== 'broken' && test.parents.every((parent) => isReadable(run, parent, stands))
      const isStrict = test.severity === 'error'
      const passes = !isStrict || (test.outcome === 'passes' && !test.parents.some(isFailedOrBelow))
      if (canRun && passes) continue
      for (const parent of test.parents) if (isInRun(parent)) failed.add(parent)
      for (const model of isStrict ? models : []) {
        const above = ancestors(shop, model)
        if (test.parents.every((parent) => above.has(parent))) failed.add(model)
      }
    }
  }
  return failed
}

/** Whether a run with `publish: all` has anything to stop for. */
function anythingFailed(run: ExpectedRun, failed: ReadonlySet<number>, stands: (name: string) => boolean): boolean {
  const { shop, models, tests } = run
  const hasFailed = (index: number) => {
    const test = shop.tests[index]
    if (test === undefined) return false
    if (!test.parents.every((parent) => isReadable(run, parent, stands))) return true
    return test.severity === 'error' && test.outcome !== 'passes'
  }
  const builds = [...models].filter((model) => shop.models[model]?.kind !== 'ephemeral')
  return builds.some((model) => failed.has(model)) || [...tests].some(hasFailed)
}

/** Whether the engine can make sense of a model's SQL in this run. */
function isBuildable(run: ExpectedRun, number: number, stands: (name: string) => boolean): boolean {
  const model = run.shop.models[number]
  return model !== undefined && !model.isBroken && model.parents.every((parent) => isReadable(run, parent, stands))
}

/** Whether a model can be read: an ephemeral one in full, any other where the run builds it or it stands. */
function isReadable(run: ExpectedRun, number: number, stands: (name: string) => boolean): boolean {
  if (run.shop.models[number]?.kind === 'ephemeral') return isBuildable(run, number, stands)
  return run.models.has(number) || stands(modelName(number))
}

function ancestors({ models }: Shop, number: number): ReadonlySet<number> {
  const above = new Set<number>()
  const add = (model: ShopModel | undefined) => {
    for (const parent of model?.parents ?? []) {
      above.add(parent)
      add(models[parent])
    }
  }
  add(models[number])
  return above
}

function queryOf(shop: Shop, number: number): Query {
  const model = shop.models[number]
  const reads = (model?.parents ?? []).map((parent) =>
    shop.models[parent]?.kind === 'ephemeral' ? queryOf(shop, parent) : modelName(parent),
  )
  return { own: ownRow(number, model?.version ?? 0), reads }
}

function rowsOfQuery(query: Query, read: (name: string) => readonly string[]): readonly string[] {
  return [
    query.own,
    ...query.reads.flatMap((each) => (typeof each === 'string' ? read(each) : rowsOfQuery(each, read))),
  ]
}
