//! What a certificate says the lot weighs.

use measure::Decimal;
use publish::certificate::CertificateDocument;
use store::{Db, Stop, StoreError};

use super::issue::Order;
use super::rows;
use super::rules::CertificateRefused;
use super::said::Given;
use crate::view_rows::{self, Lot};

/// The least that is certified, kg: a gram. What is less is a slip of the unit, or prints as nothing.
const LEAST_KG: Decimal = Decimal::from_parts(1, 0, 0, false, 3);
/// Packaging weighs no more than what is in it and this, kg.
const PACKAGING_KG: Decimal = Decimal::from_parts(100, 0, 0, false, 0);

/// The masses of a certificate, kg.
pub(super) struct Stated {
    /// Net, as received.
    pub net: Decimal,
    /// Dry, where the net mass is that of the lot as it is.
    pub dry: Option<Decimal>,
}

/// What is stated, where it can be the lot's. Unsaid, the net mass is what there is of the lot, or all that
/// the customer got where nothing is left; in a revision, that and what the customer got since the first
/// issue, or what the revision before it said. `delivered` is what the customer ever got of it as parts, kg.
pub(super) fn stated(db: &mut Db, order: &Order, lot: &Lot, delivered: Decimal) -> Result<Stated, Stop> {
    let own = lot.kg_wet.unwrap_or_default();
    let (unsaid, most) = match &order.replaces {
        None => (if own < LEAST_KG { delivered } else { own }, own + delivered),
        Some((old, _)) => {
            let first = rows::first_of_series(db, old.series)?;
            let now = own + view_rows::delivered(db, lot.id, order.customer, first)?;
            let document = CertificateDocument::parse(old.document.as_bytes());
            let before = document.map_err(|why| StoreError::stored(old.id, why))?.lot.net_kg;
            let before: Decimal = before.parse().map_err(|why| StoreError::stored(old.id, why))?;
            let ever = lot.first_kg_wet.unwrap_or_default().max(own + delivered).max(before);
            (if now < LEAST_KG { before } else { now }, ever)
        }
    };
    let net = order.given.net_kg.unwrap_or(unsaid);
    fit(&order.given, net, most)?;
    let dry = lot.kg_dry.filter(|_| order.given.net_kg.is_none() && net == own);
    Ok(Stated { net, dry })
}

/// The masses and packages that are stated are those of something, to the milligram at most, and of no more
/// than the lot ever was.
fn fit(given: &Given, net: Decimal, most: Decimal) -> Result<(), CertificateRefused> {
    let wrong = |field, value: Decimal, most: Option<Decimal>| {
        let most = most.map_or_else(|| "none".to_owned(), |kg| kg.normalize().to_string());
        Err(CertificateRefused::Mass { field, value: value.normalize().to_string(), most })
    };
    let no_mass = |kg: Decimal| kg < LEAST_KG || kg.normalize().scale() > materials::quantity::DECIMALS;
    if no_mass(net) || net > most {
        return wrong("net_kg", net, Some(most));
    }
    let heaviest = net + net + PACKAGING_KG;
    if let Some(gross) = given.gross_kg.filter(|kg| no_mass(*kg) || *kg < net || *kg > heaviest) {
        return wrong("gross_kg", gross, None);
    }
    match given.packages {
        Some(count) if count.0 == 0 => wrong("packages", Decimal::ZERO, None),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mass_is_that_of_something_and_of_no_more_than_the_lot() {
        let table = [
            ("24000", None, None, ""),
            ("0.001", None, None, ""),
            ("23980.5", Some("24180"), Some(24), ""),
            ("1", Some("101"), Some(1), ""),
            ("0.0009", None, None, "net_kg"),
            ("0.0000001", None, None, "net_kg"),
            ("12.0000001", None, None, "net_kg"),
            ("0", None, None, "net_kg"),
            ("-5", None, None, "net_kg"),
            ("24000.001", None, None, "net_kg"),
            ("24000", Some("23999"), None, "gross_kg"),
            ("24000", Some("24180000"), None, "gross_kg"),
            ("0.001", Some("0.0011234567"), None, "gross_kg"),
            ("24000", None, Some(0), "packages"),
        ];
        for (net, gross, packages, expected) in table {
            let given = Given {
                gross_kg: gross.map(|kg| kg.parse().unwrap()),
                packages: packages.map(crate::given::Count),
                ..Given::default()
            };
            let found = match fit(&given, net.parse().unwrap(), Decimal::from(24000)) {
                Err(CertificateRefused::Mass { field, .. }) => field,
                _ => "",
            };
            assert_eq!(found, expected, "{net} {gross:?} {packages:?}");
        }
    }
}
