import { accountById } from '../accounts/index.ts'
import type { App } from '../platform/app.ts'
import { arm, type DeadlineHandlers } from '../platform/deadlines.ts'
import { after } from '../platform/time.ts'
import { tokenKilled } from './judge.ts'
import { beginProbes, endProbes, readSubject, urgeProbes } from './probe-rows.ts'
import { LEASE, makeProbeRunner, type ProbeRunner } from './probe-runner.ts'
import { type ProbeKind, plannedProbes } from './probes.ts'
import { type HearsOurs, handlePush } from './push-handling.ts'
import { raiseSignal } from './signals.ts'

export type MonitoringOptions = { runner?: ProbeRunner; hearsOurs?: HearsOurs }

/** The moments monitoring answers to. */
export function monitoringDeadlines(
  app: App,
  { runner = makeProbeRunner(app), hearsOurs }: MonitoringOptions = {},
): DeadlineHandlers {
  return {
    /** Subject `account:kind`. Only hands the question over: no call to WeChat is made inside a transaction. */
    probe: {
      misfire: 'coalesce',
      async run({ tx, now, agencyId, subjectId }) {
        const { accountId, rest } = readSubject(subjectId)
        const account = await accountById(tx, accountId)
        if (!account || account.disconnectedAt) return
        // If this process dies during the call, the probe is due again when the lease is over.
        await arm(tx, 'probe', subjectId, after(now, LEASE), 6)
        runner.add({ agencyId, accountId, kind: rest as ProbeKind })
      },
    },
    'push-received': { misfire: 'run-once', run: (due) => handlePush(app, due, hearsOurs) },
    'account-connected': {
      misfire: 'run-once',
      async run({ tx, now, subjectId }) {
        const account = await accountById(tx, subjectId)
        if (!account || account.disconnectedAt) return
        await beginProbes(tx, account.id, plannedProbes(account), now)
      },
    },
    'account-disconnected': { misfire: 'run-once', run: ({ tx, subjectId }) => endProbes(tx, subjectId) },
    /** A token was refused: once is a reason to look at everything, twice within minutes is somebody with the secret. */
    'token-trouble': {
      misfire: 'run-once',
      async run({ tx, now, subjectId, dueAt }) {
        const { accountId, rest } = readSubject(subjectId)
        if (rest === 'token-killed') {
          const what = `killed:${now.slice(0, 13)}`
          await raiseSignal(app, tx, accountId, tokenKilled(what, { reason: 'refused-again' }, dueAt), now)
        } else await urgeProbes(tx, accountId, now)
      },
    },
  }
}
