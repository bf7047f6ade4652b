import { readFileSync } from 'node:fs';

import ts from 'typescript';

import { ROOT } from './plan.ts';

/** The names of all members of a type, those of types written inside it included. */
export type Members = ReadonlySet<string>;

/** A variant of a union, by the literal that tells it apart. */
export interface Variant {
  readonly literal: string;
  readonly members: Members;
  readonly required: Members;
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

/** The exported types of a source file. */
export function exportedTypes(file: string): ReadonlyMap<string, Declaration> {
  const source = ts.createSourceFile(
    file,
    readFileSync(ROOT + file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const declarations = source.statements.filter(
    (one): one is Declaration =>
      (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)) &&
      (one.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  );
  return new Map(declarations.map((one) => [one.name.text, one]));
}

export function membersOf(node: ts.Node): Members {
  return new Set(signatures(node, true).map(({ name }) => name.getText()));
}

/** The variants of a union of object types that are told apart by a member such as `kind`. */
export function variantsOf(node: ts.Node, by: string): readonly Variant[] {
  const literals: ts.TypeLiteralNode[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isTypeLiteralNode(inner)) literals.push(inner);
    else ts.forEachChild(inner, visit);
  };
  visit(node);
  return literals.flatMap((one) => {
    const own = signatures(one, false);
    const told = own.find(({ name }) => name.getText() === by)?.type;
    if (told === undefined || !ts.isLiteralTypeNode(told)) return [];
    const names = (list: typeof own): Members => new Set(list.map(({ name }) => name.getText()));
    return [
      {
        literal: told.getText().slice(1, -1),
        members: names(own),
        required: names(own.filter(({ questionToken, type }) => !questionToken && !mayMiss(type))),
      },
    ];
  });
}

/** `undefined` does not come through JSON. */
const mayMiss = (type: ts.TypeNode | undefined): boolean =>
  type?.getText().includes('undefined') ?? false;

function signatures(node: ts.Node, deep: boolean): readonly ts.PropertySignature[] {
  const found: ts.PropertySignature[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isPropertySignature(inner)) {
      found.push(inner);
      if (!deep) return;
    }
    ts.forEachChild(inner, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}
