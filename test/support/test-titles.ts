import ts from 'typescript';

/** The full titles of the tests in a file, as `group > test`, with `%s` where they are a table. */
export function testTitles(text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const found = ts.isCallExpression(node) ? titleOf(node) : undefined;
    if (found === undefined) {
      ts.forEachChild(node, (child) => visit(child, groups));
      return;
    }
    const path = [...groups, found.title];
    if (found.kind === 'describe') ts.forEachChild(node, (child) => visit(child, path));
    else titles.push(path.join(' > '));
  };
  visit(ts.createSourceFile('tests.ts', text, ts.ScriptTarget.ES2023), []);
  return titles;
}

/** Of `it('title', …)` and `it.each(table)('title', …)`; a skipped test is none. */
function titleOf(call: ts.CallExpression) {
  const [first] = call.arguments;
  if (!first || !ts.isStringLiteralLike(first)) return undefined;
  let name: ts.Expression = call.expression;
  if (ts.isCallExpression(name)) name = name.expression;
  if (ts.isPropertyAccessExpression(name)) {
    if (/skip|todo/.test(name.name.text)) return undefined;
    name = name.expression;
  }
  if (!ts.isIdentifier(name) || !/^(?:describe|it)$/.test(name.text)) return undefined;
  return { kind: name.text, title: first.text };
}
