// Writes the parts of docs/ that follow from the code: npm run docs
import { writeFileSync } from 'node:fs';

import { generatedPages } from './docs/pages.ts';

for (const { file, content } of generatedPages()) writeFileSync(file, content);
