import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Every string in the code, templates included, comments and import specifiers not. */
  readonly strings: readonly string[];
  /** What is read from a global object, as written: `process.exit`, `console.log`. */
  readonly members: readonly string[];
}

/** The shipped sources of every package; tests are not among them. */
export function sourceFiles(): SourceFile[] {
  return readdirSync(`${root}packages`).flatMap((name) =>
    readdirSync(`${root}packages/${name}/src`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => `packages/${name}/src/${file}`)
      .map((path) => parseSource(path, readFileSync(root + path, 'utf8'))),
  );
}

export function parseSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const strings: string[] = [];
  const members: string[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found) {
      imports.push(found);
      return;
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      members.push(`${node.expression.text}.${node.name.text}`);
    }
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      strings.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023));
  return { path, imports, strings, members };
}

/** A static or dynamic import, or an export from another file. */
function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) {
    return literal(
      node.moduleSpecifier,
      node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    );
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return literal(node.moduleSpecifier, node.isTypeOnly);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    return specifier && literal(specifier, false);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal, true);
  }
  return undefined;
}

function literal(node: ts.Node, typeOnly: boolean): Import | undefined {
  return ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : undefined;
}
