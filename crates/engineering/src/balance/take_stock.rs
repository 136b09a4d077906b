//! Take stock: what a node held at the beginning and at the end of the period.

use kernel::{BalanceId, Code, Edge, EdgeRole, MeasurementId, Ref, Role};
use measure::{Decimal, Unit};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::BalanceRefused;
use super::settle::{Stock, Weight};
use crate::flowsheet::Definition;
use crate::flowsheet::rules::FLOW;

/// Take stock of nodes at both ends of the period.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeStock {
    /// The balance.
    pub balance: BalanceId,
    /// One line for each node and quantity.
    pub lines: Vec<StockLine>,
}

/// Stock of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockLine {
    /// The node.
    pub node: Code,
    /// Of what: `flow` for dry mass, or a component as the mass of it.
    pub of: Code,
    /// At the beginning.
    #[schema(value_type = String)]
    pub opening: Decimal,
    /// At the end.
    #[schema(value_type = String)]
    pub closing: Decimal,
    /// In which unit of mass.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// Standard deviation of each of the two.
    #[schema(value_type = String)]
    pub sd: Decimal,
    /// Where that comes from.
    pub weight: Weight,
    /// Survey, dip or count it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Code>,
}

impl Command for TakeStock {
    const NAME: &'static str = "balance.take_stock";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
    const EXAMPLE: &'static str = r#"{"balance":"balance-72","lines":[{"node":"leach","of":"flow",
        "opening":"42.0","closing":"38.5","unit":"t","sd":"0.8","weight":"stated",
        "reading":"SURVEY-0831"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, version) = rows::open_one(db, self.balance)?;
        let mut stocks = Vec::new();
        for line in &self.lines {
            let id = MeasurementId::next(cx.numbers);
            let mut stock = decide(&version.definition, line, id)?;
            stock.replaces = rows::current(db, balance.id, "stock", &stock.node, &stock.of)?;
            stocks.push(stock);
        }
        if stocks.is_empty() {
            return Err(BalanceRefused::NothingMeasured(balance.id).into());
        }
        Ok(Facts::one(StockTaken { balance: balance.id, stocks }))
    }
}

fn decide(definition: &Definition, line: &StockLine, id: MeasurementId) -> Result<Stock, BalanceRefused> {
    let of = format!("{} {}", line.node, line.of);
    if definition.node(line.node.as_str()).is_none() {
        return Err(BalanceRefused::Unknown(line.node.to_string()));
    }
    if definition.unit_of(line.of.as_str()).is_none() {
        return Err(BalanceRefused::Unknown(line.of.to_string()));
    }
    let wrong = |why: String| BalanceRefused::Figure { of: of.clone(), why };
    if line.opening < Decimal::ZERO || line.closing < Decimal::ZERO {
        return Err(wrong("stock is never below zero".to_owned()));
    }
    if line.sd <= Decimal::ZERO {
        return Err(BalanceRefused::NoWeight(of));
    }
    let convert =
        |number| Unit::convert(number, line.unit, definition.unit).map_err(|why| wrong(why.to_string()));
    let sd = measure::uncertainty::combine_sum(&[line.sd, line.sd]).map_err(|why| wrong(why.to_string()))?;
    Ok(Stock {
        id,
        node: line.node.to_string(),
        of: line.of.to_string(),
        opening: line.opening,
        closing: line.closing,
        unit: line.unit,
        change: convert(line.closing - line.opening)?,
        sd: convert(sd)?,
        weight: line.weight,
        reading: line.reading.as_ref().map(ToString::to_string),
        replaces: None,
    })
}

/// Stock was taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockTaken {
    /// For which balance.
    pub balance: BalanceId,
    /// What was found.
    pub stocks: Vec<Stock>,
}

impl Fact for StockTaken {
    const KIND: &'static str = "balance.stock_taken";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.balance.into()).chain(self.stocks.iter().map(|s| Ref::from(s.id))).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let replaced = self.stocks.iter().filter_map(|stock| {
            stock.replaces.map(|earlier| Edge::new(earlier, stock.id, EdgeRole::Supersedes))
        });
        replaced.collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        for stock in &self.stocks {
            rows::put_stock(db, self.balance, stock, applied)?;
        }
        match self.stocks.first() {
            Some(first) => rows::outdate(db, self.balance, first.id.into(), applied.at),
            None => Ok(()),
        }
    }

    fn samples() -> Vec<Self> {
        let issued = crate::flowsheet::issue_version::FlowsheetVersionIssued::samples();
        let command = serde_json::from_str::<TakeStock>(TakeStock::EXAMPLE);
        let (Some(issued), Ok(command)) = (issued.first(), command) else { return Vec::new() };
        let lines = command.lines.iter().zip(85..);
        let stocks =
            lines.filter_map(|(line, id)| decide(&issued.version.definition, line, MeasurementId(id)).ok());
        vec![StockTaken { balance: command.balance, stocks: stocks.collect() }]
    }
}

/// Whether a stock-take is of mass rather than of a component.
impl Stock {
    /// Of the flow itself.
    pub fn is_mass(&self) -> bool {
        self.of == FLOW
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;

    #[test]
    fn stock_changes_by_closing_less_opening_with_both_uncertainties() {
        let taken = StockTaken::samples().remove(0).stocks.remove(0);
        assert_eq!(taken.change.to_string(), "-3.5");
        assert_eq!(crate::solve::text::rounded(taken.sd, 3).to_string(), "1.131");
        let issued = crate::flowsheet::issue_version::FlowsheetVersionIssued::samples().remove(0);
        let line = |edit: fn(&mut StockLine)| {
            let mut line = serde_json::from_str::<TakeStock>(TakeStock::EXAMPLE).unwrap().lines.remove(0);
            edit(&mut line);
            decide(&issued.version.definition, &line, MeasurementId(1)).unwrap_err().refusal().code
        };
        assert_eq!(line(|l| l.opening = Decimal::NEGATIVE_ONE), "balance-figure");
        assert_eq!(line(|l| l.sd = Decimal::ZERO), "balance-no-weight");
        assert_eq!(line(|l| l.unit = Unit::Percent), "balance-figure");
        assert_eq!(line(|l| l.node = Code::parse("tank").unwrap()), "balance-unknown");
    }
}
