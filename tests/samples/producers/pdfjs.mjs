// Fills in a form as Firefox does: node pdfjs.mjs BLANK.pdf VALUES.json OUT.pdf
import { readFileSync, writeFileSync } from "node:fs";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
const [blank, valuesPath, out] = process.argv.slice(2);
const values = JSON.parse(readFileSync(valuesPath, "utf8"));
const doc = await getDocument({ data: new Uint8Array(readFileSync(blank)) }).promise;
for (let number = 1; number <= doc.numPages; number++) {
  const page = await doc.getPage(number);
  for (const note of await page.getAnnotations()) {
    const value = values[note.fieldName];
    if (value === undefined) continue;
    doc.annotationStorage.setValue(note.id, { value: note.fieldType === "Btn" ? true : value });
  }
}
writeFileSync(out, await doc.saveDocument());
