import { expect, test } from 'vitest'
import { checkSettings, settingsSchemas } from '../../../src/comms/channels/settings.ts'
import { channelFields, channelKinds, settingsFrom, templateSample } from './channel-fields.ts'

test('every channel the server knows has a form', () => {
  expect(channelKinds.toSorted()).toEqual(Object.keys(settingsSchemas).sort())
})

test.for(channelKinds)('%s: the form asks for what the server wants, and insists where it does', (kind) => {
  const shape = settingsSchemas[kind].shape
  const insists = Object.entries(shape).filter(([, schema]) => !schema.safeParse(undefined).success)

  expect(channelFields[kind].map((field) => field.name).sort()).toEqual(Object.keys(shape).sort())
  expect(channelFields[kind].filter((field) => field.required).map((field) => field.name as string)).toEqual(
    expect.arrayContaining(insists.map(([name]) => name)),
  )
})

test.for(channelKinds)('%s: a form filled in as it asks is taken by the server', (kind) => {
  const typed = Object.fromEntries(
    channelFields[kind]
      .filter((field) => field.required)
      .map((field) => [
        field.name,
        field.as === 'number' ? '1000002' : field.as === 'templates' ? templateSample(kind) : ' abc ',
      ]),
  )

  expect(() => checkSettings(kind, settingsFrom(kind, { ...typed, baseUrl: '' }))).not.toThrow()
})
