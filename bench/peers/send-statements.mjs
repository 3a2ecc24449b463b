// The bare script that Lavra is measured against: sends statements to DuckDB, parents before children, on several
// connections, and then the publication in one transaction. Plain JavaScript, so that no type stripping is timed.
//
//     node bench/peers/send-statements.mjs plan.json
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const instance = await DuckDBInstance.create(plan.database)
const connections = await Promise.all(Array.from({ length: plan.connections }, () => instance.connect()))

const waitingFor = new Map(plan.nodes.map((node) => [node.id, node.parents.length]))
const children = new Map(plan.nodes.map((node) => [node.id, []]))
for (const node of plan.nodes) for (const parent of node.parents) children.get(parent).push(node)
const ready = plan.nodes.filter((node) => node.parents.length === 0)

await new Promise((resolve, reject) => {
  const idle = [...connections]
  const startWhatCan = () => {
    while (ready.length > 0 && idle.length > 0) send(ready.shift(), idle.pop()).catch(reject)
    if (ready.length === 0 && idle.length === connections.length) resolve()
  }
  const send = async (node, connection) => {
    for (const statement of node.statements) await connection.run(statement)
    for (const child of children.get(node.id)) {
      const left = waitingFor.get(child.id) - 1
      waitingFor.set(child.id, left)
      if (left === 0) ready.push(child)
    }
    idle.push(connection)
    startWhatCan()
  }
  startWhatCan()
})

if (plan.publication.length > 0) {
  await connections[0].run('begin transaction')
  for (const statement of plan.publication) await connections[0].run(statement)
  await connections[0].run('commit')
}
for (const connection of connections) connection.closeSync()
instance.closeSync()
