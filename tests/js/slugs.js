/* Reads {"rules": [...], "texts": [...]} lines, answers each with the slugs as one line of JSON. */
'use strict';
const readline = require('node:readline');
const elot743 = require(process.argv[2]);

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const {rules, texts} = JSON.parse(line);
  console.log(JSON.stringify(texts.map((text) => elot743.slug(text, rules))));
});
