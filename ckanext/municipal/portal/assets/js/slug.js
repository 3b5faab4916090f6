/* The address that a form suggests while a Greek title is typed.
 *
 * CKAN's own modules replace Greek letters by Latin ones that look like them. Ours stand beside them:
 * `municipal-slug-source` on the title publishes it; `municipal-slug-field` on the address transcribes
 * it and hands it to CKAN's `slug-preview-slug` on the same field, as it does with what is typed there.
 *
 * Option of municipal-slug-field: rules - the rows of the ELOT 743 table.
 */
this.ckan.module('municipal-slug-source', function ($) {
  'use strict';

  return {
    initialize: function () {
      var self = this;
      $.proxyAll(this, /_on/);
      this.sandbox.subscribe('slug-preview-created', this._onPreview);
      if (this.el.val() !== '') {
        return;
      }
      this.sandbox.subscribe('slug-preview-modified', this._onModified);
      this.el.on('input.municipal-slug', function () {
        self.sandbox.publish('municipal-title-changed', this.value);
      });
    },

    teardown: function () {
      this.el.off('.municipal-slug');
      this.sandbox.unsubscribe('slug-preview-created', this._onPreview);
      this.sandbox.unsubscribe('slug-preview-modified', this._onModified);
    },

    _onPreview: function (preview) {
      this.el.after(preview);
    },

    _onModified: function () {
      this.el.off('.municipal-slug');
    }
  };
});

this.ckan.module('municipal-slug-field', function ($) {
  'use strict';

  return {
    options: {rules: []},

    initialize: function () {
      $.proxyAll(this, /_on/);
      // In the capture phase: before CKAN's handlers on the same field see the Greek letters.
      this.el[0].addEventListener('beforeinput', this._onBeforeInput, true);
      this.sandbox.subscribe('municipal-title-changed', this._onTitle);
    },

    teardown: function () {
      this.el[0].removeEventListener('beforeinput', this._onBeforeInput, true);
      this.sandbox.unsubscribe('municipal-title-changed', this._onTitle);
    },

    _onTitle: function (title) {
      this.sandbox.publish('slug-target-changed', window.municipalElot743.slug(title, this.options.rules));
    },

    _onBeforeInput: function (event) {
      var typed = event.data || (event.dataTransfer && event.dataTransfer.getData('text/plain'));
      if (!typed || !/[\u0370-\u03ff\u1f00-\u1fff]/.test(typed)) {
        return;
      }
      event.preventDefault();
      var field = event.target;
      var latin = window.municipalElot743.slug(typed, this.options.rules);
      field.setRangeText(latin, field.selectionStart, field.selectionEnd, 'end');
      this.sandbox.publish('slug-preview-modified', field);
    }
  };
});
