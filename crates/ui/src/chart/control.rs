//! The control chart (Shewhart, ISO 7870-2): points in order, centre line, warning and control limits, the
//! zones between them, and the rules that fired. The rules are judged elsewhere; here they are shown.

use jiff::Timestamp;
use maud::Markup;
use serde_json::{Value, json};

use super::{Drawn, Height};
use crate::Words;
use crate::kit::Link;
use crate::kit::number::Number;
use crate::kit::table::{Cell, Column, Row};

/// A height in the chart with its text as reported.
#[derive(Debug, Clone)]
pub struct Level {
    /// Where it is drawn.
    pub value: f64,
    /// What it is, digits as kept.
    pub text: String,
}

/// The lines of a control chart.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Centre line.
    pub centre: Level,
    /// Lower and upper warning limit, commonly two standard deviations.
    pub warning: Option<(Level, Level)>,
    /// Lower and upper control limit, commonly three standard deviations.
    pub control: (Level, Level),
}

/// One point.
#[derive(Debug, Clone)]
pub struct ControlPoint {
    /// Its name on the axis: run or sample.
    pub label: String,
    /// When it was measured.
    pub at: Option<Timestamp>,
    /// Where and what it is.
    pub level: Level,
    /// The result it stands for.
    pub href: String,
    /// The rules it fired, in words; none when it is in control.
    pub fired: Vec<String>,
}

/// A control chart.
#[derive(Debug, Clone)]
pub struct ControlChart {
    /// Its id in the page.
    pub id: String,
    /// What is controlled: analyte, reference material, instrument.
    pub what: String,
    /// Unit of the values.
    pub unit: String,
    /// The points, oldest first.
    pub points: Vec<ControlPoint>,
    /// The lines.
    pub limits: Limits,
}

impl ControlChart {
    /// The chart and its twin.
    pub fn render(&self, words: &Words) -> Markup {
        Drawn {
            id: &self.id,
            title: words.tv("kit-chart-control", &[("what", self.what.as_str().into())]),
            height: Height::Medium,
            option: self.option(words),
            columns: vec![
                Column::text("point", words.t("kit-chart-point")),
                Column::text("at", words.t("kit-chart-at")),
                Column::number("value", words.t("kit-chart-value"), &*self.unit),
                Column::text("fired", words.t("kit-chart-fired")),
            ],
            rows: self.points.iter().map(row).collect(),
        }
        .render(words)
    }

    fn option(&self, words: &Words) -> Value {
        let when =
            |point: &ControlPoint| point.at.map(|at| words.date(at.to_zoned(words.zone().clone()).date()));
        let labels: Vec<String> =
            self.points.iter().map(|point| when(point).unwrap_or_else(|| point.label.clone())).collect();
        let many = self.points.len() > 40;
        let zoom = if many { json!([{"type": "inside"}, {"type": "slider"}]) } else { json!([]) };
        let (low, high) = self.span();
        json!({
            "grid": {"left": 8, "right": self.beside(words), "top": 32, "bottom": if many { 56 } else { 8 }},
            "tooltip": {"trigger": "item"},
            "dataZoom": zoom,
            "xAxis": {"type": "category", "data": labels, "boundaryGap": true},
            "yAxis": {"type": "value", "name": self.unit, "min": low, "max": high,
                      "splitLine": {"show": false},
                      "axisLabel": {"showMinLabel": false, "showMaxLabel": false}},
            "series": [{
                "type": "line",
                "showAllSymbol": true,
                "data": self.points.iter().map(|point| self.point(words, point)).collect::<Vec<_>>(),
                "lineStyle": {"color": "@muted", "width": 1},
                "markLine": {"symbol": "none", "silent": true, "data": self.lines(words)},
                "markArea": {"silent": true, "data": self.zones()},
            }],
        })
    }

    /// From a little below the lowest to a little above the highest thing drawn.
    fn span(&self) -> (f64, f64) {
        let (lower, upper) = (&self.limits.control.0, &self.limits.control.1);
        let values = self.points.iter().map(|point| point.level.value).chain([lower.value, upper.value]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let margin = ((high - low) * 0.08).max(f64::EPSILON);
        (low - margin, high + margin)
    }

    fn point(&self, words: &Words, point: &ControlPoint) -> Value {
        let mut tip = vec![point.label.clone(), format!("{} {}", point.level.text, self.unit)];
        tip.extend(point.at.map(|at| words.instant(at)));
        tip.extend(point.fired.iter().cloned());
        let (symbol, size, colour) = match point.fired.is_empty() {
            true => ("circle", 7, "@accent"),
            false => ("diamond", 13, "@fail"),
        };
        json!({"value": point.level.value, "href": point.href, "tip": tip.join("\n"),
               "symbol": symbol, "symbolSize": size, "itemStyle": {"color": colour}})
    }

    fn lines(&self, words: &Words) -> Vec<Value> {
        let line = |key: &str, level: &Level, colour: &str, dash: &str| {
            json!({"yAxis": level.value, "lineStyle": {"color": colour, "type": dash, "width": 1},
                   "label": {"formatter": format!("{} {}", words.t(key), level.text), "color": colour}})
        };
        let mut lines = vec![
            line("kit-chart-ucl", &self.limits.control.1, "@fail", "solid"),
            line("kit-chart-centre", &self.limits.centre, "@text", "solid"),
            line("kit-chart-lcl", &self.limits.control.0, "@fail", "solid"),
        ];
        if let Some((lower, upper)) = &self.limits.warning {
            lines.push(line("kit-chart-uwl", upper, "@warning", "dashed"));
            lines.push(line("kit-chart-lwl", lower, "@warning", "dashed"));
        }
        lines
    }

    /// The room beside the plot in pixels, for the words of the longest line at 12 px.
    fn beside(&self, words: &Words) -> usize {
        let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 7 } else { 13 }).sum::<usize>();
        let lines = self.lines(words);
        let longest = lines.iter().filter_map(|line| line["label"]["formatter"].as_str()).map(width).max();
        longest.unwrap_or_default().max(88) + 16
    }

    fn zones(&self) -> Vec<Value> {
        let Some((lower, upper)) = &self.limits.warning else { return Vec::new() };
        let line = |at: f64, colour: &str| json!({"yAxis": at, "itemStyle": {"color": colour}});
        let zone = |from: f64, to: f64, colour: &str| json!([line(from, colour), {"yAxis": to}]);
        vec![
            zone(self.limits.control.0.value, lower.value, "@warning-soft"),
            zone(lower.value, upper.value, "@pass-soft"),
            zone(upper.value, self.limits.control.1.value, "@warning-soft"),
        ]
    }
}

fn row(point: &ControlPoint) -> Row {
    Row {
        href: Some(point.href.clone()),
        id: None,
        cells: vec![
            Cell::Link(Link::new(&*point.label, &*point.href)),
            point.at.map_or(Cell::Blank, Cell::Instant),
            Cell::Number(Number::new(&*point.level.text)),
            Cell::Text(point.fired.join("; ")),
        ],
    }
}
