//! What a number on a certificate is, and the arithmetic a laboratory may do with it.
//!
//! A reported value is a [`Qualifier`], the digits exactly as reported ([`DecimalText`]), a [`Unit`], a
//! [`Basis`] and perhaps an [`Uncertainty`]; together they are a [`Reported`]. Qualifiers are never turned
//! into numbers, digits are never re-typed, and a unit is never left out. Everything reported or judged is
//! decimal arithmetic; there are no floats in results.
//!
//! Values enter through [`text`], are converted by [`Unit::convert`] and [`convert_basis`], rounded once by
//! [`rounding`], and judged against a [`Limit`](judgement::Limit) by [`judgement`]. [`chemistry`] turns
//! elements into oxides from atomic weights, [`rare_earth`] knows what TREO means in which version,
//! [`reporting`] says `<LOQ` where a method cannot give a number, [`censored`] adds values of which some are
//! so, [`agreement`] compares two of them, [`uncertainty`] carries the doubt along, [`MassTriple`] keeps wet
//! mass, moisture and dry mass together, and [`plausibility`] warns.
//!
//! The crate is pure: no input or output, no clock, no randomness.

pub mod agreement;
mod basis;
pub mod censored;
pub mod chemistry;
mod decimal_text;
pub mod judgement;
mod mass;
mod named;
pub mod plausibility;
mod qualifier;
pub mod rare_earth;
mod reported;
pub mod reporting;
pub mod rounding;
mod scale;
pub mod text;
pub mod uncertainty;
mod unit;

pub use basis::{Basis, BasisError, convert_basis};
pub use chemistry::{Analyte, Element, Formula};
pub use decimal_text::{DecimalError, DecimalText};
pub use judgement::{Bound, Comparison, DecisionRule, Judgement, JudgementRule, Limit, Verdict, judge};
pub use mass::{MassError, MassTriple};
pub use named::NotAName;
pub use qualifier::Qualifier;
pub use reported::{Reported, ReportedError};
pub use reporting::{Limits, ReportingRule};
pub use rounding::{Places, RoundedText, RoundingRule, round};
pub use rust_decimal::Decimal;
pub use text::{NumberFormat, TextError, Token};
pub use uncertainty::Uncertainty;
pub use unit::{Dimension, Unit, UnitError};
