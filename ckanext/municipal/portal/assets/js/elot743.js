/* Greek in Latin letters by ELOT 743, for the address that a form suggests.
 *
 * The twin of lib/elot743.py: the rules are the same table (schemas/codelists/elot743.csv), handed
 * over by the page; tests hold the two to the same answers. No dependencies.
 */
(function (root) {
  'use strict';

  var SYMBOLS = {'\u2206': 'Δ', '\u220f': 'Π', '\u2211': 'Σ', '\u00b5': 'μ', '\u2126': 'Ω'};
  var LATIN_LETTERS = {'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'đ': 'd', 'ð': 'd', 'þ': 'th', 'ł': 'l', 'ı': 'i', 'ß': 'ss'};
  var TO_GREEK = pairs(
    'ABEZHIKMNOPTYXaeikopuvxwynАВГЕНІЈКМОПРТУФХавгеніјкопртуфх',
    'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικορυνχωγηΑΒΓΕΗΙΙΚΜΟΠΡΤΥΦΧαβγεηιικοπρτυφχ'
  );
  var TO_LATIN = pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΚοα', 'ABEZHIKMNOPTYXKoa');
  var CONDITIONS = {
    '': ['', ''],
    before_voiced: ['', '(?=[αεηιουωβγδζλμνρϋ])'],
    word_start: ['(?<![α-ωϋ])', '']
  };
  var WORD = /(?:\p{L}|[\u2206\u220f\u2211])(?:\p{L}|[\u2206\u220f\u2211]|[\u0300-\u036f])*/gu;
  var UNIT = /^(?:[\u03bc\u00b5][A-Za-z]{1,3}|[kMG][\u03a9\u2126])$/;

  function pairs(from, to) {
    var found = {};
    Array.from(from).forEach(function (letter, place) { found[letter] = Array.from(to)[place]; });
    return found;
  }

  function replaced(text, letters) {
    return Array.from(text).map(function (letter) {
      return Object.hasOwn(letters, letter) ? letters[letter] : letter;
    }).join('');
  }

  function isGreek(letter) {
    return /^[\u0370-\u03ff\u1f00-\u1fff]$/u.test(letter);
  }

  function isMark(letter) {
    return /^\p{Mn}$/u.test(letter);
  }

  /* NFC that keeps the ohm sign apart from the letter it is mistaken for. */
  function composed(text) {
    return text.split('\u2126').map(function (part) { return part.normalize('NFC'); }).join('\u2126');
  }

  function isMixed(word) {
    var letters = Array.from(word).filter(function (letter) { return !isMark(letter); });
    var greek = letters.filter(isGreek).length;
    return greek > 0 && greek < letters.length && !UNIT.test(word);
  }

  /* A word typed on the wrong keyboard becomes Greek where every foreign letter looks Greek, else Latin. */
  function repaired(word) {
    if (!isMixed(word)) {
      return word;
    }
    var greek = Array.from(replaced(replaced(word, SYMBOLS), TO_GREEK));
    if (greek.every(function (letter) { return isMark(letter) || isGreek(letter); })) {
      return greek.join('').normalize('NFC');
    }
    var latin = Array.from(replaced(word, TO_LATIN));
    var isOther = function (letter) { return isMark(letter) || !(isGreek(letter) || letter in SYMBOLS); };
    return latin.every(isOther) ? latin.join('').normalize('NFC') : word;
  }

  /* One pattern of all rules in the order of the table; group number n is rule number n. */
  function compile(rules) {
    var patterns = rules.map(function (rule) {
      var around = CONDITIONS[rule.position];
      return '(' + around[0] + rule.greek + around[1] + ')';
    });
    return new RegExp(patterns.concat('ϋ').join('|'), 'gu');
  }

  /* Text in small Latin letters; what is not Greek stays, without accents.
   *
   * text  - what somebody typed.
   * rules - the rows of the table: [{greek: 'ου', position: '', latin: 'ou'}, …], in its order.
   */
  function transcribe(text, rules) {
    var known = /^[\x00-\x7f]*$/.test(text) ? text : composed(text).replace(WORD, repaired);
    known = replaced(known, SYMBOLS).replace(/['’‘ʼ`´΄᾽᾿´῾]/g, '');
    var spread = known.normalize('NFKD').toLowerCase().replace(/ς/g, 'σ').replace(/\u0345/g, 'ι').normalize('NFKD');
    spread = spread
      .replace(/υ([\u0300-\u0307\u0309-\u036f]*)\u0308/g, 'ϋ$1')
      .replace(/([αεηο]\u0301)υ(?![\u0300-\u036f])/g, '$1ϋ');
    // The ϋ put in above is one character; only marks that stand alone go.
    var plain = spread.replace(/\p{Mn}/gu, '');
    var latin = plain.replace(compile(rules), function () {
      var groups = Array.prototype.slice.call(arguments, 1, rules.length + 1);
      var rule = rules[groups.findIndex(function (group) { return group !== undefined; })];
      return rule ? rule.latin : 'y';
    });
    return replaced(latin, LATIN_LETTERS);
  }

  /* A name for addresses within CKAN's rules, '' for a text without letters or digits. */
  function slug(text, rules, maxLength) {
    var most = maxLength || 100;
    var name = transcribe(text, rules)
      .replace(/[^a-z0-9_]+/g, '-')
      .replace(/-*_[-_]*/g, '_')
      .replace(/^[-_]+|[-_]+$/g, '');
    if (name.length <= most) {
      return name;
    }
    var head = name.slice(0, most + 1);
    var boundary = Math.max(head.lastIndexOf('-'), head.lastIndexOf('_'));
    return head.slice(0, boundary > Math.floor(most / 2) ? boundary : most).replace(/[-_]+$/, '');
  }

  var elot743 = {slug: slug, transcribe: transcribe};
  if (typeof module !== 'undefined' && module.exports) {
    module.exports = elot743;
  } else {
    root.municipalElot743 = elot743;
  }
})(typeof window === 'undefined' ? globalThis : window);
