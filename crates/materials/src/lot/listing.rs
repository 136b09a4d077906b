//! The lists of lots and of moves.

use kernel::{LotId, MaterialId, MoveId};
use measure::Decimal;
use site::{ListSql, Listing, Miss, Named, STAFF, Visit, listed};
use store::{Row as Found, StoreError};
use ui::html;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Facet, Row, Table};

use crate::show::{self, kg};

/// `/lots`.
pub(crate) const LOTS: Listing = Listing {
    name: "lots",
    path: "/lots",
    rail: "lots",
    readers: STAFF,
    fetch: lots,
    actions: &["lot.receive", "lot.blend", "lot.process"],
};

/// `/moves`.
pub(crate) const MOVES: Listing =
    Listing { name: "moves", path: "/moves", rail: "lots", readers: STAFF, fetch: moves, actions: &[] };

const LOTS_SQL: ListSql = ListSql {
    columns:
        "l.number, l.code, l.material, m.code, l.state, l.mass_kg_wet, l.moisture_percent, l.mass_kg_dry,
        l.produced_on, l.location, l.custody, l.made_at,
        (SELECT COUNT(*) FROM sample s WHERE s.lot = l.number)",
    from: "lot l JOIN material m ON m.number = l.material",
    main: "lot l",
    searched: &["l.code", "m.code", "m.name_en", "m.name_zh"],
    sorts: &[
        ("code", "l.code"),
        ("material", "m.code"),
        ("state", "l.state"),
        ("mass_kg_wet", "l.mass_order"),
        ("produced_on", "l.produced_on"),
        ("made_at", "l.number"),
    ],
    facets: &[
        ("state", "l.state", false),
        ("custody", "l.custody", false),
        ("material", "l.material", true),
        ("party", "l.origin_party", true),
    ],
    order: "l.number DESC",
};

const MOVES_SQL: ListSql = ListSql {
    columns:
        "v.number, v.kind, v.at, v.stage, v.taken_kg_dry, v.made_kg_dry, v.outside_kg_dry, v.loss_kg_dry,
        v.unaccounted_kg_dry, v.reason",
    from: "lot_move v",
    main: "lot_move v",
    searched: &["v.kind", "v.stage", "v.reason"],
    sorts: &[("kind", "v.kind"), ("at", "v.number")],
    facets: &[("kind", "v.kind", false)],
    order: "v.number DESC",
};

fn lots(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = LOTS_SQL.fetch(visit.db, query, &[], |row| {
        let lot = LotId(row.number(0)?);
        let named = Named::under("lots", lot, row.text(1)?);
        let material = Named::under("materials", MaterialId(row.number(2)?), row.text(3)?);
        let day: Option<kernel::Day> = row.opt_parse(8)?;
        let cells = vec![
            named.cell(),
            material.cell(),
            Cell::Badge(show::lot_state(words, &row.text(4)?)),
            Cell::Number(kg(&row.text(5)?, lot.into())),
            Cell::Number(Number::new(row.text(6)?).unit("%").explained(format!("/explain/{lot}"))),
            Cell::Number(kg(&row.text(7)?, lot.into())),
            day.map_or(Cell::Blank, |day| Cell::Date(day.date())),
            show::opt(row.opt_text(9)?.as_deref()),
            Cell::Text(words.t(&format!("choice-custody-{}", row.text(10)?))),
            Cell::Number(Number::new(row.number(12)?.to_string())),
            Cell::Instant(row.parse::<kernel::Instant>(11)?.timestamp()),
        ];
        Ok(Row { href: Some(named.url), id: Some(lot.to_string()), cells })
    })?;
    let rows = with_standing(visit, rows)?;
    let t = |key: &str| words.t(key);
    let columns = vec![
        Column::text("code", t("field-lot")).sortable(),
        Column::text("material", t("field-material")).sortable(),
        Column::text("state", t("field-state")).sortable(),
        Column::number("mass_kg_wet", t("field-mass-kg-wet"), "kg").sortable(),
        Column::number("moisture_percent", t("field-moisture-percent"), "%"),
        Column::number("mass_kg_dry", t("field-mass-kg-dry"), "kg"),
        Column::text("produced_on", t("field-produced-on")).sortable(),
        Column::text("location", t("field-location")).on_choice(),
        Column::text("custody", t("field-custody")).on_choice(),
        Column::number("samples", t("list-samples"), ""),
        Column::text("made_at", t("field-made-at")).sortable(),
    ];
    let plain = Table::plain("lots", t("list-lots"), columns, rows);
    let facets = vec![
        facet(words, "state", &["in-stock", "consumed", "shipped", "lost"]),
        facet(words, "custody", &crate::custody::Custody::ALL.iter().map(|c| c.word()).collect::<Vec<_>>()),
    ];
    Ok(Table { facets, ..listed(words, "lots", query, total, plain) })
}

