//! The data table, the main instrument: typed columns with unit and basis in the head, numbers aligned on
//! the decimal point, sorting, filter, columns and page in the address, keyboard, export, and an honest
//! empty state.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use maud::{Markup, html};

use super::Link;
use super::badge::Badge;
use super::blocks::Empty;
use super::icon::Icon;
use super::number::Number;
use super::query::TableQuery;
use crate::Words;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, links, badges, dates: set from the left.
    Text,
    /// Numbers: aligned on the decimal point.
    Number,
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in the address and in exports.
    pub key: &'static str,
    /// Its head, in the reader's language.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
    /// Unit of its numbers, set smaller in the head.
    pub unit: Option<String>,
    /// Basis of its numbers, set smaller in the head.
    pub basis: Option<String>,
    /// Whether the server can sort by it.
    pub sortable: bool,
    /// Whether it shows when the reader has not chosen columns.
    pub by_default: bool,
}

impl Column {
    /// A column of words.
    pub fn text(key: &'static str, label: impl Into<String>) -> Column {
        Column {
            key,
            label: label.into(),
            kind: Kind::Text,
            unit: None,
            basis: None,
            sortable: false,
            by_default: true,
        }
    }

    /// A column of numbers in one unit.
    pub fn number(key: &'static str, label: impl Into<String>, unit: impl Into<String>) -> Column {
        let unit = Some(unit.into()).filter(|unit| !unit.is_empty());
        Column { kind: Kind::Number, unit, ..Column::text(key, label) }
    }

    /// With a basis in the head.
    pub fn basis(mut self, basis: impl Into<String>) -> Column {
        self.basis = Some(basis.into());
        self
    }

    /// Sorted on a click.
    pub fn sortable(mut self) -> Column {
        self.sortable = true;
        self
    }

    /// Shown only when chosen.
    pub fn on_choice(mut self) -> Column {
        self.by_default = false;
        self
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Nothing, shown as nothing.
    Blank,
    /// Words.
    Text(String),
    /// A number.
    Number(Number),
    /// A link.
    Link(Link),
    /// A state.
    Badge(Badge),
    /// An instant.
    Instant(Timestamp),
    /// A calendar date.
    Date(Date),
    /// Anything else.
    Markup(Markup),
}

impl Cell {
    /// The cell as plain text, for exports: numbers with the digits they have, dates as ISO 8601.
    /// [`Cell::Markup`] has none.
    pub fn plain(&self) -> String {
        match self {
            Cell::Blank | Cell::Markup(_) => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.text.clone(),
            Cell::Link(link) => link.text.clone(),
            Cell::Badge(badge) => badge.words.clone(),
            Cell::Instant(at) => at.to_string(),
            Cell::Date(date) => date.to_string(),
        }
    }
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What Enter opens.
    pub href: Option<String>,
    /// Its id for selection; a row without one cannot be selected.
    pub id: Option<String>,
    /// One cell for each column of the table, chosen or not.
    pub cells: Vec<Cell>,
}

/// A filter with fixed choices above the table.
#[derive(Debug, Clone)]
pub struct Facet {
    /// Its name in the address.
    pub key: &'static str,
    /// Its words.
    pub label: String,
    /// Value and words; the choice of all is added.
    pub options: Vec<(String, String)>,
}

/// What may be done with selected rows: words and the address the form is posted to with `selected` fields.
#[derive(Debug, Clone)]
pub struct RowActions {
    /// The session's token.
    pub csrf: String,
    /// The buttons.
    pub buttons: Vec<Link>,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its id in the page, which must be unique there.
    pub id: String,
    /// What it is a table of; read aloud.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// What the address asked for.
    pub query: TableQuery,
    /// How many rows there are on all pages.
    pub total: usize,
    /// Whether the words filter shows.
    pub filter: bool,
    /// Further filters.
    pub facets: Vec<Facet>,
    /// Whether the address answers `format=csv|xlsx|json`.
    pub exports: bool,
    /// What may be done with selected rows.
    pub actions: Option<RowActions>,
    /// What is said when there is no row at all.
    pub empty: Empty,
}

impl Table {
    /// A bare table of those rows: no filter, no export, one page.
    pub fn plain(
        id: impl Into<String>,
        caption: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Row>,
    ) -> Table {
        let total = rows.len();
        Table {
            id: id.into(),
            caption: caption.into(),
            columns,
            rows,
            query: TableQuery { page_size: total.max(1), ..TableQuery::new("") },
            total,
            filter: false,
            facets: Vec::new(),
            exports: false,
            actions: None,
            empty: Empty::default(),
        }
    }

