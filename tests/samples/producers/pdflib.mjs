// The form as pdf-lib lays it out and fills it in: node pdflib.mjs ANSWERS.json OUT.pdf [flat]
import { readFileSync, writeFileSync } from "node:fs";
import { PDFDocument, StandardFonts, rgb } from "pdf-lib";
const [answersPath, out, flat] = process.argv.slice(2);
const form = JSON.parse(readFileSync("form.json", "utf8"));
const answers = JSON.parse(readFileSync(answersPath, "utf8"));
const doc = await PDFDocument.create();
const font = await doc.embedFont(StandardFonts.Helvetica);
const bold = await doc.embedFont(StandardFonts.HelveticaBold);
const fields = doc.getForm();
let page = doc.addPage([595, 842]), y = 800;
function room(height) { if (y - height < 40) { page = doc.addPage([595, 842]); y = 800; } }
function write(text, x, width, size, face = font) {
  const words = text.split(" "); let line = "";
  const flush = () => { page.drawText(line, { x, y: y - size, size, font: face }); y -= size * 1.25; line = ""; };
  for (const word of words) {
    if (line && face.widthOfTextAtSize(line + " " + word, size) > width) flush();
    line = line ? line + " " + word : word;
  }
  flush();
}
write(form.title, 50, 495, 18, bold);
let number = 0;
for (const section of form.sections) {
  room(150); y -= 12;
  page.drawRectangle({ x: 45, y: y - 18, width: 505, height: 18, color: rgb(0.85, 0.9, 0.95) });
  page.drawText(section.heading, { x: 50, y: y - 13, size: 11, font: bold }); y -= 24;
  for (const text of [section.lead, ...section.prompts]) if (text) { room(30); write(text, 50, 495, 8); }
  for (const field of section.fields) {
    number += 1; room(110);
    if (section.fields.length > 1) write(field.label + (field.label.endsWith("?") ? "" : ":"), 50, 495, 10);
    const given = answers[field.key] ?? "";
    if (field.kind === "yes_no") {
      const group = fields.createRadioGroup(`question ${number}`);
      ["Yes", "No"].forEach((word, index) => {
        group.addOptionToPage(word, page, { x: 60 + index * 70, y: y - 16, width: 12, height: 12 });
        page.drawText(word, { x: 78 + index * 70, y: y - 14, size: 10, font });
      });
      if (given) group.select(given === "yes" ? "Yes" : "No");
      y -= 26; continue;
    }
    const height = section.fields.length === 1 ? 90 : field.kind === "lines" ? 44 : 18;
    const box = fields.createTextField(`input.${number}`);
    if (field.kind === "lines") box.enableMultiline();
    if (given) box.setText(given);
    box.addToPage(page, { x: 50, y: y - height - 2, width: 495, height, font });
    if (field.kind === "lines") box.setFontSize(9);
    y -= height + 10;
  }
}
fields.updateFieldAppearances(font);
if (flat) fields.flatten();
writeFileSync(out, await doc.save());
