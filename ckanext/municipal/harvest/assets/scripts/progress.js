// Keeps the numbers of a run in step with it, and shows the whole page anew when it has ended.
// Without this script the page is the same, and the visitor reloads it.
"use strict";

ckan.module("municipal-harvest-progress", function () {
  const PAUSE = 2000;
  const ENDED = ["done", "asking", "failed", "stopped"];

  return {
    options: { source: null },

    initialize: function () {
      this.ask = this.ask.bind(this);
      window.setTimeout(this.ask, PAUSE);
    },

    ask: function () {
      const id = encodeURIComponent(this.options.source);
      fetch(this.sandbox.url("/api/3/action/municipal_harvest_status?id=" + id))
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
        .then((answer) => this.show(answer.result.run))
        .catch(() => window.setTimeout(this.ask, 5 * PAUSE));
    },

    show: function (run) {
      const bar = this.el[0].querySelector("[data-bar]");
      if (ENDED.includes(run.state) || (run.total && !bar)) {
        window.location.reload();
        return;
      }
      for (const place of this.el[0].querySelectorAll("[data-count]")) {
        place.textContent = run[place.dataset.count];
      }
      if (bar) {
        bar.max = run.total;
        bar.value = run.worked;
      }
      window.setTimeout(this.ask, PAUSE);
    },
  };
});