    /// The table with its tools above and its pages below.
    pub fn render(&self, words: &Words) -> Markup {
        let narrowed = !self.query.filter.is_empty() || !self.query.others.is_empty();
        html! {
            section.table id=(self.id) {
                (self.tools(words))
                @if self.rows.is_empty() && narrowed {
                    p.empty {
                        (words.t("kit-table-nothing-found")) " " a href=(self.query.path) {
                            (words.t("kit-table-show-all"))
                        }
                    }
                } @else if self.rows.is_empty() {
                    (self.empty.render())
                } @else if let Some(actions) = &self.actions {
                    form method="post" {
                        input type="hidden" name="csrf" value=(actions.csrf);
                        input type="hidden" name="return_to" value=(self.query.href());
                        (self.grid(words))
                        p.row-actions {
                            span.muted { (words.t("kit-table-selected")) }
                            @for link in &actions.buttons { button formaction=(link.href) { (link.text) } }
                        }
                    }
                } @else {
                    (self.grid(words))
                }
                (pagination(words, &self.query, self.total))
            }
        }
    }

    fn shown(&self) -> Vec<(usize, &Column)> {
        let chosen: BTreeSet<&str> = self.query.columns.iter().map(String::as_str).collect();
        let shows =
            |column: &Column| if chosen.is_empty() { column.by_default } else { chosen.contains(column.key) };
        self.columns.iter().enumerate().filter(|(_, column)| shows(column)).collect()
    }

    fn grid(&self, words: &Words) -> Markup {
        let shown = self.shown();
        let widths: Vec<usize> = shown.iter().map(|(at, _)| self.fraction_width(*at)).collect();
        html! {
            div.scroll tabindex="0" role="region" aria-label=(self.caption) {
                table data-keys {
                    caption.aloud { (self.caption) }
                    thead { tr {
                        @if self.actions.is_some() {
                            th.select scope="col" { span.aloud { (words.t("kit-table-select")) } }
                        }
                        @for (_, column) in &shown { (self.head(words, column)) }
                    } }
                    tbody { @for row in &self.rows { (self.row(words, row, &shown, &widths)) } }
                }
            }
        }
    }

    fn head(&self, words: &Words, column: &Column) -> Markup {
        let sorted = self.query.sort.as_deref() == Some(column.key);
        let direction = if self.query.descending { "descending" } else { "ascending" };
        let sign = if self.query.descending { " ↓" } else { " ↑" };
        html! {
            th scope="col" class=[number_class(column)] aria-sort=[sorted.then_some(direction)] {
                @if column.sortable {
                    a href=(self.query.sort_href(column.key)) title=(words.t("kit-table-sort")) {
                        (column.label) @if sorted { span aria-hidden="true" { (sign) } }
                    }
                } @else { (column.label) }
                @if column.unit.is_some() || column.basis.is_some() {
                    small {
                        @for part in [&column.unit, &column.basis].into_iter().flatten() { span { (part) } }
                    }
                }
            }
        }
    }

    fn row(&self, words: &Words, row: &Row, shown: &[(usize, &Column)], widths: &[usize]) -> Markup {
        html! {
            tr data-href=[row.href.as_deref()] {
                @if self.actions.is_some() {
                    td.select {
                        @if let Some(id) = &row.id {
                            @let label = words.tv("kit-table-select-row", &[("id", id.as_str().into())]);
                            input type="checkbox" name="selected" value=(id) aria-label=(label);
                        }
                    }
                }
                @for ((at, column), width) in shown.iter().zip(widths) {
                    td class=[number_class(column)] { (cell(words, row.cells.get(*at), *width)) }
                }
            }
        }
    }

