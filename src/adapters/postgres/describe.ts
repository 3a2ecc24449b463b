import type pg from 'pg'

/** A column as the protocol describes it. */
export interface FieldDescription {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/** The part of the driver's connection that is needed here; its types leave it out. */
interface ProtocolConnection {
  parse(message: { text: string; name: string }): void
  describe(message: { type: 'S'; name: string }): void
  bind(message: { portal: string; statement: string; values: readonly [] }): void
  execute(message: { portal: string }): void
  sync(): void
}

/**
 * The columns that a query gives, without running it: the server parses the statement and describes it (extended query
 * protocol). Fails with the driver's error.
 */
export async function describeFields(client: pg.Client, sql: string): Promise<readonly FieldDescription[]> {
  const [fields] = await describeEach(client, [sql])
  return fields ?? []
}

/**
 * The same of several queries in one trip. What gives no columns at all is left out. Fails with the error of the first that the
 * server refuses.
 */
export function describeEach(
  client: pg.Client,
  queries: readonly string[],
): Promise<readonly (readonly FieldDescription[])[]> {
  return inOneTrip(client, (protocol) => {
    for (const text of queries) {
      protocol.parse({ text, name: '' })
      protocol.describe({ type: 'S', name: '' })
    }
  })
}

/** Runs several statements in one trip: none of the texts can hold a second one. Fails as `describeEach`. */
export async function executeEach(client: pg.Client, statements: readonly string[]): Promise<void> {
  await inOneTrip(client, (protocol) => {
    for (const text of statements) {
      protocol.parse({ text, name: '' })
      protocol.bind({ portal: '', statement: '', values: [] })
      protocol.execute({ portal: '' })
    }
  })
}

function inOneTrip(
  client: pg.Client,
  send: (protocol: ProtocolConnection) => void,
): Promise<readonly (readonly FieldDescription[])[]> {
  return new Promise((resolve, reject) => {
    client.query(new Trip(send, resolve, reject))
  })
}

/** What the driver calls a "submittable": it is told what comes back for the messages that it sends. */
class Trip implements pg.Submittable {
  readonly #send: (protocol: ProtocolConnection) => void
  readonly #resolve: (described: readonly (readonly FieldDescription[])[]) => void
  readonly #reject: (error: Error) => void
  readonly #described: (readonly FieldDescription[])[] = []

  constructor(
    send: (protocol: ProtocolConnection) => void,
    resolve: (described: readonly (readonly FieldDescription[])[]) => void,
    reject: (error: Error) => void,
  ) {
    this.#send = send
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    const protocol = connection as unknown as ProtocolConnection // see there
    this.#send(protocol)
    // From the first error on the server leaves out everything before this.
    protocol.sync()
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDescription[] }): void {
    this.#described.push(
      fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, dataTypeID, dataTypeModifier })),
    )
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#described)
  }

  handleCommandComplete(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
