import { Button, Drawer, Form, type FormRule, Input, Select, Switch } from 'antd'
import type { ChannelKind } from '../../../src/comms/channels/channel.ts'
import { api } from '../api/client.ts'
import { channelsQuery, meQuery } from '../api/queries.ts'
import { useSave } from '../api/use-save.ts'
import { useSetupWords } from '../words/setup-words.ts'
import { type ChannelField, channelFields, readJson, settingsFrom, templateNames, templateSample } from './channel-fields.ts'

type Typed = Record<string, unknown> & { enabled: boolean }

/** Sets one channel up as a whole. What was saved before is never sent back, so the form always begins empty. */
export default function ChannelDrawer({
  kind,
  configured,
  onClose,
}: {
  kind: ChannelKind
  configured: boolean
  onClose: () => void
}) {
  const s = useSetupWords()
  const save = useSave({
    save: ({ enabled, ...typed }: Typed) => api.channels.configure({ kind, enabled, settings: settingsFrom(kind, typed) }),
    changes: [channelsQuery.queryKey, meQuery.queryKey],
    said: s('set.saved'),
    onDone: onClose,
  })
  const fields = channelFields[kind]
  const firstValues = Object.fromEntries(
    fields.filter((field) => field.otherwise !== undefined).map((f) => [f.name, f.otherwise]),
  )
  return (
    <Drawer open size={520} title={s(`kind.${kind}`)} onClose={onClose}>
      {configured && <p className="stale">{s('channels.replaces')}</p>}
      <Form<Typed>
        layout="vertical"
        requiredMark={false}
        autoComplete="off"
        initialValues={{ enabled: true, ...firstValues }}
        onFinish={(typed) => save.mutate(typed)}
      >
        {fields
          .filter((field) => !field.rarely)
          .map((field) => (
            <OneField key={field.name} kind={kind} field={field} />
          ))}
        <details className="rarely">
          <summary>{s('set.more')}</summary>
          {fields
            .filter((field) => field.rarely)
            .map((field) => (
              <OneField key={field.name} kind={kind} field={field} />
            ))}
        </details>
        <Form.Item name="enabled" label={s('channels.enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {s('set.save')}
        </Button>
      </Form>
    </Drawer>
  )
}

function OneField({ kind, field }: { kind: ChannelKind; field: ChannelField }) {
  const s = useSetupWords()
  const rules: FormRule[] = []
  if (field.required) rules.push({ required: true, whitespace: true, message: s('set.missing') })
  if (field.as === 'number') rules.push({ pattern: /^\d+$/, message: s('channels.numberWrong') })
  if (field.as === 'templates')
    rules.push({
      validator: (_rule: unknown, text?: string) =>
        !text || readJson(text) !== undefined ? Promise.resolve() : Promise.reject(new Error(s('channels.jsonWrong'))),
    })
  const extra =
    field.as === 'secret'
      ? s('channels.secretNote')
      : field.as === 'templates'
        ? s('channels.templatesNote', { names: templateNames.join('；') })
        : undefined
  return (
    <Form.Item
      name={field.name}
      label={s(`setting.${field.name}`)}
      rules={rules}
      extra={extra}
      valuePropName={field.as === 'switch' ? 'checked' : 'value'}
    >
      {inputFor(kind, field, field.required || field.rarely ? undefined : s('set.optional'))}
    </Form.Item>
  )
}

function inputFor(kind: ChannelKind, field: ChannelField, placeholder: string | undefined) {
  switch (field.as) {
    case 'secret':
      // "new-password" keeps browsers from filling in the person's own.
      return <Input.Password autoComplete="new-password" placeholder={placeholder} />
    case 'choice':
      return <Select allowClear options={(field.choices ?? []).map((choice) => ({ value: choice, label: choice }))} />
    case 'switch':
      return <Switch />
    case 'templates':
      return <Input.TextArea rows={7} spellCheck={false} placeholder={templateSample(kind)} />
    case 'number':
      return <Input inputMode="numeric" placeholder={placeholder} />
    case 'text':
      return <Input placeholder={placeholder} />
  }
}