    fn fraction_width(&self, at: usize) -> usize {
        let numbers = self.rows.iter().filter_map(|row| match row.cells.get(at) {
            Some(Cell::Number(number)) => Some(number.fraction_width()),
            _ => None,
        });
        numbers.max().unwrap_or(0)
    }

    fn tools(&self, words: &Words) -> Markup {
        let choosable = self.columns.iter().any(|column| !column.by_default);
        if !self.filter && self.facets.is_empty() && !self.exports && !choosable {
            return html! {};
        }
        let facets: Vec<&str> = self.facets.iter().map(|facet| facet.key).collect();
        let mut left_out = vec!["q", "page"];
        left_out.extend(facets);
        html! {
            div.tools {
                @if self.filter || !self.facets.is_empty() {
                    @let label = words.tv("kit-table-filter-of", &[("table", self.caption.as_str().into())]);
                    form method="get" action=(self.query.path) role="search" aria-label=(label) {
                        @for (key, value) in self.query.pairs_without(&left_out) {
                            input type="hidden" name=(key) value=(value);
                        }
                        @if self.filter {
                            @let hint = words.t("kit-table-filter");
                            input type="search" name="q" value=(self.query.filter)
                                placeholder=(hint) aria-label=(hint);
                        }
                        @for facet in &self.facets { (self.facet(words, facet)) }
                        button { (words.t("kit-table-apply")) }
                    }
                }
                @if choosable { (self.column_choice(words)) }
                @if self.exports && self.total > 0 {
                    p.exports {
                        (Icon::Download)
                        @for format in ["csv", "xlsx", "json"] {
                            a href=(self.query.export_href(format)) { (format.to_uppercase()) }
                        }
                    }
                }
            }
        }
    }

    fn facet(&self, words: &Words, facet: &Facet) -> Markup {
        let chosen = self.query.other(facet.key).unwrap_or("");
        html! {
            select name=(facet.key) aria-label=(facet.label) {
                option value="" { (words.pair(&facet.label, &words.t("kit-table-all"))) }
                @for (value, text) in &facet.options {
                    option value=(value) selected[value == chosen] { (text) }
                }
            }
        }
    }

    fn column_choice(&self, words: &Words) -> Markup {
        let shown: BTreeSet<&str> = self.shown().into_iter().map(|(_, column)| column.key).collect();
        html! {
            details.columns {
                summary { (words.t("kit-table-columns")) }
                form method="get" action=(self.query.path) {
                    @for (key, value) in self.query.pairs_without(&["col"]) {
                        input type="hidden" name=(key) value=(value);
                    }
                    @for column in &self.columns {
                        label {
                            input type="checkbox" name="col" value=(column.key)
                                checked[shown.contains(column.key)];
                            " " (column.label)
                        }
                    }
                    button { (words.t("kit-table-apply")) }
                }
            }
        }
    }
}

/// How many characters of a link stay on one line.
const LONG: usize = 32;

fn number_class(column: &Column) -> Option<&'static str> {
    (column.kind == Kind::Number).then_some("number")
}

fn cell(words: &Words, cell: Option<&Cell>, width: usize) -> Markup {
    match cell {
        None | Some(Cell::Blank) => html! {},
        Some(Cell::Text(text)) => html! { (text) },
        Some(Cell::Number(number)) => number.bare(words, width),
        // A code stays on one line; a sentence that leads somewhere may break.
        Some(Cell::Link(link)) if link.text.chars().count() > LONG => {
            html! { a.long href=(link.href) { (link.text) } }
        }
        Some(Cell::Link(link)) => html! { (link) },
        Some(Cell::Badge(badge)) => html! { (badge) },
        Some(Cell::Instant(at)) => words.time(*at),
        Some(Cell::Date(date)) => words.day(*date),
        Some(Cell::Markup(markup)) => markup.clone(),
    }
}

