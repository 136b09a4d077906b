//! The crate as others use it: real files against their keys, mappings written from the manual, hostile
//! input, and the manual against the parser.

#![allow(clippy::unwrap_used)]

mod faults;
mod field_faults;
mod foreign;
mod hostile;
mod keys;
mod manual;
mod mappings;
mod misread;
mod near_miss;
mod outsider;
mod sheets;
mod silent;
mod spectrometers;
mod workbooks;
mod workbooks_legacy;
