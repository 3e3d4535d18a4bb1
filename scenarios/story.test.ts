import { expect, test } from 'vitest'
import { openStage } from './stage.ts'
import { playStolen } from './stolen.ts'

const quiet = () => {}

test('a stolen account is contained, the client told and asked, and the pack verifies offline', async () => {
  const stage = await openStage()
  try {
    const figures = await playStolen(stage, { firstSign: false, tell: quiet })

    expect(figures).toMatchObject({ certainty: 'confirmed', removedByMachine: 2, pushesDuringHold: 0, evidenceVerified: true })
  } finally {
    await stage.close()
  }
})

test('a single strange post is held and asked about; a machine deletes nothing, and “that was us” ends it', async () => {
  const stage = await openStage()
  try {
    const figures = await playStolen(stage, { firstSign: true, tell: quiet })

    expect(figures).toMatchObject({ certainty: 'false-alarm', removedByMachine: 0, pushesDuringHold: 0, evidenceVerified: true })
  } finally {
    await stage.close()
  }
})
