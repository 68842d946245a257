"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const names = { lr: "LR", hr: "HR", bicubic: "Bicubic", student: "Student", published: "Published", teacher: "Teacher" };
  const terms = {
    loss_label: "Label", loss_teacher: "Soft target", loss_local: "Local features",
    loss_global: "Global feature", lr: "Learning rate",
  };
  const svgSpace = "http://www.w3.org/2000/svg";
  const at = (id) => document.getElementById(id);
  const whole = (value) => Math.round(value).toLocaleString("en");
  const signed = (value, digits) => (value < 0 ? "\u2212" : "+") + Math.abs(value).toFixed(digits);
  const plain = (value) => value === 0 ? "0" : Math.abs(value) >= 1e-3 ? String(+value.toPrecision(3)) : power(value);

  function power(value) {
    const [digits, exponent] = value.toExponential(1).split("e");
    const raised = String(+exponent).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] || "⁻");
    return `${digits} × 10${raised}`;
  }
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== undefined && value !== false) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  }
  function draw(tag, attributes, text) {
    const node = document.createElementNS(svgSpace, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }
  const by = (key) => data.rows.find((row) => row.key === key);
  const base = by("bicubic");
  const lift = (row) => row.PSNR_Y - base.PSNR_Y;

  function figures() {
    const student = by("student"), teacher = by("teacher"), gain = lift(student);
    const entries = [
      [`${signed(gain, 2)} dB`, "PSNR (Y) against bicubic", gain > 0],
      [`${Math.round(100 * Math.max(gain, 0) / lift(teacher))} %`, "of the teacher\u2019s lead over bicubic"],
      [`${(teacher.parameters / student.parameters).toFixed(1)} ×`, "fewer parameters than the teacher"],
      [power(data.parity.max), "largest difference of ONNX Runtime and PyTorch"],
      [data.total, "for the whole demo"],
    ];
    for (const [value, label, good] of entries) {
      at("figures").append(el("div", {}, el("dt", {}, label), el("dd", { class: good && "good" }, value)));
    }
  }

  function results() {
    const head = ["", "PSNR (Y)", "SSIM (Y)", "Parameters", "GMACs at 720p", "ms for 256 × 256", "Gain over bicubic"];
    const most = Math.max(...data.rows.map(lift), 0.01);
    const body = data.rows.map((row) => {
      const gain = lift(row), bar = el("i", { style: `width:${Math.max(gain, 0) / most * 110}px` });
      return el("tr", { class: row.key === "student" && "own" },
        el("th", { scope: "row" }, row.title), el("td", {}, row.PSNR_Y.toFixed(2)), el("td", {}, row.SSIM_Y.toFixed(4)),
        el("td", {}, row.parameters ? whole(row.parameters) : "\u2013"),
        el("td", {}, row.GMACs_720p ? row.GMACs_720p.toFixed(1) : "\u2013"), el("td", {}, row.ms_256.toFixed(0)),
        el("td", { class: "gain" }, row === base ? "" : el("div", { class: "bar" }, bar, `${signed(gain, 2)} dB`)));
    });
    const titles = head.map((title, i) => el("th", { scope: "col", style: i === 6 && "text-align:left;padding-left:18px" }, title));
    at("results").append(el("thead", {}, el("tr", {}, ...titles)), el("tbody", {}, ...body));
    at("protocol").textContent = `Mean over the held-out pictures, ×${data.scale}. Output rounded to whole values, ${data.scale} pixels cut off along each edge, `
      + "BT.601 luma; SSIM with the Gaussian 11 × 11 window. GMACs: multiply-adds of the convolutions for an output of 1280 × 720. "
      + "Milliseconds: PyTorch on the machine named below, an input of 256 × 256, median of five turns.";
  }

  function comparison(picture) {
    const input = el("input", { type: "range", min: 0, max: 100, step: 0.5, value: 50, "aria-label": `${picture.name}: bicubic to the left of the edge, student to the right` });
    const share = (value, of) => `${100 * value / of}%`;
    const boxes = picture.crops.map((crop, i) => el("span", {
      class: "box",
      style: `left:${share(crop.x, picture.width)};top:${share(crop.y, picture.height)};width:${share(crop.size, picture.width)};height:${share(crop.size, picture.height)}`,
    }, el("b", {}, String(i + 1))));
    const frame = el("div", { class: "compare" },
      el("img", { src: picture.before, alt: `${picture.name}, bicubic`, width: picture.width, height: picture.height, draggable: "false" }),
      el("img", { class: "after", src: picture.after, alt: `${picture.name}, student`, draggable: "false" }),
      ...boxes, el("span", { class: "tag left" }, "Bicubic"), el("span", { class: "tag right" }, "Student"),
      el("span", { class: "edge" }), input);
    input.addEventListener("input", () => frame.style.setProperty("--at", `${input.value}%`));
    return frame;
  }

  function crop(entry, number) {
    const cells = entry.cells.map((cell, i) => el("figure", { class: cell.key === "student" && "own" },
      el("img", { src: cell.src, alt: `crop ${number}, ${names[cell.key]}` }),
      i === 0 ? el("span", { class: "number" }, String(number)) : null,
      el("figcaption", {}, el("b", {}, names[cell.key]), cell.psnr === undefined ? "" : `${cell.psnr.toFixed(1)} dB`)));
    return el("div", { class: "crop", style: `--views:${cells.length}` }, ...cells);
  }

  function pictures() {
    for (const picture of data.pictures) {
      const rows = Object.entries(picture.psnr).map(([key, value]) => el("tr", { class: key === "student" && "own" },
        el("th", { scope: "row" }, names[key]), el("td", {}, `${value.toFixed(2)} dB`)));
      const small = `${picture.width / data.scale} × ${picture.height / data.scale}`;
      at("pictures").append(el("article", { class: "picture" },
        el("div", { class: "pair" }, comparison(picture),
          el("div", { class: "facts" }, el("h3", {}, picture.name), el("p", {}, `${small} \u2192 ${picture.width} × ${picture.height} pixels; PSNR (Y)`),
            el("table", {}, el("tbody", {}, ...rows)))),
        el("div", { class: "crops" }, ...picture.crops.map((entry, i) => crop(entry, i + 1)))));
    }
  }

  const plot = { width: 340, height: 190, left: 44, right: 10, top: 8, bottom: 24 };
  const marks = [];

  function ticks(low, high, logarithmic) {
    if (logarithmic) {
      const inside = (mantissas) => {
        const found = [];
        for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e += 1) {
          for (const m of mantissas) found.push(m * 10 ** e);
        }
        return found.filter((tick) => tick >= low && tick <= high);
      };
      const halves = Array.from({ length: 18 }, (_, i) => 1 + i / 2);
      const choices = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 6, 8], halves].map(inside);
      return choices.find((found) => found.length >= 3) || choices.at(-1);
    }
    const raw = (high - low) / 4, unit = 10 ** Math.floor(Math.log10(raw));
    const step = unit * [1, 2, 5, 10].find((m) => m * unit >= raw);
    return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
  }

  function chart(name, values, steps) {
    const logarithmic = name !== "lr" && values.every((value) => value > 0);
    const known = values.filter((value) => value !== null);
    const high = Math.max(...known), low = logarithmic ? Math.min(...known) : 0;
    const scale = logarithmic ? Math.log10 : (value) => value;
    const bottom = scale(logarithmic ? low * 0.93 : low), top = scale(high * 1.05 || 1);
    const x = (step) => plot.left + (step - steps[0]) / Math.max(steps.at(-1) - steps[0], 1) * (plot.width - plot.left - plot.right);
    const y = (value) => plot.top + (top - scale(value)) / (top - bottom || 1) * (plot.height - plot.top - plot.bottom);
    const picture = draw("svg", { viewBox: `0 0 ${plot.width} ${plot.height}`, role: "img", "aria-label": `${terms[name] || name}: from ${plain(values[0])} to ${plain(values.at(-1))}` });
    for (const tick of ticks(logarithmic ? low * 0.93 : low, high * 1.05, logarithmic)) {
      picture.append(draw("line", { class: "grid", x1: plot.left, x2: plot.width - plot.right, y1: y(tick), y2: y(tick) }));
      picture.append(draw("text", { x: plot.left - 7, y: y(tick) + 4, "text-anchor": "end" }, String(+tick.toPrecision(2))));
    }
    for (const tick of ticks(0, steps.at(-1), false).filter((t) => t >= steps[0] || t === 0)) {
      const place = Math.max(x(tick), plot.left);
      const anchor = tick === 0 ? "start" : place > plot.width - plot.right - 14 ? "end" : "middle";
      picture.append(draw("text", { x: anchor === "end" ? plot.width - 1 : place, y: plot.height - 6, "text-anchor": anchor }, whole(tick)));
    }
    const points = steps.flatMap((step, i) => values[i] === null ? [] : [`${x(step).toFixed(1)},${y(values[i]).toFixed(1)}`]);
    picture.append(draw("polyline", { class: "curve", points: points.join(" ") }));
    const line = draw("line", { class: "mark", y1: plot.top, y2: plot.height - plot.bottom }), dot = draw("circle", { class: "dot", r: 4 });
    const readout = el("span", {});
    picture.append(line, dot);
    marks.push((index) => {
      const shown = index === null ? steps.length - 1 : index, visible = index === null ? "none" : "";
      for (const [key, value] of [["x1", x(steps[shown])], ["x2", x(steps[shown])]]) line.setAttribute(key, value);
      dot.setAttribute("cx", x(steps[shown]));
      dot.setAttribute("cy", y(values[shown]));
      line.style.display = visible;
      readout.textContent = `${plain(values[shown])} at ${whole(steps[shown])}`;
    });
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect(), place = (event.clientX - box.left) / box.width * plot.width;
      const nearest = steps.reduce((best, step, i) => Math.abs(x(step) - place) < Math.abs(x(steps[best]) - place) ? i : best, 0);
      for (const mark of marks) mark(nearest);
    });
    picture.addEventListener("pointerleave", () => { for (const mark of marks) mark(null); });
    return el("figure", { class: "chart" }, el("figcaption", {}, terms[name] || name, readout), picture);
  }

  function curves() {
    for (const [name, values] of Object.entries(data.curves.series)) at("charts").append(chart(name, values, data.curves.step));
    for (const mark of marks) mark(null);
  }

  function parity() {
    const { sizes, max, tolerance, bytes } = data.parity;
    at("parity").textContent = `The student went through mmdeploy into an ONNX file of ${whole(bytes / 1024)} KiB that takes pictures of any size. `
      + `On three odd sizes, ONNX Runtime and PyTorch differ by at most ${power(max)} on a range of 0 to 1; up to ${power(tolerance)} would be accepted, and one step of an 8-bit picture is 3.9 × 10⁻³.`;
    const rows = Object.entries(sizes).map(([size, error]) => el("tr", {}, el("th", { scope: "row" }, size.replace("x", " × ")), el("td", {}, power(error))));
    at("parity-table").append(el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Input, height × width"), el("th", { scope: "col" }, "Largest difference"))), el("tbody", {}, ...rows));
  }

  function meta() {
    const seconds = Object.entries(data.seconds).map(([step, value]) => `${step} ${value.toFixed(value < 10 ? 1 : 0)} s`).join(", ");
    const entries = { Command: data.meta.command, Commit: data.meta.commit, Date: data.meta.date, Machine: data.meta.machine, Student: data.network, Pictures: data.images, Versions: data.meta.versions, Time: seconds };
    for (const [key, value] of Object.entries(entries)) {
      if (value) at("meta").append(el("dt", {}, key), el("dd", {}, value));
    }
  }

  at("lead").textContent = data.lead;
  figures(); results(); pictures(); curves(); parity(); meta();
})();
