// What each kind of chart of a report is for Chart.js: chartKinds[kind](data, plot) gives its
// configuration. chart_data.cpp writes the data.
const { kinds: chartKinds, isEmpty: chartIsEmpty } = (() => {
  'use strict';

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
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

  // The axis ends where the data end; its ticks stay at round numbers.
  const limitsOf = (datasets, name) => {
    const values = datasets.flatMap((dataset) => dataset.data.map((point) => point[name]));
    const min = Math.min(...values), max = Math.max(...values);
    return min < max ? { min, max } : {};
  };

  // Shares end at 1, whatever their sum is rounded to.
  const stackLimits = (datasets) => {
    const sums = datasets[0] ? datasets[0].data.map((_, i) => datasets.reduce((sum, set) => sum + (set.data[i]?.y ?? 0), 0)) : [];
    const highest = Math.max(...sums);
    return highest > 0.98 && highest < 1.01 ? { min: 0, max: 1 } : { beginAtZero: true };
  };

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
      x: axis(data.x_label, { type: 'linear', ...limitsOf(datasets, 'x'), ticks: { includeBounds: false } }),
      y: data.log_y ? logAxis(data.y_label, datasets) : axis(data.y_label, {
        type: 'linear',
        stacked: data.stacked,
        ...(data.stacked ? stackLimits(datasets) : {}),
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

  // 1, 2 and 5 of each decade, from the one below the lowest value to the one above the highest;
  // over many decades 1 alone.
  function logTicks(datasets) {
    const values = datasets.flatMap((dataset) => dataset.data.map((point) => point.y)).filter(Boolean);
    if (values.length === 0) return [0.1, 1];
    const lowest = Math.min(...values), highest = Math.max(...values);
    const decades = Math.log10(highest / lowest);
    const steps = decades > 8 ? [1] : [1, 2, 5];
    const ticks = [];
    for (let power = Math.floor(Math.log10(lowest)); power <= Math.log10(highest) + 1; power += 1) {
      ticks.push(...steps.map((step) => Number(`${step}e${power}`)));
    }
    const first = ticks.findLastIndex((tick) => tick <= lowest * (1 + 1e-9));
    const last = ticks.findIndex((tick) => tick >= highest * (1 - 1e-9));
    const used = ticks.slice(Math.max(first, 0), Math.max(last, first + 1) + 1);
    return decades > 3 ? used.filter((tick, i) => i === 0 || i === used.length - 1 || /^1/.test(tick.toExponential()))
      : used;
  }

  function logAxis(label, datasets) {
    const ticks = logTicks(datasets);
    return axis(label, {
      type: 'logarithmic', min: ticks[0], max: ticks[ticks.length - 1],
      afterBuildTicks(scale) { scale.ticks = ticks.map((value) => ({ value })); },
      ticks: { callback: shortNumber },
    });
  }

  // Strips for the spans in the two middle rows of their panel, a tint of the labelled ones above.
  const spanStrips = (data) => ({
    id: 'spanStrips',
    beforeDatasetsDraw({ ctx, scales }) {
      const rows = [[data.labelled, colour('c2')], [data.predicted, colour('c3')]];
      const left = ([first]) => scales.x.getPixelForValue(first - 0.5);
      const right = ([, last]) => scales.x.getPixelForValue(last + 0.5);
      ctx.save();
      rows.forEach(([spans, hex], row) => {
        const height = scales.spans.height / 4;
        const top = scales.spans.top + (row + 1) * height;
        for (const span of spans) {
          ctx.fillStyle = withAlpha(hex, 0.12);
          if (row === 0) {
            ctx.fillRect(left(span), scales.y.top, right(span) - left(span), scales.y.height);
          }
          ctx.fillStyle = hex;
          ctx.fillRect(left(span), top + 2, right(span) - left(span), height - 4);
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

  function candleLegend(hasProbability) {
    const key = (text, hex, line) => ({
      text, fontColor: colour('text'), fillStyle: hex, strokeStyle: hex, lineWidth: line ? 1.5 : 0,
      lineDash: line || [], pointStyle: line ? 'line' : 'rect',
    });
    const keys = [key('closes higher', seriesColour(0)), key('closes lower', seriesColour(1))];
    if (hasProbability) {
      keys.push(key('probability', seriesColour(4), [0, 0]), key('threshold', colour('text'), [5, 4]));
    }
    const labels = { usePointStyle: true, padding: 10, generateLabels: () => keys };
    return { display: true, position: 'bottom', onClick: null, labels };
  }

  function candleChart(data) {
    const bars = data.bars.map(([open, high, low, close], x) => ({ x, open, high, low, close }));
    const rising = bars.map((bar) => bar.close >= bar.open);
    const colours = rising.map((up) => seriesColour(up ? 0 : 1));
    const column = (label, low, high, width, most) => ({
      type: 'bar',
      label,
      data: bars.map(({ x, [low]: from, [high]: to }) => ({ x, y: from === null || to === null ? null : [from, to] })),
      backgroundColor: colours,
      barPercentage: width,
      maxBarThickness: most,
      categoryPercentage: 1,
      grouped: false,
      minBarLength: 1,
      yAxisID: 'y',
    });
    const datasets = [column('body', 'open', 'close', 0.75, 16), column('range', 'low', 'high', 0.18, 2)];
    const barStep = bars.length > 300 ? 50 : bars.length > 60 ? 10 : bars.length > 12 ? 5 : 1;
    const hasSpans = data.labelled.length + data.predicted.length > 0;
    const hasProbability = data.probability.length > 0;
    const options = common();
    options.scales = {
      x: axis('bar', { type: 'linear', min: -0.5, max: Math.max(bars.length, 1) - 0.5, offset: false,
                       grid: { offset: false, display: false },
                       afterBuildTicks(scale) {
                         scale.ticks = bars.filter((bar) => bar.x % barStep === 0).map((bar) => ({ value: bar.x }));
                       } }),
    };
    const plugins = [];
    if (hasProbability) {
      options.scales.probability = axis('probability', { axis: 'y', type: 'linear', min: 0, max: 1, stack: 'panels',
                                                        stackWeight: 3.5, ticks: { stepSize: 0.5 } });
      datasets.push({
        type: 'line', label: 'probability', yAxisID: 'probability', pointRadius: 0, borderWidth: 1.5,
        borderColor: seriesColour(4), data: data.probability.map((y, x) => ({ x, y })),
      });
      plugins.push(threshold(data));
    }
    if (hasSpans) {
      options.scales.spans = axis('', { axis: 'y', type: 'category', labels: ['', 'labelled', 'predicted', ''], offset: true,
                                       stack: 'panels', stackWeight: 3, grid: { display: false },
                                       ticks: { autoSkip: false, color: colour('text') } });
      plugins.push(spanStrips(data));
    }
    options.scales.y = axis('price', { type: 'linear', stack: 'panels', stackWeight: 7, beginAtZero: false });
    // Panels of one stack would get the width of one of them: their labels would be cut.
    const priceLength = Math.max(...data.bars.flat().map((price) => String(price).length));
    const axisWidth = Math.max(78, 40 + 6.5 * priceLength);
    for (const name of ['y', 'spans', 'probability']) {
      if (options.scales[name]) options.scales[name].afterFit = (scale) => { scale.width = axisWidth; };
    }
    options.interaction.mode = 'index';
    options.plugins.legend = candleLegend(hasProbability);
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
        } else {
          ctx.fillStyle = colour('faint');
          ctx.textBaseline = 'middle';
          ctx.fillText('no value', chartArea.left + 8, y);
          ctx.fillStyle = colour('c0');
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

  const isEmpty = (data) => {
    if (data.kind === 'candles') return data.bars.length === 0;
    if (data.kind === 'intervals') return data.rows.every((row) => row.value === null);
    return data.lines.every((line) => line.y.every((y, i) => y === null || (line.x || data.x)[i] === null));
  };

  return { kinds: { line: lineChart, candles: candleChart, intervals: intervalChart }, isEmpty };
})();
