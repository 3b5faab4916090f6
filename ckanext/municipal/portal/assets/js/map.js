/* A base map without a tile server, for every map of ckanext-spatial.
 *
 * ckanext-spatial makes its maps in `ckan.commonLeafletMap` and expects a tile provider there. Ours
 * draws the named places of the city instead, so that no reader's address reaches another host; a
 * provider that the operator set (ckanext.spatial.common_map.type) is used as ever.
 */
(function (ckan, L) {
  'use strict';

  var withProvider = ckan.commonLeafletMap;

  ckan.commonLeafletMap = function (container, config, options) {
    if (!config || !config.places) {
      return withProvider.apply(this, arguments);
    }
    var map = new L.Map(container, L.extend({maxZoom: 18, attributionControl: false}, options));
    config.places.forEach(function (place, number) {
      L.geoJSON(place.geometry, {
        interactive: false,
        style: {className: number ? 'municipal-place' : 'municipal-city', weight: number ? 1 : 2}
      }).addTo(map);
    });
    return map;
  };
})(this.ckan, this.L);
