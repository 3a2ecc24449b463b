import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { places, refusal, rows, statuses } from './look.ts'

const withComment = (comment: string) =>
  `name: shop\nversion: '1.0'\nprofile: shop\nmodels:\n  +materialized: table\n${comment}`

/** A model that keeps the very statement that made it. */
const FILES = { 'models/orders.sql': 'select current_query() as query' }

area('query_comment', ({ project }) => {
  const sent = async (comment: string, more: Readonly<Record<string, string>> = {}) => {
    const shop = await project({ ...FILES, ...more, 'project.yml': withComment(comment) })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    return (await rows(shop, 'select query from main.orders')).join()
  }

  test('a text stands before every statement of a node', async () => {
    expect(await sent('query-comment: built by the shop')).toMatch(/^\/\* built by the shop \*\/\ncreate table/)
  })

  test('it may stand behind instead', async () => {
    const query = await sent('query-comment: { comment: built by the shop, append: true }')
    expect(query).toMatch(/^create table[\s\S]*\n\/\* built by the shop \*\/$/)
  })

  test('it is a template that knows the node and the target, and may call a macro', async () => {
    const macro = `{% macro header(node) %}{{ tojson({'node': node.unique_id, 'target': target.name}) }}{% endmacro %}`
    const query = await sent(`query-comment: "{{ header(node) }}"`, { 'macros/header.sql': macro })
    expect(query).toMatch(/^\/\* \{"node": "model.shop.orders", "target": "dev"\} \*\/\n/)
  })

  test('nothing, an empty text and no comment at all add nothing', async () => {
    expect(await sent('query-comment: null')).toMatch(/^create table/)
    expect(await sent("query-comment: ''")).toMatch(/^create table/)
    expect(await sent('')).toMatch(/^create table/)
  })

  test('an error still points at the line that the user wrote', async () => {
    const shop = await project({
      'models/orders.sql': 'select\n  nope\nfrom (select 1 as id) as t',
      'project.yml': withComment('query-comment: built by the shop'),
    })
    expect(places(await shop.run())).toEqual(['database models/orders.sql:2:3'])
  })

  test('a comment that would end itself, or that calls nothing, is told where it stands', async () => {
    const shop = await project({ ...FILES, 'project.yml': withComment("query-comment: 'so */ drop'") })
    expect(places(await shop.run())).toEqual(['query-comment project.yml:6:16'])
    await shop.write({ 'project.yml': withComment(`query-comment: "{{ heading() }}"`) })
    expect(places(await shop.run())).toEqual([expect.stringMatching(/^\S+ project.yml:6:/)])
    await shop.write({ 'project.yml': withComment('query-comment: [a]') })
    expect(await refusal(shop.run())).toEqual([expect.stringMatching(/^wrong-value project.yml:6:16/)])
  })
})
