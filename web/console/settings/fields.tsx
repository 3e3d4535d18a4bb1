import { Button, Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { useSetupWords } from '../words/setup-words.ts'

export function TextField({
  name,
  label,
  required = false,
  extra,
  max = 100,
  type,
}: {
  name: string
  label: string
  required?: boolean
  extra?: string
  max?: number
  type?: 'time' | 'datetime-local'
}) {
  const s = useSetupWords()
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={required ? [{ required: true, whitespace: true, message: s('set.missing') }] : []}
    >
      <Input maxLength={max} type={type} autoComplete="off" />
    </Form.Item>
  )
}

/** Spaces and dashes are left to the server, which also takes them out; this only catches slips early. */
const phoneShape = /^(\+?86)?1[3-9]\d{9}$|^\+\d{6,15}$/
export function PhoneField({ label }: { label: string }) {
  const s = useSetupWords()
  return (
    <Form.Item
      name="phone"
      label={label}
      rules={[{ pattern: phoneShape, transform: (text: string) => text?.replace(/[\s-]/g, ''), message: s('set.phoneWrong') }]}
    >
      <Input type="tel" maxLength={20} autoComplete="off" />
    </Form.Item>
  )
}

export function EmailField({ label, extra }: { label: string; extra?: string }) {
  const s = useSetupWords()
  return (
    <Form.Item name="email" label={label} extra={extra} rules={[{ type: 'email', message: s('set.emailWrong') }]}>
      <Input maxLength={100} autoComplete="off" />
    </Form.Item>
  )
}

type Option = { value: string; label: string }
export function ChoiceField({
  name,
  label,
  options,
  required = false,
  extra,
}: {
  name: string
  label: string
  options: Option[]
  required?: boolean
  extra?: string
}) {
  const s = useSetupWords()
  return (
    <Form.Item name={name} label={label} extra={extra} rules={required ? [{ required: true, message: s('set.missing') }] : []}>
      <Select
        options={options}
        allowClear={!required}
        placeholder={required ? undefined : s('set.nobody')}
        showSearch={{ optionFilterProp: 'label' }}
      />
    </Form.Item>
  )
}

type ListParts = {
  name: string
  label: string
  add: string
  /** What a fresh line begins with. */
  fresh: Record<string, unknown>
  ordered?: boolean
  extra?: string
  atLeastOne?: string
  children: (index: number) => ReactNode
}

/** Lines that can be added, taken out and, where the order means something, moved. */
export function ListField({ name, label, add, fresh, ordered = false, extra, atLeastOne, children }: ListParts) {
  const s = useSetupWords()
  return (
    <fieldset className="list-field">
      <legend>{label}</legend>
      {extra && <p className="mute">{extra}</p>}
      <Form.List
        name={name}
        rules={
          atLeastOne
            ? [
                {
                  validator: (_, lines?: unknown[]) =>
                    lines?.length ? Promise.resolve() : Promise.reject(new Error(atLeastOne)),
                },
              ]
            : []
        }
      >
        {(lines, { add: addLine, remove, move }, { errors }) => (
          <>
            {lines.map((line, index) => (
              <div className="list-line" key={line.key}>
                {ordered && <span className="num mute">{index + 1}</span>}
                <div className="list-parts">{children(line.name)}</div>
                {ordered && (
                  <>
                    <Button
                      type="text"
                      aria-label={`${s('set.up')} ${index + 1}`}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      ↑
                    </Button>
                    <Button
                      type="text"
                      aria-label={`${s('set.down')} ${index + 1}`}
                      disabled={index === lines.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      ↓
                    </Button>
                  </>
                )}
                <Button type="text" aria-label={`${s('set.remove')} ${index + 1}`} onClick={() => remove(line.name)}>
                  ×
                </Button>
              </div>
            ))}
            <Button onClick={() => addLine(fresh)}>{add}</Button>
            <Form.ErrorList errors={errors} />
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