/// Which rows are shown of how many, and the ways to the other pages.
pub fn pagination(words: &Words, query: &TableQuery, total: usize) -> Markup {
    let pages = total.div_ceil(query.page_size.max(1)).max(1);
    // A table without an address of its own shows all its rows.
    if total == 0 || query.path.is_empty() || (pages == 1 && total < 10) {
        return html! {};
    }
    let first = query.offset() + 1;
    let last = (query.offset() + query.page_size).min(total);
    let range = [("first", first.into()), ("last", last.into()), ("total", total.into())];
    html! {
        nav.pages aria-label=(words.tv("kit-pages", &[("path", query.path.as_str().into())])) {
            span.muted { (words.tv("kit-pages-range", &range)) }
            @if pages > 1 {
                @if query.page > 1 {
                    a rel="prev" href=(query.page_href(query.page - 1)) {
                        "← " (words.t("kit-pages-previous"))
                    }
                }
                @for page in near(query.page, pages) {
                    @match page {
                        Some(page) => {
                            @let current = (page == query.page).then_some("page");
                            a href=(query.page_href(page)) aria-current=[current] { (page) }
                        }
                        None => span.muted { "…" },
                    }
                }
                @if query.page < pages {
                    a rel="next" href=(query.page_href(query.page + 1)) { (words.t("kit-pages-next")) " →" }
                }
            }
        }
    }
}

/// First, last and the pages around the current one; `None` where some are left out.
fn near(page: usize, pages: usize) -> Vec<Option<usize>> {
    let mut out: Vec<Option<usize>> = Vec::new();
    let mut before = 0;
    for at in (1..=pages).filter(|at| *at == 1 || *at == pages || at.abs_diff(page) <= 2) {
        if at > before + 1 {
            out.push(None);
        }
        out.push(Some(at));
        before = at;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::gallery::sample_words;

    #[test]
    fn pages_near_the_current_one() {
        assert_eq!(near(1, 1), [Some(1)]);
        assert_eq!(near(5, 9), [Some(1), None, Some(3), Some(4), Some(5), Some(6), Some(7), None, Some(9)]);
    }

    fn table(query: TableQuery, rows: usize) -> Table {
        let columns = vec![
            Column::text("lot", "Lot").sortable(),
            Column::number("mass", "Mass", "t"),
            Column::text("x", "X").on_choice(),
        ];
        let row = |n: usize| Row {
            href: Some(format!("/lots/{n}")),
            id: None,
            cells: vec![
                Cell::Text(format!("L{n}")),
                Cell::Number(Number::new("1.250")),
                Cell::Text("hidden".into()),
            ],
        };
        let rows = (0..rows).map(row).collect();
        Table {
            query,
            filter: true,
            empty: Empty::new("No lot yet", "Receive one."),
            ..Table::plain("t", "Lots", columns, rows)
        }
    }

    #[test]
    fn columns_show_by_default_or_by_choice() {
        let words = sample_words(Lang::En);
        let standard = table(TableQuery::new("/lots"), 2).render(&words).into_string();
        assert!(standard.contains("1.250") && !standard.contains("hidden</td>"));
        let chosen = TableQuery { columns: vec!["x".into()], ..TableQuery::new("/lots") };
        let chosen = table(chosen, 2).render(&words).into_string();
        assert!(!chosen.contains("1.250") && chosen.contains("hidden</td>"));
    }

    #[test]
    fn nothing_found_is_not_the_same_as_nothing_there() {
        let words = sample_words(Lang::En);
        let empty = table(TableQuery::new("/lots"), 0).render(&words).into_string();
        assert!(empty.contains("No lot yet"));
        let narrowed = TableQuery { filter: "z".into(), ..TableQuery::new("/lots") };
        let narrowed = table(narrowed, 0).render(&words).into_string();
        assert!(!narrowed.contains("No lot yet") && narrowed.contains("href=\"/lots\""));
    }
}
