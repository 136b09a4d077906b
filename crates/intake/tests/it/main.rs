//! The crate as others use it: real files against their keys, mappings written from the manual, hostile
//! input, and the manual against the parser.

#![allow(clippy::unwrap_used)]

mod field_faults;
mod foreign;
mod hostile;
mod keys;
mod manual;
mod mappings;
mod outsider;
mod sheets;
mod spectrometers;
mod workbooks;
mod workbooks_legacy;
