//! Charts: the option for ECharts is built here as data, set beside an empty place, and drawn by
//! `assets/charts.js` in the one house theme. A colour in an option is a token's name, `@accent`; the
//! script puts in what the reader's theme has for it. Each chart has a twin: a table that says the same,
//! for reading aloud, for printing and without script.
//!
//! Floats are for drawing only; whatever is read as a number comes along as text.

mod control;
mod genealogy;
mod sankey;
mod trend;

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

pub use control::{ControlChart, ControlPoint, Level, Limits};
pub use genealogy::{FOLD_ABOVE, Genealogy, GenealogyEdge, GenealogyNode};
pub use sankey::{Flow, Sankey};
pub use trend::{Mark, Series, Shape, Trend};

use crate::Words;
use crate::kit::table::{Column, Row, Table};

/// How high a chart stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Height {
    Medium,
    Tall,
    Huge,
}

impl Height {
    fn class(self) -> &'static str {
        match self {
            Height::Medium => "medium",
            Height::Tall => "tall",
            Height::Huge => "huge",
        }
    }
}

/// A chart ready to be set into a page.
struct Drawn<'a> {
    id: &'a str,
    title: String,
    height: Height,
    option: Value,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Drawn<'_> {
    fn render(self, words: &Words) -> Markup {
        let twin = Table::plain(format!("{}-twin", self.id), self.title.clone(), self.columns, self.rows);
        html! {
            figure.chart id=(self.id) {
                figcaption { (self.title) }
                div.canvas.(self.height.class()) data-chart role="img" aria-label=(self.title) {}
                script type="application/json" { (PreEscaped(embedded(&self.option))) }
                noscript { p.muted { (words.t("kit-chart-draws")) } }
                details.twin {
                    summary { (words.t("kit-chart-twin")) }
                    (twin.render(words))
                }
            }
        }
    }
}

/// JSON that may stand in a page: no `<` can end the element early.
fn embedded(option: &Value) -> String {
    option.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_cannot_leave_its_element() {
        let text = embedded(&json!({"name": "</script><b>"}));
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["name"], "</script><b>");
    }
}
