// Draws the charts of a report with Chart.js. The data of each lie as JSON beside its canvas;
// chart_data.cpp writes them. <html> tells how far it is: data-charts-drawn, data-charts-failed.
(() => {
  'use strict';

  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const seriesColour = (i) => colour('c' + (i % 7));
  // Past the seventh line colours come again, with another dash.
  const dashOf = (i, dashed) => (dashed ? [6, 4] : i < 7 ? [] : [2, 2]);
  const withAlpha = (hex, alpha) => hex + Math.round(alpha * 255).toString(16).padStart(2, '0');

  const shortNumber = (value) => {
    if (value === null || !Number.isFinite(value)) return '–';
    if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(2);
    return String(Number(value.toPrecision(5)));
  };

  // Breaks a label at blanks into at most `most` lines of about `width` characters.
  const wrapped = (text, width, most) => {
    const lines = [''];
    for (const word of text.split(' ')) {
      const line = lines[lines.length - 1];
      if (line === '') lines[lines.length - 1] = word;
      else if ((line + ' ' + word).length <= width) lines[lines.length - 1] = line + ' ' + word;
      else lines.push(word);
    }
    const cut = (line, more) =>
      line.length > width || more ? line.slice(0, Math.max(width - 1, 1)) + '…' : line;
    return lines.slice(0, most).map((line, i) => cut(line, i === most - 1 && lines.length > most));
  };

  const axis = (label, more = {}) => ({
    ...more,
    title: { display: Boolean(label), text: label || '', color: colour('faint') },
    grid: { color: colour('grid'), borderColor: colour('rule'), ...more.grid },
    ticks: { color: colour('faint'), maxRotation: 0, autoSkipPadding: 12, ...more.ticks },
  });

  const common = () => ({
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    normalized: true,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: colour('panel'), titleColor: colour('text'), bodyColor: colour('text'),
        borderColor: colour('rule'), borderWidth: 1, boxPadding: 4,
      },
    },
  });

  const legend = () => ({
    display: true,
    position: 'bottom',
    labels: { color: colour('text'), boxWidth: 28, boxHeight: 0, padding: 10 },
  });

  // A point between two gaps has no line to show it.
  const lonely = (points, i) =>
    (i === 0 || points[i - 1].y === null) &&
    (i === points.length - 1 || points[i + 1].y === null);

  function lineChart(data) {
    const datasets = data.lines.map((line, i) => {
      const x = line.x || data.x;
      const points = line.y.map((y, k) => ({ x: x[k], y })).filter((point) => point.x !== null);
      return {
        label: line.name,
        data: points,
        borderColor: seriesColour(i),
        backgroundColor: withAlpha(seriesColour(i), data.stacked ? 0.55 : 1),
        borderWidth: data.stacked ? 1 : 2,
        borderDash: dashOf(i, line.dashed),
        fill: data.stacked ? (i === 0 ? 'origin' : '-1') : false,
        pointRadius: points.map((point, k) => (lonely(points, k) ? 3 : 0)),
        pointBackgroundColor: seriesColour(i),
        pointHoverRadius: 4,
      };
    });
    const options = common();
    options.scales = {
      x: axis(data.x_label, { type: 'linear', bounds: 'data' }),
      y: axis(data.y_label, {
        type: data.log_y ? 'logarithmic' : 'linear',
        stacked: data.stacked,
        ticks: data.log_y ? { callback: logTick } : {},
      }),
    };
    options.interaction.mode = 'index';
    if (datasets.length > 1) options.plugins.legend = legend();
    if (data.stacked) options.plugins.legend.labels.boxHeight = 10;
    options.plugins.tooltip.callbacks = {
      title: (items) => (items.length ? `${data.x_label || 'x'} ${shortNumber(items[0].parsed.x)}` : ''),
      label: (item) => `${item.dataset.label}: ${shortNumber(item.parsed.y)}`,
    };
    return { type: 'line', data: { datasets }, options };
  }

  // 1, 2 and 5 of each decade; Chart.js leaves out what does not fit.
  function logTick(value) {
    const leading = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    return [1, 2, 5].includes(Math.round(leading * 1e6) / 1e6) ? shortNumber(value) : '';
  }

  // Strips for the spans in their own row of the chart, and a tint of the labelled ones above.
  const spanStrips = (data) => ({
    id: 'spanStrips',
    beforeDatasetsDraw({ ctx, scales }) {
      const rows = [[data.labelled, colour('c2')], [data.predicted, colour('c3')]];
      const left = ([first]) => scales.x.getPixelForValue(first - 0.5);
      const right = ([, last]) => scales.x.getPixelForValue(last + 0.5);
      ctx.save();
      rows.forEach(([spans, hex], row) => {
        const height = scales.spans.height / 2;
        const top = scales.spans.top + row * height;
        for (const span of spans) {
          ctx.fillStyle = withAlpha(hex, 0.12);
          if (row === 0) {
            ctx.fillRect(left(span), scales.y.top, right(span) - left(span), scales.y.height);
          }
          ctx.fillStyle = hex;
          ctx.fillRect(left(span), top + 3, right(span) - left(span), height - 6);
        }
      });
      ctx.restore();
    },
  });

  const threshold = (data) => ({
    id: 'threshold',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const y = scales.probability.getPixelForValue(data.threshold);
      ctx.save();
      ctx.strokeStyle = colour('text');
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(chartArea.right, y);
      ctx.stroke();
      ctx.restore();
    },
  });

  function candleChart(data) {
    const bars = data.bars.map(([open, high, low, close], x) => ({ x, open, high, low, close }));
    const rising = bars.map((bar) => bar.close >= bar.open);
    const colours = rising.map((up) => seriesColour(up ? 0 : 1));
    const column = (label, low, high, width) => ({
      type: 'bar',
      label,
      data: bars.map((bar) => ({ x: bar.x, y: bar[low] === null || bar[high] === null ? null : [bar[low], bar[high]] })),
      backgroundColor: colours,
      barPercentage: width,
      categoryPercentage: 1,
      grouped: false,
      minBarLength: 1,
      yAxisID: 'y',
    });
    const datasets = [column('body', 'open', 'close', 0.75), column('range', 'low', 'high', 0.18)];
    const hasSpans = data.labelled.length + data.predicted.length > 0;
    const hasProbability = data.probability.length > 0;
    const options = common();
    options.scales = {
      x: axis('bar', { type: 'linear', min: -0.5, max: Math.max(bars.length, 1) - 0.5, offset: false,
                       grid: { offset: false, display: false },
                       ticks: { stepSize: bars.length > 60 ? 10 : 5, callback: (v) => (Number.isInteger(v) ? v : '') } }),
    };
    const plugins = [];
    if (hasProbability) {
      options.scales.probability = axis('probability', { type: 'linear', min: 0, max: 1, stack: 'panels',
                                                        stackWeight: 3, ticks: { stepSize: 0.5 } });
      datasets.push({
        type: 'line', label: 'probability', yAxisID: 'probability', pointRadius: 0, borderWidth: 1.5,
        borderColor: seriesColour(4), data: data.probability.map((y, x) => ({ x, y })),
      });
      plugins.push(threshold(data));
    }
    if (hasSpans) {
      options.scales.spans = axis('', { type: 'category', labels: ['labelled', 'predicted'], offset: true,
                                       stack: 'panels', stackWeight: 1.2, grid: { display: false } });
      plugins.push(spanStrips(data));
    }
    options.scales.y = axis('price', { type: 'linear', stack: 'panels', stackWeight: 7, beginAtZero: false });
    options.interaction.mode = 'index';
    options.plugins.tooltip.displayColors = false;
    options.plugins.tooltip.filter = (item) => item.dataset.label !== 'range';
    options.plugins.tooltip.callbacks = {
      title: (items) => (items.length ? `bar ${items[0].dataIndex}` : ''),
      label: (item) => {
        if (item.dataset.label === 'probability') return `probability ${shortNumber(item.parsed.y)}`;
        const bar = data.bars[item.dataIndex];
        return ['open', 'high', 'low', 'close'].map((name, i) => `${name} ${bar[i] === null ? '–' : bar[i]}`);
      },
    };
    return { type: 'bar', data: { datasets }, options, plugins };
  }

  // Bars from low to high with caps, dots at the values, and the reference line.
  const forest = (data) => ({
    id: 'forest',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const at = (value) => scales.x.getPixelForValue(value);
      ctx.save();
      ctx.lineWidth = 2;
      if (data.reference !== undefined && data.reference !== null) {
        ctx.strokeStyle = colour('faint');
        ctx.setLineDash([5, 4]);
        ctx.beginPath();
        ctx.moveTo(at(data.reference), chartArea.top);
        ctx.lineTo(at(data.reference), chartArea.bottom);
        ctx.stroke();
        ctx.setLineDash([]);
      }
      ctx.strokeStyle = ctx.fillStyle = colour('c0');
      data.rows.forEach((row, i) => {
        const y = scales.y.getPixelForValue(i);
        if (row.low !== null && row.high !== null) {
          ctx.beginPath();
          ctx.moveTo(at(row.low), y);
          ctx.lineTo(at(row.high), y);
          for (const end of [row.low, row.high]) {
            ctx.moveTo(at(end), y - 4);
            ctx.lineTo(at(end), y + 4);
          }
          ctx.stroke();
        }
        if (row.value !== null) {
          ctx.beginPath();
          ctx.arc(at(row.value), y, 4.5, 0, 2 * Math.PI);
          ctx.fill();
        }
      });
      ctx.restore();
    },
  });

  function intervalChart(data, plot) {
    plot.style.height = `${70 + 34 * Math.max(data.rows.length, 1)}px`;
    const options = common();
    options.indexAxis = 'y';
    options.interaction = { mode: 'index', axis: 'y', intersect: false };
    const values = data.rows.flatMap((row) => [row.value, row.low, row.high]).concat(data.reference)
      .filter((value) => Number.isFinite(value));
    const low = Math.min(...values), high = Math.max(...values);
    const margin = high > low ? 0.05 * (high - low) : 0.5;
    const limits = values.length ? { min: low - margin, max: high + margin } : {};
    options.scales = {
      x: axis(data.x_label, { type: 'linear', ...limits, ticks: { includeBounds: false } }),
      y: axis('', {
        type: 'category', offset: true, grid: { display: false },
        ticks: {
          autoSkip: false, color: colour('text'), font: { lineHeight: 1.05 },
          callback(i) { return wrapped(data.rows[i].name, Math.floor(this.chart.width * 0.38 / 6.5), 2); },
        },
      }),
    };
    options.plugins.tooltip.displayColors = false;
    options.plugins.tooltip.callbacks = {
      label: (item) => {
        const row = data.rows[item.dataIndex];
        return `${shortNumber(row.value)} [${shortNumber(row.low)}, ${shortNumber(row.high)}]`;
      },
    };
    const dots = { type: 'line', showLine: false, pointRadius: 0, data: data.rows.map((row) => row.value) };
    return {
      type: 'line',
      data: { labels: data.rows.map((row) => row.name), datasets: [dots] },
      options,
      plugins: [forest(data)],
    };
  }

  const kinds = { line: lineChart, candles: candleChart, intervals: intervalChart };
  const figures = [...document.querySelectorAll('figure.chart')];
  const charts = new Map();  // of figures
  let failed = 0;

  function draw(figure) {
    const plot = figure.querySelector('.plot');
    try {
      const data = JSON.parse(figure.querySelector('script').textContent);
      charts.set(figure, new Chart(plot.querySelector('canvas'), kinds[data.kind](data, plot)));
    } catch (error) {
      failed += 1;
      charts.set(figure, null);
      figure.classList.add('failed');
      plot.textContent = `This chart could not be drawn: ${error.message}`;
      plot.style.height = 'auto';
      root.dataset.chartsFailed = failed;
    }
    root.dataset.chartsDrawn = charts.size - failed;
  }

  const drawMissing = () => figures.filter((figure) => !charts.has(figure)).forEach(draw);

  // One chart a turn, so that the text can be read and scrolled meanwhile.
  function drawNext() {
    const figure = figures.find((candidate) => !charts.has(candidate));
    if (!figure) return;
    draw(figure);
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
  root.dataset.chartsDrawn = 0;
  window.addEventListener('error', (event) => { root.dataset.scriptError = event.message; });
  window.addEventListener('beforeprint', () => setPaper(true));
  window.addEventListener('afterprint', () => setPaper(false));
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  drawNext();
})();
