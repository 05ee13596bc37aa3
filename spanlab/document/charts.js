// Draws the charts of a report; the data of each lie as JSON beside its canvas. <html> tells how far
// it is: data-charts-drawn, data-charts-failed, data-script-error.
(() => {
  'use strict';

  const root = document.documentElement;
  const figures = [...document.querySelectorAll('figure.chart')];
  const charts = new Map();  // of figures
  let failed = 0;

  function draw(figure) {
    const plot = figure.querySelector('.plot');
    try {
      const data = JSON.parse(figure.querySelector('script').textContent);
      if (chartIsEmpty(data)) return sayInstead(figure, 'There is nothing to show here.');
      charts.set(figure, new Chart(plot.querySelector('canvas'), chartKinds[data.kind](data, plot)));
    } catch (error) {
      failed += 1;
      sayInstead(figure, `This chart could not be drawn: ${error.message}`);
    }
  }

  function sayInstead(figure, text) {
    const plot = figure.querySelector('.plot');
    charts.set(figure, null);
    plot.className = 'note';
    plot.textContent = text;
  }

  function tell() {
    root.dataset.chartsDrawn = charts.size - failed;
    root.dataset.chartsFailed = failed;
  }

  const drawMissing = () => {
    figures.filter((figure) => !charts.has(figure)).forEach(draw);
    tell();
  };

  // One chart a turn, so that the text can be read and scrolled meanwhile.
  function drawNext() {
    const figure = figures.find((candidate) => !charts.has(candidate));
    if (!figure) return;
    draw(figure);
    tell();
    setTimeout(drawNext);
  }

  function redraw() {
    for (const [figure, chart] of charts) {
      if (!chart) continue;
      chart.destroy();
      charts.delete(figure);
    }
    drawMissing();
  }

  function setPaper(on) {
    root.classList.toggle('paper', on);
    redraw();
  }

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.locale = 'en-GB';
  tell();
  window.addEventListener('error', (event) => { root.dataset.scriptError = event.message; });
  window.addEventListener('beforeprint', () => setPaper(true));
  window.addEventListener('afterprint', () => setPaper(false));
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  drawNext();
})();
