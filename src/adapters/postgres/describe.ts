import type pg from 'pg'

/** A column as the protocol describes it. */
export interface FieldDescription {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/** The part of the driver's connection that a description needs; its types leave it out. */
interface ProtocolConnection {
  parse(message: { text: string; name: string }): void
  describe(message: { type: 'S'; name: string }): void
  sync(): void
}

/**
 * The columns that a query gives, without running it: the server parses the statement and describes it (extended query
 * protocol). Fails with the driver's error.
 */
export function describeFields(client: pg.Client, sql: string): Promise<readonly FieldDescription[]> {
  return new Promise((resolve, reject) => {
    client.query(new Description(sql, resolve, reject))
  })
}

/** What the driver calls a "submittable": it is told what comes back for the messages that it sends. */
class Description implements pg.Submittable {
  readonly #sql: string
  readonly #resolve: (fields: readonly FieldDescription[]) => void
  readonly #reject: (error: Error) => void
  #fields: readonly FieldDescription[] = []

  constructor(sql: string, resolve: (fields: readonly FieldDescription[]) => void, reject: (error: Error) => void) {
    this.#sql = sql
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    const protocol = connection as unknown as ProtocolConnection // see there
    protocol.parse({ text: this.#sql, name: '' })
    protocol.describe({ type: 'S', name: '' })
    protocol.sync()
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDescription[] }): void {
    this.#fields = fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, dataTypeID, dataTypeModifier }))
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#fields)
  }

  handleCommandComplete(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
