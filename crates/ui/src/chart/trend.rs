//! Lines and bars over categories or time, units on the axis.

use std::collections::BTreeMap;

use maud::Markup;
use serde_json::{Value, json};

use super::{Drawn, Height};
use crate::Words;
use crate::kit::number::Number;
use crate::kit::table::{Cell, Column, Row};

/// Colours of series in their order; each also has its own symbol, so colour is never alone.
const COLOURS: [&str; 5] = ["@accent", "@series-2", "@series-3", "@series-4", "@series-5"];
const SYMBOLS: [&str; 5] = ["circle", "rect", "triangle", "diamond", "pin"];

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A line with points.
    Line,
    /// Bars.
    Bar,
}

/// One value of a series.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Where it is drawn.
    pub value: f64,
    /// What it is, digits as kept.
    pub text: String,
    /// The record it stands for.
    pub href: Option<String>,
}

/// One series.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub shape: Shape,
    /// A value for each category; none where nothing was measured, which is a gap and not zero.
    pub marks: Vec<Option<Mark>>,
}

/// A trend or bar chart.
#[derive(Debug, Clone)]
pub struct Trend {
    /// Its id in the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// Unit of the values.
    pub unit: String,
    /// The categories, in order.
    pub categories: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
}

impl Trend {
    /// The chart and its twin: one row for a category, one column for a series.
    pub fn render(&self, words: &Words) -> Markup {
        let mut columns = vec![Column::text("category", words.t("kit-chart-category"))];
        columns.extend(self.series.iter().map(|series| Column::number("value", &*series.name, &*self.unit)));
        let row = |(at, category): (usize, &String)| Row {
            href: None,
            id: None,
            cells: std::iter::once(Cell::Text(category.clone()))
                .chain(self.series.iter().map(|series| cell(series.marks.get(at))))
                .collect(),
        };
        Drawn {
            id: &self.id,
            title: self.title.clone(),
            height: Height::Medium,
            option: self.option(),
            columns,
            rows: self.categories.iter().enumerate().map(row).collect(),
        }
        .render(words)
    }

    fn option(&self) -> Value {
        let many = self.categories.len() > 40;
        let zoom = if many { json!([{"type": "inside"}, {"type": "slider"}]) } else { json!([]) };
        let series: Vec<Value> =
            self.series.iter().enumerate().map(|(at, series)| self.series(at, series)).collect();
        let only_lines = self.series.iter().all(|series| series.shape == Shape::Line);
        json!({
            "grid": {"left": 8, "right": 16, "top": if self.series.len() > 1 { 56 } else { 32 },
                     "bottom": if many { 56 } else { 8 }},
            "tooltip": {"trigger": "item"},
            "legend": {"show": self.series.len() > 1, "top": 0, "left": 0},
            "dataZoom": zoom,
            "xAxis": {"type": "category", "data": self.categories},
            "yAxis": {"type": "value", "name": self.unit, "scale": only_lines},
            "series": series,
        })
    }

    fn tip(&self, place: usize, series: &str, mark: &Mark) -> String {
        let category = self.categories.get(place).map_or("", String::as_str);
        format!("{category}\n{series}: {} {}", mark.text, self.unit)
    }

    fn series(&self, at: usize, series: &Series) -> Value {
        let data: Vec<Value> = series
            .marks
            .iter()
            .enumerate()
            .map(|(place, mark)| match mark {
                None => Value::Null,
                Some(mark) => json!({"value": mark.value, "href": mark.href,
                    "tip": self.tip(place, &series.name, mark)}),
            })
            .collect();
        let colour = COLOURS[at % COLOURS.len()];
        let mut out = BTreeMap::from([
            ("name", json!(series.name)),
            ("data", json!(data)),
            ("itemStyle", json!({"color": colour})),
            ("type", json!(if series.shape == Shape::Line { "line" } else { "bar" })),
        ]);
        if series.shape == Shape::Line {
            out.insert("lineStyle", json!({"color": colour, "width": 1.5}));
            out.insert("symbol", json!(SYMBOLS[at % SYMBOLS.len()]));
            out.insert("symbolSize", json!(7));
            out.insert("showAllSymbol", json!(true));
        } else {
            out.insert("barMaxWidth", json!(32));
        }
        json!(out)
    }
}

fn cell(mark: Option<&Option<Mark>>) -> Cell {
    match mark {
        Some(Some(mark)) => Cell::Number(Number { href: mark.href.clone(), ..Number::new(&*mark.text) }),
        _ => Cell::Blank,
    }
}