/// Beside the state of the books, what other areas say of each lot, as that it is held.
fn with_standing(visit: &mut Visit<'_>, mut rows: Vec<Row>) -> Result<Vec<Row>, StoreError> {
    const STATE: usize = 2;
    for row in &mut rows {
        let Some(lot) = row.id.as_deref().and_then(|id| id.parse::<LotId>().ok()) else { continue };
        let badges = visit.standing(lot)?;
        if badges.len() > 1 {
            row.cells[STATE] = Cell::Markup(html! { @for badge in &badges { (badge) " " } });
        }
    }
    Ok(rows)
}

fn facet(words: &ui::Words, key: &'static str, values: &[&str]) -> Facet {
    let options =
        values.iter().map(|value| ((*value).to_owned(), words.t(&format!("choice-{key}-{value}")))).collect();
    Facet { key, label: words.t(&format!("field-{key}")), options }
}

fn moves(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = MOVES_SQL.fetch(visit.db, query, &[], |row| {
        let number = MoveId(row.number(0)?);
        let named = Named::under("moves", number, words.t(&format!("move-{}", row.text(1)?)));
        let mut cells = vec![
            named.cell(),
            Cell::Instant(row.parse::<kernel::Instant>(2)?.timestamp()),
            show::opt(row.opt_text(3)?.as_deref()),
        ];
        for column in 4..9 {
            cells.push(mass(row, column, number)?);
        }
        cells.push(show::opt(row.opt_text(9)?.as_deref()));
        Ok(Row { href: Some(named.url), id: None, cells })
    })?;
    let t = |key: &str| words.t(key);
    let dry = |key: &'static str| {
        Column::number(key, t(&site::word("field", key)), "kg").basis(t("basis-dry-mass"))
    };
    let columns = vec![
        Column::text("kind", t("kind-move")).sortable(),
        Column::text("at", t("field-at")).sortable(),
        Column::text("stage", t("field-stage")),
        dry("taken_kg_dry"),
        dry("made_kg_dry"),
        dry("outside_kg_dry"),
        dry("loss_kg_dry"),
        dry("unaccounted_kg_dry"),
        Column::text("reason", t("field-reason")),
    ];
    let plain = Table::plain("moves", t("list-moves"), columns, rows);
    let kinds =
        ["receive", "split", "blend", "process", "rework", "ship", "adjust", "lose", "sample", "composite"];
    let options = kinds.iter().map(|k| ((*k).to_owned(), t(&format!("move-{k}")))).collect();
    let facets = vec![Facet { key: "kind", label: t("kind-move"), options }];
    Ok(Table { facets, ..listed(words, "moves", query, total, plain) })
}

/// A mass of a move; zero is left blank, so that what happened stands out.
fn mass(row: &Found<'_>, column: usize, number: MoveId) -> Result<Cell, StoreError> {
    let kg_dry: Decimal = row.parse(column)?;
    Ok(match kg_dry.is_zero() {
        true => Cell::Blank,
        false => Cell::Number(kg(&kg_dry.to_string(), number.into())),
    })
}
