import { usePage } from '../context.ts'
import { curve, HEAD, ROW, type Scene, type SceneBox } from './scene.ts'
import type { View } from './view.ts'

export interface SceneProps {
  readonly scene: Scene
  readonly view: View
  readonly active: number | undefined
  readonly onOpen: (box: SceneBox) => void
  readonly onColumn?: (box: SceneBox, column: string) => void
}

/** A small graph as elements of the page: each box can be reached, read aloud and pressed. */
export function SvgScene({ scene, view, active, onOpen, onColumn }: SceneProps) {
  const isNear = (from: number, to: number) =>
    scene.boxes[from]?.number === active || scene.boxes[to]?.number === active
  return (
    <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
      {scene.edges.map(({ from, to, points, kind }, index) => (
        <path key={index} class={`edge edge-${kind}${isNear(from, to) ? ' edge-near' : ''}`} d={curve(points)} />
      ))}
      {scene.boxes.map((box) => (
        <Box key={box.node.id} box={box} isActive={box.number === active} onOpen={onOpen} onColumn={onColumn} />
      ))}
    </g>
  )
}

interface BoxProps {
  readonly box: SceneBox
  readonly isActive: boolean
  readonly onOpen: SceneProps['onOpen']
  readonly onColumn: SceneProps['onColumn']
}

function Box({ box, isActive, onOpen, onColumn }: BoxProps) {
  const { words } = usePage()
  const { node } = box
  const press = (work: () => void) => ({
    onClick: work,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      event.stopPropagation()
      work()
    },
  })
  return (
    <g
      class={`box box-${node.kind}${isActive ? ' box-active' : ''}`}
      transform={`translate(${box.x} ${box.y})`}
      data-node={node.id}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: there are no buttons in SVG */}
      <g
        role="button"
        tabIndex={isActive ? 0 : -1}
        aria-label={`${words.kinds[node.kind]} ${node.name}`}
        aria-pressed={isActive}
        {...press(() => onOpen(box))}
      >
        <title>{node.summary === '' ? node.name : `${node.name}: ${node.summary}`}</title>
        <rect class="box-shape" width={box.width} height={box.height} rx="6" />
        <rect class="box-stripe" width="5" height={box.height} rx="2.5" />
        <text class="box-name" x="15" y={HEAD / 2 + 4}>
          {shortened(node.name, 25)}
        </text>
        <circle class={`box-status status-dot-${statusOf(box)}`} cx={box.width - 13} cy={HEAD / 2} r="4" />
      </g>
      {box.columns.map(({ name, y }) =>
        name === null ? (
          <text key="" class="box-column box-column-all" x="15" y={y + 4}>
            {words.allColumns}
          </text>
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: there are no buttons in SVG
          <g
            key={name}
            class="box-column"
            role="button"
            tabIndex={0}
            aria-label={words.followColumn(name)}
            {...press(() => onColumn?.(box, name))}
          >
            <rect x="8" y={y - ROW / 2 + 1} width={box.width - 14} height={ROW - 2} rx="3" />
            <text x="15" y={y + 4}>
              {shortened(name, 27)}
            </text>
          </g>
        ),
      )}
    </g>
  )
}

/** What is wrong with a node comes before what is right. */
export function statusOf({ node }: SceneBox): string {
  const { failed, warned, passed } = node.tests
  if (node.status === 'error' || failed > 0) return 'bad'
  if (warned > 0) return 'warn'
  return node.status === 'success' || passed > 0 ? 'good' : 'none'
}

export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
