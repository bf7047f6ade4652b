/** A terminal that knows the few sequences the view of a build may use, and refuses all others. */
export class Screen {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  private lines = [''];
  private row = 0;
  private column = 0;

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join('\n');
  }

  write(text: string): void {
    // oxlint-disable-next-line no-control-regex
    for (const [token] of text.matchAll(/\u001B\[\d*[A-Za-z]|[^]/gu)) this.put(token);
  }

  private put(token: string): void {
    if (token === '\n') {
      this.row += 1;
      this.column = 0;
      this.lines[this.row] ??= '';
    } else if (token === '\r') this.column = 0;
    else if (token.endsWith('m') && token.length > 1) return;
    else if (/^.\[\d+A$/u.test(token)) this.up(Number(token.slice(2, -1)));
    else if (token === '\u001B[J') {
      this.lines.length = this.row + 1;
      this.lines[this.row] = (this.lines[this.row] ?? '').slice(0, this.column);
    } else if (token.length > 1 || token < ' ') throw new Error(`unknown ${JSON.stringify(token)}`);
    else this.type(token);
  }

  private up(count: number): void {
    this.row -= count;
    if (this.row < 0 || this.lines.length - this.row > this.rows) {
      throw new Error('the cursor left the screen');
    }
  }

  private type(character: string): void {
    if (this.column >= this.columns) this.put('\n');
    const line = this.lines[this.row] ?? '';
    this.lines[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1);
    this.column += 1;
  }
}
