// json-rules-engine: a rule for each window and outcome; a branch a line in, its verdicts a line out.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const { Engine } = createRequire(process.env.NODE_PATH + '/')('json-rules-engine')
const MONTHS = { assembly: 3, board: 1, group: 1, lecture: 3, day: 1, review: 12 }
const engine = new Engine()

const rule = (requirement, window, state, ...all) => engine.addRule({ conditions: { all }, event: { type: state, params: { requirement, window } } })
const is = (fact, operator, value) => ({ fact, operator, value })

for (const [requirement, months] of Object.entries(MONTHS)) {
  const bound = requirement === 'board' ? [is('has_board', 'equal', true)] : []
  for (let window = 0; window < 12 / months; window++) {
    const [sure, may] = [`${requirement}_${window}_sure`, `${requirement}_${window}_may`]
    rule(requirement, window, 'satisfied', ...bound, is(sure, 'greaterThanInclusive', 1))
    rule(requirement, window, 'unknown', ...bound, is(sure, 'equal', 0), is(may, 'greaterThanInclusive', 1))
    rule(requirement, window, 'violated', ...bound, is(sure, 'equal', 0), is(may, 'equal', 0))
    if (requirement === 'board') {
      rule(requirement, window, 'unknown', is('has_board', 'equal', null))
      rule(requirement, window, 'not_applicable', is('has_board', 'equal', false))
    }
  }
}
rule('election', 0, 'satisfied', is('due', 'greaterThanInclusive', 20241231))
rule('election', 0, 'violated', is('due', 'lessThan', 20241231), is('due', 'greaterThan', 0))
rule('election', 0, 'unknown', is('due', 'equal', 0))

for await (const line of createInterface({ input: process.stdin })) {
  const { events } = await engine.run(JSON.parse(line))
  console.log(JSON.stringify(events.map(({ type, params }) => [params.requirement, params.window, type])))
}
