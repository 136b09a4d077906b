//! Materials: their list, and the page of one.

use kernel::MaterialId;
use serde::Serialize;
use site::{ListSql, Listing, Miss, Named, Page, STAFF, View, Visit, listed};
use store::{Db, StoreError, params};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::facts;
use ui::kit::query::TableQuery;
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Link, Markup, Words, format, html};

use super::rows::MATERIAL_SHOWN;

/// `/materials`.
pub(crate) const MATERIALS: Listing = Listing {
    name: "materials",
    path: "/materials",
    rail: "lots",
    readers: STAFF,
    fetch: materials,
    actions: &["material.define"],
};

/// `/materials/{material}`.
pub(crate) const PAGE: Page = Page { path: "/materials/{material}", rail: "lots", readers: STAFF, show };

const MATERIALS_SQL: ListSql = ListSql {
    columns: "number, code, kind, name_en, name_zh, formula",
    from: "material",
    main: "material",
    searched: &["code", "name_en", "name_zh", "formula"],
    sorts: &[("code", "code"), ("kind", "kind"), ("name", "name_en")],
    facets: &[("kind", "kind", false)],
    order: "code",
};

fn materials(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = MATERIALS_SQL.fetch(visit.db, query, &[], |row| {
        let named = Named::under("materials", MaterialId(row.number(0)?), row.text(1)?);
        let formula = row.opt_text(5)?;
        let cells = vec![
            named.cell(),
            Cell::Text(words.t(&format!("choice-kind-{}", row.text(2)?))),
            Cell::Text(row.text(3)?),
            Cell::Text(row.text(4)?),
            formula.map_or(Cell::Blank, |formula| Cell::Markup(format::formula(&formula))),
        ];
        Ok(Row { href: Some(named.url), id: None, cells })
    })?;
    let t = |key: &str| words.t(key);
    let columns = vec![
        Column::text("code", t("field-code")).sortable(),
        Column::text("kind", t("field-kind")).sortable(),
        Column::text("name", t("field-en")).sortable(),
        Column::text("name_zh", t("field-zh")),
        Column::text("formula", t("field-formula")),
    ];
    let plain = Table::plain("materials", t("list-materials"), columns, rows);
    Ok(listed(words, "materials", query, total, plain))
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MaterialPage {
    /// The material.
    pub material: Named,
    /// Where in the way from ore to product it stands.
    pub kind: String,
    /// Its names.
    pub names: kernel::Names,
    /// Its formula.
    pub formula: Option<String>,
    /// How many lots of it there have been.
    pub lots: u64,
    /// How many are in stock.
    pub in_stock: u64,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let material: MaterialId = visit.id("material")?;
    let page = load(visit.db, material)?.ok_or_else(|| Miss::NoSuch(material.to_string()))?;
    let view = View::new(page.material.label.clone(), page.render(visit.words), &page);
    Ok(view.under(Link::new(visit.words.t("list-materials"), "/materials")))
}

fn load(db: &mut Db, material: MaterialId) -> Result<Option<MaterialPage>, StoreError> {
    db.maybe(MATERIAL_SHOWN, params![material.number()], |row| {
        Ok(MaterialPage {
            material: Named::under("materials", material, row.text(0)?),
            kind: row.text(1)?,
            names: kernel::Names { en: row.text(2)?, zh: row.text(3)? },
            formula: row.opt_text(4)?,
            lots: row.number(5)?,
            in_stock: row.number(6)?,
        })
    })
}

impl ui::gallery::View for MaterialPage {
    fn render(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let head = RecordHead {
            kind: t("kind-material"),
            name: format!("{} · {}", self.material.label, words.pick(&self.names.en, &self.names.zh)),
            badges: vec![],
            action: None,
            others: vec![],
            path: self.material.url.clone(),
            tab: RecordTab::Overview,
        };
        let lots = |count: u64, state: &str| {
            let href = format!("/lots?material={}{state}", self.material.record);
            html! { (Link::new(count.to_string(), href)) }
        };
        let mut pairs = vec![
            (t("field-kind"), html! { (t(&format!("choice-kind-{}", self.kind))) }),
            (t("field-en"), html! { (self.names.en) }),
            (t("field-zh"), html! { (self.names.zh) }),
        ];
        pairs.extend(self.formula.as_ref().map(|formula| (t("field-formula"), format::formula(formula))));
        pairs.push((t("list-lots"), lots(self.lots, "")));
        pairs.push((t("choice-state-in-stock"), lots(self.in_stock, "&state=in-stock")));
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.clone()));
        html! { (head.render(words)) (facts(pairs)) }
    }
}

impl Sample for MaterialPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let page = MaterialPage {
            material: Named::under("materials", MaterialId(12), "MNS-B"),
            kind: "product".into(),
            names: kernel::Names {
                en: "Manganese sulphate, battery grade".into(),
                zh: "电池级硫酸锰".into(),
            },
            formula: Some("MnSO4·H2O".into()),
            lots: 60,
            in_stock: 12,
        };
        vec![("product", page)]
    }
}
