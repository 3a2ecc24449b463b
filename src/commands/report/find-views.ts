import { problem, UserError } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { Exposure } from '../../manifest/nodes.ts'
import {
  dashboardViews,
  type PublishedState,
  relationView,
  reportedNode,
  type View,
  valueRelations,
} from '../../report/views.ts'
import { relationLabel } from '../../sql/relation.ts'
import { keyOf } from '../row-key.ts'

/**
 * What a name of a report means: a dashboard; or a model, seed or snapshot; or one of the relations that a model has for its
 * values; by itself or behind its schema. Throws `UserError` where it means nothing, or nothing that is published.
 */
export function findViews(
  manifest: Manifest,
  state: PublishedState,
  name: string,
  panel: string | undefined,
): readonly View[] {
  const exposure = [...manifest.exposures.values()].find((each) => each.name === name)
  if (exposure && exposure.panels.length > 0) return panelViews(manifest, state, exposure, panel)
  const views = nodeViews(manifest, state, name)
  if (views === undefined) throw new UserError(reportNotFound(manifest, state, name, exposure))
  if (panel !== undefined) throw new UserError(noPanels(name, panel))
  if (views.length === 0) throw new UserError(noRelations(name))
  return views
}

function panelViews(
  manifest: Manifest,
  state: PublishedState,
  exposure: Exposure,
  name: string | undefined,
): readonly View[] {
  const views = dashboardViews(manifest, exposure, state)
  const wanted = name === undefined ? views : views.filter((view) => view.panel.name === name || view.name === name)
  if (wanted.length > 0) return wanted
  const declared = exposure.panels.map((panel) => panel.name)
  if (name === undefined || declared.includes(name)) throw new UserError(noRelations(name ?? exposure.name))
  const names = [...new Set([...declared, ...views.map((view) => view.name)])]
  throw new UserError(
    problem('panel-not-found', `"${exposure.name}" has no panel "${name}".`, {
      hint: didYouMean(name, names) ?? `its panels are: ${names.join(', ')}`,
    }),
  )
}

/** Undefined where nothing has the name. */
function nodeViews(manifest: Manifest, state: PublishedState, name: string): readonly View[] | undefined {
  for (const node of manifest.nodes.values()) {
    const reported = reportedNode(node)
    if (!reported) continue
    const { relation } = reported
    const orderBy = keyOf(manifest, reported)
    if (relation) {
      if (reported.name === name || relationLabel(relation) === name) return [relationView(reported, relation, orderBy)]
      continue
    }
    const views = valueRelations(reported, state).map((value) => relationView(reported, value.relation, orderBy))
    if (reported.name === name) return views
    const one = views.find((view) => view.name === name || relationLabel(view.relation) === name)
    if (one) return [one]
  }
  return undefined
}

function reportNotFound(manifest: Manifest, state: PublishedState, name: string, exposure: Exposure | undefined) {
  if (exposure) {
    return problem('report-not-found', `The exposure "${name}" declares no panels.`, {
      place: exposure.place,
      hint: 'declare them below "meta", or report the models that it depends on',
    })
  }
  const nodes = [...manifest.nodes.values()].flatMap((node) => reportedNode(node) ?? [])
  const names = [
    ...[...manifest.exposures.values()].filter(({ panels }) => panels.length > 0).map((each) => each.name),
    ...nodes.map((node) => node.name),
    ...nodes
      .flatMap((node) => (node.relation ? [] : valueRelations(node, state)))
      .map((each) => each.relation.identifier),
  ]
  const hint = didYouMean(name, names)
  return problem('report-not-found', `There is no dashboard, model, seed or snapshot named "${name}".`, {
    ...(hint === undefined ? {} : { hint }),
  })
}

function noPanels(name: string, panel: string) {
  return problem('panel-not-found', `"${name}" is no dashboard, so that it has no panel "${panel}".`, {
    hint: 'leave --panel out',
  })
}

function noRelations(name: string) {
  return problem('not-published', `Of "${name}" nothing is published yet.`, { hint: 'run "lavra build" first' })
}
