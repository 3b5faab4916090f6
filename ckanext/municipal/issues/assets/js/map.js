/* Squares of the grid, shaded by how many requests lie in them, on a map without a tile server.
 *
 * box: [[south, west], [north, east]] that the map shows first; base: as of the portal's other maps;
 * url: GeoJSON of many squares, or square: the one of a request; words: "Requests: {count}".
 */
this.ckan.module('municipal-issues-map', function ($) {
  'use strict';

  return {
    options: {box: null, base: null, url: null, square: null, words: '{count}'},

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.el.prop('hidden', false);
      this.map = ckan.commonLeafletMap(this.$('.issues-map')[0], this.options.base, {
        attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25
      });
      this.map.fitBounds(this.options.box);
      if (this.options.square) {
        this._onSquares(this.options.square);
      } else {
        $.getJSON(this.options.url).done(this._onSquares);
      }
    },

    teardown: function () {
      this.map.remove();
    },

    _onSquares: function (squares) {
      var layer = L.geoJSON(squares, {style: this._onStyle, onEachFeature: this._onFeature});
      layer.addTo(this.map);
      if (layer.getLayers().length) {
        this.map.fitBounds(layer.getBounds(), {maxZoom: 15, padding: [10, 10]});
      }
    },

    _onStyle: function (square) {
      return {className: 'issues-square issues-square-' + Number(square.properties.level), weight: 1};
    },

    _onFeature: function (square, layer) {
      var count = square.properties.requests;
      if (count) {
        var text = document.createElement('span');
        text.textContent = this.options.words.replace('{count}', count);
        layer.bindTooltip(text);
      }
    }
  };
});
