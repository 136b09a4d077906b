//! A balance's figures as the solver takes them.

use ::balance as contract;
use ::balance::Given;
use contract::{Component, Inventory, Measurement, Name, Of, Options};
use measure::{Decimal, Unit};

use super::text::float;
use super::{Robust, Settings};
use crate::balance::{Measured, Stock};
use crate::flowsheet::Definition;
use crate::given::Sign;

/// Everything a reconciliation looks at.
#[derive(Debug, Clone)]
pub struct Case {
    /// The flowsheet.
    pub definition: Definition,
    /// The figures of streams that stand now.
    pub measured: Vec<Measured>,
    /// Stock-takes that stand now.
    pub stocks: Vec<Stock>,
}

impl Case {
    /// The figure of a quantity, if there is one.
    pub fn measured(&self, stream: &str, of: &str) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.stream == stream && measured.of == of)
    }

    /// What a node gained of the flow or a component; nothing where no stock was taken.
    pub fn gain(&self, node: &str, of: &str) -> Option<&Stock> {
        self.stocks.iter().find(|stock| stock.node == node && stock.of == of)
    }

    /// The mass of a component in one unit of flow where its share, and those of what it is a share of, are 1
    /// in their units: 0.01 for %, 0.0001 for % of the solids in %.
    pub fn share_unit(&self, of: &str) -> Decimal {
        let unit = |of: &str| {
            let unit = self.definition.unit_of(of);
            let unit = unit.filter(|unit| unit.dimension() == measure::Dimension::Fraction);
            unit.and_then(|unit| Unit::convert(Decimal::ONE, unit, Unit::One).ok()).unwrap_or(Decimal::ONE)
        };
        self.definition.chain(of).into_iter().map(unit).product()
    }
}

/// The solver's input.
pub fn given(case: &Case, settings: &Settings) -> Given {
    let name = |code: &kernel::Code| Name(code.to_string());
    let definition = &case.definition;
    let streams = definition.streams.iter().map(|stream| contract::Stream {
        name: name(&stream.name),
        from: stream.from.as_ref().map(name),
        to: stream.to.as_ref().map(name),
    });
    let components = definition.components.iter().map(|part| Component {
        conserves: !part.reacts.0,
        except: part.except.iter().map(Name::from).collect(),
        of: part.of.as_ref().map(name),
        ..Component::named(name(&part.name))
    });
    let inventory = case.stocks.iter().map(|stock| {
        let unit = if stock.is_mass() { Decimal::ONE } else { case.share_unit(&stock.of) };
        let scale = float(unit);
        Inventory {
            node: Name(stock.node.clone()),
            of: Of::from(stock.of.as_str()),
            change: float(stock.change) / scale,
            sd: Some(float(stock.sd) / scale),
        }
    });
    let mut given = Given {
        streams: streams.collect(),
        components: components.collect(),
        inventory: inventory.collect(),
        measurements: case.measured.iter().map(measurement).collect(),
        options: Options {
            confidence: float(settings.confidence),
            robust: match settings.robust {
                Robust::None => contract::Robust::None,
                Robust::Huber => contract::Robust::Huber,
                Robust::ContaminatedNormal => contract::Robust::ContaminatedNormal,
            },
            eliminate: settings.eliminate,
            ..Options::default()
        },
        ..Given::default()
    };
    definition.state(&mut given);
    given
}

fn measurement(measured: &Measured) -> Measurement {
    let value = float(measured.value);
    let empty = Measurement {
        stream: Name(measured.stream.clone()),
        of: Of::from(measured.of.as_str()),
        value: None,
        sd: None,
        below: None,
        above: None,
    };
    match measured.given.sign {
        Sign::Equal => Measurement { value: Some(value), sd: measured.sd.map(float), ..empty },
        Sign::Below => Measurement { below: Some(value), ..empty },
        Sign::Above => Measurement { above: Some(value), ..empty },
    }
}

/// The case without one figure: what if it were removed?
#[must_use]
pub fn without(case: &Case, stream: &str, of: &str) -> Case {
    let mut less = case.clone();
    less.measured.retain(|measured| measured.stream != stream || measured.of != of);
    less
}
