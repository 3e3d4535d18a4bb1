import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useWords } from '../words/words.tsx'

export type Column<Row> = { key: string; title: string; width?: number; cell: (row: Row) => ReactNode }
type Parts<Row> = {
  name: string
  columns: Column<Row>[]
  rows: Row[]
  idOf: (row: Row) => string
  at?: number
  onOpen?: (row: Row) => void
}

const atOnce = 200

/** A table of rows. antd's own would bring 80 KB for sorting and paging that these pages do not use. */
export function RowTable<Row>({ name, columns, rows, idOf, at = -1, onOpen }: Parts<Row>) {
  const { t } = useWords()
  const [shown, show] = useState(atOnce)
  return (
    <div className="row-table">
      <table>
        <caption className="only-read">{name}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row, index) => (
            <tr
              key={idOf(row)}
              className={`${onOpen ? 'row-open' : ''}${index === at ? ' row-at' : ''}`}
              onClick={() => onOpen?.(row)}
            >
              {columns.map((column) => (
                <td key={column.key}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <Button block type="text" onClick={() => show(shown + atOnce)}>
          {t('table.more', { count: rows.length - shown })}
        </Button>
      )}
    </div>
  )
}
