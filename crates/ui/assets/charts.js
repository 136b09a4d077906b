// Draws the options that stand in the page as data, in the one house theme. A string "@name" in an option is the colour
// token --name of the reader's theme; "href" in a datum is where a click leads; "tip" is what hovering says.
"use strict";
(() => {
  const source = document.currentScript.dataset.echarts;
  const drawn = [];

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  function coloured(value) {
    if (typeof value === "string") return /^@[a-z0-9-]+$/.test(value) ? token(value.slice(1)) : value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)]));
    }
    return value;
  }

  function theme() {
    const font = getComputedStyle(document.body).fontFamily;
    const axis = {
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisTick: { lineStyle: { color: token("line-strong") } },
      axisLabel: { color: token("muted"), fontSize: 11 },
      splitLine: { lineStyle: { color: token("line") } },
      nameTextStyle: { color: token("muted"), fontSize: 11, align: "left" },
    };
    return {
      textStyle: { fontFamily: font, color: token("text") },
      backgroundColor: "transparent",
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: axis,
      legend: { textStyle: { color: token("text") }, itemWidth: 16, itemHeight: 8 },
      tooltip: {
        backgroundColor: token("surface"), borderColor: token("line-strong"), borderWidth: 1, padding: [6, 8],
        textStyle: { color: token("text"), fontSize: 12 }, extraCssText: "", shadowBlur: 0,
      },
      dataZoom: {
        borderColor: token("line"), textStyle: { color: token("muted") }, fillerColor: "transparent",
        backgroundColor: token("raised"), handleStyle: { color: token("surface"), borderColor: token("accent") },
        moveHandleStyle: { color: token("line-strong") }, emphasis: { moveHandleStyle: { color: token("accent") } },
        dataBackground: { lineStyle: { color: token("line-strong") }, areaStyle: { color: token("line") } },
        selectedDataBackground: { lineStyle: { color: token("accent") }, areaStyle: { color: token("accent-soft") } },
      },
    };
  }

  // A genealogy gives its places in layers and lines: stretched here to the space there is, a layer at least 140 px wide.
  // What then does not fit is moved into view around the record it is seen from.
  function stretched(series, place) {
    const span = (key) => {
      const all = series.data.map((node) => node[key]);
      return [Math.min(...all), Math.max(...all)];
    };
    const room = [place.clientWidth - 144, place.clientHeight - 92];
    const [[left, right], [top, bottom]] = [span("x"), span("y")];
    const step = [Math.max(140, room[0] / Math.max(1, right - left)), Math.max(48, room[1] / Math.max(1, bottom - top))];
    for (const node of series.data) {
      node.x = (node.x - left) * step[0];
      node.y = (node.y - top) * step[1];
    }
    const zoom = Math.max(((right - left) * step[0]) / room[0], ((bottom - top) * step[1]) / room[1], 1);
    const focus = series.data.find((node) => node.id === series.focus);
    if (zoom > 1.01 && focus) Object.assign(series, { zoom, center: [focus.x, focus.y] });
    if (right === left || bottom === top) { // one line has no height to fit into: give it the room's
      series.data.push({ id: " a", x: 0, y: -room[1] / 2, symbolSize: 0, label: { show: false } });
      series.data.push({ id: " b", x: 0, y: room[1] / 2, symbolSize: 0, label: { show: false } });
    }
  }

  // On a phone the words of a line stand on it, not beside the plot, which needs the width.
  function narrow(option) {
    for (const series of option.series) {
      for (const line of series.markLine?.data || []) {
        const place = { position: "insideEndTop", backgroundColor: token("surface"), padding: [1, 3] };
        if (line.label) Object.assign(line.label, place);
      }
    }
    if (option.grid && option.series.some((series) => series.markLine)) option.grid.right = 16;
  }

  function draw(place) {
    const data = place.parentElement.querySelector("script[type='application/json']").textContent;
    const option = coloured(JSON.parse(data));
    option.animation = false;
    // Rich text is painted, not written as HTML: the page's policy allows no inline style.
    option.tooltip = { ...option.tooltip, renderMode: "richText", confine: true, formatter: (at) => at.data?.tip || at.name || "" };
    for (const zoom of option.dataZoom || []) if (zoom.type === "slider") Object.assign(zoom, { height: 20, bottom: 8 });
    for (const series of option.series) if (series.type === "graph") stretched(series, place);
    if (place.clientWidth < 560) narrow(option);
    const chart = window.echarts.init(place, theme());
    chart.setOption(option);
    chart.on("click", (at) => { if (at.data?.href) location.assign(at.data.href); });
    chart.on("mouseover", (at) => { if (!at.data?.href) chart.getZr().setCursorStyle("default"); });
    return { place, chart };
  }

  function redraw() {
    for (const one of drawn) { one.chart.dispose(); one.chart = draw(one.place).chart; }
  }

  function start() {
    const places = [...document.querySelectorAll("[data-chart]")];
    if (!places.length) return;
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => {
      for (const place of places) {
        drawn.push(draw(place));
        new ResizeObserver(() => drawn.find((one) => one.place === place).chart.resize()).observe(place);
      }
      for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);
    };
    script.onerror = () => places.forEach((place) => {
      place.classList.add("broken");
      place.parentElement.querySelector("details").open = true;
    });
    document.head.append(script);
  }
  document.addEventListener("DOMContentLoaded", start);
})();
